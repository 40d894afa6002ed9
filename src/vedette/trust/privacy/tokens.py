r"""Tokens: the same name is always the same token, and without the key nobody can tell which.

A token is ``user-`` and fifteen consonants: 64 bits of an HMAC-SHA-256 (RFC 2104) of the name. Coarse facts of a name that detectors need
stay in the token's first word: ``svc-`` looks like a program's account, ``adm-`` like an administrator's second one; ``sid-`` is a security
id, ``id-`` any other id. What names nobody stays as it is: system principals, machines (``$``), numbers, and well-known security ids.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from vedette.intel.principals import ADMIN, SERVICE, SYSTEM, SYSTEM_SHAPE

LETTERS = "bcdfghjklmnpqrstvwxz"
"""No vowel: a token spells no word, and no rule about names fits it by chance."""
LENGTH = 15
TOKEN = re.compile(rf"\b(?:user|svc|adm|sid|id)-[{LETTERS}]{{{LENGTH}}}\b")
KEY_BYTES = 32
REMEMBERED = 200_000
"""Names whose tokens are held in memory; beyond it they are made anew."""
LONGEST = 1_024
"""Characters of a name that its token depends on; of longer ones the rest counts by its hash."""

_NOBODY = frozenset(
    {
        "",
        "-",
        "?",
        "*",
        "none",
        "null",
        "unknown",
        "n/a",
        "not available",
        "(unknown)",
        "(null)",
        "nan",
        "anonymous",
        "invalid user",
    }
)
_SERVICE, _ADMIN, _SYSTEM_SHAPE = re.compile(SERVICE), re.compile(ADMIN), re.compile(SYSTEM_SHAPE)
_SID = re.compile(r"S-1-\d+(?:-\d+)+", re.ASCII)
_PERSONAL_SID = re.compile(r"S-1-(?:5-21|12-1)-\d+-\d+-\d+-(\d+)", re.ASCII)
_FIRST_PERSON_RID = 1_000
_ARN = re.compile(r"(arn:[^:]*:(?:iam|sts):[^:]*:[^:]*:(?:user|federated-user|assumed-role/[^/]+)/(?:[^/]+/)*)([^/]+)")
_DN = re.compile(r"(?i)\A((?:cn|uid)=)((?:[^,\\]|\\.)+)((?:,.*)?)\Z", re.DOTALL)
_MAIL = re.compile(r"\A([^@\s]+)@([^@\s]+)\Z")
_PROGRAMS = re.compile(r"(?i)(?:^|\.)(?:gserviceaccount\.com|amazonaws\.com|amazon\.com)\Z|\Asystem:")
_GUEST = "#EXT#"


class Tokens:
    """Makes tokens, and remembers which names they stand for until somebody takes the list.

    Args:
        key: 32 secret bytes.
        domains: mail domains whose addresses name people; none: all do.

    Attributes:
        fresh: token -> name, of names met since the list was taken.
    """

    def __init__(self, key: bytes, domains: tuple[str, ...] = ()) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(key)}")
        self._key = key
        self._domains = frozenset(d.lower() for d in domains)
        self._known: dict[tuple[str, str], str] = {}
        self.fresh: dict[str, str] = {}

    def taken(self) -> dict[str, str]:
        """Return token -> name of what was met since the last call."""
        fresh, self.fresh = self.fresh, {}
        return fresh

    def of_name(self, value: str) -> str:
        r"""Return what stands for an account's name; its domain stays: ``CORP\alice``, ``alice@corp.example``, an ARN, a DN."""
        head, slash, tail = value.rpartition("\\")
        if slash:
            return f"{head}\\{self.of_name(tail)}"
        if value.startswith("arn:"):
            return _ARN.sub(lambda m: m[1] + self.of_name(m[2]), value)
        if found := _DN.match(value):
            return f"{found[1]}{self._plain(found[2])}{found[3]}"
        if _SID.fullmatch(value):
            return self.of_id(value)
        if found := _MAIL.match(value):
            return value if _PROGRAMS.search(found[2]) else f"{self._local(found[1])}@{found[2]}"
        return self._plain(value)

    def of_id(self, value: str) -> str:
        """Return what stands for an account's id: numbers and well-known security ids stay."""
        if _SID.fullmatch(value):
            personal = _PERSONAL_SID.fullmatch(value)
            return self._made("sid", value) if personal and int(personal[1][:12]) >= _FIRST_PERSON_RID else value
        if value.isdecimal() or names_nobody(value):
            return value
        if "@" in value or "\\" in value or value.startswith("arn:"):
            return self.of_name(value)
        return self._made("id", value)

    def of_secret(self, value: str) -> str:
        """Return what stands for a credential's id or an account's number; the first four letters of a credential tell its kind."""
        return self._made("id", value) if value.isdecimal() or len(value) < 8 else value[:4] + self._made("id", value)  # noqa: PLR2004

    def of_mail(self, value: str) -> str:
        """Return what stands for a mail address, or for a name and address as written in a header; outside ``domains`` it stays."""
        name, bracket, rest = value.rpartition("<")
        address = rest.partition(">")[0].strip() if bracket else value.strip()
        found = _MAIL.match(address)
        if not found:
            return self._plain(value)
        if self._domains and not self.is_ours(found[2]):
            return value
        made = f"{self._local(found[1])}@{found[2]}"
        shown = name.strip().strip('"')
        return f'"{self._plain(shown)}" <{made}>' if shown else f"<{made}>" if bracket else made

    def is_ours(self, domain: str) -> bool:
        """Say whether mail addresses of a domain name people."""
        domain = domain.lower().rstrip(".")
        return not self._domains or any(domain == d or domain.endswith(f".{d}") for d in self._domains)

    def _local(self, local: str) -> str:
        guest = local.endswith(_GUEST)
        return self._plain(local.removesuffix(_GUEST)) + _GUEST * guest

    def _plain(self, name: str) -> str:
        if names_nobody(name) or name.isdecimal():
            return name
        kind = "svc" if _SERVICE.search(name) else "adm" if _ADMIN.search(name) else "user"
        return self._made(kind, name)

    def _made(self, kind: str, name: str) -> str:
        known = self._known.get((kind, name))
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[kind, name] = f"{kind}-{self._letters(name)}"
            self.fresh[known] = name[:LONGEST]
        return known

    def _letters(self, name: str) -> str:
        digest = hmac.new(self._key, name.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        number, out = int.from_bytes(digest, "big"), []
        for _ in range(LENGTH):
            number, digit = divmod(number, len(LETTERS))
            out.append(LETTERS[digit])
        return "".join(out)


def names_nobody(name: str) -> bool:
    """Say whether a name is that of the system, a machine or nobody."""
    lower = name.strip().lower()
    if lower.endswith("$") or lower.startswith("%%"):  # a machine; a message of Windows by its number
        return True
    return lower in _NOBODY or lower in SYSTEM or bool(_SYSTEM_SHAPE.search(name))
