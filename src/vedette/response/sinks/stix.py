"""STIX 2.1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from uuid import UUID, uuid5

import orjson

from vedette.abc import Sink
from vedette.events.batch import EventBatch
from vedette.incidents.words import visible
from vedette.response.json_lines import one_line
from vedette.response.told import told

OBSERVABLES = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""Namespace that STIX 2.1 (2.9) names for ids of observables."""
OURS = UUID("6f0b3c5e-52a1-5c3b-9a55-0b8f3a1d7c11")
"""Namespace of all other ids: the same thing has the same id in every bundle."""
IDENTITY = f"identity--{uuid5(OURS, 'Vedette')}"
BEGAN = "2026-01-01T00:00:00.000Z"
"""When the identity was made: a constant, as is the identity."""
TEXT_LIMIT = 4_000
MOST_COUNT = 999_999_999
_KILL_CHAIN = "mitre-attack"
_TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?")


class Stix(Sink):
    """STIX 2.1 bundles, one JSON object a line: identity, observed data, sightings, indicators, attack patterns, and a grouping of them.

    Ids are made from what they stand for (``uuid5``), so the same thing has the same id in every bundle. Actors that are public addresses,
    domains, URLs or senders of mail become indicators; private addresses, hosts and users never do. A technique is an attack pattern with
    its ATT&CK id as external reference.
    """

    name = "stix"
    media_type = "application/stix+json;version=2.1"

    def encode(self, batch: EventBatch) -> bytes:
        # row by row: an incident is a graph of objects, and there are few
        return b"".join(one_line(orjson.dumps(_bundle(row))) for row in told(batch).iter_rows(named=True))

    def frames(self, data: bytes) -> int:
        return data.count(b"\n")


def _bundle(row: dict[str, Any]) -> dict[str, Any]:
    at = _time(row["end"]) or BEGAN
    uid = row["uid"] or f"{row['title']}|{at}|{row['src_ip']}|{row['dst_ip']}"
    observed = dict(_observables(row))
    patterns = [_pattern(uid_, name) for uid_, name in _techniques(row)]
    indicators = [_indicator(o, at, row) for o in observed.values() if o["id"] in _suspects(row)]
    objects: list[dict[str, Any]] = [_identity(), *observed.values(), *patterns, *indicators]
    if observed:
        data = _observed_data(uid, row, at, list(observed))
        objects += [data, *(_sighting(i, data, row, at) for i in indicators)]
    objects += [_relation(i, p, at) for i in indicators for p in patterns]
    refs = [o["id"] for o in objects if o["type"] != "identity"]
    if refs:
        objects.append(_grouping(uid, row, at, refs))
    return {"type": "bundle", "id": _id("bundle", f"{uid}|{at}|{row['status']}"), "objects": objects}


def _common(kind: str, of: str, at: str, **properties: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": _id(kind, of),
        "created_by_ref": IDENTITY,
        "created": at,
        "modified": at,
        **properties,
    }


def _id(kind: str, of: str) -> str:
    return f"{kind}--{uuid5(OURS, f'{kind}|{of}'.encode('utf-8', 'replace').decode())}"


def _identity() -> dict[str, Any]:
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": IDENTITY,
        "created": BEGAN,
        "modified": BEGAN,
        "name": "Vedette",
        "identity_class": "system",
    }


# ------------------------------------------------------------------------------------------------------------- observables

_OF_COLUMN = {
    "src_user": ("user-account", "user_id"),
    "dst_user": ("user-account", "user_id"),
    "domain": ("domain-name", "value"),
    "url": ("url", "value"),
    "file": ("file", "name"),
    "src_host": ("domain-name", "value"),
    "dst_host": ("domain-name", "value"),
}


