"""What the programs write about logins, accounts and commands: one row of the table a form.

One attempt is one row. Where two programs report the same attempt, one of them counts and the other stays an event log row:

* sshd: "Failed" and "Accepted" lines count, and "error: PAM: ..." for keyboard-interactive. PAM's own lines do not, nor "Invalid user",
  "Failed none", "Failed keyboard-interactive/pam", "maximum authentication attempts exceeded" and lines about the end of a connection. The
  session's end, which only PAM reports by user, is the logoff. An old sshd for which PAM logs as "sshd(pam_unix)" (before 2006) often
  wrote its own lines to another file: there PAM's lines count, and a file that holds both counts a failure twice.
* sudo: "N incorrect password attempts" counts, not PAM's failure; opening and closing of the session by PAM are logon and logoff, the
  command is process activity.
* su, login, ftp and every other program with PAM: PAM's lines count, not the program's own. Without PAM (BSD) the program's own.
* dovecot: its own lines count. cron and the systemd user manager open and close sessions of nobody: event log.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from vedette.events.schema import EventClass

LOGON, LOGOFF, OTHER = 1, 2, 99
LAUNCH = 1
CREATE, PASSWORD_CHANGE, DELETE, LOCK, UNLOCK = 1, 3, 6, 9, 12
SUCCESS, FAILURE = 1, 2

_AUTH, _LOG = EventClass.AUTHENTICATION, EventClass.EVENT_LOG
_ACCOUNT, _PROCESS = EventClass.ACCOUNT_CHANGE, EventClass.PROCESS_ACTIVITY

FAMILIES: dict[str, str] = {
    **dict.fromkeys(("sshd", "sshd-session", "sshd-auth", "sshd.pl"), "sshd"),
    **dict.fromkeys(("sudo", "sudo-rs"), "sudo"),
    **dict.fromkeys(("su", "su-l", "runuser"), "su"),
    **dict.fromkeys(
        (
            "useradd",
            "usermod",
            "userdel",
            "groupadd",
            "groupmod",
            "groupdel",
            "passwd",
            "chpasswd",
            "gpasswd",
            "chage",
            "chsh",
            "chfn",
            "newusers",
        ),
        "account",
    ),
    **dict.fromkeys(("cron", "CRON", "crond", "CROND", "/usr/sbin/cron", "anacron", "crontab"), "cron"),
    "systemd-logind": "logind",
    "dovecot": "dovecot",
    "dropbear": "dropbear",
    **dict.fromkeys(("vsftpd", "ftpd", "proftpd", "pure-ftpd"), "ftp"),
    "login": "login",
}
"""Program -> the family whose forms are tried."""

SERVICE_OF_FAMILY = {"sshd": "sshd", "cron": "cron"}
"""Families whose programs are one service; else the program's own name is the service."""

NETWORK_SERVICES = (
    "sshd",
    "dropbear",
    "dovecot",
    "vsftpd",
    "ftpd",
    "proftpd",
    "pure-ftpd",
    "ftp",
    "samba",
    "xrdp-sesman",
    "telnet",
    "rlogin",
    "remote",
)
"""Services that are only reached from afar: logon type 3 (Network)."""

_SESSIONS_OF_NOBODY = ("cron", "crond", "systemd-user", "atd")
_SELF_REPORTING = ("sshd", "sudo", "sudo-i", "dovecot", *_SESSIONS_OF_NOBODY)


@dataclass(frozen=True, slots=True)
class Form:
    """One message form.

    Attributes:
        pattern: its groups are named after what they hold: user, addr, port, how (authentication method), by (who acts), n (how often),
            target (whose rights), cmd, pwd, group, uid, result, detail.
        sets: constant columns.
        but: services for which the form does not count (PAM's lines only).
    """

    kind: EventClass
    pattern: str
    sets: dict[str, int | str] = field(default_factory=dict)
    but: tuple[str, ...] = ()


def _auth(
    status: int, pattern: str, detail: str = "", *, activity: int = LOGON, how: str = "", but: tuple[str, ...] = ()
) -> Form:
    sets: dict[str, int | str] = {"activity_id": activity, "status_id": status}
    return Form(
        _AUTH,
        pattern,
        sets | ({"status_detail": detail} if detail else {}) | ({"auth_protocol": how} if how else {}),
        but,
    )


