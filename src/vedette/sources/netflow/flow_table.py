"""Flow records as text tables -> columns: Argus (binetflow) and `nfdump -o csv`, with commas or tabs.

The header says what the columns are: a table of names, so that every version's header is read. Byte counts are taken as they are
written: nfdump counts IP bytes; Argus counts the whole frame, about 14 bytes a packet more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import polars as pl

from vedette.errors import SourceError
from vedette.events.batch import Rejects
from vedette.events.lines import LINE_LIMIT_BYTES, Block
from vedette.events.times import believed
from vedette.sources.netflow.flow_names import FLAGS, FLOWS, ICMP, PROTOCOLS, TURNS, header

_END_OF_RECORDS = "Summary"
_ADDRESS = r"^(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*|(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})$"
_REPLACED_NAMES = {"ipv6-icmp": "icmp6"}


def read_table(whole: Iterable[Block], zone: tzinfo, rejects: Rejects) -> Iterator[pl.DataFrame]:
    """Yield frames of ``FLOWS`` in the order of the table.

    Raises:
        SourceError: the first line is no header that we know.
    """
    known: tuple[str, dict[str, int]] | None = None
    for block in whole:
        if block.overlong:
            rejects.add(
                sequence=block.sequence,
                offset=block.offset,
                reason=f"line longer than {LINE_LIMIT_BYTES:,} bytes",
                raw=block.data,
            )
            continue
        text = block.data.decode("utf-8", "replace").replace("\r\n", "\n").removesuffix("\n").removeprefix("\ufeff")
        lines = (
            pl.DataFrame({"line": text.split("\n")}).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
        )
        first = lines["line"][0]
        if known is None:
            known = header(first)
            if known is None:
                raise SourceError("the first line names no columns of a flow table")
            title = first
        data = lines.filter((pl.col("line") != title) & ~pl.col("line").str.starts_with("#"))
        stop = data["line"].index_of(_END_OF_RECORDS)
        yield _rows(data.head(stop) if stop is not None else data, block, known, zone, rejects)
        if stop is not None:
            return


def _rows(
    lines: pl.DataFrame, block: Block, known: tuple[str, dict[str, int]], zone: tzinfo, rejects: Rejects
) -> pl.DataFrame:
    """Return the flows among ``lines``: (n, row + line); the others become rejects."""
    separator, roles = known
    fields = pl.col("line").str.split(separator)
    split = lines.select("row", fields.alias("field"))
    texts = {
        role: pl.col("field").list.get(number, null_on_oob=True).str.strip_chars() for role, number in roles.items()
    }
    columns = split.select("row", **texts)
    flows = columns.select("row", *_expressions(set(roles), zone)).with_columns(
        sequence=pl.col("row") + block.sequence - 1
    )
    good = pl.all_horizontal(
        pl.col(c).is_not_null() for c in ("start", "end", "src", "dst", "protocol_name", "bytes_out")
    )
    bad = flows.filter(~good)["row"]
    if len(bad):
        raw = block.data.split(b"\n", bad[0] + 1)
        offset = block.offset + sum(map(len, raw[: bad[0]])) + bad[0]
        rejects.add(
            sequence=block.sequence + bad[0] - 1,
            offset=offset,
            reason="a flow without time, address or count",
            raw=raw[bad[0]],
            count=len(bad),
        )
    return _turned(flows.filter(good)).select(*FLOWS)


def _turned(flows: pl.DataFrame) -> pl.DataFrame:
    """Swap the sides where Argus' arrow points back."""
    back = pl.col("backward")
    return flows.with_columns(pl.when(back).then(pl.col(b)).otherwise(pl.col(a)).alias(a) for a, b in TURNS.items())


