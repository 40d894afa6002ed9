"""Sources: bytes to events."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import BinaryIO, ClassVar

from vedette.abc.plugin import Plugin
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass


@dataclass(frozen=True, slots=True)
class Example:
    """A small valid input of a source, for laws, docs and ``doctor``: written by us, never captured from people.

    Attributes:
        data: the bytes; at least three records.
        filename: a usual name for such a file.
        records: how many records the bytes hold (lines, packets ...), counted by hand.
    """

    data: bytes
    filename: str
    records: int


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known about an input besides its bytes.

    Attributes:
        name: the input as the operator named it; becomes ``metadata.log_name``.
        modified: when the file was last written: an upper bound for times that lack a year.
        zone: the zone of local times without an offset.
    """

    name: str = ""
    modified: datetime | None = None
    zone: tzinfo = UTC


class Source(Plugin):
    """Reads one format into OCSF batches.

    Made anew for every input; may keep state between batches, never between inputs.

    Attributes:
        emits: the classes of its rows.
        fallback: asked last, so that it only gets what no other source reads.
    """

    emits: ClassVar[tuple[EventClass, ...]]
    fallback: ClassVar[bool] = False

    def __init__(self, origin: Origin | None = None) -> None:
        self.origin = origin or Origin()

    @classmethod
    @abstractmethod
    def example(cls) -> Example:
        """Return a small valid input."""

    @classmethod
    @abstractmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        """Say whether this source reads an input that starts with ``head`` (at most 4,096 bytes, decompressed).

        Never true for another source's example, nor for noise. ``filename`` may help, never decide alone.
        """

    @classmethod
    def preamble(cls, data: bytes) -> bytes:
        """Return what must stand before the next part of a growing input, so that it can be read alone: a header. It is no record.

        Args:
            data: whole records: the first part of an input; or what this said after a part, followed by the next part.
        """
        return b""

    @classmethod
    def cut(cls, data: bytes) -> int:
        """Return how many of these bytes of a growing input are whole records that can be read without what follows; 0 where none are.

        -1 where such an input is never read in parts: a capture, a document. By default up to the last line break. Whoever waits for more
        does not wait long: what grew no more for half a second is read up to its last line break, whatever this says.
        """
        return data.rfind(b"\n") + 1

    @abstractmethod
    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        """Yield batches of at most about 65,536 rows, in the order of the input, in bounded memory.

        ``stream`` is read forward only, and may return fewer bytes than asked for. Every record ends as a row or in a reject
        batch with offset and reason (``events.batch.Rejects``). Each row has ``metadata.sequence``, the number of its record,
        counted from 0; the engine adds ``metadata.log_name``.

        Raises:
            SourceError: the input is not of this format, or nothing after this point can be read. What was yielded stays.
        """
