"""Members of .tar and .zip archives, one after the other, in memory only.

The tar reader is our own: the standard library's holds extended headers and sparse maps of any size in memory. Format: POSIX.1-2017
pax (ustar and extended headers) and GNU long names.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO, cast

from vedette.app.limits import Budget
from vedette.errors import LimitError, SourceError

BLOCK = 512
HEADER_LIMIT_BYTES = 1 << 20
"""A long name or a pax header beyond this is no name."""
DIRECTORY_ENTRY_BYTES = 1 << 10
"""Room for one member in a zip's directory, on average: the directory is held in memory."""

_BASE_256 = 0x80
_ENCRYPTED = 0x1
_ZIP_END = b"PK\x05\x06"
_ZIP_END_BYTES = 22
_ZIP64_END = b"PK\x06\x06"
_ZIP_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    struct.error,
    NotImplementedError,
)
_FILE_TYPES = b"0", b"\0", b"7"
_WORDS = {b"1": "hard link", b"2": "link", b"3": "device", b"4": "device", b"6": "named pipe", b"S": "sparse file"}
_PACKAGES = {
    "[Content_Types].xml": "Office document",
    "META-INF/MANIFEST.MF": "Java archive",
    "mimetype": "OpenDocument or e-book",
}


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive; ``chunks`` must be used before the next member is asked for.

    Attributes:
        skipped: why it cannot be read, or nothing.
    """

    name: str
    size_bytes: int
    modified: datetime | None
    chunks: Iterator[bytes]
    skipped: str = ""


def is_tar(head: bytes) -> bool:
    """Say whether ``head`` starts with a tar header: a name, and a checksum that is right."""
    return len(head) >= BLOCK and head[0] != 0 and _checked(head[:BLOCK])


def is_zip(head: bytes) -> bool:
    """Say whether ``head`` starts with a zip's first member, or is an empty zip."""
    return head.startswith((b"PK\x03\x04", _ZIP_END))


def tar_members(stream: BinaryIO, budget: Budget) -> Iterator[Member]:
    """Yield the files of a tar stream, and what else it holds with a word why it is skipped; folders are passed over.

    Raises:
        SourceError: the archive is damaged or ends early. LimitError: it holds too much.
    """
    extended: dict[str, str] = {}
    while header := _header(stream):
        size = _number(header[124:136])
        kind = header[156:157]
        if kind in b"xL":
            extended |= _extended(_exactly(stream, size), kind)
            _pass(stream, -size % BLOCK)
            continue
        size = _pax_size(extended, size)
        left = [size]
        if kind not in (b"5", b"g", b"K"):
            budget.member()
            yield _tar_member(header, extended, left, stream, budget)
        _pass(stream, left[0] + -size % BLOCK)
        extended = {} if kind not in (b"g", b"K") else extended


def _tar_member(header: bytes, extended: dict[str, str], left: list[int], stream: BinaryIO, budget: Budget) -> Member:
    kind = header[156:157]
    prefix = header[345:500] if header[257:263] == b"ustar\0" else b""
    plain = b"/".join(p.split(b"\0")[0] for p in (prefix, header[:100]) if p.strip(b"\0"))
    name = extended.get("path") or plain.decode("utf-8", "backslashreplace")
    skipped = "" if kind in _FILE_TYPES else _WORDS.get(kind, "unknown kind of member")
    if any(k.startswith("GNU.sparse") for k in extended):
        skipped = _WORDS[b"S"]
    if left[0] > budget.limits.max_member_bytes:
        skipped = f"larger than {budget.limits.max_member_bytes:,} bytes"
    when = extended.get("mtime", "").partition(".")[0]
    seconds = int(when) if when.isdigit() and len(when) < 12 else _number(header[136:148])  # noqa: PLR2004 - year 5138
    return Member(name, left[0], _time(seconds), _tar_chunks(stream, left), skipped)


def _tar_chunks(stream: BinaryIO, left: list[int]) -> Iterator[bytes]:
    while left[0]:
        data = stream.read(min(left[0], 1 << 18))
        if not data:
            raise SourceError("archive ends early")
        left[0] -= len(data)
        yield data


def _header(stream: BinaryIO) -> bytes:
    """Return the next header block, or nothing at the end of the archive."""
    header = stream.read(BLOCK)
    if not header.strip(b"\0"):
        return b""
    if len(header) < BLOCK:
        raise SourceError("archive ends early")
    if not _checked(header):
        raise SourceError("archive is damaged: wrong checksum of a header")
    return header


