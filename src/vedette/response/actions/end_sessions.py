"""Ends the sessions of an account."""

from __future__ import annotations

import re
import shutil
from typing import Any, ClassVar

from vedette.errors import ActionError, Refused
from vedette.incidents.words import visible
from vedette.model import Entity, EntityKind, Plan, Receipt
from vedette.response import names
from vedette.response.command import run
from vedette.response.hook import HookAction, HookSettings

_LOCAL = re.compile(r"[a-z_][a-z0-9_-]{0,31}", re.ASCII)
_ROOT = ("root", "0")


class SessionSettings(HookSettings):
    """Where sessions are ended."""

    here: bool = False
    """On this machine, by ``loginctl terminate-user``, in place of a call to ``url``. Only accounts of this machine, never root."""


class EndSessions(HookAction):
    """Ends all sessions of an account: on this machine by systemd's ``loginctl``, or by a signed webhook to who can.

    It cannot be undone, so two people must approve; who is logged out can log on again, so it belongs beside ``disable_account`` or
    ``reset_password_at_next_logon``.

    Refused: what is no name of an account; on this machine, root and names with a domain.
    """

    name = "end_sessions"
    targets = (EntityKind.USER,)
    reversible = False
    disruptive = True
    options = SessionSettings
    settings: SessionSettings
    example: ClassVar[dict[str, Any]] = {"url": "https://sso.example/vedette", "secret_env": "SSO_SECRET"}

    def ready(self) -> str:
        return "" if self.settings.here else super().ready()

    def named(self, target: Entity) -> str:
        name = names.account(target, self.name)
        if self.settings.here and (not _LOCAL.fullmatch(name) or name in _ROOT):
            raise Refused(f"{visible(name, 80)!r} is no account whose sessions may be ended here", where=self.name)
        return name

    def apply(self, plan: Plan) -> Receipt:
        if not self.settings.here:
            return super().apply(plan)
        ran = run(self._argv(self.named(plan.target)))
        if ran.code is None:
            raise ActionError(ran.why, where=self.name)
        if ran.code and "logged in" not in ran.why and "No user" not in ran.why:
            raise ActionError(f"loginctl did not end them: {visible(ran.why, 200)}", where=self.name)
        return Receipt(plan, "done")

    def undo(self, receipt: Receipt) -> Receipt:
        raise ActionError("sessions that have ended cannot be begun again", where=self.name)

    def in_force(self, plan: Plan) -> bool | None:
        return None if self.settings.here else super().in_force(plan)

    def _shown(self, do: str, value: str) -> str:
        return f"loginctl terminate-user {value}" if self.settings.here else super()._shown(do, value)

    @staticmethod
    def _argv(name: str) -> list[str]:
        return [shutil.which("loginctl") or "/usr/bin/loginctl", "terminate-user", name]
