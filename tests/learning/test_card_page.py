from __future__ import annotations

from typing import Any

from vedette.learning.card_page import page

SPREAD = {"auc": {"median": 0.98, "worst": 0.9}}
CARD: dict[str, Any] = {
    "detector": "toy",
    "data": [{"set": "made", "title": "Made | up", "licence": "CC0", "origin": "here"}],
    "items": [{"@corpus": "north", "@label": "good", "items": 1234}],
    "copies": 7,
    "evasions": ["split"],
    "left_out_by": "@group",
    "left_out": {"auc": 0.99, "recall_at_1%": float("nan"), "recall": None},
    "false_positive_rate": 0.01,
    "answers": {"corpus:pieces": "made so"},
    "weights": {"pieces": 4321},
    "seconds": 12.0,
    "protocols": {
        "corpora": {
            "seeds": 3,
            "cases": {"north": SPREAD, "south": SPREAD},
            "worst": SPREAD,
            "by": {"north": {f"part {k}": SPREAD for k in range(20)}, "south": {"only": SPREAD}},
            "evasions": {
                "split": {"recall_before": 0.9, "recall_after": 0.5, "worst": 0.4, "score_drop": 0.1, "insufficient": 0}
            },
            "answers": {"groups": "one group"},
        }
    },
}


def test_a_page_tells_everything_a_card_holds() -> None:
    got = page("toy", "abc123", CARD)
    for told in (
        "Version `abc123`",
        "| `made`: Made / up | CC0 | here |",
        "| north | good | 1,234 |",
        "7 malicious items trained as evaders would write them (`split`)",
        "at most 1.00% of benign items",
        "| AUC | 0.9900 |",
        "| recall at 1 % FPR |  |",
        "`vedette evaluate toy --protocol corpora`, 3 seeds",
        "| worst of all | 0.980 (0.900) |",
        "12 of 20 parts",
        "| split | 0.900 | 0.500 | 0.400 | 0.100 | 0.000 |",
        "- `corpus:pieces`: made so",
        "- `corpora:groups`: one group",
        "`pieces` 4,321",
    ):
        assert told in got, told


def test_a_card_of_training_alone_is_enough() -> None:
    short = {k: v for k, v in CARD.items() if k not in ("protocols", "evasions")} | {"copies": 0, "answers": {}}
    got = page("toy", "abc123", short)
    assert "Protocol" not in got
    assert "Leaks" not in got
