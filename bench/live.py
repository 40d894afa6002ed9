"""The live service under load, over HTTP as a log shipper sends: ``python -m bench.live``.

A company's Zeek logs (connections, look-ups, requests, handshakes; ``bench.soak`` makes them, from eight in the morning on) are sent as
JSON lines, a body for each minute, at a rate: first as fast as they are taken, which gives the capacity; then half, once and twice that.
Or, with ``--times``, so many times as fast as in life: 24 for an hour replays a day.
What is told: events judged a second, how long an event took from its arrival until what it led to could be asked for, memory, what was shed
and dropped; and at the end whether everything that was acknowledged was judged.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpcore
import polars as pl

from bench.soak.month import Month
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass

SETTINGS = """
[api]
port = 0
per_minute = 100000
[serve]
checkpoint_seconds = 60
backlog_mb = {backlog}
[[inputs]]
transport = "http"
listen = "127.0.0.1:0"
"""
ZEEK = {
    "id.orig_h": "src_endpoint.ip",
    "id.orig_p": "src_endpoint.port",
    "id.resp_h": "dst_endpoint.ip",
    "id.resp_p": "dst_endpoint.port",
    "proto": "connection_info.protocol_name",
    "service": "app_protocol_name",
    "conn_state": "status_code",
    "history": "connection_info.flag_history",
    "orig_ip_bytes": "traffic.bytes_out",
    "resp_ip_bytes": "traffic.bytes_in",
    "orig_pkts": "traffic.packets_out",
    "resp_pkts": "traffic.packets_in",
    "orig_bytes": "vedette.payload_bytes_out",
    "resp_bytes": "vedette.payload_bytes_in",
    "query": "query.hostname",
    "qtype_name": "query.type",
    "rcode_name": "rcode",
    "answers": "answers.rdata",
    "TTLs": "answers.ttl",
    "method": "http_request.http_method",
    "host": "http_request.url.hostname",
    "uri": "http_request.url.path",
    "user_agent": "http_request.user_agent",
    "status_code": "http_response.code",
    "server_name": "tls.sni",
    "ja3": "tls.ja3_hash.value",
}
"""Zeek's field -> our column."""
PATHS = {
    EventClass.NETWORK_ACTIVITY: "conn",
    EventClass.DNS_ACTIVITY: "dns",
    EventClass.HTTP_ACTIVITY: "http",
    EventClass.TLS_HANDSHAKE: "ssl",
}
BEGIN_HOUR = 8
HEADERS: dict[bytes | str, bytes | str] = {"Content-Type": "text/plain"}
DRAIN_SECONDS = 900.0
TOLD_TO_WAIT = (429, 503)


def bodies(hosts: int, seed: int, days: int) -> Iterator[tuple[int, bytes]]:
    """Yield, minute by minute, how many events there are and their lines."""
    month = Month(days, hosts, seed)
    for day in range(days):
        for number, hour in enumerate(month.day(day)):
            if day == 0 and number < BEGIN_HOUR:
                continue
            minutes: dict[object, list[tuple[int, bytes]]] = {}
            for batch in hour.batches:
                for minute, rows in _lines(batch):
                    minutes.setdefault(minute, []).append(rows)
            for minute in sorted(minutes, key=str):
                yield sum(n for n, _ in minutes[minute]), b"".join(data for _, data in minutes[minute])


def _lines(batch: EventBatch) -> Iterator[tuple[object, tuple[int, bytes]]]:
    have = batch.frame.columns
    own = pl.col("start_time") if "start_time" in have else pl.col("time")
    frame = batch.frame.select(
        pl.lit(PATHS[batch.kind]).alias("_path"),
        (own.dt.epoch("us") / 1e6).alias("ts"),
        *(pl.col(column).alias(name) for name, column in ZEEK.items() if column in have),
        *([(pl.col("duration") / 1e3).alias("duration")] if "duration" in have else []),
        pl.col("time").dt.truncate("1m").alias("minute"),
    )
    for (minute,), part in frame.partition_by("minute", as_dict=True, include_key=False).items():
        yield minute, (part.height, part.write_ndjson().encode())


