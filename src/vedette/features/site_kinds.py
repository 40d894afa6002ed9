"""Web sites by what a person goes there for: facts, collected by hand, that age; each list says what it means to be on it."""

# ruff: noqa: SIM905 - lists of names read better as text
from __future__ import annotations

import polars as pl

STORAGE = tuple(
    """
    dropbox.com dropboxapi.com box.com drive.google.com onedrive.live.com mega.nz mega.io wetransfer.com we.tl sendspace.com
    mediafire.com 4shared.com rapidgator.net uploaded.net zippyshare.com gofile.io file.io transfer.sh anonfiles.com filebin.net
    pcloud.com sync.com icloud.com disk.yandex.ru disk.yandex.com yadi.sk cloud.mail.ru pan.baidu.com magentacloud.de
    strato-hidrive.com tresorit.com send-anywhere.com swisstransfer.com fromsmash.com filemail.com hightail.com egnyte.com
    idrive.com backblaze.com s3.amazonaws.com pixeldrain.com 1fichier.com uptobox.com workupload.com catbox.moe
    """.split()
)
"""Places that keep or pass on files for anybody."""

JOBS = tuple(
    """
    indeed.com indeed.co.uk indeed.de monster.com monster.de monster.co.uk careerbuilder.com glassdoor.com glassdoor.co.uk
    ziprecruiter.com simplyhired.com dice.com stepstone.de stepstone.com stepstone.fr jobsite.co.uk totaljobs.com reed.co.uk
    cv-library.co.uk seek.com.au naukri.com jobs.ch jobup.ch xing.com hired.com theladders.com snagajob.com infojobs.net
    pracuj.pl hh.ru superjob.ru jobstreet.com apec.fr cadremploi.fr hellowork.com welcometothejungle.com karriere.at jobindex.dk
    finn.no arbetsformedlingen.se usajobs.gov craigslist.org jobberman.com bayt.com
    """.split()
)
"""Where one looks for another employer; what everybody has open all day (a social network) is not here."""

LEAKS = tuple(
    """
    wikileaks.org cryptome.org pastebin.com ghostbin.com paste.ee hastebin.com rentry.co privatebin.net doxbin.com doxbin.org
    ddosecrets.com globaleaks.org securedrop.org breachforums.is raidforums.com leakix.net justpaste.it controlc.com dpaste.org
    """.split()
)
"""Where documents and texts are put for everybody to see."""

KINDS = {"storage": STORAGE, "jobs": JOBS, "leaks": LEAKS}


def site_kind(host: pl.Expr) -> pl.Expr:
    """Return the kind of the site that a host name belongs to, as String: a key of ``KINDS``; null for any other.

    Example:
        >>> pl.select(site_kind(pl.lit("WWW.Dropbox.com"))).item()
        'storage'
    """
    name = host.str.to_lowercase()
    return pl.coalesce(pl.when(name.str.contains(_pattern(sites))).then(pl.lit(kind)) for kind, sites in KINDS.items())


def _pattern(sites: tuple[str, ...]) -> str:
    return r"(?:^|\.)(?:" + "|".join(s.replace(".", r"\.") for s in sites) + r")\.?$"
