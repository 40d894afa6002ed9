from __future__ import annotations

import re

import pytest

from vedette.features import mail_hosts


@pytest.mark.parametrize("name", ["FREE_MAIL", "SENDER_TENANTS", "CHEAP", "SHORTENERS", "PAGE_TENANTS"])
def test_lists_hold_names_in_lower_case_each_once(name: str) -> None:
    hosts = getattr(mail_hosts, name)
    assert len(hosts) == len(set(hosts)) > 10
    assert all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", h) for h in hosts)


def test_a_provider_of_mailboxes_is_no_tenant() -> None:
    assert not set(mail_hosts.FREE_MAIL) & {
        *mail_hosts.SENDER_TENANTS,
        *mail_hosts.PAGE_TENANTS,
        *mail_hosts.SHORTENERS,
    }
