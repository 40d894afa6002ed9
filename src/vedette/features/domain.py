"""Names that somebody asked for, connected to, or wants judged, and the part of each that was chosen when it was registered."""

from __future__ import annotations

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass
from vedette.features.domain_name import cleaned, with_label

_LISTED = (2, 3)
"""``osint.type_id``: domain, host name."""


class Domain(EventFeatures):
    """A row per event with a host name.

    ``name`` is the host name in lower case, ``registered`` the registered domain, or the name below a provider of dynamic DNS, and
    ``label`` what stands left of its public suffix; the last two are null where nobody registered the name (addresses, local names,
    reverse look-ups). Labels left of the registered domain are not looked at: content delivery and advertising make them by machine.
    """

    name = "domain"
    needs = EventClass.DNS_ACTIVITY
    requires = ("query.hostname",)
    uses = ("src_endpoint.ip",)
    keys = ("src_endpoint.ip", "registered")
    also = {  # noqa: RUF012 - ClassVar of the contract
        EventClass.TLS_HANDSHAKE: {"query.hostname": pl.col("tls.sni"), "src_endpoint.ip": pl.col("src_endpoint.ip")},
        EventClass.HTTP_ACTIVITY: {
            "query.hostname": pl.col("http_request.url.hostname"),
            "src_endpoint.ip": pl.col("src_endpoint.ip"),
        },
        EventClass.OSINT_INVENTORY_INFO: {
            "query.hostname": pl.when(pl.col("osint.type_id").list.first().is_in(_LISTED)).then(
                pl.col("osint.value").list.first()
            )
        },
    }

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        named = events.with_columns(name=cleaned(pl.col("query.hostname"))).filter(pl.col("name").is_not_null())
        kept = ("time", "metadata.log_name", "metadata.sequence", "src_endpoint.ip", "name", "label", "registered")
        return with_label(named).select(kept)
