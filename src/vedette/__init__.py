"""Threat detection and response for defenders who have no machine-learning staff."""

__version__ = "0.1.0"
