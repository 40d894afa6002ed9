"""What a person did at work in a day, over every log that names accounts."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features import person_acts as person
from vedette.features.person_acts import ALSO, USES, acts
from vedette.features.site_kinds import site_kind
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

DAY = timedelta(days=1)
HALF_LIFE = timedelta(days=45)
"""People change slowly: jobs, projects, habits."""
QUARTERS = ("night", "morning", "afternoon", "evening")
"""The day in four parts of six hours, UTC. They are names of parts only: somebody else's night is somebody's working day."""
USUAL: dict[str, tuple[float, float]] = {
    **dict.fromkeys(QUARTERS, (0.5, 0.7)),
    "weekend": (0.1, 0.5),
    "media": (0.05, 0.4),
    "copied": (0.1, 1.0),
    "outside": (1.0, 1.0),
    "mailed": (1_000.0, 5.0),
    "home": (10.0, 4.0),
    "recipients": (3.0, 0.8),
    "uploaded": (100.0, 5.0),
    "jobs": (0.1, 0.6),
    "leaks": (0.02, 0.3),
    "files": (10.0, 1.2),
    "deleted": (1.0, 1.0),
    "programs": (0.1, 0.5),
    "machines": (1.0, 0.3),
}
"""Number -> what a person does in a day, and the spread of its logarithm: orders of magnitude, until the site is known."""
BYTES = ("mailed", "home", "uploaded")
PLACES, MACHINES, DOMAINS, SITES, SHOWN = 64, 32, 32, 16, 8
"""Values of each kind that are kept."""

_KEPT = 256
"""Smallest hashes of files; with more the count is an estimate, to 6 %."""
_HOURS = 6
_SATURDAY = 6
_DOCUMENT = (
    r"(?i)\.(?:docx?|docm|xlsx?|xlsm|xlsb|pptx?|pptm|od[tspg]|pdf|rtf|txt|md|csv|tsv|json|xml|mdb|accdb|sqlite|db|bak|sql|vsdx?|dwg|dxf|"
    r"step|stp|sldprt|sldasm|catpart|zip|7z|rar|tar|t?gz|pst|ost|msg|eml|mbox|psd|ai|indd|jpe?g|png|tiff?|mp4|mov|c|cc|cpp|h|hpp|cs|java|"
    r"py|js|ts|go|rs|ipynb|tex|key|pem|pfx|kdbx|gpg|pgp|locked|encrypted|crypt|enc)$"
)
"""Files in which people keep their work; the rest is written by programs for themselves."""
_PROGRAM = r"(?i)\.(?:exe|msi|msix|scr|bat|cmd|ps1|vbs|jar|dll|dmg|pkg|deb|rpm|apk|appimage)$"
_OTHER_DRIVE = r"(?i)^(?:[a-bd-z]:[\\/]|/media/|/run/media/|/volumes/|/mnt/usb|\\device\\harddiskvolume\d+\\)"
"""Paths on drives besides the system's: sticks, memory cards, second disks."""
_PLACE = r"(?i)^((?:\\\\|//)[^\\/]+[\\/][^\\/]+(?:[\\/][^\\/.]+)?|https?://[^/]+(?:/[^/?]+){0,3}|/(?:srv|data|share|nfs|mnt)/[^/]+/[^/]+)"
"""The share and its first folder, the site of a service and its first folders: where a file lies that others may see too."""

_act, _thing = pl.col("act"), pl.col("thing")
_sums = ("media", "outside", "mailed", "home", "uploaded", "jobs", "leaks", "deleted")


