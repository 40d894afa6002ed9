"""Lines into cells."""

from __future__ import annotations

import polars as pl
import pytest

from vedette.intel.payment_columns import Payments
from vedette.sources.transactions.payment_table import cells, header


@pytest.mark.parametrize("line", ["time", "a,b,c", "url,time,domain", "time,account,note", ""])
def test_no_header(line: str) -> None:
    assert header(line, Payments()) is None


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_header_with_any_delimiter(mark: str) -> None:
    found = header(mark.join(["Time", '"Card"', "Amount", "Merchant"]), Payments())
    assert found is not None
    assert (found.delimiter, found.width) == (mark, 4)
    assert found.places == {"time": 0, "account": 1, "amount": 2, "counterparty": 3}


def test_quotes_hold_delimiters_and_the_order_stays() -> None:
    known = header("time,card,amount,merchant", Payments())
    assert known is not None
    lines = ['1,c,"1,50",x', "2,c,3,y", '3,"c ""d""",4,"z, z"', "4,c,5"]
    frame = pl.DataFrame({"_line": lines, "metadata.sequence": range(4)})
    found = cells(frame, known)
    assert found["time"].to_list() == ["1", "2", "3", "4"]
    assert found["amount"].to_list() == ["1,50", "3", "4", "5"]
    assert found["account"][2] == 'c "d"'
    assert found["counterparty"].to_list() == ["x", "y", "z, z", None]
    assert found["_fits"].to_list() == [True, True, True, False]
