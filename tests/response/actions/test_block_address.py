from __future__ import annotations

from ipaddress import ip_network

import pytest

from vedette.errors import ActionError, Refused
from vedette.model import Entity, EntityKind, Receipt
from vedette.response.actions import block_address
from vedette.response.actions.block_address import BlockAddress
from vedette.testing.incidents import some_incident
from vedette.testing.made import entity


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
        BlockAddress(own=[ip_network("10.0.0.1/32"), ip_network("2001:db8:1::/48")]).plan(
            some_incident(), entity(value)
        )


def test_a_user_is_refused_even_if_called_like_an_address() -> None:
    with pytest.raises(Refused, match="not an address"):
        BlockAddress().plan(some_incident(), Entity(EntityKind.USER, "203.0.113.7"))


def _said(monkeypatch: pytest.MonkeyPatch, answer: str | None) -> list[str]:
    """Let nft answer so; return what it is told."""
    told: list[str] = []

    def nft(command: str) -> str | None:
        told.append(command)
        return answer

    monkeypatch.setattr(block_address, "_nft", nft)
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
        BlockAddress(own=[ip_network("203.0.113.0/24")]).apply(PLAN)
    assert not told
