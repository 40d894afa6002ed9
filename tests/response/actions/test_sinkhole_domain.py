from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from vedette.errors import ActionError, Refused
from vedette.model import Entity, EntityKind, Receipt
from vedette.response.actions.sinkhole_domain import MARK, SinkholeDomain, SinkholeSettings
from vedette.testing.incidents import some_incident
from vedette.testing.responses import there_and_back

Resolver = Literal["rpz", "unbound", "dnsmasq"]
FORMATS: list[Resolver] = ["rpz", "unbound", "dnsmasq"]
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
OK, NO = (sys.executable, "-c", ""), (sys.executable, "-c", "raise SystemExit('zone not loaded')")


def made(
    file: Path, resolver: Resolver = "rpz", *, check: tuple[str, ...] = (), reload: tuple[str, ...] = OK
) -> SinkholeDomain:
    return SinkholeDomain(SinkholeSettings(file=str(file), resolver=resolver, check=check, reload=reload))


def domain(name: str) -> Entity:
    return Entity(EntityKind.DOMAIN, name)


@pytest.mark.parametrize("resolver", FORMATS)
def test_denied_and_not_and_the_others_stay(tmp_path: Path, resolver: Resolver) -> None:
    sinkhole = made(tmp_path / "zone", resolver)
    other = sinkhole.plan(some_incident(), domain("other.example"))
    sinkhole.apply(other)
    there_and_back(sinkhole, sinkhole.plan(some_incident(), domain("Bad.Example.")))
    assert sinkhole.in_force(other) is True
    assert [p.name for p in tmp_path.iterdir()] == ["zone"]


def test_the_serial_grows_with_every_change(tmp_path: Path) -> None:
    sinkhole, serials = made(tmp_path / "zone"), []
    for name in ("a.example", "b.example", "c.example"):
        sinkhole.apply(sinkhole.plan(some_incident(), domain(name)))
        serials.append(int(re.findall(r"SOA .* \( (\d+)", (tmp_path / "zone").read_text())[0]))
    assert serials[1:] == [serials[0] + 1, serials[0] + 2]


def test_what_the_resolver_does_not_read_is_put_back(tmp_path: Path) -> None:
    good, bad = made(tmp_path / "zone"), made(tmp_path / "zone", reload=NO)
    plan = good.plan(some_incident(), domain("bad.example"))
    with pytest.raises(ActionError, match="zone not loaded"):
        bad.apply(plan)
    assert not (tmp_path / "zone").exists()
    good.apply(good.plan(some_incident(), domain("other.example")))
    before = (tmp_path / "zone").read_text()
    with pytest.raises(ActionError):
        bad.apply(plan)
    assert (tmp_path / "zone").read_text() == before
    assert bad.in_force(plan) is False


def test_what_does_not_pass_the_check_is_never_used(tmp_path: Path) -> None:
    sinkhole = made(tmp_path / "zone", check=NO)
    with pytest.raises(Refused, match="does not pass: zone not loaded"):
        sinkhole.apply(sinkhole.plan(some_incident(), domain("bad.example")))
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_somebody_else_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "zone").write_text("; mine\nbad.example CNAME .\n")
    sinkhole = made(tmp_path / "zone")
    plan = sinkhole.plan(some_incident(), domain("bad.example"))
    with pytest.raises(Refused, match="was not written by Vedette"):
        sinkhole.apply(plan)
    with pytest.raises(ActionError, match="was not written by Vedette"):
        sinkhole.undo(Receipt(plan, "done"))
    assert sinkhole.in_force(plan) is None
    assert "mine" in (tmp_path / "zone").read_text()


def test_a_folder_that_is_none_and_a_link_in_the_way(tmp_path: Path) -> None:
    absent = made(tmp_path / "absent" / "zone")
    with pytest.raises(Refused, match="cannot write"):
        absent.apply(absent.plan(some_incident(), domain("bad.example")))
    (tmp_path / "victim").write_text("kept")
    (tmp_path / ".zone.vedette").symlink_to(tmp_path / "victim")
    sinkhole = made(tmp_path / "zone")
    sinkhole.apply(sinkhole.plan(some_incident(), domain("bad.example")))
    assert (tmp_path / "victim").read_text() == "kept"


