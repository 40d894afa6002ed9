"""What every plug-in must keep, whoever wrote it: ``laws_of(plugin)`` gives the laws of its kind, ready to run.

In a test of your own plug-in::

    @pytest.mark.parametrize("law", laws_of(MySource), ids=lambda law: law.name)
    def test_law(law):
        law.check()
"""

from __future__ import annotations

from vedette.abc import (
    Action,
    Dataset,
    Delivery,
    Detector,
    Evasion,
    FeatureSet,
    Learned,
    Plugin,
    Sink,
    Source,
    Transport,
)
from vedette.errors import PluginError
from vedette.testing.laws import (
    action,
    dataset,
    delivery,
    detector,
    evasion,
    features,
    learned,
    sink,
    source,
    transport,
)
from vedette.testing.laws.law import Law, house_laws

_KINDS = (
    (Source, source.LAWS),
    (FeatureSet, features.LAWS),
    (Learned, (*detector.LAWS, *learned.LAWS)),
    (Detector, detector.LAWS),
    (Dataset, dataset.LAWS),
    (Evasion, evasion.LAWS),
    (Action, action.LAWS),
    (Sink, sink.LAWS),
    (Delivery, delivery.LAWS),
    (Transport, transport.LAWS),
)


def laws_of(plugin: type[Plugin]) -> list[Law]:
    """Return every law that ``plugin`` must keep.

    Raises:
        PluginError: it is of no kind that we know.
    """
    for kind, laws in _KINDS:
        if issubclass(plugin, kind):
            return [Law(check.__name__, plugin, check) for check in (*house_laws(), *laws)]
    raise PluginError(f"{plugin.__name__} is of no plug-in kind", where=plugin.__module__)


def broken(plugin: type[Plugin]) -> set[str]:
    """Return the names of the laws that ``plugin`` breaks."""
    return {law.name for law in laws_of(plugin) if not law.is_kept()}


__all__ = ["Law", "broken", "laws_of"]