def _log(pattern: str, detail: str = "", status: int = 0) -> Form:
    return Form(
        _LOG, pattern, ({"status_detail": detail} if detail else {}) | ({"status_id": status} if status else {})
    )


def _account(activity: int, pattern: str, detail: str = "", status: int = SUCCESS) -> Form:
    sets: dict[str, int | str] = {"activity_id": activity, "status_id": status}
    return Form(_ACCOUNT, pattern, sets | ({"status_detail": detail} if detail else {}))


_HOW = r"(?P<how>password|publickey|hostbased|gssapi[a-z-]*|rsa|rhosts[a-z-]*|challenge-response|keyboard-interactive(?:/bsdauth|/skey)?)"
_HOW_ACCEPTED = r"(?P<how>[^ ]+)"
_WHERE = r" from (?P<addr>[^ ]+) port (?P<port>[0-9]+)(?: ssh[0-9]?)?"
_WORD, _ANY = (
    r"(?P<user>[^ ]*)",
    r"(?P<user>.*)",
)  # names with spaces are rare: tried last, since they cost the slow engine
_ADDRESS = r"(?P<addr>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]+)"
_PAM_ERROR = "^error: PAM: [A-Z][A-Za-z ]+ for "
_PAM_WHO = (
    r"; logname=(?P<by>[^ ]*) uid=[0-9-]* euid=[0-9-]* tty=[^ ]* ruser=(?P<ruser>[^ ]*)"
    r" rhost=(?P<addr>[^ ]*)(?: +user=(?P<user>.*?))? *$"
)
_SUDO_WHO = r"^ *(?P<by>[^ ]+) : "
_SUDO_REST = (
    r"(?:TTY=[^;]* ; )?(?:PWD=(?P<pwd>.*?) ; )?USER=(?P<target>[^ ]+) ; (?:[A-Z]+=.*? ; )*?COMMAND=(?P<cmd>.*)$"
)

