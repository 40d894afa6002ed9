"""How a field's text becomes a path's value where it is not copied: numbers, accounts, addresses, registry paths, scheduled tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from vedette.events.schema import STRINGS, EventClass, dtype_of

Made = dict[str, pl.Expr]
Reader = Callable[[pl.Expr, str], Made]

EMPTY = ("", "-")
"""What Windows writes for nothing."""

INTEGRITY = {
    "S-1-16-0": "Untrusted",
    "S-1-16-4096": "Low",
    "S-1-16-8192": "Medium",
    "S-1-16-8448": "Medium Plus",
    "S-1-16-12288": "High",
    "S-1-16-16384": "System",
    "S-1-16-20480": "Protected",
}
"""Label of a token (MS-DTYP 2.4.2.4) -> Sysmon's word for it."""

DNS_STATUS = {"0": 0, "9001": 1, "9002": 2, "9003": 3, "9004": 4, "9005": 5, "9501": 0}
"""Windows' error (winerror.h) -> RFC 1035 response code; 9501: the name is there and has no such record."""

KEY_EVENTS = {"CreateKey": 1, "DeleteKey": 4, "DeleteValue": 4, "RenameKey": 5}
SEVERITY_WORDS = {"Low": 2, "Moderate": 3, "High": 4, "Severe": 5}
DIRECTIONS = {"%%14592": 1, "%%14593": 2}
INITIATED = {"false": 1, "true": 2}
_NOWHERE = ("::1", "127.0.0.1", "0.0.0.0", "::", "LOCAL")  # noqa: S104 - compared with, not listened on
_LAST_PART = r"([^\\/]*)$"
_UNSAFE_TASK = 1 << 16
"""Characters of a scheduled task's XML that are searched."""


def present(text: pl.Expr) -> pl.Expr:
    """Return the text, null where Windows wrote nothing."""
    return pl.when(~text.is_in(EMPTY)).then(text)


def last_part(path: pl.Expr) -> pl.Expr:
    """Return what stands after the last slash of either kind."""
    return present(path.str.extract(_LAST_PART))


def _number(text: pl.Expr, to: str) -> Made:
    """Decimal, or hexadecimal after ``0x``; null for anything else."""
    hexadecimal = text.str.strip_prefix("0x").str.to_integer(base=16, strict=False)
    return {to: pl.when(text.str.starts_with("0x")).then(hexadecimal).otherwise(text.str.to_integer(strict=False))}


def _account(text: pl.Expr, to: str) -> Made:
    r"""Read ``DOMAIN\name``, or a name alone."""
    known = present(text)
    return {f"{to}.domain": known.str.extract(r"^(.*)\\"), f"{to}.name": last_part(known)}


def _account_name(text: pl.Expr, to: str) -> Made:
    return {to: last_part(present(text))}


def _principal(text: pl.Expr, to: str) -> Made:
    """Read ``name@REALM``, or a name alone."""
    known = present(text)
    return {f"{to}.name": known.str.extract(r"^([^@]*)"), f"{to}.domain": known.str.extract(r"@(.+)$")}


def _address(text: pl.Expr, to: str) -> Made:
    return {to: present(text).str.strip_prefix("::ffff:")}


def _from_address(text: pl.Expr, to: str) -> Made:
    """Return the address that somebody came from; this machine itself is none."""
    plain = present(text).str.strip_prefix("::ffff:")
    return {to: pl.when(~plain.is_in(_NOWHERE)).then(plain)}


def _hashes(text: pl.Expr, to: str) -> Made:
    return {to: present(text).str.split(",")}


def _registry_value(text: pl.Expr, to: str) -> Made:
    return {f"{to}.path": text.str.extract(r"^(.*)\\"), f"{to}.name": text.str.extract(r"([^\\]*)$")}


def _dns_answers(text: pl.Expr, to: str) -> Made:
    """Read ``type:  5 alias.example;::ffff:192.0.2.1;``."""
    parts = present(text).str.strip_chars_end(";").str.split(";")
    part = pl.element().str.replace(r"^type:\s*\d+\s+", "").str.strip_prefix("::ffff:").str.strip_chars()
    return {to: parts.list.eval(part).cast(STRINGS)}


def _task(text: pl.Expr, to: str) -> Made:
    """Read what a scheduled task starts, and as whom, from its XML (MS-TSCH 2.5), by search: the XML is hostile and may be cut."""
    head = text.str.head(_UNSAFE_TASK)
    command = _plain(head.str.extract(r"<Command>([^<]*)</Command>"))
    arguments = _plain(head.str.extract(r"<Arguments>([^<]*)</Arguments>"))
    return {
        f"{to}.cmd_line": pl.concat_str(command, arguments, separator=" ", ignore_nulls=True).replace("", None),
        f"{to}.file.path": command,
        f"{to}.user.name": _plain(head.str.extract(r"<UserId>([^<]*)</UserId>")),
        f"{to}.desc": _plain(head.str.extract(r"<Description>([^<]*)</Description>")),
    }


def _plain(xml: pl.Expr) -> pl.Expr:
    for entity, letter in (("&quot;", '"'), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        xml = xml.str.replace_all(entity, letter, literal=True)
    return xml.str.strip_chars()


def _status(text: pl.Expr, to: str) -> Made:
    """Return NTSTATUS or Kerberos error, 0 for success."""
    known = present(text)
    return {to: known, "status_id": pl.when(known.is_not_null()).then(2 - known.is_in(["0x0", "0"]).cast(pl.Int32))}


def _failure(text: pl.Expr, to: str) -> Made:
    return {to: pl.when(~text.is_in(["0x0", "0"])).then(present(text))}


def _session(text: pl.Expr, to: str) -> Made:
    return _failure(text, to)


def _one(text: pl.Expr, to: str) -> Made:
    return {to: pl.when(~text.is_in(EMPTY)).then(pl.concat_list(text))}


def _words(text: pl.Expr, to: str) -> Made:
    return {to: present(text).str.extract_all(r"\S+")}


def _of_table(table: Mapping[str, str | int]) -> Reader:
    dtype = pl.String if isinstance(next(iter(table.values())), str) else pl.Int32

    def read(text: pl.Expr, to: str) -> Made:
        return {to: text.replace_strict(table, default=None, return_dtype=dtype)}

    return read


READERS: dict[str, Reader] = {
    "number": _number,
    "account": _account,
    "account_name": _account_name,
    "principal": _principal,
    "address": _address,
    "from_address": _from_address,
    "hashes": _hashes,
    "registry_value": _registry_value,
    "dns_answers": _dns_answers,
    "task": _task,
    "status": _status,
    "failure": _failure,
    "session": _session,
    "one": _one,
    "words": _words,
    "or_else": lambda text, to: {to: present(text)},
    "integrity": _of_table(INTEGRITY),
    "dns_status": _of_table(DNS_STATUS),
    "key_event": _of_table(KEY_EVENTS),
    "defender_severity": _of_table(SEVERITY_WORDS),
    "direction": _of_table(DIRECTIONS),
    "initiated": _of_table(INITIATED),
}
"""Name in ``As.how`` -> what makes the paths."""


def read(how: str, text: pl.Expr, to: str, kind: EventClass) -> Made:
    """Return path -> value, of the dtype that the class wants; paths that the class lacks are left out."""
    made = READERS[how](text, to)
    return {
        path: e.cast(dtype, strict=False) for path, e in made.items() if (dtype := dtype_of(kind, path)) is not None
    }
