"""Where the links of a mail lead, what they are shown as, and what is attached: facts, 1 where one holds, else 0."""

# ruff: noqa: E501 - lists of words
from __future__ import annotations

import polars as pl

from vedette.features.mail_hosts import CHEAP, PAGE_TENANTS, SHORTENERS
from vedette.features.url_parts import names, split
from vedette.intel.brands import brands
from vedette.intel.lookalike import decoded

USES = (
    "email.urls.url_string",
    "vedette.link_text",
    "email.files.name",
    "email.files.mime_type",
    "email.to",
)
"""Columns of Email Activity that are read."""

LINKS = {
    "link_shows_other": "a link shows one domain and leads to another",
    "link_shows_brand": "a link shows the address of {link_brand} and leads elsewhere",
    "link_holds_brand": "a link's host holds the name of {link_brand} and is not theirs",
    "link_path_holds_brand": "a link's path holds the name of {link_brand}, the host is not theirs",
    "link_looks_like": "a link's domain looks like that of {link_brand}",
    "link_is_address": "a link leads to a bare IP address",
    "link_is_coded": "a link's host is written in foreign letters (punycode)",
    "link_is_short": "a link hides its target behind a shortener",
    "link_is_tenant": "a link leads to hosting that anybody gets for nothing",
    "link_is_deep": "a link's host has many labels before its domain",
    "link_is_cheap": "a link's domain ends as those do that cost next to nothing",
    "link_has_user": "a link hides its host behind an @",
    "link_has_port": "a link leads to an odd port",
    "link_is_opaque": "a link holds a page or a script in itself (data:, javascript:)",
    "link_redirects": "a link passes through a redirect of another site",
    "link_tells_recipient": "a link holds the recipient's address",
    "link_is_odd": "a link's domain is made of figures or chance letters",
    "link_is_login": "a link's path speaks of logins on a domain other than the sender's",
    "links_none_of_sender": "no link leads to the sender's domain",
    "links_all_elsewhere": "all links lead to one domain, and not to the sender's",
    "file_runs": "an attachment is a program or a script ({file})",
    "file_is_page": "an attachment is a web page ({file})",
    "file_is_disk": "an attachment is a disk image or a shortcut ({file})",
    "file_has_macros": "an attachment is an Office file with macros ({file})",
    "file_is_doubled": "an attachment's name hides its kind behind another ({file})",
    "file_is_packed": "an attachment is an archive ({file})",
    "file_lies": "an attachment's declared type is not that of its name ({file})",
    "file_is_document": "an attachment is a document ({file})",
}
"""Fact -> what it says."""

SCHEMA = pl.Schema(
    {
        **dict.fromkeys(LINKS, pl.Float32),
        "link_count": pl.Int32,
        "link_domains": pl.Int32,
        "link_brand": pl.String,
        "link_owners": pl.String,
        "link_example": pl.String,
        "file": pl.String,
    }
)

_RUNS = "exe scr com pif bat cmd vbs vbe js jse wsf wsh hta ps1 jar msi msix cpl reg sct gadget application apk"
_DISK = "iso img vhd vhdx udf lnk url website library-ms search-ms one chm appref-ms"
_MACROS = "docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm xll wll slk iqy"
_PACKED = "zip rar 7z gz tgz tar bz2 xz ace arj cab lzh z uue r00 001"
_DOCUMENT = "pdf doc docx xls xlsx ppt pptx rtf odt ods htm html txt jpg jpeg png gif tif csv mp3 wav eml ics"
_KIND = {
    "pdf": "pdf", "png": "image", "jpg": "image", "jpeg": "image", "gif": "image", "html": "html", "htm": "html", "doc": "msword", "zip": "zip",
    "exe": "exe", "txt": "text/", "mp3": "audio", "wav": "audio",
}  # fmt: skip
_GENERIC = r"(?i)octet-stream|unknown|x-download|force-download|^$"
_LOGIN = r"(?i)log-?in|log-?on|sign-?in|signon|verif|secur|account|update|confirm|webscr|wallet|passw|auth|unlock|restore|billing|mailbox|owa|webmail"
_SHOWN_URL = r"(?i)^\s*(?:https?://)?(?:[a-z0-9_.-]+@)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[:/?\s].*)?$"
_ODD_LABEL = r"^(?:[^.]*\d{4,}[^.]*|[^.]*[bcdfghjklmnpqrstvwxz]{6,}[^.]*|[a-z0-9]*(?:[a-z]\d){3,}[a-z0-9]*)\."
_REDIRECT = r"(?i)[?&/=](?:https?:/{1,2}|https?%3a%2f%2f)([a-z0-9.-]+\.[a-z]{2,})"
_ADDRESS = r"(?i)^\d+(?:\.\d+){0,3}$|^0x[0-9a-f.x]+$|:"
_DEEP = 4
_USUAL_PORTS = (80, 443, 8080)
MOST_LINKS = 100
"""Links of a mail that are looked at."""


