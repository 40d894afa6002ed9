from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from vedette.sources.netflow.flow_names import FLAGS, FLOWS
from vedette.sources.netflow.flow_rows import batch

START = datetime(2026, 3, 5, tzinfo=UTC)


def row(product: str = "Argus", **values: object) -> dict[str, object]:
    base = {
        "sequence": 0,
        "start": START,
        "end": START,
        "protocol": 6,
        "src": "192.0.2.1",
        "dst": "192.0.2.2",
        "src_port": 5000,
        "dst_port": 80,
    }
    base |= {"packets_out": 1, "packets_in": 0, "bytes_out": 60, "bytes_in": 0, "both_ways": True, "flags_out": 0}
    frame = pl.DataFrame([base | values], schema=FLOWS).with_columns(records=pl.lit(1, pl.Int64))
    return batch(frame, product).frame.to_dicts()[0]


def bits(letters: str) -> int:
    return sum(FLAGS[letter] for letter in letters)


@pytest.mark.parametrize(
    ("out", "back", "state"),
    [
        ("S", "", "S0"),
        ("SF", "", "SH"),
        ("SR", "", "RSTOS0"),
        ("S", "RA", "REJ"),
        ("S", "SA", "S1"),
        ("SPA", "SPA", "S1"),
        ("FSPA", "FSPA", "SF"),
        ("FSRPA", "FSPA", "SF"),
        ("FSA", "SA", "S2"),
        ("SA", "FSA", "S3"),
        ("SR", "SA", "RSTO"),
        ("SA", "SRA", "RSTR"),
        ("FSPA", "SRPA", "RSTR"),
        ("", "SRA", "RSTRH"),
        ("", "FSA", "SHR"),
        ("PA", "PA", "OTH"),
        ("FA", "FA", "OTH"),
        ("", "", None),
    ],
)
def test_tcp_states(out: str, back: str, state: str | None) -> None:
    got = row(flags_out=bits(out), flags_in=bits(back), packets_in=int(bool(back)))
    assert got["status_code"] == state
    assert got["connection_info.tcp_flags"] == bits(out) | bits(back)


@pytest.mark.parametrize(
    ("protocol", "sent", "got", "state"),
    [(17, 1, 0, "S0"), (17, 1, 1, "SF"), (17, 0, 1, "SHR"), (1, 1, 1, "OTH"), (None, 1, 0, "OTH")],
)
def test_other_states(protocol: int | None, sent: int, got: int, state: str) -> None:
    assert row(protocol=protocol, packets_out=sent, packets_in=got)["status_code"] == state


def test_a_state_in_zeeks_words_is_taken_as_it_is() -> None:
    assert row(state="RSTO", flags_out=2)["status_code"] == "RSTO"


@pytest.mark.parametrize(
    ("flags", "ports", "turned"),
    [("SA", (80, 5000), True), ("RA", (80, 5000), True), ("SA", (5000, 80), False), ("SFA", (80, 5000), False)],
)
def test_a_lone_answer_is_turned(flags: str, ports: tuple[int, int], turned: bool) -> None:
    got = row("nfdump", flags_out=bits(flags), src_port=ports[0], dst_port=ports[1], both_ways=False)
    assert (got["src_endpoint.ip"], got["traffic.bytes_in"]) == (("192.0.2.2", 60) if turned else ("192.0.2.1", 0))


def test_addresses_that_are_no_ip_stand_apart() -> None:
    got = row(src="00:11:22:33:44:55", protocol=None, protocol_name="arp")
    assert (got["src_endpoint.ip"], got["src_endpoint.mac"], got["connection_info.protocol_ver_id"]) == (
        None,
        "00:11:22:33:44:55",
        None,
    )
    assert got["connection_info.protocol_name"] == "arp"


@pytest.mark.parametrize(("protocol", "name"), [(6, "tcp"), (58, "icmp6"), (17, "udp"), (2, "igmp"), (200, "ip-200")])
def test_protocols_have_names(protocol: int, name: str) -> None:
    assert row(protocol=protocol)["connection_info.protocol_name"] == name


def test_frame_bytes_are_said_where_they_are_meant() -> None:
    assert row("Argus")["vedette.frame_bytes_out"] == 60
    assert "vedette.frame_bytes_out" not in row("nfdump")
