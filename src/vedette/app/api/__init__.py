"""The API of a running service, and its page: what was found, what is proposed, and who may do what."""
