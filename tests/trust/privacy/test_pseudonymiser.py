from __future__ import annotations

import polars as pl
import pytest

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.testing.events import random_events
from vedette.testing.identity import told
from vedette.trust.privacy.pseudonymiser import WITHHELD, Pseudonymiser
from vedette.trust.privacy.tokens import TOKEN

KEY = bytes(range(32))


def test_columns_and_texts() -> None:
    rows: list[dict[str, object]] = [
        {
            "at": 0,
            "status_id": 1,
            "user.name": "alice.miller",
            "user.uid": "S-1-5-21-1-2-3-1104",
            "user.domain": "CORP",
        },
        {
            "at": 1,
            "message": "alice.miller opened CORP\\bob",
            "unmapped.SubjectUserName": "bob",
            "raw_data": "alice.miller",
        },
        {"at": 2, "user.name": "SYSTEM", "src_endpoint.hostname": "alice.miller-PC"},
    ]
    made = Pseudonymiser(KEY)
    frame = made.hidden(told(EventClass.AUTHENTICATION, rows)).frame
    whole = frame.write_csv()
    assert "miller" not in whole
    assert "bob" not in whole
    assert "1104" not in whole
    assert frame["user.name"].to_list()[2] == "SYSTEM"
    assert frame["raw_data"].to_list() == [None, WITHHELD, None]
    assert set(made.taken().values()) == {"alice.miller", "bob", "S-1-5-21-1-2-3-1104"}


def test_names_of_refused_logons_are_no_words_to_look_for() -> None:
    made = Pseudonymiser(KEY)
    made.hidden(told(EventClass.AUTHENTICATION, [{"at": 0, "status_id": 2, "user.name": "invoke"}]))
    frame = made.hidden(told(EventClass.PROCESS_ACTIVITY, [{"at": 0, "process.cmd_line": "invoke the thing"}])).frame
    assert frame["process.cmd_line"].to_list() == ["invoke the thing"]


def test_lists() -> None:
    rows: list[dict[str, object]] = [
        {"at": 0, "email.to": ["alice@corp.example", "bob@corp.example"], "email.from": "eve@evil.example"},
        {"at": 1, "email.to": None},
        {"at": 2, "email.to": []},
    ]
    frame = Pseudonymiser(KEY, ("corp.example",)).hidden(told(EventClass.EMAIL_ACTIVITY, rows)).frame
    first, second, third = frame["email.to"].to_list()
    assert [TOKEN.fullmatch(a.partition("@")[0]) is not None for a in first] == [True, True]
    assert (second, third) == (None, [])
    assert frame["email.from"].to_list()[0] == "eve@evil.example"


@pytest.mark.parametrize("kind", list(EventClass), ids=lambda k: k.name)
def test_every_class_keeps_its_form(kind: EventClass) -> None:
    batch = random_events(kind, n=120, seed=3)
    hidden = Pseudonymiser(KEY).hidden(batch)
    assert hidden.frame.schema == batch.frame.schema
    assert hidden.records == batch.records
    for column in batch.frame.columns:
        assert hidden.frame[column].is_null().equals(batch.frame[column].is_null()), column


def test_names_and_tokens_are_one_to_one() -> None:
    names = [f"person{n}" for n in range(2_000)] + [f"Person{n}" for n in range(2_000)]
    batch = EventBatch(
        EventClass.AUTHENTICATION,
        pl.DataFrame(
            {"time": [told(EventClass.AUTHENTICATION, [{"at": 0}]).frame["time"][0]] * 4_000, "user.name": names}
        ),
    )
    assert Pseudonymiser(KEY).hidden(batch).frame["user.name"].n_unique() == 4_000
