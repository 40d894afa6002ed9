"""Kerberos tickets by who asks: for how many services, with which encryption, and for accounts that need no proof."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

HOUR = timedelta(hours=1)
WEAK = (1, 2, 3, 23, 24)
"""Encryption types that are cracked fast (RFC 3961 registry): DES, and RC4 whose key is the password's plain hash."""
_MACHINE_CLASSES = "host|cifs|ldap|krbtgt|kadmin|dns|gc|rpcss|rpc|termsrv|wsman|restrictedkrbhost|tapinego|http"
"""Service classes that belong to machines, whose passwords are long and random."""

_TICKET, _SERVICE, _SUCCESS = 3, 4, 1


class TicketSource(WindowFeatures):
    """A row per source (its address, else the account) and hour with tickets of a Kerberos service.

    ``services``: different services of user accounts it got tickets for, ``weak_services`` those with weak encryption, ``strong``
    tickets with any other; ``unproved``: different accounts that got a ticket without pre-authentication, with weak encryption.
    ``seconds``: from the first to the last of the weak ones.
    """

    name = "ticket_source"
    needs = EventClass.AUTHENTICATION
    requires = ("activity_id", "auth_protocol")
    uses = (
        *(
            "status_id",
            "src_endpoint.ip",
            "user.name",
            "service.name",
            "vedette.etype",
            "device.hostname",
            "dst_endpoint.ip",
        ),
        "unmapped.PreAuthType",
    )
    keys = ("source",)
    windows = (HOUR,)
    normal = Normal(HOUR, numbers=("services", "weak_services", "unproved"))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        granted = (pl.col("auth_protocol") == "Kerberos") & (pl.col("status_id") == _SUCCESS)
        service, asker = pl.col("service.name").str.to_lowercase(), pl.col("user.name")
        weak = pl.col("vedette.etype").is_in(list(WEAK)).fill_null(value=False)
        of_user = ~service.str.contains(rf"\$$|^(?:{_MACHINE_CLASSES})(?:/|$)").fill_null(value=True)
        asked = pl.col("activity_id") == _SERVICE
        no_proof = (pl.col("activity_id") == _TICKET) & (pl.col("unmapped.PreAuthType") == "0").fill_null(value=False)
        bare = no_proof & weak & ~asker.str.ends_with("$").fill_null(value=False)
        return (
            events.filter(granted & pl.col("activity_id").is_in([_TICKET, _SERVICE]))
            .with_columns(
                source=pl.coalesce("src_endpoint.ip", "user.name"),
                service=pl.when(asked & of_user).then(service),
                weak_service=pl.when(asked & of_user & weak).then(service),
                strong=(asked & of_user & ~weak & pl.col("vedette.etype").is_not_null()).cast(pl.Int64),
                bare=pl.when(bare).then(asker),
                asker=asker,
                centre=pl.coalesce("device.hostname", "dst_endpoint.ip"),
            )
            .filter(pl.col("source").is_not_null())
        )

    def partial(self) -> list[pl.Expr]:
        at, weak = pl.col("time"), pl.col("weak_service").is_not_null()
        return [
            *(distinct(pl.col(c)).alias(f"{c}_names") for c in ("service", "weak_service", "bare")),
            pl.col("strong").sum(),
            at.filter(weak).min().alias("from"),
            at.filter(weak).max().alias("until"),
            sample(pl.col("weak_service"), 16).alias("cracked"),
            sample(pl.col("bare"), 16).alias("bare_users"),
            sample(pl.col("asker").filter(weak)).alias("askers"),
            sample(pl.col("centre")).alias("centres"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(merge_distinct(f"{c}_names") for c in ("service", "weak_service", "bare")),
            pl.col("strong").sum(),
            pl.col("from").min(),
            pl.col("until").max(),
            *(merge_sample(c, 16) for c in ("cracked", "bare_users")),
            *(merge_sample(c) for c in ("askers", "centres")),
        ]

    def finish(self) -> list[pl.Expr]:
        return [
            count_distinct("service_names").alias("services"),
            count_distinct("weak_service_names").alias("weak_services"),
            count_distinct("bare_names").alias("unproved"),
            *(pl.col(c) for c in ("strong", "cracked", "bare_users", "askers", "centres")),
            ((pl.col("until") - pl.col("from")).dt.total_microseconds() / 1e6).alias("seconds"),
        ]
