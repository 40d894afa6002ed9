"""What is known about the places URLs point to: whose brand, whose look-alike, and services that put anybody's pages on the web.

Facts, collected by hand; no service is hostile for being here. Whole columns in, whole columns out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import combinations

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.features.url_parts import FIRST_BITS, among, first_bits
from vedette.intel.brands import SLIP, Brand, brands
from vedette.intel.lookalike import decoded, skeleton
from vedette.scoring.ngrams import Corpus, corpus, span_hashes, word_places

_SERVICES = {
    "link shortener": """bit.ly bitly.com tinyurl.com t.co goo.gl is.gd v.gd ow.ly buff.ly cutt.ly rebrand.ly rb.gy t.ly s.id tiny.cc
        shorturl.at lnkd.in qrco.de adf.ly bl.ink soo.gd clck.ru u.to urlz.fr l.ead.me me2.do dub.sh t2m.io short.gy
        n9.cl lihi.cc reurl.cc tny.im x.gd surl.li kutt.it shorten.is bit.do qr.ae youtu.be amzn.to fb.me a.co
        forms.gle aka.ms""",
    "dynamic DNS": """duckdns.org ddns.net ddns.me hopto.org zapto.org sytes.net myftp.org myftp.biz servehttp.com serveftp.com
        serveblog.net servebeer.com servemp3.com servegame.com serveirc.com servepics.com servequake.com
        servecounterstrike.com servehalflife.com servehumour.com servep2p.com redirectme.net gotdns.ch no-ip.org no-
        ip.biz no-ip.info noip.me bounceme.net 3utilities.com viewdns.net webhop.me blogsyte.com onthewifi.com
        dynu.net freeddns.org dynu.com accesscam.org mywire.org casacam.net camdvr.org ddnsfree.com ddnsgeek.com
        giize.com gleeze.com kozow.com loseyourip.com ooguy.com theworkpc.com webredirect.org dyndns.org dyndns.biz
        dyndns.info dyndns.tv homeip.net homelinux.com homeunix.com dynalias.com mooo.com chickenkiller.com
        crabdance.com ignorelist.com jumpingcrab.com strangled.net twilightparadox.com us.to nip.io sslip.io xip.io
        changeip.com dns.army dns.navy v6.army v6.navy dynv6.net ddnss.de spdns.de goip.de selfip.com selfip.net""",
    "tunnel": """ngrok.io ngrok.app ngrok.dev ngrok-free.app ngrok-free.dev trycloudflare.com loca.lt localtunnel.me serveo.net
        lhr.life localhost.run pagekite.me portmap.io portmap.host playit.gg devtunnels.ms bore.pub pinggy.link
        pinggy.online localto.net""",
    "free pages": """vercel.app netlify.app netlify.com pages.dev workers.dev web.app firebaseapp.com github.io gitlab.io
        gitbook.io glitch.me weebly.com weeblysite.com wixsite.com wixstudio.com editorx.io blogspot.com wordpress.com
        webflow.io godaddysites.com square.site framer.app framer.ai framer.website framer.media carrd.co repl.co
        replit.app replit.dev onrender.com herokuapp.com surge.sh 000webhostapp.com infinityfreeapp.com rf.gd
        byethost.com atwebpages.com mystrikingly.com yolasite.com jimdofree.com jimdosite.com ucoz.com ucoz.net
        tripod.com altervista.org webcindario.com webnode.com webnode.page site123.me canva.site notion.site
        typedream.app bubbleapps.io softr.app azurewebsites.net azurestaticapps.net fly.dev railway.app deno.dev
        codesandbox.io myshopify.com bigcartel.com hubside.fr strikingly.com page.link page.tl my-free.website
        unaux.com hstn.me freehosting.com kesug.com great-site.net epizy.com lovestoblog.com 42web.io free.nf vip.hr
        pantheonsite.io tilda.ws simdif.com lovable.app durable.co base44.app edgeone.app builderallwppro.com
        contaboserver.net daftpage.com webwave.dev cprapid.com plesk.page""",
    "file storage": """amazonaws.com backblazeb2.com r2.dev digitaloceanspaces.com storage.googleapis.com blob.core.windows.net
        web.core.windows.net ipfs.io dweb.link cf-ipfs.com nftstorage.link w3s.link fleek.co dropbox.com
        dropboxusercontent.com drive.google.com mediafire.com mega.nz wetransfer.com transfer.sh box.com 1drv.ms
        onedrive.live.com sharepoint.com linodeobjects.com wasabisys.com cloudfront.net azureedge.net b-cdn.net
        fastly.net""",
    "forms and posts": """docs.google.com sites.google.com forms.office.com forms.microsoft.com jotform.com typeform.com
        surveymonkey.com linktr.ee telegra.ph padlet.com pastebin.com t.me medium.com sway.office.com cognitoforms.com
        formstack.com zohopublic.com hsforms.com clickfunnels.com systeme.io beacons.ai taplink.cc""",
}
SERVICES = tuple(_SERVICES)
"""Kinds of services, in the order of their codes (1, 2 ...)."""


@cache
def _service_codes() -> dict[str, int]:
    return {host: code for code, hosts in enumerate(_SERVICES.values(), 1) for host in hosts.split()}


def services(parts: pl.DataFrame) -> pl.Series:
    """Return (n,) Int8: the kind of service a host belongs to (1: ``SERVICES[0]``), 0 for none.

    Args:
        parts: ``host``, ``domain`` and ``site``.
    """
    codes = _service_codes()
    keys, values = list(codes), list(codes.values())
    parent = pl.col("site").str.splitn(".", 2).struct.field("field_1")
    found = [
        e.replace_strict(keys, values, default=None, return_dtype=pl.Int8)
        for e in (pl.col("host"), parent, pl.col("domain"))
    ]
    return parts.select(pl.coalesce(found).fill_null(0).alias("service")).to_series()


def borrowed(parts: pl.DataFrame, hosts: Corpus | None = None) -> pl.DataFrame:
    """Return (n,) String columns: ``brand`` in the host, ``brand_tail`` in path or query, ``alike``: the name a label looks like.

    All null where the domain is the brand's own. A name in path or query counts only as a word of its own.

    Args:
        parts: ``host``, ``domain`` and ``tail``.
        hosts: the hosts as a corpus, where there is one.
    """
    known = brands()
    host, tail = parts["host"], parts["tail"]
    if host.str.contains("xn--", literal=True).any():
        host = decoded(host)
        hosts = corpus(host)
    inside = _where(_may_name(host, known.known), host, known.inside)
    named = _where(_may_name(tail, known.known), tail, lambda texts: known.named(texts, common=False))
    alike = _alike(hosts or corpus(host))
    found = inside.is_not_null() | named.is_not_null() | alike.is_not_null()
    owned = _where(found, parts["host"], known.owner).is_not_null()
    return pl.DataFrame(
        {
            "brand": _null_unless(inside, ~owned),
            "brand_tail": _null_unless(named, ~owned),
            "alike": _null_unless(alike, ~owned & inside.is_null()),
        }
    )


def _where(rows: pl.Series, texts: pl.Series, tell: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return what ``tell`` says of the texts of some rows; null for the others."""
    out = pl.Series([None], dtype=pl.String).new_from_index(0, len(texts))
    some = rows.arg_true()
    return out.scatter(some, tell(texts.gather(some))) if len(some) else out


