from __future__ import annotations

from pathlib import Path

import maxminddb

from vedette.testing.mmdb import database


def test_maxmind_s_own_reader_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "made.mmdb"
    path.write_bytes(database({"192.0.2.0/24": {"a": {"b": "c", "n": 7}}, "198.51.100.0/23": {"x": 1.5}}))
    with maxminddb.open_database(str(path)) as reader:
        assert reader.get("192.0.2.200") == {"a": {"b": "c", "n": 7}}
        assert reader.get("198.51.101.1") == {"x": 1.5}
        assert reader.get("10.0.0.1") is None
