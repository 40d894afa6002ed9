"""The made messages are what they say: a few fields, read at the places where the documents have them."""

from __future__ import annotations

import struct
from uuid import UUID

from vedette.testing import windows as w


def test_rpc() -> None:
    message = w.request(12, b"abcd", call=7, context=3, level=w.PRIVACY)
    size, auth, call = struct.unpack_from("<HHI", message, 8)
    assert (size, auth, call) == (len(message), 16, 7)
    assert struct.unpack_from("<HH", message, 20) == (3, 12)
    assert message[24:28] == b"abcd"
    assert message[29] == w.PRIVACY
    assert w.bind(w.SVCCTL)[32:48] == UUID(w.SVCCTL).bytes_le
    assert w.bind(w.SVCCTL, token=b"t" * 9)[-9:] == b"t" * 9
    assert w.response(b"xyz_")[24:] == b"xyz_"
    assert struct.unpack_from("<I", w.fault(5), 24) == (5,)
    assert w.request(1, of=b"o" * 16)[3] & 0x80


def test_smb() -> None:
    message = w.smb2(5, w.create("a.txt", 5), ident=9, tree=4, status=None)
    assert int.from_bytes(message[:4], "big") == len(message) - 4
    assert message[4:8] == b"\xfeSMB"
    assert message[4 + 120 :] == w.wide("a.txt")
    assert w.smb2(5, w.created(b"h" * 16), status=0)[4 + 128 : 4 + 144] == b"h" * 16
    assert w.smb2(9, w.write(b"h" * 16, b"MZ"))[4 + 112 :] == b"MZ"
    assert w.smb2(8, w.read(b"h" * 16))[4 + 80 : 4 + 96] == b"h" * 16
    assert w.smb2(8, w.got(b"data"), status=0)[4 + 80 :] == b"data"
    assert w.smb2(3, w.connect("\\\\a\\b"))[4 + 72 :] == w.wide("\\\\a\\b")
    assert w.smb2(3, w.connected(2), status=0)[4 + 66] == 2
    assert w.smb2(11, w.transceive(b"h" * 16, b"rpc"))[4 + 120 :] == b"rpc"
    assert w.smb2(11, w.transceived(b"h" * 16, b"rpc"), status=0)[4 + 112 :] == b"rpc"
    old = w.smb1(0x2F, b"ab", b"cd", status=3)
    assert (old[8], old[13], old[4 + 32], old[4 + 33 : 4 + 35], old[-2:]) == (0x2F, 0x80, 1, b"ab", b"cd")


def test_logons() -> None:
    message = w.ntlm("bob", "CORP", "PC9")
    size, _, offset = struct.unpack_from("<HHI", message, 36)
    assert message[offset : offset + size] == w.wide("bob")
    assert w.der(2, b"x" * 200)[:4] == b"\x02\x82\x00\xc8"
    assert w.ticket_request("bob", "R")[0] == 0x6A
    assert w.ticket("bob", "R", 23)[0] == 0x6B
    assert w.kerberos_error(24)[0] == 0x7E
    assert w.desktop_request("bob")[4:6] == bytes((len(w.desktop_request("bob")) - 5, 0xE0))
    assert w.desktop_confirm(2)[11] == 2
    assert w.desktop_confirm(2, refused=True)[11] == 3
