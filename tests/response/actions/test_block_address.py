from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from vedette.errors import ActionError, Refused
from vedette.model import Entity, EntityKind, Receipt
from vedette.response.actions import block_address
from vedette.response.actions.block_address import BlockAddress, BlockSettings
from vedette.testing.incidents import some_incident
from vedette.testing.made import entity


def _with(**settings: object) -> BlockAddress:
    return BlockAddress(BlockSettings.model_validate(settings))


@pytest.mark.parametrize(
    ("value", "step"),
    [
        ("203.0.113.7", "nft 'add element inet vedette blocked4 { 203.0.113.7 timeout 3600s }'"),
        ("2001:0db8:0::7", "nft 'add element inet vedette blocked6 { 2001:db8::7 timeout 3600s }'"),
        ("::ffff:203.0.113.7", "nft 'add element inet vedette blocked4 { 203.0.113.7 timeout 3600s }'"),
    ],
)
def test_the_step_is_one_element_that_times_out(value: str, step: str) -> None:
    plan = BlockAddress().plan(some_incident(), entity(value))
    assert plan.steps == (step,)
    assert plan.undo == (step.replace("add", "delete").replace(" timeout 3600s", ""),)


REFUSED = [
    *(
        "127.0.0.1",
        "::1",
        "224.0.0.1",
        "ff02::1",
        "0.0.0.0",
        "::",
        "169.254.1.1",
        "fe80::1",
        "fe80::1%eth0",
        "255.255.255.255",
    ),
    *("240.0.0.1", "::ffff:127.0.0.1", "2001:db8::1%x; reboot", "10.0.0.1", "10.0.0.0/8", "0177.0.0.1", "not", ""),
]


@pytest.mark.parametrize("value", REFUSED)
def test_what_is_nobodys_to_block_is_refused(value: str) -> None:
    with pytest.raises(Refused):
        _with(never=["10.0.0.1/32", "2001:db8:1::/48"]).plan(some_incident(), entity(value))


def test_a_user_is_refused_even_if_called_like_an_address() -> None:
    with pytest.raises(Refused, match="not an address"):
        BlockAddress().plan(some_incident(), Entity(EntityKind.USER, "203.0.113.7"))


def _said(monkeypatch: pytest.MonkeyPatch, answer: str | None) -> list[str]:
    """Let nft answer so; return what it is told."""
    told: list[str] = []

    def nft(argv: list[str]) -> str | None:
        told.append(argv[-1])
        return answer

    monkeypatch.setattr(block_address, "_complaint", nft)
    return told


PLAN = BlockAddress().plan(some_incident(), entity("203.0.113.7"))
ABSENT = "Error: Could not process rule: No such file or directory"


def test_what_nft_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = _said(monkeypatch, None)
    receipt = BlockAddress().apply(PLAN)
    assert BlockAddress().in_force(PLAN) is True
    assert BlockAddress().undo(receipt).status == "undone"
    element = "element inet vedette blocked4 { 203.0.113.7"
    assert told == [f"add {element} timeout 3600s }}", f"get {element} }}", f"delete {element} }}"]


def test_an_element_that_is_gone_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    _said(monkeypatch, ABSENT)
    assert BlockAddress().in_force(PLAN) is False
    assert BlockAddress().undo(Receipt(PLAN, "done")).status == "undone"
    with pytest.raises(ActionError, match="did not take") as caught:
        BlockAddress().apply(PLAN)
    assert "block-with-nftables" in caught.value.hint


def test_a_doubt_is_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    _said(monkeypatch, "Operation not permitted")
    assert BlockAddress().in_force(PLAN) is None
    with pytest.raises(ActionError, match="Operation not permitted"):
        BlockAddress().undo(Receipt(PLAN, "done"))


def test_our_own_addresses_are_refused_again_when_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    told = _said(monkeypatch, None)
    with pytest.raises(Refused):
        _with(never=["203.0.113.0/24"]).apply(PLAN)
    assert not told


# ------------------------------------------------------------------------------------------------- gateways elsewhere


def test_each_gateway_is_told_as_a_person_would_type_it() -> None:
    plan = _with(via=["ssh root@gw1", "ssh gw2.example"], nft="sudo -n nft", minutes=5).plan(
        some_incident(), PLAN.target
    )
    assert plan.steps == (
        """ssh root@gw1 'sudo -n nft '"'"'add element inet vedette blocked4 { 203.0.113.7 timeout 300s }'"'"''""",
        """ssh gw2.example 'sudo -n nft '"'"'add element inet vedette blocked4 { 203.0.113.7 timeout 300s }'"'"''""",
    )
    assert plan.ttl_seconds == 300


HOSTILE = [
    "ssh -oProxyCommand=x",
    "ssh root@-x",
    "ssh a b",
    "gw1",
    "ssh root@gw1;x",
    "ssh\tgw1",
    "",
    "ssh gw1\n",
    "ssh $(x)",
]


@pytest.mark.parametrize("via", HOSTILE)
def test_a_gateway_that_is_none_is_an_error_of_the_settings(via: str) -> None:
    with pytest.raises(ValidationError, match="should be like"):
        _with(via=via)


