"""A program that makes a system call that it never made."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.syscall_program import SyscallProgram
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity

HOURS = 24
"""Hours in which a program made calls before a call of it is new."""
TELLING = (
    *("ptrace", "process_vm_writev", "process_vm_readv", "init_module", "finit_module", "delete_module", "kexec_load"),
    *(
        "kexec_file_load",
        "memfd_create",
        "bpf",
        "userfaultfd",
        "mount",
        "umount2",
        "setns",
        "unshare",
        "pivot_root",
        "chroot",
    ),
    *("setuid", "setreuid", "setresuid", "connects to others"),
)
"""Calls by which programs are injected into, kernels changed, rights gained, containers left, and others reached."""

_age = pl.col("age").fill_null(0)
_never = pl.col("had.calls").list.eval(pl.arg_where(~pl.element()))
_new = pl.col("calls").list.gather(_never, null_on_oob=True).list.drop_nulls()
_telling = _new.list.eval(pl.element().filter(pl.element().is_in(TELLING)))


class NewSystemCall(LogOdds):
    """New system calls: a program makes one that it never made on this host, though it has been watched for a day of hours and more.

    What a program asks of the kernel is a small set, and stays so (Forrest, Hofmeyr, Somayaji, Longstaff, *A sense of self for Unix
    processes*, IEEE S&P 1996); an exploited program asks for more. On the traces of research, how far the set of calls is from any normal
    one tells more than their order does (docs/reference/sequences.md), but not enough to alert: it stands beside other findings. What it
    is worth grows with the hours that the program is known, and falls with how many different calls it makes. Windows are hours.

    Known false positives:

    * updates, restarts, and rare duties of a program (a monthly job, the renewal of a certificate);
    * interpreters, shells and container runtimes, which do what others tell them.

    Blind spots:

    * calls that the host's audit rules do not watch, and attacks with the program's usual calls;
    * starts of programs: other detectors tell of these; the first day of a program.

    Example: nginx of web1, known for 300 hours, calls ``ptrace``.
    """

    name = "new_system_call"
    title = "New system call"
    needs = SyscallProgram
    analytic = Analytic.BEHAVIORAL
    techniques = ()
    severity = Severity.LOW
    actor = Role(EntityKind.HOST, "machine")
    targets = (Role(EntityKind.FILE, "program"),)
    corroborates = True
    prior: ClassVar[float] = -6.5

    def terms(self) -> list[Term]:
        variety = (pl.col("own.call_count.mean").clip(0.0, 20.0).exp() - 1).clip(lower_bound=1.0)
        nats = ((1 + _age).cast(pl.Float64).log() - variety.log() / 2).clip(0.0, 6.0)
        some = (_age >= HOURS) & (_new.list.len() > 0)
        return [
            Term(
                pl.when(some).then(nats),
                pl.format("new after {} hours in which it made calls: {}", number(_age), _named(_new)),
                "calls",
            ),
            Term(
                pl.when(some & (_telling.list.len() > 0)).then(3.0),
                pl.format(
                    "such a call is made to reach others, change the kernel or gain rights: {}", _named(_telling)
                ),
                "calls",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} on {} made a system call that it never made before: {}.",
            "program",
            pl.col("machine").fill_null("a host"),
            _named(_new),
        )


def _named(calls: pl.Expr) -> pl.Expr:
    return calls.list.head(4).list.join(", ")
