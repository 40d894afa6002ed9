"""Accounts that are nobody in particular: of the system, of machines, of services; known by their names alone.

The system's own names are those of Windows (MS-DTYP 2.4.2.4, well-known SIDs), of Linux distributions (Debian's base-passwd, Red Hat's
setup) and of Active Directory (default local accounts). They stay as they are where people's names become pseudonyms.
"""

from __future__ import annotations

import polars as pl

SYSTEM = frozenset(
    {
        *(
            "system",
            "local system",
            "local service",
            "network service",
            "localsystem",
            "localservice",
            "networkservice",
        ),
        *("nt authority", "anonymous logon", "iusr", "trustedinstaller", "everyone", "authenticated users", "-"),
        *("administrator", "administrators", "guest", "krbtgt", "defaultaccount", "wdagutilityaccount", "users"),
        *("local system account", "iis_iusrs", "default user", "public", "all users", "default"),
        *("root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "proxy", "www-data"),
        *("backup", "list", "irc", "gnats", "nobody", "operator", "halt", "shutdown", "adm", "ftp", "sshd", "ntp"),
        *(
            "systemd-network",
            "systemd-resolve",
            "systemd-timesync",
            "systemd-coredump",
            "messagebus",
            "dbus",
            "polkitd",
        ),
        *("apache", "nginx", "httpd", "www", "http", "mysql", "postgres", "postgresql", "redis", "mongodb", "mongod"),
        *(
            "tomcat",
            "jenkins",
            "git",
            "docker",
            "rabbitmq",
            "elasticsearch",
            "memcache",
            "squid",
            "bind",
            "named",
            "postfix",
        ),
        *(
            "dovecot",
            "_apt",
            "avahi",
            "rtkit",
            "gdm",
            "sddm",
            "lightdm",
            "libvirt-qemu",
            "syslog",
            "tcpdump",
            "landscape",
        ),
    }
)
"""In lower case."""

SYSTEM_SHAPE = r"(?i)^(?:dwm-\d+|umfd-\d+|health ?mailbox.*|sm_[0-9a-f]{12,}|msol_[0-9a-f]+|systemd-.+)$"
_MACHINE = r"\$$"
SERVICE = r"(?i)(?:^|[^a-z])(?:svc|srv|service|serviceaccount|robot|bot|daemon|sync|gmsa|msa|cron|batch)(?:[^a-z]|$)|^(?:svc|sa)[-_.]"
"""How operators name the accounts of programs."""
ADMIN = r"(?i)(?:^|[^a-z])(?:adm|admin|da|t0|tier0|priv)(?:[^a-z]|$)|admin$"


def machine(name: pl.Expr) -> pl.Expr:
    """Say whether a name is that of a computer's account: it ends with ``$``."""
    return name.str.contains(_MACHINE).fill_null(value=False)


def of_system(name: pl.Expr) -> pl.Expr:
    """Say whether a name (without its domain) is one that every system has."""
    return (name.str.to_lowercase().is_in(list(SYSTEM)) | name.str.contains(SYSTEM_SHAPE)).fill_null(value=False)


def of_service(name: pl.Expr) -> pl.Expr:
    """Say whether a name looks like that of a program's account."""
    return name.str.contains(SERVICE).fill_null(value=False)


def of_admin(name: pl.Expr) -> pl.Expr:
    """Say whether a name looks like that of an administrator's second account."""
    return name.str.contains(ADMIN).fill_null(value=False)
