"""Addresses of clients as services write them."""

from __future__ import annotations

import polars as pl
import pytest

from vedette.events.clients import client_address, client_name, client_port

TEXTS = {
    "192.0.2.7": ("192.0.2.7", None, None),
    "192.0.2.7:50123": ("192.0.2.7", None, 50123),
    "[2001:DB8::7]:50123": ("2001:db8::7", None, 50123),
    "2001:db8::7": ("2001:db8::7", None, None),
    "fe80::1%eth0": ("fe80::1", None, None),
    "::ffff:192.0.2.7": ("192.0.2.7", None, None),
    "ec2.amazonaws.com": (None, "ec2.amazonaws.com", None),
    "192.0.2.7:99999": ("192.0.2.7", None, None),
    "-": (None, None, None),
}


@pytest.mark.parametrize("text", TEXTS)
def test_address_name_and_port(text: str) -> None:
    of = pl.lit(text)
    assert pl.select(a=client_address(of), n=client_name(of), p=client_port(of)).row(0) == TEXTS[text]
