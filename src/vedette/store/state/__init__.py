"""Findings, incidents, verdicts, tokens and places in the change feed: SQLite in a file, or PostgreSQL by URL."""
