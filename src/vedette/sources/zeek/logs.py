"""Every Zeek log that has columns of its own (https://docs.zeek.org/en/master/logs/index.html)."""

from __future__ import annotations

from vedette.sources.zeek.applications import DNS, FILES, HTTP, SMTP, SSH, SSL
from vedette.sources.zeek.fields import Log
from vedette.sources.zeek.flows import ARP, CONN, DHCP, TUNNEL
from vedette.sources.zeek.reports import NOTICE, OTHER, WEIRD, X509
from vedette.sources.zeek.windows import DCE_RPC, KERBEROS, NTLM, RDP, SMB_FILES, SMB_MAPPING

PATHS: dict[str, Log] = {
    "conn": CONN,
    "dns": DNS,
    "http": HTTP,
    "ssl": SSL,
    "ssh": SSH,
    "smtp": SMTP,
    "files": FILES,
    "x509": X509,
    "notice": NOTICE,
    "weird": WEIRD,
    "arp": ARP,
    "dhcp": DHCP,
    "tunnel": TUNNEL,
    "dce_rpc": DCE_RPC,
    "smb_mapping": SMB_MAPPING,
    "smb_files": SMB_FILES,
    "kerberos": KERBEROS,
    "ntlm": NTLM,
    "rdp": RDP,
}
"""A log's path -> what it is; every other path is ``OTHER``."""


def log_of(path: str, names: frozenset[str]) -> Log:
    """Return the log that is called ``path`` (RITA's ``open_conn`` is a conn), or without one, the log that has such fields."""
    if path:
        return PATHS.get(path.removeprefix("open_"), OTHER)
    return next((log for log in PATHS.values() if log.marks <= names), OTHER)


def path_of(log: Log) -> str:
    """Return the usual path of a log, empty for ``OTHER``."""
    return next((path for path, known in PATHS.items() if known is log), "")
