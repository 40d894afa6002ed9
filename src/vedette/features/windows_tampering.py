"""What Windows itself logs when its logs, its audit policy, its clock or its virus scanner are tampered with; a row per such event."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass

_PROVIDER, _CODE = pl.col("metadata.log_provider"), pl.col("metadata.event_code")
_SECURITY, _DEFENDER, _SERVICES = (
    "Microsoft-Windows-Security-Auditing",
    "Microsoft-Windows-Windows Defender",
    "Service Control Manager",
)
_LOGGING = (
    "Windows Event Log",
    "EventLog",
    "Sysmon",
    "Sysmon64",
    "Windows Event Collector",
    "Elastic Agent",
    "winlogbeat",
    "nxlog",
)
"""Services that log or forward, by display name or short name."""
_SCANNING = (
    "Windows Defender Antivirus Service",
    "Microsoft Defender Antivirus Service",
    "WinDefend",
    "Windows Defender Firewall",
    "MpsSvc",
)
_AUDIT_REMOVED = r"%%8448|%%8450"
"""Message ids of "Success removed" and "Failure removed" (4719)."""
_SWITCHED_OFF = (
    r"(?i)\\(?:Disable(?:AntiSpyware|AntiVirus|\w+Monitoring|\w+Protection|\w+Scanning) = 0x1|SpyNetReporting = 0x0)"
)
_EXCLUDED = r"(?i)\\Exclusions\\(Paths|Processes|Extensions|IpAddresses)\\(.{1,160}?) = 0x0"
LONG_JUMP = timedelta(minutes=30)
_KEEPS_TIME = r"(?i)\\(?:VBoxService|vmtoolsd|svchost|vmicvss|xenguestagent|qemu-ga|w32tm)\.exe$"
"""Programs that set the clock of a guest or from the network."""


class WindowsTampering(EventFeatures):
    """A row per event by which Windows says that somebody cleared a log, took auditing back, set the clock or stopped a guard.

    ``act`` is what was done, in words; ``technique`` its ATT&CK id; ``weight`` the nats that it speaks for an intruder, before who did it.
    """

    name = "windows_tampering"
    needs = EventClass.EVENT_LOG
    requires = ("metadata.log_provider", "metadata.event_code")
    uses = (
        "activity_id",
        "log_name",
        "device.hostname",
        "actor.user.name",
        "actor.user.domain",
        "actor.process.file.path",
        "unmapped.AuditPolicyChanges",
        "unmapped.param1",
        "unmapped.param3",
        "unmapped.param4",
        "unmapped.New Value",
        "unmapped.State",
        "unmapped.PreviousTime",
        "unmapped.NewTime",
    )
    keys = ("host", "account", "act")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        account = pl.col("actor.user.name")
        rows = events.filter(_WORTH).with_columns(
            host=pl.col("device.hostname"),
            account=pl.when(~account.str.ends_with("$")).then(account),
            by_machine=account.str.ends_with("$").fill_null(value=False),
            jump=_moment("unmapped.NewTime") - _moment("unmapped.PreviousTime"),
        )
        done = pl.coalesce(pl.when(condition).then(pl.struct(_act(*told))) for condition, told in _ACTS)
        rows = rows.with_columns(done=done).filter(pl.col("done").is_not_null()).unnest("done")
        return rows.select(
            *(
                "time",
                "metadata.log_name",
                "metadata.sequence",
                "host",
                "account",
                "by_machine",
                "act",
                "technique",
                "weight",
            )
        )


def _act(act: pl.Expr | str, technique: str, weight: float) -> list[pl.Expr]:
    words = pl.lit(act) if isinstance(act, str) else act
    return [words.alias("act"), pl.lit(technique).alias("technique"), pl.lit(weight).alias("weight")]


def _moment(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 19).str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False)


def _event(provider: str, *codes: str) -> pl.Expr:
    return (provider == _PROVIDER) & _CODE.is_in(codes)


_EVENTS: dict[str, tuple[str, ...]] = {
    "Microsoft-Windows-Eventlog": ("1102", "104"),
    _SECURITY: ("4719", "4616"),
    _DEFENDER: ("5001", "5007", "5010", "5012", "5013"),
    _SERVICES: ("7040", "7031", "7034"),
    "Microsoft-Windows-Sysmon": ("4",),
}
_WORTH = pl.any_horizontal(_event(provider, *codes) for provider, codes in _EVENTS.items())
_NEW = pl.col("unmapped.New Value")
_SERVICE = pl.coalesce("unmapped.param4", "unmapped.param1")
_NAMED = pl.col("unmapped.param1").is_in(_LOGGING + _SCANNING) | pl.col("unmapped.param4").is_in(_LOGGING + _SCANNING)
_AHEAD = pl.col("jump").dt.total_minutes()
_JUMPED = _AHEAD.abs() >= LONG_JUMP.total_seconds() / 60
_BY_HAND = ~pl.col("actor.process.file.path").fill_null("").str.contains(_KEEPS_TIME)
_CLOCK = pl.format(
    "set the clock {} by {} h",
    pl.when(_AHEAD < 0).then(pl.lit("back")).otherwise(pl.lit("forward")),
    (_AHEAD.abs() / 60).round(1),
)

_Told = tuple[pl.Expr | str, str, float]
_ACTS: tuple[tuple[pl.Expr, _Told], ...] = (
    (
        _event("Microsoft-Windows-Eventlog", "1102", "104"),
        (pl.format("cleared the log {}", pl.col("log_name").fill_null("Security")), "T1070.001", 6.0),
    ),
    (
        _event(_SECURITY, "4719") & pl.col("unmapped.AuditPolicyChanges").str.contains(_AUDIT_REMOVED),
        ("took auditing back for a kind of event", "T1562.002", 5.0),
    ),
    (_event(_SECURITY, "4616") & _JUMPED & _BY_HAND, (_CLOCK, "T1070.006", 4.0)),
    (_event(_DEFENDER, "5001"), ("switched off the real-time protection of Defender", "T1562.001", 5.0)),
    (_event(_DEFENDER, "5010", "5012"), ("switched off a scanner of Defender", "T1562.001", 5.0)),
    (
        _event(_DEFENDER, "5007") & _NEW.str.contains(_EXCLUDED),
        (pl.format("told Defender not to look at {}", _NEW.str.extract(_EXCLUDED, 2)), "T1562.001", 4.0),
    ),
    (
        _event(_DEFENDER, "5007") & _NEW.str.contains(_SWITCHED_OFF),
        ("weakened Defender's settings", "T1562.001", 4.0),
    ),
    (_event(_DEFENDER, "5013"), ("tried to change Defender, which refused", "T1562.001", 4.0)),
    (
        _event(_SERVICES, "7040") & _NAMED & (pl.col("unmapped.param3") == "disabled"),
        (pl.format("disabled the service {}", _SERVICE), "T1562.002", 5.0),
    ),
    (
        _event(_SERVICES, "7031", "7034") & _NAMED,
        (pl.format("made the service {} crash or end", pl.col("unmapped.param1")), "T1562.002", 4.0),
    ),
    (
        _event("Microsoft-Windows-Sysmon", "4") & (pl.col("unmapped.State") == "Stopped"),
        ("stopped Sysmon", "T1562.001", 2.0),
    ),
)
"""Condition; what was done, ATT&CK id, nats. The first that holds counts. (7036, a stop, is said at every shutdown, so it is none.)"""
