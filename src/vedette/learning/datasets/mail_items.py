"""What the mail data sets share: reading their archives, taking off what only a corpus has, and making labelled rows of Email Activity.

Rules for all of them:

* ``@group`` is the hash of the body's words, without markup, links, addresses and digits, as the index of the set has it: a campaign whose
  copies differ in a number is one group. Of one group and label only the first message is kept.
* ``@time`` is when the message was received; where no field says so, its date (spam forges it).
* Stamps of mail stores, of filters and of the collectors themselves are taken off (``STAMPS``), and so are the names of the receiver's own
  machines and domains, which stand for "this corpus" and nothing else.
* Where an attachment was taken out, a line tells its size and its first bytes: those bytes stand in for it, then zeros.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import polars as pl

from vedette.events.schema import TIME
from vedette.learning.datasets.url_items import members, table
from vedette.sources.mail import parsed

CHUNK = 1000
"""Messages that are parsed at a time."""
KEPT_STAMPS = ("x-mailer", "x-originating-ip", "x-priority")
STAMPS = re.compile(
    rb"^(?:(?:>?From )[^\n]*|(?:status|content-length|lines|delivered-to|delivery-date|errors-to|x-(?!"
    + b"|".join(name[2:].encode() + b":" for name in KEPT_STAMPS)
    + rb")[!-9;-~]*)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*)\n",
    re.IGNORECASE | re.MULTILINE,
)
STRIPPED = re.compile(rb"\[stripped non-text part: (\d{1,9}) bytes sha256=[0-9a-f]{64} magic=((?:[0-9a-f]{2})*)\]")
STAND_IN_BYTES = 1 << 20
RECEIVER, RECEIVERS_DOMAIN, RECEIVERS_SERVER = b"reader@receiver.example", b"receiver.example", b"mx.receiver.example"


def mails(folder: Path, corpus: str, cleaned: Callable[[bytes], bytes]) -> pl.DataFrame:
    """Return the rows of the set in ``folder``: columns of Email Activity and what is known about each message.

    Args:
        folder: where ``messages.tar.zst`` and ``index.csv.zst`` lie.
        corpus: the name of the collection.
        cleaned: message -> message without what only this corpus has.
    """
    index = table(folder / "index.csv.zst").unique(["label", "body_hash"], keep="first", maintain_order=True)
    known = index.select(
        "path",
        pl.col("label").alias("@label"),
        pl.col("body_hash").alias("@group"),
        pl.lit(corpus).alias("@corpus"),
        pl.col("subset").alias("@part"),
        pl.coalesce(_time("date_received"), _time("date_header")).alias("@time"),
    )
    wanted = set(known["path"])
    frames = list(_frames(members(folder / "messages.tar.zst"), wanted, cleaned))
    rows = pl.concat(frames).join(known, on="path", how="left", maintain_order="left").drop("path")
    return rows.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("metadata.sequence"),
        pl.coalesce(pl.col("@time"), "time").alias("time"),
    )


def _frames(
    messages: Iterator[tuple[str, bytes]], wanted: set[str], cleaned: Callable[[bytes], bytes]
) -> Iterator[pl.DataFrame]:
    paths: list[str] = []
    held: list[bytes] = []
    for path, raw in messages:
        if path in wanted:
            paths.append(path)
            held.append(restored(cleaned(raw)))
        if len(held) >= CHUNK:
            yield parsed(held).with_columns(pl.Series("path", paths))
            paths, held = [], []
    if held:
        yield parsed(held).with_columns(pl.Series("path", paths))


def _time(column: str) -> pl.Expr:
    """Return a column of the index as a time: ``2002-08-22T13:54:38Z``, a day alone, or nothing."""
    text = pl.col(column)
    whole = text.str.to_datetime("%Y-%m-%dT%H:%M:%SZ", strict=False, time_unit="us").dt.replace_time_zone("UTC")
    day = text.str.to_datetime("%Y-%m-%d", strict=False, time_unit="us").dt.replace_time_zone("UTC")
    return pl.coalesce(whole, day).cast(TIME)


def without_stamps(raw: bytes) -> bytes:
    r"""Return a message whose head has no stamps of stores and collectors, with plain newlines.

    Example:
        >>> without_stamps(b"From a Mon\nStatus: O\nX-Foo: 1\n 2\nX-Mailer: m\n\nStatus: x\n")
        b'X-Mailer: m\n\nStatus: x\n'
    """
    head, blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    return STAMPS.sub(b"", head + b"\n").rstrip(b"\n") + blank + body


def masking(domains: tuple[str, ...]) -> Callable[[bytes], bytes]:
    """Return what puts mailboxes at these domains, and hosts of theirs in the head, at one domain of nobody's; local parts stay."""
    either = rb"(?:[A-Za-z0-9-]{1,63}\.){0,5}(?:" + b"|".join(re.escape(d.encode()) for d in domains) + rb")\b"
    mailbox, host = re.compile(b"@" + either, re.IGNORECASE), re.compile(rb"\b" + either, re.IGNORECASE)

    def masked(raw: bytes) -> bytes:
        head, blank, body = mailbox.sub(b"@" + RECEIVERS_DOMAIN, raw).partition(b"\n\n")
        return host.sub(RECEIVERS_SERVER, head) + blank + body

    return masked


def restored(raw: bytes) -> bytes:
    r"""Return a message in which bytes stand in for attachments that were taken out.

    Example:
        >>> line = b"[stripped non-text part: 6 bytes sha256=" + b"0" * 64 + b" magic=25504446]"
        >>> restored(b"\n--b\nContent-Transfer-Encoding: base64\n\n" + line)
        b'\n--b\nContent-Transfer-Encoding: base64\n\nJVBERgAA\n'
    """

    def stand_in(told: re.Match[bytes]) -> bytes:
        body = bytes.fromhex(told[2].decode()).ljust(min(int(told[1]), STAND_IN_BYTES), b"\0")
        head = raw[max(0, raw.rfind(b"\n--", 0, told.start())) : told.start()]
        return base64.encodebytes(body) if b"base64" in head.lower() else body

    return STRIPPED.sub(stand_in, raw) if b"[stripped non-text part" in raw else raw


def files(folder: str, messages: str, index: str) -> Mapping[str, str]:
    """Return the files of a set and their sha256."""
    return {f"{folder}/index.csv.zst": index, f"{folder}/messages.tar.zst": messages}
