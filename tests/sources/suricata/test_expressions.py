"""Small expressions on edges, and what every event shares."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from vedette.events.schema import SCHEMAS, EventClass
from vedette.sources.suricata.expressions import APP, BASE, PORTS, fitting, one, outcome, turned, version

ENDS: dict[str, Any] = {"src_ip": "a", "src_port": 1, "dest_ip": "b", "dest_port": 2}


def row(expressions: dict[str, pl.Expr], **values: object) -> tuple[object, ...]:
    frame = pl.DataFrame({n: pl.Series([v], dtype=None if v is not None else pl.String) for n, v in values.items()})
    return frame.select(e.alias(n) for n, e in expressions.items()).row(0)


@pytest.mark.parametrize(("back", "ends"), [(True, {"b", 2}), (False, {"a", 1}), (None, {"a", 1})])
def test_an_answer_is_turned_whole(back: bool | None, ends: set[object]) -> None:
    columns = turned(pl.lit(back, dtype=pl.Boolean))
    src = {n: e for n, e in columns.items() if n.startswith("src_")}
    assert set(row(src, **ENDS)) == ends
    assert set(row(columns, **ENDS)) == {"a", 1, "b", 2}


@pytest.mark.parametrize(("address", "number"), [("10.0.0.1", 4), ("::", 6), (None, None)])
def test_ip_versions(address: str | None, number: int | None) -> None:
    assert row({"y": version(pl.col("x"))}, x=address) == (number,)


@pytest.mark.parametrize(("flag", "status"), [(True, 1), (False, 2), (None, None)])
def test_outcomes(flag: bool | None, status: int | None) -> None:
    assert row({"y": outcome(pl.lit(flag, dtype=pl.Boolean))}, x=1) == (status,)


@pytest.mark.parametrize(("value", "found"), [("a", ["a"]), ("", [""]), (None, None)])
def test_a_list_of_one(value: str | None, found: list[str] | None) -> None:
    assert row({"y": one("x")}, x=value) == (found,)


@pytest.mark.parametrize(("name", "told"), [("http", "http"), ("failed", None), ("unknown", None), (None, None)])
def test_a_guess_that_failed_is_no_protocol(name: str | None, told: str | None) -> None:
    assert row({"y": APP}, app_proto=name) == (told,)


@pytest.mark.parametrize(
    ("port", "kind", "told"), [(80, 8, 80), (None, 8, 8), (0, 8, 0), (None, 2**40, None), (None, None, None)]
)
def test_icmp_has_its_type_for_a_port(port: int | None, kind: int | None, told: int | None) -> None:
    frame = pl.DataFrame(
        {"src_port": [port], "icmp_type": [kind]}, schema={"src_port": pl.Int32, "icmp_type": pl.Int64}
    )
    assert frame.select(PORTS["src_endpoint.port"]).item() == told


@pytest.mark.parametrize(
    ("proto", "name", "number"),
    [("TCP", "tcp", 6), ("IPv6-ICMP", "icmp6", 58), ("099", "099", None), (None, None, None)],
)
def test_protocols(proto: str | None, name: str | None, number: int | None) -> None:
    base = {n: BASE[f"connection_info.protocol_{n}"] for n in ("name", "num")}
    assert row(base, proto=proto) == (name, number)


@pytest.mark.parametrize("kind", EventClass, ids=lambda k: k.name)
def test_only_what_a_class_has_fits(kind: EventClass) -> None:
    assert fitting(kind, BASE).keys() == BASE.keys() & SCHEMAS[kind].keys()
