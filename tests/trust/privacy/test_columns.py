from __future__ import annotations

import polars as pl
import pytest

from vedette.events.schema import SCHEMAS, EventClass
from vedette.trust.privacy.columns import How, how

PATHS = {
    "user.name": How.NAME,
    "process.parent_process.user.name": How.NAME,
    "actor.user.uid": How.ID,
    "actor.user.email_addr": How.MAIL,
    "email.to": How.MAIL,
    "actor.user.credential_uid": How.SECRET,
    "vedette.payment.account": How.SECRET,
    "raw_data": How.WITHHELD,
    "process.cmd_line": How.TEXT,
    "device.hostname": How.TEXT,
    "metadata.log_name": How.TEXT,
    "resources.name": How.TEXT,
    "status_detail": How.TEXT,
    "src_endpoint.ip": How.NOBODY,
    "user.domain": How.NOBODY,
    "metadata.event_code": How.NOBODY,
    "http_request.user_agent": How.NOBODY,
    "unmapped.SubjectUserName": How.NAME,
    "unmapped.MemberName": How.NAME,
    "unmapped.UserId": How.NAME,
    "unmapped.TargetSid": How.ID,
    "unmapped.requestParameters.userName": How.NAME,
    "unmapped.TargetDomainName": How.TEXT,
    "unmapped.UserAccountControl": How.TEXT,
    "unmapped.userAgent": How.TEXT,
    "unmapped.ServicePrincipalNames": How.TEXT,
    "unmapped.TargetObject": How.TEXT,
    "unmapped.LogonType": How.TEXT,
}


@pytest.mark.parametrize("path", PATHS)
def test_how(path: str) -> None:
    assert how(path) is PATHS[path]


def test_every_user_of_every_class_is_looked_at() -> None:
    texts = {p for kind in EventClass for p, d in SCHEMAS[kind].items() if d in (pl.String, pl.List(pl.String))}
    named = {p for p in texts if p.endswith(("user.name", "user.uid", "email_addr"))}
    assert named
    assert all(how(p) in (How.NAME, How.ID, How.MAIL) for p in named)
    assert all(
        how(p) is not How.NOBODY
        for p in texts
        if p.endswith(("cmd_line", "message", "path", "hostname", "unmapped", "data"))
    )
