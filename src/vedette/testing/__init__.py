"""The laws that every plug-in keeps, and fakes for users' own tests."""
