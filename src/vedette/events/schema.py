"""The OCSF 1.8 classes that Vedette speaks, as tables of attribute path -> Polars dtype.

Paths and types are checked against the published schema by ``tests/events/test_schema.py``. A path through an array gives a
``List`` column (``answers.rdata``). Whole numbers are signed (``Int32`` for ids and ports, ``Int64`` for counts), so that a
difference cannot wrap around. Text is ``String``; times are ``Datetime("us", "UTC")``.

What OCSF lacks stands under ``vedette.``:

* ``vedette.payload_bytes_out|in``: transport payload bytes, beside ``traffic.bytes_*``, which count IP bytes (Zeek: orig_bytes and
  orig_ip_bytes).
* ``vedette.frame_bytes_out|in``: bytes on the wire with the link header, as tshark counts conversations.
* ``vedette.tunnel``: the encapsulation that carried an inner flow (``gre``, ``vxlan`` ...), null for an outer or plain flow.
"""

from __future__ import annotations

from enum import IntEnum

import polars as pl

DType = pl.DataType | type[pl.DataType]

TIME = pl.Datetime("us", "UTC")
STRINGS = pl.List(pl.String)
_ID, _COUNT, _TEXT, _FLAG = pl.Int32, pl.Int64, pl.String, pl.Boolean


_ACRONYMS = {"TLS", "HTTP", "DNS", "DHCP", "SSH", "URL", "OSINT", "RDP", "SMB", "RPC"}


class EventClass(IntEnum):
    """What a batch holds: an OCSF ``class_uid``, or ``class_uid * 100 + n`` for a part of a class kept apart."""

    REJECT = 0
    """Base Event: records that could not be read. ``count`` records alike are one row; ``status_detail`` is the reason."""
    FILE_ACTIVITY = 1001
    PROCESS_ACTIVITY = 1007
    EVENT_LOG = 1008
    """Event Log Activity: a log line that has no class of its own, kept as ``message``."""
    DETECTION_FINDING = 2004
    OWN_FINDING = 200401
    """What our own detectors found, given to detectors that judge findings together: a row per finding and entity of it."""
    INCIDENT_FINDING = 2005
    ACCOUNT_CHANGE = 3001
    AUTHENTICATION = 3002
    NETWORK_ACTIVITY = 4001
    """One row per flow (activity 6, Traffic)."""
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
    REMEDIATION_ACTIVITY = 7001

    @property
    def class_uid(self) -> int:
        """The OCSF ``class_uid`` of the rows."""
        return self.value // 100 if self.value > 99_999 else self.value  # noqa: PLR2004 - see the class docstring

    @property
    def caption(self) -> str:
        """The name that a person reads: ``DNS Activity``."""
        words = self.name.split("_")
        return " ".join(w if w in _ACRONYMS else w.capitalize() for w in words) if self else "Unreadable Records"


