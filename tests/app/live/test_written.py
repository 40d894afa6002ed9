from __future__ import annotations

import json

from vedette.app.live.chosen import Chosen
from vedette.app.live.written import batch_of, written
from vedette.events.batch import EventBatch
from vedette.response.sinks.ocsf_json import OcsfJson
from vedette.testing.incidents import some_incident
from vedette.testing.made import finding

MIXED = [
    Chosen(1, some_incident("i1"), 1, 1, "k1"),
    Chosen(2, finding("10.0.0.1", "10.0.0.2", "T1046"), 1, 1),
    Chosen(3, some_incident("i2"), 3, 5, "k2"),
    Chosen(4, finding("10.0.0.3", "10.0.0.4", "T1046"), 3, 5),
]


def never(chosen: Chosen) -> None:
    raise AssertionError(chosen)


def test_messages_keep_their_order_whatever_they_are_about() -> None:
    items = written(OcsfJson(), MIXED, never)
    messages = [item.message for item in items if item.message]
    rows = [json.loads(m.data) for m in messages]
    assert [(r["class_uid"], r["activity_id"], r["status_id"]) for r in rows] == [
        (2005, 1, 1),
        (2004, 1, 1),
        (2005, 3, 5),
        (2004, 3, 5),
    ]
    assert [row["metadata"]["uid"] for row in rows] == [c.thing.uid for c in MIXED]
    assert [m.key for m in messages][::2] == ["k1", "k2"]
    assert messages[0].title == "Password guessing by 198.51.100.7"
    assert [m.about for m in messages] == [c.thing.uid for c in MIXED]
    assert messages[0].at == MIXED[0].thing.last_seen.timestamp()
    assert written(OcsfJson(), [], never) == []


def test_a_finding_has_the_same_key_while_it_says_the_same() -> None:
    def key(chosen: Chosen) -> str:
        (item,) = written(OcsfJson(), [chosen], never)
        assert item.message
        return item.message.key

    first, last = MIXED[1], Chosen(9, MIXED[1].thing, 3, 5)
    assert key(first) == key(Chosen(7, first.thing, 1, 1))
    assert key(first) != key(last)


def test_what_cannot_be_written_takes_nothing_else_with_it() -> None:
    class Picky(OcsfJson):
        def encode(self, batch: EventBatch) -> bytes:
            if "i1" in batch.frame["metadata.uid"]:
                raise ValueError("a bug")
            return super().encode(batch)

    broken: list[Chosen] = []
    items = written(Picky(), MIXED, broken.append)
    assert broken == [MIXED[0]]
    assert [item.message is None for item in items] == [True, False, False, False]


def test_rows_say_what_happened() -> None:
    batch = batch_of([MIXED[0], MIXED[2]])
    assert batch.frame["activity_id"].to_list() == [1, 3]
    assert batch.frame["status_id"].to_list() == [1, 5]
