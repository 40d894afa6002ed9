from __future__ import annotations

from vedette.detectors.log_cleared import LogCleared
from vedette.detectors.tcp_flood import TcpFlood
from vedette.features.tcp_target import TcpTarget
from vedette.testing.commands import commands
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of, rows_of


def test_no_events_give_no_rows_but_the_columns() -> None:
    assert rows_of(TcpTarget).is_empty()
    assert set(TcpTarget().schema()) <= set(rows_of(TcpTarget, flows(1)).columns)


def test_hits_carry_score_words_and_severity() -> None:
    hits = hits_of(LogCleared, commands(["ls", "history -c"]))
    assert hits.height == 1
    assert (hits["score"] >= LogCleared.threshold).all()
    assert hits["title"].to_list() == [LogCleared.title]
    assert hits_of(TcpFlood, flows(3)).is_empty()
