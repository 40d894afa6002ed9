"""Writes a made company's logs as the products that keep them do, so that ``vedette scan`` reads them.

Windows security events (4624, 4663, 6416) as Winlogbeat sends them, and a proxy's log in the W3C format. Sent mail is not written: its
attachments would be gigabytes of noise; ``python -m bench.insiders`` hands it over as events.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.insiders.log import CREATE, DELETE
from bench.insiders.run import Drill
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass

MASKS = {CREATE: "0x2", DELETE: "0x10000"}
READ_MASK = "0x1"
_FIELDS = "#Fields: date time c-ip cs-username cs-method cs-host cs-uri-stem sc-status cs-bytes"


def write(folder: Path, drill: Drill) -> None:
    """Write ``windows.jsonl``, ``proxy.log`` and ``truth.json`` (who did what on which days) into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    events = sorted((e for batch in drill.batches for e in _windows(batch)), key=lambda e: e[0])
    with (folder / "windows.jsonl").open("w", encoding="utf-8") as file:
        for number, (time, machine, event, data) in enumerate(events):
            file.write(json.dumps(_winlogbeat(number, time, machine, event, data)) + "\n")
    with (folder / "proxy.log").open("w", encoding="utf-8") as file:
        file.write(f"#Software: made\n#Version: 1.0\n{_FIELDS}\n")
        for batch in drill.batches:
            file.writelines(_proxy(batch))
    days = sorted((who, day, n) for (who, day), n in drill.plants.items())
    truth = {
        "plots": [{"number": p.number, "shape": p.shape, "people": p.people} for p in drill.plots],
        "days": [{"person": who, "day": day, "plot": n} for who, day, n in days],
    }
    (folder / "truth.json").write_text(json.dumps(truth, indent=1), "utf-8")


def _windows(batch: EventBatch) -> Iterator[tuple[datetime, str, int, dict[str, str]]]:
    """Yield time, computer, event id and fields of what Windows logs."""
    for row in batch.frame.iter_rows(named=True):  # a generator's rows become lines one by one
        if batch.kind is EventClass.AUTHENTICATION:
            who = {"TargetUserName": row["user.name"], "TargetDomainName": "CORP", "LogonType": "2"}
            yield row["time"], row["device.hostname"], 4624, who
        elif batch.kind is EventClass.PERIPHERAL_ACTIVITY:
            drive = {"DeviceId": row["peripheral_device.serial_number"], "ClassName": "DiskDrive"}
            yield row["time"], row["device.hostname"], 6416, {**_by(row), **drive}
        elif batch.kind is EventClass.FILE_ACTIVITY:
            mask = MASKS.get(row["activity_id"], READ_MASK)
            opened = {"ObjectType": "File", "ObjectName": row["file.path"], "AccessMask": mask}
            yield row["time"], row["device.hostname"], 4663, {**_by(row), **opened}


def _by(row: dict[str, Any]) -> dict[str, str]:
    return {"SubjectUserName": row["actor.user.name"], "SubjectDomainName": "CORP"}


def _winlogbeat(number: int, time: datetime, machine: str, event: int, data: dict[str, str]) -> dict[str, Any]:
    return {
        "@timestamp": time.isoformat().replace("+00:00", "Z"),
        "winlog": {
            "provider_name": "Microsoft-Windows-Security-Auditing",
            "event_id": event,
            "channel": "Security",
            "computer_name": machine,
            "record_id": number,
            "event_data": data,
        },
    }


def _proxy(batch: EventBatch) -> Iterator[str]:
    if batch.kind is not EventClass.HTTP_ACTIVITY:
        return
    for row in batch.frame.iter_rows(named=True):  # see above
        site, path, method = (row[f"http_request.{c}"] for c in ("url.hostname", "url.path", "http_method"))
        who, sent = row["actor.user.name"], row["http_request.body_length"]
        yield f"{row['time']:%Y-%m-%d %H:%M:%S} 10.1.0.9 {who} {method} {site} {path} 200 {sent}\n"
