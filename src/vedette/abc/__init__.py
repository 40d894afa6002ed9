"""Every plug-in contract: subclass one, save the file in its folder, done. Nothing lists it; ``plugins.discover`` finds it.

The folders: Source in ``sources/``, FeatureSet in ``features/``, Detector in ``detectors/``, Evasion in ``trust/evasions/``, Dataset in
``learning/datasets/``, Transport in ``transports/``, Action in ``response/actions/``,
Sink in ``response/sinks/``, Delivery in ``response/deliveries/``. The laws in ``testing/`` run on all that are found.

A file per kind of plug-in; all are imported from here.
"""

from vedette.abc.delivery import Delivery, Message, Wanted
from vedette.abc.detector import Detector, LogOdds, Role, Term
from vedette.abc.dump import Dump
from vedette.abc.features import EventFeatures, FeatureSet, History, HistoryFeatures, Normal, WindowFeatures
from vedette.abc.learned import BENIGN, MALICIOUS, UNKNOWN, Contribution, Learned, waterfall
from vedette.abc.learning import Dataset, Evasion
from vedette.abc.matcher import Matcher, Matches
from vedette.abc.plugin import Plugin
from vedette.abc.response import Action, Sink
from vedette.abc.settings import Settings
from vedette.abc.source import Example, Origin, Source
from vedette.abc.transport import Chunk, Inlet, Rehearsal, Transport
from vedette.model import Analytic, Finding

__all__ = [
    "BENIGN",
    "MALICIOUS",
    "UNKNOWN",
    "Action",
    "Analytic",
    "Chunk",
    "Contribution",
    "Dataset",
    "Delivery",
    "Detector",
    "Dump",
    "Evasion",
    "EventFeatures",
    "Example",
    "FeatureSet",
    "Finding",
    "History",
    "HistoryFeatures",
    "Inlet",
    "Learned",
    "LogOdds",
    "Matcher",
    "Matches",
    "Message",
    "Normal",
    "Origin",
    "Plugin",
    "Rehearsal",
    "Role",
    "Settings",
    "Sink",
    "Source",
    "Term",
    "Transport",
    "Wanted",
    "WindowFeatures",
    "waterfall",
]