_BASE: dict[str, DType] = {
    "time": TIME,  # when it happened (a flow: its last packet)
    "start_time": TIME,
    "end_time": TIME,
    "duration": _COUNT,  # milliseconds
    "activity_id": _ID,
    "severity_id": _ID,
    "status_id": _ID,  # 1 success, 2 failure
    "status_code": _TEXT,  # the source's own word (Zeek: conn_state)
    "status_detail": _TEXT,
    "count": _COUNT,
    "message": _TEXT,
    "raw_data": _TEXT,
    "metadata.log_name": _TEXT,  # the input, as the operator named it
    "metadata.sequence": _COUNT,  # record number in the input: with log_name, the row's id
    "metadata.uid": _TEXT,  # the source's own id (Zeek: uid)
    "metadata.log_provider": _TEXT,
    "metadata.product.name": _TEXT,
    "unmapped": _TEXT,  # JSON object of what the class has no place for
}
_DEVICE: dict[str, DType] = {"device.hostname": _TEXT, "device.ip": _TEXT}
_ENDPOINTS: dict[str, DType] = {
    f"{side}_endpoint.{name}": dtype
    for side in ("src", "dst")
    for name, dtype in (("ip", _TEXT), ("port", _ID), ("mac", _TEXT), ("hostname", _TEXT))
}
_CONNECTION: dict[str, DType] = {
    "connection_info.uid": _TEXT,
    "connection_info.protocol_num": _ID,  # IANA; null for ARP
    "connection_info.protocol_name": _TEXT,  # tcp udp icmp icmp6 arp ...
    "connection_info.protocol_ver_id": _ID,  # 4 or 6
    "connection_info.direction_id": _ID,  # 1 inbound 2 outbound 3 lateral 4 local 0 unknown
}
_NETWORK: dict[str, DType] = {
    **_ENDPOINTS,
    **_CONNECTION,
    "app_protocol_name": _TEXT,  # dns http tls ssh ..., by payload, never by port
}
_USER: dict[str, DType] = {"user.name": _TEXT, "user.domain": _TEXT, "user.uid": _TEXT}
_ACTOR: dict[str, DType] = {"actor.user.name": _TEXT, "actor.process.name": _TEXT, "actor.process.pid": _ID}
_OBSERVABLES: dict[str, DType] = {
    "observables.name": STRINGS,  # actor or target
    "observables.type_id": pl.List(pl.Int32),
    "observables.value": STRINGS,
}
# (A finding's endpoints and device stand flat here; the ocsf_json sink puts them under `evidences`, where OCSF has them.)
_FINDING: dict[str, DType] = {
    "finding_info.uid": _TEXT,
    "finding_info.title": _TEXT,
    "finding_info.desc": _TEXT,
    "finding_info.analytic.name": _TEXT,
    "finding_info.analytic.type_id": _ID,
    "finding_info.analytic.uid": _TEXT,
    "finding_info.attacks.technique.uid": STRINGS,
    "finding_info.attacks.technique.name": STRINGS,
    "finding_info.related_events.uid": STRINGS,  # a bounded sample of the rows behind it, as "log_name#sequence"
    "finding_info.related_events_count": _ID,
    "finding_info.first_seen_time": TIME,
    "finding_info.last_seen_time": TIME,
    "finding_info.types": STRINGS,
    "confidence_score": _ID,  # 0..100
    "risk_score": _ID,
    "is_alert": _FLAG,
    **_OBSERVABLES,
}