@dataclass(slots=True)
class Meter:
    """What the service says of itself, asked once a second.

    Attributes:
        memory_mb: by second; ``behind``: seconds.
    """

    url: str
    memory_mb: list[float] = field(default_factory=list)
    behind: list[float] = field(default_factory=list)
    stop: bool = False

    def read(self) -> dict[str, float]:
        """Return all series."""
        text = httpcore.request("GET", f"{self.url}/metrics").content.decode()
        return {m[1]: float(m[2]) for m in re.finditer(r"^(vedette_\S+) (\S+)$", text, re.MULTILINE)}

    def run(self) -> None:
        """Ask until stopped."""
        while not self.stop:
            now = self.read()
            self.memory_mb.append(now["vedette_memory_bytes"] / 1e6)
            self.behind.append(now["vedette_lag_seconds"])
            time.sleep(1)


def events(series: dict[str, float]) -> float:
    """Return how many events were judged."""
    return sum(v for k, v in series.items() if k.startswith("vedette_events_total"))


def quantiles(before: dict[str, float], after: dict[str, float], stage: str) -> str:
    """Return between which bounds the median and the 99 % of a latency lie."""
    found = []
    for key, value in after.items():
        if (m := re.match(r'vedette_latency_seconds_bucket\{le="([^"]+)",stage="' + stage + '"', key)) is not None:
            found.append((float(m[1].replace("+Inf", "inf")), value - before.get(key, 0)))
    found.sort()
    count = found[-1][1] if found else 0
    if not count:
        return "-"
    half, most = (next(bound for bound, n in found if n >= share * count) for share in (0.5, 0.99))
    return f"<= {half:g} s / <= {most:g} s ({count:,.0f} looks)"


