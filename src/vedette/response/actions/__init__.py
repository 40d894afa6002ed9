"""What can be done about an incident: one file per action."""
