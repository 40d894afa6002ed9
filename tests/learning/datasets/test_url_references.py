from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root, load
from vedette.learning.datasets.url_references import UrlReferences
from vedette.testing.urls import write_archive, write_compressed


def test_reads_a_file_like_it(tmp_path: Path) -> None:
    attack, *others = [p for p in UrlReferences.files if "attack" in p]
    told = {"objects": [{"external_references": [{"url": "https://good.example/a"}, {"source_name": "x"}]}, {}]}
    write_compressed(tmp_path / attack, orjson.dumps(told))
    for path in others:
        write_compressed(tmp_path / path, b'{"objects": []}')
    rule = b"title: x\nreferences:\n    - https://good.example/b\nlogsource:\n    x: http://no.example/c\n"
    write_archive(tmp_path / "host/sigma/sigma-rules.tar.zst", {"r.yml": rule})
    trail = b"# Reference: https://good.example/c.\n# Reference: https://www.virustotal.com/x\nevil.example\n"
    write_archive(tmp_path / "content/ti_maltrail/maltrail_static_trails.tar.zst", {"t.txt": trail})
    rows = UrlReferences().read(tmp_path)
    assert rows.select("url.url_string", "@label", "@corpus").rows() == [
        (f"https://good.example/{x}", "benign", "references/deep") for x in "abc"
    ]


@pytest.mark.data
def test_reads_the_set() -> None:
    try:
        data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    rows = load("url_references")
    assert rows.height > 10000
    assert set(rows["@label"]) == {"benign"}
