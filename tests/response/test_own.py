from __future__ import annotations

from pathlib import Path

from vedette.response.own import own_addresses

TRIE = """Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 192.0.2.0/24 2 0 2
        |-- 192.0.2.0
           /24 link UNICAST
        |-- 192.0.2.17
           /32 host LOCAL
"""
ROUTE = "Iface\tDestination\tGateway\tFlags\neth0\t00000000\t010200C0\t0003\neth0\t000200C0\t00000000\t0001\n"


def test_what_would_cut_us_off_is_known(tmp_path: Path) -> None:
    (tmp_path / "proc/net").mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    (tmp_path / "proc/net/fib_trie").write_text(TRIE)
    (tmp_path / "proc/net/if_inet6").write_text("20010db8000000000000000000000017 02 40 00 80 eth0\nodd\n")
    (tmp_path / "proc/net/route").write_text(ROUTE)
    (tmp_path / "etc/resolv.conf").write_text("# none\nnameserver 192.0.2.53\nnameserver\nnameserver not-one\n")
    assert own_addresses(tmp_path, {"SSH_CONNECTION": "198.51.100.4 51000 192.0.2.17 22"}) == {
        "192.0.2.17": "an address of this machine",
        "2001:db8::17": "an address of this machine",
        "192.0.2.1": "the gateway of this machine",
        "192.0.2.53": "a name server of this machine",
        "198.51.100.4": "the other end of this SSH session",
    }


def test_a_machine_that_tells_nothing_has_no_own_addresses(tmp_path: Path) -> None:
    assert own_addresses(tmp_path, {}) == {}


def test_this_machine_knows_its_loopback_at_least() -> None:
    assert "127.0.0.1" in own_addresses(environment={})
