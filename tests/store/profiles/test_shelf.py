"""What was learned outlives the process, an interruption, an upgrade and a changed feature set; what is damaged is said to be."""

from __future__ import annotations

import io
import json
import os
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Network
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.store.profiles.made import HOUR, START, Sent, office, rows_of

from vedette.abc import Dump, FeatureSet, Normal, WindowFeatures
from vedette.errors import BaselineError
from vedette.plugins import discover
from vedette.store.profiles import Profile, Shelf
from vedette.store.profiles import profile as module
from vedette.store.profiles.profile import Groups
from vedette.store.profiles.shelf import FORMAT, LIST, MIGRATIONS, Migration, Stored, dumped

GROUPS = {"lab": (IPv4Network("10.0.0.0/28"),)}


Shelves = Callable[..., Shelf]


@pytest.fixture
def shelves(tmp_path: Path) -> Iterator[Shelves]:
    """Return a maker of shelves of one folder, each as another process has it; they are closed at the end."""
    made: list[Shelf] = []

    def make(limit: int = 5_000, groups: Groups = GROUPS, migrations: Mapping[int, Migration] = MIGRATIONS) -> Shelf:
        made.append(Shelf(tmp_path / "profiles", limit, groups, migrations=migrations))
        return made[-1]

    yield make
    for shelf in made:
        shelf.close()


