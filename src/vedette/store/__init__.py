"""Where events and state rest."""
