"""How bytes arrive: one file per transport, apart from what they are."""
