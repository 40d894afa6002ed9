from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from vedette.detectors.beacon_name import BeaconName
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.model import Severity
from vedette.testing.flows import START
from vedette.testing.rows import hits_of

DAY = 57_000.0
KIND = EventClass.TLS_HANDSHAKE
OURS, MASTER = "10.0.0.5", "cdn.updates-example.net"


def asked(
    moments: list[float], src: str = OURS, name: str | None = MASTER, columns: dict[str, object] | None = None
) -> EventBatch:
    """Return TLS handshakes at these seconds, each with another address."""
    n = len(moments)
    made: dict[str, object] = {
        "src_endpoint.ip": src,
        "dst_endpoint.ip": [f"203.0.113.{k % 200}" for k in range(n)],
        "dst_endpoint.port": 443,
        "connection_info.direction_id": 2,
        "tls.sni": name,
        **(columns or {}),
        "time": [START + timedelta(seconds=m) for m in moments],
        "metadata.log_name": "tls",
        "metadata.sequence": list(range(n)),
    }
    each = {c: v if isinstance(v, list) else [v] * n for c, v in made.items()}
    return EventBatch(KIND, pl.DataFrame([pl.Series(c, v, dtype=SCHEMAS[KIND][c]) for c, v in each.items()]))


def beats(interval: float, jitter: float = 0.0, seed: int = 0) -> list[float]:
    """Return the seconds of a beacon."""
    rng = np.random.default_rng(seed)
    at = np.cumsum(interval * (1 + rng.uniform(-jitter, jitter, int(3 * DAY / interval) + 9)))
    return list(at[at < DAY])


def office(hosts: int = 12) -> list[EventBatch]:
    """Return a day of other hosts that browse, and have the same software."""
    rng, out = np.random.default_rng(7), []
    for n in range(hosts):
        visits = sorted(float(s) for b in rng.uniform(0, DAY, 30) for s in b + rng.exponential(3, 20) if s < DAY)
        src = f"10.0.0.{100 + n}"
        out += [
            asked(visits, src, f"www.site{n}.example.org"),
            asked(beats(300, 0.4, n), src, "time.maker-example.com"),
        ]
    return out


CASES: dict[str, tuple[Callable[[], EventBatch], bool]] = {
    "the address rotates": (lambda: asked(beats(300, 0.4)), True),
    "through a proxy": (
        lambda: asked(
            beats(240, 0.25),
            columns={"dst_endpoint.ip": "10.0.0.9", "dst_endpoint.port": 3128, "connection_info.direction_id": 3},
        ),
        True,
    ),
    "a name of dynamic DNS": (lambda: asked(beats(120, 0.5), name="home7.duckdns.org"), True),
    "a fingerprint": (
        lambda: asked(beats(60, 0.4), name=None, columns={"tls.ja3_hash.value": "0123456789abcdef" * 2}),
        True,
    ),
    "a much-visited domain": (lambda: asked(beats(300, 0.4), name="play.google.com"), False),
    "a name that all ask for": (lambda: asked(beats(300, 0.4), name="time.maker-example.com"), False),
    "browsing": (lambda: office(1)[0], False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    made, notable = CASES[case]
    hits = hits_of(BeaconName, *office(), made())
    assert bool(hits.height) is notable, hits.select("server", "score", "summary").to_dicts()
    assert set(hits["src_endpoint.ip"]) <= {OURS}


def test_it_is_about_the_name() -> None:
    hit = hits_of(BeaconName, *office(), asked(beats(300, 0.4))).row(0, named=True)
    assert hit["summary"].startswith(f"10.0.0.5 asked for {MASTER} {len(beats(300, 0.4))} times, every "), hit[
        "summary"
    ]
    assert hit["summary"].endswith("in 16 hours of the day, at several addresses."), hit["summary"]
    assert hit["severity"] == Severity.HIGH