class PersonDay(WindowFeatures):
    """A row per person and day (UTC): what any log told of one account, whatever its machine.

    * ``night``, ``morning``, ``afternoon``, ``evening``: in how many different hours of this quarter of the day (from 0, 6, 12, 18 UTC) the
      person did something by hand (logons, drives, mail, copies, deletions: not what an open browser does by itself); ``weekend`` the
      same of a Saturday or Sunday;
    * ``media``: drives attached; ``copied``: different documents written to drives besides the system's;
    * ``outside``: mails to other domains than the sender's, ``mailed`` bytes attached to them, ``home`` bytes of these to mailboxes that
      anybody can have; ``recipients``: of the mail with the most;
    * ``uploaded``: bytes sent to sites that keep files for anybody, or publish them; ``jobs``, ``leaks``: requests to such sites
      (``site_kinds``);
    * ``files``: different documents opened, read or written elsewhere; ``deleted``: documents deleted or encrypted;
    * ``programs``: programs fetched from the web or written to other drives, ``fetched``, 8 at the most;
    * ``machines``: computers logged on to, and ``at`` by name; ``places``: shares and folders of the files; ``domains`` that
      mail went to; ``sites`` of a kind that was looked for: samples; the baseline knows who else had them.
    """

    name = "person_day"
    needs = EventClass.FILE_ACTIVITY
    requires = ("actor.user.name",)
    uses = USES[1:]
    also = ALSO
    keys = ("person",)
    windows = (DAY,)
    normal = Normal(
        DAY,
        numbers=tuple(USUAL),
        sets=("at", "places", "domains", "sites"),
        prior=USUAL,
        half_life=HALF_LIFE,
        units=dict.fromkeys(BYTES, "bytes"),
    )

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        done = acts(events).with_columns(
            kind=pl.when(_act == person.REQUEST).then(site_kind(_thing)),
            of_file=_act < person.LOGON,
            written=_act.is_in([person.CREATE, person.UPDATE, person.RENAME]),
        )
        target = pl.when(_act == person.RENAME).then(pl.coalesce("file_result.path", "thing")).otherwise("thing")
        document = pl.col("of_file") & pl.coalesce("file_result.path", "thing").str.contains(_DOCUMENT)
        over = pl.col("of_file") & pl.col("written") & target.str.contains(_OTHER_DRIVE)
        fetched = (_act == person.REQUEST) & pl.col("file_result.path").str.contains(_PROGRAM)
        told = done.with_columns(
            document=document.fill_null(value=False),
            over=(over & document).fill_null(value=False),
            program=pl.when(fetched | (over & target.str.contains(_PROGRAM))).then(
                pl.when(_act == person.REQUEST)
                .then(pl.concat_str("thing", "file_result.path", ignore_nulls=True))
                .otherwise(target)
            ),
        )
        matters = (
            pl.col("act").is_in([person.LOGON, person.MEDIUM, person.MAIL])
            | pl.col("kind").is_not_null()
            | pl.col("document")
            | pl.col("program").is_not_null()
        )
        gone = pl.col("document") & _act.is_in([person.DELETE, person.ENCRYPT])
        mailed = (_act == person.MAIL) & (_thing != "")
        size = pl.col("file.size").clip(lower_bound=0).fill_null(0)
        return told.filter(matters).with_columns(
            hour=pl.when(_act.is_in([person.LOGON, person.MEDIUM, person.MAIL]) | pl.col("over") | gone).then(
                pl.col("time").dt.hour()
            ),
            media=_act == person.MEDIUM,
            outside=mailed,
            mailed=pl.when(mailed).then(size).otherwise(0),
            home=pl.when(pl.col("home")).then(size).otherwise(0),
            recipients=pl.when(_act == person.MAIL).then(pl.col("count")),
            uploaded=pl.when(pl.col("kind").is_in(["storage", "leaks"])).then(size).otherwise(0),
            jobs=pl.col("kind") == "jobs",
            leaks=pl.col("kind") == "leaks",
            deleted=gone,
        )

    def partial(self) -> list[pl.Expr]:
        place = pl.col("thing").filter(pl.col("document")).str.extract(_PLACE, 1).str.to_lowercase()
        return [
            pl.col("hour").drop_nulls().unique().sort().alias("hours"),
            *(pl.col(c).sum().cast(pl.Int64) for c in _sums),
            pl.col("recipients").max(),
            distinct(pl.col("thing").filter(pl.col("over")), _KEPT).alias("copies"),
            distinct(pl.col("thing").filter(pl.col("document") & ~pl.col("over") & ~pl.col("deleted")), _KEPT).alias(
                "documents"
            ),
            sample(pl.col("program"), SHOWN).alias("fetched"),
            sample(pl.col("thing").filter(_act == person.LOGON).str.to_lowercase(), MACHINES).alias("at"),
            sample(place, PLACES).alias("places"),
            sample(
                pl.col("thing").filter(pl.col("outside")).str.split(" ").list.explode(empty_as_null=False), DOMAINS
            ).alias("domains"),
            sample(pl.col("thing").filter(pl.col("kind").is_not_null()).str.to_lowercase(), SITES).alias("sites"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            merge_sample("hours", 24),
            *(pl.col(c).sum() for c in _sums),
            pl.col("recipients").max(),
            merge_distinct("copies", _KEPT),
            merge_distinct("documents", _KEPT),
            merge_sample("fetched", SHOWN),
            merge_sample("at", MACHINES),
            merge_sample("places", PLACES),
            merge_sample("domains", DOMAINS),
            merge_sample("sites", SITES),
        ]

    def finish(self) -> list[pl.Expr]:
        hours = pl.col("hours")
        rest = pl.col("time").dt.weekday() >= _SATURDAY
        return [
            *(
                hours.list.eval(pl.element().is_between(_HOURS * n, _HOURS * (n + 1) - 1))
                .list.sum()
                .cast(pl.Int64)
                .alias(q)
                for n, q in enumerate(QUARTERS)
            ),
            pl.when(rest).then(hours.list.len()).otherwise(0).cast(pl.Int64).alias("weekend"),
            *map(pl.col, _sums),
            pl.col("recipients").fill_null(0),
            count_distinct("copies", _KEPT).alias("copied"),
            count_distinct("documents", _KEPT).alias("files"),
            pl.col("fetched").list.len().cast(pl.Int64).alias("programs"),
            pl.col("at").list.len().cast(pl.Int64).alias("machines"),
            *map(pl.col, ("hours", "fetched", "at", "places", "domains", "sites")),
        ]
