"""Sessions: packets in any chunks, the same events; hostile payloads, never an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.sources.pcap.sessions import Sessions
from vedette.testing import windows as w
from vedette.testing.payloads import (
    UDP,
    Conversation,
    client_hello,
    dns_message,
    server_hello,
    server_name,
    ssh_offer,
    tls_extension,
)

OFFER = ssh_offer(["kex", "key", "enc", "enc2", "mac", "mac2", "none", "none", "", ""])
HELLO = client_hello([0x1301, 0x1302], [server_name("shop.example"), tls_extension(51, bytes(1_400))])


def joined(batches: Iterable[EventBatch]) -> dict[EventClass, pl.DataFrame]:
    """Return all rows by class."""
    parts: dict[EventClass, list[pl.DataFrame]] = {}
    for batch in batches:
        assert batch.records == 0
        parts.setdefault(batch.kind, []).append(batch.frame)
    return {k: pl.concat(frames, how="diagonal").sort("metadata.sequence", "time") for k, frames in parts.items()}


def feed(talk: Conversation, cuts: Iterable[int] = ()) -> tuple[dict[EventClass, pl.DataFrame], dict[int, str]]:
    """Return the events and the protocols' names, the packets handed over in chunks cut at ``cuts``."""
    sessions = Sessions()
    batches: list[EventBatch] = []
    places = sorted({0, *cuts, len(talk.rows)})
    for start, stop in zip(places, [*places[1:], len(talk.rows)], strict=True):
        batches += sessions.feed(talk.packets(start, stop), bytes(talk.data))
    return joined([*batches, *sessions.close()]), sessions.protocols()


