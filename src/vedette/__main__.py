"""``python -m vedette``."""

from vedette.app.cli import main

main()
