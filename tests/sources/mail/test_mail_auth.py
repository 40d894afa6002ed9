from __future__ import annotations

import pytest

from vedette.sources.mail.mail_auth import authentication
from vedette.sources.mail.mail_headers import fields

OURS = "Received: from x by mx.ours.example; date\n"
INSIDE = "Received: from mx.ours.example by store.ours.example; date\n"
FOREIGN = "Received: from y by mail.foreign.example; date\n"


def results(head: str) -> dict[str, str]:
    return authentication(fields(head), head)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("Authentication-Results: mx.ours.example; spf=pass; dmarc=pass\n" + OURS, {"spf": "pass", "dmarc": "pass"}),
        (OURS + "Authentication-Results: mx.ours.example; spf=fail\n", {"spf": "fail"}),
        (INSIDE + "Authentication-Results: mx.ours.example; spf=none (x) a=b; dkim=fail\n" + OURS, {"spf": "none", "dkim": "fail"}),
        (INSIDE + "Authentication-Results: spf=pass\n" + OURS, {}),
        (
            "Received: from a by b.prod.outlook.com; d\nReceived: from b by c.outlook.office365.com; d\n"
            "Authentication-Results: spf=none (sender IP is x); dkim=pass\nReceived: from d by e.protection.outlook.com; d\n" + FOREIGN,
            {"spf": "none", "dkim": "pass"},
        ),
        (OURS + "Authentication-Results: evil.example; spf=pass\n" + FOREIGN, {}),
        (OURS + FOREIGN + "Authentication-Results: mx.ours.example; spf=pass\n", {}),
        ("Authentication-Results: mx.ours.example; spf=pass\n", {"spf": "pass"}),
        ("Authentication-Results: mx.ours.example; dkim=fail; dkim=pass; spf=fail; spf=pass\n" + OURS, {"dkim": "pass", "spf": "fail"}),
        ('Authentication-Results: mx.ours.example; spf=fail smtp.mailfrom="a;dkim=pass"@b\n' + OURS, {"spf": "fail"}),
        ("Authentication-Results: mx.ours.example; dkim=fail (x; spf=pass)\n" + OURS, {"dkim": "fail"}),
        ("Authentication-Results: m.ours.example; spf=hardfail; dmarc=bestguesspass; dkim=x\n" + OURS, {"spf": "fail", "dmarc": "none"}),
        (
            "Authentication-Results: mx.ours.example; spf=pass\nAuthentication-Results: mx.ours.example; dkim=pass\n"
            "Authentication-Results: other.example; dmarc=pass\n" + OURS,
            {"spf": "pass", "dkim": "pass"},
        ),
        ("Received-SPF: softfail (x)\n" + OURS, {"spf": "softfail"}),
        (OURS + "Received-SPF: pass\n" + FOREIGN, {}),
        (INSIDE + "Received-SPF: pass (ours.example: x)\n" + OURS, {"spf": "pass"}),
        ("Received-SPF: Pass\n", {"spf": "pass"}),
        ("Received: by 2002:a05::1; date\n" + OURS + "Authentication-Results: mx.ours.example; spf=pass\n", {"spf": "pass"}),
        ("Received: from a by localhost; d\n" + OURS + "Authentication-Results: mx.ours.example; spf=pass\n", {"spf": "pass"}),
        ("", {}),
        ("Authentication-Results:\n", {}),
    ],
)  # fmt: skip
def test_only_what_the_receiver_wrote_is_believed(head: str, found: dict[str, str]) -> None:
    assert results(head) == found
