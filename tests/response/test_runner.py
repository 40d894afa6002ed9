"""What the runner promises over time: also when it is killed anywhere, and begun anew."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.config import Config
from vedette.errors import ActionError, JournalError, Refused
from vedette.model import Entity, EntityKind, Receipt
from vedette.response.guard import Guard, Verdict
from vedette.response.journal import Journal
from vedette.response.runner import Runner
from vedette.response.world import Status, World
from vedette.testing.incidents import some_incident
from vedette.testing.responses import Block, Keep, Killed, MadeUpWorld, Wipe


class Bench:
    """A runner on a made-up world, which can be begun anew."""

    def __init__(self, folder: Path, **response: object) -> None:
        self.folder, self.made = folder, MadeUpWorld()
        self.now = datetime(2026, 1, 5, 12, tzinfo=UTC)
        self.set(**{"mode": "approve", **response})
        self.begin()

    def set(self, **response: object) -> None:
        self.config = Config.model_validate({"response": response})

    def begin(self) -> None:
        actions = {"block": Block(self.made), "wipe": Wipe(self.made), "keep": Keep(self.made)}
        self.runner = Runner(Journal(self.folder), lambda: Guard(self.config), actions, lambda: self.now)

    def want(
        self,
        target: str = "198.51.100.7",
        kind: EntityKind = EntityKind.ADDRESS,
        *,
        wipe: bool = False,
        action: type[Block] = Block,
    ) -> str:
        incident = some_incident(uid=f"incident of {target}")
        plan = (Wipe if wipe else action)(self.made).plan(incident, Entity(kind, target))
        ((found, _),) = self.runner.propose([(plan, incident)])
        return found.uid

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def status(self, uid: str) -> Status:
        return self.runner.world().requests[uid].status


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def _die() -> None:
    raise Killed


def _fail() -> None:
    raise ActionError("the gateway does not answer")


def test_proposed_approved_carried_out_and_undone_when_its_time_is_up(bench: Bench) -> None:
    uid = bench.want()
    assert bench.status(uid) is Status.PROPOSED
    assert not bench.made.blocked
    assert bench.runner.approve(uid[:5], "ada").verdict is Verdict.GO
    assert bench.made.blocked == {"198.51.100.7"}
    bench.later(minutes=59)
    assert bench.runner.tick() == []
    assert bench.made.blocked
    bench.later(minutes=1)
    assert bench.runner.tick() == []
    assert not bench.made.blocked
    assert bench.status(uid) is Status.UNDONE
    kinds = [e.kind for e in bench.runner.journal.read()]
    assert kinds == ["proposed", "approved", "applying", "applied", "undoing", "undone"]


def test_what_is_proposed_again_is_one_request(bench: Bench) -> None:
    assert bench.want() == bench.want()
    assert len(list(bench.runner.journal.read())) == 1


def test_rejected_is_rejected(bench: Bench) -> None:
    uid = bench.want()
    bench.runner.reject(uid, "ada", "it is our printer")
    with pytest.raises(Refused, match="waits for nobody: it is rejected"):
        bench.runner.approve(uid, "eve")
    with pytest.raises(Refused, match="nothing of it is in force"):
        bench.runner.undo(uid, "eve")


def test_unknown_and_ambiguous_requests_are_refused(bench: Bench) -> None:
    for name in ("", "zzz"):
        with pytest.raises(Refused, match="no such request"):
            bench.runner.approve(name, "ada")


def test_by_default_an_approval_is_not_even_noted(tmp_path: Path) -> None:
    bench = Bench(tmp_path, mode="suggest")
    uid = bench.want()
    assert bench.runner.approve(uid, "ada").verdict is Verdict.NO
    assert [e.kind for e in bench.runner.journal.read()] == ["proposed"]
    assert not bench.made.blocked


def test_alone_only_where_two_kinds_of_analytic_agree(tmp_path: Path) -> None:
    bench = Bench(tmp_path, mode="autonomous")
    assert bench.status(bench.want()) is Status.PROPOSED, "one finding, one kind of analytic"
    assert not bench.made.blocked


def test_what_cannot_be_undone_needs_two_different_people(bench: Bench) -> None:
    uid = bench.want("web1", EntityKind.HOST, wipe=True)
    assert bench.runner.approve(uid, "ada").verdict is Verdict.ASK
    assert bench.runner.approve(uid, "ada").verdict is Verdict.ASK
    assert bench.runner.approve(uid, "eve").verdict is Verdict.GO
    assert bench.made.blocked == {"web1"}
    with pytest.raises(Refused, match="cannot be undone"):
        bench.runner.undo(uid, "ada")


def test_settings_that_change_between_the_yes_and_the_deed_count(bench: Bench) -> None:
    uid = bench.want("web1", EntityKind.HOST)
    calls: list[int] = []

    def guard() -> Guard:
        calls.append(1)
        if len(calls) > 2:  # judged for the approval, judged for the deed, and then asked at the last moment
            bench.set(mode="approve", protected=["web1"])
        return Guard(bench.config)

    bench.runner._guard = guard
    with pytest.raises(Refused, match="web1 is protected"):
        bench.runner.approve(uid, "ada")
    assert not bench.made.blocked
    assert bench.status(uid) is Status.FAILED


def test_the_kill_switch_undoes_and_holds(bench: Bench) -> None:
    one, two = bench.want(), bench.want("198.51.100.8")
    bench.runner.approve(one, "ada")
    assert bench.runner.stop("eve") == []
    assert not bench.made.blocked
    assert bench.runner.approve(two, "ada").why == "everything was stopped by eve"
    bench.runner.resume("eve")
    assert bench.runner.approve(two, "ada").verdict is Verdict.GO
    assert bench.status(one) is Status.UNDONE


def test_an_action_that_fails_is_failed_or_open_as_the_world_says(bench: Bench) -> None:
    uid = bench.want()
    bench.made.before = _fail
    with pytest.raises(ActionError):
        bench.runner.approve(uid, "ada")
    assert bench.status(uid) is Status.FAILED

    half = bench.want("198.51.100.8")
    bench.made.before, bench.made.after = (lambda: None), _fail
    with pytest.raises(ActionError):
        bench.runner.approve(half, "ada")
    assert bench.status(half) is Status.IN_FORCE, "it failed, and it is there"

    dark = bench.want("198.51.100.9")
    bench.made.readable = False
    with pytest.raises(ActionError):
        bench.runner.approve(dark, "ada")
    assert bench.status(dark) is Status.APPLYING, "nobody can tell"
    bench.made.readable, bench.made.after = True, lambda: None
    bench.runner.tick()
    assert bench.status(dark) is Status.IN_FORCE


def test_an_undo_that_fails_is_tried_again(bench: Bench) -> None:
    uid = bench.want()
    bench.runner.approve(uid, "ada")
    bench.made.before = _fail
    with pytest.raises(ActionError):
        bench.runner.undo(uid, "ada")
    assert bench.status(uid) is Status.UNDOING
    bench.later(seconds=30)
    assert bench.runner.tick() == [], "too soon"
    bench.later(seconds=30)
    assert bench.runner.tick() == [f"{uid}: the gateway does not answer"]
    bench.made.before = lambda: None
    bench.later(seconds=60)
    assert bench.runner.tick() == []
    assert not bench.made.blocked


def test_an_undo_that_was_interrupted_is_tried_again_at_once(bench: Bench) -> None:
    uid = bench.want()
    bench.runner.approve(uid, "ada")
    bench.made.after = _die
    with pytest.raises(Killed):
        bench.runner.undo(uid, "ada")
    assert (bench.status(uid), bench.made.blocked) == (Status.UNDOING, set())
    bench.made.after = lambda: None
    bench.begin()
    assert bench.runner.tick() == []
    assert bench.status(uid) is Status.UNDONE


def test_what_an_undo_needs_outlives_an_undo_that_fails(bench: Bench) -> None:
    uid = bench.want()
    journal = bench.runner.journal
    with journal.alone():
        journal.write("applying", {"uid": uid}, bench.now)
        journal.write("applied", {"uid": uid, "details": {"number": "7"}}, bench.now)
    bench.made.blocked, bench.made.before = {"198.51.100.7"}, _fail
    with pytest.raises(ActionError):
        bench.runner.undo(uid, "ada")
    assert bench.runner.world().requests[uid].details["number"] == "7"


def test_what_stays_is_no_longer_counted_when_its_time_is_up_and_can_still_be_undone(bench: Bench) -> None:
    uid = bench.want(action=Keep)
    bench.runner.approve(uid, "ada")
    bench.later(hours=1)
    assert bench.runner.tick() == []
    assert (bench.status(uid), bench.made.blocked) == (Status.OVER, {"198.51.100.7"})
    assert bench.runner.world().in_the_world() == []
    bench.runner.undo(uid, "ada")
    assert (bench.status(uid), bench.made.blocked) == (Status.UNDONE, set())


def test_what_cannot_be_undone_is_over_when_its_time_is_up(bench: Bench) -> None:
    uid = bench.want("mallory", EntityKind.USER, wipe=True)
    for who in ("ada", "eve"):
        bench.runner.approve(uid, who)
    assert bench.status(uid) is Status.IN_FORCE
    bench.later(hours=1)
    assert bench.runner.tick() == []
    assert bench.status(uid) is Status.OVER
    with pytest.raises(Refused, match="cannot be undone"):
        bench.runner.undo(uid, "ada")


def _break() -> None:
    raise ZeroDivisionError("of somebody's plug-in")


def test_an_action_that_breaks_holds_up_no_other(bench: Bench) -> None:
    one, other = bench.want("198.51.100.7"), bench.want("198.51.100.8")
    for uid in (one, other):
        bench.runner.approve(uid, "ada")
    undo = Block.undo

    def broken(self: Block, receipt: Receipt) -> Receipt:
        if receipt.plan.target.value == "198.51.100.7":
            _break()
        return undo(self, receipt)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Block, "undo", broken)
        bench.later(hours=1)
        assert bench.runner.tick() == [f"{one}: it broke: ZeroDivisionError: of somebody's plug-in"]
        assert (bench.status(one), bench.status(other)) == (Status.UNDOING, Status.UNDONE)
    bench.later(minutes=1)
    assert bench.runner.tick() == []
    assert bench.made.blocked == set()


def test_an_action_that_breaks_while_it_is_done_is_open_until_the_world_tells(bench: Bench) -> None:
    uid, bench.made.after = bench.want(), _break
    with pytest.raises(ActionError, match="it broke: ZeroDivisionError"):
        bench.runner.approve(uid, "ada")
    assert bench.status(uid) is Status.IN_FORCE
    bench.made.after = lambda: None
    bench.runner.undo(uid, "ada")
    assert not bench.made.blocked


def test_without_a_journal_nothing_is_done(bench: Bench) -> None:
    uid = bench.want()
    bench.runner.journal.path.write_bytes(bench.runner.journal.path.read_bytes().replace(b"block", b"bl0ck"))
    with pytest.raises(JournalError):
        bench.runner.approve(uid, "ada")
    assert not bench.made.blocked


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("want", "approve", "undo", "stop", "resume", "tick", "later", "protect")),
        st.integers(0, 3),
        st.sampled_from(("", "", "before", "after")),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(steps=STEPS)
def test_killed_anywhere_and_begun_anew(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str]]
) -> None:
    bench = Bench(tmp_path_factory.mktemp("journal"), per_hour=6, in_all=3)
    names = [f"198.51.100.{n}" for n in range(4)]
    for step, n, kill in steps:
        bench.made.before = _die if kill == "before" else lambda: None
        bench.made.after = _die if kill == "after" else lambda: None
        try:
            _do(bench, step, names[n])
        except Killed:
            bench.begin()
        except Refused:
            pass
        assert len(bench.made.blocked) <= 3
    bench.made.before = bench.made.after = lambda: None
    world = bench.runner.world()
    hours = [t for t, _, _ in world.done]
    assert all(sum(abs(t - o) < timedelta(hours=1) and o <= t for o in hours) <= 6 for t in hours)
    bench.runner.tick()
    assert {r.plan.target.value for r in bench.runner.world().in_the_world()} == bench.made.blocked, (
        "the journal is the world"
    )
    bench.later(hours=3)
    for _ in range(3):
        bench.runner.tick()
        bench.later(minutes=2)
    assert not bench.made.blocked, "everything is undone at its time"


def _do(bench: Bench, step: str, name: str) -> None:
    uids = {r.plan.target.value: uid for uid, r in bench.runner.world().requests.items()}
    if step == "want":
        bench.want(name)
    elif step in ("approve", "undo") and name in uids:
        getattr(bench.runner, step)(uids[name], "ada")
    elif step in ("stop", "resume"):
        getattr(bench.runner, step)("eve")
    elif step == "tick":
        bench.runner.tick()
    elif step == "later":
        bench.later(minutes=17)


def test_while_an_action_runs_others_read_and_write_the_journal(bench: Bench) -> None:
    slow, other = bench.want("198.51.100.7"), bench.want("198.51.100.8")
    begun, go = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        assert go.wait(20)

    bench.made.before = wait
    thread = threading.Thread(target=bench.runner.approve, args=(slow, "ada"))
    thread.start()
    assert begun.wait(20)
    bench.made.before = lambda: None
    second = Runner(Journal(bench.folder), lambda: Guard(bench.config), bench.runner._actions, lambda: bench.now)
    assert second.approve(other, "eve").verdict is Verdict.GO
    assert second.tick() == []
    assert second.world().requests[slow].status is Status.APPLYING, "what is being done was not interrupted"
    go.set()
    thread.join(20)
    assert bench.status(slow) is Status.IN_FORCE
    assert bench.made.blocked == {"198.51.100.7", "198.51.100.8"}


def test_what_is_done_while_everything_is_stopped_is_taken_back(bench: Bench) -> None:
    uid = bench.want()
    second = Runner(Journal(bench.folder), lambda: Guard(bench.config), bench.runner._actions, lambda: bench.now)
    stop: list[str] = []

    def meanwhile() -> None:
        bench.made.after = lambda: None
        with second.journal.alone():
            second.journal.write("stopped", {"who": "eve"}, bench.now)
        stop.append("stopped")

    bench.made.after = meanwhile
    bench.runner.approve(uid, "ada")
    assert stop
    assert (bench.status(uid), bench.made.blocked) == (Status.UNDONE, set())


def test_the_world_is_folded_on_and_equals_the_whole_journal(bench: Bench) -> None:
    for n in range(4):
        bench.runner.approve(bench.want(f"198.51.100.{n}"), "ada")
        whole = World.of(bench.runner.journal.read())
        assert bench.runner.world() == whole
    held = bench.runner.world()
    bench.runner.stop("eve")
    assert held.stopped == "", "what was given away does not change"
    assert bench.runner.world() == World.of(bench.runner.journal.read())
