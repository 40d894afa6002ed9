from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from vedette.errors import ContentError
from vedette.intel.content import content
from vedette.model import EntityKind, Incident
from vedette.response.playbook import FOLDER, MOST_BYTES, Match, load, playbooks
from vedette.testing.incidents import some_incident

GOOD = """\
name: b
goal: g
match:
  entities: [address]
  severity: high
steps:
  - action: block_address
    whom: actors
    when:
      place: outside
    tier: approve
  - action: block_address
    whom: targets
"""


def test_every_playbook_that_comes_with_it_is_valid_and_named_as_its_file() -> None:
    files = sorted(path.stem for path in content(FOLDER).glob("*"))
    assert sorted(book.name for book in playbooks()) == files
    assert {"block-attacker", "denial-of-service"} <= set(files)


INCIDENT = some_incident()
MATCHES = [
    (Match(), INCIDENT, True),
    (Match(severity="high"), INCIDENT, True),
    (Match(severity="critical"), INCIDENT, False),
    (Match(risk=0.8), INCIDENT, True),
    (Match(risk=0.81), INCIDENT, False),
    (Match(confidence=0.9), INCIDENT, True),
    (Match(confidence=0.91), INCIDENT, False),
    (Match(techniques=("T1110",)), INCIDENT, True),
    (Match(techniques=("T1110",), also=("T1078",)), INCIDENT, False),
    (Match(techniques=("T1110",), also=("T1078",)), replace(INCIDENT, techniques=("T1110", "T1078")), True),
    (Match(techniques=("T1566",)), INCIDENT, False),
    (Match(entities=(EntityKind.ADDRESS, EntityKind.USER)), INCIDENT, True),
    (Match(entities=(EntityKind.USER,)), INCIDENT, False),
    (Match(detectors=("sees_T1110.001",)), INCIDENT, True),
    (Match(detectors=("other",)), INCIDENT, False),
    (
        Match(detectors=("sees_T1110.001",)),
        replace(INCIDENT, findings=(replace(INCIDENT.findings[0], alert=False),)),
        False,
    ),
]


@pytest.mark.parametrize(("match", "incident", "is_for_it"), MATCHES)
def test_which_incidents_a_playbook_is_for(match: Match, incident: Incident, is_for_it: bool) -> None:
    assert match(incident) is is_for_it


def _changed(before: str, after: str) -> str:
    assert before in GOOD
    return GOOD.replace(before, after)


EVIDENCE = "    whom: evidence\n    kinds: [address]\n    column: src_endpoint.ip\n"
BAD = {
    "an unknown key": (_changed("severity: high", "severty: high"), 5, "severty"),
    "an unknown condition": (_changed("place: outside", "plaice: outside"), 10, "plaice"),
    "a bad word": (_changed("whom: targets", "whom: everybody"), 13, "everybody"),
    "a bad tier": (_changed("tier: approve", "tier: always"), 11, "always"),
    "a missing key": (_changed("goal: g\n", ""), 1, "goal"),
    "no steps": (GOOD[: GOOD.index("steps")] + "steps: []\n", 6, "length >= 1"),
    "no such technique": (_changed("severity: high", "techniques: [T0]"), 5, "T0"),
    "no such technique beside it": (_changed("severity: high", "also: [T0]"), 5, "T0"),
    "no such technique in a condition": (_changed("place: outside", "techniques: [T0]"), 10, "T0"),
    "no such detector": (_changed("place: outside", "detectors: [crystal_ball]"), 10, "crystal_ball"),
    "no such action": (
        _changed("  - action: block_address\n    whom: targets", "  - action: explode\n    whom: targets"),
        12,
        "explode",
    ),
    "a kind that the action does not take": (
        _changed("    whom: targets", "    whom: targets\n    kinds: [user]"),
        14,
        "user",
    ),
    "no column": (_changed("    whom: targets", "    whom: evidence"), 13, "column"),
    "a column too many": (
        _changed("    whom: targets", "    whom: targets\n    column: src_endpoint.ip"),
        13,
        "column",
    ),
    "no such column": (_changed("    whom: targets\n", EVIDENCE.replace("src_", "sauce_")), 15, "sauce_endpoint"),
    "no kind of what a column names": (
        _changed("    whom: targets\n", EVIDENCE.replace("    kinds: [address]\n", "")),
        12,
        "kind",
    ),
    "out of range": (_changed("severity: high", "confidence: 7"), 5, "<= 1"),
    "not YAML": (_changed("[address]", "[address"), 5, "expected"),
    "no mapping": ("3", 1, "object"),
    "nothing": ("", 1, "object"),
    "a tag": ("!!python/object/apply:os.getcwd []", 1, "constructor"),
    "too long": ("#" * (MOST_BYTES + 1), 1, "longer than"),
    "too deep": ("[" * 20_000, 1, ""),
}


@pytest.mark.parametrize(("text", "line", "words"), BAD.values(), ids=BAD.keys())
def test_a_bad_playbook_is_an_error_with_file_and_line(text: str, line: int, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load(path)
    assert caught.value.where == f"{path}:{line}"
    assert words in caught.value.message


def test_bombs_are_errors_too(tmp_path: Path) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 10))
    for text in (f"l0: &l0 [x, y]\n{levels}\nsteps: *l9\n", "[" * 100_000, "- " * 50_000):
        (tmp_path / "bomb.yaml").write_text(text)
        with pytest.raises(ContentError, match="not a valid playbook"):
            load(tmp_path / "bomb.yaml")


def test_a_good_one_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    book = load(tmp_path / "good.yaml")
    assert [(s.whom, s.when.place, s.tier) for s in book.steps] == [
        ("actors", "outside", "approve"),
        ("targets", None, ""),
    ]


def test_bytes_that_are_no_text_and_a_missing_file_are_errors_too(tmp_path: Path) -> None:
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    for name in ("bytes.yaml", "absent.yaml"):
        with pytest.raises(ContentError, match="not a valid playbook"):
            load(tmp_path / name)


def test_playbooks_of_the_site_come_after_and_instead(tmp_path: Path) -> None:
    (tmp_path / "z.yaml").write_text(GOOD.replace("name: b", "name: ours"))
    (tmp_path / "a.yaml").write_text(GOOD.replace("name: b", "name: block-attacker"))
    found = {book.name: book for book in playbooks([tmp_path], without=["denial-of-service"])}
    assert "ours" in found
    assert "denial-of-service" not in found
    assert found["block-attacker"].goal == "g"


def test_a_folder_or_a_name_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no such folder"):
        playbooks([tmp_path / "absent"])
    with pytest.raises(ContentError, match=r"(?s)no such playbook: 'nothing'.*there are"):
        playbooks(without=["nothing"])