def links(mails: pl.DataFrame, from_domain: pl.Series) -> pl.DataFrame:
    """Return (n,) rows of ``SCHEMA`` for mails with the columns ``USES``; ``from_domain`` (n,) is the sender's registered domain."""
    long = _long(mails).join(_urls(mails["email.urls.url_string"]), on="url", how="left", maintain_order="left")
    held = long.join(
        pl.DataFrame(
            {
                "row": pl.int_range(mails.height, eager=True, dtype=pl.UInt32),
                "from": from_domain,
                "to": mails["email.to"].list.first(),
            }
        ),
        on="row",
        how="left",
        maintain_order="left",
    )
    per_mail = _judged(held).group_by("row").agg(*_told())
    rows = pl.DataFrame({"row": pl.int_range(mails.height, eager=True, dtype=pl.UInt32)})
    joined = rows.join(per_mail, on="row", how="left", maintain_order="left")
    out = pl.concat([joined.drop("row"), _files(mails)], how="horizontal")
    zero = [c for c in SCHEMA if SCHEMA[c].is_numeric()]
    return out.with_columns(pl.col(zero).fill_null(0)).select(pl.col(c).cast(t) for c, t in SCHEMA.items())


def _long(mails: pl.DataFrame) -> pl.DataFrame:
    """Return a row per link: the mail's row, the URL, the text it is shown with."""
    urls, texts = mails["email.urls.url_string"].list.head(MOST_LINKS), mails["vedette.link_text"].list.head(MOST_LINKS)
    same = (urls.list.len() == texts.list.len()).fill_null(value=False)
    long = pl.DataFrame({"url": urls}).with_row_index("row").explode("url", keep_nulls=False, empty_as_null=False)
    if same.all() or not long.height:
        text = texts.explode(keep_nulls=False, empty_as_null=False)
        if len(text) == long.height:
            return long.with_columns(shown=text)
    filled = [
        t if s else [None] * len(u) for u, t, s in zip(urls, texts, same, strict=True) if u is not None
    ]  # a source without texts
    return long.with_columns(shown=pl.Series([t for row in filled for t in row], dtype=pl.String))


def _urls(column: pl.Series) -> pl.DataFrame:
    """Return what each distinct URL is."""
    urls = column.list.head(MOST_LINKS).explode(keep_nulls=False, empty_as_null=False).unique().drop_nulls()
    parts = split(urls)
    hosts = parts["host"].unique()
    known, tree = brands(), names(hosts)
    plain = decoded(tree["domain"].str.extract(r"^([^.]+)\."))
    alike = pl.coalesce(known.alike(plain).alias("a"), known.alike(plain.str.split("-").list.first()).alias("b"))
    told = pl.DataFrame({"host": hosts}).with_columns(
        domain=tree["domain"],
        tenant=(tree["site_size"] > tree["domain_size"])
        | tree["domain"].is_in(PAGE_TENANTS)
        | tree["site"].is_in(PAGE_TENANTS),
        labels=hosts.str.count_matches(".", literal=True) - tree["domain"].str.count_matches(".", literal=True),
        owner=known.owner(hosts),
        inside=known.inside(hosts),
        coded=hosts.str.contains("xn--", literal=True),
        alike=pl.select(alike).to_series(),
    )
    inner = parts["tail"].str.extract(_REDIRECT).str.to_lowercase()
    distinct = inner.unique().drop_nulls()
    paths = (
        pl.DataFrame({"url": urls})
        .with_columns(parts.drop("percent", strict=False))
        .with_columns(
            path_brand=known.inside(parts["tail"]), passes_to=_mapped(inner, distinct, names(distinct)["domain"])
        )
    )
    return paths.join(told, on="host", how="left", maintain_order="left")


