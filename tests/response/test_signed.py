from __future__ import annotations

import time

import pytest

from vedette.errors import ConfigError
from vedette.response.signed import SignedEndpoint, signature, signed


def test_the_published_example() -> None:
    """The numbers of the Standard Webhooks specification's own libraries' tests."""
    got = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
    )
    assert got == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["whsec_no base64", "whsec_a"])
def test_a_secret_that_says_base64_and_is_none_is_refused(secret: str) -> None:
    with pytest.raises(ConfigError, match="not base64"):
        signature(secret, "k1", "1614265330", b"")


def test_what_is_not_set_is_not_said() -> None:
    got = signed(SignedEndpoint(), "k1", b"body", "sinks[0]")
    assert set(got) == {"webhook-id", "Idempotency-Key", "webhook-timestamp"}
    assert abs(int(got["webhook-timestamp"]) - time.time()) < 10


def test_signed_and_with_a_token() -> None:
    got = signed(SignedEndpoint.model_validate({"secret": "shared", "token": "t0ken"}), "k1", b"body", "sinks[0]")
    assert got["webhook-signature"] == signature("shared", "k1", got["webhook-timestamp"], b"body")
    assert got["Authorization"] == "Bearer t0ken"


def test_a_secret_that_is_absent_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VEDETTE_TEST_ABSENT", raising=False)
    with pytest.raises(ConfigError, match="VEDETTE_TEST_ABSENT"):
        signed(SignedEndpoint(secret_env="VEDETTE_TEST_ABSENT"), "k1", b"", "sinks[0]")  # noqa: S106 - a name
