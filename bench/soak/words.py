"""Words that names of sites, programs and look-ups are put together from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

KNOWN = [
    "google.com",
    "youtube.com",
    "facebook.com",
    "wikipedia.org",
    "amazon.com",
    "microsoft.com",
    "office.com",
    "live.com",
    "linkedin.com",
    "apple.com",
    "github.com",
    "stackoverflow.com",
    "netflix.com",
    "instagram.com",
    "reddit.com",
    "bing.com",
    "yahoo.com",
    "ebay.com",
    "zoom.us",
    "slack.com",
    "dropbox.com",
    "adobe.com",
    "salesforce.com",
    "paypal.com",
    "spotify.com",
    "cnn.com",
    "bbc.co.uk",
    "nytimes.com",
    "theguardian.com",
    "weather.com",
    "booking.com",
    "tripadvisor.com",
    "imdb.com",
    "medium.com",
    "wordpress.com",
    "mozilla.org",
    "cloudflare.com",
    "atlassian.com",
    "trello.com",
    "notion.so",
    "figma.com",
    "canva.com",
    "etsy.com",
    "ikea.com",
    "aliexpress.com",
    "walmart.com",
    "target.com",
    "espn.com",
    "forbes.com",
    "bloomberg.com",
    "reuters.com",
    "washingtonpost.com",
    "duckduckgo.com",
    "twitch.tv",
    "pinterest.com",
    "quora.com",
    "telegraph.co.uk",
    "economist.com",
    "nature.com",
    "ieee.org",
    "python.org",
    "debian.org",
    "ubuntu.com",
    "docker.com",
    "npmjs.com",
    "pypi.org",
]
"""Sites that everybody goes to: real names, as facts."""

FIRST = [
    "maple",
    "harbor",
    "green",
    "north",
    "silver",
    "river",
    "stone",
    "bright",
    "open",
    "little",
    "grand",
    "royal",
    "swift",
    "urban",
    "alpine",
    "coastal",
    "golden",
    "prime",
    "solid",
    "quiet",
    "early",
    "modern",
    "family",
    "garden",
    "summer",
    "winter",
    "happy",
    "local",
    "world",
    "city",
    "street",
    "market",
    "paper",
    "cotton",
    "copper",
    "crystal",
    "cedar",
    "willow",
    "falcon",
    "tiger",
    "bear",
    "eagle",
    "honey",
    "lemon",
    "pepper",
    "olive",
    "bread",
    "coffee",
    "pixel",
    "cyber",
    "cloud",
    "data",
    "smart",
    "rapid",
    "easy",
    "simple",
    "clever",
    "trusted",
    "direct",
    "central",
    "western",
    "eastern",
    "southern",
    "pacific",
    "atlantic",
    "nordic",
    "baltic",
    "iberian",
]
SECOND = [
    "tools",
    "press",
    "books",
    "travel",
    "kitchen",
    "health",
    "sports",
    "motors",
    "homes",
    "design",
    "works",
    "studio",
    "media",
    "news",
    "daily",
    "times",
    "review",
    "forum",
    "shop",
    "store",
    "outlet",
    "supply",
    "parts",
    "systems",
    "labs",
    "group",
    "partners",
    "bank",
    "credit",
    "insure",
    "legal",
    "school",
    "academy",
    "learn",
    "music",
    "films",
    "games",
    "photo",
    "fashion",
    "shoes",
    "bikes",
    "cars",
    "boats",
    "hotels",
    "tours",
    "flights",
    "recipes",
    "garden",
    "pets",
    "clinic",
    "dental",
    "fitness",
    "yoga",
    "energy",
    "solar",
    "power",
    "water",
    "paint",
    "wood",
    "steel",
    "glass",
    "print",
]
ENDINGS = ("com", "com", "com", "com", "net", "org", "de", "co.uk", "fr", "it", "nl", "io", "eu", "es", "ch", "info")
HOSTS = ("www", "www", "www", "", "shop", "m", "blog", "static", "img", "api", "app")
_HEX = np.array(list("0123456789abcdef"))
_LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))
_BASE32 = np.array(list("abcdefghijklmnopqrstuvwxyz234567"))


def sites(n: int, rng: np.random.Generator) -> Iterator[tuple[str, str]]:
    """Yield (host name, registered domain) of ``n`` sites, the best known first; no domain comes twice."""
    for domain in KNOWN[:n]:
        yield f"www.{domain}", domain
    seen = set(KNOWN)
    made = len(KNOWN)
    while made < n:
        one, two, end, host, number = (int(v) for v in rng.integers(0, 1 << 30, 5))
        middle = ("", "-", "", "and", "")[number % 5]
        tail = str(number // 5 % 90 + 10) if number % 11 == 0 else ""
        domain = (
            f"{FIRST[one % len(FIRST)]}{middle}{SECOND[two % len(SECOND)]}{tail}.{ENDINGS[end % len(ENDINGS)]}"
            if number % 3
            else f"{FIRST[one % len(FIRST)]}{FIRST[two % len(FIRST)]}{SECOND[host % len(SECOND)]}.{ENDINGS[end % len(ENDINGS)]}"
        )
        if domain not in seen:
            seen.add(domain)
            made += 1
            prefix = HOSTS[host % len(HOSTS)]
            yield (f"{prefix}.{domain}" if prefix else domain), domain


def hexes(n: int, size: int, rng: np.random.Generator) -> list[str]:
    """Return ``n`` hexadecimal words."""
    return _words(_HEX, n, size, rng)


def letters(n: int, size: int, rng: np.random.Generator) -> list[str]:
    """Return ``n`` words of any letters."""
    return _words(_LETTERS, n, size, rng)


def base32(n: int, size: int, rng: np.random.Generator) -> list[str]:
    """Return ``n`` words as data looks in base32."""
    return _words(_BASE32, n, size, rng)


def _words(alphabet: np.ndarray, n: int, size: int, rng: np.random.Generator) -> list[str]:
    drawn = alphabet[rng.integers(0, len(alphabet), (n, size))]
    return ["".join(row) for row in drawn]
