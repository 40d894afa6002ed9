"""What a sensor would write: complete, in order, the same again for the same seed; and what is planted is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
import pytest
from bench.soak.days import BEGIN, Calendar
from bench.soak.judge import when
from bench.soak.month import Hour, Month
from bench.soak.rows import DAY, HOUR, SECOND

from vedette.events.schema import EventClass

Made = tuple[Month, Sequence[Hour]]
_LOGS = {
    "conn": EventClass.NETWORK_ACTIVITY,
    "ssl": EventClass.TLS_HANDSHAKE,
    "http": EventClass.HTTP_ACTIVITY,
    "dns": EventClass.DNS_ACTIVITY,
}


def _frames(hours: Sequence[Hour], kind: EventClass) -> Iterator[pl.DataFrame]:
    return (b.frame for h in hours for b in h.batches if b.kind is kind)


def test_the_same_seed_makes_the_same_events_and_another_makes_others() -> None:
    one, two, other = (list(Month(3, 60, seed).day(0))[10].batches for seed in (1, 1, 2))
    assert [b.kind for b in one] == [b.kind for b in two]
    assert all(a.frame.equals(b.frame) for a, b in zip(one, two, strict=True))
    assert not one[0].frame.equals(other[0].frame)


@pytest.mark.parametrize("log", _LOGS)
def test_rows_are_counted_and_numbered_without_a_gap(made: Made, log: str) -> None:
    month, hours = made
    whole = pl.concat(_frames(hours, _LOGS[log]))
    assert whole["metadata.sequence"].to_list() == list(range(month.account.rows[log]))
    assert whole["metadata.log_name"].unique().to_list() == [log]


def test_no_event_comes_later_than_its_hour(made: Made) -> None:
    _, hours = made
    assert len(hours) == 72
    for hour in hours:
        for batch in hour.batches:
            time = batch.frame["time"]
            assert (time >= when(hour.until - HOUR)).all()
            assert (time <= when(hour.until + HOUR // 600)).all()  # a handshake may be some seconds into the next


def test_flows_are_as_long_as_they_say(made: Made) -> None:
    _, hours = made
    flows = pl.concat(_frames(hours, EventClass.NETWORK_ACTIVITY))
    assert flows.filter(pl.col("time") < pl.col("start_time")).is_empty()
    assert flows.filter(pl.col("traffic.bytes_out") < pl.col("vedette.payload_bytes_out")).is_empty()
    assert (flows["start_time"] >= when(BEGIN)).all()
    silent = flows.filter(pl.col("status_code") == "S0")
    assert silent.height > 100
    assert silent["traffic.packets_in"].sum() == 0


def test_people_work_by_day_and_rest_at_night(made: Made) -> None:
    _, hours = made
    sizes = [sum(map(len, h.batches)) for h in hours[:24]]
    assert max(sizes[9:17]) > 5 * max(sizes[0:5])


def test_every_attack_is_in_the_events_and_known_by_number(made: Made) -> None:
    month, hours = made
    assert {n for _, n in month.account.planted} == set(range(len(month.attacks)))
    for log, kind in _LOGS.items():
        whole = pl.concat(_frames(hours, kind))
        for number, attack in enumerate(month.attacks):
            held = [s for part in month.account.planted.get((log, number), ()) for s in part.tolist()]
            rows = whole[held]
            resolvers = {month.company.addresses[month.company.at(d)] for d in ("dc1", "dc2")}
            assert set(rows["src_endpoint.ip"]) <= {*attack.hosts, *resolvers}
            beside = (rows["time"] < when(attack.begin - SECOND)) | (rows["time"] > when(attack.end + SECOND))
            assert not beside.any()  # a look-up comes before, a handshake after the beginning


def test_without_attacks_nothing_is_planted() -> None:
    month = Month(3, 60, 1, attacks=False)
    list(month.day(1))
    assert month.attacks == []
    assert not month.account.planted


def test_an_outage_silences_what_goes_out() -> None:
    day = Calendar(19).outage
    month = Month(19, 60, 1, attacks=False)
    hours = list(month.day(day))
    begin = BEGIN + day * DAY
    flows = pl.concat(_frames(hours, EventClass.NETWORK_ACTIVITY))
    start = flows["start_time"]
    during = (start >= when(begin + 10 * HOUR)) & (start < when(begin + 10 * HOUR + HOUR // 2))
    outward = ~flows["dst_endpoint.ip"].str.contains(r"^(10\.|224\.|239\.)") & flows["src_endpoint.ip"].str.starts_with(
        "10."
    )
    assert set(flows.filter(during & outward)["status_code"]) == {"S0"}
    assert "SF" in set(flows.filter(~during & outward)["status_code"])
    names = pl.concat(_frames(hours, EventClass.DNS_ACTIVITY))
    asked = (names["time"] >= when(begin + 10 * HOUR)) & (names["time"] < when(begin + 10 * HOUR + HOUR // 2))
    assert 0 not in set(names.filter(asked)["rcode_id"])
