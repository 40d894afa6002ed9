"""Data sets, training, evaluation, calibration, registry."""
