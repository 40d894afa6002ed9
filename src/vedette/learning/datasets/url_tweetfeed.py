"""URLs and domains reported as malicious on social media, 2024-2025."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.url_items import WARNINGLISTS, items, known_sites, table, without_whole_sites

_PHISHING = pl.col("tags").str.contains("(?i)#phishing|#scam")
_TAGGED = pl.col("tags").str.contains("#")


class UrlTweetfeed(Dataset):
    """Indicators of TweetFeed: URLs, and domains as home pages; the time is that of the message.

    Crowd labels, so they are noisy: whole shared sites are left out (``without_whole_sites``). ``@label`` is ``phishing`` (tags phishing or
    scam), ``malware`` (other tags: families, command and control) or ``untagged``.
    """

    name = "url_tweetfeed"
    title = "TweetFeed indicators"
    licence = "CC0 1.0"
    trains = True
    origin = "https://github.com/0xDanielLopez/TweetFeed, commit 7fef7d8"
    kind = EventClass.EMAIL_URL_ACTIVITY
    files: ClassVar = {
        "content/url_tweetfeed/tweetfeed_2024_2025.csv.zst": "57bc1c27414da70ebca2842f746c206e24b8fd84737465fb9537f36c54e15ca4",
        **WARNINGLISTS,
    }

    def read(self, root: Path) -> pl.DataFrame:
        rows = table(root / next(iter(self.files))).filter(pl.col("type").is_in(["url", "domain"]))
        label = pl.when(_PHISHING).then(pl.lit("phishing")).when(_TAGGED).then(pl.lit("malware"))
        time = pl.col("date").str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False).dt.replace_time_zone("UTC")
        known = rows.select(
            pl.col("value").alias("url"), label.otherwise(pl.lit("untagged")).alias("@label"), time.alias("@time")
        )
        return items(without_whole_sites(known, known_sites(root)), "tweetfeed")
