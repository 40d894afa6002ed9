from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, WINDOWS, EventClass
from vedette.response.sinks.ocsf_json import OcsfJson
from vedette.testing.events import random_events


def encoded(kind: EventClass, **columns: list[Any]) -> list[dict[str, Any]]:
    """Return the objects that a reader of the sink's lines gets."""
    rows = len(next(iter(columns.values())))
    schema = SCHEMAS[kind]
    named = {c.replace("__", "."): values for c, values in columns.items()}
    frame = pl.DataFrame(named, schema={c: schema[c] for c in named})
    if "time" not in named:
        frame = frame.with_columns(pl.lit(1_000_000).cast(schema["time"]).alias("time"))
    data = OcsfJson().encode(EventBatch(kind, frame))
    lines = data.decode().splitlines()
    assert len(lines) == rows == OcsfJson().frames(data)
    return [orjson.loads(line) for line in lines]


def test_paths_nest_nulls_go_and_times_are_milliseconds() -> None:
    (row,) = encoded(
        EventClass.NETWORK_ACTIVITY,
        activity_id=[6],
        src_endpoint__ip=["10.0.0.5"],
        dst_endpoint__ip=[None],
        traffic__bytes_in=[7],
    )
    assert row == {
        "time": 1000,
        "activity_id": 6,
        "class_uid": 4001,
        "category_uid": 4,
        "type_uid": 400106,
        "severity_id": 0,
        "severity": "Unknown",
        "metadata": {"version": "1.8.0", "product": {"name": "Vedette"}},
        "src_endpoint": {"ip": "10.0.0.5"},
        "traffic": {"bytes_in": 7},
    }


def test_a_part_of_a_class_is_that_class() -> None:
    (row,) = encoded(EventClass.TLS_HANDSHAKE, activity_id=[1], tls__sni=["a.example"])
    assert (row["class_uid"], row["type_uid"], row["tls"]) == (4001, 400101, {"sni": "a.example"})


ANSWERS = [
    (["192.0.2.1", "a.example"], ["A", "CNAME"], [60, 5], [("192.0.2.1", "A", 60), ("a.example", "CNAME", 5)]),
    (None, None, None, []),
    ([], [], [], []),
    (["192.0.2.1", None], None, [60], [("192.0.2.1", None, 60), (None, None, None)]),
]


def test_lists_below_an_array_become_its_objects_index_by_index() -> None:
    rdata, kinds, ttls, _ = (list(column) for column in zip(*ANSWERS, strict=True))
    rows = encoded(EventClass.DNS_ACTIVITY, answers__rdata=rdata, answers__type=kinds, answers__ttl=ttls)
    got = [[(a.get("rdata"), a.get("type"), a.get("ttl")) for a in row.get("answers", [])] for row in rows]
    assert got == [want for *_, want in ANSWERS]
    assert "answers" not in rows[1]


def test_other_lists_are_plain_arrays() -> None:
    first, second, third = encoded(EventClass.EMAIL_ACTIVITY, email__to=[["a@x", 'b"@x', None], None, []])
    assert first["email"] == {"to": ["a@x", 'b"@x', None]}
    assert "email" not in second
    assert "email" not in third


def test_techniques_nest_below_their_array() -> None:
    (row,) = encoded(
        EventClass.DETECTION_FINDING,
        finding_info__attacks__technique__uid=[["T1110"]],
        finding_info__attacks__technique__name=[["Brute Force"]],
        src_endpoint__ip=["192.0.2.1"],
    )
    assert row["finding_info"]["attacks"] == [{"technique": {"uid": "T1110", "name": "Brute Force"}}]
    assert row["evidences"] == [{"src_endpoint": {"ip": "192.0.2.1"}}]


UNMAPPED = [
    ('{"a": {"b": [1, null]},\n "c": 2}', {"a": {"b": [1, None]}, "c": 2}),
    ("{}", None),
    (None, None),
    ("[1]", {"raw": "[1]"}),
    ('{"a"', {"raw": '{"a"'}),
    ('}\n{"evil":1', {"raw": '}\n{"evil":1'}),
    ('{"vedette": 1}', {"vedette_": 1}),
    ("[" * 5000, {"raw": "[" * 5000}),
    ('{"a":' * 500 + "1" + "}" * 500, {"raw": '{"a":' * 500 + "1" + "}" * 500}),
]


def test_unmapped_objects_are_inlined_and_what_is_none_is_kept_as_text() -> None:
    rows = encoded(EventClass.NETWORK_ACTIVITY, unmapped=[text for text, _ in UNMAPPED])
    assert [row.get("unmapped") for row in rows] == [want for _, want in UNMAPPED]


