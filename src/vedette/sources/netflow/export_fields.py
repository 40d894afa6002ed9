"""Elements of flow records by their numbers (IANA's registry of IPFIX; version 9 has the same numbers up to 127)."""

from __future__ import annotations

from collections.abc import Iterable

from vedette.events.flow_export import Element

REVERSE = 29_305
"""The enterprise of elements that count the other direction (RFC 5103)."""
_CERT = 6_871
"""CERT's elements (YAF): flags of the first packet, and of those after."""
_ADDRESS_BYTES = frozenset({4, 16})

FIELDS: dict[tuple[int, int], str] = {
    (0, 8): "src",
    (0, 27): "src",
    (0, 12): "dst",
    (0, 28): "dst",
    (0, 7): "src_port",
    (0, 180): "src_port",
    (0, 182): "src_port",
    (0, 11): "dst_port",
    (0, 181): "dst_port",
    (0, 183): "dst_port",
    (0, 4): "protocol",
    (0, 6): "flags_out",
    (REVERSE, 6): "flags_in",
    (_CERT, 14): "first_flags_out",
    (_CERT, 15): "flags_out",
    (_CERT, 16_398): "first_flags_in",
    (_CERT, 16_399): "flags_in",
    (0, 32): "icmp",
    (0, 139): "icmp",
    (0, 176): "icmp_type",
    (0, 178): "icmp_type",
    (0, 177): "icmp_code",
    (0, 179): "icmp_code",
    (0, 1): "bytes_out",
    (0, 2): "packets_out",
    (0, 85): "total_bytes_out",
    (0, 86): "total_packets_out",
    (0, 23): "post_bytes_out",
    (0, 24): "post_packets_out",
    (REVERSE, 1): "bytes_in",
    (REVERSE, 2): "packets_in",
    (REVERSE, 85): "bytes_in",
    (REVERSE, 86): "packets_in",
    (0, 231): "initiator_bytes",
    (0, 298): "initiator_packets",
    (0, 232): "bytes_in",
    (0, 299): "packets_in",
    (0, 22): "first_uptime",
    (0, 21): "last_uptime",
    (0, 150): "first_s",
    (0, 151): "last_s",
    (0, 152): "first_ms",
    (0, 153): "last_ms",
    (0, 154): "first_ntp",
    (0, 155): "last_ntp",
    (0, 156): "first_ntp",
    (0, 157): "last_ntp",
    (0, 158): "first_before_us",
    (0, 159): "last_before_us",
    (0, 160): "boot_ms",
    (0, 161): "duration_ms",
    (0, 162): "duration_us",
    (0, 34): "sampling",
    (0, 50): "sampling",
    (0, 305): "sampled",
    (0, 306): "passed_over",
    (0, 48): "sampler",
    (0, 302): "sampler",
}
"""(enterprise, number) -> what we call it. Where a template has two of the same name, the first counts."""
NEEDED = frozenset({"src", "dst"})


def places(fields: Iterable[Element]) -> dict[str, tuple[int, int]]:
    """Return name -> (offset, bytes) of the elements that we read; none of ``fields`` varies in length."""
    found: dict[str, tuple[int, int]] = {}
    at = 0
    for element in fields:
        name = known(element)
        if name and name not in found:
            found[name] = (at, element.length)
        at += element.length
    return found


def known(element: Element) -> str:
    """Return what we call an element whose length can be read; nothing for any other."""
    name = FIELDS.get((element.enterprise, element.number), "")
    if name in NEEDED:
        return name if element.length in _ADDRESS_BYTES else ""
    return name if 1 <= element.length <= 8 else ""  # noqa: PLR2004 - an integer