def _judged(long: pl.DataFrame) -> pl.DataFrame:
    """Add the facts of each link."""
    known = brands()
    shown_host = long["shown"].str.to_lowercase().str.extract(_SHOWN_URL)
    distinct = shown_host.unique().drop_nulls()
    long = long.with_columns(
        shown_domain=_mapped(shown_host, distinct, names(distinct)["domain"]),
        shown_owner=_mapped(shown_host, distinct, known.owner(distinct)),
    )
    owner, domain, theirs = pl.col("owner").fill_null(""), pl.col("domain"), pl.col("from") == pl.col("domain")
    web = pl.col("scheme").is_in(["", "http", "https"]) & (domain.fill_null("") != "")

    def not_theirs(brand: str) -> pl.Expr:
        return (
            pl.col(brand).is_not_null()
            & ~owner.str.split("|").list.contains(pl.col(brand))
            & ~theirs.fill_null(value=False)
        )

    other = (domain != pl.col("shown_domain")) & pl.col("shown_domain").str.contains(".", literal=True)
    facts = {
        "link_shows_other": other & ~theirs.fill_null(value=False),
        "link_shows_brand": other & pl.col("shown_owner").is_not_null() & (owner != pl.col("shown_owner")),
        "link_holds_brand": not_theirs("inside"),
        "link_path_holds_brand": not_theirs("path_brand") & (owner == ""),
        "link_looks_like": pl.col("alike").is_not_null() & (owner == ""),
        "link_is_address": pl.col("host").str.contains(_ADDRESS),
        "link_is_coded": pl.col("coded"),
        "link_is_short": domain.is_in(SHORTENERS),
        "link_is_tenant": pl.col("tenant"),
        "link_is_deep": pl.col("labels") >= _DEEP,
        "link_is_cheap": domain.str.extract(r"\.([a-z0-9-]+)$").is_in(CHEAP) & (domain != pl.col("from")),
        "link_has_user": pl.col("user") & web,
        "link_has_port": pl.col("port").is_not_null() & ~pl.col("port").is_in(_USUAL_PORTS),
        "link_is_opaque": pl.col("scheme").is_in(["data", "javascript", "vbscript", "blob"]),
        "link_redirects": pl.col("passes_to").is_not_null()
        & (pl.col("passes_to") != domain)
        & ~theirs.fill_null(value=False),
        "link_tells_recipient": pl.col("url").str.to_lowercase().str.contains(_whole_address("to"), literal=True)
        & ~theirs.fill_null(value=False),
        "link_is_odd": domain.str.contains(_ODD_LABEL),
        "link_is_login": pl.col("tail").str.extract(r"^([^?#]*)").str.contains(_LOGIN) & (domain != pl.col("from")),
    }
    return long.with_columns(
        web=web,
        theirs=theirs,
        brand=pl.coalesce(
            *(pl.when(not_theirs(c)).then(pl.col(c)) for c in ("inside", "path_brand")),
            pl.when(facts["link_shows_brand"]).then(pl.col("shown_owner").str.extract(r"^([^|]+)")),
            pl.when(facts["link_looks_like"]).then(pl.col("alike")),
        ),
        **{n: (e & (web | (n == "link_is_opaque"))).fill_null(value=False) for n, e in facts.items()},
    )


