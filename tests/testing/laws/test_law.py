"""A law is kept or broken, whatever a plug-in does; and the laws of every kind can fail."""

from __future__ import annotations

import pytest

from vedette.abc import Plugin
from vedette.testing.laws import Law
from vedette.testing.laws.law import has_a_plain_name, house_laws, says_what_it_is


class Plain(Plugin):
    """Does nothing."""

    name = "plain"


class Heir(Plain):
    name = "heir"


def named(name: str) -> type[Plugin]:
    return type("Named", (Plugin,), {"name": name, "__doc__": "It."})


def told(doc: str | None) -> type[Plugin]:
    return type("Told", (Plugin,), {"name": "told", "__doc__": doc})


def raising(error: BaseException) -> Law:
    def rule(_: type[Plugin]) -> None:
        raise error

    return Law("rule", Plain, rule)


@pytest.mark.parametrize("error", [AssertionError("no"), ValueError("x"), RecursionError(), NotImplementedError()])
def test_an_error_of_any_kind_breaks_a_law(error: Exception) -> None:
    law = raising(error)
    assert not law.is_kept()
    with pytest.raises(type(error)):
        law.check()


def test_an_interruption_is_no_verdict() -> None:
    with pytest.raises(KeyboardInterrupt):
        raising(KeyboardInterrupt()).is_kept()


def test_a_law_is_kept_by_what_passes_and_says_whose_it_is() -> None:
    laws = [Law(check.__name__, Plain, check) for check in house_laws()]
    assert all(law.is_kept() for law in laws)
    assert [str(law) for law in laws] == ["plain-has_a_plain_name", "plain-says_what_it_is"]


@pytest.mark.parametrize("name", ["", "Upper", "a-b", "a b", "1a", "_a", "ä", "a\n", "a.b"])
def test_names_that_are_not_plain(name: str) -> None:
    assert not Law("n", named(name), has_a_plain_name).is_kept()


@pytest.mark.parametrize("name", ["a", "port_scan", "ja4"])
def test_plain_names(name: str) -> None:
    assert Law("n", named(name), has_a_plain_name).is_kept()


@pytest.mark.parametrize("doc", [None, "", " \n", "No full stop", "No full stop\n\nHere.", "Really?"])
def test_docstrings_that_say_nothing(doc: str | None) -> None:
    assert not Law("d", told(doc), says_what_it_is).is_kept()


def test_what_a_parent_says_is_not_said_by_its_heir() -> None:
    assert not Law("d", Heir, says_what_it_is).is_kept()
    assert Law("d", told("\n    Says it.\n    More"), says_what_it_is).is_kept()
