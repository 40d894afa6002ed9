"""The tables of acts are whole, and say what they mean to."""

from __future__ import annotations

import polars as pl
import pytest

from vedette.errors import ContentError
from vedette.intel import cloud_acts
from vedette.intel.attack import techniques
from vedette.intel.cloud_acts import TOPICS, acts, by_uid, plain, pressed

LOGS = {"cloudtrail", "azure", "m365", "gcp", "okta", "kubernetes", "github"}


def test_every_act_is_whole() -> None:
    assert {a.topic for a in acts()} == set(TOPICS)
    assert len(by_uid()) == len(acts()), "two acts have one id"
    for act in acts():
        assert {*act.logs} | LOGS == LOGS, act.uid
        assert act.logs, act.uid
        assert act.operations, act.uid
        assert all(act.operations), act.uid
        assert 0 < act.nats < 10, act.uid
        assert set(act.techniques) <= set(techniques()), act.uid
        assert act.said == act.said.strip(" ."), act.uid


def test_every_pattern_is_one_that_polars_reads() -> None:
    for act in acts():
        for pattern in filter(None, (act.where, act.unless)):
            pl.select(pl.lit("x").str.contains(pattern))
            assert pattern == pattern.replace(" ", ""), f"{act.uid}: requests have no blanks left"


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Add member to role.", "add member to role"),
        ("UpdateFunctionCode20150331v2", "updatefunctioncode"),
        ("google.iam.admin.v1.CreateServiceAccountKey", "iam.admin.createserviceaccountkey"),
        ("beta.compute.instances.insert", "compute.instances.insert"),
        ("io.k8s.authorization.rbac.v1.clusterroles.create", "create clusterroles"),
        ("io.k8s.core.v1.pods.exec.create", "create pods/exec"),
        ("create pods/exec", "create pods/exec"),
    ],
)
def test_names_without_case_and_version(written: str, same: str) -> None:
    assert pl.select(plain(pl.lit(written))).item() == same


def test_requests_are_pressed_flat() -> None:
    policy = '{"policy":"{\\n  \\"Principal\\": \\"*\\"}"}'
    assert pl.select(pressed(pl.lit(policy))).item() == '{"policy":"{"principal":"*"}"}'


def test_a_broken_table_is_said_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud_acts, "FOLDER", "attack")
    acts.cache_clear()
    try:
        with pytest.raises(ContentError):
            acts()
    finally:
        acts.cache_clear()
