"""Packets are kept with their templates; what was lost on the way is counted."""

from __future__ import annotations

import asyncio
import contextlib
import io
import socket
from collections.abc import AsyncIterator

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.abc import Chunk, Source, Transport
from vedette.errors import ConfigError, TransportError
from vedette.events.schema import EventClass
from vedette.plugins import configured, discover, readers
from vedette.testing import flow_packets as fp
from vedette.testing.laws import Law, laws_of
from vedette.testing.laws.source import read_all, tables
from vedette.testing.transports import FakeInlet
from vedette.transports import netflow_udp
from vedette.transports.netflow_udp import Exporter, Netflow, NetflowSettings

TEMPLATE = fp.part(0, fp.template(256, fp.V4))
FLOWS = fp.part(256, fp.record(fp.V4, fp.SSH) + fp.record(fp.V4, fp.SSH_BACK))
ONE = ("192.0.2.10", "198.51.100.7", 9, 1410, 0, 0, 50_122, 22, 0x1B, 6)


def rows(chunk: Chunk) -> pl.DataFrame:
    """Return the flows of a chunk, read alone as the engine reads it."""
    data = chunk.preamble + chunk.data
    assert [s.name for s in readers(data[:4096])] == [chunk.source]
    found = tables(read_all(discover(Source)[chunk.source], io.BytesIO(data)))
    assert EventClass.REJECT not in found
    return found.get(EventClass.NETWORK_ACTIVITY, pl.DataFrame())


@contextlib.asynccontextmanager
async def running(inlet: FakeInlet, **settings: object) -> AsyncIterator[Netflow]:
    netflow = Netflow(NetflowSettings.model_validate({"listen": "127.0.0.1:0", "flush_seconds": 0.05, **settings}))
    task = asyncio.create_task(netflow.run(inlet))
    while not netflow.port and not task.done():
        await asyncio.sleep(0.01)
    try:
        yield netflow
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def send(port: int, *packets: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for packet in packets:
            sock.sendto(packet, ("127.0.0.1", port))


def test_every_part_can_be_read_alone() -> None:
    async def run() -> None:
        inlet = FakeInlet()
        async with running(inlet) as netflow:
            send(netflow.port, fp.v9([TEMPLATE, FLOWS]))
            await asyncio.sleep(0.2)
            send(netflow.port, fp.v9([FLOWS], 1), fp.v9([fp.part(0, fp.template(257, fp.V6))], 2))
            await asyncio.sleep(0.2)
            send(netflow.port, fp.v9([FLOWS], 3))
        assert [c.input for c in inlet.chunks] == ["netflow 127.0.0.1"] * 3, "what is held is handed on at the end"
        assert [len(rows(c)) for c in inlet.chunks] == [1, 1, 1]
        assert rows(inlet.chunks[2])["traffic.bytes_in"].to_list() == [7710]
        assert not inlet.lost

    asyncio.run(run())


def test_templates_go_over_a_restart() -> None:
    async def run() -> None:
        first = FakeInlet()
        async with running(first) as netflow:
            send(netflow.port, fp.v9([TEMPLATE, FLOWS]), fp.ipfix([fp.part(2, fp.template(300, fp.MS))], domain=3))
            await asyncio.sleep(0.2)
            send(netflow.port, fp.v9([FLOWS], 1))
        assert [bool(c.position) for c in first.chunks] == [True, False], "only what is new is written"
        second = FakeInlet({**first.positions, "netflow 192.0.2.9": "damaged", "tail /x": "7", "netflow of old": "x"})
        async with running(second) as netflow:
            send(netflow.port, fp.v9([FLOWS], 2))
        assert len(rows(second.chunks[0])) == 1
        assert second.chunks[0].position == ""
        assert first.chunks[1].preamble == second.chunks[0].preamble

    asyncio.run(run())


def test_a_template_that_changes_under_way_does_not_change_what_came_before() -> None:
    exporter = Exporter("192.0.2.1")
    exporter.take(fp.v9([TEMPLATE]), 1)
    exporter.chunk()
    exporter.clear()
    other = ((12, 4), (8, 4), *fp.V4[2:])
    exporter.take(fp.v9([fp.part(256, fp.record(fp.V4, fp.SSH))], 1), 1)
    exporter.take(fp.v9([fp.part(0, fp.template(256, other)), fp.part(256, fp.record(fp.V4, fp.SSH))], 2), 1)
    assert rows(exporter.chunk())["src_endpoint.ip"].to_list() == ["192.0.2.10", "198.51.100.7"]


@pytest.mark.parametrize(
    ("packets", "lost"),
    [
        ([fp.v5([ONE, ONE], 10), fp.v5([ONE], 12), fp.v5([ONE], 13)], [0, 0, 0]),
        ([fp.v5([ONE, ONE], 10), fp.v5([ONE], 15), fp.v5([ONE], 16)], [0, 3, 0]),
        ([fp.v5([ONE], 2**32 - 1), fp.v5([ONE], 0), fp.v5([ONE], 5)], [0, 0, 4]),
        ([fp.v5([ONE], 10), fp.v5([ONE], 12), fp.v5([ONE], 11), fp.v5([ONE], 13)], [0, 1, 0, 0]),
        ([fp.v5([ONE], 10**9), fp.v5([ONE], 0), fp.v5([ONE], 1)], [0, 0, 0]),
        ([fp.v9([TEMPLATE, FLOWS], 5), fp.v9([FLOWS], 6), fp.v9([FLOWS], 9)], [0, 0, 2]),
        ([fp.v9([FLOWS], 5, domain=1), fp.v9([FLOWS], 50, domain=2), fp.v9([FLOWS], 6, domain=1)], [0, 0, 0]),
        (
            [
                fp.ipfix([fp.part(2, fp.template(256, fp.V4)), FLOWS], 0),
                fp.ipfix([FLOWS], 2),
                fp.ipfix([FLOWS], 7),
                fp.ipfix([fp.part(999, b"abcd")], 9),
                fp.ipfix([FLOWS], 50),
            ],
            [0, 0, 3, 0, 0],
        ),
        (
            [
                fp.ipfix([fp.part(2, fp.template(256, fp.V4)), FLOWS], 2),
                fp.ipfix([FLOWS + FLOWS], 6),
                fp.ipfix([FLOWS], 8),
                fp.ipfix([FLOWS], 15),
            ],
            [0, 0, 0, 5],
        ),
        ([b"hello", fp.v5([ONE])[:20], b"", fp.v9([])[:19]], [1, 1, 1, 1]),
    ],
)
def test_what_the_numbers_tell(packets: list[bytes], lost: list[int]) -> None:
    exporter = Exporter("192.0.2.1")
    assert [exporter.take(p, 1) for p in packets] == lost


def test_a_full_log_drops_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netflow_udp, "FULL_BYTES", 1000)

    async def run() -> None:
        inlet = FakeInlet()
        inlet.full = True
        async with running(inlet) as netflow:
            send(netflow.port, fp.v5([ONE, ONE], 0))
            await asyncio.sleep(0.2)
            assert not inlet.lost, "a little waits"
            send(netflow.port, *(fp.v5([ONE] * 10, 2 + 10 * n) for n in range(3)))
            await asyncio.sleep(0.2)
            assert inlet.lost["netflow"] == 22
            inlet.full = False
            await asyncio.sleep(0.2)
            assert len(inlet.chunks) == 1
        assert sum("full" in text for _, text in inlet.said) == 1

    asyncio.run(run())


