"""Who sends made mails: people, companies, protected names, and those who play them; their addresses, checks and links.

What is drawn how often is our picture of mail in the 2020s, not a measurement: it says that honest mail, too, is sent through senders for
hire, links through trackers, and now and then fails a check. Every domain is made up, or belongs to a protected name and is only named.
"""

# ruff: noqa: E501, PLR2004, SIM905 - shares that are drawn; lists of words
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from vedette.intel.brands import Brand, brands

FIRST = (
    "Anna Ben Carla David Elena Finn Grace Henri Ines Jonas Kira Liam Maria Nora Oscar Paula Quinn Rosa Samir Tara Umar Vera Wei Yuki Zoe "
    "Anton Bianca Chen Dmitri Emre Fatma Goran Hana Igor Julia Kofi Lena Miguel Nadia Olga Pedro Rahul Sofia Tomas"
).split()
LAST = (
    "Berg Costa Dubois Ekholm Fischer Garcia Hansen Ito Jansen Kowalski Lopez Moreau Novak Olsen Petrov Quist Rossi Silva Tanaka Usman "
    "Vogel Weber Yilmaz Zhang Abel Brandt Castro Dahl Evans Ferrari Gomez Hoffmann Ivanov Jones Kim Laurent Meyer Nowak"
).split()
_WORDS = (
    "harbor maple north river stone bright green silver oak field cedar lake swift copper sun hill amber clear west grand first blue "
    "orchard summit valley coast meadow forest bridge anchor lantern falcon willow granite comet pioneer atlas nova delta prime"
).split()
_TRADES = "books tools foods travel media labs clinic school motors garden studio systems press music sports coffee fabrics energy logistics design".split()
_ENDS = "com com com net org io co.uk de fr es it nl pl com.br ru jp com.tr se ch".split()
_CHEAP = "top xyz icu shop online site live click buzz info club cfd sbs rest cyou ru cn com net".split()
_FREE = "gmail.com outlook.com hotmail.com yahoo.com gmx.de web.de mail.ru icloud.com aol.com proton.me yandex.ru 163.com qq.com".split()
_HOSTS = (
    "web.app firebaseapp.com pages.dev workers.dev r2.dev vercel.app netlify.app github.io weebly.com wixsite.com blogspot.com webflow.io "
    "herokuapp.com azurewebsites.net glitch.me square.site duckdns.org"
).split()
_SHORT = "bit.ly tinyurl.com t.co cutt.ly is.gd rb.gy s.id rebrand.ly".split()
_ESPS = (
    "list-manage.com",
    "ct.sendgrid.net",
    "hubspotlinks.com",
    "mjt.lu",
    "klclick.com",
    "cmail20.com",
    "awstrack.me",
    "sendibm1.com",
    "rs6.net",
    "exct.net",
)
_BOUNCES = (
    "amazonses.com",
    "sendgrid.net",
    "mcsv.net",
    "mailgun.org",
    "bounces.salesforce.com",
    "rsgsv.net",
    "sparkpostmail.com",
    "mktomail.com",
)
_SIDES = (
    "www.facebook.com/{}",
    "www.instagram.com/{}",
    "twitter.com/{}",
    "www.linkedin.com/company/{}",
    "www.youtube.com/c/{}",
)
_PATHS = (
    "login",
    "verify",
    "secure/update",
    "account/confirm",
    "wp-content/plugins/x",
    "index.php",
    "signin",
    "auth",
    "owa",
    "track",
    "pay",
    "claim",
    "r/go",
    "",
)


@dataclass(frozen=True, slots=True)
class Person:
    """A mailbox."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part after the @."""
        return self.address.rpartition("@")[2]


@dataclass(slots=True)
class Sender:
    """Who a mail comes from, and what its links look like.

    Attributes:
        shown: the display name; ``plays``: whom the text speaks for.
        checks: results of SPF, DKIM and DMARC; an empty one was not made.
        main: address of the link that the mail is about; ``rest``: of the others; ``shown_url``: an address to show as the link's text.
    """

    shown: str
    address: str
    plays: str
    site: str
    checks: tuple[str, str, str] = ("pass", "pass", "pass")
    return_path: str = ""
    reply_to: str = ""
    main: str = ""
    rest: list[str] = field(default_factory=list)
    shown_url: str = ""


