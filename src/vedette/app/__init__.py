"""How people run it: the only code that knows all stages."""