def _expressions(roles: set[str], zone: tzinfo) -> list[pl.Expr]:
    """Return the columns of ``FLOWS`` but ``sequence``, over the texts of the table's columns."""
    name = pl.col("proto").str.to_lowercase()
    number = pl.coalesce(
        name.replace_strict(PROTOCOLS, default=None, return_dtype=pl.Int32), name.cast(pl.Int32, strict=False)
    )
    number = pl.when(number.is_between(0, 255)).then(number)
    start = _time(pl.col("start"), zone)
    seconds = _text(roles, "duration").cast(pl.Float64, strict=False)
    lasted = pl.duration(microseconds=pl.when(seconds.is_between(0, 1e9)).then((seconds * 1e6).round().cast(pl.Int64)))
    end = pl.coalesce(start + lasted, _time(_text(roles, "end"), zone))
    both = "packets" in roles or "bytes" in roles
    ports = _icmp(number) if both else _nfdump_icmp(number)
    columns: dict[str, pl.Expr] = {
        "start": start,
        "end": pl.max_horizontal(start, end),
        "protocol": number,
        "protocol_name": pl.when(name != "").then(name.replace(_REPLACED_NAMES)),
        "src": _address("src"),
        "dst": _address("dst"),
        "src_port": ports[0],
        "dst_port": ports[1],
        "both_ways": pl.lit(both) | (_whole(roles, "dst_packets") > 0).fill_null(value=False),
        "state": _text(roles, "state"),
        **_counts(roles),
        **_flags(roles),
    }
    split = (columns["packets_in"] > 0) & pl.lit(both and "src_packets" not in roles)
    said = pl.struct(
        state=_text(roles, "state"),
        label=_text(roles, "label"),
        zone_assumed=pl.when(pl.col("start").cast(pl.Float64, strict=False).is_null()).then(pl.lit(str(zone))),
        packets_split=pl.when(split).then(pl.lit("by bytes")),
    )
    backward = (_text(roles, "dir") == "<-").fill_null(value=False).alias("backward")
    return [*(e.cast(FLOWS[c]).alias(c) for c, e in (columns | {"note": _compact(said)}).items()), backward]


def _compact(said: pl.Expr) -> pl.Expr:
    """Return the struct as JSON without its empty members."""
    return said.struct.json_encode().str.replace_all(r'"[a-z_]+":(?:null|""),?', "").str.replace(r",\}$", "}")


def _text(roles: set[str], role: str) -> pl.Expr:
    return pl.when(pl.col(role) != "").then(pl.col(role)) if role in roles else pl.lit(None, pl.String)


def _whole(roles: set[str], role: str) -> pl.Expr:
    """Return a count; nfdump may write it as "1.2 M", which is no exact count and becomes null."""
    number = _text(roles, role).cast(pl.Int64, strict=False)
    return pl.when(number >= 0).then(number)


def _time(text: pl.Expr, zone: tzinfo) -> pl.Expr:
    """Return "2011/08/18 09:56:29.149668", "2018-01-12 15:37:30", seconds or milliseconds of the epoch, in UTC."""
    local = (
        text.str.replace_all("/", "-")
        .str.replace("T", " ")
        .str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
    )
    number = text.cast(pl.Float64, strict=False)
    seconds = pl.when(number > 1e11).then(number / 1e3).otherwise(number)  # noqa: PLR2004 - no date in seconds is that late
    micros = pl.when(seconds.is_between(0, 2.5e11)).then((seconds * 1e6).round().cast(pl.Int64))
    return believed(pl.coalesce(_utc(local, zone), pl.from_epoch(micros, "us").dt.replace_time_zone("UTC")))


def _utc(local: pl.Expr, zone: tzinfo) -> pl.Expr:
    if isinstance(zone, ZoneInfo):
        there = local.dt.replace_time_zone(zone.key, ambiguous="earliest", non_existent="null")
        return there.dt.convert_time_zone("UTC")
    offset = datetime.now(UTC).astimezone(zone).utcoffset()
    return (local - pl.lit(offset)).dt.replace_time_zone("UTC")


