"""Every error that Vedette raises on purpose; each says what failed, where, and what to do.

VedetteError
├── ConfigError      a setting is missing, unknown or out of range
├── PluginError      a plug-in could not be loaded or broke its contract
├── SchemaError      a batch does not fit its OCSF class
├── SourceError      the input is not what the source reads
│   └── LimitError   the input is larger, deeper or more compressed than the limits allow
├── ModelError       a model is damaged, foreign, of another format, or does not fit its detector
├── BaselineError    a stored baseline is absent, damaged, or of a newer format
├── PrivacyError     the secret of pseudonyms, their list or their audit log is absent, damaged or closed
├── DataError        a data set is absent, damaged, or leaks from training into test
├── TransportError   a transport can never begin: a port is taken, a folder is none
├── InletError       what came in cannot be kept: the disk is full
├── StoreError       the store of findings and incidents cannot be opened, is of a newer format, or broke
│   └── QueryError   what was asked of the store does not exist or makes no sense
├── DeliveryError    findings did not reach another system
├── JournalError     the journal of responses is damaged or cannot be written
├── ActionError      an action could not be carried out or taken back
├── ContentError     a playbook, drill or rule is not valid
└── Refused          the guard said no (never retried)
    └── Busy         somebody else is deciding the same request at this moment
"""

from __future__ import annotations


class VedetteError(Exception):
    """Base of every deliberate error.

    Args:
        message: one sentence: what went wrong, with the offending value in it.
        where: file:line, setting name or plug-in name that caused it.
        hint: what the operator can do next.
    """

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f" [{self.where}]" if self.where else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{self.message}{place}{hint}"


class ConfigError(VedetteError):
    """A setting is missing, unknown or out of range."""


class PluginError(VedetteError):
    """A plug-in could not be loaded or broke its contract."""


class SchemaError(VedetteError):
    """A batch does not fit its OCSF class."""


class SourceError(VedetteError):
    """The input is not what the source reads; what was read before it stays."""


class LimitError(SourceError):
    """The input is larger, deeper or more compressed than the limits allow."""


class ContentError(VedetteError):
    """A playbook, drill or rule is not valid."""


class TransportError(VedetteError):
    """A transport can never begin: a port is taken, a folder is none."""


class InletError(VedetteError):
    """What came in cannot be kept; the sender must not be told that it was."""


class StoreError(VedetteError):
    """The store of findings and incidents cannot be opened, is of a newer format, or broke."""


class QueryError(StoreError):
    """What was asked of the store does not exist or makes no sense: no such incident, a place in a list that it did not give."""


class DeliveryError(VedetteError):
    """Findings did not reach another system.

    Args:
        again: whether it is worth trying again: a receiver that is down, not one that says the message is bad.
        arrived: of several messages, how many of the first did arrive.
    """

    def __init__(self, message: str, *, where: str = "", hint: str = "", again: bool = True, arrived: int = 0) -> None:
        super().__init__(message, where=where, hint=hint)
        self.again = again
        self.arrived = arrived


class JournalError(VedetteError):
    """The journal of responses is damaged, or cannot be written: nothing is done without it."""


class ActionError(VedetteError):
    """An action could not be carried out or taken back, as far as is known."""


class Refused(VedetteError):  # noqa: N818 - the guard's word, not a failure
    """The guard said no; never retried."""


class Busy(Refused):
    """Somebody else is acting on the same request."""


class ModelError(VedetteError):
    """A model is damaged, foreign, of another format, or does not fit its detector: never a wrong score."""


class BaselineError(VedetteError):
    """A stored baseline is absent, damaged, or of a newer format: never a made-up normal."""


class DataError(VedetteError):
    """A data set is absent, damaged, or leaks from training into test."""


class PrivacyError(VedetteError):
    """The secret of pseudonyms, their list or their audit log is absent, damaged or closed: no name is told without it."""
