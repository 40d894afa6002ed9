"""The commands of the Purdue UNIX users: one user's after the other's, without arguments and times (Lane and Brodley 1997).

The set holds no attack: the intruder is another ordinary user.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import zstandard

from vedette.errors import DataError

FILE = "host/purdue-unix/purdue-unix.tar.zst"
SHA256 = {
    "USER1": "0004c106343bf2b0b033dcfbe7465173717c452f1919fda0e212406794446675",
    "USER2": "a298abc26ca62085c4fd58dbce41d894fdb09e1967f54a89016908f1a546d98b",
    "USER3": "ad98d04f3b827f8f88b9e63259da960ee0dc5ebe6c5e94682332098bc0970b90",
    "USER4": "82932023bb83d825fbdea757554c33aa69b306844bcdfebf8ee2eec9dabe124b",
    "USER5": "78717741c29126642b89c7bb7cffd50639faf40d1b5e9c2f3165b8b3105ed8d9",
}
LARGEST = 1 << 24
"""Bytes of one user's commands that are read."""


def read(root: Path) -> dict[str, list[str]]:
    """Return the commands of each user, in order.

    Raises:
        DataError: the set is not here, or is another than this was written for.
    """
    path, out = root / FILE, dict[str, list[str]]()
    try:
        with path.open("rb") as stream:
            plain = zstandard.ZstdDecompressor().stream_reader(stream).read(len(SHA256) * LARGEST)
    except OSError as error:
        raise DataError(f"the data set purdue-unix is not here: {error.strerror}", where=str(path)) from error
    except zstandard.ZstdError as error:
        raise DataError(f"the data set purdue-unix cannot be read: {error}", where=str(path)) from error
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        for member in archive:
            if member.name not in SHA256 or (file := archive.extractfile(member)) is None:
                continue
            raw = file.read(LARGEST)
            if hashlib.sha256(raw).hexdigest() != SHA256[member.name]:
                raise DataError(f"{member.name} is another than this was written for: sha256 differs", where=str(path))
            out[member.name] = [line.strip() for line in raw.decode("utf-8", "replace").splitlines() if line.strip()]
    if absent := SHA256.keys() - out.keys():
        raise DataError(f"the data set purdue-unix lacks {', '.join(sorted(absent))}", where=str(path))
    return dict(sorted(out.items()))
