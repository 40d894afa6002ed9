from __future__ import annotations

from random import Random

import pytest

from vedette.testing.dns_tunnels import LABEL, NAME, TOOLS, Session, seen

RAW = r"\x"


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(("up", "down"), [(1, 1), (300, 0), (4000, 8000)])
def test_sessions_are_made_of_names_that_can_be_asked(tool: str, up: int, down: int) -> None:
    of = Session(Random(1), up=up, down=down)
    made = TOOLS[tool](of)
    assert made
    for at, name, kind, answers in made:
        bare = name.replace(RAW, "").encode() if RAW not in name else b"".join(_unescaped(name))
        assert 0 <= at <= of.seconds + 100
        assert name.endswith(f".{of.domain}")
        assert len(bare) <= NAME
        assert all(0 < len(label) <= LABEL for label in bare.split(b"."))
        assert kind
        assert all(answers)


@pytest.mark.parametrize("tool", sorted(TOOLS.keys() - {"slow exfiltration", "orders in TXT"}))
def test_what_is_to_be_carried_has_room_in_the_names(tool: str) -> None:
    made = TOOLS[tool](Session(Random(1), up=4000, down=0))
    room = sum(len(name) for _, name, *_ in made)
    assert 4000 <= room <= 16 * 4000


def test_the_same_seed_makes_the_same_session() -> None:
    assert all(make(Session(Random(2))) == make(Session(Random(2))) for make in TOOLS.values())


def test_they_are_seen_in_the_order_of_time() -> None:
    batch = seen([(5.0, "b.relay.net", "A", ()), (1.0, "a.relay.net", "TXT", ("x",))], src="10.0.0.9")
    told = batch.frame.select("query.hostname", "query.type", "answers.rdata", "src_endpoint.ip").rows()
    assert told == [("a.relay.net", "TXT", ["x"], "10.0.0.9"), ("b.relay.net", "A", None, "10.0.0.9")]


def _unescaped(name: str) -> list[bytes]:
    """Return the bytes of a name in which some are escaped."""
    first, *rest = name.split(RAW)
    return [first.encode(), *(bytes([int(part[:2], 16)]) + part[2:].encode() for part in rest)]
