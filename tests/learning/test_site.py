from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vedette.errors import DataError
from vedette.learning.fit import fit, stacked
from vedette.learning.site import FEWEST, adapted, anchors
from vedette.scoring.additive import Block, facts
from vedette.scoring.artefact import Model
from vedette.scoring.calibration import Calibration

SLOTS = 64
SPAM, HAM, LOCAL, BOTH = range(10), range(10, 20), range(20, 30), range(30, 60)


def _items(n: int, *kinds: range, seed: int = 0, flag: float = 0.0) -> list[Block]:
    """Return n items of eight words: two of each kind, the others of everybody's."""
    rng = np.random.default_rng(seed)
    rows = [
        np.unique(np.concatenate([rng.choice(k, 2) for k in kinds] + [rng.choice(BOTH, 8 - 2 * len(kinds))]))
        for _ in range(n)
    ]
    starts = np.concatenate([[0], np.cumsum([len(r) for r in rows])]).astype(np.int64)
    words = Block("words", SLOTS, starts, np.concatenate(rows).astype(np.uint32))
    return [words, facts("symbols", {"odd": np.full(n, flag, np.float32), "other": np.ones(n, np.float32)})]


def _joined(*parts: list[Block]) -> list[Block]:
    return stacked(parts)


def _model() -> tuple[Model, list[Block]]:
    """Return a model that takes the site's local words for spam, and the spam it learned from."""
    bad = _joined(_items(300, SPAM, seed=1, flag=1.0), _items(100, SPAM, LOCAL, seed=2))
    blocks = _joined(bad, _items(400, HAM, seed=3))
    form = fit(blocks, np.arange(800) < 400)
    margins = np.sort(form.margin(blocks)[400:])
    table = Calibration(
        benign=margins,
        above=np.arange(400, 0, -1),
        count=400,
        knots=np.array([-1.0, 1.0]),
        confidence=np.array([0.0, 1.0]),
        alpha=0.05,
    )
    recipe = {"blocks": {"symbols": {"ridge": 1.0, "sign": 1}}}
    few = anchors(blocks, np.arange(400), np.ones(800), 200, seed=7)
    return Model("toy", "1", "e", form, table, np.zeros(0, np.bool_), recipe=recipe, anchors=few), bad


def test_local_words_lose_their_weight_and_spam_is_still_found() -> None:
    model, bad = _model()
    site, later = _items(200, LOCAL, seed=4), _items(500, LOCAL, seed=5)
    made = adapted(model, site, "here")
    new = made.model.form.margin(later)
    assert new.mean() < model.form.margin(later).mean() - 1
    wrong = made.model.calibration.calls(new).mean()
    assert wrong < 0.12
    assert made.model.calibration.calls(made.model.form.margin(bad)[:300]).mean() > 0.9
    assert made.model.calibration.origin == "here"
    assert made.model.version != model.version


def test_weights_that_may_only_raise_the_score_stay() -> None:
    model, _ = _model()
    made = adapted(model, _items(200, LOCAL, seed=4), "here")
    assert np.array_equal(made.model.form.weights["symbols"], model.form.weights["symbols"])


def test_the_same_items_give_the_same_model() -> None:
    model, _ = _model()
    one, two = (adapted(model, _items(150, LOCAL, seed=4), "here").model.version for _ in range(2))
    assert one == two


def test_too_few_items_or_no_anchors() -> None:
    model, _ = _model()
    with pytest.raises(DataError, match="too few"):
        adapted(model, _items(FEWEST - 1, LOCAL), "here")
    with pytest.raises(DataError, match="no anchors"):
        adapted(replace(model, anchors=()), _items(FEWEST, LOCAL), "here")


def test_anchors_are_drawn_by_weight_and_never_more_than_there_are() -> None:
    items = _items(50, SPAM)
    weight = np.zeros(50)
    weight[:10] = 1.0
    drawn = anchors(items, np.arange(50), weight, 5, seed=1)
    assert len(drawn[0]) == 5
    assert drawn[0].begin is None
    assert len(anchors(items, np.arange(20), np.ones(50), 99, seed=1)[0]) == 20
