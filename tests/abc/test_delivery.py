from __future__ import annotations

from vedette.abc import Delivery, Sink
from vedette.plugins import discover


def test_every_delivery_carries_formats_that_exist() -> None:
    sinks = discover(Sink)
    for cls in discover(Delivery).values():
        assert set(cls.formats) <= set(sinks)
        assert not {"format", "delivery"} & set(cls.options.model_fields)