def _observables(row: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the things that were seen, by id; each once."""
    addresses = [row["src_ip"], row["dst_ip"], *(row["addresses"] or ())]
    users = [u for u in row["users"] or () if u]
    pairs: list[tuple[str, str, str]] = [(kind, "value", a) for a in addresses if a and (kind := _family(a))]
    pairs += [(kind, key, row[column]) for column, (kind, key) in _OF_COLUMN.items() if row[column]]
    pairs += [("user-account", "user_id", user) for user in users]
    for kind, key, value in pairs:
        one = _observable(kind, key, value)
        yield one["id"], one


def _observable(kind: str, key: str, value: str) -> dict[str, Any]:
    if kind == "user-account" and "@" in value and " " not in value:
        kind, key = "email-addr", "value"
    value = visible(value, TEXT_LIMIT)
    contributing = orjson.dumps({key: value}).decode()
    return {"type": kind, "spec_version": "2.1", "id": f"{kind}--{uuid5(OBSERVABLES, contributing)}", key: value}


def _family(address: str) -> str:
    """Return the type of an address; empty where it is none."""
    try:
        return f"ipv{ip_address(address).version}-addr"
    except ValueError:
        return ""


def _suspects(row: dict[str, Any]) -> set[str]:
    """Return the ids of what may be an indicator: what acted, and is not ours by its nature."""
    acted = set(row["actors"] or ())
    found = [_observable(kind, "value", a) for a in acted if a and (kind := _family(a)) and ip_address(a).is_global]
    found += [
        _observable(*_OF_COLUMN[column], row[column])
        for column in ("domain", "url", "src_user")
        if row[column] in acted
    ]
    return {o["id"] for o in found if o["type"] != "user-account"}


# ----------------------------------------------------------------------------------------------------------------- objects


def _indicator(observable: dict[str, Any], at: str, row: dict[str, Any]) -> dict[str, Any]:
    value = observable["value"].replace("\\", "\\\\").replace("'", "\\'")
    return _common(
        "indicator",
        observable["id"],
        at,
        name=observable["value"][:200],
        indicator_types=["malicious-activity"],
        pattern=f"[{observable['type']}:value = '{value}']",
        pattern_type="stix",
        valid_from=_time(row["start"]) or at,
        **_confidence(row),
    )


def _observed_data(uid: str, row: dict[str, Any], at: str, refs: Sequence[str]) -> dict[str, Any]:
    return _common(
        "observed-data",
        uid,
        at,
        first_observed=_time(row["start"]) or at,
        last_observed=at,
        number_observed=min(max(row["count"] or 1, 1), MOST_COUNT),
        object_refs=list(refs),
    )


def _sighting(indicator: dict[str, Any], data: dict[str, Any], row: dict[str, Any], at: str) -> dict[str, Any]:
    return _common(
        "sighting",
        f"{indicator['id']}|{data['id']}",
        at,
        sighting_of_ref=indicator["id"],
        observed_data_refs=[data["id"]],
        where_sighted_refs=[IDENTITY],
        first_seen=_time(row["start"]) or at,
        last_seen=at,
        count=data["number_observed"],
    )


def _pattern(uid: str, name: str) -> dict[str, Any]:
    reference = {"source_name": _KILL_CHAIN, "external_id": uid}
    if _TECHNIQUE.fullmatch(uid):
        reference["url"] = f"https://attack.mitre.org/techniques/{uid.replace('.', '/')}/"
    return _common("attack-pattern", uid, BEGAN, name=name, external_references=[reference])


def _relation(indicator: dict[str, Any], pattern: dict[str, Any], at: str) -> dict[str, Any]:
    of = f"{indicator['id']}|indicates|{pattern['id']}"
    ends = {"source_ref": indicator["id"], "target_ref": pattern["id"]}
    return _common("relationship", of, at, relationship_type="indicates", **ends)


def _grouping(uid: str, row: dict[str, Any], at: str, refs: Iterable[str]) -> dict[str, Any]:
    text = visible((row["text"] or row["title"]).replace("\n", " / "), TEXT_LIMIT)
    return _common(
        "grouping",
        uid,
        at,
        name=visible(row["title"], 200),
        description=text,
        context="suspicious-activity",
        labels=[f"severity:{row['severity']}", f"status:{row['status']}"],
        external_references=[{"source_name": "vedette", "external_id": visible(uid, 200)}],
        object_refs=list(refs),
        **_confidence(row),
    )


def _confidence(row: dict[str, Any]) -> dict[str, int]:
    known = row["confidence"]
    return {} if known is None else {"confidence": min(max(known, 0), 100)}


def _techniques(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    uids, names = row["techniques"] or (), row["technique_names"] or ()
    padded = [*names, *[None] * (len(uids) - len(names))]
    told_already: set[str] = set()
    for uid, name in zip(uids, padded, strict=False):
        if uid and uid not in told_already:
            told_already.add(uid)
            yield visible(uid, 40), visible(name or uid, 200)


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z" if at else ""
