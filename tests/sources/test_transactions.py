"""Payments: three forms of the same table, what is refused, what stands in the settings."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.abc import Origin
from vedette.app import local
from vedette.config import Config, parse
from vedette.errors import DataError, SourceError
from vedette.events.schema import EventClass
from vedette.intel.payment_columns import tell
from vedette.learning.data import data_root
from vedette.sources.transactions import Transactions
from vedette.testing.laws.source import tables

CSV = """\
id,time,card,terminal,amount,is_fraud
a,2026-03-05T08:00:00Z,c1,t1,12.50,0
b,2026-03-05 08:01:00,c2,t1,0.1,1
c,2026-03-05T08:02:00Z,c1,t2,7,
"""


@pytest.fixture(autouse=True)
def _nothing_told() -> Iterator[None]:
    tell({})
    yield
    tell({})


def read(data: str | bytes) -> dict[EventClass, pl.DataFrame]:
    raw = data.encode() if isinstance(data, str) else data
    return tables(Transactions(Origin("payments")).read(io.BytesIO(raw)))


def paid(data: str | bytes) -> list[dict[str, object]]:
    return [
        {k.removeprefix("vedette.payment."): v for k, v in row.items()}
        for row in read(data)[EventClass.PAYMENT].iter_rows(named=True)
    ]


def rejected(data: str | bytes) -> dict[str, int]:
    frame = read(data).get(EventClass.REJECT)
    return {} if frame is None else dict(zip(frame["status_detail"], frame["count"], strict=True))


def test_csv() -> None:
    rows = paid(CSV)
    assert [r["amount"] for r in rows] == [12_500, 100, 7_000]
    assert [r["account"] for r in rows] == ["c1", "c2", "c1"]
    assert [r["counterparty"] for r in rows] == ["t1", "t1", "t2"]
    assert [r["label"] for r in rows] == [0, 1, None]
    eight = datetime(2026, 3, 5, 8, tzinfo=UTC)
    assert [r["time"] for r in rows] == [eight + timedelta(minutes=n) for n in range(3)]
    assert [r["label_time"] for r in rows] == [eight + timedelta(days=7), eight + timedelta(days=7, minutes=1), None]
    assert [r["metadata.sequence"] for r in rows] == [0, 1, 2]


def test_json_lines_and_parquet_say_the_same() -> None:
    frame = pl.read_csv(io.StringIO(CSV))
    as_json, as_parquet = io.BytesIO(), io.BytesIO()
    frame.write_ndjson(as_json)
    frame.write_parquet(as_parquet)
    assert paid(as_json.getvalue()) == paid(CSV)
    assert [list(r.values()) for r in paid(as_parquet.getvalue())] == [list(r.values()) for r in paid(CSV)]


def test_bad_rows_are_rejects_with_place_and_reason() -> None:
    text = (
        CSV
        + "d,soon,c1,t1,1,0\ne,2026-03-05T08:02:00Z,,t1,1,0\nf,2026-03-05T08:02:00Z,c1,t1,much,0\ng,1\n\nh,2026-03-05,c1,t1,1,0\n"
    )
    told = rejected(text)
    assert list(told.values()) == [1, 1, 1, 1]
    assert {k.partition(" (")[0] for k in told} == {
        "not as many cells as the header has",
        "no time, or not one that is read here",
        "no account",
        "no amount, or not a number",
    }
    assert [r["metadata.sequence"] for r in paid(text)] == [0, 1, 2, 7]


def test_a_label_time_of_the_table_counts() -> None:
    text = "time,card,terminal,amount,label,label_time\n2026-03-05,c,t,1,1,2026-03-06\n"
    assert paid(text)[0]["label_time"] == datetime(2026, 3, 6, tzinfo=UTC)


def test_the_settings_name_columns(tmp_path: Path) -> None:
    path = tmp_path / "umsatz.csv"
    path.write_text("Wann;Konto;Betrag;Fall\n05.03.2026 09:00;DE02;1.234,50;1\n")
    settings = '[payments]\ncolumns = {time = "Wann", account = "Konto", amount = "Betrag", label = "Fall"}\nlabel_delay_days = 30\n'
    batches = [b for _, b in local.read([str(path)], parse(settings)) if b is not None]
    row = batches[0].frame.row(0, named=True)
    assert row["vedette.payment.amount"] == 1_234_500
    assert row["vedette.payment.label_time"] - row["time"] == timedelta(days=30)


def test_parquet_without_payments_is_refused_in_words() -> None:
    out = io.BytesIO()
    pl.DataFrame({"host": ["a"]}).write_parquet(out)
    with pytest.raises(SourceError, match="no payments"):
        read(out.getvalue())


def test_what_is_no_table_of_payments() -> None:
    for head in (
        b"time,host,message\n1,2,3\n",
        b'{"time":1,"account":2}\n',
        b"time,card,amount,currency",
        b"1,2,3,4\n5,6,7,8\n",
    ):
        assert not Transactions.sniff(head, "payments.csv")


@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_lines_are_rows_or_rejects(lines: list[str]) -> None:
    body = [x.replace("\n", " ").replace("\r", " ") for x in lines]
    text = "time,card,amount,currency\n" + "\n".join(body)
    batches = list(Transactions(Origin("x")).read(io.BytesIO(text.encode("utf-8", "replace"))))
    assert sum(b.records for b in batches) == sum(bool(x.strip()) for x in body)


@pytest.mark.data
def test_the_handbooks_payments_are_all_accounted_for() -> None:
    try:
        path = data_root() / "host/fraud-handbook/transactions.parquet"
    except DataError as error:
        pytest.skip(str(error))
    if not path.is_file():
        pytest.skip("the payments are not here")
    rows = frauds = 0
    for _, batch in local.read([str(path)], Config()):
        if batch is not None:
            assert batch.kind is EventClass.PAYMENT
            rows += len(batch)
            frauds += int(batch.frame["vedette.payment.label"].sum())
    assert (rows, frauds) == (1_169_723, 9_465)
