"""What a running service counts and measures, as Prometheus reads it.

One registry of its own for each service, so that two in one process (tests, drills) do not add up. Labels hold names of ours alone
(classes, detectors, transports, sinks), never values from events: the number of series is bounded.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

from vedette.model import Severity

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds: from a millisecond to a minute."""
CHECKPOINT_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
STAGES = ("log", "read", "judge", "look", "commit", "whole")
"""Where the time between an event's arrival and its finding goes; ``whole``: from arrival until it can be asked for."""
_MEMORY = Path("/proc/self/statm")


class Meters:
    """Counters, gauges and histograms; every method is safe in any thread, and cheap."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # of the library as a whole: a second series for each, that nobody reads
        self.registry = CollectorRegistry()
        self._events = self._counter("events", "Events read, by OCSF class.", "class")
        self._rejects = self._counter("rejects", "Records that could not be read.")
        self._chunks = self._counter("chunks", "Pieces of input that were kept.", "transport")
        self._chunk_bytes = self._counter("chunk_bytes", "Bytes of input that were kept.", "transport")
        self._dropped = self._counter("dropped", "Pieces of input that were lost before they were kept.", "transport")
        self._shed = self._counter("shed", "Work left out under overload.", "what")
        self._findings = self._counter("findings", "New findings.", "detector")
        self._incidents = self._counter("incidents", "New incidents.", "severity")
        self._deliveries = self._counter("deliveries", "Messages to other systems.", "sink", "outcome")
        self._actions = self._counter("actions", "Responses.", "action", "outcome")
        self._answers = self._counter("answers", "Answers of the API, by the first digit of their status.", "status")
        self._backlog = self._gauge("backlog_bytes", "Bytes that came in and are not judged yet.")
        self._lag = self._gauge("lag_seconds", "Age of the oldest input that is not judged yet.")
        self._provisional = self._gauge("provisional_findings", "Findings of windows that are still open.")
        self._budget = self._gauge("budget_alerts_per_day", "False alerts a day that the settings allow.")
        self._watermark = self._gauge("watermark_seconds", "The clock of events, in seconds since 1970.")
        self._gauge("memory_bytes", "Resident memory of this process.").set_function(resident_bytes)
        self._latency = Histogram(
            "vedette_latency_seconds",
            "Time that a stage took.",
            ["stage"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._checkpoint = Histogram(
            "vedette_checkpoint_seconds",
            "Time that writing a checkpoint took.",
            buckets=CHECKPOINT_BUCKETS,
            registry=self.registry,
        )
        for stage in STAGES:  # series that are there from the start can be alerted on
            self._latency.labels(stage)

    # ------------------------------------------------------------------------------------------------------- counters

    def events(self, event_class: str, count: int) -> None:
        """Count events of a class, by its OCSF name in small letters."""
        self._events.labels(event_class).inc(count)

    def rejects(self, count: int) -> None:
        """Count records that could not be read."""
        self._rejects.inc(count)

    def chunk(self, transport: str, size_bytes: int) -> None:
        """Count a piece of input that is on the disk."""
        self._chunks.labels(transport).inc()
        self._chunk_bytes.labels(transport).inc(size_bytes)

    def dropped(self, transport: str, count: int = 1) -> None:
        """Count pieces of input that were lost before they were kept."""
        self._dropped.labels(transport).inc(count)

    def shed(self, what: str, count: int = 1) -> None:
        """Count work that was left out because there was too much."""
        self._shed.labels(what).inc(count)

    def finding(self, detector: str, count: int = 1) -> None:
        """Count new findings."""
        self._findings.labels(detector).inc(count)

    def incident(self, severity: Severity) -> None:
        """Count a new incident."""
        self._incidents.labels(severity.name.lower()).inc()

    def delivery(self, sink: str, outcome: str, count: int = 1) -> None:
        """Count messages to another system; the outcome is ``sent``, ``again`` or ``lost``."""
        self._deliveries.labels(sink, outcome).inc(count)

    def action(self, action: str, outcome: str) -> None:
        """Count a response; the outcome is a word of ``response.world.Status``."""
        self._actions.labels(action, outcome).inc()

    def answer(self, status: int) -> None:
        """Count an answer of the API, by its HTTP status."""
        self._answers.labels(f"{status // 100}xx").inc()

    # --------------------------------------------------------------------------------------------------------- gauges

    def backlog(self, size_bytes: int, lag_seconds: float) -> None:
        """Set how much input waits, and how long the oldest of it has waited."""
        self._backlog.set(size_bytes)
        self._lag.set(lag_seconds)

    def provisional(self, count: int) -> None:
        """Set how many findings may still change."""
        self._provisional.set(count)

    def budget(self, alerts_per_day: float) -> None:
        """Set the alert budget."""
        self._budget.set(alerts_per_day)

    def watermark(self, at: datetime) -> None:
        """Set the clock of events."""
        self._watermark.set(at.timestamp())

    # ----------------------------------------------------------------------------------------------------- histograms

    def took(self, stage: str, seconds: float) -> None:
        """Note how long a stage took, one of ``STAGES``."""
        self._latency.labels(stage).observe(seconds)

    def checkpoint(self, seconds: float) -> None:
        """Note how long writing a checkpoint took."""
        self._checkpoint.observe(seconds)

    def text(self) -> bytes:
        """Return everything in the text format of Prometheus (``MEDIA_TYPE``)."""
        return generate_latest(self.registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"vedette_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"vedette_{name}", meaning, registry=self.registry)


def resident_bytes() -> float:
    """Return the resident memory of this process; 0 where the system does not tell."""
    try:
        return float(_MEMORY.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0.0
