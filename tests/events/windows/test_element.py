"""The event's own elements."""

from __future__ import annotations

from vedette.events.windows.element import event, own_fields, plain


def test_own_fields() -> None:
    assert own_fields(None) == {}
    assert own_fields({"EventXML": {"#attributes": {"xmlns": "n"}, "listenerName": "RDP-Tcp"}}) == {
        "listenerName": "RDP-Tcp"
    }
    assert own_fields({"Data": {"#text": ["a", "b"]}}) == {"Data": "a\nb"}
    assert own_fields({"A": {"#attributes": {"x": "1"}, "#text": "v"}, "B": None}) == {"A": "v"}
    plain_ones = {"A": "b", "C": None}
    assert own_fields(plain_ones) is plain_ones
    deep: dict[str, object] = {"leaf": "v"}
    for _ in range(5_000):
        deep = {"a": deep}
    assert own_fields(deep) == {"leaf": "v"}, "however deep"


def test_plain() -> None:
    assert plain({"#attributes": {"Qualifiers": 0}, "#text": 7036}) == 7036
    assert plain({"#attributes": {}, "#text": ["a", "b"]}) == "a\nb"
    assert plain("x") == "x"


def test_event() -> None:
    taken = event([{"Event": {"System": {"EventID": 4, "Level": 2}, "EventData": {"A": "b"}}}, {"Event": "odd"}, {}])
    assert taken.texts["code"] == [4, None, None]
    assert taken.fields == [{"A": "b", "Level": 2}, {}, {}]


def test_sysmon_says_the_time_twice() -> None:
    system = {"TimeCreated": {"#attributes": {"SystemTime": "1601-01-01T00:00:00Z"}}, "EventID": 1}
    taken = event(
        [
            {"Event": {"System": system, "EventData": {"UtcTime": "2026-03-02 08:00:00.1"}}},
            {"Event": {"System": system}},
        ]
    )
    assert taken.texts["time"] == ["2026-03-02 08:00:00.1", "1601-01-01T00:00:00Z"]
