"""Findings to incidents: correlation, risk, story."""
