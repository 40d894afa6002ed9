"""Incidents to plans; a plan is data and nothing is applied without the guard."""
