"""What changes on a Windows host, with the signs of an intruder in it: a row per change that holds one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass
from vedette.features.host_change_signs import SIGNS
from vedette.features.sign import fields, person, reading

_WHAT, _OBJECT, _NAME, _DATA = "status_detail", "reg_value.path", "reg_value.name", "reg_value.data"
_BY, _USER, _HOST = "actor.process.file.path", "actor.user.name", "device.hostname"
_SHOWN = 300


def _as(what: pl.Expr | str, object_: pl.Expr, **more: pl.Expr) -> dict[str, pl.Expr]:
    """Return how another class is read: what it is, its object, and ``name``, ``data``, ``user``, ``by`` where they are others."""
    return {
        _WHAT: pl.lit(what) if isinstance(what, str) else what,
        _OBJECT: object_,
        _NAME: more.get("name", pl.col("metadata.event_code")),
        _DATA: more.get("data", pl.lit("")),
        _BY: more.get("by", pl.col(_BY)),
        _USER: more.get("user", pl.col(_USER)),
        _HOST: pl.col(_HOST),
    }


def _raw(name: str) -> pl.Expr:
    return pl.col(f"unmapped.{name}")


_CODE, _PROVIDER = pl.col("metadata.event_code"), pl.col("metadata.log_provider")
_SIGNED = pl.format("signed={} {}", _raw("Signed").fill_null(""), pl.coalesce(_raw("SignatureStatus"), pl.lit("")))
_PIPE = pl.col("file.type_id") == 6  # noqa: PLR2004 - OCSF: a named pipe
_OPENED = _CODE.is_in(["4656", "4663", "4658", "4660"])
_KEY_MADE = _CODE.is_in(["12", "14", "4657"])
_SET_UP = pl.col("activity_id").is_in([1, 2, 3, 4])
_WMI = (_CODE.is_in(["19", "20", "21"]) & _PROVIDER.str.contains("Sysmon")) | (
    (_CODE == "5861") & _PROVIDER.str.contains("WMI-Activity")
)
_SHARE = (_CODE == "5145") & _PROVIDER.str.contains("Security-Auditing")
_DIRECTORY = (_CODE == "4662") & _PROVIDER.str.contains("Security-Auditing")
_BITS = _CODE.is_in(["3", "59", "60"]) & _PROVIDER.str.contains("Bits-Client")
_WRITES = r"%%(?:4417|4418|1537|1539)|WriteData|0x(?:[0-9a-fA-F]*[2367aAbBeEfF])$"
"""Access rights that write, as the Security log lists them; or a mask with the bit of writing."""


LOGGED = (
    *(
        "91",
        "169",
        "216",
        "325",
        "326",
        "327",
        "500",
        "505",
        "1",
        "3000",
        "3001",
        "4661",
        "4703",
        "4794",
        "4798",
        "4799",
        "4826",
        "4985",
    ),
    *("5142", "5723", "5805", "7031", "7034", "7036", "10016", "15281", "15457", "18456"),
)
"""Events that stay log entries and that a sign speaks of."""
_TELLING = (
    *(
        "Destination",
        "Query",
        "Properties",
        "Data",
        "ObjectType",
        "ObjectName",
        "ResourceManager",
        "EnabledPrivilegeList",
        "TestSigning",
    ),
    *("param1", "param2", "param4", "ProcessName", "CallerProcessName", "TargetUserName", "TargetSid", "ImageName"),
)


def _log_object() -> pl.Expr:
    share = pl.concat_str(_raw("ShareName"), pl.lit("\\"), _raw("RelativeTargetName"))
    wmi = pl.coalesce(_raw("Name"), _raw("Consumer"), _raw("CONSUMER"), _raw("Filter"), pl.lit("?"))
    mask = pl.coalesce(_raw("AccessMask"), pl.lit(""))
    written = ~_raw("RelativeTargetName").str.contains(r"\.\w{1,5}$") | mask.str.contains(_WRITES)
    return (
        pl.when(_WMI)
        .then(wmi)
        .when(_SHARE & written.fill_null(value=True))
        .then(share)
        .when(_DIRECTORY)
        .then(pl.coalesce(_raw("ObjectName"), pl.lit("?")))
        .when(_BITS)
        .then(pl.coalesce(_raw("url"), _raw("RemoteName"), _raw("string2")))
        .when(_CODE.is_in(LOGGED) & ~_SHARE.fill_null(value=False))
        .then(pl.concat_str(_CODE, pl.lit(" "), _PROVIDER))
    )


_LOG = _as(
    pl.when(_WMI)
    .then(pl.lit("wmi"))
    .when(_SHARE)
    .then(pl.lit("share"))
    .when(_DIRECTORY)
    .then(pl.lit("directory"))
    .when(_BITS)
    .then(pl.lit("bits"))
    .otherwise(pl.lit("log")),
    _log_object(),
    name=pl.coalesce(_raw("Operation"), _raw("IpAddress"), _CODE),
    data=pl.concat_str((_raw(f) for f in _TELLING), separator=" ", ignore_nulls=True),
    user=pl.coalesce(_USER, _raw("SubjectUserName"), _raw("User")),
    by=pl.coalesce(_BY, _raw("processPath"), _raw("CallerProcessName"), _raw("ProcessName")),
)


class HostChange(EventFeatures):
    """A row per registry value, file, pipe, library, driver, service, task, WMI subscription or use of a share that holds a sign.

    ``what``: which of these; ``object``: its path or name; ``name``: of the value, else the kind of event; ``data``: what was written, or
    whether a library is signed; ``by``: the program; ``user``; ``signs``: places in ``host_change_signs.SIGNS``; ``kind``: what they speak
    of most; ``told``: the strongest in words.
    """

    name = "host_change"
    needs = EventClass.REGISTRY_VALUE_ACTIVITY
    requires = (_OBJECT,)
    uses = (_NAME, _DATA, _WHAT, _BY, _USER, _HOST)
    also: ClassVar[Mapping[EventClass, Mapping[str, pl.Expr]]] = {
        EventClass.REGISTRY_KEY_ACTIVITY: _as(
            "what:registry", pl.when(_KEY_MADE).then(pl.coalesce("reg_key.path", "prev_reg_key.path")), name=pl.lit("")
        ),
        EventClass.FILE_ACTIVITY: _as(
            pl.when(_PIPE).then(pl.lit("what:pipe")).otherwise(pl.lit("what:file")),
            pl.when(_PIPE).then("file.name").when(~_OPENED.fill_null(value=False)).then("file.path"),
        ),
        EventClass.MODULE_ACTIVITY: _as("what:module", pl.col("module.file.path"), data=_SIGNED),
        EventClass.KERNEL_EXTENSION_ACTIVITY: _as("what:driver", pl.col("driver.file.path"), data=_SIGNED),
        EventClass.WINDOWS_SERVICE_ACTIVITY: _as(
            "what:service", pl.col("win_service.name"), data=pl.col("win_service.cmd_line")
        ),
        EventClass.SCHEDULED_JOB_ACTIVITY: _as(
            "what:task", pl.when(_SET_UP).then("job.name"), data=pl.coalesce("job.cmd_line", "job.file.path")
        ),
        EventClass.HOST_CONNECTION: _as(
            "what:connection",
            pl.concat_str("dst_endpoint.ip", pl.lit(":"), "dst_endpoint.port"),
            name=pl.concat_str(
                "connection_info.protocol_name",
                pl.when(pl.col("connection_info.direction_id") == 1).then(pl.lit("inbound")),
                separator=" ",
                ignore_nulls=True,
            ),
            data=pl.col("dst_endpoint.hostname"),
        ),
        EventClass.EVENT_LOG: {**_LOG, _WHAT: pl.concat_str(pl.lit("what:"), _LOG[_WHAT])},
    }
    keys = ("host", "kind", "by")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        what = pl.col(_WHAT).str.extract(r"^what:(\w+)$").fill_null("registry")
        told = {"object": _OBJECT, "name": _NAME, "data": _DATA, "by": _BY, "user": _USER}
        read = events.with_columns(what=what).with_columns(
            reading(fields(what=pl.col("what"), **{n: pl.col(c) for n, c in told.items()}), SIGNS).alias("_read")
        )
        return (
            read.select(
                *("time", "metadata.log_name", "metadata.sequence", "what"),
                pl.col(_HOST).alias("host"),
                *(pl.col(c).str.head(_SHOWN).alias(n) for n, c in told.items()),
                "_read",
            )
            .with_columns(person(pl.col("user")))
            .unnest("_read")
            .filter(pl.col("signs").list.len() > 0)
        )
