from __future__ import annotations

from typing import Any

import pytest
from tests.detectors.made_people import ANNA, SHARE, drive, files, logons, mail, requests

from vedette.events.batch import EventBatch
from vedette.features.person_day import USUAL, PersonDay
from vedette.testing.rows import rows_of


def row(*batches: EventBatch) -> dict[str, Any]:
    """Return the one row of some events."""
    (told,) = rows_of(PersonDay, *batches).to_dicts()
    return told


def test_hours_are_counted_by_quarter_of_the_day_and_once() -> None:
    told = row(logons(ANNA, [2.1, 2.9, 5.5, 7, 13, 23]))
    assert [told[q] for q in ("night", "morning", "afternoon", "evening", "weekend")] == [2, 1, 1, 1, 0]
    assert told["hours"] == [2, 5, 7, 13, 23]
    assert row(logons(ANNA, [24 * 5 + 9, 24 * 5 + 10]))["weekend"] == 2  # a Saturday


def test_an_open_browser_and_files_that_are_read_are_no_hands() -> None:
    assert row(requests(ANNA, 3, "www.indeed.com"), files(ANNA, 4, [f"{SHARE}\\a.docx"]))["hours"] == []


@pytest.mark.parametrize(
    ("path", "copied"),
    [
        ("E:\\a.docx", 1),
        ("/media/anna/STICK/a.pdf", 1),
        ("/Volumes/STICK/a.pdf", 1),
        ("C:\\Users\\anna\\a.docx", 0),
        ("\\\\files\\plans\\a.docx", 0),
        ("E:\\pagefile.tmp", 0),
    ],
)
def test_documents_on_other_drives_are_copies(path: str, copied: int) -> None:
    told = row(logons(ANNA, [9]), files(ANNA, 9, [path, path], 1))
    assert told["copied"] == copied
    assert row(logons(ANNA, [9]), files(ANNA, 9, [path], 2))["copied"] == 0


def test_a_document_moved_to_a_drive_is_a_copy() -> None:
    told = row(files(ANNA, 9, ["C:\\a.docx"], 5, file_result__path="E:\\a.docx"))
    assert (told["copied"], told["files"]) == (1, 0)


def test_files_count_once_and_not_those_copied_or_deleted() -> None:
    told = row(
        files(ANNA, 9, [f"{SHARE}\\a.docx", f"{SHARE}\\a.docx", f"{SHARE}\\b.pdf", "C:\\x.dll"]),
        files(ANNA, 9, [f"{SHARE}\\c.docx"] * 3, 4),
    )
    assert (told["files"], told["deleted"]) == (2, 3)
    assert told["places"] == ["\\\\files\\plans\\north"]


def test_drives_mail_and_sites_are_counted() -> None:
    told = row(
        drive(ANNA, 9),
        mail(ANNA, 9, ["x@customer.example"], 1000),
        mail(ANNA, 9, ["me@gmail.com"], 500),
        mail(ANNA, 9, ["ben@corp.example"] * 40),
        requests(ANNA, 9, "www.dropbox.com", 2, 300),
        requests(ANNA, 9, "wikileaks.org", 3),
        requests(ANNA, 9, "www.indeed.com", 4),
        requests(ANNA, 9, "news.example", 50, 900),
    )
    wanted = {
        "media": 1,
        "outside": 2,
        "mailed": 1500,
        "home": 500,
        "recipients": 40,
        "uploaded": 600,
        "leaks": 3,
        "jobs": 4,
        "domains": ["customer.example", "gmail.com"],
        "sites": ["wikileaks.org", "www.dropbox.com", "www.indeed.com"],
    }
    assert {k: told[k] for k in wanted} == wanted


def test_programs_are_what_is_fetched_or_put_on_a_drive() -> None:
    told = row(requests(ANNA, 9, "tools.example", 2, path="/k.exe"), files(ANNA, 9, ["E:\\k.exe", "C:\\own.exe"], 1))
    assert told["fetched"] == ["E:\\k.exe", "tools.example/k.exe"]
    assert told["programs"] == 2


def test_one_person_whatever_the_log_calls_it() -> None:
    rows = rows_of(PersonDay, logons("CORP\\Anna.Berg", [9], "PC-1"), mail("Anna.Berg", 10, ["a@b.example"]))
    assert rows["person"].to_list() == [ANNA]
    assert rows["at"].to_list() == [["pc-1"]]


def test_every_number_has_a_place_to_begin() -> None:
    schema = PersonDay().schema()
    assert all(schema[f].is_numeric() for f in USUAL)
    assert set(USUAL) == set(PersonDay.normal.numbers if PersonDay.normal else ())
