"""Fraud: learned from a site's own payments as time goes on, and asked only about days that come after what was known."""
