"""Simulates tunnels through DNS and honest services that look like them, and counts which the detectors find, beside two plain ones.

Run it as ``python -m tools.dns_tunnels``; ``--write`` puts the tables into docs/reference/dns-tunnels.md. The detectors ``dns_tunnel`` and
``dns_tunnel_slow`` were tuned on dnscat2, iodine, DNSExfiltrator and the services alone; then all tools were run once (see ``_HEAD``). What
was missed of Cobalt Strike led to one more measure, so it counts as seen since.

Every session runs in two places: *alone*, in a capture of one client, and in an *office* of twelve clients that use the services. The
plain detectors judge the same rows: mean Shannon entropy of the characters of a name (Born, Gustafson, "Detecting DNS tunnels using
character frequency analysis", 2010), and a naive Bayes model of letter pairs per name, trained on the captured dnscat2 sessions against
ordinary names. Their thresholds let no benign row of the office pass, as ours do.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from random import Random

import numpy as np
import numpy.typing as npt
import polars as pl
from tools.evaluate import DATA, ROOT

from vedette.abc import LogOdds
from vedette.detectors.dns_tunnel import DnsTunnel
from vedette.detectors.dns_tunnel_slow import DnsTunnelSlow
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.features.dns_tunnel import DnsTunnel as Hours
from vedette.testing.dns_services import SERVICES
from vedette.testing.dns_tunnels import TOOLS, Session, seen
from vedette.testing.rows import rows_of

Floats = npt.NDArray[np.float64]

PAGE = ROOT / "docs" / "reference" / "dns-tunnels.md"
MESSAGES = DATA / "dns-tunnel" / "dns_messages.parquet"
TUNED = ("dnscat2", "iodine", "DNSExfiltrator", "Cobalt Strike")
SIZES = ((300, 300, 600.0), (1_000, 1_000, 1_800.0), (4_000, 8_000, 600.0), (100_000, 300_000, 1_800.0))
"""Bytes up, bytes down, seconds of the sessions."""
DAY = 86_400.0
CLIENTS = 12
_TYPES = {1: "A", 5: "CNAME", 16: "TXT", 28: "AAAA", 65: "HTTPS"}
_RESPONSE = 2


def captured() -> dict[str, EventBatch]:
    """Return the captured DNS messages of each file, as DNS activity; the answers were not kept there."""
    told = pl.col("is_response") == 1
    columns = {
        "time": pl.from_epoch((pl.col("ts") * 1e6).cast(pl.Int64), time_unit="us").dt.replace_time_zone("UTC"),
        "metadata.log_name": pl.col("file"),
        "metadata.sequence": pl.int_range(pl.len(), dtype=pl.Int64),
        "src_endpoint.ip": pl.when(told).then("dst").otherwise("src"),
        "dst_endpoint.port": pl.lit(53, pl.Int32),
        "activity_id": pl.when(told).then(_RESPONSE).otherwise(1).cast(pl.Int32),
        "query.hostname": pl.col("qname"),
        "query.type": pl.col("qtype").replace_strict(_TYPES, default=None, return_dtype=pl.String),
        "rcode_id": pl.when(told).then(pl.col("rcode").cast(pl.Int32)),
    }
    frames = pl.read_parquet(MESSAGES).partition_by("file", as_dict=True)
    return {
        str(file): EventBatch(EventClass.DNS_ACTIVITY, frame.select(e.alias(c) for c, e in columns.items()))
        for (file,), frame in frames.items()
    }


def office(rng: Random, hours: int = 1) -> list[EventBatch]:
    """Return the questions of twelve clients, each of which uses most of the services; one is a mail server."""
    out = []
    for n in range(CLIENTS):
        for kind, ask in SERVICES.items():
            of_mail = kind in ("block list of addresses", "block list of domains", "signing keys")
            if of_mail != (n == 0) and (of_mail or rng.random() < 0.2):  # one in five does without
                continue
            asked = [(at + 3600 * h, *each) for h in range(hours) for at, *each in ask(rng, rng.choice((30, 100, 300)))]
            out.append(seen(asked, src=f"10.0.1.{n}", log=f"{n} {kind}"))  # type: ignore[arg-type]
    return out


def sessions(seeds: Sequence[int]) -> dict[tuple[str, str, int], EventBatch]:
    """Return (tool, size, seed) -> what one client asks in such a session, each below a domain of its own."""
    out = {}
    for t, (tool, make) in enumerate(TOOLS.items()):
        for s, (up, down, seconds) in enumerate(SIZES):
            for seed in seeds:
                domain = f"t.relay{t}-{s}-{seed}.net"
                slow = tool.startswith("slow")
                rng = Random(100 * seed + s)  # noqa: S311 - a simulation
                of = Session(rng, domain, up, down, (600.0, 3600.0, DAY / 4, DAY)[s] if slow else seconds)
                size = f"{of.seconds / 3600:.2g} h" if slow else f"{up + down:,} bytes"
                out[tool, size, seed] = seen(make(of), src=f"10.0.1.{1 + (t + s + seed) % (CLIENTS - 1)}", log=domain)
    return out


def margin(detector: LogOdds, rows: pl.DataFrame) -> pl.DataFrame:
    """Return ``domain``, its client, and whether it is a finding."""
    hit = detector.score(rows) >= detector.threshold
    return rows.select("domain", "src_endpoint.ip", hit=hit)


def found(batches: Sequence[EventBatch]) -> dict[str, set[str]]:
    """Return detector -> the domains in which it finds a tunnel."""
    out = {}
    for detector in (DnsTunnel(), DnsTunnelSlow()):
        judged = margin(detector, rows_of(detector.needs, *batches))
        out[detector.name] = set(judged.filter("hit")["domain"])
    return out


# ------------------------------------------------------------------------------------------------------ the plain ones


def entropies(names: Sequence[str]) -> Floats:
    """Return the entropy of the characters of each name, in bits."""
    out = np.zeros(len(names))
    for k, name in enumerate(names):  # the baseline is not in a hurry
        share = np.array(list(Counter(name).values())) / max(len(name), 1)
        out[k] = -(share * np.log2(share)).sum()
    return out


class Pairs:
    """Naive Bayes over pairs of letters."""

    def __init__(self, tunnel: Sequence[str], ordinary: Sequence[str]) -> None:
        counts = [Counter(p for name in names for p in _pairs(name)) for names in (tunnel, ordinary)]
        kinds = set().union(*counts)
        totals = [sum(c.values()) + len(kinds) for c in counts]
        self._nats = {p: np.log((counts[0][p] + 1) / totals[0]) - np.log((counts[1][p] + 1) / totals[1]) for p in kinds}

    def __call__(self, names: Sequence[str]) -> Floats:
        return np.array([sum(self._nats.get(p, 0.0) for p in _pairs(n)) / max(len(n), 1) for n in names])


def _pairs(name: str) -> list[str]:
    return [name[k : k + 2] for k in range(len(name) - 1)]


def plain(rows: pl.DataFrame, judge: Pairs | None) -> pl.DataFrame:
    """Return ``domain`` and the mean of what a plain detector says of the sampled names (``judge`` None: entropy)."""
    tell = judge or entropies
    means = [float(tell(s.to_list()).mean()) if len(s) else 0.0 for s in rows["names_sample"]]
    return rows.select("domain", plain=pl.Series(means, dtype=pl.Float64))


def trained(batches: dict[str, EventBatch]) -> Pairs:
    """Return the model of pairs, trained on the captured sessions and on names of the benign captures."""
    names = {f: rows_of(Hours, b)["names_sample"].explode().drop_nulls().to_list() for f, b in batches.items()}
    tunnel = [n for f, held in names.items() if f.startswith("tunnel") for n in held]
    ordinary = [
        n
        for f, b in batches.items()
        if f.startswith("normal")
        for n in b.frame["query.hostname"].unique().sort().head(5000)
    ]
    return Pairs(tunnel, ordinary)


# ------------------------------------------------------------------------------------------------------------ tables


def main() -> None:
    """Print (and write) the tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.dns_tunnels", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--tuned", action="store_true", help="only the tools that the detectors were tuned on")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    lines = [*_captures(captured()), *_tools(given.seeds, tuned=given.tuned), *_services(given.seeds)]
    print("\n".join(lines))
    if given.write:
        PAGE.write_text("\n".join([*_HEAD, *lines]).rstrip() + "\n", encoding="utf-8")


