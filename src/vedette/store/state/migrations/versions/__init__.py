"""One file for each step; alembic finds them by itself."""
