"""The OCSF 1.8 classes that Vedette speaks, as tables of attribute path -> Polars dtype.

Paths and types are checked against the published schema by ``tests/events/test_schema.py``. A path through an array gives a
``List`` column (``answers.rdata``). Whole numbers are signed (``Int32`` for ids and ports, ``Int64`` for counts), so that a
difference cannot wrap around. Text is ``String``; times are ``Datetime("us", "UTC")``.

What an input says that its class has no path for may stand in columns ``unmapped.NAME`` (String), one per field, ``NAME`` as the source
calls it: rules that people wrote for a product find its fields there. What OCSF lacks and we add stands under ``vedette.``:

* ``vedette.payload_bytes_out|in``: transport payload bytes, beside ``traffic.bytes_*``, which count IP bytes (Zeek: orig_bytes and
  orig_ip_bytes).
* ``vedette.frame_bytes_out|in``: bytes on the wire with the link header, as tshark counts conversations.
* ``vedette.tunnel``: the encapsulation that carried an inner flow (``gre``, ``vxlan`` ...), null for an outer or plain flow.
"""

from __future__ import annotations

from enum import IntEnum

import polars as pl

from vedette.events.groups import (
    ACTOR,
    BASE,
    CONNECTION,
    COUNT,
    DEVICE,
    ENDPOINTS,
    FLAG,
    ID,
    NETWORK,
    OBSERVABLES,
    STRINGS,
    TEXT,
    TIME,
    DType,
)
from vedette.events.host_tables import HOST_TABLES

__all__ = ["SCHEMAS", "STRINGS", "TIME", "UNMAPPED", "WINDOWS", "DType", "EventClass", "dtype_of"]

_ACRONYMS = {"TLS", "HTTP", "DNS", "DHCP", "SSH", "URL", "OSINT", "RDP", "SMB", "RPC"}


FIRST_PART = 100_000
WINDOWS = 201
"""Classes 201001 to 201999 are those of OCSF's extension for Windows (number 2, category 1)."""


class EventClass(IntEnum):
    """What a batch holds: an OCSF ``class_uid``, or ``class_uid * 100 + n`` for a part of a class kept apart."""

    REJECT = 0
    """Base Event: records that could not be read. ``count`` records alike are one row; ``status_detail`` is the reason."""
    FILE_ACTIVITY = 1001
    KERNEL_EXTENSION_ACTIVITY = 1002
    """A driver that was loaded."""
    MEMORY_ACTIVITY = 1004
    MODULE_ACTIVITY = 1005
    """A library that a process loaded."""
    SCHEDULED_JOB_ACTIVITY = 1006
    PROCESS_ACTIVITY = 1007
    EVENT_LOG = 1008
    """Event Log Activity: a log line that has no class of its own, kept as ``message``."""
    SCRIPT_ACTIVITY = 1009
    PERIPHERAL_ACTIVITY = 1010
    DETECTION_FINDING = 2004
    OWN_FINDING = 200401
    """What our own detectors found, given to detectors that judge findings together: a row per finding and entity of it."""
    INCIDENT_FINDING = 2005
    ACCOUNT_CHANGE = 3001
    AUTHENTICATION = 3002
    USER_ACCESS = 3005
    GROUP_MANAGEMENT = 3006
    NETWORK_ACTIVITY = 4001
    """One row per flow (activity 6, Traffic)."""
    HOST_CONNECTION = 400102
    """Network Activity with activity 1 (Open), as a host's own log tells it, with the process: apart from flows, as TLS handshakes are."""
    TLS_HANDSHAKE = 400101
    """Network Activity with activity 1 (Open) and the ``tls`` object: apart from flows, so that no flow counts twice."""
    HTTP_ACTIVITY = 4002
    DNS_ACTIVITY = 4003
    DHCP_ACTIVITY = 4004
    RDP_ACTIVITY = 4005
    SMB_ACTIVITY = 4006
    """A file, pipe or share that an SMB client opened, or the first write to a file."""
    RPC_ACTIVITY = 400601
    """SMB Activity with the ``dce_rpc`` object: one remote procedure call, over a named pipe or TCP."""
    SSH_ACTIVITY = 4007
    EMAIL_ACTIVITY = 4009
    NETWORK_FILE_ACTIVITY = 4010
    EMAIL_FILE_ACTIVITY = 4011
    EMAIL_URL_ACTIVITY = 4012
    TUNNEL_ACTIVITY = 4014
    OSINT_INVENTORY_INFO = 5021
    """One indicator per row: a line of a list of URLs, domains or addresses that somebody wants judged."""
    API_ACTIVITY = 6003
    """A call of a cloud's or a service's interface: CloudTrail, Entra audit, Microsoft 365, Google, Okta, Kubernetes, GitHub."""
    FILE_HOSTING = 6006
    """What somebody did with a file that a service keeps (SharePoint, OneDrive, Drive)."""
    REMEDIATION_ACTIVITY = 7001
    PAYMENT = 9901
    """Our own class, for want of one in OCSF: a payment that a customer or card makes at a terminal or to a counterparty."""
    REGISTRY_KEY_ACTIVITY = 201001
    REGISTRY_VALUE_ACTIVITY = 201002
    WINDOWS_SERVICE_ACTIVITY = 201004
    """OCSF's extension for Windows."""

    @property
    def class_uid(self) -> int:
        """The OCSF ``class_uid`` of the rows."""
        return self.value if self.value < FIRST_PART or self.value // 1000 == WINDOWS else self.value // 100

    @property
    def caption(self) -> str:
        """The name that a person reads: ``DNS Activity``."""
        words = self.name.split("_")
        return " ".join(w if w in _ACRONYMS else w.capitalize() for w in words) if self else "Unreadable Records"


