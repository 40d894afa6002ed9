"""Writes ``content/sites.npy``: hashes of much-visited registered domains, from the warning lists of the data folder.

Run it as ``python -m tools.known_sites``; the same lists give the same file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vedette.learning.data import load
from vedette.scoring.ngrams import corpus, span_hashes

TARGET = Path(__file__).parents[1] / "content" / "sites.npy"


def main() -> None:
    """Write the file."""
    rows = load("warninglist_sites")
    domains = rows.filter(rows["@corpus"] == "sites_visited/home")["@group"].unique().sort()
    text = corpus(domains)
    hashes = np.unique(span_hashes(text, text.starts[:-1] + 1, text.starts[1:] - 1))
    np.save(TARGET, hashes, allow_pickle=False)
    print(f"{len(domains):,} domains, {TARGET.stat().st_size:,} bytes: {TARGET}")


if __name__ == "__main__":
    main()
