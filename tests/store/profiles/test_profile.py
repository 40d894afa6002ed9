"""The baseline judges before it learns, and the same however its windows come."""

from __future__ import annotations

from ipaddress import IPv4Network

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.store.profiles.made import HOUR, START, Row, Sent, office, rows_of

from vedette.abc import Normal
from vedette.store.profiles import Profile
from vedette.store.profiles import profile as module


def _week(seed: int) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    return rows_of(
        [
            (hour, f"10.0.0.{host}", float(random.lognormal(9, 1)), [f"s{n}" for n in set(random.integers(0, 9, 2))])
            for hour in range(80)
            for host in range(12)
            if random.random() < 0.8
        ]
    )


def test_the_columns_are_those_the_contract_promises() -> None:
    judged = Profile(Sent()).judge(_week(1))
    assert dict(judged.schema) == dict(Sent().schema())


def test_windows_in_one_go_one_by_one_and_shuffled_are_judged_alike() -> None:
    rows, many = _week(2), Profile(Sent())
    whole = Profile(Sent()).judge(rows.sample(fraction=1.0, shuffle=True, seed=3))
    hours = rows.partition_by("time", maintain_order=True)
    pieces = pl.concat([many.judge(h.sample(fraction=1.0, shuffle=True, seed=4)) for h in hours])
    assert_frame_equal(whole, pieces, check_exact=True)


def test_a_window_is_judged_before_it_is_learned() -> None:
    first = Profile(Sent()).judge(rows_of([(0, "a", 5_000.0, ["x"]), (1, "a", 5_000.0, ["x", "y"])]))
    assert first["age"].to_list() == [0, 1]
    assert first["own.bytes.count"].to_list()[0] == 0
    assert first["own.bytes.mean"].to_list()[0] is None
    assert first["had.servers"].to_list() == [[False], [True, False]]


def test_what_others_have_counts_this_window_but_not_oneself() -> None:
    judged = Profile(Sent()).judge(rows_of([(0, "a", 1.0, ["x"]), (0, "b", 1.0, ["x"]), (1, "c", 1.0, ["x", "z"])]))
    assert judged["others.servers"].to_list() == [[1], [1], [2, 0]]


def test_a_young_entity_is_judged_by_everyone_an_old_one_by_itself() -> None:
    quiet: list[Row] = [(hour, f"q{n}", 1_000.0, []) for hour in range(40) for n in range(20)]
    loud: list[Row] = [(hour, "loud", 1_000_000.0, []) for hour in range(40)]
    judged = Profile(Sent()).judge(
        rows_of([*quiet, *loud, (40, "loud", 1_000_000.0, []), (40, "new", 1_000_000.0, [])])
    )
    last = {
        r["src_endpoint.ip"]: r["normal.bytes.deviation"]
        for r in judged.filter(pl.col("time") == judged["time"].max()).iter_rows(named=True)
    }
    assert abs(last["loud"]) < 1
    assert last["new"] > 3


def test_a_loud_window_teaches_little() -> None:
    calm: list[Row] = [(hour, "a", 1_000.0, []) for hour in range(48)]
    told = (
        Profile(Sent())
        .judge(rows_of([*calm, (48, "a", 1e9, []), (49, "a", 1e9, [])]))["normal.bytes.deviation"]
        .to_list()
    )
    assert told[48] > 10
    assert told[49] > 10


class Edges(Sent):
    """The same per host and server."""

    name = "edges"
    keys = ("src_endpoint.ip", "dst_endpoint.ip")
    normal = Normal(HOUR, sets=("servers",))


def test_actors_are_counted_apart_from_entities_and_without_numbers() -> None:
    edges = [(0, "a", "x"), (0, "a", "y"), (0, "b", "x"), (1, "a", "z"), (1, "c", "x"), (2, "b", "x")]
    rows = rows_of([(hour, src, 1.0, [dst]) for hour, src, dst in edges]).with_columns(
        pl.Series("dst_endpoint.ip", [dst for *_, dst in edges])
    )
    told = Profile(Edges()).judge(rows)
    assert told["actors"].to_list() == [2, 2, 2, 3, 3, 3]
    assert told["entities"].to_list() == [3, 3, 3, 5, 5, 5]
    assert told["others.servers"].to_list() == [[1], [0], [1], [0], [2], [2]]


# --------------------------------------------------------------------------------------------------------------- teach


def test_what_was_learned_before_is_judged_and_not_learned_again() -> None:
    rows, profile = _week(5), Profile(Sent())
    first = profile.judge(rows)
    before = (profile.kept(), profile.told(), profile.members[0].seen.sort("entity", "member"))
    again = profile.judge(rows)
    assert profile.tally.again == rows.height
    assert_frame_equal(profile.kept(), before[0])
    assert profile.told() == before[1]
    assert_frame_equal(profile.members[0].seen.sort("entity", "member"), before[2])
    columns = ["src_endpoint.ip", "time", "had.servers", "others.servers"]
    assert_frame_equal(
        first.select(columns), again.select(columns)
    )  # members are judged as of their window, then as now


