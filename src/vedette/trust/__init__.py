"""Privacy, adversarial tests, audit."""