FORMS: dict[str, tuple[Form, ...]] = {
    "sshd": (
        _auth(FAILURE, "^Failed " + _HOW + " for " + _WORD + _WHERE + "$"),
        _auth(FAILURE, "^Failed " + _HOW + " for (?:invalid|illegal) user " + _WORD + _WHERE + "$", "invalid user"),
        _auth(
            FAILURE, "^Failed " + _HOW + " for (?:invalid|illegal) user " + _ANY + _WHERE + "(?:: .*)?$", "invalid user"
        ),
        _auth(FAILURE, "^Failed " + _HOW + " for " + _ANY + _WHERE + "(?:: .*)?$"),
        _auth(SUCCESS, "^Accepted " + _HOW_ACCEPTED + " for " + _ANY + _WHERE + "(?:: .*)?$"),
        _auth(
            FAILURE,
            _PAM_ERROR + "(?:invalid|illegal) user " + _ANY + " from (?P<addr>[^ ]+)",
            "invalid user",
            how="keyboard-interactive",
        ),
        _auth(FAILURE, _PAM_ERROR + _ANY + " from (?P<addr>[^ ]+)", how="keyboard-interactive"),
        _log("^Invalid user " + _ANY + r" from (?P<addr>[^ ]+)(?: port (?P<port>[0-9]+))?$", "invalid user", FAILURE),
        _log(
            "^Failed none for (?:(?:invalid|illegal) user )?" + _ANY + _WHERE,
            "asked which methods are allowed",
            FAILURE,
        ),
        _log(
            "^(?:error: )?maximum authentication attempts exceeded for (?:invalid user )?" + _ANY + _WHERE,
            "maximum authentication attempts exceeded",
            FAILURE,
        ),
        _log(
            "^(?:Connection (?:closed|reset) by|Disconnected from|Disconnecting) (?:authenticating|invalid) user "
            + _ANY
            + r" (?P<addr>[^ ]+) port (?P<port>[0-9]+)",
            "closed before authentication",
            FAILURE,
        ),
        _log(
            "^Did not receive identification string from (?P<addr>[^ ]+)(?: port (?P<port>[0-9]+))?",
            "no identification",
            FAILURE,
        ),
        _log("^User " + _ANY + " from (?P<addr>[^ ]+) not allowed because (?P<detail>.*)$", status=FAILURE),
        _log(r"^Disconnected from user " + _WORD + r" (?P<addr>[^ ]+) port (?P<port>[0-9]+)"),
        _log(r"(?:from|by|with) (?:[^ ]+ )?\[?" + _ADDRESS + r"\]?:?(?: port (?P<port>[0-9]+))?"),
        _log(_ADDRESS),
    ),
    "pam": (
        _auth(FAILURE, "^authentication failure" + _PAM_WHO, but=_SELF_REPORTING),
        _auth(FAILURE, "^(?P<n>[0-9]{1,9}) more authentication failures?" + _PAM_WHO, but=_SELF_REPORTING),
        _auth(
            SUCCESS,
            r"^session opened for user (?P<user>[^ (]+)(?:\(uid=[0-9]+\))?(?: by (?P<by>[^ (]*)(?:\(uid=[0-9]+\))?)?",
            but=("sshd", *_SESSIONS_OF_NOBODY),
        ),
        _auth(SUCCESS, r"^session closed for user (?P<user>[^ (]+)", activity=LOGOFF, but=_SESSIONS_OF_NOBODY),
        _account(PASSWORD_CHANGE, r"^password changed for (?P<user>[^ ]+)"),
        _log("^(?:[0-9]+ more )?authentication failures?" + _PAM_WHO, "reported by the service itself", FAILURE),
        _log(r"^session (?:opened|closed) for user (?P<user>[^ (]+)"),
    ),
    "sudo": (
        Form(_PROCESS, _SUDO_WHO + _SUDO_REST, {"activity_id": LAUNCH, "status_id": SUCCESS}),
        _auth(
            FAILURE,
            r"^ *(?P<user>[^ ]+) : (?P<n>[0-9]{1,9}) incorrect password attempts? ; " + _SUDO_REST,
            "incorrect password",
            how="password",
        ),
        _auth(FAILURE, r"^ *(?P<user>[^ ]+) : (?P<detail>[^;=]+?) ; " + _SUDO_REST),
        _log(r"^ *(?P<by>[^ ]+) : "),
    ),
    "su": (
        _auth(FAILURE, r"^BAD SU (?P<by>[^ ]+) to (?P<user>[^ ]+) on"),
        _auth(SUCCESS, r"^(?P<by>[^ ]+) to (?P<user>[^ ]+) on [^ ]+$"),
        _log(r"^FAILED (?:SU|su) (?:\(to [^)]*\)|for [^ ]+ by) (?P<by>[^ ]+)", "reported by PAM", FAILURE),
        _log(r"^(?:\(to [^)]*\)|Successful su for [^ ]+ by) (?P<by>[^ ]+)"),
    ),
    "login": (
        _log(r"^FAILED LOGIN .*?(?: FROM (?P<addr>[^ ]+))? FOR '?(?P<user>[^' ,]*)", "reported by PAM", FAILURE),
        _log(r"^(?:ROOT )?LOGIN ON [^ ]+ BY (?P<user>[^ ]+)(?: FROM (?P<addr>[^ ]+))?"),
    ),
    "account": (
        _account(CREATE, r"^new user: name=(?P<user>[^,]+)(?:, UID=(?P<uid>[0-9]+))?"),
        _account(CREATE, r"^new account added - account=(?P<user>[^,]+)(?:, uid=(?P<uid>[0-9]+))?"),
        _account(CREATE, r"^failed adding user '(?P<user>[^']*)'", status=FAILURE),
        _account(DELETE, r"^(?:delete|remove) user '(?P<user>[^']*)'"),
        _log(r"^(?:add|delete) '(?P<user>[^']*)' (?:to|from) shadow group", "the same change, in the shadow file"),
        _account(OTHER, r"^add '(?P<user>[^']*)' to group '(?P<group>[^']*)'", "added to a group"),
        _account(OTHER, r"^delete '(?P<user>[^']*)' from group '(?P<group>[^']*)'", "taken from a group"),
        _account(OTHER, r"^user (?P<user>[^ ]+) added by (?P<by>[^ ]+) to group (?P<group>[^ ]+)", "added to a group"),
        _account(
            OTHER, r"^user (?P<user>[^ ]+) removed by (?P<by>[^ ]+) from group (?P<group>[^ ]+)", "taken from a group"
        ),
        _account(PASSWORD_CHANGE, r"^(?:change user '(?P<user>[^']*)' password|password changed for )"),
        _account(PASSWORD_CHANGE, r"^password for '?(?P<user>[^' ]+)'? changed by '?(?P<by>[^' ]+)"),
        _account(LOCK, r"^lock user '(?P<user>[^']*)' password"),
        _account(UNLOCK, r"^unlock user '(?P<user>[^']*)' password"),
        _account(OTHER, r"^change user name '(?P<user>[^']*)' to '(?P<result>[^']*)'", "renamed"),
        _account(OTHER, r"^change user '(?P<user>[^']*)' (?P<detail>.*)$"),
        _account(OTHER, r"^new group: name=(?P<group>[^,]+)", "group created"),
        _account(OTHER, r"^group '?(?P<group>[^' ]+)'? removed$", "group deleted"),
        _account(OTHER, r"^(?:removed|delete) group '(?P<group>[^']*)'", "group deleted"),
        _log(r"^group (?:added to|'[^']*' removed from)", "the same change, by file"),
    ),
    "cron": (
        Form(
            _PROCESS,
            r"^\((?P<target>[^)]+)\) CMD \((?P<cmd>.*)\)$",
            {"activity_id": LAUNCH, "status_id": SUCCESS},
        ),
        _log(r"^\((?P<by>[^)]+)\) [A-Z]"),
    ),
    "logind": (_log(r"^New session [^ ]+ of user (?P<user>[^ ]+?)\.?$"),),
    "dovecot": (
        _auth(
            SUCCESS,
            r"^[a-z0-9-]+-login: (?:Info: )?Login: user=<(?P<user>[^>]*)>(?:, method=(?P<how>[^,]*))?, rip=(?P<addr>[^, ]+)",
        ),
        _auth(
            FAILURE,
            r"^[a-z0-9-]+-login: .*\(auth failed, (?P<n>[0-9]{1,9}) attempts.*"
            r"user=<(?P<user>[^>]*)>(?:, method=(?P<how>[^,]*))?, rip=(?P<addr>[^, ]+)",
        ),
    ),
    "dropbear": (
        _auth(
            FAILURE, r"^Bad password attempt for '(?P<user>.*)' from (?P<addr>[^ ]+):(?P<port>[0-9]+)$", how="password"
        ),
        _auth(
            FAILURE,
            r"^Login attempt for nonexistent user(?: '(?P<user>.*)')? from (?P<addr>[^ ]+):(?P<port>[0-9]+)$",
            "invalid user",
        ),
        _auth(
            SUCCESS,
            r"^Password auth succeeded for '(?P<user>.*)' from (?P<addr>[^ ]+):(?P<port>[0-9]+)$",
            how="password",
        ),
        _auth(
            SUCCESS,
            r"^Pubkey auth succeeded for '(?P<user>.*)' with .* from (?P<addr>[^ ]+):(?P<port>[0-9]+)$",
            how="publickey",
        ),
        _log(r"from <?" + _ADDRESS + r"(?::(?P<port>[0-9]+))?"),
    ),
    "ftp": (
        _auth(SUCCESS, r"^(?:\[pid [0-9]+\] )?\[(?P<user>[^\]]*)\] OK LOGIN: Client \"(?P<addr>[^\"]+)\""),
        _log(
            r"^(?:\[pid [0-9]+\] )?\[(?P<user>[^\]]*)\] FAIL LOGIN: Client \"(?P<addr>[^\"]+)\"",
            "reported by PAM",
            FAILURE,
        ),
        _auth(SUCCESS, r"^(?P<user>ANONYMOUS) FTP LOGIN FROM (?P<addr>[^ ,]+)"),
        _auth(SUCCESS, r"^FTP LOGIN FROM (?P<addr>[^ ,]+).* as (?P<user>[^ ]+)"),
        _log(r"^FTP LOGIN FAILED FROM (?P<addr>[^ ,]+)", "reported by PAM", FAILURE),
        _log(r"^(?:connection|ANONYMOUS FTP LOGIN REFUSED|FAILED LOGIN|CONNECT) ?(?:from|FROM) (?P<addr>[^ ,]+)"),
    ),
}
"""Family -> forms in the order they are tried. What no form takes becomes an event log row."""
