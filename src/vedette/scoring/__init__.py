"""What a trained model does at run time: evidence in, margin, p-value, confidence and verdict out. No training, no registry.

Two ideas carry it. A model is a sum (``additive``), so every score comes apart into what raised and what lowered it. And a score is
worth nothing until it was compared with benign items that the model had not seen (``calibration``).
"""
