"""A site's own model of fraud: fitted to its labelled payments, calibrated on payments later than what was fitted.

The time is cut into parts, and a model of all parts before one says what it thinks of it: no label of that part or after was shown to it.
Those margins make p-values and confidence; the model itself is of all parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette import __version__
from vedette.detectors.fraud import Fraud
from vedette.errors import DataError
from vedette.features.payment_evidence import blocks
from vedette.features.payment_history import MEASURES
from vedette.learning.fit import Constraint, Design
from vedette.learning.fraud.prequential import LABEL
from vedette.learning.measures import auc, average_precision, figures
from vedette.scoring.additive import Additive
from vedette.scoring.artefact import Model, version_of
from vedette.scoring.calibration import Calibration, benign_table, isotonic

Floats = npt.NDArray[np.float64]
Told = Callable[[str], None]
RIDGE = 3.0
"""Chosen on validation weeks: ``docs/reference/fraud.md``."""
GENUINE = 250_000
"""Genuine payments that are fitted at the most; each then counts for several."""
PARTS = 5
"""Of the time; the first is only ever trained on."""
WARM_DAYS = 30.0
"""Days of history from which on payments are learned from, where there are twice as many."""
FALSE_POSITIVES = 0.005
FEW = 50
"""Frauds below which there is no model."""
_HELD = {"alone": Constraint(RIDGE), "together": Constraint(RIDGE)}


def fitted(rows: pl.DataFrame, seed: int = 0, held: Mapping[str, Constraint] = _HELD) -> Additive:
    """Return the sum of labelled rows of ``Payment``; of many genuine ones a sample stands for all."""
    labels = (rows[LABEL] == 1).to_numpy()
    genuine = np.flatnonzero(~labels)
    weight = np.ones(len(labels))
    if len(genuine) > GENUINE:
        kept = np.sort(np.random.default_rng(seed).choice(genuine, GENUINE, replace=False))
        at = np.sort(np.concatenate([kept, np.flatnonzero(labels)]))
        weight[kept] = len(genuine) / GENUINE
        rows, labels, weight = rows[at], labels[at], weight[at]
    return Design.of(blocks(rows.select(MEASURES))).solve(labels, weight, held)


def margins(form: Additive, rows: pl.DataFrame) -> Floats:
    """Return (n,) the model's margins, some rows at a time."""
    parts = [form.margin(blocks(part)) for part in rows.select(MEASURES).iter_slices(1 << 16)]
    return np.concatenate(parts) if parts else np.zeros(0)


def trained(rows: pl.DataFrame, data: Mapping[str, str], told: Told = lambda _: None) -> Model:
    """Return the model of a site's payments.

    Args:
        rows: rows of ``Payment``, in order of time; those without a label are passed over.
        data: name of the input -> fingerprint.
        told: what is said on the way.

    Raises:
        DataError: too few frauds, or no genuine payments, in some part of the time.
    """
    known = rows.filter(pl.col(LABEL).is_not_null())
    if known.height and float(known["own.age"].max() or 0) >= 2 * WARM_DAYS - 1:  # type: ignore[arg-type]
        begun = known["time"][0]
        known = known.filter(pl.col("time") >= begun + pl.duration(days=WARM_DAYS))
    labels = (known[LABEL] == 1).to_numpy()
    if int(labels.sum()) < FEW or labels.all():
        raise DataError(
            f"{int(labels.sum()):,} frauds among {len(labels):,} payments with a label: too few to learn from",
            hint=f"at least {FEW} frauds, and genuine payments; label_time must lie in the past of the payments that follow",
        )
    part = np.minimum(np.arange(len(labels)) * PARTS // len(labels), PARTS - 1)
    found = np.full(len(labels), np.nan)
    for k in range(1, PARTS):
        told(f"part {k} of {PARTS - 1}: trained on what came before")
        before = part < k
        if not labels[before].any():
            continue
        found[part == k] = margins(fitted(known.filter(pl.Series(before))), known.filter(pl.Series(part == k)))
    asked = ~np.isnan(found)
    if not labels[asked].any() or labels[asked].all():
        raise DataError("no part of the time has frauds and genuine payments after a part with frauds")
    told("the whole time")
    form = fitted(known)
    table = _table(found[asked], labels[asked])
    return Model(
        name=Fraud.model_of(),
        version=version_of(form),
        encoder=Fraud.encoder_version(),
        form=form,
        calibration=table,
        known=np.zeros(0, np.bool_),
        recipe={"detector": Fraud.name, "ridge": RIDGE, "parts": PARTS},
        data=dict(data),
        card=_card(known, (found, labels, asked), table, form),
    )


def _table(found: Floats, labels: npt.NDArray[np.bool_]) -> Calibration:
    benign, above = benign_table(found[~labels])
    knots, confidence = isotonic(found, labels)
    return Calibration(
        benign=benign,
        above=above,
        count=int((~labels).sum()),
        knots=knots,
        confidence=confidence,
        alpha=FALSE_POSITIVES,
        known_share=0.0,
        origin="site",
    )


def _card(
    known: pl.DataFrame,
    judged: tuple[Floats, npt.NDArray[np.bool_], npt.NDArray[np.bool_]],
    table: Calibration,
    form: Additive,
) -> dict[str, object]:
    """Return the model card."""
    found, labels, asked = judged
    verdict = np.where(table.calls(found[asked]), "malicious", "benign")
    said = pl.DataFrame({"margin": found[asked], "confidence": table.confidences(found[asked]), "verdict": verdict})
    amounts = known["amount"].abs().to_numpy()[asked]
    return {
        "detector": Fraud.name,
        "about": "a site's own payments; nothing of it ships",
        "malicious": ["fraud"],
        "data": [],
        "items": [
            {"@corpus": "site", "@label": name, "items": int(n)}
            for name, n in (("fraud", labels.sum()), ("genuine", (~labels).sum()))
        ],
        "copies": 0,
        "left_out_by": "time",
        "left_out": figures(said, labels[asked]),
        "by_amount_alone": {
            "auc": auc(amounts, labels[asked]),
            "average_precision": average_precision(amounts, labels[asked]),
        },
        "from": str(known["time"][0]),
        "until": str(known["time"][-1]),
        "false_positive_rate": FALSE_POSITIVES,
        "answers": {},
        "known_share": 0.0,
        "selection": {},
        "evasions": [],
        "made_with": {"vedette": __version__, **{p: version(p) for p in ("numpy", "scipy", "polars")}},
        "weights": {name: int(np.count_nonzero(t)) for name, t in form.weights.items()},
    }
