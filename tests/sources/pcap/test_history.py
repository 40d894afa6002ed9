"""Zeek's words: against rules we state, and against what Zeek itself wrote."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import zstandard

from vedette.sources.pcap.container import Ints
from vedette.sources.pcap.history import LETTERS, NEVER, marks, tcp_states, words


def parsed(histories: list[str]) -> Ints:
    """Return the marks (n, 2, n_letters) that a history tells."""
    seen: Ints = np.full((len(histories), 2, len(LETTERS)), NEVER, np.int64)
    for row, history in enumerate(histories):
        for place, letter in enumerate(history):
            at = LETTERS.find(letter.upper())
            if at >= 0:
                cell = (row, int(letter.islower()), at)
                seen[cell] = min(seen[cell], place)
    return seen


def test_words_are_the_inverse_of_marks() -> None:
    histories = ["ShADadFf", "", "S", "Sr", "HD", "ShADTtcC"]
    assert words(parsed(histories), np.zeros(6, np.bool_)).to_list() == histories
    assert words(parsed(["d"]), np.ones(1, np.bool_)).to_list() == ["^d"]


def test_marks_keep_the_first_packet_of_each_letter() -> None:
    none = np.zeros(4, np.bool_)
    data = np.array([False, True, True, True])
    carried = [data if letter == "D" else none for letter in LETTERS]
    side, segment = np.array([0, 0, 0, 1]), np.array([0, 0, 0, 1])
    seen = marks(carried, side, segment, 2, np.array([5, 6, 7, 9]))
    at = LETTERS.index("D")
    assert (seen[0, 0, at] >> 4, seen[1, 1, at] >> 4) == (6, 9)
    assert (seen < NEVER).sum() == 2


@pytest.mark.parametrize(
    ("history", "state"),
    [
        ("ShADadFfR", "SF"),
        ("ShADadFR", "RSTO"),
        ("ShADadfRr", "RSTR"),
        ("Sa", "S0"),
        ("SDd", "OTH"),
        ("AdfR", "RSTO"),
        ("", "OTH"),
    ],
)
def test_odd_ends(history: str, state: str) -> None:
    assert tcp_states(parsed([history]), np.ones((1, 2), np.int64)).tolist() == [state]


def _connections(folder: Path) -> Iterator[dict[str, str]]:
    packed = io.BytesIO((folder / "zeek-labelled.tar.zst").read_bytes())
    with zstandard.ZstdDecompressor().stream_reader(packed) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            content = tar.extractfile(member) if "conn.log" in member.name else None
            names: list[str] = []
            for line in content.read().decode().splitlines() if content else ():
                if line.startswith("#fields"):
                    names = line.split("\t")[1:]
                elif names and not line.startswith("#"):
                    yield dict(zip(names, line.split("\t"), strict=False))


@pytest.mark.data
def test_states_agree_with_zeeks_own_logs(shared_data: Path) -> None:
    rows = [
        r for r in _connections(shared_data / "net" / "zeek-labelled") if r["proto"] == "tcp" and r["history"] != "-"
    ]
    sizes = [[int(r[name]) if r[name].isdigit() else 0 for name in ("orig_bytes", "resp_bytes")] for r in rows]
    ours = tcp_states(parsed([r["history"] for r in rows]), np.array(sizes))
    theirs = np.array([r["conn_state"] for r in rows])
    assert len(rows) > 3000
    assert (ours == theirs).mean() > 0.998