_HEAD = [
    "# Tunnels through DNS",
    "",
    "Printed by `python -m tools.dns_tunnels --write`. How the tools are simulated, and what the plain detectors are, is said in",
    "`tools/dns_tunnels.py` and `vedette/testing/dns_tunnels.py`.",
    "",
    "In the first run, before any tool but dnscat2, iodine and DNSExfiltrator had been looked at, 64 % of the 96 sessions of the",
    "other tools were found alone and 79 % in the office (of the three: 92 % and 94 %). Then one measure was added: a name's bytes",
    "are also taken among the eighth of the names that carry most, so that polls do not hide data. The tables show what stands now.",
    "",
    "What is easier here than in reality: every tool has a domain of its own, no question is lost or asked twice, and the honest",
    "services are made up by the same hand. What is harder: twelve clients are few to compare with, and sessions of 600 bytes are",
    "hardly more than a greeting. What is missed: names of 20 bytes or less for addresses (`A`) look like look-ups of hashes, and",
    "so does a question a minute for less than a day.",
    "",
]


def _captures(batches: dict[str, EventBatch]) -> list[str]:
    lines = [
        "## Captured: dnscat2 and a crawl of names",
        "",
        "| capture | messages | clients and domains judged | findings |",
        "|---|---|---|---|",
    ]
    for file, batch in batches.items():
        hits = found([batch])
        judged = rows_of(Hours, batch).height
        told = ", ".join(f"{d}: {len(h)}" for d, h in hits.items())
        lines.append(f"| {file.rsplit('/', 1)[-1]} | {batch.frame.height:,} | {judged:,} | {told} |")
    return [*lines, ""]