def test_an_unknown_host_in_a_window_learned_before_stays_unknown() -> None:
    profile = Profile(Sent())
    profile.judge(rows_of([(0, "a", 5.0, ["x"]), (1, "a", 5.0, ["x"])]))
    told = profile.judge(rows_of([(1, "late", 5.0, ["x", "new"])]))
    assert told["age"].to_list() == [0]
    assert told["had.servers"].to_list() == [[False, False]]
    assert told["others.servers"].to_list() == [[1, 0]]
    assert told["since"].to_list() == [START + HOUR]
    assert profile.entities["src_endpoint.ip"].to_list() == ["a"]
    assert len(profile.members[0]) == 1


# ------------------------------------------------------------------------------------------------------ bounded memory


@pytest.mark.parametrize("calls", ["one go", "hour by hour"])
def test_a_small_memory_judges_as_a_large_one(calls: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PEERS_OF", 12)
    rows = office(12, 60, seed=6, share=0.08)
    large, small = Profile(Sent(), limit=1_000), Profile(Sent(), limit=15)
    pieces = [rows] if calls == "one go" else rows.partition_by("time", maintain_order=True)
    with_peers = 0
    for piece in pieces:
        judged = large.judge(piece)
        assert_frame_equal(judged, small.judge(piece), check_exact=True)
        with_peers += int((judged["peers.bytes.count"] > 0).sum())
        assert small.entities.height <= 15 + 60
    assert small.tally.aside > 10
    assert small.cold.segments
    assert with_peers > 100
    assert _peers(small, "10.0.0.1") < _peers(large, "10.0.0.1")  # of those in memory
    small.close()
    assert not small.cold.segments


def test_values_are_forgotten_here_and_of_those_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PEERS_OF", 2)
    monkeypatch.setattr(module, "FORGET_AFTER", 1 / 7)  # two days
    old = [(hour, f"h{n}", 1.0, [f"of-{n}", "all"]) for hour in (0, 1) for n in range(6)]
    later = [(24 * day, f"h{n}", 1.0, ["all"]) for day in range(1, 8) for n in range(2)]
    last = [(24 * 8, f"h{n}", 1.0, [f"of-{n}", "all"]) for n in range(6)]
    rows = rows_of([*old, *later, *last])
    large, small = Profile(Sent(), limit=100), Profile(Sent(), limit=2)
    judged = large.judge(rows)
    assert_frame_equal(judged, small.judge(rows), check_exact=True)
    assert small.tally.forgotten == large.tally.forgotten >= 10
    end = judged.filter(pl.col("time") == judged["time"].max())
    assert end["had.servers"].to_list() == [[False, True]] * 2 + [[False, False]] * 4
    assert small.tally.aside == 4
    small.close()


def test_who_was_not_seen_for_long_is_new_again_wherever_it_lay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PEERS_OF", 2)
    monkeypatch.setattr(module, "FORGET_AFTER", 3 / 14)  # three days: values go before those who had them
    monkeypatch.setattr(module, "GONE_AFTER", 5 / 14)
    old = [(hour, f"h{n}", 1.0, [f"of-{n}"]) for hour in (0, 1) for n in range(6)]
    later = [(24 * day, f"h{n}", 1.0, ["all"]) for day in range(1, 8) for n in range(2)]
    last = [(24 * 8, f"h{n}", 1.0, [f"of-{n}"]) for n in range(6)]
    rows = rows_of([*old, *later, *last])
    large, small = Profile(Sent(), limit=100), Profile(Sent(), limit=2)
    judged = large.judge(rows)
    assert_frame_equal(judged, small.judge(rows), check_exact=True)
    assert judged.filter(pl.col("time") == judged["time"].max())["age"].to_list() == [9, 9, 0, 0, 0, 0]
    assert (small.tally.gone, large.tally.gone, small.tally.aside) == (4, 4, 0)
    assert len(small.cold) <= 2  # of the two that stayed
    assert large.entities.height == 6
    assert len(small._heads) == 6
    small.close()


def test_one_entity_keeps_what_it_had_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MEMBERS_EACH", 3)
    profile = Profile(Sent())
    profile.judge(rows_of([(hour, "a", 1.0, [f"s{hour}"]) for hour in range(8)] + [(24, "a", 1.0, ["s0"])]))
    told = profile.judge(rows_of([(25, "a", 1.0, ["s0", "s1", "s7"]), (25, "b", 1.0, ["s1"])]))
    assert told["had.servers"].to_list() == [[True, False, True], [False]]
    assert told["others.servers"].to_list() == [[0, 1, 0], [1]]
    assert profile.tally.forgotten == 5


# --------------------------------------------------------------------------------------------------------------- peers


def _peers(profile: Profile, host: str) -> set[str]:
    _, others = profile.peers_of(int(profile.find(host)[0]))
    return set(profile.entities[others]["src_endpoint.ip"])


def _servers_and_clients(days: int, seed: int) -> list[Row]:
    random = np.random.default_rng(seed)
    level = {**{f"client{n}": 9.0 for n in range(30)}, **{f"server{n}": 16.0 for n in range(6)}}
    return [
        (hour, host, float(random.lognormal(mean, 0.5)), [])
        for hour in range(24 * days)
        for host, mean in level.items()
        if 8 <= hour % 24 < 16
    ]


def test_peers_help_the_young() -> None:
    young: list[Row] = [(24 * 5 + hour, "server-new", float(np.exp(16.0)), []) for hour in (8, 9, 10, 11)]
    rows = rows_of([*_servers_and_clients(6, seed=7), *young])
    told = Profile(Sent()).judge(rows).filter(pl.col("src_endpoint.ip") == "server-new").sort("time")
    assert told["peers.bytes.count"].to_list()[:3] == [0.0] * 3
    assert told["peers.bytes.mean"].to_list()[3] == pytest.approx(16.0, abs=0.2)
    wide = told["normal.bytes.spread"].to_list()
    assert wide[3] < 0.7 * wide[2]
    assert abs(told["normal.bytes.deviation"].to_list()[3]) < 1


def test_a_server_among_clients_is_not_judged_as_a_client() -> None:
    rows = rows_of(_servers_and_clients(6, seed=8))
    profile = Profile(Sent())
    told = profile.judge(rows).filter(pl.col("time") >= START + 48 * HOUR)
    servers = told.filter(pl.col("src_endpoint.ip").str.starts_with("server"))
    clients = told.filter(pl.col("src_endpoint.ip").str.starts_with("client"))
    assert servers["peers.bytes.mean"].mean() == pytest.approx(16.0, abs=0.2)
    assert clients["peers.bytes.mean"].mean() == pytest.approx(9.0, abs=0.2)
    assert (servers["normal.bytes.deviation"].abs() > 4).sum() == 0
    assert _peers(profile, "server0") == {f"server{n}" for n in range(1, 6)}


def test_one_server_alone_has_no_peers_and_not_those_of_the_clients() -> None:
    rows = rows_of([r for r in _servers_and_clients(5, seed=9) if not r[1].startswith("server") or r[1] == "server0"])
    told = Profile(Sent()).judge(rows).filter(pl.col("src_endpoint.ip") == "server0")
    assert told["peers.bytes.mean"].null_count() == told.height
    assert abs(told["normal.bytes.deviation"].to_list()[-1]) < 4


def test_the_operator_names_a_group() -> None:
    groups = {"lab": (IPv4Network("10.9.0.0/16"),)}
    lab: list[Row] = [(hour, f"10.9.0.{n}", 1e6, []) for hour in range(26) for n in range(4)]
    rest: list[Row] = [(hour, f"10.1.0.{n}", 1e3, []) for hour in range(26) for n in range(30)]
    profile = Profile(Sent(), groups=groups)
    told = profile.judge(rows_of([*lab, *rest, (26, "10.9.0.77", 1e6, [])]))
    new = told.filter(pl.col("src_endpoint.ip") == "10.9.0.77")
    assert new["age"].to_list() == [0]
    assert new["peers.bytes.mean"].to_list()[0] == pytest.approx(np.log(1e6), abs=0.01)
    assert new["normal.bytes.deviation"].to_list()[0] < 2


class Typed(Sent):
    """What people send."""

    keys = ("person",)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return super().prepare(events).with_columns(person=pl.col("src_endpoint.ip"))


def test_the_operator_names_people() -> None:
    team: list[Row] = [(hour, rf"CORP\Sales{n}", 1e6, []) for hour in range(26) for n in range(4)]
    rest: list[Row] = [(hour, f"p{n}", 1e3, []) for hour in range(26) for n in range(30)]
    rows = rows_of([*team, *rest, (26, "NEW@corp.example", 1e6, []), (26, "stranger", 1e6, [])])
    profile = Profile(Typed(), groups={"sales": (*(f"sales{n}" for n in range(4)), "new")})
    told = profile.judge(rows.rename({"src_endpoint.ip": "person"})).filter(pl.col("age") == 0)
    mean = dict(told.select("person", "peers.bytes.mean").rows())
    assert mean["NEW@corp.example"] == pytest.approx(np.log(1e6), abs=0.01)
    assert mean["stranger"] != pytest.approx(np.log(1e6), abs=0.01), "in no named group"
    hosts = Profile(Sent(), groups={"sales": ("stranger",)})
    hosts.judge(rows_of([(0, "stranger", 1e6, [])]))
    assert hosts.peers_of(0)[0] == "", "a host that is called as a person is none"