def _address(role: str) -> pl.Expr:
    return pl.when(pl.col(role).str.contains(_ADDRESS)).then(pl.col(role).str.to_lowercase())


def _number(role: str) -> pl.Expr:
    """Return a port, decimal or "0x0303"; null when it is none."""
    text = pl.col(role)
    number = pl.coalesce(
        text.cast(pl.Int32, strict=False),
        text.str.strip_prefix("0x").str.to_integer(base=16, strict=False, dtype=pl.Int32),
    )
    return pl.when(number.is_between(0, 65_535)).then(number)


def _icmp(number: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return ports; for ICMP type and code, as Zeek has it. Argus writes code and type as the two bytes of the source port."""
    icmp, port = number.is_in(ICMP), _number("src_port")
    return pl.when(icmp).then(port & 0xFF).otherwise(port), pl.when(icmp).then(port // 256).otherwise(
        _number("dst_port")
    )


def _nfdump_icmp(number: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The same for nfdump, which writes "type.code", or type * 256 + code, as the destination port."""
    icmp, port = number.is_in(ICMP), _number("dst_port")
    kind = pl.coalesce(port // 256, pl.col("dst_port").str.extract(r"^([0-9]{1,3})\.").cast(pl.Int32, strict=False))
    code = pl.coalesce(port & 0xFF, pl.col("dst_port").str.extract(r"\.([0-9]{1,3})$").cast(pl.Int32, strict=False))
    return pl.when(icmp).then(kind).otherwise(_number("src_port")), pl.when(icmp).then(code).otherwise(port)


def _counts(roles: set[str]) -> dict[str, pl.Expr]:
    """Return packets and bytes by direction; where packets are only known in all, they are split as the bytes are."""
    bytes_out, packets_out = _whole(roles, "src_bytes"), _whole(roles, "src_packets")
    bytes_in, packets_in = _whole(roles, "dst_bytes").fill_null(0), _whole(roles, "dst_packets").fill_null(0)
    if "bytes" in roles:
        total = pl.max_horizontal(_whole(roles, "bytes"), bytes_out)
        bytes_in = total - bytes_out
        packets = _whole(roles, "packets")
        share = (packets * bytes_out / pl.max_horizontal(total, 1)).round().cast(pl.Int64)
        fewest = (bytes_out > 0).cast(pl.Int64)
        share = pl.max_horizontal(fewest, pl.min_horizontal(share, packets - (bytes_in > 0).cast(pl.Int64)))
        packets_out = (
            packets_out
            if "src_packets" in roles
            else pl.when(packets.is_not_null()).then(pl.min_horizontal(share, packets))
        )
        rest = packets - packets_out
        packets_in = pl.when(rest > 0).then(rest).when(rest.is_not_null()).then(0)
    return {"bytes_out": bytes_out, "bytes_in": bytes_in, "packets_out": packets_out, "packets_in": packets_in}


def _flags(roles: set[str]) -> dict[str, pl.Expr]:
    """Return the TCP flag bits: Argus' state "SRA_FA" has both directions, nfdump's "...AP.S." one."""
    if "flags" in roles:
        flags = pl.col("flags").str.strip_prefix("0x")
        hexed = pl.when(pl.col("flags").str.starts_with("0x")).then(
            flags.str.to_integer(base=16, strict=False, dtype=pl.Int32)
        )
        return {"flags_out": pl.coalesce(hexed, _bits(pl.col("flags"))), "flags_in": pl.lit(None, pl.Int32)}
    sides = pl.when(_text(roles, "state").str.contains("^[FSRPAUEC]*_[FSRPAUEC]*$")).then(_text(roles, "state"))
    return {side: _bits(sides.str.split("_").list.get(n)) for n, side in enumerate(("flags_out", "flags_in"))}


def _bits(letters: pl.Expr) -> pl.Expr:
    return pl.sum_horizontal(letters.str.contains(letter, literal=True) * bit for letter, bit in FLAGS.items()).cast(
        pl.Int32
    )
