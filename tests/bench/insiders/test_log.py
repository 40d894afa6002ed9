from __future__ import annotations

from datetime import timedelta

from bench.insiders.log import BEGIN, Log

from vedette.events.schema import EventClass


def test_acts_become_events_and_nights_belong_to_their_day() -> None:
    log = Log()
    log.plot = 3
    log.logon("anna", 4, 26, "pc-1")  # two o'clock of the next day
    log.drive("anna", 4, 10, "pc-1", "S1")
    log.file("anna", 4, 10, "pc-1", 1, "E:\\a.pdf")
    log.request("anna", 4, 10, "a.example", "/up", 70)
    log.mail("anna", 4, 10, ["b@c.example"], [5])
    batches = {b.kind: b.frame for b in log.batches()}
    assert set(batches) == {
        EventClass.AUTHENTICATION,
        EventClass.PERIPHERAL_ACTIVITY,
        EventClass.FILE_ACTIVITY,
        EventClass.HTTP_ACTIVITY,
        EventClass.EMAIL_ACTIVITY,
    }
    assert log.plants == {("anna", 5): 3, ("anna", 4): 3}
    assert batches[EventClass.AUTHENTICATION]["time"].to_list() == [BEGIN + timedelta(days=5, hours=2)]
    assert batches[EventClass.HTTP_ACTIVITY]["http_request.http_method"].to_list() == ["POST"]
    assert batches[EventClass.EMAIL_ACTIVITY]["email.from"].to_list() == ["anna@corp.example"]
