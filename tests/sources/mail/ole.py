"""Writes small OLE compound files (MS-CFB), as Outlook's messages are: no library we use can."""

from __future__ import annotations

import struct

SECTOR, MINI, NONE, END, FAT = 512, 64, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

Tree = dict[str, "bytes | Tree"]


def compound_file(tree: Tree) -> bytes:
    """Return a file of streams (bytes) and storages (dicts); all streams lie in the mini stream, so each is below 4,096 bytes."""
    entries: list[dict[str, int | str]] = []
    mini, minifat = bytearray(), []

    def add(name: str, kind: int, content: bytes | Tree) -> int:
        number = len(entries)
        entry: dict[str, int | str] = {
            "name": name,
            "kind": kind,
            "right": NONE,
            "child": NONE,
            "start": END,
            "size": 0,
        }
        entries.append(entry)
        if isinstance(content, bytes):
            assert len(content) < 4096
            first, count = len(mini) // MINI, -(-len(content) // MINI)
            if count:
                mini.extend(content.ljust(count * MINI, b"\0"))
                minifat.extend([*range(first + 1, first + count), END])
                entry["start"] = first
            entry["size"] = len(content)
        else:
            before = None
            for child, inner in content.items():
                at = add(child, 2 if isinstance(inner, bytes) else 1, inner)
                if before is None:
                    entry["child"] = at
                else:
                    entries[before]["right"] = at
                before = at
        return number

    add("Root Entry", 5, tree)
    stream = bytes(mini).ljust(-(-len(mini) // SECTOR) * SECTOR, b"\0")
    table = struct.pack(f"<{len(minifat)}I", *minifat)
    table = table.ljust(-(-len(table) // SECTOR) * SECTOR, b"\xff")
    while len(entries) % 4:
        entries.append({"name": "", "kind": 0, "right": NONE, "child": NONE, "start": 0, "size": 0})
    counts = [len(entries) // 4, len(table) // SECTOR, len(stream) // SECTOR]
    starts = [1, 1 + counts[0], 1 + counts[0] + counts[1]]
    fat = [FAT]
    for start, count in zip(starts, counts, strict=True):
        fat += [*range(start + 1, start + count), END] if count else []
    assert len(fat) <= SECTOR // 4
    entries[0] |= {"start": starts[2] if counts[2] else END, "size": len(stream)}
    directory = b"".join(map(_entry, entries))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII109I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6,
        0, 1, starts[0], 0, 4096, starts[1] if counts[1] else END, counts[1], END, 0,
        0, *[NONE] * 108,
    )  # fmt: skip
    return (
        header + struct.pack(f"<{SECTOR // 4}I", *fat, *[NONE] * (SECTOR // 4 - len(fat))) + directory + table + stream
    )


def _entry(entry: dict[str, int | str]) -> bytes:
    name = str(entry["name"]).encode("utf-16-le")
    length = len(name) + 2 if name else 0
    return struct.pack(
        "<64sHBBIII16xI8x8xIQ",
        name,
        length,
        entry["kind"],
        1,
        NONE,
        entry["right"],
        entry["child"],
        0,
        entry["start"],
        entry["size"],
    )


def properties(fixed: dict[int, int], header: int) -> bytes:
    """Return the stream of the properties that are numbers."""
    return bytes(header) + b"".join(struct.pack("<IIQ", tag, 6, value) for tag, value in fixed.items())


def text(number: str, value: str) -> Tree:
    """Return a property that is a text."""
    return {f"__substg1.0_{number}001F": value.encode("utf-16-le")}