def test_strangers_and_too_many() -> None:
    async def run() -> None:
        inlet = FakeInlet()
        async with running(inlet, exporters=["192.0.2.0/24"]) as netflow:
            send(netflow.port, fp.v5([ONE]), fp.v5([ONE]))
            await asyncio.sleep(0.2)
        assert not inlet.chunks
        assert inlet.lost["netflow"] == 2
        assert sum("exporters" in text for _, text in inlet.said) == 1

    asyncio.run(run())
    inlet = FakeInlet()
    listener = netflow_udp._Listener(NetflowSettings(most_exporters=2), inlet)
    for n in range(5):
        listener.datagram_received(fp.v5([ONE]), (f"192.0.2.{n}", 9))
    listener.datagram_received(fp.v5([ONE]), ("::ffff:192.0.2.1", 9, 0, 0))
    listener.flush()
    assert {c.input for c in inlet.chunks} == {"netflow 192.0.2.0", "netflow 192.0.2.1"}
    assert inlet.lost["netflow"] == 3


def test_large_parts_are_handed_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netflow_udp, "FULL_BYTES", 500)
    inlet = FakeInlet()
    listener = netflow_udp._Listener(NetflowSettings(), inlet)
    for n in range(4):
        listener.datagram_received(fp.v5([ONE] * 5, 5 * n), ("192.0.2.1", 9))
    assert len(inlet.chunks) == 2


def test_a_port_that_is_taken_and_version_6() -> None:
    async def run() -> None:
        async with running(FakeInlet()) as netflow:
            with pytest.raises(TransportError, match="cannot listen"):
                await Netflow(NetflowSettings(listen=f"127.0.0.1:{netflow.port}")).run(FakeInlet())

    asyncio.run(run())


@pytest.mark.parametrize(
    "settings",
    [
        {"listen": "0.0.0.0:2055"},
        {"listen": "localhost:2055"},
        {"listen": "127.0.0.1"},
        {"exporters": ["10.0.0.1/8"]},
        {"token": "x"},
    ],
)
def test_settings_that_stop_the_start(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        configured(Transport, {"transport": "netflow", **settings}, "transport", "inputs[0]")


def test_settings_that_do_not() -> None:
    for settings in ({}, {"listen": "[::]:2055", "exporters": ["10.0.0.0/8", "fd00::/8"]}):
        assert configured(Transport, {"transport": "netflow", **settings}, "transport", "inputs[0]")[0] is Netflow


@given(
    st.lists(
        st.binary(max_size=80)
        | st.tuples(st.sampled_from([b"\0\5", b"\0\t", b"\0\n"]), st.binary(max_size=80)).map(b"".join)
    )
)
def test_any_packets(packets: list[bytes]) -> None:
    exporter = Exporter("192.0.2.1")
    for packet in packets:
        assert exporter.take(packet, 1) >= 0
    chunk = exporter.chunk()
    read_all(discover(Source)["netflow"], io.BytesIO(chunk.preamble + chunk.data))


@pytest.mark.parametrize("law", laws_of(Netflow), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()
