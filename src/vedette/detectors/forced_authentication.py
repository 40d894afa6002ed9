"""Hosts that are made to log on to another."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.remote_call import RemoteCall
from vedette.features.remote_evidence import account, act, named
from vedette.model import Analytic, EntityKind, Severity


class ForcedAuthentication(LogOdds):
    """One host makes another log on to a third, so that its credentials can be relayed.

    What is normal: print clients ask their print server for change notices, with older Windows, and print; the other calls are nearly
    never made over a network. What is hostile: the printer service, the encrypting file system, the distributed file system or shadow
    copies of a server are asked to look at a path on the attacker's host (PrinterBug, PetitPotam, DFSCoerce, ShadowCoerce).

    A rule for each procedure of MS-RPRN, MS-EFSR, MS-DFSNM and MS-FSRVP. The call counts although it is refused: the victim has by then
    logged on.

    Known false positives:
        - print clients of a print server, before Windows 10, that watch their queue and do nothing else
        - file servers with encrypted folders; backup software that makes shadow copies of shares

    Blind spots:
        - an attacker who also prints
        - other ways to the same end (a link in a folder, WebDAV, name resolution)
        - where the victim was sent: that stands in the arguments, which may be encrypted
        - SMB 3 with encryption
    """

    name = "forced_authentication"
    title = "Host made to log on"
    needs = RemoteCall
    analytic = Analytic.RULE
    techniques = ("T1187",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "source")
    targets = (Role(EntityKind.ADDRESS, "coercion_targets"), Role(EntityKind.USER, "users"))
    prior: ClassVar[float] = -9.2

    def terms(self) -> list[Term]:
        return [
            act("printer_notifies", 9.5, "asked a printer service to send notices to a host {}"),
            Term(
                pl.when((pl.col("printer_notifies") > 0) & (pl.col("printed") >= _PRINTS)).then(-5.0),
                pl.format("but it also printed, or looked at jobs ({} calls): a print client", "printed"),
                "printed",
            ),
            act("file_encrypted", 10.5, "asked the encrypting file system for a file by its path {}"),
            act("namespace_root", 11.0, "asked to add or remove a root of the distributed file system {}"),
            act("shadow_copied", 9.5, "asked whether a share can be shadow-copied {}"),
        ]

    def sentence(self) -> pl.Expr:
        words = [pl.when(pl.col(a) > 0).then(pl.lit(w)) for a, w in _WORDS.items()]
        return pl.format(
            "{} asked {}{} to reach out to another host, through {}.",
            "source",
            named("coercion_targets", "another host"),
            account(),
            pl.concat_str(words, separator=", ", ignore_nulls=True),
        )


_PRINTS = 3
"""Calls of the printer service, beside opening and closing, that only who wants to print makes."""
_WORDS = {
    "printer_notifies": "the printer service",
    "file_encrypted": "the encrypting file system",
    "namespace_root": "the distributed file system",
    "shadow_copied": "shadow copies",
}
