"""An ordinary day: who talks to whom, how often, and where it is seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from pydantic import ValidationError

from vedette.app.drill.stage import Stage

ONCE = {"start": "08:00", "until": "09:00", "count": "1"}


def ends(stage: Stage) -> Counter[tuple[str, str]]:
    """Count packets by source and destination, as dotted text."""
    return Counter((".".join(map(str, f[26:30])), ".".join(map(str, f[30:34]))) for _, f in stage.packets)


def test_each_client_picks_one_server_each_time(play: Callable[..., Stage]) -> None:
    when = {**ONCE, "count": "20"}
    stage = play(do="exchange", who="pc", to="crowd", port="443", protocol="tls", when=when)
    assert len({dst for src, dst in ends(stage) if src == "10.0.0.5"}) > 1
    assert sum(f[47] == 2 for _, f in stage.packets) == 20  # SYNs: one connection each time


@pytest.mark.parametrize(("every_one", "asked"), [("true", 5), ("false", 1)])
def test_datagrams_go_to_one_or_to_every_one(play: Callable[..., Stage], every_one: str, asked: int) -> None:
    stage = play(do="datagrams", who="pc", to="crowd", port="123", protocol="ntp", when=ONCE, every_one=every_one)
    assert len([e for e in ends(stage) if e[0] == "10.0.0.5"]) == asked


def test_mistyped_names_do_not_exist(play: Callable[..., Stage]) -> None:
    stage = play(do="mistype", who="pcs", names=["nwes.example"], when=ONCE)
    answers = [f[42:] for _, f in stage.packets if f[34:36] == b"\0\x35"]
    assert [a[3] & 15 for a in answers] == [3, 3]  # NXDOMAIN, once for each of the two


def test_neighbours_ask_everybody_and_are_told(play: Callable[..., Stage]) -> None:
    stage = play(do="neighbours", who="pcs", to="server", when=ONCE)
    assert [f[20:22] for _, f in sorted(stage.packets)] == [b"\0\1", b"\0\2"] * 2


@pytest.mark.parametrize(("who", "to"), [("branch", "server"), ("pc", "branch")])
def test_the_capture_sees_no_neighbours_at_the_branch(play: Callable[..., Stage], who: str, to: str) -> None:
    stage = play(do="neighbours", who=who, to=to, when=ONCE)
    assert not stage.packets
    assert not stage.connections


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "browse", "burst": ["5", "1"]}, "the least comes first"),
        ({"do": "browse", "size": ["-1", "1"]}, "greater than or equal to 0"),
        ({"do": "mistype", "names": []}, "at least 1 item"),
        ({"do": "mistype", "names": ["a" * 64 + ".example"]}, "pattern"),
        ({"do": "mistype", "names": ["a..example"]}, "pattern"),
        ({"do": "exchange", "to": "server", "port": "0", "protocol": "tls"}, "greater than 0"),
        ({"do": "exchange", "to": "server", "port": "1", "protocol": "gopher"}, "no such protocol 'gopher'"),
        ({"do": "datagrams", "to": "server", "port": "53", "protocol": "tls"}, "no such protocol 'tls'"),
    ],
)
def test_what_cannot_be_played_is_refused_before(
    play: Callable[..., Stage], fields: dict[str, object], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        play(who="pc", when=ONCE, **fields)
