from __future__ import annotations

import json

from tools.compare_sigma import flat

EXPECTED = {"EventID": 1, "Channel": "Security", "Provider_Name": "P", "Computer": "ws7", "Image": "x.exe"}


def _flat(record: object) -> dict[str, object]:
    return {k: v for k, v in flat(json.dumps(record).encode()).items() if k in EXPECTED or k == "Data"}


def test_every_form_of_a_record_is_flattened_alike() -> None:
    nxlog = {"EventID": 1, "Channel": "Security", "SourceName": "P", "Hostname": "ws7", "Image": "x.exe"}
    beat = {
        "event_id": 1,
        "log_name": "Security",
        "source_name": "P",
        "computer_name": "ws7",
        "event_data": {"Image": "x.exe"},
    }
    system = {
        "Provider": {"#attributes": {"Name": "P"}},
        "EventID": 1,
        "Channel": "Security",
        "Computer": "ws7",
        "EventRecordID": 5,
        "Level": 4,
        "Task": 0,
    }
    dumped = {"Event": {"System": system, "EventData": {"Image": "x.exe"}}}
    assert _flat(nxlog) == _flat(beat) == _flat(dumped) == EXPECTED


def test_data_without_a_name_keeps_its_text() -> None:
    event = {"System": {"Provider": {"#attributes": {"Name": "P"}}, "EventID": 1, "Channel": "A", "Computer": "c"}}
    event["System"] |= {"EventRecordID": 1, "Level": 4, "Task": 0}
    record = {"Event": event | {"EventData": {"Data": {"#text": ["a", "b"]}}}}
    assert _flat(record)["Data"] == "a\nb"
