"""Forms of the tables over time, in ``versions``: alembic takes a store from the one to the next, never back."""

HEAD = "0001"
"""The newest form: that of ``tables``."""
VERSION_TABLE = "vedette_version"
