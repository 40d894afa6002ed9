from __future__ import annotations

import pytest

from vedette.errors import DeliveryError
from vedette.plugins import checked
from vedette.response.deliveries.teams import Teams
from vedette.testing.messages import message
from vedette.testing.receivers import http_receiver


def test_a_post_per_message() -> None:
    with http_receiver() as server:
        server.answers = [202, 429]
        mine = Teams(checked(Teams, {"url": f"http://127.0.0.1:{server.port}/workflows/x?sig=SECRET"}, "sinks[0]"))
        with pytest.raises(DeliveryError, match="HTTP 429") as caught:
            mine.send(
                [message("a", b'{"type":"message"}\n', media_type="application/json"), message("b"), message("c")]
            )
        mine.close()
    assert [r.body for r in server.requests] == [b'{"type":"message"}\n', b'{"uid":"b"}\n']
    assert (caught.value.again, caught.value.arrived) == (True, 1)
    assert "SECRET" not in str(caught.value)