def person(rng: Random, domain: str = "") -> Person:
    """Return somebody, at a company of his own unless told."""
    first, last = rng.choice(FIRST), rng.choice(LAST)
    domain = domain or (rng.choice(_FREE) if rng.random() < 0.3 else company(rng)[1])
    local = rng.choice(
        (f"{first}.{last}", f"{first[0]}{last}", first, f"{first}_{last}", f"{last}{rng.randrange(1, 99)}")
    ).lower()
    return Person(f"{first} {last}", f"{local}@{domain}")


def company(rng: Random) -> tuple[str, str]:
    """Return name and domain of a made-up company."""
    words = [rng.choice(_WORDS), rng.choice(_WORDS if rng.random() < 0.3 else _TRADES)]
    return " ".join(words).title(), f"{rng.choice(('', '-')).join(words)}.{rng.choice(_ENDS)}"


def known_names() -> list[str]:
    """Return the protected names: people speak of them."""
    return [brand.name for brand in brands().known]


def token(rng: Random, least: int = 6, most: int = 24) -> str:
    """Return chance letters and figures, as trackers write them."""
    return "".join(
        rng.choice("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        for _ in range(rng.randint(least, most))
    )


def honest(rng: Random, part: int, to: Person, *, many: bool = False) -> Sender:
    """Return a company that writes for itself: a protected name (of half ``part``) or a small one."""
    if rng.random() < 0.55:
        brand = _brand(rng, part)
        name, domain = brand.name, brand.domains[0]
    else:
        name, domain = company(rng)
    sub = rng.choice(("", "", "mail.", "email.", "e.", "news.", "notifications.", "info."))
    local = rng.choice(
        (
            "no-reply",
            "noreply",
            "service",
            "info",
            "news",
            "account",
            "support",
            "hello",
            "orders",
            "notifications",
            "billing",
        )
    )
    shown = rng.choice(
        (name, name, f"{name} Team", f"{name} Support", f"{name} Service", f"{rng.choice(FIRST)} from {name}")
    )
    sender = Sender(shown, f"{local}@{sub}{domain}", name, domain, checks=_passed(rng))
    if rng.random() < 0.5:
        sender.return_path = (
            f"bounce-{token(rng)}@{rng.choice(('bounce.' + domain, sub + domain, rng.choice(_BOUNCES)))}"
        )
    if rng.random() < 0.12:
        sender.reply_to = f"{local}@{rng.choice((domain, company(rng)[1], rng.choice(_FREE)))}"
    if name.title() == name and domain not in _FREE and rng.random() < 0.04:  # a very small one
        sender.address, sender.checks = f"{name.replace(' ', '').lower()}@{rng.choice(_FREE)}", ("pass", "pass", "pass")
    _linked(rng, sender, domain, to, many=many)
    _untidy(rng, sender, name, many=many)
    if rng.random() < 0.15:
        sender.shown_url = f"www.{domain}"
    return sender


def _linked(rng: Random, sender: Sender, domain: str, to: Person, *, many: bool) -> None:
    """Give a company's mail its links: to its own hosts, or through the tracker of a sender for hire."""
    tracked = rng.random() < (0.6 if many else 0.3)
    tracker = f"{rng.choice(('', f'u{rng.randrange(10**7)}.', 'click.', 'links.e.', 'eu2.'))}{rng.choice(_ESPS)}"

    def link(path: str) -> str:
        if tracked:
            way = rng.choice(("ls/click?upn=", "track/click/", "c/", "f/a/", "account/click/", "secure/", "update/"))
            return f"https://{tracker}/{way}{token(rng, 20, 90)}"
        return f"https://{rng.choice(('www.', '', 'click.', 'account.', 'links.', 'e.'))}{domain}/{path}"

    about = ("account", "orders/", "track?id=", "login", "verify?token=", "s/", "view/", "security/review")
    sender.main = link(rng.choice(about) + token(rng, 0, 30))
    sender.rest = [link(token(rng, 3, 12)) for _ in range(4)]
    if many:
        sender.rest += [f"https://{rng.choice(_SIDES).format(domain.split('.', maxsplit=1)[0])}" for _ in range(2)]
        sender.rest += [f"https://{company(rng)[1]}/{rng.choice(_PATHS)}" for _ in range(rng.randrange(3))]
    if rng.random() < (0.2 if many else 0.05):
        sender.rest.append(f"https://{tracker if tracked else domain}/unsubscribe?email={to.address}")


def _untidy(rng: Random, sender: Sender, name: str, *, many: bool) -> None:
    """Give an honest mail what looks odd and means nothing, as often as it does so in our eyes."""
    if rng.random() < 0.05:
        sender.shown = rng.choice(
            ("Customer Support", "Support Team", "Billing", "Notifications", "Service Desk", "Account Services")
        )
    if rng.random() < 0.04:
        sender.shown = f"{name} {rng.choice(('with', 'via', 'and', 'on'))} {rng.choice(brands().known).name}"
    if rng.random() < 0.06:
        local = f"{rng.choice(('news', 'reply', 'mail', 'n'))}-{rng.randrange(10**6, 10**9)}"
        sender.address = f"{local}@{sender.address.rpartition('@')[2]}"
    strays: tuple[tuple[float, Callable[[], str]], ...] = (
        (0.1 if many else 0.03, lambda: f"https://{rng.choice(_SHORT)}/{token(rng, 5, 8)}"),
        (0.08 if many else 0.03, lambda: _borrowed_page(rng)),
        (0.03, lambda: f"https://{chance(rng)}/{token(rng, 3, 8)}"),
        (0.02, lambda: _fan_page(rng)),
        (0.02, lambda: f"http://{rng.randrange(11, 223)}.{rng.randrange(255)}.3.{rng.randrange(1, 255)}/"),
        (0.2 if many else 0.03, lambda: _passed_on(rng, sender)),
        (0.06 if many else 0.02, lambda: f"http://{token(rng, 7, 10).lower()}{rng.randrange(10**4, 10**5)}.com/ad"),
    )
    for share, url in strays:
        if rng.random() < share:
            sender.rest.append(url())
    rng.shuffle(sender.rest)


def _borrowed_page(rng: Random) -> str:
    page = f"{token(rng, 4, 8).lower()}.{rng.choice(_HOSTS)}"
    return f"https://{rng.choice((page, 'forms.gle/' + token(rng, 8, 12)))}"


def _fan_page(rng: Random) -> str:
    fan = rng.choice(brands().known).name.lower().replace(" ", "")
    return f"https://{rng.choice(_TRADES)}-{fan}.com/"


def _passed_on(rng: Random, sender: Sender) -> str:
    other = f"https://{company(rng)[1]}/{token(rng, 3, 9)}"
    ways = ("www.google.com/url?q=", company(rng)[1] + "/r?url=", sender.site + "/go?to=")
    return f"https://{rng.choice(ways)}{other}"


def colleague(rng: Random, to: Person) -> Sender:
    """Return somebody who writes to somebody: inside the house or outside."""
    who = person(rng, to.domain if rng.random() < 0.4 and to.domain not in _FREE else "")
    checks = _passed(rng) if rng.random() < 0.8 else ("", "", "")
    site = rng.choice(
        (
            company(rng)[1],
            "docs.google.com",
            "www.youtube.com",
            "github.com",
            "www.dropbox.com",
            "zoom.us",
            "en.wikipedia.org",
            "bit.ly",
            "1drv.ms",
        )
    )
    url = f"https://{site}/{token(rng, 4, 20)}"
    return Sender(who.name, who.address, who.name, site, checks, main=url, rest=[url])


def on_list(rng: Random, to: Person) -> Sender:
    """Return somebody who writes to a mailing list."""
    sender = colleague(rng, to)
    domain = company(rng)[1]
    sender.return_path, sender.reply_to = (
        f"dev-bounces@lists.{domain}",
        rng.choice((f"dev@lists.{domain}", "", sender.address)),
    )
    sender.checks = (
        rng.choice(("pass", "pass", "none", "softfail")),
        rng.choice(("pass", "fail", "none", "")),
        rng.choice(("pass", "fail", "none", "")),
    )
    sender.rest = [f"http://lists.{domain}/listinfo/dev"]
    return sender


def machine(rng: Random, to: Person) -> Sender:
    """Return a server that reports: sometimes by bare address and odd port."""
    domain = to.domain if to.domain not in _FREE and rng.random() < 0.6 else company(rng)[1]
    host = rng.choice(
        (
            f"ci.{domain}",
            "github.com",
            f"grafana.{domain}",
            f"10.{rng.randrange(9)}.3.{rng.randrange(250)}:8080",
            f"gitlab.{domain}",
        )
    )
    address = (
        "notifications@github.com"
        if host == "github.com"
        else f"{rng.choice(('ci', 'root', 'monitor', 'noreply'))}@{domain}"
    )
    url = f"http{'s' * (':' not in host)}://{host}/{token(rng, 4, 12)}/{rng.randrange(999)}"
    return Sender(
        rng.choice((person(rng).name, "CI", "Monitor", "root", "Alerts")),
        address,
        domain,
        domain,
        ("", "", "") if rng.random() < 0.4 else _passed(rng),
        main=url,
        rest=[url],
    )


def impostor(rng: Random, part: int, to: Person, *, us: bool = False) -> Sender:
    """Return somebody who plays a protected name (of half ``part``), a company, or the recipient's own house (``us``)."""
    brand = _brand(rng, part)
    ours = to.domain.split(".")[0].title()
    name, genuine = (ours, to.domain) if us else (brand.name, brand.domains[0])
    if not us and rng.random() < 0.2:
        name, genuine = company(rng)
    word = "".join(c for c in name.lower() if c.isascii() and c.isalnum()) or "secure"
    shown = rng.choice(
        (
            name,
            f"{name} Support",
            f"{name} Security",
            f"{name} Service",
            f"{name}-Team",
            f"{name} Alert",
            "Customer Service",
            "Security Team",
        )
    )
    if us:
        shown = rng.choice(
            (
                f"{name} IT Helpdesk",
                "Mail Administrator",
                f"{name} Mail",
                "IT Support",
                to.domain,
                "Webmail",
                f"{name} HR",
            )
        )
    if rng.random() < 0.06:
        shown = _twinned(rng, shown)
    local = rng.choice(
        (
            "service",
            "no-reply",
            "support",
            "security",
            "info",
            "alert",
            "admin",
            "team",
            "contact",
            token(rng, 5, 12).lower(),
            f"{word}.{rng.randrange(99)}",
        )
    )
    domain, checks = _borrowed(rng, word, genuine)
    sender = Sender(shown, f"{local}@{domain}", name, genuine, checks)
    if rng.random() < 0.3:
        sender.return_path = (
            f"{token(rng, 4, 10).lower()}@{rng.choice((company(rng)[1], chance(rng), rng.choice(_BOUNCES)))}"
        )
    if rng.random() < 0.15:
        sender.reply_to = rng.choice((f"{word}{rng.randrange(999)}@{rng.choice(_FREE)}", person(rng).address))
    sender.main = trap(rng, word, to)
    genuine_rest = [f"https://www.{genuine}/{p}" for p in ("privacy", "help", "")]
    sender.rest = genuine_rest if rng.random() < 0.35 else [sender.main] * 3
    if rng.random() < 0.18:
        sender.shown_url = rng.choice((f"https://www.{genuine}/login", f"www.{genuine}", genuine))
    return sender


def stranger(rng: Random, *, boss: str = "") -> Sender:
    """Return somebody who wants an answer: a name, an address that says nothing, answers to another one; or the boss's name."""
    who = person(rng)
    free = f"{rng.choice(('office', 'mr', 'mrs', 'barrister', 'info', who.name.split()[0].lower()))}{rng.choice(('', '.'))}{token(rng, 3, 8).lower()}@{rng.choice(_FREE)}"
    address = rng.choice((free, free, f"info@{company(rng)[1]}", f"{token(rng, 4, 8).lower()}@{chance(rng)}"))
    sender = Sender(
        boss or rng.choice((who.name, f"Mr. {who.name}", f"Barrister {who.name}", "United Nations Fund")),
        address,
        who.name,
        "",
    )
    sender.checks = rng.choice(
        (
            ("pass", "pass", "pass"),
            ("pass", "none", "none"),
            ("softfail", "none", "none"),
            ("fail", "none", "fail"),
            ("", "", ""),
        )
    )
    if rng.random() < 0.6:
        sender.reply_to = f"{token(rng, 5, 9).lower()}@{rng.choice(_FREE)}"
    return sender


def trap(rng: Random, word: str, to: Person) -> str:
    """Return the address of a page that steals."""
    path = f"{rng.choice(_PATHS)}{rng.choice(('', '/', '?id='))}{token(rng, 0, 12)}"
    kind = rng.random()
    if kind < 0.24:
        url = f"https://{rng.choice(('', 'www.', 'blog.', 'mail.'))}{company(rng)[1]}/{path}"
    elif kind < 0.4:
        url = f"https://{rng.choice((f'{word}-{token(rng, 3, 8).lower()}', f'{word}-secure', f'my{word}', token(rng, 8, 14).lower()))}.{rng.choice(_HOSTS)}/{path}"
    elif kind < 0.55:
        url = f"https://{rng.choice((f'{word}-verify', f'secure-{word}', f'{word}.com-id{rng.randrange(999)}', f'login.{word}.account', _twin(rng, word)))}.{rng.choice(_CHEAP)}/{path}"
    elif kind < 0.7:
        url = f"http{'s' * rng.randrange(2)}://{chance(rng)}/{path}"
    elif kind < 0.8:
        url = f"https://{rng.choice(_SHORT)}/{token(rng, 5, 8)}"
    elif kind < 0.84:
        url = f"http://{rng.randrange(11, 223)}.{rng.randrange(255)}.{rng.randrange(255)}.{rng.randrange(1, 255)}/{word}/{path}"
    elif kind < 0.9:
        url = f"https://{rng.choice(('www.google.com/url?q=', 'l.facebook.com/l.php?u=', company(rng)[1] + '/redirect?url='))}https://{chance(rng)}/{path}"
    else:
        url = f"https://{rng.choice(_ESPS)}/{token(rng, 20, 60)}"
    return f"{url}{rng.choice('?#')}{rng.choice(('', 'email='))}{to.address}" if rng.random() < 0.12 else url


def chance(rng: Random) -> str:
    """Return a domain bought for a week."""
    return f"{rng.choice((token(rng, 5, 12).lower(), rng.choice(_WORDS) + str(rng.randrange(99)), rng.choice(_WORDS) + rng.choice(_WORDS)))}.{rng.choice(_CHEAP)}"


def _brand(rng: Random, part: int) -> Brand:
    known = [b for i, b in enumerate(brands().known) if i % 2 == part]
    return rng.choice(known)


def _passed(rng: Random) -> tuple[str, str, str]:
    """Return the checks of honest mail: nearly always passed; a forward breaks SPF, a list breaks DKIM."""
    return rng.choices(
        [("pass", "pass", "pass"), ("pass", "pass", "none"), ("pass", "none", "none"), ("softfail", "pass", "pass"), ("pass", "fail", "pass"), ("none", "none", "none"), ("fail", "fail", "fail")],
        [64, 11, 8, 5, 4, 4, 4],
    )[0]  # fmt: skip


def _borrowed(rng: Random, word: str, genuine: str) -> tuple[str, tuple[str, str, str]]:
    """Return the domain that an impostor sends from, and how its checks end."""
    lazy = rng.choice(
        (
            ("pass", "pass", "pass"),
            ("pass", "none", "none"),
            ("pass", "pass", "none"),
            ("none", "none", "none"),
            ("softfail", "none", "fail"),
            ("fail", "none", "fail"),
        )
    )
    kind = rng.random()
    if kind < 0.3:
        return company(rng)[1], lazy
    if kind < 0.45:
        return chance(rng), lazy
    if kind < 0.62:
        return (
            f"{rng.choice((f'{word}-support', f'{word}-mail', f'secure-{word}', f'{word}{rng.randrange(99)}', _twin(rng, word)))}.{rng.choice(_CHEAP)}",
            lazy,
        )
    if kind < 0.76:
        return genuine, rng.choice(
            (("fail", "none", "fail"), ("softfail", "none", "fail"), ("none", "none", "none"), ("fail", "fail", "fail"))
        )
    if kind < 0.88:
        return rng.choice(_FREE), ("pass", "pass", "pass")
    return (
        f"{token(rng, 6, 10).lower()}.{rng.choice(('onmicrosoft.com', 'firebaseapp.com', 'amazonaws.com', 'myshopify.com'))}",
        ("pass", "pass", "pass"),
    )


def _twin(rng: Random, word: str) -> str:
    """Return a word that looks like this one."""
    drawn = {"l": "1", "o": "0", "i": "l", "m": "rn", "w": "vv", "a": "4", "e": "3", "s": "5"}
    places = [i for i, c in enumerate(word) if c in drawn]
    if not places or rng.random() < 0.4:
        at = rng.randrange(max(1, len(word) - 1))
        return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
    at = rng.choice(places)
    return word[:at] + drawn[word[at]] + word[at + 1 :]


def _twinned(rng: Random, text: str) -> str:
    """Return a text with some letters of another alphabet."""
    twins = dict(zip("aeopcyx", "\u0430\u0435\u043e\u0440\u0441\u0443\u0445", strict=True))
    return "".join(twins.get(c, c) if rng.random() < 0.6 else c for c in text)
