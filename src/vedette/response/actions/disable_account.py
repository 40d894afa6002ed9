"""Disables an account for a while."""

from __future__ import annotations

from vedette.response.directory import Account, DirectoryAction

DISABLED = 0x2
"""ACCOUNTDISABLE in ``userAccountControl`` ([MS-ADTS] 2.2.16)."""
LOCKED = "000001010000Z"
"""In ``pwdAccountLockedTime``: locked until somebody unlocks it (draft-behera-ldap-password-policy, 5.3.3)."""


class DisableAccount(DirectoryAction):
    """Disables an account of Active Directory or OpenLDAP for a while, or asks another system to by a signed webhook.

    In Active Directory it sets the flag ACCOUNTDISABLE of ``userAccountControl``, in OpenLDAP ``pwdAccountLockedTime``; nothing else
    of the account is written, and only if nobody changed it meanwhile. Taking it back enables the account, even if somebody else has
    disabled it since.

    Refused: a name that does not say that it is of this directory (``domains``), accounts that are not found or not alone, that lie
    outside of ``base``, are disabled already, or are or were in a group that the directory protects (``adminCount``).
    """

    name = "disable_account"
    causes = ("T1531", "T1110")
    words = ("disable the account", "enable the account")

    def holds(self, account: Account) -> bool:
        if self.settings.flavour == "openldap":
            return bool(account.attributes["pwdAccountLockedTime"])
        return bool((account.number("userAccountControl") or 0) & DISABLED)

    def changed(self, account: Account, *, there: bool) -> tuple[str, str | None]:
        if self.settings.flavour == "openldap":
            return "pwdAccountLockedTime", LOCKED if there else None
        flags = account.number("userAccountControl") or 0
        return "userAccountControl", str(flags | DISABLED if there else flags & ~DISABLED)
