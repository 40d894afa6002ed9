"""Programs that are started on another host through its own management interfaces."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.remote_call import RemoteCall
from vedette.features.remote_evidence import account, act, named, techniques
from vedette.model import Analytic, EntityKind, Severity


class RemoteExecution(LogOdds):
    """One host makes another run a program: by a service, a scheduled task, WMI, or a DCOM object that starts programs.

    What is normal: management servers and administrators' machines do so, and do so every week; other hosts never do. What is hostile:
    a host that never did it creates a service on another (PsExec, Impacket's smbexec), registers a task (atexec), calls a WMI
    method (wmiexec) or drives a DCOM object (dcomexec).

    A rule for each procedure of MS-SCMR, MS-TSCH, MS-WMI and MS-DCOM, and for programs written to an administrative share; weights are
    how seldom hosts without that role do it. The number of a procedure is never encrypted over TCP or in a named pipe, so it is seen
    although the arguments are not. With a baseline, what a host did in windows before counts six nats less.

    Known false positives:
        - the first days of a new management server, or an administrator who uses another machine than usual
        - installers of agents (anti-virus, backup, monitoring) that create their service over the network
        - inventory software that reads the registry by a WMI method

    Blind spots:
        - SMB 3 with encryption: nothing inside of it is seen but its size and pace
        - WinRM and PowerShell remoting, SSH and Remote Desktop: encrypted; see lateral movement
        - a capture that begins after the bind: the interface is not known, unless the pipe or the arguments tell it
        - an administrator's machine that is misused: it does what it always did
        - a call in a segment that was lost
    """

    name = "remote_execution"
    title = "Program run on another host"
    needs = RemoteCall
    analytic = Analytic.RULE
    techniques = ("T1569.002", "T1053.005", "T1047", "T1021.003", "T1021.002")
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "source")
    targets = (Role(EntityKind.ADDRESS, "execution_targets"), Role(EntityKind.USER, "users"))
    prior: ClassVar[float] = -9.2

    def terms(self) -> list[Term]:
        created, started = pl.col("service_created") > 0, pl.col("service_started") > 0
        tasked = pl.col("task_made") > 0
        return [
            act("service_created", 9.5, "created a service {}"),
            Term(pl.when(created & started).then(1.5), pl.lit("and started it"), "service_started"),
            Term(
                pl.when(created & (pl.col("service_deleted") > 0)).then(2.0),
                pl.lit("and deleted it again within minutes"),
                "service_deleted",
            ),
            Term(
                pl.when(~created & started & (pl.col("service_changed") > 0)).then(9.5),
                pl.lit("changed what a service runs, and started it"),
                "service_changed",
            ),
            act("task_made", 9.7, "registered a scheduled task {}"),
            Term(pl.when(tasked & (pl.col("task_run") > 0)).then(1.5), pl.lit("and ran it at once"), "task_run"),
            Term(
                pl.when(tasked & (pl.col("task_deleted") > 0)).then(2.0),
                pl.lit("and deleted it again within minutes"),
                "task_deleted",
            ),
            act("wmi_method", 9.6, "called a WMI method {}"),
            act("wmi_written", 4.0, "wrote a WMI object {}"),
            act("shell_object", 11.0, "opened a DCOM object that can start programs {}"),
            act("object_runs_program", 11.0, "handed a command line to a DCOM object {}"),
            act("object_invoked", 3.0, "called methods of an automation object {}"),
            act("program_written", 5.0, "wrote a program to an administrative share {}"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} made {} run something{}: {}{}.",
            "source",
            named("execution_targets", "another host"),
            account(),
            pl.concat_str(
                [pl.when(pl.col(a) > 0).then(pl.lit(w)) for a, w in _WORDS.items()], separator=", ", ignore_nulls=True
            ),
            pl.when(pl.col("execution_words").list.len() > 0)
            .then(pl.format(" ({})", pl.col("execution_words").list.join("; ")))
            .otherwise(pl.lit("")),
        )

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return techniques(rows, _TECHNIQUES)

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        """High where a program was brought along, or the traces were removed: what tools do and administrators seldom."""
        removed = (pl.col("service_created") > 0) & (pl.col("service_deleted") > 0)
        removed |= (pl.col("task_made") > 0) & (pl.col("task_deleted") > 0)
        brought = (pl.col("program_written") > 0) & ((pl.col("service_created") > 0) | (pl.col("task_made") > 0))
        shell = (pl.col("shell_object") > 0) | (pl.col("object_runs_program") > 0)
        return [Severity.HIGH if bad else self.severity for bad in rows.select(removed | brought | shell).to_series()]


_WORDS = {
    "service_created": "a service was created",
    "service_changed": "a service was changed",
    "task_made": "a scheduled task was registered",
    "wmi_method": "a WMI method was called",
    "shell_object": "a DCOM object was opened that starts programs",
    "object_runs_program": "a command line was handed to a DCOM object",
    "program_written": "a program was written to an administrative share",
}
_TECHNIQUES = {
    "service_created": "T1569.002",
    "service_changed": "T1569.002",
    "task_made": "T1053.005",
    "wmi_method": "T1047",
    "wmi_written": "T1047",
    "shell_object": "T1021.003",
    "object_runs_program": "T1021.003",
    "object_invoked": "T1021.003",
    "program_written": "T1021.002",
}
