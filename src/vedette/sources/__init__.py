"""Bytes to events: one file (or folder) per format."""