@dataclass(slots=True)
class Sent:
    """What was sent and acknowledged."""

    events: int = 0
    waits: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast is sent.

    Attributes:
        rate: events a second.
        times: instead: the data's own time, so many times as fast; a body holds a minute.
    """

    rate: float = float("inf")
    times: float = 0.0

    def seconds(self, count: int) -> float:
        """Return how long a body of so many events may take."""
        return 60 / self.times if self.times else count / self.rate


def send(url: str, source: Iterator[tuple[int, bytes]], seconds: float, pace: Pace) -> Sent:
    """Send for so long at a pace; who is told to wait waits, and sends again."""
    sent, spent = Sent(), 0.0
    with httpcore.ConnectionPool() as pool:
        while spent < seconds:
            count, data = next(source)  # to make it is not counted: it is not the service's time
            began = time.monotonic()
            while (answer := pool.request("POST", f"{url}/v1/ingest", headers=HEADERS, content=data)).status != 200:
                if answer.status not in TOLD_TO_WAIT:
                    raise RuntimeError(f"HTTP {answer.status}: {answer.content[:200]!r}")
                sent.waits += 1
                time.sleep(0.2)
            sent.events += count
            time.sleep(max(0.0, pace.seconds(count) - (time.monotonic() - began)))
            spent += time.monotonic() - began
    sent.seconds = spent
    return sent


def drained(meter: Meter, wanted: float) -> bool:
    """Wait until so many events were judged; say whether they were."""
    until = time.monotonic() + DRAIN_SECONDS
    while events(meter.read()) < wanted:
        if time.monotonic() > until:
            return False
        time.sleep(0.5)
    return True


class Service:
    """``vedette serve`` in a folder of its own, with ports of its own.

    Args:
        backlog_mb: what may wait on disk.
    """

    def __init__(self, backlog_mb: int) -> None:
        folder = Path(tempfile.mkdtemp(prefix="vedette-live-"))
        (folder / "vedette.toml").write_text(SETTINGS.format(backlog=backlog_mb))
        environment = {**os.environ, "VEDETTE_HOME": str(folder / "home"), "XDG_STATE_HOME": str(folder / "state")}
        command = [sys.executable, "-m", "vedette", "serve"]
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        self._process = subprocess.Popen(command, cwd=folder, env=environment, text=True, **pipes)  # type: ignore[call-overload]  # noqa: S603
        self.api = self.to = ""
        while not (self.api and self.to):
            said = json.loads(self._process.stderr.readline())
            self.api = said.get("api", self.api)
            if (found := re.search(r"http.*listens on (http\S+)", said["message"])) is not None:
                self.to = found[1]
        threading.Thread(target=self._process.stderr.read, daemon=True).start()

    def end(self) -> None:
        """Let it end."""
        self._process.terminate()
        self._process.wait(120)


def at_rate(
    service: Service, name: str, source: Iterator[tuple[int, bytes]], seconds: float, pace: Pace
) -> tuple[bool, float]:
    """Send at a pace and tell what happened; return whether all was judged, and how many events a second were."""
    meter = Meter(service.api)
    before = meter.read()
    thread = threading.Thread(target=meter.run, daemon=True)
    thread.start()
    began = time.monotonic()
    sent = send(service.to, source, seconds, pace)
    judged = (events(meter.read()) - events(before)) / (time.monotonic() - began)
    ended = time.monotonic()
    whole = drained(meter, events(before) + sent.events)
    took = time.monotonic() - ended
    meter.stop = True
    thread.join()
    after = meter.read()
    grown = {k: v - before.get(k, 0) for k, v in after.items()}
    shed = sorted(((v, k[19:]) for k, v in grown.items() if k.startswith("vedette_shed_total") and v > 0), reverse=True)
    lost = sum(v for k, v in grown.items() if k.startswith("vedette_dropped_total"))
    print(f"## {name}: {sent.events / sent.seconds:,.0f} events/s acknowledged, {judged:,.0f} judged while sending")
    print(
        f"  told to wait {sent.waits} times; all acknowledged judged: {whole}, {took:.0f} s after the last; dropped {lost:.0f}"
    )
    for stage, word in (("whole", "arrival to answer"), ("look", "one look"), ("log", "log write")):
        print(f"  {word}, median / 99 %: {quantiles(before, after, stage)}")
    memory = meter.memory_mb
    print(
        f"  memory MB: first {memory[0]:,.0f}, last {memory[-1]:,.0f}, most {max(memory):,.0f}; behind at most {max(meter.behind):.1f} s"
    )
    each = max(1, len(memory) // 12)
    print(f"  memory MB, twelve times on the way: {[round(m) for m in memory[each - 1 :: each]]}")
    print(f"  shed: {shed[:6] or 'nothing'}", flush=True)
    return whole, sent.events / (sent.seconds + took)


def main(args: argparse.Namespace) -> int:
    """Run the service, measure, tell."""
    service, source = Service(args.backlog), bodies(args.hosts, args.seed, args.days)
    print(f"{args.hosts:,} hosts; {args.seconds:.0f} s each", flush=True)
    if args.rate or args.times:
        name = f"{args.times:g} times as fast as in life" if args.times else "at this rate"
        pace = Pace(args.rate, args.times)
        whole = [at_rate(service, name, source, args.seconds, pace)[0]]
    else:
        done, capacity = at_rate(service, "as fast as taken", source, args.seconds, Pace())
        print(f"capacity: {capacity:,.0f} events/s", flush=True)
        whole = [done]
        for share in (0.5, 1.0, 2.0):
            whole.append(at_rate(service, f"{share:g} x capacity", source, args.seconds, Pace(share * capacity))[0])
    service.end()
    return 0 if all(whole) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=2000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument(
        "--rate", type=float, default=0, help="events a second; 0: find the capacity, then half, once and twice that"
    )
    parser.add_argument("--times", type=float, default=0, help="so many times as fast as in life, instead of at a rate")
    parser.add_argument("--backlog", type=int, default=2048)
    parser.add_argument("--seed", type=int, default=1)
    raise SystemExit(main(parser.parse_args()))
