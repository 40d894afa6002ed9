"""Rows to scores and reasons: one file per detector."""
