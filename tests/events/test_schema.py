"""The tables against the published schema, where it is beside this checkout."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard

from vedette.events.schema import SCHEMAS, TIME, WINDOWS, EventClass

ARCHIVE = Path(__file__).parents[3] / "shared" / "ocsf" / "ocsf-schema-1.8.0.tar.zst"
CATEGORY = {1: "system", 2: "findings", 3: "iam", 4: "network", 5: "discovery", 6: "application", 7: "remediation"}
POLARS: dict[str, Any] = {
    "string_t": pl.String,
    "integer_t": pl.Int32,
    "long_t": pl.Int64,
    "boolean_t": pl.Boolean,
    "float_t": pl.Float64,
    "timestamp_t": TIME,
    "json_t": pl.String,
}
Files = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def ocsf() -> Files:
    if not ARCHIVE.is_file():
        pytest.skip("the OCSF schema is not beside this checkout")
    with zstandard.open(ARCHIVE, "rb") as packed:
        data = io.BytesIO(packed.read())
    files: Files = {}
    with tarfile.open(fileobj=data) as archive:
        for member in archive:
            name = member.name.removeprefix("./")
            if name.endswith(".json") and (file := archive.extractfile(member)):
                files[name] = json.load(file)
    return files


def _attributes(files: Files, body: dict[str, Any], root: str) -> set[str]:
    """Return the names of all attributes of a class or object, with what it extends, includes and takes from profiles."""
    given = body.get("attributes", {})
    included = given.get("$include", [])
    profiles = [
        *([included] if isinstance(included, str) else included),
        *(f"profiles/{p}.json" for p in body.get("profiles", [])),
    ]
    own = {k for part in (given, *(files.get(p, {}).get("attributes", {}) for p in profiles)) for k in part}
    for name, other in files.items():
        if other.get("name") == body.get("extends") and name.startswith(root) and other is not body:
            return own | _attributes(files, other, root)
    return own


def _class(files: Files, kind: EventClass) -> dict[str, Any]:
    if kind.class_uid // 1000 == WINDOWS:
        found = (b for n, b in files.items() if n.startswith("extensions/windows/events/"))
        return next(b for b in found if b.get("uid") == kind.class_uid % 1000)
    folder = CATEGORY.get(kind.class_uid // 1000)
    if folder is None:
        return files["events/base_event.json"]
    uid = kind.class_uid % 1000
    return next(b for n, b in files.items() if n.startswith(f"events/{folder}/") and b.get("uid") == uid)


def _nested(kind: EventClass, path: str) -> str:
    """Return where the ocsf_json sink puts a path: a finding's endpoints are evidence."""
    flat = path.startswith(("src_endpoint.", "dst_endpoint.", "connection_info."))
    return f"evidences.{path}" if kind in (EventClass.DETECTION_FINDING, EventClass.OWN_FINDING) and flat else path


def _check(files: Files, kind: EventClass, path: str, dtype: object) -> str:
    """Return what is wrong with a path, or nothing."""
    dictionary = files["dictionary.json"]
    extension = files["extensions/windows/dictionary.json"]["attributes"]
    attributes = {
        **extension,
        **dictionary["attributes"],
        "reg_key": {"type": "reg_key"},
        "reg_value": {"type": "reg_value"},
    }
    names, many, spec = _attributes(files, _class(files, kind), "events/"), False, {}
    for part in path.split("."):
        if part not in names or part not in attributes:
            return f"{kind.name}: {path}: no {part!r}"
        spec = attributes[part]
        many = many or (bool(spec.get("is_array")) and part != "evidences")
        if not spec["type"].endswith("_t"):  # the name of an object
            name = spec["type"].replace("reg_", "registry_")
            body = files.get(f"objects/{name}.json") or files[f"extensions/windows/objects/{name}.json"]
            names = _attributes(files, body, "objects/")
    types = dictionary["types"]["attributes"]
    basic = spec["type"] if spec["type"] in POLARS else types.get(spec["type"], {}).get("type", "string_t")
    inner = POLARS[basic]
    want = pl.List(inner) if many else inner
    wider = str(want).replace("Int32", "Int64") == str(dtype)  # counts outgrow 32 bits
    return "" if want == dtype or wider else f"{kind.name}: {path} is {want} in OCSF, {dtype} here"


@pytest.mark.parametrize("kind", list(EventClass), ids=lambda k: k.name)
def test_every_path_and_type_is_ocsfs(ocsf: Files, kind: EventClass) -> None:
    paths = {p: d for p, d in SCHEMAS[kind].items() if not p.startswith("vedette.")}
    wrong = [w for p, d in paths.items() if (w := _check(ocsf, kind, _nested(kind, p), d))]
    assert not wrong, "\n".join(wrong)


def test_every_class_has_a_table() -> None:
    assert set(SCHEMAS) == set(EventClass)
    assert EventClass.TLS_HANDSHAKE.class_uid == EventClass.NETWORK_ACTIVITY.class_uid == 4001
