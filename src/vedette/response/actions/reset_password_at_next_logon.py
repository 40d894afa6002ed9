"""Makes somebody choose a new password."""

from __future__ import annotations

from vedette.errors import Refused
from vedette.response.directory import Account, DirectoryAction

NEVER_EXPIRES = 0x10000
"""DONT_EXPIRE_PASSWORD in ``userAccountControl`` ([MS-ADTS] 2.2.16)."""


class ResetPasswordAtNextLogon(DirectoryAction):
    """Has an account choose a new password at its next logon, or asks another system to see to it by a signed webhook.

    In Active Directory it sets ``pwdLastSet`` to 0, in OpenLDAP ``pwdReset``; the password itself is never known to Vedette. It stays
    until the password was changed. Sessions that are open stay open: ``end_sessions``. It is no help against somebody who knows the
    password and may choose the new one: where there is no second factor, disable the account.

    Refused: as for ``disable_account``; and in Active Directory an account whose password never expires, since it would not be asked.
    """

    name = "reset_password_at_next_logon"
    stays = True
    causes = ("T1110", "T1098")
    words = ("ask for a new password at the next logon", "do not ask for a new password")

    def holds(self, account: Account) -> bool:
        if self.settings.flavour == "openldap":
            return account.attributes["pwdReset"] == ("TRUE",)
        return account.number("pwdLastSet") == 0

    def changed(self, account: Account, *, there: bool) -> tuple[str, str | None]:
        if self.settings.flavour == "openldap":
            return "pwdReset", "TRUE" if there else None
        if there and (account.number("userAccountControl") or 0) & NEVER_EXPIRES:
            raise Refused("its password never expires, so it would not be asked for a new one", where=self.name)
        return "pwdLastSet", "0" if there else "-1"
