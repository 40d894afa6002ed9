"""Mail -> score with reasons, against rspamd (Debian's package, network off), on the same messages of two public corpora.

Counted are CPU seconds at work, not the start: ours of this process, rspamd's of its main process and its worker (the client that brings it
the mail counts for neither). ``python -m bench.mail`` tells how well both separate spam from ham on these messages; our models are then
trained without the corpus that is asked about.
"""

from __future__ import annotations

import csv
import email
import io
import mailbox
import random
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import zstandard

from bench import _rspamd
from vedette.abc import Learned
from vedette.app.collector import rare_collections
from vedette.detectors.phishing import Phishing
from vedette.detectors.spam import Spam
from vedette.errors import ModelError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.features.mail import Mail
from vedette.learning.data import data_root
from vedette.learning.fit import Constraint, Design
from vedette.learning.gather import Shelf, gather
from vedette.learning.recipe import load
from vedette.learning.registry import load as load_model
from vedette.sources.mail import Mail as MailSource
from vedette.sources.mail import parsed

NAME = "mail -> spam and phishing score with reasons, against rspamd without network"
GOAL = ">= 3x, and a better AUC (python -m bench.mail)"
SETS = ("spamassassin", "trec07p")
EACH = 1000
"""Messages of each set: half of them spam."""
SPENT: dict[str, float] = {}
"""Side -> CPU seconds at work; the start is left out."""
_WARM = 100


def sample(name: str) -> tuple[list[bytes], list[bool]]:
    """Return messages of a corpus, distinct ones, and whether each is spam."""
    folder = data_root() / "content" / f"email_{name}"
    with (folder / "index.csv.zst").open("rb") as raw:
        lines = csv.DictReader(io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(raw), "utf-8"))
        first = {(r["body_hash"], r["label"]): r["path"] for r in reversed(list(lines))}
    rng, chosen = random.Random(7), dict[str, bool]()
    for label in ("ham", "spam"):
        paths = sorted(p for (_, of), p in first.items() if of == label)
        chosen |= dict.fromkeys(rng.sample(paths, EACH // 2), label == "spam")
    found = [(raw, chosen[path]) for path, raw in _members(folder) if path in chosen]
    return [raw for raw, _ in found], [bad for _, bad in found]


def _members(folder: Path) -> Iterator[tuple[str, bytes]]:
    with (folder / "messages.tar.zst").open("rb") as raw:
        stream = zstandard.ZstdDecompressor().stream_reader(raw)
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                if member.isfile() and (held := archive.extractfile(member)):
                    data = held.read()
                    yield member.name, data.split(b"\n", 1)[1] if data.startswith(b"From ") else data


def make_input(path: Path) -> None:
    """Write the samples as one mailbox."""
    box = mailbox.mbox(path)
    for name in SETS:
        for raw in sample(name)[0]:
            box.add(email.message_from_bytes(raw).as_bytes() if b"\nFrom " in raw else raw)
    box.close()


def ours(path: Path) -> int:
    """Return the messages that both detectors scored and gave reasons for."""
    detectors = _equipped()
    with rare_collections():
        data = path.read_bytes()
        _judged(detectors, io.BytesIO(data[: data.find(b"\n\nFrom ", 200_000) + 2]))
        before = time.process_time()
        count = _judged(detectors, io.BytesIO(data))
        SPENT["ours"] = time.process_time() - before
    return count


def _equipped() -> list[Learned]:
    """Return the detectors of mail whose model ships."""
    found: list[Learned] = []
    for one in (Spam, Phishing):
        with suppress(ModelError):
            found.append(one(load_model(one.model_of())))
    return found


def _judged(detectors: Sequence[Learned], stream: io.BytesIO) -> int:
    features, count = Mail(), 0
    for batch in MailSource().read(stream):
        if batch.kind is not EventClass.EMAIL_ACTIVITY:
            continue
        rows = features.compute(features.take(batch.named("mail"))).collect()
        for one in detectors:
            one.judge(rows)
            one.reasons(rows)
        count += len(batch)
    return count


def peer(path: Path) -> int:
    """Return the messages that rspamd gave an action, a score and symbols for."""
    mails = [bytes(m) for m in mailbox.mbox(path)]
    with tempfile.TemporaryDirectory() as folder, _rspamd.running(Path(folder)) as (main, port):
        _rspamd.checked(port, mails[:_WARM])
        before = _rspamd.cpu_seconds(main)
        told = _rspamd.checked(port, mails)
        SPENT["peer"] = _rspamd.cpu_seconds(main) - before
    return sum("symbols" in t for t in told)


def quality() -> None:
    """Print the AUC of both, a corpus at a time."""
    with tempfile.TemporaryDirectory() as folder, _rspamd.running(Path(folder)) as (_, port):
        for name in SETS:
            mails, bad = sample(name)
            truth = np.array(bad)
            theirs = np.array([t["score"] for t in _rspamd.checked(port, mails)])
            mine = _margins(name, mails)
            print(f"{name}: {len(mails)} messages, AUC ours {auc(mine, truth):.4f}, rspamd {auc(theirs, truth):.4f}")


def _margins(left_out: str, mails: list[bytes]) -> npt.NDArray[np.float64]:
    """Return what a spam model that has never seen the corpus says of the messages."""
    recipe = load("spam")
    others = tuple(s for s in recipe.data if s.set != left_out)
    lot = gather(recipe, others, Shelf(Spam, recipe.malicious, data_root()))
    held = {block: Constraint(h.ridge, h.sign) for block, h in recipe.blocks.items()}
    form = Design.of(lot.items.blocks).solve(lot.items.malicious, lot.weights(recipe.weights), held)
    features = Mail()
    batch = EventBatch(EventClass.EMAIL_ACTIVITY, parsed(mails)).named("mail")
    rows = features.compute(features.take(batch)).collect()
    margins = np.full(len(mails), form.bias)  # a message without any text has no row
    margins[rows["metadata.sequence"].to_numpy()] = form.margin(Spam.encode(rows))
    return margins


def auc(scores: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_]) -> float:
    """Return how often a spam scores above a ham; ties count half."""
    ranks = pl.Series(scores).rank("average").to_numpy()
    n, k = len(truth), int(truth.sum())
    return float((ranks[truth].sum() - k * (k + 1) / 2) / (k * (n - k)))


if __name__ == "__main__":
    quality()
