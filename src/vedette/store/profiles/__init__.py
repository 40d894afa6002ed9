"""Baselines: what is normal for each entity, its peers and everyone. A table, never hidden in a detector."""

from vedette.store.profiles.profile import Profile
from vedette.store.profiles.shelf import Shelf

__all__ = ["Profile", "Shelf"]
