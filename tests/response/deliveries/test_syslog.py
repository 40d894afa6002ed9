from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import trustme

from vedette.errors import ConfigError, DeliveryError
from vedette.plugins import checked
from vedette.response.deliveries.syslog import LONGEST_DATAGRAM, Syslog
from vedette.testing.messages import message
from vedette.testing.receivers import tcp_receiver, udp_receiver


def syslog(port: int, **changes: Any) -> Syslog:  # noqa: ANN401 - settings
    part = {"host": "127.0.0.1", "port": port, "protocol": "tcp", "hostname": "watch", "timeout_seconds": 3, **changes}
    return Syslog(checked(Syslog, part, "sinks[0]"))


def read(stream: bytes) -> list[bytes]:
    """Return the messages of a stream that counts (RFC 6587)."""
    found = []
    while stream:
        length, _, rest = stream.partition(b" ")
        found.append(rest[: int(length)])
        stream = rest[int(length) :]
    return found


CEF = message("a", b"CEF:0|x|y\n", media_type="text/x-cef", severity_id=5)
OWN = message("b", b"<131>1 2026-11-22T12:00:00Z - vedette - scan - {}\n", media_type="application/x-syslog")


def test_messages_are_counted_and_have_heads() -> None:
    with tcp_receiver() as server:
        syslog(server.port).send([CEF, OWN])
    (stream,) = server.got
    first, second = read(stream)
    assert re.fullmatch(rb"<130>1 \S+Z watch vedette - cef - CEF:0\|x\|y", first)
    assert second == b"<131>1 2026-11-22T12:00:00Z watch vedette - scan - {}"


def test_a_line_each_for_servers_that_do_not_count() -> None:
    with tcp_receiver() as server:
        syslog(server.port, framing="lines").send([CEF, message("c", b"a\nb\n")])
    (stream,) = server.got
    assert len(stream.splitlines()) == 2
    assert stream.endswith(b" a b\n")


def test_each_batch_has_a_connection_that_the_server_closes() -> None:
    with tcp_receiver() as server:
        mine = syslog(server.port)
        mine.send([CEF])
        mine.send([OWN])
        mine.close()
    assert server.connections == 2
    assert [len(read(stream)) for stream in server.got] == [1, 1]


def test_a_server_that_dies_did_not_get_it() -> None:
    with tcp_receiver(rude=lambda n: 20 if n == 1 else None) as server:
        mine = syslog(server.port)
        with pytest.raises(DeliveryError, match="not sent") as caught:
            mine.send([CEF, message("c", b"x" * 5_000_000)])
        mine.send([CEF])
    assert caught.value.again
    assert len(read(server.got[1])) == 1


def test_a_server_that_never_closes_did_not_confirm() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        with pytest.raises(DeliveryError, match="timed out"):
            syslog(port, timeout_seconds=1).send([CEF])
        syslog(port, confirm=False).send([CEF])


def test_a_server_that_closes_before_it_has_all_did_not_get_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)

        def close_early() -> None:
            connection, _ = server.accept()
            with connection:
                connection.shutdown(socket.SHUT_WR)
                threading.Event().wait(1.5)

        thread = threading.Thread(target=close_early, daemon=True)
        thread.start()
        with pytest.raises(DeliveryError, match=r"closed before|timed out") as caught:
            syslog(server.getsockname()[1], timeout_seconds=1).send([message("big", b"x" * 300_000)])
        thread.join(5)
    assert caught.value.again


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(DeliveryError) as caught:
            syslog(taken.getsockname()[1]).send([CEF])
    assert caught.value.again


def test_tls_is_verified(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with tcp_receiver(context) as server:
        tls = {"protocol": "tls", "host": "localhost"}
        syslog(server.port, **tls, ca=str(tmp_path / "ca.pem")).send([CEF, OWN])
        with pytest.raises(DeliveryError, match="certificate"):
            syslog(server.port, **tls).send([CEF])
        with pytest.raises(DeliveryError, match="certificate"):
            syslog(server.port, protocol="tls", ca=str(tmp_path / "ca.pem")).send([CEF])
    assert [len(read(stream)) for stream in server.got if stream] == [2]


def test_a_server_that_wants_a_certificate_gets_ours(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    authority.issue_cert("watch").private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "own.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    with tcp_receiver(context) as server:
        tls = {"protocol": "tls", "host": "localhost", "ca": str(tmp_path / "ca.pem")}
        syslog(server.port, **tls, certificate=str(tmp_path / "own.pem")).send([CEF])
        with pytest.raises(DeliveryError):
            syslog(server.port, **tls).send([CEF])
    assert [len(read(stream)) for stream in server.got if stream] == [1]


def test_a_datagram_a_message() -> None:
    with udp_receiver() as server:
        syslog(server.port, protocol="udp").send([CEF, OWN])
        until = time.monotonic() + 5
        while len(server.got) < 2 and time.monotonic() < until:
            threading.Event().wait(0.01)
    assert [got.partition(b" vedette ")[2] for got in server.got] == [b"- cef - CEF:0|x|y", b"- scan - {}"]


def test_what_does_not_fit_into_a_datagram_is_said() -> None:
    with udp_receiver() as server, pytest.raises(DeliveryError, match="do not fit") as caught:
        syslog(server.port, protocol="udp").send([CEF, message("big", b"x" * LONGEST_DATAGRAM)])
    assert (caught.value.again, caught.value.arrived) == (False, 1)


@pytest.mark.parametrize(
    "bad", [{"host": ""}, {"port": 70_000}, {"protocol": "sctp"}, {"hostname": "a b"}, {"ca": "x.pem"}]
)
def test_bad_settings_stop_the_start(bad: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Syslog(checked(Syslog, {"host": "127.0.0.1", "protocol": "tcp", **bad}, "sinks[0]"))


def test_the_usual_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def note(address: Any, **_: Any) -> Any:  # noqa: ANN401 - as socket has it
        asked.append(address)
        raise OSError("no")

    monkeypatch.setattr(socket, "create_connection", note)
    for protocol in ("tls", "tcp"):
        with pytest.raises(DeliveryError):
            syslog(0, protocol=protocol).send([CEF])
    assert asked == [("127.0.0.1", 6514), ("127.0.0.1", 514)]
