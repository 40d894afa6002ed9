from __future__ import annotations

import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from vedette.abc import Origin
from vedette.events.schema import EventClass
from vedette.sources.authlog import AuthLog
from vedette.testing.laws import Law, laws_of
from vedette.testing.laws.source import ShortReads, mutated, read_all, tables

ORIGIN = Origin("auth.log", datetime(2026, 3, 6, tzinfo=UTC))


def read(data: bytes) -> dict[EventClass, pl.DataFrame]:
    return tables(AuthLog(ORIGIN).read(io.BytesIO(data)))


@pytest.mark.parametrize("law", laws_of(AuthLog), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()


def test_the_example_is_four_kinds_of_events() -> None:
    got = read(AuthLog.example().data)
    assert {kind.name: frame["metadata.sequence"].to_list() for kind, frame in got.items()} == {
        "PROCESS_ACTIVITY": [3, 4],
        "EVENT_LOG": [1, 6],
        "ACCOUNT_CHANGE": [5],
        "AUTHENTICATION": [0, 2],
    }


def test_an_invalid_user_is_named_as_given() -> None:
    row = read(AuthLog.example().data)[EventClass.AUTHENTICATION].row(1, named=True)
    assert {k: v for k, v in row.items() if v is not None} == {
        "metadata.sequence": 2,
        "time": datetime(2026, 3, 5, 8, 14, 55, tzinfo=UTC),
        "count": 1,
        "message": "Failed password for invalid user guest from 203.0.113.9 port 41002 ssh2",
        "metadata.log_provider": "authlog",
        "metadata.product.name": "syslog",
        "device.hostname": "mail",
        "actor.process.name": "sshd",
        "actor.process.pid": 845,
        "unmapped": '{"year_assumed":true,"zone_assumed":"UTC"}',
        "activity_id": 1,
        "status_id": 2,
        "status_detail": "invalid user",
        "user.name": "guest",
        "src_endpoint.ip": "203.0.113.9",
        "src_endpoint.port": 41002,
        "service.name": "sshd",
        "is_remote": True,
        "logon_type_id": 3,
        "auth_protocol": "password",
    }


@pytest.mark.parametrize(
    ("head", "taken"),
    [
        (b"Mar  5 08:01:12 mail sshd[801]: x\n", True),
        (b"\xef\xbb\xbfMar  5 08:01:12 mail sshd[801]: x\r\n", True),
        (b"<86>Mar  5 08:01:12 mail sshd[801]: x", True),
        (b"garbage\n2026-03-05T08:01:12.000001+00:00 mail cron[1]: x\n", True),
        (b"<34>1 2026-03-05T08:01:12Z mail su - ID47 - x\n", True),
        (b'{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1","MESSAGE":"x"}\n', True),
        (b'{"ts":1.5,"uid":"C1","id.orig_h":"192.0.2.1"}\n', False),
        (b'{"timestamp":"2026-03-05T08:01:12.000001+0000","event_type":"flow"}\n', False),
        (b"#separator \\x09\n#fields\tts\tuid\n1.0\tC1\n", False),
        (b"2026-03-05 08:01:12,123 INFO main: started\n", False),
        (b"StartTime,Dur,Proto\n", False),
        (b"Dear Sir,\nin March 05 at 08:01 we met\n", False),
        (b"\x00\xff" * 2000, False),
    ],
)
def test_sniffs_syslog_and_the_journal_only(head: bytes, taken: bool) -> None:
    assert AuthLog.sniff(head, "auth.log") is taken


def test_odd_bytes_lose_no_line() -> None:
    data = (
        b"\xef\xbb\xbfMar  5 08:00:00 h sshd[1]: Failed password for a\x00b from 192.0.2.1 port 5 ssh2\r\n"
        b"Mar  5 08:00:01 h sshd[1]: Failed password for \xff\xfe from 192.0.2.1 port 5 ssh2\r\n"
        b"Mar  5 08:00:02 h app[1]: l\xc3\xb6schen \xe5\xae\x8c\xe4\xba\x86\r\n"
        b"\r\n"
        b"no syslog\r\n"
        b"Mar 35 08:00:02 h app[1]: no such day\r\n"
    )
    got = read(data)
    assert got[EventClass.AUTHENTICATION]["user.name"].to_list() == ["a\x00b", "\ufffd\ufffd"]
    assert got[EventClass.EVENT_LOG]["message"].to_list() == ["l\u00f6schen \u5b8c\u4e86"]
    rejects = got[EventClass.REJECT].select("status_detail", "count", "metadata.sequence", "raw_data").rows()
    assert rejects == [
        (f"empty line (first at byte {data.index(bytes([13, 10, 13]), 200) + 2})", 1, 3, "\r"),
        (f"not a syslog line with a valid time (first at byte {data.index(b'no syslog')})", 2, 4, "no syslog\r"),
    ]


@pytest.mark.parametrize("size", [1, 1 << 16, 1 << 20])
def test_many_lines_keep_their_numbers(size: int) -> None:
    lines = [
        b"Mar  5 08:00:00 h sshd[%d]: Failed password for root from 192.0.2.1 port 5 ssh2" % n for n in range(70_000)
    ]
    batches = list(AuthLog(ORIGIN).read(io.BytesIO(b"\n".join(lines[: max(size, 1)]))))
    assert max(len(b) for b in batches) <= 1 << 16
    frame = tables(batches)[EventClass.AUTHENTICATION]
    assert (
        frame["metadata.sequence"].to_list() == frame["actor.process.pid"].to_list() == list(range(min(size, 70_000)))
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1 << 30), st.integers(0, 100))
def test_hostile_bytes_are_rows_or_rejects(seed: int, split: int) -> None:
    data = mutated(AuthLog.example().data * 2, seed)
    whole, parts = tables(read_all(AuthLog, io.BytesIO(data))), tables(read_all(AuthLog, ShortReads(data, split)))
    assert {k: f.sort("metadata.sequence").drop("raw_data", strict=False).rows() for k, f in whole.items() if k} == {
        k: f.select(whole[k].columns).sort("metadata.sequence").rows() for k, f in parts.items() if k
    }
    lines = data.count(b"\n") + (not data.endswith(b"\n") and bool(data))
    assert sum(b.records for b in read_all(AuthLog, io.BytesIO(data))) == lines


