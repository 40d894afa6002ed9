from __future__ import annotations

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.learning.datasets.web_carrier import Request
from vedette.learning.datasets.web_items import made_by, rows


def test_an_item_stands_once_with_each_label() -> None:
    made = rows([Request("sqli", "/a"), Request("sqli", "/a"), Request("benign", "/a")], ["g", "h", "i"], "made")
    assert made["@label"].to_list() == ["sqli", "benign"]
    assert made["@group"].to_list() == ["g", "i"]
    assert made["metadata.sequence"].to_list() == [0, 1]
    EventBatch(EventClass.HTTP_ACTIVITY, made.select(c for c in made.columns if not c.startswith("@")))


def test_grammars_are_groups_and_corpora_and_repeat_themselves() -> None:
    grammars = {
        "one": lambda rng: Request("xss", f"/{rng.random()}"),
        "two": lambda rng: Request("benign", f"/{rng.random()}"),
    }
    first, second = made_by(grammars, 5, 1, "made"), made_by(grammars, 5, 1, "made")
    assert first.equals(second)
    assert first["@group"].unique().sort().to_list() == ["one", "two"]
    assert first["@corpus"].unique().sort().to_list() == ["made_one", "made_two"]
    assert not first.equals(made_by(grammars, 5, 2, "made"))
