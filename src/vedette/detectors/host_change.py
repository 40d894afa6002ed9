"""Changes on a host that intruders make."""

from __future__ import annotations

import polars as pl

from vedette.abc import Role
from vedette.features.host_change import HostChange as Changes
from vedette.features.host_change_signs import SIGNS
from vedette.features.sign import Signed
from vedette.model import EntityKind, Severity


class HostChange(Signed):
    """Something changes on a Windows host as intruders change it: they make themselves stay, raise their rights, put out defences.

    What is normal: installers write keys, services, tasks and files in their own folders; the system loads signed libraries from its
    own. What is hostile: a Run key with a script or a program of a temporary folder, keys by which rights are raised without asking, WMI
    subscriptions, a copy of the account store, pages that a web server writes itself, libraries that the logon service never had.

    A rule: each sign is a pattern over the object, its data and the program that acts, with nats for it, and they are added up: two
    weak signs of one change may say what neither says. Read are registry values and keys, files and pipes, libraries and drivers that are
    loaded, services, tasks, WMI subscriptions, uses of shares, and transfer jobs (Sysmon 6, 7, 11 to 15, 17 to 21, 23, 26; Security 4657,
    4662, 4697 to 4702, 5145; System 7045; Bits-Client). Sources stand in ``features/host_change_signs.py``.

    Known false positives:
        - remote administration with PsExec and the like, software that is pushed by administrative shares
        - installers of security, printing and remote control products, which load libraries and change keys as intruders do
        - developers' tools that load the .NET runtime or script engines in odd places

    Blind spots:
        - what Sysmon's configuration leaves out, and hosts that log none of these
        - changes to keys and places that are not in the table
        - programs that look like their surroundings: a service of a plain name in Program Files
    """

    name = "host_change"
    title = "Suspicious change on a host"
    needs = Changes
    table = SIGNS
    techniques = tuple(dict.fromkeys(t for s in SIGNS for t in s.techniques))
    severity = Severity.MEDIUM
    actor = Role(EntityKind.HOST, "host", otherwise=Role(EntityKind.USER, "user"))
    targets = (Role(EntityKind.USER, "user"),)

    def sentence(self) -> pl.Expr:
        by = pl.when(pl.col("by").str.len_chars() > 0).then(pl.format(" by {}", "by")).otherwise(pl.lit(""))
        data = pl.when(pl.col("data").str.len_chars() > 0).then(pl.format(" = {}", pl.col("data").str.head(_CUT)))
        name = pl.when((pl.col("what") == "registry") & (pl.col("name").str.len_chars() > 0)).then(
            pl.format("\\{}", "name")
        )
        return pl.format(
            "On {}: {}: {}{}{}{}.",
            pl.col("host").fill_null("an unnamed host"),
            "told",
            pl.col("object").str.head(_CUT),
            name.fill_null(""),
            data.fill_null(""),
            by,
        )


_CUT = 160
