"""What every event passes before it is kept or judged: places are looked up, people become tokens."""

from __future__ import annotations

from pathlib import Path

from vedette.config import Config
from vedette.events.batch import EventBatch
from vedette.intel.places import Places
from vedette.learning.registry import home
from vedette.trust.privacy import Pseudonymiser, Vault


def vault() -> Vault:
    """Return where this site's pseudonyms are kept: ``privacy`` in ``$VEDETTE_HOME``."""
    return Vault(home() / "privacy")


class Door:
    """Lets batches in, as the settings say.

    Args:
        config: the settings.

    Raises:
        ConfigError: a database of places cannot be read.
        PrivacyError: the secret of pseudonyms is damaged or cannot be kept.
    """

    def __init__(self, config: Config) -> None:
        files = tuple(Path(p).expanduser() for p in config.intel.geoip)
        self._places = Places(files) if files else None
        self._vault = vault() if config.privacy.pseudonyms else None
        self._people = Pseudonymiser(self._vault.open(), config.privacy.domains) if self._vault else None
        self._unlisted: dict[str, str] = {}
        """Token -> name of what the list did not take yet."""

    def enter(self, batch: EventBatch) -> EventBatch:
        """Return the batch as everything behind the door sees it."""
        if self._places is not None:
            batch = self._places.located(batch)
        return self._people.hidden(batch) if self._people is not None else batch

    def shut(self) -> None:
        """Put the names that were met into the sealed list; more may come after.

        Raises:
            PrivacyError: the list cannot be written.
        """
        if self._vault is not None and self._people is not None:
            self._unlisted |= self._people.taken()
            self._vault.remember(self._unlisted)
            self._unlisted = {}