@pytest.mark.data
@pytest.mark.parametrize(("name", "failures", "logons"), [("OpenSSH_2k.log", 528, 1), ("Linux_2k.log", 490, 125)])
def test_public_logs(shared_data: Path, name: str, failures: int, logons: int) -> None:
    packed = (shared_data / "host/loghub-2k/loghub-2k.tar.zst").open("rb")
    with packed, tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(packed), mode="r|") as archive:
        file = next(archive.extractfile(m) for m in archive if m.name.endswith(f"/{name}"))
        assert file
        got = read(file.read())
    assert sum(len(f) for f in got.values()) == 2000
    auth = got[EventClass.AUTHENTICATION].filter(pl.col("activity_id") == 1)
    assert auth.filter(pl.col("status_id") == 2)["count"].sum() == failures
    assert auth.filter(pl.col("status_id") == 1)["count"].sum() == logons


STAMP = "Mar  5 08:01:12 mail "
FORMS = {
    "auth.log": STAMP + "{0}{1}: {2}",
    "RFC 3164": "<38>" + STAMP + "{0}{1}: {2}",
    "ISO stamps": "<38>2026-03-05T08:01:12.000000+00:00 mail {0}{1}: {2}",
    "RFC 5424": "<38>1 2026-03-05T08:01:12Z mail {0} {3} - - {2}",
    "RFC 5424 by rsyslog": "<38>1 2026-03-05T08:01:12.000000+00:00 mail {0} {3} - -  {2}",
    "RFC 5424, marked and structured": '<38>1 2026-03-05T09:01:12+01:00 mail {0} {3} ID7 [time@1 a="1"][x b="\\"\\]"] \ufeff{2}',
}
SAID = (
    ("kernel", "", "[ 7201.118822] eth0: link is up"),
    ("sshd", "801", "Accepted publickey for ada from 192.0.2.7 port 50122 ssh2: ED25519 SHA256:c29t"),
    ("sshd", "845", "Failed password for invalid user guest from 203.0.113.9 port 41002 ssh2"),
    ("sshd", "801", "pam_unix(sshd:session): session closed for user ada"),
    ("sudo", "", "ada : TTY=pts/0 ; PWD=/home/ada ; USER=root ; COMMAND=/usr/bin/systemctl restart nginx"),
    ("sudo", "", "ada : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id"),
    (
        "su",
        "900",
        "pam_unix(su:auth): authentication failure; logname=ada uid=1000 euid=0 tty=pts/1 ruser=ada rhost=  user=root",
    ),
    ("useradd", "877", "new user: name=grace, UID=1001, GID=1001, home=/home/grace, shell=/bin/bash, from=/dev/pts/0"),
)


def _in(form: str) -> dict[EventClass, pl.DataFrame]:
    lines = (form.format(name, f"[{pid}]" if pid else "", text, pid or "-") for name, pid, text in SAID)
    found = read(("\n".join(lines) + "\n").encode())
    return {
        kind: frame.drop("unmapped", strict=False) for kind, frame in found.items()
    }  # what was assumed about a time


@pytest.mark.parametrize("form", list(FORMS)[1:])
def test_however_syslog_carries_it_the_event_is_the_same(form: str) -> None:
    plain, carried = _in(FORMS["auth.log"]), _in(FORMS[form])
    assert set(plain) == set(AuthLog.emits)
    assert carried.keys() == plain.keys()
    for kind, frame in plain.items():
        assert_frame_equal(carried[kind].select(frame.columns), frame)
    assert AuthLog.sniff(FORMS[form].format("su", "", "x", "-").encode(), "")