# (A finding's endpoints and device stand flat here; the ocsf_json sink puts them under `evidences`, where OCSF has them.)
_FINDING: dict[str, DType] = {
    "finding_info.uid": TEXT,
    "finding_info.title": TEXT,
    "finding_info.desc": TEXT,
    "finding_info.analytic.name": TEXT,
    "finding_info.analytic.type_id": ID,
    "finding_info.analytic.uid": TEXT,
    "finding_info.attacks.technique.uid": STRINGS,
    "finding_info.attacks.technique.name": STRINGS,
    "finding_info.related_events.uid": STRINGS,  # a bounded sample of the rows behind it, as "log_name#sequence"
    "finding_info.related_events_count": ID,
    "finding_info.first_seen_time": TIME,
    "finding_info.last_seen_time": TIME,
    "finding_info.types": STRINGS,
    "confidence_score": ID,  # 0..100
    "risk_score": ID,
    "is_alert": FLAG,
    **OBSERVABLES,
}

SCHEMAS: dict[EventClass, dict[str, DType]] = {
    EventClass.REJECT: BASE,
    **{EventClass[name]: table for name, table in HOST_TABLES.items()},
    EventClass.DETECTION_FINDING: {**BASE, **DEVICE, **ENDPOINTS, **CONNECTION, **_FINDING},
    EventClass.OWN_FINDING: {
        **BASE,
        **DEVICE,
        **ENDPOINTS,
        **CONNECTION,
        **_FINDING,
        "vedette.entity": TEXT,
        "vedette.entity_kind": TEXT,  # model.EntityKind
        "vedette.role": TEXT,  # actor or target
        "vedette.score": pl.Float64,
        "vedette.p_value": pl.Float64,
    },
    EventClass.INCIDENT_FINDING: {
        **BASE,
        "desc": TEXT,
        "finding_info_list.uid": STRINGS,
        "finding_info_list.title": STRINGS,
        "attacks.technique.uid": STRINGS,
        "attacks.technique.name": STRINGS,
        **OBSERVABLES,
        "confidence_score": ID,
        "impact_id": ID,
    },
    EventClass.NETWORK_ACTIVITY: {
        **BASE,
        **NETWORK,
        "connection_info.flag_history": TEXT,  # Zeek's history letters
        "connection_info.tcp_flags": ID,  # all flags seen, or-ed
        "traffic.bytes_out": COUNT,  # src to dst, IP bytes
        "traffic.bytes_in": COUNT,
        "traffic.bytes_missed": COUNT,
        "traffic.packets_out": COUNT,
        "traffic.packets_in": COUNT,
        "vedette.payload_bytes_out": COUNT,
        "vedette.payload_bytes_in": COUNT,
        "vedette.frame_bytes_out": COUNT,
        "vedette.frame_bytes_in": COUNT,
        "vedette.tunnel": TEXT,
    },
    EventClass.TLS_HANDSHAKE: {
        **BASE,
        **NETWORK,
        "tls.sni": TEXT,
        "tls.version": TEXT,
        "tls.cipher": TEXT,
        "tls.ja3_hash.value": TEXT,
        "tls.ja3s_hash.value": TEXT,
        "ja4_fingerprint_list.value": STRINGS,
        "tls.certificate.subject": TEXT,
        "tls.certificate.issuer": TEXT,
        "tls.certificate.serial_number": TEXT,
        "tls.certificate.created_time": TIME,
        "tls.certificate.expiration_time": TIME,
        "tls.certificate.is_self_signed": FLAG,
        "vedette.alpn": STRINGS,
    },
    EventClass.HTTP_ACTIVITY: {
        **BASE,
        **NETWORK,
        "http_request.http_method": TEXT,
        "http_request.version": TEXT,
        "http_request.url.scheme": TEXT,  # where the request says it: it was asked of a proxy (RFC 9112, 3.2.2)
        "http_request.url.hostname": TEXT,
        "http_request.url.path": TEXT,
        "http_request.url.query_string": TEXT,
        "http_request.url.url_string": TEXT,
        "http_request.user_agent": TEXT,
        "http_request.referrer": TEXT,
        "http_request.body_length": COUNT,
        "http_response.code": ID,
        "http_response.status": TEXT,
        "http_response.content_type": TEXT,
        "http_response.body_length": COUNT,
        **DEVICE,
        **ACTOR,
    },
    EventClass.DNS_ACTIVITY: {
        **BASE,
        **NETWORK,
        **DEVICE,
        **ACTOR,  # a host's own log says which process asked
        "query.hostname": TEXT,
        "query.type": TEXT,
        "query.class": TEXT,
        "query.packet_uid": ID,  # the DNS message id
        "answers.rdata": STRINGS,
        "answers.type": STRINGS,
        "answers.ttl": pl.List(pl.Int64),
        "rcode": TEXT,
        "rcode_id": ID,
        "query_time": TIME,
        "response_time": TIME,
    },
    EventClass.DHCP_ACTIVITY: {**BASE, **NETWORK, "lease_dur": ID, "transaction_uid": TEXT},
    EventClass.RDP_ACTIVITY: {
        **BASE,
        **NETWORK,
        "identifier_cookie": TEXT,  # the user that the client names before it logs on, cut to nine characters by some
        "protocol_ver": TEXT,
        "vedette.security": TEXT,  # RDP, TLS, CredSSP ...
    },
    EventClass.SMB_ACTIVITY: {
        **BASE,
        **NETWORK,
        "command": TEXT,  # SMB2_COMMAND_CREATE ...
        "dialect": TEXT,
        "share": TEXT,
        "share_type": TEXT,  # disk, pipe, print
        "file.name": TEXT,  # path within the share
        "file.mime_type": TEXT,  # by the first bytes written
        "file.size": COUNT,
        "actor.user.name": TEXT,
    },
    EventClass.RPC_ACTIVITY: {
        **BASE,
        **NETWORK,
        "dce_rpc.command": TEXT,
        "dce_rpc.command_response": TEXT,
        "dce_rpc.opnum": ID,
        "dce_rpc.rpc_interface.uuid": TEXT,
        "file.name": TEXT,  # the named pipe, null over TCP
        "actor.user.name": TEXT,
        "vedette.interface": TEXT,  # svcctl, samr ... (``events.rpc``)
        "vedette.operation": TEXT,  # CreateServiceW ...
        "vedette.arguments": STRINGS,  # texts that stand in the clear in a call's arguments, bounded
    },
    EventClass.SSH_ACTIVITY: {
        **BASE,
        **NETWORK,
        "protocol_ver": TEXT,
        "auth_type": TEXT,
        "client_hassh.fingerprint.value": TEXT,
        "server_hassh.fingerprint.value": TEXT,
        "vedette.client_banner": TEXT,
        "vedette.server_banner": TEXT,
        "vedette.auth_attempts": ID,
    },
    EventClass.EMAIL_ACTIVITY: {
        **BASE,
        **ENDPOINTS,
        "direction_id": ID,
        "email.from": TEXT,  # the address alone
        "email.from_mailbox": TEXT,  # as written: display name and address
        "email.sender": TEXT,
        "email.return_path": TEXT,
        "email.reply_to_list": STRINGS,
        "email.to": STRINGS,
        "email.cc": STRINGS,
        "email.subject": TEXT,
        "email.message_uid": TEXT,
        "email.size": COUNT,  # bytes of the message
        "email.raw_header": TEXT,  # bounded
        "email.x_originating_ip": STRINGS,
        "email.files.name": STRINGS,  # attachments, in order
        "email.files.mime_type": STRINGS,
        "email.files.size": pl.List(pl.Int64),
        "email.urls.url_string": STRINGS,  # links of text and HTML, in order, each once per text it is shown with
        "email_auth.spf": TEXT,
        "email_auth.dkim": TEXT,
        "email_auth.dmarc": TEXT,
        "smtp_hello": TEXT,
        "vedette.body_text": TEXT,  # what a reader sees, bounded
        "vedette.hidden_text": TEXT,  # what HTML hides from a reader, bounded
        "vedette.link_text": STRINGS,  # the text that each of email.urls is shown with
        "vedette.received": STRINGS,  # Received headers, newest first
        "vedette.plain_text": TEXT,  # the text/plain alternative that HTML stands in for, bounded
        "vedette.file_kinds": STRINGS,  # what the first bytes of each of email.files say it is (program, zip, pdf, html ...), or ""
        "vedette.html_size": COUNT,  # bytes of HTML that were read; the next ones count what it holds
        "vedette.forms": ID,
        "vedette.password_fields": ID,
        "vedette.remote_images": ID,
        "vedette.pixel_images": ID,  # remote images of no size
        "vedette.linked_images": ID,  # images inside of a link
        "vedette.scripts": ID,
        "vedette.frames": ID,
        "vedette.base64_texts": ID,  # texts to read that are written in base64
        "vedette.defects": STRINGS,  # what is wrong with how the message is made, in a few fixed words
    },
    EventClass.NETWORK_FILE_ACTIVITY: {
        **BASE,
        **NETWORK,
        "file.name": TEXT,
        "file.mime_type": TEXT,
        "file.size": COUNT,
        "file.uid": TEXT,
        "file.hashes.value": STRINGS,
    },
    EventClass.EMAIL_FILE_ACTIVITY: {
        **BASE,
        "email_uid": TEXT,
        "file.name": TEXT,
        "file.mime_type": TEXT,
        "file.size": COUNT,
        "file.hashes.value": STRINGS,
    },
    EventClass.EMAIL_URL_ACTIVITY: {
        **BASE,
        "email_uid": TEXT,
        "url.url_string": TEXT,
        "vedette.link_text": TEXT,
    },
    EventClass.TUNNEL_ACTIVITY: {**BASE, **NETWORK, "tunnel_type": TEXT},
    EventClass.OSINT_INVENTORY_INFO: {
        **BASE,
        "osint.value": STRINGS,  # one value per row
        "osint.type_id": pl.List(pl.Int32),  # 1 IP address, 2 domain, 3 hostname, 5 URL
    },
    EventClass.REMEDIATION_ACTIVITY: {**BASE, "command_uid": TEXT},
}


UNMAPPED = "unmapped."
"""Columns of this prefix are open: a field of the input by its own name, as String."""


def dtype_of(kind: EventClass, column: str) -> DType | None:
    """Return the dtype of a column of a class; None if it has none of that name."""
    return TEXT if column.startswith(UNMAPPED) else SCHEMAS[kind].get(column)