def test_our_own_columns_stand_beside_it() -> None:
    (row,) = encoded(EventClass.NETWORK_ACTIVITY, unmapped=['{"a":1}'], vedette__tunnel=["gre"])
    assert row["unmapped"] == {"a": 1, "vedette": {"tunnel": "gre"}}


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(), st.text()), min_size=1, max_size=5))
def test_any_text_comes_back_as_it_was_on_one_line(pairs: list[tuple[str, str]]) -> None:
    pairs = [(a.encode("utf-8", "replace").decode(), b.encode("utf-8", "replace").decode()) for a, b in pairs]
    rows = encoded(EventClass.EVENT_LOG, message=[a for a, _ in pairs], unmapped=[b for _, b in pairs])
    assert [row["message"] for row in rows] == [a for a, _ in pairs]


def test_no_rows_are_no_bytes() -> None:
    empty = random_events(EventClass.DNS_ACTIVITY, n=1)
    assert OcsfJson().encode(EventBatch(empty.kind, empty.frame.clear())) == b""


# ------------------------------------------------------------------------------------------- against the published schema

OURS = {EventClass.REJECT, EventClass.PAYMENT}
"""Classes that the published schema does not have."""

WINDOWS_EVENTS = tuple(f"events/{name}_activity" for name in ("registry_key", "registry_value", "windows_service"))
"""The classes of the extension for Windows, whose numbers others have too."""


class Ocsf:
    """The published schema: which attributes an object or a class has."""

    def __init__(self, archive: Path) -> None:
        packed = zstandard.ZstdDecompressor().stream_reader(archive.read_bytes()).read()
        with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
            files = {
                m.name: tar.extractfile(m)
                for m in tar
                if m.name.endswith(".json") and ("extensions/" not in m.name or "extensions/windows/" in m.name)
            }
            parsed = {name: json.load(body) for name, body in files.items() if body}
        self.types: dict[str, str] = {}
        self.parts: dict[str, dict[str, Any]] = {}
        for name, body in parsed.items():
            if name.endswith("dictionary.json"):
                self.types |= {a: str(d.get("type")) for a, d in body["attributes"].items()}
            elif isinstance(body, dict) and "attributes" in body and body.get("extends") != Path(name).stem:
                kind = next((k for k in ("events", "objects", "profiles") if f"{k}/" in name), "")
                self.parts[f"{kind}/{body.get('name', Path(name).stem)}"] = body

    @cache  # noqa: B019 - one instance lives as long as the tests
    def attributes(self, part: str) -> frozenset[str]:
        """Return the attributes of ``events/dns_activity`` or ``objects/dns_answer``, inherited and profiles' ones too."""
        body = self.parts[part]
        kind = part.split("/", maxsplit=1)[0]
        found = {a for a in body["attributes"] if not a.startswith("$")}
        included = [Path(p).with_suffix("").as_posix() for p in body["attributes"].get("$include", [])]
        for profile in (*included, *(f"profiles/{Path(p).stem}" for p in body.get("profiles", []))):
            found |= self.attributes(profile)
        return frozenset(found | (self.attributes(f"{kind}/{body['extends']}") if "extends" in body else set()))

    def unknown(self, value: dict[str, Any], part: str) -> Iterator[str]:
        """Yield the attributes of ``value`` that the schema does not have there."""
        for name, child in value.items():
            if name not in self.attributes(part):
                yield f"{part}.{name}"
            elif name != "unmapped" and f"objects/{self.types[name]}" in self.parts:
                children = child if isinstance(child, list) else [child]
                for one in children:
                    yield from self.unknown(one, f"objects/{self.types[name]}")

    def event(self, class_uid: int) -> str:
        """Return the part that describes a class."""
        uid = class_uid % 1000
        if class_uid // 1000 == WINDOWS:
            return next(p for p in WINDOWS_EVENTS if self.parts[p]["uid"] == uid)
        folder = {
            1: "system",
            2: "findings",
            3: "iam",
            4: "network",
            5: "discovery",
            6: "application",
            7: "remediation",
        }[class_uid // 1000]
        names = {
            p
            for p, b in self.parts.items()
            if p.startswith("events/") and b.get("uid") == uid and p not in WINDOWS_EVENTS
        }
        return next(p for p in names if self.parts[p].get("category") == folder or self._category(p) == folder)

    def _category(self, part: str) -> str | None:
        body = self.parts.get(part)
        while body and "category" not in body:
            body = self.parts.get(f"events/{body.get('extends')}")
        return body["category"] if body else None


@pytest.mark.data
@pytest.mark.parametrize("kind", sorted(set(EventClass) - OURS), ids=lambda k: EventClass(k).name)
def test_every_attribute_is_where_the_published_schema_has_it(kind: EventClass, shared_data: Path) -> None:
    ocsf = _published(shared_data.parent / "ocsf" / "ocsf-schema-1.8.0.tar.zst")
    part = ocsf.event(kind.class_uid)
    rows = OcsfJson().encode(random_events(kind, n=50)).decode().splitlines()
    assert {u for row in rows for u in ocsf.unknown(orjson.loads(row), part)} == set()


@cache
def _published(archive: Path) -> Ocsf:
    return Ocsf(archive)
