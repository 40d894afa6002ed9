"""Labelled data sets, one file each; nothing of them is in this repository."""
