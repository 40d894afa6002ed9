"""What Zeek says of its own accord: a notice keeps its meaning, anything else its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vedette.intel.attack import techniques
from vedette.sources.zeek.fields import Log
from vedette.sources.zeek.reports import _NOTE_TECHNIQUE, NOTICE, OTHER, WEIRD, X509

Columns = Callable[..., dict[str, Any]]
TECHNIQUE = "finding_info.attacks.technique.uid"


@pytest.mark.parametrize(
    ("note", "severity", "technique"),
    [
        ("Scan::Port_Scan", 3, ["T1046"]),
        ("SSH::Password_Guessing", 3, ["T1110.001"]),
        ("SSH::Interesting_Hostname_Login", 3, None),
        ("Scan", 3, None),
        ("CaptureLoss::Too_Much_Loss", 2, None),
        ("scan::Port_Scan", 2, None),
        ("", 2, None),
        (None, 2, None),
    ],
)
def test_a_notice_weighs_what_its_module_weighs(
    note: str | None, severity: int, technique: list[str] | None, columns: Columns
) -> None:
    found = columns(NOTICE, note=note)
    assert (found["severity_id"], found.get(TECHNIQUE)) == (severity, technique)


def test_the_techniques_exist() -> None:
    assert set(_NOTE_TECHNIQUE.values()) <= techniques().keys()


def test_who_a_notice_is_about_comes_before_whose_connection_it_was(columns: Columns) -> None:
    found = columns(NOTICE, note="X::Y", src="::1", id_orig_h="10.0.0.1", dst="10.0.0.2", id_resp_h="10.0.0.3", p=80)
    assert (found["src_endpoint.ip"], found["dst_endpoint.ip"], found["dst_endpoint.port"]) == ("::1", "10.0.0.2", 80)
    assert found["connection_info.protocol_ver_id"] == 6
    assert columns(NOTICE, id_orig_h="10.0.0.1")["src_endpoint.ip"] == "10.0.0.1"


def test_notices_that_differ_have_ids_that_differ(columns: Columns) -> None:
    cases = [{"note": "A::B"}, {"note": "A::B", "src": "10.0.0.1"}, {"note": "A::C", "src": "10.0.0.1"}]
    uids = [columns(NOTICE, **case)["finding_info.uid"] for case in cases]
    assert len(set(uids)) == 3
    assert uids[1] == columns(NOTICE, **cases[1], msg="again")["finding_info.uid"]


@pytest.mark.parametrize(
    ("log", "fields", "message", "source"),
    [
        (WEIRD, {"name": "bad_TCP_checksum"}, "bad_TCP_checksum", None),
        (WEIRD, {"name": "bad", "addl": "more", "host": "10.0.0.9"}, "bad: more", "10.0.0.9"),
        (X509, {"certificate_subject": "CN=x"}, "certificate CN=x", None),
        (X509, {"certificate_subject": None}, None, None),
        (OTHER, {"message": "hi", "id_orig_h": "10.0.0.1", "host": "10.0.0.9"}, "hi", "10.0.0.1"),
    ],
)
def test_messages(log: Log, fields: dict[str, Any], message: str | None, source: str | None, columns: Columns) -> None:
    found = columns(log, **fields)
    assert (found.get("message"), found.get("src_endpoint.ip")) == (message, source)
    assert found["log_provider"] == "zeek"