def _tools(seeds: Sequence[int], *, tuned: bool) -> list[str]:
    made = {k: b for k, b in sessions(seeds).items() if not tuned or k[0].startswith(TUNED)}
    rng = Random(7)  # noqa: S311 - a simulation
    benign = office(rng)
    crowd = found([*benign, *made.values()])
    rows = rows_of(Hours, *benign, *made.values())
    ours = {_domain(batch) for batch in made.values()}
    judge = trained(captured())
    beside = {}
    for name, model in (("entropy", None), ("pairs", judge)):
        told = plain(rows, model)
        level = told.filter(~pl.col("domain").is_in(ours))["plain"].max()
        beside[name] = set(told.filter(pl.col("plain") > level)["domain"])
    lines = [
        "## Simulated sessions found",
        "",
        f"Of {len(seeds)} sessions each. *Alone*: one client in the capture; *office*: among {CLIENTS} clients. Tools in italics were not",
        "used to choose anything. The plain detectors see the office.",
        "",
        "| tool | session | alone | office | entropy | letter pairs |",
        "|---|---|---|---|---|---|",
    ]
    total: Counter[str] = Counter()
    for tool, size in dict.fromkeys((t, s) for t, s, _ in made):
        some = {key: batch for key, batch in made.items() if key[:2] == (tool, size)}
        domains = [_domain(batch) for batch in some.values()]
        alone = sum(any(h for h in found([b]).values()) for b in some.values())
        in_office = sum(any(d in h for h in crowd.values()) for d in domains)
        plains = [sum(d in beside[p] for d in domains) for p in ("entropy", "pairs")]
        shown = tool if tool.startswith(TUNED) else f"*{tool}*"
        lines.append(
            f"| {shown} | {size} | " + " | ".join(f"{n} of {len(some)}" for n in (alone, in_office, *plains)) + " |"
        )
        kind = "tuned" if tool.startswith(TUNED) else "unseen"
        for column, n in zip(
            ("alone", "office", "entropy", "pairs", "all"), (alone, in_office, *plains, len(some)), strict=True
        ):
            total[f"{kind} {column}"] += n
    for kind in ("tuned", "unseen"):
        if whole := total[f"{kind} all"]:
            shares = " | ".join(f"{total[f'{kind} {c}'] / whole:.0%}" for c in ("alone", "office", "entropy", "pairs"))
            lines.append(f"| all {kind} tools | {whole} sessions | {shares} |")
    return [*lines, ""]


def _domain(batch: EventBatch) -> str:
    """Return the registered domain of a session."""
    return str(batch.frame["metadata.log_name"][0]).removeprefix("t.")


def _services(seeds: Sequence[int]) -> list[str]:
    lines = [
        "## Honest services called a tunnel",
        "",
        f"One client alone with one unknown service, {len(seeds)} seeds; and the office of {CLIENTS} clients for eight hours.",
        "",
        "| service | 30 questions | 300 | 3,000 |",
        "|---|---|---|---|",
    ]
    for kind, ask in SERVICES.items():
        counts = [
            sum(any(h for h in found([seen(ask(Random(seed), n))]).values()) for seed in seeds)  # noqa: S311 - a simulation
            for n in (30, 300, 3000)
        ]
        lines.append(f"| {kind} | " + " | ".join(f"{n} of {len(seeds)}" for n in counts) + " |")
    crowd = found(office(Random(8), hours=8))  # noqa: S311 - a simulation
    told = ", ".join(f"{d}: {len(h)}" for d, h in crowd.items())
    return [*lines, "", f"In the office, eight hours, domains called a tunnel: {told}.", ""]


if __name__ == "__main__":
    main()
