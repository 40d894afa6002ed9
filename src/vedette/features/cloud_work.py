"""What somebody does in a cloud in an hour: how many kinds of calls, of which services, refused how often, from where, with what."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.cloud_principal import ITSELF, named, principal
from vedette.features.first_seen_sample import drawn, merge_drawn
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

HOUR = timedelta(hours=1)
KEPT = 32
"""Different operations of an hour that are remembered; of more, a sample."""
FEW = 8
SHOWN = 5

SURVEYS = (
    r"^(?:GetCallerIdentity|GetAccountAuthorizationDetails|GetAccountSummary|GetAccountPasswordPolicy|GetCredentialReport|ListUsers|ListRoles|"
    r"ListGroups|ListPolicies|ListAttached\w+Policies|List(?:User|Role|Group)Policies|ListGroupsForUser|ListAccessKeys|ListAccountAliases|"
    r"ListMFADevices|ListSAMLProviders|SimulatePrincipalPolicy|DescribeRegions|DescribeInstances|DescribeSecurityGroups|DescribeVpcs|"
    r"DescribeSubnets|DescribeSnapshots|DescribeImages|DescribeKeyPairs|DescribeDBInstances|DescribeOrganization|ListAccounts|"
    r"ListBuckets|GetBucketPolicy|GetBucketAcl|ListFunctions\w*|ListSecrets|DescribeParameters|ListKeys|ListTables|ListClusters|ListTrails|"
    r"DescribeTrails|ListDetectors|GetSendQuota|ListIdentities|ListServiceQuotas|ListFoundationModels|DescribeInstanceInformation|"
    r"list (?:secrets|pods|namespaces|nodes|clusterroles|clusterrolebindings|serviceaccounts|configmaps)|create selfsubject\w+reviews|"
    r".*\.(?:TestIamPermissions|GetIamPolicy|ListServiceAccounts|ListServiceAccountKeys|QueryGrantableRoles|projects\.list)|"
    r"MICROSOFT\.AUTHORIZATION/.*/READ)$"
)
"""Operations that tell what an account is, may do and holds: few programs need more than one or two of them."""

_FAILURE, _READ = 2, 2
_REFUSED = r"(?i)denied|unauthori|forbidden|not authori|permission|accessdenied"
_IDENTITY = r"^(?:GetCallerIdentity|.*/selfsubject\w+reviews)$"
_OBJECT = r"(?i)^(?:GetObject|storage\.objects\.get|GetBlob|FileDownloaded)$"
_INSTANCE = r":assumed-role/(?:[^/]+/)+i-[0-9a-f]{8,17}$"
_LONG_LIVED = "AKIA"


class CloudWork(WindowFeatures):
    """A row per principal and hour, of calls of a cloud's interfaces; what the cloud's own machinery does is left out.

    ``kinds``, ``read_kinds``, ``refused_kinds``, ``survey_kinds``, ``services``, ``regions_count`` count different operations (those that
    only read, that were refused, that survey an account), services and regions; ``objects`` counts objects that were read. ``operations``,
    ``regions``, ``countries``, ``networks`` and ``agents`` are samples of what there was, versions apart; ``instance_networks`` counts the
    networks from which the credentials of one machine were used, ``long_lived`` says that a key without an end was used.
    """

    name = "cloud_work"
    needs = EventClass.API_ACTIVITY
    requires = ("metadata.event_code",)
    uses = (
        *(
            "actor.user.name",
            "actor.user.uid",
            "actor.user.type",
            "actor.user.credential_uid",
            "api.service.name",
            "api.response.error",
        ),
        *(
            "status_id",
            "status_detail",
            "activity_id",
            "src_endpoint.ip",
            "src_endpoint.location.country",
            "http_request.user_agent",
        ),
        *("cloud.region", "actor.invoked_by", "cloud.account.uid"),
    )
    keys = ("principal",)
    windows = (HOUR,)
    normal = Normal(
        HOUR,
        numbers=("kinds", "read_kinds", "refused_kinds", "services", "objects"),
        sets=("operations", "regions", "countries", "networks", "agents"),
        prior={
            "kinds": (4.0, 1.0),
            "read_kinds": (4.0, 1.0),
            "refused_kinds": (0.3, 0.5),
            "services": (2.0, 0.7),
            "objects": (20.0, 1.5),
        },
        half_life=timedelta(days=21),
    )

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        itself = (
            pl.col("actor.user.type").is_in(ITSELF).fill_null(value=False) | pl.col("actor.invoked_by").is_not_null()
        )
        operation = pl.col("metadata.event_code").str.strip_chars(" .").str.slice(0, 120)
        failed = (pl.col("status_id") == _FAILURE).fill_null(value=False)
        error = pl.concat_str(
            pl.col("api.response.error").fill_null(""), pl.col("status_detail").fill_null(""), separator=" "
        )
        found = events.filter(~itself).with_columns(principal=principal(), operation=operation).drop_nulls("principal")
        return found.with_columns(
            mark=pl.col("operation").hash(),
            reads=(pl.col("activity_id") == _READ).fill_null(value=False),
            refused=failed & error.str.contains(_REFUSED),
            survey=pl.col("operation").str.contains(SURVEYS),
            identity=pl.col("operation").str.contains(_IDENTITY),
            object_read=pl.col("operation").str.contains(_OBJECT),
            network=_network(pl.col("src_endpoint.ip")),
            agent=_agent(pl.col("http_request.user_agent")),
            machine=pl.when(pl.col("actor.user.uid").str.contains(_INSTANCE)).then("actor.user.uid"),
            long=pl.col("actor.user.credential_uid").str.starts_with(_LONG_LIVED).fill_null(value=False),
        )

    def partial(self) -> list[pl.Expr]:
        operation = pl.col("operation")
        return [
            drawn(operation, "mark", KEPT).alias("operations"),
            distinct(operation).alias("kinds"),
            distinct(operation.filter("reads")).alias("read_kinds"),
            distinct(operation.filter("refused")).alias("refused_kinds"),
            distinct(operation.filter("survey")).alias("survey_kinds"),
            sample(operation.filter("refused"), SHOWN).alias("refused_shown"),
            sample(operation.filter("survey"), SHOWN).alias("surveys"),
            distinct(pl.col("api.service.name")).alias("services"),
            distinct(pl.col("cloud.region")).alias("region_marks"),
            pl.len().cast(pl.Int64).alias("calls"),
            pl.col("refused").sum().cast(pl.Int64).alias("refusals"),
            pl.col("object_read").sum().cast(pl.Int64).alias("objects"),
            pl.col("identity").any().alias("identity"),
            pl.col("long").any().alias("long_lived"),
            sample(pl.when(pl.col("machine").is_not_null()).then("network"), FEW).alias("machine_networks"),
            *(
                sample(pl.col(c), FEW).alias(name)
                for c, name in (
                    ("cloud.region", "regions"),
                    ("src_endpoint.location.country", "countries"),
                    ("network", "networks"),
                    ("agent", "agents"),
                    ("src_endpoint.ip", "addresses"),
                )
            ),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            merge_drawn("operations", KEPT),
            *(
                merge_distinct(c)
                for c in ("kinds", "read_kinds", "refused_kinds", "survey_kinds", "services", "region_marks")
            ),
            *(merge_sample(c, SHOWN) for c in ("refused_shown", "surveys")),
            *(pl.col(c).sum() for c in ("calls", "refusals", "objects")),
            pl.col("identity").any(),
            pl.col("long_lived").any(),
            *(
                merge_sample(c, FEW)
                for c in ("machine_networks", "regions", "countries", "networks", "agents", "addresses")
            ),
        ]

    def finish(self) -> list[pl.Expr]:
        counted = ("kinds", "read_kinds", "refused_kinds", "survey_kinds", "services")
        same = ("operations", "refused_shown", "surveys", "calls", "refusals", "objects", "identity", "long_lived")
        return [
            *named(),
            *(count_distinct(c).alias(c) for c in counted),
            count_distinct("region_marks").alias("regions_count"),
            pl.col("machine_networks").list.len().cast(pl.Int64).alias("instance_networks"),
            *(
                pl.col(c)
                for c in (*same, "machine_networks", "regions", "countries", "networks", "agents", "addresses")
            ),
        ]


def _network(address: pl.Expr) -> pl.Expr:
    """Return the network of an address that people keep: /16 of IPv4, /32 of IPv6."""
    four = address.str.extract(r"^(\d+\.\d+)\.\d+\.\d+$")
    six = address.str.extract(r"^([0-9a-f]+:[0-9a-f]+):")
    return pl.coalesce(four + ".0.0/16", six + "::/32")


def _agent(agent: pl.Expr) -> pl.Expr:
    """Return the first two words of a user agent without its numbers: a new version is no new program."""
    plain = agent.str.slice(0, 200).str.replace_all(r"\d+(?:[._-]\d+)*\w*", "0")
    return plain.str.extract(r"^(\S+(?: \S+)?)")
