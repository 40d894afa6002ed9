"""Made-up web applications that carry values: the same pages, parameters, agents and referrers for attacks and for ordinary visitors."""
# ruff: noqa: E501, PLR2004, UP031 - a list is read as a whole; chances are numbers

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from urllib.parse import quote, quote_plus


@dataclass(frozen=True, slots=True)
class Request:
    """One made-up request; ``kind`` is ``benign`` or the kind of attack."""

    kind: str
    path: str = "/"
    query: str | None = None
    agent: str | None = None
    referrer: str | None = None
    method: str = "GET"


PAGES = (
    "/", "/index.php", "/index.html", "/search", "/product", "/products/list.jsp", "/shop/item", "/news/article", "/view.php", "/page",
    "/api/v1/items", "/api/v2/users/find", "/user/profile", "/login", "/account/settings", "/catalog.aspx", "/forum/viewtopic.php", "/blog/",
    "/download", "/cart/add", "/app/report.do", "/cgi/lookup", "/wp-admin/admin-ajax.php", "/rest/orders", "/graph/node", "/de/suche",
    "/fr/recherche", "/es/buscar.jsp", "/help/faq", "/gallery/show", "/tools/convert", "/static/load", "/export", "/portal/main.action", "/ws/query",
)  # fmt: skip
NAMES = (
    "id", "q", "page", "name", "search", "cat", "user", "file", "lang", "sort", "query", "item", "product_id", "view", "title", "email", "ref",
    "date", "path", "url", "msg", "comment", "type", "key", "term", "topic", "s", "doc", "action", "filter", "city", "keyword", "template", "text",
    "option", "p", "code", "host", "ip", "cmd", "data", "next", "redirect", "tag", "order", "from", "to", "year", "status", "nombre", "suche",
)  # fmt: skip
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{n}.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:{n}.0) Gecko/20100101 Firefox/{n}.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_{d} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.{d} Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 2.0.50727)",
    "Mozilla/5.0 (Linux; Android 1{d}; SM-G99{d}B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{n}.0.1 Mobile",
    "curl/8.{d}.0",
    "python-requests/2.{n}.0",
    "Go-http-client/1.1",
    "okhttp/4.{d}.0",
    "Opera/9.80 (Windows NT 6.1; U; en) Presto/2.10.289 Version/12.0{d}",
    "Dalvik/2.1.0 (Linux; U; Android 9; Nokia {d})",
    "Wget/1.21.{d}",
    "Apache-HttpClient/4.5.{d} (Java/17.0.{d})",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.1{n}; Pro)",
    "Mozilla/5.0 (Windows NT 6.1) [FBAN/FBIOS;FBAV/{n}.0;FBBV/{n}]",
    "SomeApp/{d}.{d} (com.example.app; build:{n}; iOS 16.{d}) Alamofire/5.{d}",
    "WordPress/6.{d}; https://blog.example",
    None,
)  # fmt: skip
SITES = (
    "https://www.example.com",
    "http://shop.example",
    "https://portal.example.org",
    "https://example.net:8443",
    "https://news.example",
)


def agent(rng: Random) -> str | None:
    """Return an ordinary user agent, or none."""
    told = rng.choice(AGENTS)
    return told.format(n=rng.randint(70, 140), d=rng.randint(0, 9)) if told else None


def encoded(rng: Random, value: str) -> str:
    """Return a value as one client or another would send it."""
    way = rng.random()
    if way < 0.4:
        return quote_plus(value)
    if way < 0.7:
        return quote(value, safe="")
    if way < 0.85:
        return quote(value, safe="/:,;()'*!$@=<>\"{}|`\\[]~^")
    return (
        value.replace("%", "%25")
        .replace("&", "%26")
        .replace("#", "%23")
        .replace("+", "%2B")
        .replace(" ", rng.choice(["+", "%20"]))
    )


def small(rng: Random) -> str:
    """Return a value that says nothing."""
    return rng.choice(
        [
            str(rng.randint(0, 99)), str(rng.randint(100, 99_999_999)), rng.choice(["en", "de", "fr", "asc", "desc", "list", "true", "all", "new"]),
            f"20{rng.randint(10, 29)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}", "%032x" % rng.getrandbits(128), "",
            rng.choice(["blue", "shoes", "home", "index", "default", "contact", "submit", "go", "madrid", "main"]),
        ]
    )  # fmt: skip


def carried(
    rng: Random, kind: str, value: str, *, name: str | None = None, path: str | None = None, raw: bool = False
) -> Request:
    """Return a request that carries a value in a parameter, often among others that say nothing."""
    given = value if raw else encoded(rng, value)
    pairs = [f"{rng.choice(NAMES)}={small(rng)}" for _ in range(rng.choice([0, 0, 1, 2, 4]))]
    pairs.insert(rng.randint(0, len(pairs)), f"{name or rng.choice(NAMES)}={given}")
    referrer = rng.choice(SITES) + rng.choice(PAGES) if rng.random() < 0.3 else None
    return Request(
        kind,
        path or rng.choice(PAGES),
        "&".join(pairs),
        agent(rng),
        referrer,
        rng.choice(["GET", "GET", "GET", "POST"]),
    )


def beside(rng: Random, kind: str, value: str) -> Request:
    """Return a request that carries a value outside its parameters: in the path, the agent or the referrer."""
    plain = carried(rng, kind, small(rng))
    way = rng.random()
    if way < 0.4:
        return replace(
            plain, path=f"/{rng.choice(NAMES)}/" + quote(value, safe=rng.choice(["/", "/'();:*", "/:${}"])), query=None
        )
    if way < 0.75:
        return replace(plain, agent=value)
    return replace(plain, referrer=f"{rng.choice(SITES)}/?{rng.choice(NAMES)}={encoded(rng, value)}")