GATEWAY = """\
#!/bin/sh
# a made-up ssh: notes how it was called, and answers as the file of the host says
printf '%s\\n' "$@" > "$0.argv"
for last; do :; done
case "$*" in *gw2*) cat "$0.gw2" >&2; exit "$(cat "$0.code2")";; esac
exit 0
"""


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two gateways behind a made-up ssh; returns the program, beside which its notes lie."""
    program = tmp_path / "ssh"
    program.write_text(GATEWAY)
    program.chmod(0o755)
    _second(program, "", 0)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return program


def _second(program: Path, says: str, code: int) -> None:
    program.with_name("ssh.gw2").write_text(says)
    program.with_name("ssh.code2").write_text(str(code))


def test_the_exact_arguments(two: Path) -> None:
    _with(via="ssh root@gw1", ssh_key="/k", known_hosts="/h").apply(PLAN)
    told = two.with_name("ssh.argv").read_text().splitlines()
    assert told == [
        *("-T", "-oBatchMode=yes", "-oStrictHostKeyChecking=yes", "-oConnectTimeout=5", "-oClearAllForwardings=yes"),
        *("-oForwardAgent=no", "-oPermitLocalCommand=no", "-oIdentityFile=/k", "-oUserKnownHostsFile=/h", "--"),
        *("root@gw1", "nft 'add element inet vedette blocked4 { 203.0.113.7 timeout 3600s }'"),
    ]


def test_a_gateway_out_of_reach_is_named_and_what_holds_is_known(two: Path) -> None:
    action = _with(via=["ssh root@gw1", "ssh root@gw2"])
    assert action.in_force(PLAN) is True
    _second(two, "ssh: connect to host gw2 port 22: Connection refused\n", 255)
    with pytest.raises(ActionError, match=r"Connection refused.*ssh root@gw2"):
        action.apply(PLAN)
    assert action.in_force(PLAN) is True
    assert _with(via="ssh root@gw2").in_force(PLAN) is None
    _second(two, ABSENT, 1)
    assert _with(via="ssh root@gw2").in_force(PLAN) is False
    assert action.undo(Receipt(PLAN, "done")).status == "undone"


TABLE = """
table inet vedette {
  set blocked4 { type ipv4_addr; flags timeout; }
  set blocked6 { type ipv6_addr; flags timeout; }
}
"""


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BlockAddress]:
    """A gateway in a network namespace with a real sshd, which knows our key, and whose key we know."""
    sshd, keygen, ip = (
        shutil.which(p, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") for p in ("sshd", "ssh-keygen", "ip")
    )
    if not (sshd and keygen and ip and shutil.which("ssh")):
        pytest.skip("needs openssh-server and iproute2")
    name = f"vs{os.getpid()}"
    if _run(ip, "netns", "add", name).returncode:
        pytest.skip("needs the right to make network namespaces")
    server = None
    try:
        _run(ip, "-n", name, "link", "set", "lo", "up")
        assert not _run(ip, "netns", "exec", name, "nft", "-f", "-", given=TABLE).returncode
        for key in ("host", "user"):
            _run(keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / key))
        shutil.copy(tmp_path / "user.pub", tmp_path / "authorized")
        (tmp_path / "known").write_text(f"[127.0.0.1]:2222 {(tmp_path / 'host.pub').read_text()}")
        config = tmp_path / "sshd_config"
        config.write_text(
            f"Port 2222\nListenAddress 127.0.0.1\nHostKey {tmp_path}/host\nAuthorizedKeysFile {tmp_path}/authorized\n"
            "StrictModes no\nUsePAM no\nPermitRootLogin prohibit-password\nPidFile none\n"
        )
        Path("/run/sshd").mkdir(exist_ok=True)  # where Debian's sshd separates its privileges
        server = subprocess.Popen(  # noqa: S603 - as above
            [ip, "netns", "exec", name, sshd, "-D", "-e", "-f", str(config)], stderr=subprocess.DEVNULL
        )
        wrapper = (
            tmp_path / "bin" / "ssh"
        )  # what is real is the client, the server and nft; only the way there is the namespace's
        wrapper.parent.mkdir()
        wrapper.write_text(f'#!/bin/sh\nexec {ip} netns exec {name} {shutil.which("ssh")} -F none -oPort=2222 "$@"\n')
        wrapper.chmod(0o755)
        monkeypatch.setenv("PATH", f"{wrapper.parent}:{os.environ['PATH']}")
        yield _with(via="ssh root@127.0.0.1", ssh_key=str(tmp_path / "user"), known_hosts=str(tmp_path / "known"))
    finally:
        if server is not None:
            server.kill()
            server.wait()
        _run(ip, "netns", "del", name)


def _run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the words are this test's own
        words, input=given, capture_output=True, text=True, timeout=30, check=False
    )


@pytest.mark.slow
def test_a_real_gateway_by_a_real_ssh(real: BlockAddress, tmp_path: Path) -> None:
    deadline = time.monotonic() + 15
    while real.in_force(PLAN) is None:
        assert time.monotonic() < deadline, "sshd never answered"
        time.sleep(0.2)
    assert real.in_force(PLAN) is False
    real.apply(PLAN)
    assert real.in_force(PLAN) is True
    assert real.undo(Receipt(PLAN, "done")).status == "undone"
    assert real.undo(Receipt(PLAN, "done")).status == "undone"
    assert real.in_force(PLAN) is False
    (tmp_path / "known").write_text("")  # a gateway whose key we do not know is not spoken to
    with pytest.raises(ActionError, match=r"Host key verification failed|No ED25519 host key"):
        real.apply(PLAN)
