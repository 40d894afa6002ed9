# ruff: noqa: E501 - the table of forms shows whole lines
from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from vedette.events.schema import EventClass
from vedette.sources.authlog.auth_rows import AuthRows
from vedette.sources.authlog.syslog_lines import LINES

AUTH, LOG, ACCOUNT, PROCESS = (
    EventClass.AUTHENTICATION,
    EventClass.EVENT_LOG,
    EventClass.ACCOUNT_CHANGE,
    EventClass.PROCESS_ACTIVITY,
)
ON, OFF, OTHER = 1, 2, 99
PAM = "authentication failure; logname=bob uid=1000 euid=0 tty=pts/0 ruser="


def rows(*lines: tuple[str | None, str], kinds: AuthRows | None = None) -> list[tuple[EventClass, dict[str, object]]]:
    """Return class and columns of (program, message) lines, in order."""
    when = datetime(2026, 3, 5, tzinfo=UTC)
    frame = pl.DataFrame(
        [(n, when, "host", program, "7", message, None) for n, (program, message) in enumerate(lines)],
        schema=LINES,
        orient="row",
    )
    made = [(b.kind, row) for b in (kinds or AuthRows("syslog")).batches(frame) for row in b.frame.to_dicts()]
    return sorted(made, key=lambda kind_row: int(str(kind_row[1]["metadata.sequence"])))


SHORT = {
    "user": "user.name",
    "by": "actor.user.name",
    "ip": "src_endpoint.ip",
    "port": "src_endpoint.port",
    "name": "src_endpoint.hostname",
    "how": "auth_protocol",
    "status": "status_id",
    "activity": "activity_id",
    "detail": "status_detail",
    "service": "service.name",
    "remote": "is_remote",
    "cmd": "process.cmd_line",
    "path": "process.file.path",
    "target": "process.user.name",
    "pwd": "process.working_directory",
    "uid": "user.uid",
    "result": "user_result.name",
    "count": "count",
    "unmapped": "unmapped",
}


