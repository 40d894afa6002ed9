from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.app.archive import is_tar, is_zip, tar_members, zip_members
from vedette.app.limits import Budget, Limits
from vedette.errors import LimitError, SourceError

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=200)


def tar(members: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1_770_000_000
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(NAMES, st.binary(max_size=2000), max_size=5),
    st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]),
)
def test_a_tar_is_read_as_the_standard_library_wrote_it(members: dict[str, bytes], form: int) -> None:
    data = tar(members, form)
    got = {m.name: (b"".join(m.chunks), m.modified) for m in tar_members(io.BytesIO(data), Budget(Limits()))}
    assert got == {name: (content, datetime.fromtimestamp(1_770_000_000, UTC)) for name, content in members.items()}
    assert is_tar(data) or not members


def test_a_member_that_is_passed_over_does_not_shift_the_next() -> None:
    names = [m.name for m in tar_members(io.BytesIO(tar({"a": b"x" * 700, "b": b"y", "c": b""})), Budget(Limits()))]
    assert names == ["a", "b", "c"]


def test_what_is_no_file_gets_a_word() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (
            ("link", tarfile.SYMTYPE),
            ("dir", tarfile.DIRTYPE),
            ("pipe", tarfile.FIFOTYPE),
            ("odd", b"Z"),
        ):
            info = tarfile.TarInfo(name)
            info.type = kind
            archive.addfile(info)
    got = {m.name: m.skipped for m in tar_members(io.BytesIO(out.getvalue()), Budget(Limits()))}
    assert got == {"link": "link", "pipe": "named pipe", "odd": "unknown kind of member"}


def test_a_header_of_any_size_is_not_held() -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = b"x", 1 << 33
    header = info.tobuf(tarfile.GNU_FORMAT)
    with pytest.raises(LimitError, match="a header of 8,589,934,592 bytes"):
        list(tar_members(io.BytesIO(header + bytes(4096)), Budget(Limits())))


@pytest.mark.parametrize("cut", [100, 512, 600, 1500])
def test_a_tar_that_ends_early_says_so_after_its_members(cut: int) -> None:
    data = tar({"a": bytes(100), "b": bytes(2000)}, tarfile.GNU_FORMAT)[:cut] + b"?"
    seen: list[str] = []
    with pytest.raises(SourceError, match="archive"):
        seen.extend(m.name for m in tar_members(io.BytesIO(data), Budget(Limits())) if list(m.chunks))
    assert seen == ["a"][: cut // 1024]


def test_a_large_member_is_skipped() -> None:
    (member,) = tar_members(io.BytesIO(tar({"a": bytes(5000)})), Budget(Limits(max_member_bytes=1000)))
    assert member.skipped == "larger than 1,000 bytes"


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_LZMA)
    return out.getvalue()


def test_a_zip_gives_its_members() -> None:
    data = zipped(a=b"1" * 1000, b=b"2")
    assert is_zip(data)
    assert {m.name: b"".join(m.chunks) for m in zip_members(io.BytesIO(data), Budget(Limits(), 1000))} == {
        "a": b"1" * 1000,
        "b": b"2",
    }


def test_an_encrypted_member_is_skipped() -> None:
    data = bytearray(zipped(a=b"x"))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (member,) = zip_members(io.BytesIO(bytes(data)), Budget(Limits()))
    assert member.skipped == "encrypted"


def test_a_directory_that_would_fill_the_memory_is_not_read() -> None:
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, 1 << 31, 0, 0)
    with pytest.raises(LimitError, match="zip directory of 2,147,483,648 bytes"):
        list(zip_members(io.BytesIO(b"PK\x03\x04" + bytes(100) + end), Budget(Limits())))


def test_a_zip_without_its_end_says_so() -> None:
    with pytest.raises(SourceError, match="no directory"):
        list(zip_members(io.BytesIO(zipped(a=b"x")[:-30]), Budget(Limits())))


def test_a_damaged_member_is_an_error_of_the_input() -> None:
    data = bytearray(zipped(a=b"x" * 1000))
    data[45:55] = bytes(10)
    (member,) = zip_members(io.BytesIO(bytes(data)), Budget(Limits(), 1000))
    with pytest.raises(SourceError):
        list(member.chunks)