@pytest.mark.parametrize(
    "name",
    [
        "co.uk",
        "github.io",
        "google.com",
        "drive.google.com",
        "example",
        "10.0.0.1",
        "a b.example",
        "a." * 120 + "example",
    ],
)
def test_what_belongs_to_many_or_is_no_domain_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        made(Path("/x")).plan(some_incident(), domain(name))


def test_what_is_missing_is_said() -> None:
    assert "file" in SinkholeDomain().ready()
    assert "reload" in SinkholeDomain(SinkholeSettings(file="/x")).ready()
    with pytest.raises(ValidationError, match="absolute"):
        SinkholeSettings(file="x")


@given(name=st.from_regex(r"[a-z0-9_.\n/\" -]{1,20}\.example", fullmatch=True))
def test_a_name_is_one_entry_or_none(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    for resolver in FORMATS:
        file = tmp_path_factory.mktemp("zone") / "zone"
        sinkhole = made(file, resolver, reload=())
        try:
            plan = sinkhole.plan(some_incident(), domain(name))
        except Refused:
            continue
        sinkhole.apply(plan)
        lines = file.read_text().splitlines()
        assert MARK in lines[0]
        assert sum("example" in line for line in lines) == (2 if resolver == "rpz" else 1)
        assert sinkhole.in_force(plan) is True


# ------------------------------------------------------------------------------------------------------ real resolvers


@pytest.mark.parametrize(
    ("resolver", "program", "argv"),
    [
        ("rpz", "named-checkzone", ("named-checkzone", "rpz.vedette", "{file}")),
        ("dnsmasq", "dnsmasq", ("dnsmasq", "--test", "-C", "{file}")),
    ],
)
def test_real_programs_take_the_file(tmp_path: Path, resolver: Resolver, program: str, argv: tuple[str, ...]) -> None:
    found = shutil.which(program, path=PATH)
    if found is None:
        pytest.skip(f"needs {program}")
    sinkhole = made(tmp_path / "zone", resolver, check=(found, *argv[1:]))
    for name in ("bad.example", "_a.x-1.bad.example", "xn--bcher-kva.example"):
        sinkhole.apply(sinkhole.plan(some_incident(), domain(name)))
    sinkhole.undo(Receipt(sinkhole.plan(some_incident(), domain("bad.example")), "done"))
    assert "xn--bcher" in (tmp_path / "zone").read_text()


QUESTION = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00%s\x00\x00\x01\x00\x01"
NXDOMAIN = 3


@pytest.mark.slow
def test_a_real_unbound_denies_the_domain_and_all_below_it(tmp_path: Path) -> None:
    program, check = (shutil.which(name, path=PATH) for name in ("unbound", "unbound-checkconf"))
    if program is None or check is None:
        pytest.skip("needs unbound")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    main = tmp_path / "unbound.conf"
    main.write_text(
        f'server:\n  directory: "{tmp_path}"\n  chroot: ""\n  username: ""\n  pidfile: ""\n  use-syslog: no\n  do-daemonize: no\n'
        f'  interface: 127.0.0.1@{port}\n  local-zone: "good.example." redirect\n'
        f'  local-data: "good.example. A 192.0.2.1"\nremote-control:\n  control-enable: no\ninclude: "{tmp_path}/zone"\n'
    )
    sinkhole = made(tmp_path / "zone", "unbound", reload=(check, str(main)))
    sinkhole.apply(sinkhole.plan(some_incident(), domain("bad.example")))
    words = [program, "-d", "-c", str(main)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603 - our own words
        try:
            assert answered(port, "good.example") == 0
            assert answered(port, "bad.example") == NXDOMAIN
            assert answered(port, "x.y.bad.example") == NXDOMAIN
        finally:
            server.kill()


def answered(port: int, name: str) -> int:
    """Return what a resolver says of a name: its RCODE."""
    labels = b"".join(bytes([len(word)]) + word.encode() for word in name.split("."))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(0.5)
        for _ in range(40):
            asker.sendto(QUESTION % labels, ("127.0.0.1", port))
            try:
                return asker.recv(512)[3] & 0xF
            except (TimeoutError, ConnectionRefusedError):
                time.sleep(0.1)
    pytest.fail("the resolver never answered")