@pytest.mark.parametrize(
    ("program", "message", "kind", "want"),
    [
        ("sshd", "Failed password for root from 192.0.2.1 port 5 ssh2", AUTH, {"user": "root", "ip": "192.0.2.1", "port": 5, "how": "password", "status": 2}),
        ("sshd", "Failed password for illegal user x from ::ffff:192.0.2.1 port 5", AUTH, {"user": "x", "ip": "192.0.2.1", "detail": "invalid user"}),
        ("sshd", "Failed password for invalid user  from 2001:db8::1 port 5 ssh2", AUTH, {"user": None, "ip": "2001:db8::1"}),
        (
            "sshd",
            "Failed password for invalid user a from 192.0.2.66 port 1 ssh2 from 192.0.2.1 port 5 ssh2",
            AUTH,
            {"user": "a from 192.0.2.66 port 1 ssh2", "ip": "192.0.2.1", "port": 5},
        ),
        ("sshd", "Failed publickey for bob from host.example port 5 ssh2: RSA SHA256:x", AUTH, {"user": "bob", "ip": None, "name": "host.example", "how": "publickey"}),
        ("sshd-session", "Accepted publickey for bob from 192.0.2.1 port 5 ssh2: ED25519 SHA256:x", AUTH, {"user": "bob", "status": 1, "service": "sshd", "remote": True}),
        ("sshd", "Accepted keyboard-interactive/pam for bob from 192.0.2.1 port 5 ssh2", AUTH, {"how": "keyboard-interactive/pam", "status": 1}),
        ("sshd", "error: PAM: Authentication failure for illegal user x from 192.0.2.1", AUTH, {"user": "x", "detail": "invalid user", "how": "keyboard-interactive"}),
        ("sshd", "error: PAM: Authentication failure for root from evil.example", AUTH, {"user": "root", "name": "evil.example", "status": 2}),
        ("sshd", "Failed keyboard-interactive/pam for root from 192.0.2.1 port 5 ssh2", LOG, {"ip": "192.0.2.1"}),
        ("sshd", "Failed none for invalid user x from 192.0.2.1 port 5 ssh2", LOG, {"by": "x", "ip": "192.0.2.1"}),
        ("sshd", "Invalid user a b from 192.0.2.1 port 5", LOG, {"by": "a b", "ip": "192.0.2.1", "port": 5, "status": 2, "detail": "invalid user"}),
        ("sshd", "Connection closed by authenticating user root 192.0.2.1 port 5 [preauth]", LOG, {"by": "root", "ip": "192.0.2.1", "port": 5, "status": 2}),
        ("sshd", "Connection reset by invalid user x 192.0.2.1 port 5 [preauth]", LOG, {"by": "x", "port": 5}),
        ("sshd", "Connection closed by 192.0.2.1 [preauth]", LOG, {"ip": "192.0.2.1", "port": None}),
        ("sshd", "error: maximum authentication attempts exceeded for root from 192.0.2.1 port 5 ssh2 [preauth]", LOG, {"by": "root", "ip": "192.0.2.1"}),
        ("sshd", "Disconnected from user bob 192.0.2.1 port 5", LOG, {"by": "bob", "ip": "192.0.2.1"}),
        ("sshd", "Received disconnect from 192.0.2.1: 11: Bye Bye [preauth]", LOG, {"ip": "192.0.2.1"}),
        ("sshd", "Received disconnect from 2001:db8::1 port 5:11: Bye [preauth]", LOG, {"ip": "2001:db8::1", "port": 5}),
        ("sshd", "Did not receive identification string from 192.0.2.1", LOG, {"ip": "192.0.2.1"}),
        ("sshd", "Unable to negotiate with 192.0.2.1 port 5: no matching cipher", LOG, {"ip": "192.0.2.1", "port": 5}),
        ("sshd", "reverse mapping checking getaddrinfo for a.example [192.0.2.1] failed", LOG, {"ip": "192.0.2.1"}),
        ("sshd", "User bob from 192.0.2.1 not allowed because not listed in AllowUsers", LOG, {"by": "bob", "detail": "not listed in AllowUsers"}),
        ("sshd", "Server listening on 0.0.0.0 port 22.", LOG, {"status": None}),
        ("sshd", f"pam_unix(sshd:auth): {PAM} rhost=192.0.2.1  user=root", LOG, {"ip": "192.0.2.1", "by": "bob", "status": 2}),
        ("sshd", "PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  user=root", LOG, {"ip": "192.0.2.1"}),
        ("sshd", "pam_unix(sshd:session): session opened for user bob(uid=1000) by (uid=0)", LOG, {"by": "bob"}),
        ("sshd", "pam_unix(sshd:session): session closed for user bob", AUTH, {"user": "bob", "activity": OFF, "status": 1, "service": "sshd"}),
        ("sshd(pam_unix)", f"{PAM} rhost=evil.example  user=root", AUTH, {"user": "root", "name": "evil.example", "service": "sshd", "status": 2, "remote": True}),
        ("sshd(pam_unix)", f"{PAM} rhost=192.0.2.1 ", AUTH, {"user": None, "ip": "192.0.2.1"}),
        ("vsftpd", "pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=eve rhost=::ffff:192.0.2.1", AUTH, {"user": "eve", "ip": "192.0.2.1"}),
        ("su", f"pam_unix(su:auth): {PAM}bob rhost=  user=root", AUTH, {"user": "root", "by": "bob", "status": 2, "remote": False, "service": "su"}),
        ("su", "pam_unix(su:session): session opened for user root(uid=0) by bob(uid=1000)", AUTH, {"user": "root", "by": "bob", "activity": ON, "status": 1}),
        ("su", "(to root) bob on pts/0", LOG, {"by": "bob"}),
        ("su", "FAILED SU (to root) bob on pts/0", LOG, {"by": "bob", "status": 2}),
        ("su", "BAD SU bob to root on /dev/ttyp0", AUTH, {"user": "root", "by": "bob", "status": 2}),
        ("login", "pam_unix(login:auth): 3 more authentication failures; logname=LOGIN uid=0 euid=0 tty=/dev/tty1 ruser= rhost=  user=root", AUTH, {"count": 3, "user": "root"}),
        ("passwd", "pam_unix(passwd:chauthtok): password changed for bob", ACCOUNT, {"user": "bob", "activity": 3}),
        ("cron", "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)", LOG, {"by": "root"}),
        (
            "sudo",
            "     bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/sh -c id; whoami",
            PROCESS,
            {"by": "bob", "target": "root", "cmd": "/bin/sh -c id; whoami", "path": "/bin/sh", "pwd": "/home/bob", "activity": 1},
        ),
        ("sudo", "bob : PWD=/ ; USER=www ; GROUP=www ; TSID=0001 ; ENV=A=1 ; COMMAND=/usr/bin/id", PROCESS, {"target": "www", "cmd": "/usr/bin/id"}),
        ("sudo", "bob : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls", AUTH, {"user": "bob", "count": 3, "status": 2}),
        ("sudo", "bob : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls", AUTH, {"user": "bob", "detail": "user NOT in sudoers", "status": 2}),
        ("sudo", f"pam_unix(sudo:auth): {PAM}bob rhost=  user=bob", LOG, {"by": "bob"}),
        ("sudo", "pam_unix(sudo:session): session opened for user root(uid=0) by bob(uid=1000)", AUTH, {"user": "root", "by": "bob", "service": "sudo"}),
        ("useradd", "new user: name=eve, UID=0, GID=0, home=/root, shell=/bin/sh", ACCOUNT, {"user": "eve", "uid": "0", "activity": 1}),
        ("usermod", "add 'eve' to group 'sudo'", ACCOUNT, {"user": "eve", "activity": OTHER, "detail": "added to a group", "unmapped": '{"group":"sudo"}'}),
        ("usermod", "add 'eve' to shadow group 'sudo'", LOG, {"by": "eve"}),
        ("gpasswd", "user eve added by root to group wheel", ACCOUNT, {"user": "eve", "by": "root"}),
        ("userdel", "delete user 'eve'", ACCOUNT, {"user": "eve", "activity": 6}),
        ("usermod", "change user name 'eve' to 'adam'", ACCOUNT, {"user": "eve", "result": "adam"}),
        ("usermod", "lock user 'eve' password", ACCOUNT, {"user": "eve", "activity": 9}),
        ("groupadd", "new group: name=x\"y, GID=1001", ACCOUNT, {"unmapped": '{"group":"x?y"}'}),
        ("passwd", "password for 'eve' changed by 'root'", ACCOUNT, {"user": "eve", "by": "root", "activity": 3}),
        ("CRON", "(bob) CMD (/opt/job)", PROCESS, {"target": "bob", "by": "bob", "cmd": "/opt/job", "path": "/opt/job"}),
        ("/usr/sbin/cron", "(bob) RELOAD (crontabs/bob)", LOG, {"by": "bob"}),
        ("systemd-logind", "New session 4 of user bob.", LOG, {"by": "bob"}),
        ("dovecot", "imap-login: Login: user=<bob>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.2, mpid=1", AUTH, {"user": "bob", "how": "PLAIN", "ip": "192.0.2.1", "status": 1}),
        (
            "dovecot",
            "pop3-login: Disconnected (auth failed, 4 attempts in 9 secs): user=<bob>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.2",
            AUTH,
            {"user": "bob", "count": 4, "status": 2, "ip": "192.0.2.1"},
        ),
        ("dropbear", "Bad password attempt for 'root' from 192.0.2.1:5", AUTH, {"user": "root", "ip": "192.0.2.1", "port": 5, "status": 2}),
        ("ftpd", "connection from 192.0.2.1 (a.example) at Fri Jun 17 07:07:00 2005", LOG, {"ip": "192.0.2.1"}),
        ("kernel", "eth0: link is up", LOG, {}),
        (None, "no tag", LOG, {}),
        ("sshd", "message repeated 4 times: [ Failed password for root from 192.0.2.1 port 5 ssh2]", AUTH, {"count": 4, "user": "root"}),
    ],
)  # fmt: skip
def test_form(program: str | None, message: str, kind: EventClass, want: dict[str, object]) -> None:
    ((got, row),) = rows((program, message))
    assert got is kind
    assert {key: row.get(SHORT[key]) for key in want} == want


def test_last_message_repeated_means_the_line_before_also_across_frames() -> None:
    kinds = AuthRows("syslog")
    line, again = (
        ("sshd", "Failed password for root from 192.0.2.1 port 5 ssh2"),
        (None, "last message repeated 2 times"),
    )
    got = rows(line, again, ("kernel", "x"), again, line, kinds=kinds) + rows(again, kinds=kinds)
    assert [(k, r["count"]) for k, r in got] == [(AUTH, 1), (AUTH, 2), (LOG, 1), (LOG, 2), (AUTH, 1), (AUTH, 2)]
    assert got[1][1]["src_endpoint.ip"] == "192.0.2.1"


def test_the_first_line_may_be_a_repetition_of_nothing() -> None:
    assert [(k, r["message"]) for k, r in rows((None, "last message repeated 2 times"))] == [
        (LOG, "last message repeated 2 times")
    ]
