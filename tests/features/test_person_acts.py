from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from tests.detectors.made_people import ANNA, drive, events, files, logons, mail, requests

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.features.person_acts import (
    CREATE,
    DELETE,
    ENCRYPT,
    LOGON,
    MAIL,
    MEDIUM,
    OPEN,
    READ,
    REQUEST,
    UPDATE,
    acts,
    person,
)
from vedette.features.person_day import PersonDay


def told(batch: EventBatch) -> list[dict[str, Any]]:
    """Return the acts of a batch as dicts."""
    return (
        acts(PersonDay.take(batch)).select("person", "act", "thing", "file.size", "count", "home").collect().to_dicts()
    )


@pytest.mark.parametrize(
    ("account", "who"),
    [
        ("CORP\\Anna.Berg", "anna.berg"),
        ("anna.berg@corp.example", "anna.berg"),
        ("corp/anna.berg", "anna.berg"),
        ("PC7$", None),
        ("NT AUTHORITY\\SYSTEM", None),
        ("DWM-3", None),
        ("-", None),
        ("", None),
        (None, None),
        ("root", "root"),
    ],
)
def test_an_account_is_a_person_or_nobody(account: str | None, who: str | None) -> None:
    frame = pl.DataFrame({"a": pl.Series([account], dtype=pl.String)})
    assert frame.select(person(pl.col("a"))).item() == who


def test_every_log_tells_the_same_kind_of_thing() -> None:
    assert told(logons(ANNA, [9], "pc-1"))[0] | {"file.size": None} == {
        "person": ANNA,
        "act": LOGON,
        "thing": "pc-1",
        "file.size": None,
        "count": None,
        "home": False,
    }
    assert [(a["act"], a["thing"]) for a in told(drive(ANNA, 9))] == [(MEDIUM, "4C53")]
    assert [(a["act"], a["thing"], a["file.size"]) for a in told(requests(ANNA, 9, "a.example", 1, 70))] == [
        (REQUEST, "a.example", 70)
    ]
    assert [(a["act"], a["thing"]) for a in told(files(ANNA, 9, ["x.pdf"], DELETE))] == [(DELETE, "x.pdf")]


@pytest.mark.parametrize("kind", [3, 4, 5, 8])
def test_logons_over_the_network_and_of_services_are_nobodys_hands(kind: int) -> None:
    assert told(logons(ANNA, [9], logon_type_id=kind)) == []


def test_what_failed_did_not_happen() -> None:
    assert told(logons(ANNA, [9], status_id=2)) == []
    assert told(files(ANNA, 9, ["x.pdf"], status_id=2)) == []


def test_a_mail_goes_to_the_domains_outside() -> None:
    (one,) = told(mail(ANNA, 9, ["ben@corp.example", "Me <me@GMAIL.com>", "x@b.example", "y@b.example"], 500))
    assert one == {
        "person": ANNA,
        "act": MAIL,
        "thing": "b.example gmail.com",
        "file.size": 500,
        "count": 4,
        "home": True,
    }
    (inside,) = told(mail(ANNA, 9, ["ben@corp.example"]))
    assert (inside["thing"], inside["home"]) == ("", False)


def test_mail_that_came_is_nobodys_act() -> None:
    row = {"at": 9, "email__from": "news@shop.example", "email__to": [f"{ANNA}@corp.example"]}
    kind = EventClass.EMAIL_ACTIVITY
    assert told(events(kind, [row], direction_id=1)) == []
    assert told(events(kind, [{**row, "vedette__received": ["from mx.shop.example by mail.corp.example"]}])) == []
    assert [a["person"] for a in told(events(kind, [row]))] == [
        "news"
    ]  # without a way and a path: a copy of what was sent


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ("FileDownloaded", READ),
        ("FileUploaded", CREATE),
        ("FileRecycled", DELETE),
        ("FileDeletedFirstStageRecycleBin", DELETE),
        ("SharingSet", None),
    ],
)
def test_file_services_say_it_in_words_of_their_own(said: str, act: int | None) -> None:
    row = {
        "at": 9,
        "actor__user__email_addr": f"{ANNA}@corp.example",
        "vedette__operation": said,
        "file__name": "a.docx",
    }
    assert [a["act"] for a in told(events(EventClass.FILE_HOSTING, [row]))] == ([] if act is None else [act])


def test_windows_says_drives_in_an_event_of_its_own() -> None:
    row = {
        "at": 9,
        "metadata__event_code": "6416",
        "unmapped.SubjectUserName": "Anna.Berg",
        "unmapped.ClassName": "DiskDrive",
        "unmapped.DeviceId": "USBSTOR\\7",
    }
    other = {**row, "unmapped.ClassName": "Keyboard"}
    assert [(a["person"], a["act"], a["thing"]) for a in told(events(EventClass.EVENT_LOG, [row, other]))] == [
        (ANNA, MEDIUM, "USBSTOR\\7")
    ]


def test_a_share_is_a_path() -> None:
    row = {"at": 9, "actor__user__name": ANNA, "share": "\\\\files\\plans", "file__name": "north\\a.docx"}
    pipe = {**row, "share_type": "pipe"}
    assert [(a["act"], a["thing"]) for a in told(events(EventClass.SMB_ACTIVITY, [row, pipe]))] == [
        (OPEN, "\\\\files\\plans\\north\\a.docx")
    ]


def test_encryption_is_an_act_of_files() -> None:
    assert told(files(ANNA, 9, ["a.docx"], ENCRYPT))[0]["act"] == ENCRYPT


@pytest.mark.parametrize(
    ("mask", "act"), [("0x1", OPEN), ("0x2", UPDATE), ("0x6", UPDATE), ("0x10080", DELETE), ("?", OPEN), (None, OPEN)]
)
def test_windows_says_what_an_open_file_was_used_for(mask: str | None, act: int) -> None:
    row = {
        "at": 9,
        "actor__user__name": ANNA,
        "activity_id": OPEN,
        "file__path": "E:\\a.docx",
        "unmapped.AccessMask": mask,
    }
    assert [a["act"] for a in told(events(EventClass.FILE_ACTIVITY, [row]))] == [act]