def mixed() -> Conversation:
    """Return a bit of everything, in segments, out of order and again."""
    talk = Conversation()
    talk.add(dns_message("shop.example", ident=7), flow=1, port=53, protocol=UDP)
    talk.add(HELLO[:700], flow=3, port=8443)
    talk.add(dns_message("shop.example", ident=7, flags=0x8180), orig=False, flow=1, port=53, protocol=UDP)
    talk.add(b"GET /one HTTP/1.1\r\nHost: shop", flow=2, seq=100).add(
        b"GET /one HTTP/1.1\r\nHost: shop", flow=2, seq=100
    )
    talk.add(HELLO[900:], flow=3, port=8443, seq=1_900).add(HELLO[700:900], flow=3, port=8443, seq=1_700)
    talk.add(b".example\r\n\r\nGET /two HTTP/1.1\r\n", flow=2, seq=129).add(b"Host: other\r\n\r\n", flow=2)
    talk.add(b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nGET /body HTTP/1.1\r\n", flow=2, orig=False)
    talk.add(b"SSH-2.0-server\r\n", flow=4, port=22, orig=False).add(b"SSH-2.0-client\r\n", flow=4, port=22)
    talk.add(b"GET /in-the-body HTT", flow=2, orig=False)
    talk.add(OFFER[:50], flow=4, port=22).add(OFFER, flow=4, port=22, orig=False).add(OFFER[50:], flow=4, port=22)
    talk.add(server_hello(0x1301), flow=3, port=8443, orig=False)
    talk.add(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", flow=2, orig=False)
    talk.add(dns_message("late.example", ident=8), flow=5, port=53, protocol=UDP)
    talk.add(b"220 ready\r\n", flow=6, port=21, orig=False).add(b"USER joe\r\n", flow=6, port=21)
    talk.add(dns_message("later.example", ident=9), flow=5, port=53, protocol=UDP, later_us=400_000_000)
    return talk


def office() -> Conversation:
    """Return what Windows hosts say to each other, in segments and out of order."""
    talk, file, pipe = Conversation(), b"a-handle-of-file", b"a-handle-of-pipe"
    logon, opened = w.smb2(1, w.ntlm("bob"), ident=1), w.smb2(5, w.create("tool.exe", 5), ident=3)
    talk.add(logon[:50], flow=11, port=445).add(logon[50:], flow=11, port=445)
    talk.add(w.smb2(1, b"", ident=1, status=0), flow=11, port=445, orig=False)
    talk.add(w.smb2(3, w.connect("\\\\h\\ADMIN$"), ident=2) + opened[:90], flow=11, port=445)
    talk.add(w.bind(w.DRSUAPI) + w.request(3, b"x" * 600, call=2)[:100], flow=12, port=49_667)
    talk.add(w.smb2(3, w.connected(1), ident=2, status=0), flow=11, port=445, orig=False)
    talk.add(opened[90:], flow=11, port=445)
    talk.add(w.smb2(5, w.created(file), ident=3, status=0), flow=11, port=445, orig=False)
    program = w.smb2(9, w.write(file, b"MZ" + b"p" * 30_000), ident=4)
    for place in range(0, len(program), 1_400):
        talk.add(program[place : place + 1_400], flow=11, port=445)
    talk.add(w.request(3, b"x" * 600, call=2)[100:], flow=12, port=49_667)
    talk.add(w.smb2(5, w.create("svcctl"), ident=5), flow=11, port=445)
    talk.add(w.smb2(5, w.created(pipe), ident=5, status=0), flow=11, port=445, orig=False)
    talk.add(w.smb2(11, w.transceive(pipe, w.bind(w.SVCCTL)), ident=6), flow=11, port=445)
    talk.add(w.smb2(11, w.transceive(pipe, w.request(12, call=3)), ident=7), flow=11, port=445)
    talk.add(w.smb2(11, w.transceived(pipe, w.response(call=3)), ident=7, status=0), flow=11, port=445, orig=False)
    asked = w.ticket_request("bob", "R")
    talk.add(asked, flow=13, port=88, protocol=UDP)
    talk.add(w.kerberos_error(24), flow=13, port=88, protocol=UDP, orig=False)
    talk.add(len(asked).to_bytes(4, "big") + asked[:30], flow=14, port=88).add(asked[30:], flow=14, port=88)
    talk.add(w.desktop_request("bob"), flow=15, port=3_389)
    return talk.add(w.desktop_confirm(2), flow=15, port=3_389, orig=False)


def test_windows_hosts() -> None:
    events, names = feed(office())
    files = events[EventClass.SMB_ACTIVITY]
    assert files["file.mime_type"].drop_nulls().to_list() == ["application/x-dosexec"]
    assert files["file.name"].drop_nulls().to_list() == ["tool.exe", "tool.exe", "svcctl"]
    calls = events[EventClass.RPC_ACTIVITY]
    assert calls["vedette.operation"].to_list() == ["DRSGetNCChanges", "CreateServiceW"]
    assert calls["status_id"].to_list() == [0, 1]
    logons = events[EventClass.AUTHENTICATION]
    assert logons["auth_protocol"].to_list() == ["NTLM", "Kerberos", "Kerberos"]
    assert logons["status_id"].to_list() == [1, 2, 0]
    assert events[EventClass.RDP_ACTIVITY]["identifier_cookie"].to_list() == ["bob"]
    assert names == {11: "smb", 12: "dce_rpc", 13: "kerberos", 14: "kerberos", 15: "rdp"}


def test_everything_at_once() -> None:
    events, names = feed(mixed())
    web = events[EventClass.HTTP_ACTIVITY]
    assert web["http_request.url.path"].to_list() == ["/one", "/two"]
    assert web["http_response.code"].to_list() == [200, 404]
    assert web["http_request.url.hostname"].to_list() == ["shop.example", "other"]
    assert events[EventClass.TLS_HANDSHAKE]["tls.sni"].to_list() == ["shop.example"]
    assert events[EventClass.TLS_HANDSHAKE]["tls.cipher"].to_list() == ["TLS_AES_128_GCM_SHA256"]
    assert events[EventClass.DNS_ACTIVITY]["activity_id"].to_list() == [6, 1, 1]
    ssh = events[EventClass.SSH_ACTIVITY]
    assert ssh["vedette.client_banner"].to_list() == ["SSH-2.0-client"]
    assert ssh["client_hassh.fingerprint.value"].null_count() == 0
    assert names == {1: "dns", 2: "http", 3: "tls", 4: "ssh", 5: "dns", 6: "ftp"}


def test_rows_say_whose_they_are() -> None:
    row = feed(mixed())[0][EventClass.TLS_HANDSHAKE].row(0, named=True)
    assert (row["src_endpoint.ip"], row["src_endpoint.port"]) == ("10.0.0.1", 40_003)
    assert (row["dst_endpoint.ip"], row["dst_endpoint.port"]) == ("192.0.2.9", 8_443)
    assert (row["connection_info.protocol_num"], row["connection_info.protocol_name"]) == (6, "tcp")
    assert (row["connection_info.uid"], row["app_protocol_name"]) == ("0000000000000003", "tls")
    assert row["metadata.sequence"] == 1


@settings(deadline=5_000)
@given(st.sets(st.integers(0, 50)), st.sampled_from([mixed, office]))
def test_chunks_do_not_matter(cuts: set[int], made: Callable[[], Conversation]) -> None:
    talk = made()
    whole, chunked = feed(talk), feed(talk, cuts)
    assert whole[1] == chunked[1]
    assert whole[0].keys() == chunked[0].keys()
    assert all(whole[0][kind].equals(chunked[0][kind]) for kind in whole[0])


@settings(deadline=5_000)
@given(
    st.integers(0, 50),
    st.integers(0, 2_000),
    st.binary(max_size=12),
    st.binary(max_size=300),
    st.integers(0, 2**32 - 1),
    st.sampled_from([mixed, office]),
)
def test_mutated_payloads_are_no_error(
    packet: int, place: int, change: bytes, noise: bytes, seq: int, made: Callable[[], Conversation]
) -> None:
    talk, broken = made(), Conversation()
    for number, row in enumerate(talk.rows):
        start, length = int(str(row[-2])), int(str(row[-1]))
        payload = bytes(talk.data[start : start + length])
        if number == packet:
            payload = payload[: place % length] + change + payload[place % length + len(change) :]
            broken.add(payload[: place % length] or noise or b"x", flow=int(str(row[2])), orig=bool(row[3]), seq=seq)
        broken.add(payload, flow=int(str(row[2])), orig=bool(row[3]), protocol=int(str(row[4])), port=int(str(row[8])))
    feed(broken, [packet])


@settings(deadline=5_000)
@given(st.binary(min_size=1, max_size=200), st.sampled_from([53, 80, 5_353]), st.sampled_from([6, UDP]))
def test_noise_is_no_error(noise: bytes, port: int, protocol: int) -> None:
    feed(Conversation().add(noise, port=port, protocol=protocol).add(noise, port=port, protocol=protocol, orig=False))


@pytest.mark.parametrize(
    ("protocol", "payload", "name"),
    [
        (6, b"EHLO mail.example\r\n", "smtp"),
        (6, b"220 mail.example ESMTP\r\n", "smtp"),
        (6, b"220 (vsFTPd 3.0.5) FTP\r\n", "ftp"),
        (6, b"\0\0\0\x2f\xffSMB\x72", "smb"),
        (6, b"\0\0\0\x2f\xfeSMB\x40", "smb"),
        (6, b"\x03\0\0\x2b\x26\xe0\0\0\0\0\0Cookie: mstshash=joe\r\n\x01\0\x08\0\x03\0\0\0", "rdp"),
        (6, b"\x03\0\0\x16\x11\xe0\0\0\0\x02\0\xc1\x02\x01\0\xc2\x02\x01\x02\xc0\x01\x0a", "iso-transport"),
        (6, b"NICK joe\r\nUSER joe 0 * :Joe\r\n", "irc"),
        (6, b"\x13BitTorrent protocol", "bittorrent"),
        (6, b"+OK ready\r\n", "pop3"),
        (6, b"RFB 003.008\n", "vnc"),
        (6, b"\xff\xfd\x18\xff\xfd\x20", "telnet"),
        (UDP, b"d1:ad2:id20:", "bittorrent"),
        (UDP, b"\x23\x02\x06\xe9" + bytes(44), "ntp"),
        (UDP, b"\x17\x00\x03\x2a" + bytes(4), "ntp"),
        (UDP, b"M-SEARCH * HTTP/1.1\r\n", "ssdp"),
        (UDP, b"\x00\x01\x00\x00\x21\x12\xa4\x42" + bytes(12), "stun"),
        (UDP, dns_message("tunnel.example"), "dns"),
        (6, b"OPTIONS rtsp://a RTSP/1.0\r\n\r\n", None),
        (6, b"GET out of here", None),
        (UDP, b"\0\1\0\0\0\1\0\0\0\0\0\0\x01\xff\0\0\x01\0\x01", None),
        (UDP, bytes(48), None),
    ],
)
def test_protocols_by_payload(protocol: int, payload: bytes, name: str | None) -> None:
    assert feed(Conversation().add(payload, protocol=protocol, port=9_999))[1].get(1) == name


def test_messages_byte_by_byte() -> None:
    talk = Conversation()
    for flow, message in ((1, b"GET /tiny HTTP/1.1\r\n\r\n"), (2, HELLO[:60]), (3, b"SSH-2.0-tiny\r\n")):
        for place in range(40):
            if message[place : place + 1]:
                talk.add(message[place : place + 1], flow=flow)
        if message[40:]:
            talk.add(message[40:], flow=flow)
    events, names = feed(talk)
    assert names == {1: "http", 2: "tls", 3: "ssh"}
    assert events[EventClass.HTTP_ACTIVITY]["http_request.url.path"].to_list() == ["/tiny"]
    assert events[EventClass.SSH_ACTIVITY]["vedette.client_banner"].to_list() == ["SSH-2.0-tiny"]


def test_a_pipelined_request_goes_on_behind_a_response() -> None:
    talk = Conversation().add(b"GET /one HTTP/1.1\r\n\r\nGET /two HT")
    talk.add(b"HTTP/1.1 204 No Content\r\n\r\n", orig=False).add(b"TP/1.1\r\n\r\n")
    talk.add(b"HTTP/1.1 404 Not Found\r\n\r\n", orig=False)
    web = feed(talk)[0][EventClass.HTTP_ACTIVITY]
    assert web.select("http_request.url.path", "http_response.code").rows() == [("/one", 204), ("/two", 404)]


def test_bulk_costs_no_rows_and_no_state() -> None:
    talk = Conversation()
    for _ in range(200):
        talk.add(b"\x17\x03\x03\x40\x00" + bytes(1_000), flow=9, port=443)
    assert feed(talk) == ({}, {})


def test_payload_at_the_end_of_the_data() -> None:
    assert feed(Conversation().add(b"SSH-"))[1] == {}
    assert feed(Conversation().add(b"a"))[0] == {}
