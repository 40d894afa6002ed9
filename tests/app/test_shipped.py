"""The models that ship, as a user meets them: on made-up inputs whose badness nobody would doubt, offline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vedette.abc import Detector, Learned
from vedette.app import local
from vedette.app.cli import main
from vedette.config import Config
from vedette.learning import registry
from vedette.plugins import discover

LEARNED = [name for name, cls in discover(Detector).items() if issubclass(cls, Learned) and cls.ships]

URLS = """\
hxxp://paypal.com.secure-login-verify[.]xyz/signin.php?session=9f8e7d6c&user=bob
http://192.0.2.55:8443/wp-content/plugins/office365/login.php
https://www.python.org/downloads/
https://www.debian.org/
"""

WEB = """\
198.51.100.7 - - [05/Jan/2026:09:00:01 +0000] "GET /i.php?id=1%27%20UNION%20SELECT%20user,pass%20FROM%20users-- HTTP/1.1" 200 5 "-" "-"
198.51.100.7 - - [05/Jan/2026:09:00:02 +0000] "GET /i.php?q=%3Cscript%3Ealert(document.cookie)%3C/script%3E HTTP/1.1" 200 512 "-" "-"
198.51.100.7 - - [05/Jan/2026:09:00:03 +0000] "GET /cgi-bin/../../../../etc/passwd HTTP/1.1" 404 12 "-" "Mozilla/5.0"
192.0.2.4 - - [05/Jan/2026:09:00:05 +0000] "GET /shop?page=2&sort=price HTTP/1.1" 200 5120 "-" "Mozilla/5.0"
"""

PROXY = "".join(
    json.dumps(
        {
            "_path": "http",
            "ts": 1767603600.0 + n,
            "uid": f"C{n}",
            "id.orig_h": "10.0.0.8",
            "id.orig_p": 40_000 + n,
            "id.resp_h": "192.0.2.80",
            "id.resp_p": 80,
            "method": "GET",
            "host": host,
            "uri": uri,
            "status_code": 200,
        }
    )
    + "\n"
    for n, (host, uri) in enumerate(
        [
            ("www.debian.org", "/"),
            ("paypal.com.secure-login-verify.xyz", "/signin.php?session=9f8e7d6c&user=bob"),
            ("www.python.org", "/downloads/"),
        ]
    )
)

MAIL = """\
Received: from x.bad-host.example ([203.0.113.9]) by mx.site.example; Mon, 05 Jan 2026 09:00:01 +0000
From: "PayPal Security" <service@secure-update.bad-host.example>
Reply-To: collect@other.example
To: bob@site.example
Subject: Your account has been limited - verify your password immediately
Date: Mon, 05 Jan 2026 09:00:00 +0000
Message-ID: <bad1@bad-host.example>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<html><body><p>Dear customer, your PayPal account will be suspended within 24 hours.
<a href="http://paypal.com.secure-login-verify.xyz/login.php?id=bob">https://www.paypal.com/signin</a>
Confirm your password and credit card now.</p></body></html>
"""

INPUTS = {
    "urls.txt": (URLS, {"url"}),
    "access.log": (WEB, {"web"}),
    "http.log": (PROXY, {"url"}),
    "mails/bad.eml": (MAIL, {"spam", "phishing", "url"}),
}


@pytest.mark.parametrize("name", LEARNED)
def test_every_learned_detector_has_its_model(name: str) -> None:
    assert isinstance(registry.equip(discover(Detector)[name]), Learned)


def test_all_shipped_models_together_are_small() -> None:
    sizes = [p.stat().st_size for v in registry.every() if v.origin == "shipped" for p in v.folder.iterdir()]
    assert 0 < sum(sizes) <= 25_000_000


@pytest.mark.parametrize("name", INPUTS)
def test_a_scan_gives_incidents_with_reasons(name: str, tmp_path: Path) -> None:
    text, wanted = INPUTS[name]
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    with local.scan([str(tmp_path)], Config()) as result:
        assert not [i for i in result.idle if i.broke]
        alerts = [f for i in result.incidents for f in i.findings if f.alert]
        assert {f.detector for f in alerts} & wanted
        for finding in alerts:
            assert finding.reasons
            assert finding.evidence
        assert not any("debian.org" in e.value or "python.org" in e.value for f in alerts for e in f.targets)


HOLDS = [
    ("spam", "mails/bad.eml"),
    ("phishing", "mails/bad.eml"),
    ("url", "mails/bad.eml"),
    ("url", "urls.txt"),
    ("url", "http.log"),
    ("domain", "urls.txt"),
    ("web", "access.log"),
    ("web", "http.log"),
]


@pytest.mark.parametrize(("name", "file"), HOLDS)
def test_a_row_for_every_item(name: str, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / Path(file).name
    path.write_text("qxkzvwjqpf.example\ndebian.org\n" if name == "domain" else INPUTS[file][0])
    with pytest.raises(SystemExit) as left:
        main(["score", name, str(path), "--json", "-q"])
    assert left.value.code in (0, 1)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows
    assert all(r["item"] and (r["reasons"] or r["why"]) for r in rows)
    assert all(r["verdict"] in ("malicious", "benign", "insufficient data") for r in rows)
