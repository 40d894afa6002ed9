"""Pseudonyms: what names a person becomes a token before anything is stored; who may, gets the name back, and that is written down."""

from vedette.trust.privacy.pseudonymiser import Pseudonymiser
from vedette.trust.privacy.vault import Vault

__all__ = ["Pseudonymiser", "Vault"]
