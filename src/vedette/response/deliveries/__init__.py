"""How what was found reaches other systems: one file per delivery."""