def _may_name(texts: pl.Series, names: tuple[Brand, ...]) -> pl.Series:
    """Return (n,) whether a text may hold a protected name: the long way is gone for these alone."""
    return texts.str.contains_any(_marks(names), ascii_case_insensitive=True) | (
        texts.str.len_bytes() != texts.str.len_chars()
    )


@cache
def _marks(names: tuple[Brand, ...]) -> list[str]:
    """Return the longest word of each way a name is written."""
    forms = [skeleton(pl.Series([form]))[0] for brand in names for form in (brand.name, *brand.words)]
    words = [re.findall("[a-z0-9]+", form) for form in forms]
    return sorted({max(found, key=len) for found in words if found})


def _null_unless(texts: pl.Series, keep: pl.Series) -> pl.Series:
    return pl.select(pl.when(keep).then(texts)).to_series()


def _alike(text: Corpus) -> pl.Series:
    """Return (n,) String: the protected name that a word of the host looks like.

    Most words are no near miss of any name: a table of the hashes of all near misses tells, and the few others are looked at closely.
    """
    known = brands()
    begin, end = word_places(text)
    long = end - begin >= SLIP - 1
    begin, end = begin[long], end[long]
    hashes = span_hashes(text, begin, end)
    near = _among_near_misses(known.known, hashes)
    foreign = (text.data[begin] >= 0x80) if len(begin) else np.zeros(0, np.bool_)  # noqa: PLR2004 - beyond ASCII
    kept = np.flatnonzero(near | foreign)
    _, first, which = np.unique(hashes[kept], return_index=True, return_inverse=True)
    at = kept[first]
    words = [
        text.data[b:e].tobytes().decode("utf-8", "replace") for b, e in zip(begin[at], end[at], strict=True)
    ]  # few: near misses, each once
    told = known.alike(pl.Series(words, dtype=pl.String)).gather(which)
    out = pl.Series("alike", [None], dtype=pl.String).new_from_index(0, len(text))
    hit = told.is_not_null().to_numpy()
    owner = np.searchsorted(text.starts, begin[kept][hit], side="right") - 1
    return out.scatter(owner, told.filter(told.is_not_null())) if hit.any() else out


