from __future__ import annotations

from random import Random

import polars as pl
import pytest

from vedette.events.batch import EventBatch
from vedette.features.dns_tunnel import DnsTunnel
from vedette.testing.dns_tunnels import Exchange, Session, dnscat2, seen
from vedette.testing.rows import rows_of

CODES = [f"{k * 0x9E3779B97F4A7C15 % 2**128:032x}" for k in range(1, 61)]


def asked(kind: str, *names: str, answer: str = "") -> list[Exchange]:
    """Return a question a second of one type."""
    return [(float(k), name, kind, (answer,) if answer else ()) for k, name in enumerate(names)]


def with_columns(batch: EventBatch, *columns: pl.Expr) -> EventBatch:
    """Return events with other columns."""
    return EventBatch(batch.kind, batch.frame.with_columns(columns))


def test_what_a_session_could_carry_is_counted_both_ways() -> None:
    made = dnscat2(Session(Random(1), "t.relay.net", up=2000, down=4000))
    row = rows_of(DnsTunnel, seen(made)).row(0, named=True)
    assert (row["src_endpoint.ip"], row["domain"], row["place"]) == ("10.0.0.5", "relay.net", ["relay.net"])
    assert row["names"] == row["questions"] == row["carrying"] == row["answers"] == row["heard"] == len(made)
    assert 2000 <= row["names"] * row["measured"][0] <= 2200 + 12 * len(made)  # every packet has a head
    assert 4000 <= row["down"] <= 2.5 * 4000 + 60 * len(made)  # as it is written: hexadecimal, in labels
    assert not row["known"]


@pytest.mark.parametrize(
    ("kind", "name", "judged"),
    [
        ("A", f"{CODES[0]}.relay.net", True),
        ("AAAA", f"{CODES[0]}.relay.net", True),
        ("A", "www.relay.net", False),
        ("A", "averyveryverylongname.com", False),
        ("TXT", "c.relay.net", True),
        ("TXT", "relay.net", True),
        ("NULL", "c.relay.net", True),
        ("NS", f"{CODES[0]}.relay.net", False),
        ("PTR", "4.3.2.1.in-addr.arpa", False),
        ("A", f"{CODES[0]}.local", False),
    ],
)
def test_only_what_could_carry_is_judged(kind: str, name: str, judged: bool) -> None:
    assert rows_of(DnsTunnel, seen(asked(kind, name))).height == judged


def test_multicast_is_left_out() -> None:
    batch = seen(asked("TXT", f"{CODES[0]}.relay.net"))
    assert rows_of(DnsTunnel, with_columns(batch, pl.lit(5353, pl.Int32).alias("dst_endpoint.port"))).height == 0


def test_questions_and_answers_apart_are_as_good_as_together() -> None:
    together = seen(asked("TXT", *(f"{c}.relay.net" for c in CODES), answer="ok"))
    questions = with_columns(
        together, pl.lit(1, pl.Int32).alias("activity_id"), pl.lit(None, pl.List(pl.String)).alias("answers.rdata")
    )
    answers = with_columns(together, pl.lit(2, pl.Int32).alias("activity_id"))
    one, two = rows_of(DnsTunnel, together), rows_of(DnsTunnel, questions, answers)
    columns = ("names", "questions", "carrying", "answers", "heard", "measured", "down", "kinds")
    assert one.select(columns).rows() == two.select(columns).rows()


def test_the_order_of_records_in_an_answer_does_not_make_it_new() -> None:
    turned = [
        (float(k), "_ldap._tcp.relay.net", "SRV", ("a", "b", "c")[k % 3 :] + ("a", "b", "c")[: k % 3]) for k in range(9)
    ]
    row = rows_of(DnsTunnel, seen(turned)).row(0, named=True)
    assert (row["answers"], row["heard"], row["names"]) == (1.0, 9, 1.0)


def test_without_types_only_long_names_count() -> None:
    batch = seen(asked("A", *(f"{c}.relay.net" for c in CODES), "www.relay.net"))
    row = rows_of(DnsTunnel, with_columns(batch, pl.lit(None, pl.String).alias("query.type"))).row(0, named=True)
    assert (row["names"], row["carrying"], row["down"], row["kinds"]) == (60.0, 0, 0.0, [])


def test_a_long_answer_is_bounded() -> None:
    row = rows_of(DnsTunnel, seen(asked("TXT", "c.relay.net", answer="x" * 1_000_000))).row(0, named=True)
    assert row["down"] <= 65_535


def test_others_who_ask_below_the_domain_are_counted() -> None:
    mine = asked("TXT", *(f"{c}.relay.net" for c in CODES))
    rows = rows_of(DnsTunnel, seen(mine), seen(mine, src="10.0.0.6"), seen(asked("TXT", "c.else.net"), src="10.0.0.7"))
    told = dict(zip(rows["src_endpoint.ip"], rows["others.place"].to_list(), strict=True))
    assert told == {"10.0.0.5": [1], "10.0.0.6": [1], "10.0.0.7": [0]}
    assert rows["actors"].unique().to_list() == [3]
