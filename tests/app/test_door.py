"""The door: places are looked up, people become tokens; findings are the same but for their names, and no name is written anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.detectors.made_identity import STAFF, abroad, at_host, office
from tests.detectors.made_tickets import service_ticket

from vedette.app.door import Door, vault
from vedette.app.engine import Engine
from vedette.config import Config, parse
from vedette.errors import ConfigError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.intel.places import COUNTRY
from vedette.model import EntityKind, Finding
from vedette.store.profiles import Shelf
from vedette.testing.identity import told
from vedette.testing.logons import logons, tries
from vedette.testing.mmdb import database

ON = "[privacy]\npseudonyms = true\n"
READS_TEXT = ("command",)
"""Models that read texts letter by letter: a token in a path is another text, and the score another one, by little."""
PEOPLE = (*STAFF, "mallory", "victoria")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEDETTE_HOME", str(tmp_path / "home"))


def evidence() -> Iterator[EventBatch]:
    """Yield a month of an office, and what many detectors of logons, rights and commands find."""
    yield office(28)
    yield logons([abroad(STAFF[3], 28, 17)])
    yield logons(tries(60, every=2.0, users=("victoria",), source="203.0.113.50", start=29 * 86_400.0))
    yield logons([{"at": 29 * 86_400.0 + 200, "user": "victoria", "ok": True, "source": "203.0.113.50"}])
    yield logons([service_ticket(29 * 86_400.0 + i * 0.2, f"svc_app{i}", user="mallory") for i in range(12)])
    yield logons([at_host("svc-report", 29, 9, 10, "dc1")])
    group = {
        "activity_id": 3,
        "status_id": 1,
        "group.name": "Domain Admins",
        "user.name": "CN=victoria,OU=Staff",
        "actor.user.name": "mallory",
    }
    yield told(EventClass.GROUP_MANAGEMENT, [{"at": 29 * 86_400.0, **group, "device.hostname": "dc1"}])
    life = {"status_id": 1, "user.name": "victoria", "actor.user.name": "mallory", "device.hostname": "dc1"}
    yield told(
        EventClass.ACCOUNT_CHANGE,
        [{"at": 29 * 86_400.0, **life, "activity_id": 1}, {"at": 29 * 86_400.0 + 60, **life, "activity_id": 6}],
    )
    fields = {
        "unmapped.SidHistory": "%%1793",
        "unmapped.ServicePrincipalNames": "-",
        "unmapped.UserAccountControl": "-",
    }
    drs = {
        "user.name": "PC7$",
        "unmapped.ServicePrincipalNames": "HOST/pc7 E3514235-4B06-11D1-AB04-00C04FC2DCD2/ae9a/corp.example",
    }
    change = {"at": 29 * 86_400.0, **life, "activity_id": 99, "metadata.event_code": "4742", **fields}
    yield told(EventClass.ACCOUNT_CHANGE, [change, {**change, **drs}])
    line = {"actor.user.name": "mallory", "device.hostname": "web1", "message": "mallory wiped /home/victoria"}
    yield told(
        EventClass.PROCESS_ACTIVITY,
        [{"at": 29 * 86_400.0, **line, "process.cmd_line": "rm -rf /var/log/auth.log /home/victoria"}],
    )


def found(config: Config, shelf: Shelf | None = None) -> tuple[Finding, ...]:
    engine = Engine(config, shelf=shelf)
    for batch in evidence():
        engine.feed(batch, "made.log")
    outcome = engine.close()
    assert not [i for i in outcome.idle if i.broke]
    engine.spool.close()
    return outcome.findings


def renamed(value: str, names: dict[str, str]) -> str:
    for token, name in names.items():
        value = value.replace(token, name)
    return value


def test_findings_are_the_same_but_for_the_names() -> None:
    plain, hidden = found(Config()), found(parse(ON))
    tokens = {t for f in hidden for e in (*f.actors, *f.targets) if e.kind is EntityKind.USER for t in [e.value]}
    assert {f.detector for f in plain} >= {
        "unusual_logon",
        "brute_force",
        "privileged_group",
        "short_lived_account",
        "kerberos_roasting",
        "account_tampering",
    }
    listed = vault().names(tuple(sorted(tokens)), "the test of the law")

    def shape(findings: tuple[Finding, ...], names: dict[str, str]) -> list[tuple[object, ...]]:
        return sorted(
            (
                f.detector,
                f.title,
                str(f.first_seen),
                str(f.last_seen),
                None if f.detector in READS_TEXT else f.score,
                int(f.severity),
                f.event_count,
                f.alert,
                renamed(f.summary, names),
                tuple(sorted(renamed(e.value, names) for e in (*f.actors, *f.targets))),
            )
            for f in findings
        )

    assert shape(hidden, listed) == shape(plain, {})
    read = [sorted(f.score for f in findings if f.detector in READS_TEXT) for findings in (plain, hidden)]
    assert read[1] == pytest.approx(read[0], abs=0.05)


def test_no_name_is_told_or_written(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "profiles", 10_000)
    hidden = found(parse(ON), shelf)
    shelf.save()
    assert not [name for name in PEOPLE for f in hidden if name in repr(f)]
    written = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert any(p.suffix == ".parquet" for p in written)
    leaks = [(p.name, name) for p in written for name in PEOPLE if name.encode() in p.read_bytes()]
    assert not leaks


def test_what_is_kept_on_disk_of_events_holds_no_name(tmp_path: Path) -> None:
    engine = Engine(parse(f"{ON}\n[limits]\nmemory_mb = 64\n"), folder=tmp_path)
    for batch in evidence():
        engine.feed(batch, "made.log")
    engine.close()
    engine.spool.write_parquet(tmp_path / "tables")
    whole = b"".join(p.read_bytes() for p in tmp_path.rglob("*.parquet"))
    assert whole
    assert not [name for name in PEOPLE if name.encode() in whole]
    engine.spool.close()


def test_the_same_site_has_the_same_tokens_in_every_run() -> None:
    one, two = found(parse(ON)), found(parse(ON))
    assert [f.uid for f in one] == [f.uid for f in two]


def test_without_the_switch_nothing_is_made() -> None:
    batch = logons([{"at": 0, "user": "alice", "ok": True}])
    assert Door(Config()).enter(batch) is batch
    assert not vault().folder.exists()


def test_places_are_looked_up(tmp_path: Path) -> None:
    path = tmp_path / "made.mmdb"
    path.write_bytes(database({"192.0.2.0/24": {"country": {"iso_code": "DE"}}}))
    door = Door(parse(f"[intel]\ngeoip = ['{path}']\n"))
    batch = door.enter(logons([{"at": 0, "user": "alice", "ok": True, "source": "192.0.2.9"}]))
    assert batch.frame[COUNTRY].to_list() == ["DE"]
    with pytest.raises(ConfigError, match="not a readable database"):
        Door(parse("[intel]\ngeoip = ['absent.mmdb']\n"))
