"""The one vocabulary: OCSF classes as columns."""