def _whole_address(column: str) -> pl.Expr:
    """Return an address in lower case; null where it is none."""
    address = pl.col(column).str.to_lowercase()
    return pl.when(address.str.contains(r"^[^@\s]+@[^@\s]+$")).then(address)


def _told() -> list[pl.Expr]:
    facts = [n for n in LINKS if n.startswith("link_")]
    away = pl.col("web").any() & pl.col("from").is_not_null().any() & ~pl.col("theirs").fill_null(value=False).any()
    return [
        *(pl.col(n).any().cast(pl.Float32) for n in facts),
        away.cast(pl.Float32).alias("links_none_of_sender"),
        ((pl.col("domain").filter(pl.col("web")).n_unique() == 1) & away).cast(pl.Float32).alias("links_all_elsewhere"),
        pl.col("owner").drop_nulls().unique().sort().str.join("|").alias("link_owners"),
        pl.col("web").sum().cast(pl.Int32).alias("link_count"),
        pl.col("domain").filter(pl.col("web")).n_unique().cast(pl.Int32).alias("link_domains"),
        pl.col("brand").drop_nulls().first().alias("link_brand"),
        pl.col("url").filter(pl.any_horizontal(facts)).first().str.head(200).alias("link_example"),
    ]


def _files(mails: pl.DataFrame) -> pl.DataFrame:
    """Return facts about attachments, a row per mail."""
    name_lists, types = mails["email.files.name"], mails["email.files.mime_type"]
    long = (
        pl.DataFrame({"name": name_lists}).with_row_index("row").explode("name", keep_nulls=False, empty_as_null=False)
    )
    flat = types.explode(keep_nulls=False, empty_as_null=False)
    long = long.with_columns(
        type=flat if len(flat) == long.height else pl.lit(None, pl.String),
        name=pl.col("name").fill_null("").str.strip_chars(),
    )
    ending = pl.col("name").str.to_lowercase().str.extract(r"\.([a-z0-9_-]{1,14})$").fill_null("")
    doubled = (
        pl.col("name").str.to_lowercase().str.extract(r"\.([a-z0-9]{2,5})(?:\s|_)*\.[a-z0-9_-]{1,14}$").fill_null("")
    )
    kind, declared = (
        ending.replace_strict(_KIND, default=None, return_dtype=pl.String),
        pl.col("type").fill_null("").str.to_lowercase(),
    )
    harmful = ending.is_in([*_RUNS.split(), *_DISK.split(), "html", "htm", "shtml", "xhtml", "svg"])
    facts = {
        "file_runs": ending.is_in(_RUNS.split()),
        "file_is_page": ending.is_in(["html", "htm", "shtml", "xhtml", "svg", "mht"]),
        "file_is_disk": ending.is_in(_DISK.split()),
        "file_has_macros": ending.is_in(_MACROS.split()),
        "file_is_doubled": doubled.is_in(_DOCUMENT.split()) & harmful,
        "file_is_packed": ending.is_in(_PACKED.split()),
        "file_lies": kind.is_not_null() & ~declared.str.contains(_GENERIC) & ~declared.str.contains(kind, literal=True),
        "file_is_document": ending.is_in(["pdf", "doc", "docx", "xls", "xlsx"]),
    }
    risky = pl.any_horizontal(n for n in facts if n != "file_is_document")
    told = long.with_columns(**{n: e.fill_null(value=False) for n, e in facts.items()}).group_by(
        "row", maintain_order=True
    )
    per_mail = told.agg(
        *(pl.col(n).any().cast(pl.Float32) for n in facts),
        pl.coalesce(pl.col("name").filter(risky).first(), pl.col("name").first()).alias("file"),
    )
    rows = pl.DataFrame({"row": pl.int_range(mails.height, eager=True, dtype=pl.UInt32)})
    return rows.join(per_mail, on="row", how="left", maintain_order="left").drop("row")


def _mapped(texts: pl.Series, keys: pl.Series, values: pl.Series) -> pl.Series:
    return (
        texts.replace_strict(keys, values, default=None, return_dtype=pl.String) if len(keys) else texts.cast(pl.String)
    )