SCHEMAS: dict[EventClass, dict[str, DType]] = {
    EventClass.REJECT: _BASE,
    EventClass.FILE_ACTIVITY: {**_BASE, **_DEVICE, **_ACTOR, "file.path": _TEXT, "file.name": _TEXT},
    EventClass.PROCESS_ACTIVITY: {
        **_BASE,
        **_DEVICE,
        **_ACTOR,
        "process.name": _TEXT,
        "process.pid": _ID,
        "process.cmd_line": _TEXT,
        "process.file.path": _TEXT,
        "process.user.name": _TEXT,
        "process.working_directory": _TEXT,
    },
    EventClass.EVENT_LOG: {
        **_BASE,
        **_DEVICE,
        **_ACTOR,
        **_ENDPOINTS,
        "log_name": _TEXT,
        "log_provider": _TEXT,
    },
    EventClass.DETECTION_FINDING: {**_BASE, **_DEVICE, **_ENDPOINTS, **_CONNECTION, **_FINDING},
    EventClass.OWN_FINDING: {
        **_BASE,
        **_DEVICE,
        **_ENDPOINTS,
        **_CONNECTION,
        **_FINDING,
        "vedette.entity": _TEXT,
        "vedette.entity_kind": _TEXT,  # model.EntityKind
        "vedette.role": _TEXT,  # actor or target
        "vedette.score": pl.Float64,
        "vedette.p_value": pl.Float64,
    },
    EventClass.INCIDENT_FINDING: {
        **_BASE,
        "desc": _TEXT,
        "finding_info_list.uid": STRINGS,
        "finding_info_list.title": STRINGS,
        "attacks.technique.uid": STRINGS,
        "attacks.technique.name": STRINGS,
        **_OBSERVABLES,
        "confidence_score": _ID,
        "impact_id": _ID,
    },
    EventClass.ACCOUNT_CHANGE: {**_BASE, **_DEVICE, **_ACTOR, **_USER, "user_result.name": _TEXT},
    EventClass.AUTHENTICATION: {
        **_BASE,
        **_DEVICE,
        **_ACTOR,
        **_ENDPOINTS,
        **_USER,
        "auth_protocol": _TEXT,
        "logon_type_id": _ID,
        "is_remote": _FLAG,
        "service.name": _TEXT,
        "vedette.etype": _ID,  # Kerberos: encryption of the ticket given (RFC 3961; 23: RC4)
    },
    EventClass.NETWORK_ACTIVITY: {
        **_BASE,
        **_NETWORK,
        "connection_info.flag_history": _TEXT,  # Zeek's history letters
        "connection_info.tcp_flags": _ID,  # all flags seen, or-ed
        "traffic.bytes_out": _COUNT,  # src to dst, IP bytes
        "traffic.bytes_in": _COUNT,
        "traffic.bytes_missed": _COUNT,
        "traffic.packets_out": _COUNT,
        "traffic.packets_in": _COUNT,
        "vedette.payload_bytes_out": _COUNT,
        "vedette.payload_bytes_in": _COUNT,
        "vedette.frame_bytes_out": _COUNT,
        "vedette.frame_bytes_in": _COUNT,
        "vedette.tunnel": _TEXT,
    },
    EventClass.TLS_HANDSHAKE: {
        **_BASE,
        **_NETWORK,
        "tls.sni": _TEXT,
        "tls.version": _TEXT,
        "tls.cipher": _TEXT,
        "tls.ja3_hash.value": _TEXT,
        "tls.ja3s_hash.value": _TEXT,
        "ja4_fingerprint_list.value": STRINGS,
        "tls.certificate.subject": _TEXT,
        "tls.certificate.issuer": _TEXT,
        "tls.certificate.serial_number": _TEXT,
        "tls.certificate.created_time": TIME,
        "tls.certificate.expiration_time": TIME,
        "tls.certificate.is_self_signed": _FLAG,
        "vedette.alpn": STRINGS,
    },
    EventClass.HTTP_ACTIVITY: {
        **_BASE,
        **_NETWORK,
        "http_request.http_method": _TEXT,
        "http_request.version": _TEXT,
        "http_request.url.scheme": _TEXT,  # where the request says it: it was asked of a proxy (RFC 9112, 3.2.2)
        "http_request.url.hostname": _TEXT,
        "http_request.url.path": _TEXT,
        "http_request.url.query_string": _TEXT,
        "http_request.url.url_string": _TEXT,
        "http_request.user_agent": _TEXT,
        "http_request.referrer": _TEXT,
        "http_request.body_length": _COUNT,
        "http_response.code": _ID,
        "http_response.status": _TEXT,
        "http_response.content_type": _TEXT,
        "http_response.body_length": _COUNT,
        "actor.user.name": _TEXT,
    },
    EventClass.DNS_ACTIVITY: {
        **_BASE,
        **_NETWORK,
        "query.hostname": _TEXT,
        "query.type": _TEXT,
        "query.class": _TEXT,
        "query.packet_uid": _ID,  # the DNS message id
        "answers.rdata": STRINGS,
        "answers.type": STRINGS,
        "answers.ttl": pl.List(pl.Int64),
        "rcode": _TEXT,
        "rcode_id": _ID,
        "query_time": TIME,
        "response_time": TIME,
    },
    EventClass.DHCP_ACTIVITY: {**_BASE, **_NETWORK, "lease_dur": _ID, "transaction_uid": _TEXT},
    EventClass.RDP_ACTIVITY: {
        **_BASE,
        **_NETWORK,
        "identifier_cookie": _TEXT,  # the user that the client names before it logs on, cut to nine characters by some
        "protocol_ver": _TEXT,
        "vedette.security": _TEXT,  # RDP, TLS, CredSSP ...
    },
    EventClass.SMB_ACTIVITY: {
        **_BASE,
        **_NETWORK,
        "command": _TEXT,  # SMB2_COMMAND_CREATE ...
        "dialect": _TEXT,
        "share": _TEXT,
        "share_type": _TEXT,  # disk, pipe, print
        "file.name": _TEXT,  # path within the share
        "file.mime_type": _TEXT,  # by the first bytes written
        "file.size": _COUNT,
        "actor.user.name": _TEXT,
    },
    EventClass.RPC_ACTIVITY: {
        **_BASE,
        **_NETWORK,
        "dce_rpc.command": _TEXT,
        "dce_rpc.command_response": _TEXT,
        "dce_rpc.opnum": _ID,
        "dce_rpc.rpc_interface.uuid": _TEXT,
        "file.name": _TEXT,  # the named pipe, null over TCP
        "actor.user.name": _TEXT,
        "vedette.interface": _TEXT,  # svcctl, samr ... (``events.rpc``)
        "vedette.operation": _TEXT,  # CreateServiceW ...
        "vedette.arguments": STRINGS,  # texts that stand in the clear in a call's arguments, bounded
    },
    EventClass.SSH_ACTIVITY: {
        **_BASE,
        **_NETWORK,
        "protocol_ver": _TEXT,
        "auth_type": _TEXT,
        "client_hassh.fingerprint.value": _TEXT,
        "server_hassh.fingerprint.value": _TEXT,
        "vedette.client_banner": _TEXT,
        "vedette.server_banner": _TEXT,
        "vedette.auth_attempts": _ID,
    },
    EventClass.EMAIL_ACTIVITY: {
        **_BASE,
        **_ENDPOINTS,
        "direction_id": _ID,
        "email.from": _TEXT,  # the address alone
        "email.from_mailbox": _TEXT,  # as written: display name and address
        "email.sender": _TEXT,
        "email.return_path": _TEXT,
        "email.reply_to_list": STRINGS,
        "email.to": STRINGS,
        "email.cc": STRINGS,
        "email.subject": _TEXT,
        "email.message_uid": _TEXT,
        "email.size": _COUNT,  # bytes of the message
        "email.raw_header": _TEXT,  # bounded
        "email.x_originating_ip": STRINGS,
        "email.files.name": STRINGS,  # attachments, in order
        "email.files.mime_type": STRINGS,
        "email.files.size": pl.List(pl.Int64),
        "email.urls.url_string": STRINGS,  # links of text and HTML, in order, each once per text it is shown with
        "email_auth.spf": _TEXT,
        "email_auth.dkim": _TEXT,
        "email_auth.dmarc": _TEXT,
        "smtp_hello": _TEXT,
        "vedette.body_text": _TEXT,  # what a reader sees, bounded
        "vedette.hidden_text": _TEXT,  # what HTML hides from a reader, bounded
        "vedette.link_text": STRINGS,  # the text that each of email.urls is shown with
        "vedette.received": STRINGS,  # Received headers, newest first
        "vedette.plain_text": _TEXT,  # the text/plain alternative that HTML stands in for, bounded
        "vedette.file_kinds": STRINGS,  # what the first bytes of each of email.files say it is (program, zip, pdf, html ...), or ""
        "vedette.html_size": _COUNT,  # bytes of HTML that were read; the next ones count what it holds
        "vedette.forms": _ID,
        "vedette.password_fields": _ID,
        "vedette.remote_images": _ID,
        "vedette.pixel_images": _ID,  # remote images of no size
        "vedette.linked_images": _ID,  # images inside of a link
        "vedette.scripts": _ID,
        "vedette.frames": _ID,
        "vedette.base64_texts": _ID,  # texts to read that are written in base64
        "vedette.defects": STRINGS,  # what is wrong with how the message is made, in a few fixed words
    },
    EventClass.NETWORK_FILE_ACTIVITY: {
        **_BASE,
        **_NETWORK,
        "file.name": _TEXT,
        "file.mime_type": _TEXT,
        "file.size": _COUNT,
        "file.uid": _TEXT,
        "file.hashes.value": STRINGS,
    },
    EventClass.EMAIL_FILE_ACTIVITY: {
        **_BASE,
        "email_uid": _TEXT,
        "file.name": _TEXT,
        "file.mime_type": _TEXT,
        "file.size": _COUNT,
        "file.hashes.value": STRINGS,
    },
    EventClass.EMAIL_URL_ACTIVITY: {
        **_BASE,
        "email_uid": _TEXT,
        "url.url_string": _TEXT,
        "vedette.link_text": _TEXT,
    },
    EventClass.TUNNEL_ACTIVITY: {**_BASE, **_NETWORK, "tunnel_type": _TEXT},
    EventClass.OSINT_INVENTORY_INFO: {
        **_BASE,
        "osint.value": STRINGS,  # one value per row
        "osint.type_id": pl.List(pl.Int32),  # 1 IP address, 2 domain, 3 hostname, 5 URL
    },
    EventClass.REMEDIATION_ACTIVITY: {**_BASE, "command_uid": _TEXT},
}
