r"""People named inside texts: command lines, paths, messages, records kept as JSON.

Found are what has a form: mail addresses, home folders, security ids, ``user=NAME`` and its kin, ``DOMAIN\NAME`` of known domains, keys
of JSON that name people, ARNs; and names of accounts that were met in columns, as whole words. Names that came with a refused logon are not
looked for, nor are words that rules look for: whoever could have any word replaced by trying to log on as ``powershell`` would be unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import polars as pl

from vedette.trust.privacy.tokens import TOKEN, Tokens, names_nobody

SHORTEST = 4
"""Letters of a name that is looked for in texts."""
MOST_NAMES, MOST_DOMAINS = 50_000, 500
"""Names and domains that are looked for: the first ones met."""
LONGEST = 65_536
"""Characters of a text that are looked at; the rest of a longer one is cut off."""

_NAME = r"[^\s\\/:*?\"'<>|,;=\[\]{}()@&]{1,64}"
_WORD = re.compile(r"[^\W_](?:[\w.\-]*[^\W_])?")
_MAILS = re.compile(r"(?<![\w.+\-])([\w.+\-#]{1,64})@([A-Za-z0-9](?:[A-Za-z0-9.\-]{0,251}[A-Za-z0-9])?)")
_HOMES = re.compile(
    r"(?i)((?:[a-z]:|\A|[\s\"'=,(])?[\\/]{1,4}(?:users|home|documents and settings|export/home|var/home)[\\/]{1,4})("
    + _NAME
    + ")"
)
_SIDS = re.compile(r"S-1-(?:5-21|12-1)(?:-\d{1,10}){3}-\d{4,10}(?!\d)", re.ASCII)
_KEYS = re.compile(
    r"(?i)(?<![a-z])((?:user(?:[ _]?(?:name|id))?|login|account(?:[ _]?name)?|acct|ruser|logname|owner|upn|e-?mail|name|auid|uid)"
    r"\s*[=:]\s*[\"']?)([^\s\"',;)\]}&=]{1,128}+)(?!=)"
)
_SENTENCES = re.compile(
    r"(?i)\b((?:for(?: invalid| illegal)? user|invalid user|illegal user|(?:failed|accepted) \w+ for(?! (?:invalid|illegal) user)"
    r"|(?:opened|closed) for user|(?:new|delete|removed|change) user|by user|logged (?:in|on) as|as user|session for|authenticating user"
    r"|net1?(?:\.exe)? user)\s+[\"']?)(" + _NAME + ")"
)
_SWITCHES = re.compile(
    r"(?i)((?:^|\s)(?:/user:|/u:|/ru\s+|-u\s+|--user[= ]|-credential\s+|-l\s+)[\"']?(?:[^\s\"'\\@]{1,64}\\)?)("
    + _NAME
    + ")"
)
_JSON = re.compile(
    r"(?i)(\"[a-z0-9_.]*(?:user(?:_?(?:name|id|principalname|key|identity))?|upn|e?mail(?:_?addr(?:ess)?)?|owner|login|actor|member"
    r"|principal(?:id)?)\"\s*:\s*\")((?:[^\"\\]|\\.){1,256})"
)
_XML = re.compile(
    r"(?i)(<(?:author|userid|username|user|account|accountname|subjectusername|targetusername)>\s*)([^<\s]{1,256})"
)
_ARNS = re.compile(
    r"arn:[^:\s\"]*:(?:iam|sts):[^:\s\"]*:[^:\s\"]*:(?:user|federated-user|assumed-role)/[^\s\"',\]]{1,256}"
)
_ANY = (
    r"(?i)@|[\\/](?:users|home|settings)[\\/]|S-1-(?:5-21|12-1)-|user|login|account|acct|owner|upn|mail|name|auid|uid|/u:|/ru|-u\s|-l\s"
    r"|credential|actor|member|principal|arn:| for |<author"
)
"""What any of these forms holds: texts without it are not looked at."""

RESERVED = frozenset(
    """
    admin administrator bash cmd powershell pwsh certutil bitsadmin mshta rundll32 regsvr32 wmic wscript cscript schtasks python perl
    ruby php java node curl wget netcat ncat socat whoami ipconfig ifconfig nltest netsh net1 reg regedit sc.exe tasklist taskkill
    vssadmin wbadmin bcdedit mimikatz sekurlsa rubeus psexec procdump lsass ntds shadow passwd sudo sudoers chmod chown crontab systemctl
    service docker kubectl windows system system32 program files users home temp public appdata roaming local desktop downloads documents
    default microsoft login logon logoff session user users group domain server client host local remote failed accepted password invalid
    error warning info debug test guest demo mail root select union insert update delete drop table script alert http https file data
    true false null
    """.split()  # noqa: SIM905 - a list of words, read as such
)
"""Words that are never taken for a name inside a text, in lower case."""


class Texts:
    """Replaces people inside texts.

    Args:
        tokens: what stands for them.
    """

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._names: dict[str, str] = {}
        self._domains: set[str] = set()
        self._in_domain: re.Pattern[str] | None = None
        self._steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
            (_ARNS, lambda m: tokens.of_name(m[0])),
            (_MAILS, self._mail),
            (_SIDS, lambda m: tokens.of_id(m[0])),
            (_JSON, self._named),
            (_XML, self._named),
            (_HOMES, self._named),
            (_SWITCHES, self._named),
            (_SENTENCES, self._named),
            (_KEYS, self._named),
        )

    def learn(self, names: Iterable[str], domains: Iterable[str] = ()) -> None:
        """Look for these names of accounts from now on, and for any name behind one of these domains and a backslash."""
        for name in names:
            plain = name.rpartition("\\")[2].partition("@")[0]
            if (
                len(self._names) < MOST_NAMES
                and len(plain) >= SHORTEST
                and plain.lower() not in RESERVED
                and not _is_nobody(plain)
            ):
                self._names.setdefault(plain.lower(), self._tokens.of_name(plain))
        fresh = {d for d in domains if 1 < len(d) <= 64 and d not in self._domains}  # noqa: PLR2004
        if fresh and len(self._domains) < MOST_DOMAINS:
            self._domains |= set(sorted(fresh)[: MOST_DOMAINS - len(self._domains)])
            each = "|".join(re.escape(d) for d in sorted(self._domains, key=lambda d: (-len(d), d)))
            self._in_domain = re.compile(rf"(?i)(?<![\w.\\])((?:{each})\\{{1,2}})({_NAME})")

    def of(self, values: pl.Series) -> pl.Series:
        """Return (n,) String with people replaced; every distinct text is looked at once."""
        distinct = values.drop_nulls().unique()
        told = distinct.filter(self._suspects(distinct))
        if not told.len():
            return values
        made = {text: self._replaced(text) for text in told.to_list()}  # distinct texts that may name somebody
        changed = {k: v for k, v in made.items() if v != k}
        return values.replace(changed) if changed else values

    def _suspects(self, texts: pl.Series) -> pl.Series:
        found = texts.str.contains(_ANY)
        if self._names:
            found |= texts.str.contains_any(list(self._names), ascii_case_insensitive=True)
        if self._domains:
            found |= texts.str.contains_any(list(self._domains), ascii_case_insensitive=True)
        return found

    def _replaced(self, text: str) -> str:
        out = text[:LONGEST]
        for pattern, made in self._steps:
            out = pattern.sub(made, out)
        if self._in_domain is not None:
            out = self._in_domain.sub(self._named, out)
        return _WORD.sub(self._word, out) if self._names else out

    def _mail(self, found: re.Match[str]) -> str:
        if not self._tokens.is_ours(found[2]) or TOKEN.fullmatch(found[1]):
            return found[0]
        return self._tokens.of_name(found[0])

    def _named(self, found: re.Match[str]) -> str:
        name = found[2]
        if TOKEN.search(name) or name.lower() in RESERVED or name[0] in "%$":
            return found[0]
        return found[1] + self._tokens.of_name(name)

    def _word(self, found: re.Match[str]) -> str:
        """Return a word, or what stands for it, whole or in parts (``ALICE-PC``); a token stays."""
        word = found[0]
        if word.lower() in self._names:
            return self._names[word.lower()]
        if "-" not in word and "." not in word and "_" not in word:
            return word
        if TOKEN.fullmatch(word):
            return word
        return "-".join(self._names.get(part.lower()) or self._pieces(part) for part in word.split("-"))

    def _pieces(self, part: str) -> str:
        return "".join(self._names.get(p.lower(), p) for p in re.split(r"([._])", part))


def _is_nobody(name: str) -> bool:
    return names_nobody(name) or not any(c.isalpha() for c in name) or name.isdecimal()
