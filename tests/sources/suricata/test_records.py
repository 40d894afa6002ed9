"""The structs take what Suricata writes and refuse what a column could not hold."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from vedette.sources.suricata.records import Eve, Part

DECODE = msgspec.json.Decoder(Eve).decode


def record(text: str) -> Eve:
    return DECODE('{"timestamp":"t","event_type":"x"' + (text and "," + text) + "}")


def parts(kind: type[Part]) -> set[type[Part]]:
    return {sub for direct in kind.__subclasses__() for sub in (direct, *parts(direct))}


@pytest.mark.parametrize("kind", sorted(parts(Part), key=repr), ids=lambda k: k.__name__)
def test_every_field_of_every_part_may_be_absent(kind: type[Part]) -> None:
    empty: Any = msgspec.json.decode(b'{"not_ours":[{}]}', type=kind)
    values = [getattr(empty, f.name) for f in msgspec.structs.fields(kind)]
    assert all(v is None or v == msgspec.Raw() for v in values)


def test_only_time_and_type_must_be_there() -> None:
    assert record("").flow_id is None
    for text in ('{"timestamp":"t"}', '{"event_type":"x"}', "{}", "[]", "null"):
        with pytest.raises(msgspec.ValidationError):
            DECODE(text)


@pytest.mark.parametrize(
    "text",
    [
        f'"flow_id":{2**63}',
        f'"flow_id":{-(2**63) - 1}',
        '"flow_id":"7"',
        '"flow_id":1.5',
        '"flow_id":true',
        '"src_port":65536',
        '"src_port":-1',
        '"src_ip":7',
        '"flow":{"bytes_toserver":9223372036854775808}',
        '"http":"GET"',
        '"http":{"status":"200"}',
        '"dns":{"answers":{"rdata":"x"}}',
        '"alert":{"metadata":{"mitre_technique_id":["T1059",7]}}',
        '"alert":{"source":{"port":70000}}',
    ],
)
def test_what_a_column_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        record(text)


def test_what_is_just_possible_is_taken() -> None:
    found = record(f'"flow_id":{2**63 - 1},"src_port":65535,"dest_port":0,"email":{{"from":"a"}},"http":null')
    assert (found.flow_id, found.src_port, found.dest_port, found.http) == (2**63 - 1, 65_535, 0, None)
    assert found.email
    assert found.email.sender == "a"  # "from" is a word of Python's
