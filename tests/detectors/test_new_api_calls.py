"""New kinds of calls, against a history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.detectors.made_cloud import START, call, calls

from vedette.detectors.new_api_calls import NewApiCalls
from vedette.testing.rows import hits_of

HOURS = 60


def _history(who: tuple[str, ...] = ("bot", "web", "ada")) -> list[dict[str, Any]]:
    usual = ("GetObject", "PutObject")
    return [{**call(o, who=w), "time": START + timedelta(hours=h)} for h in range(HOURS) for w in who for o in usual]


def _after(*made: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**m, "time": START + timedelta(hours=HOURS + 1)} for m in made]


def test_what_nobody_ever_called() -> None:
    hits = hits_of(NewApiCalls, calls([*_history(), *_after(call("CreateUser", who="bot"))]))
    assert hits["principal"].to_list() == ["bot"]
    assert "bot called CreateUser, which it never did in 60 hours of work" in hits["summary"][0]


def test_what_others_do_is_not_so_strange() -> None:
    others = [{**call("CreateUser", who="web"), "time": START + timedelta(hours=h)} for h in range(5)]
    hits = hits_of(NewApiCalls, calls([*_history(), *others, *_after(call("CreateUser", who="bot"))]))
    assert "bot" not in hits["principal"].to_list()


def test_without_a_history_nothing_is_new() -> None:
    assert hits_of(NewApiCalls, calls([call(o) for o in ("CreateUser", "StopLogging")])).height == 0


def test_it_never_alerts_alone() -> None:
    assert NewApiCalls.corroborates
