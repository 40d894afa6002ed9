"""A model of any labelled table that somebody has: read, looked through for leaks, fitted, calibrated, written into a folder."""