def _among_near_misses(names: tuple[Brand, ...], hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Return which hashes are of near misses; a small table of their first bits answers for most."""
    table, first = _near_misses(names)
    out: npt.NDArray[np.bool_] = first.take((hashes >> np.uint64(64 - FIRST_BITS)).astype(np.intp))
    maybe = np.flatnonzero(out)
    out[maybe] = among(table, hashes[maybe])
    return out


_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_TWINS = {"o": "0", "l": "1i", "i": "1l", "e": "3", "a": "4", "s": "5", "t": "7", "b": "8", "m": ("rn",), "w": ("vv",)}


@cache
def _near_misses(names: tuple[Brand, ...]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.bool_]]:
    """Return sorted hashes of what is one slip away from a protected name or drawn like it, and which first bits occur."""
    spelt = {w for b in names for w in b.words or ("".join(c for c in b.name.lower() if c.isalnum()),)}
    long = [word for word in spelt if len(word) >= SLIP - 1]
    found = set[str]().union(*map(_slips, long), *map(_drawings, long)) - {w for w in spelt if w.isascii()}
    text = corpus(pl.Series(sorted(found), dtype=pl.String))  # a name is no near miss of itself
    hashes = np.sort(span_hashes(text, text.starts[:-1] + 1, text.starts[1:] - 1))
    return hashes, first_bits(hashes)


def _slips(word: str) -> set[str]:
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return (
        {a + b[1:] for a, b in cuts if b}
        | {a + c + b[1:] for a, b in cuts if b for c in _LETTERS}
        | {a + c + b for a, b in cuts for c in _LETTERS}
        | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    )


def _drawings(word: str) -> set[str]:
    places = [(i, twin) for i, c in enumerate(word) for twin in _TWINS.get(c, ())]
    chosen = [*combinations(places, 1), *combinations(places, 2)]
    out = {word.replace(c, twin) for c, twins in _TWINS.items() for twin in twins}
    for picks in chosen:
        letters = list(word)
        for i, twin in picks:
            letters[i] = twin
        out.add("".join(letters))
    return out
