"""Makes content/attack/enterprise.csv from MITRE's STIX bundle: ``python tools/attack_table.py enterprise-attack-18.1.json.zst``.

Only id, name and tactics are kept. Techniques that are revoked or deprecated are left out.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path
from typing import Any

import orjson
import zstandard

from vedette.intel.attack import TABLE, TACTICS

OUTPUT = Path(__file__).parents[1] / "content" / TABLE
NOTICE = """\
# MITRE ATT&CK (enterprise) {version}: technique id, name, tactics. Made by tools/attack_table.py.
# (c) 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.
# Terms of use: https://attack.mitre.org/resources/legal-and-branding/terms-of-use/
"""


def rows(bundle: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return (id, name, tactics) of the techniques in force, by id."""
    patterns = [o for o in bundle["objects"] if o["type"] == "attack-pattern"]
    live = [p for p in patterns if not p.get("revoked") and not p.get("x_mitre_deprecated")]
    return sorted(_row(p) for p in live)


def _row(pattern: dict[str, Any]) -> tuple[str, str, str]:
    uid = next(r["external_id"] for r in pattern["external_references"] if r["source_name"] == "mitre-attack")
    phases = {p["phase_name"] for p in pattern["kill_chain_phases"] if p["kill_chain_name"] == "mitre-attack"}
    if unknown := phases - TACTICS.keys():
        sys.exit(f"{uid}: tactics not in TACTICS: {sorted(unknown)}")
    return uid, pattern["name"], ";".join(t for t in TACTICS if t in phases)


def main(bundle: Path) -> None:
    """Write the table and say how long it is."""
    data = bundle.read_bytes()
    if bundle.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(data).read()
    table = rows(orjson.loads(data))
    version = "v" + "".join(re.findall(r"\d+\.\d+", bundle.name)[:1])
    with OUTPUT.open("w", encoding="utf-8", newline="") as out:
        out.write(NOTICE.format(version=version))
        csv.writer(out, lineterminator="\n").writerows([("id", "name", "tactics"), *table])
    print(f"{len(table)} techniques -> {OUTPUT}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