def _checked(header: bytes) -> bool:
    """Say whether the header's checksum, over its bytes with the checksum itself as spaces, is right."""
    said = header[148:156].strip(b" \0")
    return said.isdigit() and int(said) == int(f"{sum(header) - sum(header[148:156]) + 8 * 32:o}")


def _number(field: bytes) -> int:
    """Return a number written in octal digits or, with the first bit set, in base 256."""
    if field[0] & _BASE_256:
        return int.from_bytes(field[1:], "big")
    try:
        return int(field.strip(b" \0") or b"0", 8)
    except ValueError:
        raise SourceError(f"archive is damaged: {field!r} is not a number") from None


def _extended(data: bytes, kind: bytes) -> dict[str, str]:
    """Return what an extended header says: pax records "LENGTH KEY=VALUE" or a GNU long name."""
    if kind == b"L":
        return {"path": data.split(b"\0")[0].decode("utf-8", "backslashreplace")}
    found = {}
    while data:
        length, _, _ = data[:24].partition(b" ")
        if not length.isdigit() or not len(length) < int(length) <= len(data):
            break
        key, _, value = data[len(length) + 1 : int(length) - 1].decode("utf-8", "backslashreplace").partition("=")
        found[key] = value
        data = data[int(length) :]
    return found


def _pax_size(extended: dict[str, str], size: int) -> int:
    said = extended.get("size", "")
    return int(said) if said.isdigit() and len(said) < 19 else size  # noqa: PLR2004 - below 2**63


def _exactly(stream: BinaryIO, size: int) -> bytes:
    if size > HEADER_LIMIT_BYTES:
        raise LimitError(f"a header of {size:,} bytes")
    data = stream.read(size)
    if len(data) < size:
        raise SourceError("archive ends early")
    return data


def _pass(stream: BinaryIO, size: int) -> None:
    while size > 0 and (data := stream.read(min(size, 1 << 18))):
        size -= len(data)


def _time(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def zip_members(stream: BinaryIO, budget: Budget) -> Iterator[Member]:
    """Yield the files of a zip; ``stream`` must be seekable.

    Raises:
        SourceError: the directory is damaged, or the zip is a document of another kind. LimitError: it holds too much.
    """
    _check_directory(stream, budget)
    try:
        archive = zipfile.ZipFile(stream)
    except _ZIP_DAMAGE as error:
        raise SourceError(f"zip archive is damaged: {error}") from error
    with archive:
        names = set(archive.namelist())
        if package := next((word for name, word in _PACKAGES.items() if name in names), ""):
            raise SourceError(f"{package}, no source reads this format")
        for info in archive.infolist():
            if not info.is_dir():
                budget.member()
                yield _zip_member(archive, info, budget)


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> Member:
    skipped = "encrypted" if info.flag_bits & _ENCRYPTED else ""
    if info.file_size > budget.limits.max_member_bytes:
        skipped = f"larger than {budget.limits.max_member_bytes:,} bytes"
    try:
        modified = datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        modified = None
    return Member(info.filename, info.file_size, modified, _zip_chunks(archive, info, budget), skipped)


def _zip_chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> Iterator[bytes]:
    piece = (
        1 << 18 if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) else 1 << 12
    )  # others: per byte in
    given = 0
    try:
        with archive.open(info) as stream:
            while data := cast("zipfile.ZipExtFile", stream).read1(piece):
                given += len(data)
                budget.unpack(len(data))
                if given > budget.limits.max_member_bytes:
                    raise LimitError(f"unpacks to more than {budget.limits.max_member_bytes:,} bytes")
                yield data
    except _ZIP_DAMAGE as error:
        raise SourceError(f"compressed data end early or are damaged: {error}") from error


def _check_directory(stream: BinaryIO, budget: Budget) -> None:
    """Refuse a zip whose directory would not fit into memory, before it is read."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - (1 << 16) - 256))
    tail = stream.read()
    stream.seek(0)
    at = len(tail) - _ZIP_END_BYTES
    if not (tail[at:].startswith(_ZIP_END) and tail.endswith(b"\0\0")):
        at = tail.rfind(_ZIP_END)
    end = tail[at : at + _ZIP_END_BYTES] if at >= 0 else b""
    if len(end) < _ZIP_END_BYTES:
        raise SourceError("zip archive ends early: it has no directory")
    (directory,) = struct.unpack_from("<I", end, 12)
    wide = tail.rfind(_ZIP64_END, 0, at)
    if wide >= 0 and wide + 48 <= len(tail):
        (directory,) = struct.unpack_from("<Q", tail, wide + 40)
    if directory > budget.limits.max_members * DIRECTORY_ENTRY_BYTES:
        raise LimitError(f"zip directory of {directory:,} bytes")
