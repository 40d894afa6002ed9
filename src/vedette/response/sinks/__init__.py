"""How findings reach other systems: one file per format."""