def _halves(seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = office(10, 40, seed=seed, share=0.2)
    early = pl.col("time") < START + 101 * HOUR  # in the middle of a day
    return rows.filter(early), rows.filter(~early)


@pytest.mark.parametrize("limit", [5_000, 12])
def test_a_restart_changes_nothing(shelves: Shelves, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PEERS_OF", 12)
    first, second = _halves(1)
    undisturbed = Profile(Sent(), groups=GROUPS)
    undisturbed.judge(first)
    before = shelves(limit=limit)
    before.profile(Sent()).judge(first)
    before.save()
    before.close()
    after = shelves(limit=limit)
    assert_frame_equal(undisturbed.judge(second), after.profile(Sent()).judge(second), check_exact=True)
    assert bool(after.profile(Sent()).tally.aside) == (limit == 12)
    assert not after.notices


def test_saving_twice_changes_nothing_and_leaves_no_litter(shelves: Shelves) -> None:
    first, second = _halves(2)
    shelf = shelves()
    shelf.profile(Sent()).judge(first)
    shelf.save()
    files = {p.name: p.read_bytes() for p in shelf.folder.glob("*.parquet")}
    shelf.save()
    again = shelves()
    again.profile(Sent())
    again.save()
    assert {p.name: p.read_bytes() for p in shelf.folder.glob("*.parquet")} == files
    again.profile(Sent()).judge(second)
    again.save()
    assert len(list(shelf.folder.glob("*.parquet"))) == len(files) == 2
    assert {p.suffix for p in shelf.folder.iterdir()} == {".parquet", ".json", ""}


def test_who_is_interrupted_leaves_what_was_there(shelves: Shelves, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = _halves(3)
    shelf = shelves()
    shelf.profile(Sent()).judge(first)
    shelf.save()
    shelf.profile(Sent()).judge(second)
    replaced = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if Path(target).name == LIST:
            raise KeyboardInterrupt
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        shelf.save()
    monkeypatch.undo()
    after = shelves()
    assert after.profile(Sent()).until == int(first["time"].dt.timestamp("us").max())  # type: ignore[arg-type]
    after.save()
    assert len(list(after.folder.glob("*.parquet"))) == 2


def test_two_cannot_teach_the_same_baseline_at_once(shelves: Shelves) -> None:
    first, second = _halves(4)
    one, two = shelves(), shelves()
    one.profile(Sent()).judge(first)
    two.profile(Sent()).judge(second)
    one.save()
    with pytest.raises(BaselineError, match="changed by another process"):
        two.save()
    assert shelves().profile(Sent()).windows == one.profile(Sent()).windows


def test_an_unread_baseline_stays_when_another_is_saved(shelves: Shelves) -> None:
    class Other(Sent):
        """Another one."""

        name = "other"

    first, _ = _halves(5)
    one, two = shelves(), shelves()
    one.profile(Sent()).judge(first)
    one.save()
    two.profile(Other()).judge(first)
    two.save()
    assert set(shelves().names()) == {"other", "sent"}
    two.forget("other")
    assert set(shelves().names()) == {"sent"}
    assert shelves().profile(Sent()).windows > 0
    two.clear()
    assert not shelves().names()
    assert not list(two.folder.glob("*.parquet"))


# -------------------------------------------------------------------------------------------------------------- damaged


def _stored(shelves: Shelves) -> Path:
    shelf = shelves()
    shelf.profile(Sent()).judge(_halves(6)[0])
    shelf.save()
    return shelf.folder


def _changed(folder: Path, change: dict[str, object]) -> None:
    told = json.loads((folder / LIST).read_text())
    told["profiles"]["sent"] |= change
    (folder / LIST).write_text(json.dumps(told))


def test_a_changed_file_is_refused(shelves: Shelves) -> None:
    folder = _stored(shelves)
    path = next(folder.glob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-8] + os.urandom(8))
    with pytest.raises(BaselineError, match=r"damaged or was changed.*\n.*vedette learn --fresh"):
        shelves().profile(Sent())


@pytest.mark.parametrize(
    "wrong", ["{", "[]", '{"kind": "other"}', '{"kind": "vedette baselines", "profiles": []}', "\xff"]
)
def test_a_list_that_is_none_is_refused(shelves: Shelves, wrong: str) -> None:
    (_stored(shelves) / LIST).write_bytes(wrong.encode("latin-1"))
    with pytest.raises(BaselineError, match="list of"):
        shelves().profile(Sent())


@pytest.mark.parametrize(
    "change",
    [
        {"files": {}},
        {"learned": {}},
        {"files": {"entities": {"file": "../../etc/passwd", "sha256": ""}, "values": {}}},
        {"files": {"entities": {"file": "sent-" + "0" * 24 + ".parquet", "sha256": ""}, "values": {}}},
        {"numbers": None, "version": ""},
    ],
)
def test_a_list_that_lacks_something_is_refused(shelves: Shelves, change: dict[str, object]) -> None:
    _changed(_stored(shelves), change)
    with pytest.raises(BaselineError):
        shelves().profile(Sent())


# -------------------------------------------------------------------------------------------------------------- upgrade


def test_a_newer_format_is_refused_with_the_way_out(shelves: Shelves) -> None:
    _changed(_stored(shelves), {"format": FORMAT + 1})
    with pytest.raises(
        BaselineError, match=rf"format {FORMAT + 1}, and this Vedette knows up to {FORMAT}[^\0]*upgrade"
    ):
        shelves().profile(Sent())


def test_an_older_format_is_read_through_its_migration_and_written_as_today(shelves: Shelves) -> None:
    """A made-up format 0: seconds instead of microseconds, and the age under another name."""
    folder = _stored(shelves)
    undisturbed = shelves().profile(Sent())
    told = json.loads((folder / LIST).read_text())["profiles"]["sent"]
    path = folder / told["files"]["entities"]["file"]
    old = pl.read_parquet(path).rename({"age": "windows_seen"}).with_columns(pl.col("since") // 1_000_000)
    shelf = shelves()
    file = shelf._write("sent", old)
    _changed(folder, {"format": 0, "files": {**told["files"], "entities": file}})
    with pytest.raises(BaselineError, match="unknown format: 0"):
        shelves().profile(Sent())

    def migrate(stored: Stored) -> Stored:
        entities = stored.entities.rename({"windows_seen": "age"}).with_columns(pl.col("since") * 1_000_000)
        return replace(stored, entities=entities)

    after = shelves(migrations={0: migrate})
    second = _halves(6)[1]
    assert_frame_equal(undisturbed.judge(second), after.profile(Sent()).judge(second), check_exact=True)
    after.save()
    assert shelves().profile(Sent()).until == undisturbed.until
    assert shelves().names()["sent"]["format"] == FORMAT == 1
    assert not MIGRATIONS


class Wider(Sent):
    """It counts servers too, and no longer remembers which."""

    normal = Normal(
        HOUR, numbers=("count", "bytes"), hourly=("count", "bytes"), sets=("ports",), prior={"count": (5.0, 1.0)}
    )

    def finish(self) -> list[pl.Expr]:
        ports = pl.col("servers").alias("ports")
        return [*super().finish(), pl.col("servers").list.len().cast(pl.Float64).alias("count"), ports]


def test_a_changed_feature_set_keeps_the_numbers_that_it_still_has(shelves: Shelves) -> None:
    folder, same = _stored(shelves), shelves()
    before = same.profile(Sent())
    shelf = shelves()
    after = shelf.profile(Wider())
    assert shelf.notices == [
        "'sent' has changed since its baseline was learned: kept bytes; new count, ports; gone servers"
    ]
    host = before.entities["src_endpoint.ip"][0]
    rows = rows_of([(24 * 20, host, 5_000.0, ["s1"])])
    wide = rows.with_columns(pl.lit(1.0).alias("count"), pl.col("servers").alias("ports"))
    old, new = before.judge(rows), after.judge(wide)
    kept = [c for c in old.columns if ".bytes." in c and not c.startswith(("peers", "normal")) and "drift" not in c]
    assert len(kept) > 8
    assert_frame_equal(old.select("age", *kept), new.select("age", *kept), check_exact=True)
    assert new["own.count.count"].to_list() == [0.0]
    assert new["all.count.count"].to_list() == [pytest.approx(8.0, abs=8.0)]
    assert new["had.ports"].to_list() == [[False]]
    assert folder == shelf.folder


class Pairs(Sent):
    """Per pair."""

    keys = ("src_endpoint.ip", "dst_endpoint.ip")


class Days(Sent):
    """Per two hours."""

    normal = Normal(2 * HOUR, numbers=("bytes",))
    windows = (HOUR, 2 * HOUR)


@pytest.mark.parametrize(
    ("changed", "why"), [(Pairs, "learned per src_endpoint.ip, and is now"), (Days, "windows of 3600 s")]
)
def test_other_keys_or_windows_begin_anew(shelves: Shelves, changed: type[Sent], why: str) -> None:
    _stored(shelves)
    shelf = shelves()
    assert shelf.profile(changed()).windows == 0
    assert why in shelf.notices[0]


def test_groups_of_the_operator_may_change(shelves: Shelves) -> None:
    _stored(shelves)
    after = shelves(groups={"other": (IPv4Network("10.0.0.0/24"),)}).profile(Sent())
    assert {after.peers_of(at)[0] for at in range(after.entities.height)} == {"other"}
    after.judge(_halves(6)[1])
    assert {after.peers_of(at)[0] for at in range(after.entities.height)} == {"other"}


# ------------------------------------------------------------------------------------------------------------ checkpoint


def _gone_through_files(dump: Dump) -> Dump:
    told, frames = json.loads(json.dumps(dump.told)), {}
    for name, frame in dump.frames.items():
        frame.write_ipc(stream := io.BytesIO())
        frames[name] = pl.read_ipc(stream.getvalue())
    return Dump(dump.mark, told, frames, dump.files)


@pytest.mark.parametrize("limit", [5_000, 12])
@pytest.mark.parametrize("seed", range(3))
def test_going_on_from_a_dump_at_any_window_changes_nothing(
    shelves: Shelves, limit: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PEERS_OF", 12)
    rows = office(10, 40, seed=seed, share=0.2)
    hours = sorted(random.Random(seed).sample(range(5, 235), 4))
    steady, stopped = shelves(limit=limit).profile(Sent()), shelves(limit=limit).profile(Sent())
    for begin, end in pairwise([0, *hours, 240]):
        part = rows.filter(pl.col("time").is_between(START + begin * HOUR, START + end * HOUR, closed="left"))
        assert_frame_equal(steady.judge(part), stopped.judge(part), check_exact=True)
        stopped = shelves(limit=limit).resume(Sent(), _gone_through_files(dumped(stopped)))
        assert (steady.tally, steady.stored) == (stopped.tally, stopped.stored)
    assert bool(steady.tally.aside) == (limit == 12)


def test_what_goes_on_from_a_dump_is_what_is_saved(shelves: Shelves) -> None:
    _, second = _halves(9)
    _stored(shelves)
    before, after = shelves(), shelves()
    before.profile(Sent()).judge(second)
    after.profile(Sent())
    after.resume(Sent(), _gone_through_files(dumped(before.profile(Sent()))))
    after.save()
    assert shelves().profile(Sent()).until == before.profile(Sent()).until


@pytest.mark.parametrize("wrong", ["mark", "frames", "told"])
def test_a_dump_that_is_none_is_refused(shelves: Shelves, wrong: str) -> None:
    profile = shelves().profile(Sent())
    profile.judge(_halves(10)[0])
    dump = dumped(profile)
    bad = {"mark": Dump("baseline 0", dump.told, dump.frames), "frames": Dump(dump.mark, dump.told)}
    with pytest.raises(BaselineError, match="last checkpoint"):
        shelves().resume(Sent(), bad.get(wrong, Dump(dump.mark, {}, dump.frames)))


def test_a_dump_of_a_feature_set_that_changed_keeps_what_still_means_something(shelves: Shelves) -> None:
    class Fewer(Sent):
        """Without the servers."""

        normal = replace(Sent.normal, sets=()) if Sent.normal else None

    profile = shelves().profile(Sent())
    profile.judge(_halves(11)[0])
    shelf = shelves()
    assert shelf.resume(Fewer(), dumped(profile)).windows == profile.windows
    assert "gone servers" in shelf.notices[0]


@pytest.mark.parametrize(
    "features",
    [c for c in discover(FeatureSet).values() if issubclass(c, WindowFeatures) and c.normal],
    ids=lambda c: str(c.name),
)
def test_what_is_kept_of_an_entity_has_its_keys(features: type[WindowFeatures]) -> None:
    profile = Profile(features())
    assert profile.kept().select(*features.keys, "entity").schema == profile.entities.schema
