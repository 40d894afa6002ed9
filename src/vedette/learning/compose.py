"""Composes mails from sentences of our own: modern honest ones, and ones that steal, in twelve languages; raw messages (RFC 5322).

There is no public set of modern honest mail, so a model trained on public sets alone learns the calendar: HTML, trackers and HTTPS would
be evidence. Here the same sentences are sent by honest companies and by impostors, in the same kinds of HTML: what differs is who sends,
where links lead, what is attached. That makes these mails a statement of ours about the world, not a measurement; the model card says so.
"""

# ruff: noqa: E501, PLR2004, SIM905 - shares that are drawn; lists of words
from __future__ import annotations

import html
import re
from base64 import encodebytes
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from vedette.errors import ContentError
from vedette.intel.content import content
from vedette.learning import mail_world as world

_ONE = re.compile(r"(?<!\[)\[([^\[\]|]*(?:\|[^\[\]|]*)+)\](?!\])")
_SLOT = re.compile(r"\{(\w+)\}")
_LINK = re.compile(r"\[\[(.*?)\]\]")
_CITIES = (
    "Lisbon Osaka Leeds Turin Lyon Gdansk Izmir Recife Kazan Chengdu Utrecht Malmo Austin Perth Porto Nantes".split()
)
_DEVICES = ("Windows 11, Chrome", "iPhone 14", "Android 13", "Mac, Safari", "Linux, Firefox")
_MONEY = (
    "${}.{:02d}",
    "{}.{:02d} USD",
    "€{}.{:02d}",
    "{},{:02d} EUR",
    "£{}.{:02d}",
    "R$ {},{:02d}",
    "{}{:02d}0円",
    "¥{}.{:02d}",
    "{},{:02d} zł",
)
_FILES = "report_2023.pdf budget-q3.xlsx contract_v2.docx slides.pptx statement.pdf invoice.pdf offer.pdf minutes.docx".split()
_REPOS = "acme/parser harbor/web nova-core orchard-api lantern/cli falcon".split()
_START = datetime(2022, 1, 3, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Made:
    """One made mail."""

    raw: bytes
    label: str
    group: str
    time: datetime


def mails(table: str, part: int, count: int, seed: int) -> Iterator[Made]:
    """Yield ``count`` mails, half of them phishing.

    Args:
        table: file of sentences below ``content/mails``.
        part: 0 or 1: which half of the protected names are spoken of.
        count: how many.
        seed: of everything that is drawn.
    """
    entries = _entries(table)
    for i in range(count):
        rng = Random(f"{table}:{seed}:{i}")  # noqa: S311 - sentences, not secrets
        label = "phishing" if i % 2 else "ham"
        entry = rng.choice([e for e in entries if e["as"] in ("both", label)])
        when = _START + timedelta(hours=rng.randrange(24 * 365 * 4), minutes=rng.randrange(60))
        yield Made(_message(rng, entry, label, part, when), label, f"{table}:{entry['id']}", when)


def _entries(table: str) -> list[dict[str, Any]]:
    import yaml

    path = content(f"mails/{table}.yaml")
    try:
        found = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise ContentError(f"not a table of sentences: {error}", where=str(path)) from error
    if not isinstance(found, list) or any({"id", "as", "subject", "body"} - set(e) for e in found):
        raise ContentError("an entry lacks id, as, subject or body", where=str(path))
    return found


def _message(rng: Random, entry: dict[str, Any], label: str, part: int, when: datetime) -> bytes:
    to = world.person(rng)
    sender = _sender(rng, entry, label, part, to)
    slots = _slots(rng, sender, to, when)
    subject = _filled(rng, rng.choice(entry["subject"]), slots)
    lines = [_filled(rng, line, slots) for line in entry["body"]]
    if label == "phishing" and rng.random() < 0.05:
        lines = [line.replace("a", "a\u200b").replace("e", "\u0435") for line in lines]
    files = _files(rng, entry, label)
    head = _head(rng, sender, to, subject, when)
    body = _body(rng, sender, lines, label, plain=entry.get("person", False) or entry.get("reply", False))
    return _assembled(rng, head, body, files)


def _sender(rng: Random, entry: dict[str, Any], label: str, part: int, to: world.Person) -> world.Sender:
    if label == "phishing":
        if entry.get("reply"):
            return world.stranger(rng, boss=world.person(rng).name if entry.get("boss") else "")
        return world.impostor(rng, part, to, us=entry.get("us", False))
    return _honest(rng, entry, part, to)


def _honest(rng: Random, entry: dict[str, Any], part: int, to: world.Person) -> world.Sender:
    if entry.get("self"):
        return world.Sender(
            to.name, to.address, to.name, to.domain, main=f"https://{world.company(rng)[1]}/{world.token(rng, 3, 9)}"
        )
    if entry.get("list"):
        return world.on_list(rng, to)
    if entry.get("person") or (entry.get("attach") and rng.random() < 0.7):
        return world.colleague(rng, to)
    if entry["id"].removeprefix("t-") in ("ci", "monitor"):
        return world.machine(rng, to)
    return world.honest(rng, part, to, many=entry.get("many", False))


def _slots(rng: Random, sender: world.Sender, to: world.Person, when: datetime) -> dict[str, str]:
    return {
        "brand": sender.plays,
        "other": rng.choice(world.known_names()),
        "name": rng.choice((to.name, to.name.split()[0], to.address.partition("@")[0])),
        "person": sender.plays if sender.plays in sender.shown and " " in sender.plays else world.person(rng).name,
        "amount": rng.choice(_MONEY).format(rng.randrange(3, 900), rng.randrange(100)),
        "number": str(rng.randrange(10**5, 10**9)),
        "days": str(rng.randrange(2, 30)),
        "date": (when + timedelta(days=rng.randrange(9))).strftime(
            rng.choice(("%d.%m.%Y", "%B %d", "%Y-%m-%d", "%d/%m/%Y"))
        ),
        "city": rng.choice(_CITIES),
        "device": rng.choice(_DEVICES),
        "ip": f"{rng.randrange(11, 223)}.{rng.randrange(255)}.{rng.randrange(255)}.{rng.randrange(255)}",
        "file": rng.choice(_FILES),
        "repo": rng.choice(_REPOS),
        "site": sender.shown_url or f"www.{sender.site}",
        "wallet": "bc1q" + world.token(rng, 36, 38).lower(),
    }


def _filled(rng: Random, text: str, slots: dict[str, str]) -> str:
    """Return a sentence with one of each ``[a | b]`` and its slots filled."""
    while _ONE.search(text):
        text = _ONE.sub(lambda m: rng.choice(m.group(1).split("|")), text)
    return _SLOT.sub(lambda m: slots.get(m.group(1), ""), text)


def _head(rng: Random, sender: world.Sender, to: world.Person, subject: str, when: datetime) -> list[tuple[str, str]]:
    stamp = when.strftime("%a, %d %b %Y %H:%M:%S +0000")
    domain, taker = sender.address.rpartition("@")[2], f"mx.{to.domain}"
    path = sender.return_path or sender.address
    origin = f"mail.{path.rpartition('@')[2]}"
    ip = f"{rng.randrange(11, 223)}.{rng.randrange(255)}.{rng.randrange(255)}.{rng.randrange(1, 255)}"
    named = [f"{k}={v}" for k, v in zip(("spf", "dkim", "dmarc"), sender.checks, strict=True) if v]
    head = [
        ("Return-Path", f"<{path}>"),
        ("Received", f"from {origin} ({origin} [{ip}]) by {taker} with ESMTPS id {world.token(rng, 8, 12)}; {stamp}"),
    ]
    if named:
        head.append(
            (
                "Authentication-Results",
                f"{taker}; "
                + "; ".join(
                    f"{n} (checked) smtp.mailfrom={path}" if n.startswith("spf") else f"{n} header.from={domain}"
                    for n in named
                ),
            )
        )
    head += [
        ("From", f"{_quoted(sender.shown)} <{sender.address}>"),
        ("To", rng.choice((to.address, f"{to.name} <{to.address}>"))),
        ("Subject", _worded(subject)),
        ("Date", stamp),
        ("Message-ID", f"<{world.token(rng, 16, 30)}@{origin}>"),
        ("MIME-Version", "1.0"),
    ]
    return head + ([("Reply-To", sender.reply_to)] if sender.reply_to else [])


def _quoted(name: str) -> str:
    return f'"{name}"' if name.isascii() else _worded(name)


def _worded(text: str) -> str:
    """Return header text as an encoded word where it must be (RFC 2047)."""
    return text if text.isascii() else f"=?utf-8?b?{encodebytes(text.encode()).decode().replace(chr(10), '')}?="


def _body(rng: Random, sender: world.Sender, lines: list[str], label: str, *, plain: bool) -> list[tuple[str, str]]:
    """Return the alternatives: (type, text)."""
    style = rng.random()
    text = "\n\n".join(
        _LINK.sub(lambda m: f"{m.group(1)}: {_target(sender, m.group(1))}" if sender.main else m.group(1), line)
        for line in lines
    )
    if (plain and style < 0.6) or style < 0.08:
        return [("text/plain", text)]
    page = ("text/html", _page(rng, sender, lines, label, rich=style > 0.45 and not plain))
    return [("text/plain", text), page] if rng.random() < 0.6 else [page]


def _target(sender: world.Sender, word: str) -> str:
    return sender.main if not sender.rest or len(word) % 2 else sender.rest[len(word) % len(sender.rest)]


def _page(rng: Random, sender: world.Sender, lines: list[str], label: str, *, rich: bool) -> str:
    """Return HTML: plain paragraphs, or tables, styles, a hidden preheader, images and a pixel, as senders for hire make it."""
    first, parts = True, []
    for line in lines:
        at, pieces = 0, []
        for m in _LINK.finditer(line):
            target = sender.main if first else _target(sender, m.group(1))
            shown = sender.shown_url if first and sender.shown_url else m.group(1)
            pieces += [
                html.escape(line[at : m.start()]),
                _anchor(rng, target, shown, rich=rich) if target else html.escape(shown),
            ]
            at, first = m.end(), False
        pieces.append(html.escape(line[at:]))
        parts.append("".join(pieces))
    if not rich:
        return "<html><body>" + "".join(f"<p>{p}</p>" for p in parts) + "</body></html>"
    host = rng.choice((f"www.{sender.site}", "cdn.example-images.com", world.company(rng)[1]))
    hidden = f'<div style="display:none;max-height:0">{html.escape(lines[0])}</div>' if rng.random() < 0.6 else ""
    if label == "phishing" and rng.random() < 0.12:
        hidden += (
            f'<span style="font-size:0">{" ".join(world.token(rng, 3, 9) for _ in range(rng.randrange(5, 60)))}</span>'
        )
    form = ""
    if label == "phishing" and rng.random() < 0.05:
        form = f'<form action="{html.escape(sender.main)}"><input name=u><input type=password name=p></form>'
    elif rng.random() < 0.04:
        form = f'<form action="{html.escape(sender.main)}"><input type=radio name=r></form>'
    logo = f'<img src="https://{host}/logo.png" width=120 alt="{html.escape(sender.plays)}">'
    cells = "".join(f'<tr><td style="padding:12px;font-family:Arial">{p}</td></tr>' for p in parts)
    pixel = f'<img src="https://{host}/o/{world.token(rng)}" width=1 height=1>' if rng.random() < 0.7 else ""
    return f'<html><head><style>.b{{color:#fff}}</style></head><body bgcolor="#f4f4f4">{hidden}{logo}<table width=600>{cells}</table>{form}{pixel}</body></html>'


def _anchor(rng: Random, url: str, shown: str, *, rich: bool) -> str:
    look = ' style="background:#0a66c2;color:#ffffff;padding:10px 20px"' if rich and rng.random() < 0.7 else ""
    return f'<a href="{html.escape(url)}"{look}>{html.escape(shown)}</a>'


def _files(rng: Random, entry: dict[str, Any], label: str) -> list[tuple[str, str]]:
    """Return attachments: (name, type)."""
    kind, number = entry.get("attach"), rng.randrange(1000, 99999)
    if kind == "ics":
        return [("invite.ics", "text/calendar")]
    if not kind and rng.random() > (0.06 if label == "phishing" else 0.25 if entry.get("person") else 0.02):
        return []
    if label == "ham":
        name = rng.choice(
            (
                f"invoice_{number}.pdf",
                rng.choice(_FILES),
                rng.choice(_FILES),
                f"IMG_{number}.jpg",
                f"archive{number}.zip",
                f"order_{number}.pdf",
            )
        )
        return [(name, rng.choice(("application/octet-stream", _kind(name), _kind(name))))]
    name = rng.choices(
        [f"invoice_{number}.pdf", f"Payment_{number}.html", f"doc{number}.htm", f"order{number}.zip", f"scan_{number}.iso", f"PO-{number}.docm", f"remit {number}.pdf.html", f"Voice{number}.shtml", f"PO{number}.exe", f"copy{number}.rar", f"inv{number}.js", f"Invoice.pdf.{number}.lnk", f"quote{number}.xls", f"doc{number}.img"],
        [25, 16, 12, 10, 5, 4, 6, 5, 2, 5, 3, 2, 4, 2],
    )[0]  # fmt: skip
    return [(name, rng.choice(("application/octet-stream", _kind(name))))]


def _kind(name: str) -> str:
    kinds = {
        "pdf": "application/pdf",
        "jpg": "image/jpeg",
        "zip": "application/zip",
        "html": "text/html",
        "htm": "text/html",
        "shtml": "text/html",
    }
    return kinds.get(name.rpartition(".")[2], "application/octet-stream")


def _assembled(
    rng: Random, head: list[tuple[str, str]], body: list[tuple[str, str]], files: list[tuple[str, str]]
) -> bytes:
    outer, inner = world.token(rng, 20, 24), world.token(rng, 20, 24)
    written = [_part(kind, text) for kind, text in body]
    block = written[0] if len(written) == 1 else _many("alternative", inner, written)
    if files:
        attached = [
            f'Content-Type: {kind}; name="{name}"\nContent-Disposition: attachment; filename="{name}"\nContent-Transfer-Encoding: base64\n\nTWFkZSBieSB1cy4=\n'
            for name, kind in files
        ]
        block = _many("mixed", outer, [block, *attached])
    return ("".join(f"{k}: {v}\n" for k, v in head) + block).encode()


def _part(kind: str, text: str) -> str:
    if text.isascii():
        return f"Content-Type: {kind}; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\n{text}\n"
    return f"Content-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{encodebytes(text.encode()).decode()}\n"


def _many(kind: str, boundary: str, parts: list[str]) -> str:
    return (
        f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'
        + "".join(f"--{boundary}\n{p}\n" for p in parts)
        + f"--{boundary}--\n"
    )
