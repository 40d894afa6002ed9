"""Sigma rules (sigmahq.io): pySigma parses them, what is here matches them over columns, many at once.

A rule becomes a tree of atoms (``tree``): one test of one field. For each kind of event (class, provider, channel, event id) a ``plan``
says which rules may apply, in which columns their fields stand and which atoms must hold for a rule to hold at all. ``match`` then asks
every distinct value of a column once, through one Aho-Corasick pass for all literals, and looks closer only where an atom held.
"""

from vedette.intel.sigma.read import read_rules
from vedette.intel.sigma.rule import Issue, Rule
from vedette.intel.sigma.rules import Rules

__all__ = ["Issue", "Rule", "Rules", "read_rules"]
