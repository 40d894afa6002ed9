"""Events to rows of numbers: one file per family, pure Polars expressions."""
