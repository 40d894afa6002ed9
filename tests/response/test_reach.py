from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from vedette.errors import ConfigError, DeliveryError
from vedette.response.reach import Place, forbidden, literally_forbidden, place, reachable

GOOD = {
    "https://hooks.example/a/b?c=d": Place("https", "hooks.example", 443, "/a/b?c=d"),
    "https://192.0.2.7:8088": Place("https", "192.0.2.7", 8088, "/"),
    "https://[2001:db8::1]:9200/x": Place("https", "2001:db8::1", 9200, "/x"),
    "http://127.0.0.1:8000/x": Place("http", "127.0.0.1", 8000, "/x"),
    "http://localhost/x": Place("http", "localhost", 80, "/x"),
    "http://siem.corp.example/x": Place("http", "siem.corp.example", 80, "/x"),
    "https://HOOKS.Example./x": Place("https", "hooks.example", 443, "/x"),
}
BAD = (
    "",
    "hooks.example",
    "ftp://hooks.example/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/_x",
    "http://hooks.example/",
    "http://127.0.0.1.evil.example/",
    "https://user:secret@hooks.example/",
    "https://hooks.example/#part",
    "https:///path",
    "https://hooks.example/a b",
    "https://hooks.example/a\r\nX-Evil: 1",
    "https://höoks.example/",
    "https://hooks.example:99999/",
    "https://[::1/",
    "https://-x/",
)


@pytest.mark.parametrize("url", GOOD)
def test_what_may_be_called(url: str) -> None:
    assert place(url, plain=("siem.corp.example",)) == GOOD[url]


@pytest.mark.parametrize("url", BAD)
def test_what_may_not(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        place(url, where="sinks[0].url")
    assert caught.value.where == "sinks[0].url"
    assert "secret" not in str(caught.value)


def test_a_place_is_told_without_its_path() -> None:
    assert str(place("https://hooks.example/services/T0/SECRET?k=v")) == "https://hooks.example:443"
    assert str(place("https://[2001:db8::1]/x")) == "https://[2001:db8::1]:443"


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "::169.254.169.254",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",
        "::",
        "255.255.255.255",
        "224.0.0.1",
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "::ffff:127.0.0.1",
        "not an address",
    ],
)
def test_addresses_that_are_never_called(address: str) -> None:
    assert forbidden(address)


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.5", "2001:db8::1", "fd12:3456::1", "64:ff9b::c000:207"])
def test_addresses_that_are(address: str) -> None:
    assert not forbidden(address)


def test_this_machine_is_called_where_the_settings_name_it() -> None:
    assert not forbidden("127.0.0.1", local=True)
    assert not forbidden("::1", local=True)
    assert forbidden("169.254.169.254", local=True)


def answering(*addresses: str) -> Callable[..., list[tuple[int, int, int, str, tuple[str, int]]]]:
    return lambda _, port, **__: [
        (socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses
    ]


def test_one_bad_address_of_a_name_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("192.0.2.7", "169.254.169.254"))
    with pytest.raises(DeliveryError, match="never called"):
        reachable("hooks.example", 443)
    monkeypatch.setattr(socket, "getaddrinfo", answering("192.0.2.7", "192.0.2.8"))
    assert reachable("hooks.example", 443) == "192.0.2.7"


def test_a_name_that_turns_out_to_be_this_machine_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("127.0.0.1"))
    with pytest.raises(DeliveryError, match="this machine"):
        reachable("hooks.example", 443)
    assert reachable("localhost", 443) == "127.0.0.1"


def test_a_name_without_an_address() -> None:
    with pytest.raises(DeliveryError, match="no address") as caught:
        reachable("no-such-host.invalid", 443)
    assert caught.value.again


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "::1", "localhost"])
def test_through_a_proxy_no_such_address_is_called_by_its_number(host: str) -> None:
    assert literally_forbidden(host)
    assert not literally_forbidden("hooks.example")
    assert not literally_forbidden("192.0.2.7")
