"""The parts of an EVE record that we take, as typed structs in the order in which Suricata writes them.

Fields that are not named here are passed over without becoming objects, which is what makes this quick
(https://docs.suricata.io/en/latest/output/eve/eve-json-format.html). Every field but the first two may be absent.
"""

from __future__ import annotations

import msgspec

from vedette.events.jsonlines import Int64, Port


class Part(msgspec.Struct, gc=False):
    """An object inside a record."""


class Fingerprint(Part):
    """``ja3``, ``ja3s`` and ``hassh``."""

    hash: str | None = None


class Tcp(Part):
    """Flags as two hexadecimal digits: both directions, to the server, to the client."""

    tcp_flags: str | None = None
    tcp_flags_ts: str | None = None
    tcp_flags_tc: str | None = None


class Flow(Part):
    """``flow``: both directions; bytes include the link header."""

    pkts_toserver: Int64 | None = None
    pkts_toclient: Int64 | None = None
    bytes_toserver: Int64 | None = None
    bytes_toclient: Int64 | None = None
    start: str | None = None
    end: str | None = None
    state: str | None = None


class Netflow(Part):
    """``netflow``: one direction of a flow."""

    pkts: Int64 | None = None
    bytes: Int64 | None = None
    start: str | None = None
    end: str | None = None


class Question(Part):
    """What was asked, in ``dns`` of version 3."""

    rrname: str | None = None
    rrtype: str | None = None


class Answer(Part):
    """One resource record of a DNS answer."""

    rrtype: str | None = None
    ttl: Int64 | None = None
    rdata: str | None = None


class Dns(Part):
    """``dns`` of versions 1 (an event per answer), 2 (``answers``) and 3 (``queries``, type request or response)."""

    type: str | None = None
    id: Int64 | None = None
    rcode: str | None = None
    rrname: str | None = None
    rrtype: str | None = None
    ttl: Int64 | None = None
    rdata: str | None = None
    queries: list[Question] | None = None
    answers: list[Answer] | None = None
    grouped: msgspec.Raw = msgspec.Raw()


class Http(Part):
    """``http``."""

    hostname: str | None = None
    url: str | None = None
    http_user_agent: str | None = None
    http_content_type: str | None = None
    http_refer: str | None = None
    http_method: str | None = None
    protocol: str | None = None
    status: Int64 | None = None
    length: Int64 | None = None


class Tls(Part):
    """``tls``, and ``quic``, whose hello has the same fields."""

    subject: str | None = None
    issuerdn: str | None = None
    serial: str | None = None
    sni: str | None = None
    version: str | None = None
    notbefore: str | None = None
    notafter: str | None = None
    ja3: Fingerprint | None = None
    ja3s: Fingerprint | None = None
    ja4: str | None = None
    client_alpns: list[str] | None = None


class SshSide(Part):
    """One side of an ``ssh`` record."""

    proto_version: str | None = None
    software_version: str | None = None
    hassh: Fingerprint | None = None


class Ssh(Part):
    """``ssh``."""

    client: SshSide | None = None
    server: SshSide | None = None


class Smtp(Part):
    """``smtp``: the envelope."""

    helo: str | None = None
    mail_from: str | None = None
    rcpt_to: list[str] | None = None


class Email(Part):
    """``email``: the message inside an ``smtp`` record."""

    sender: str | None = msgspec.field(default=None, name="from")
    to: list[str] | None = None
    subject: str | None = None
    message_id: str | None = None


class Fileinfo(Part):
    """``fileinfo``."""

    filename: str | None = None
    magic: str | None = None
    md5: str | None = None
    sha1: str | None = None
    sha256: str | None = None
    size: Int64 | None = None
    file_id: Int64 | None = None


class Dhcp(Part):
    """``dhcp``."""

    type: str | None = None
    id: Int64 | None = None
    client_mac: str | None = None
    assigned_ip: str | None = None
    dhcp_type: str | None = None
    hostname: str | None = None
    lease_time: Int64 | None = None


class Arp(Part):
    """``arp``."""

    opcode: str | None = None
    src_mac: str | None = None
    src_ip: str | None = None
    dest_mac: str | None = None
    dest_ip: str | None = None


class Interface(Part):
    """An interface of ``dcerpc``."""

    uuid: str | None = None


class Dcerpc(Part):
    """``dcerpc`` inside of an ``smb`` record; ``uuid`` is that of the first of its interfaces."""

    request: str | None = None
    response: str | None = None
    opnum: Int64 | None = None
    interfaces: list[Interface] | None = None
    uuid: str | None = None

    def __post_init__(self) -> None:
        self.uuid = self.interfaces[0].uuid if self.interfaces else None


class DcerpcRequest(Part):
    """``dcerpc.req``."""

    opnum: Int64 | None = None


class DcerpcOverTcp(Part):
    """``dcerpc``, an event of its own: as inside of ``smb``, the operation apart."""

    request: str | None = None
    response: str | None = None
    req: DcerpcRequest | None = None
    interfaces: list[Interface] | None = None
    uuid: str | None = None

    def __post_init__(self) -> None:
        self.uuid = self.interfaces[0].uuid if self.interfaces else None


class Ntlmssp(Part):
    """``smb.ntlmssp``."""

    domain: str | None = None
    user: str | None = None
    host: str | None = None


class Smb(Part):
    """``smb``."""

    dialect: str | None = None
    command: str | None = None
    status: str | None = None
    filename: str | None = None
    disposition: str | None = None
    share: str | None = None
    share_type: str | None = None
    named_pipe: str | None = None
    size: Int64 | None = None
    ntlmssp: Ntlmssp | None = None
    dcerpc: Dcerpc | None = None


class Krb5(Part):
    """``krb5``."""

    msg_type: str | None = None
    failed_request: str | None = None
    error_code: str | None = None
    cname: str | None = None
    realm: str | None = None
    sname: str | None = None
    encryption: str | None = None


class Rdp(Part):
    """``rdp``."""

    event_type: str | None = None
    cookie: str | None = None
    protocol: str | None = None


class Anomaly(Part):
    """``anomaly``."""

    type: str | None = None
    event: str | None = None
    layer: str | None = None


class Side(Part):
    """Attacker or victim, as a rule with the keyword ``target`` says."""

    ip: str | None = None
    port: Port | None = None


class Metadata(Part):
    """What we read of a rule's free metadata."""

    mitre_technique_id: list[str] | None = None


class Alert(Part):
    """``alert``."""

    action: str | None = None
    gid: Int64 | None = None
    signature_id: Int64 | None = None
    rev: Int64 | None = None
    signature: str | None = None
    category: str | None = None
    severity: Int64 | None = None
    source: Side | None = None
    target: Side | None = None
    metadata: Metadata | None = None


class Eve(msgspec.Struct, gc=False):
    """A line of ``eve.json``."""

    timestamp: str
    event_type: str
    flow_id: Int64 | None = None
    src_ip: str | None = None
    src_port: Port | None = None
    dest_ip: str | None = None
    dest_port: Port | None = None
    proto: str | None = None
    icmp_type: Int64 | None = None
    icmp_code: Int64 | None = None
    alert: Alert | None = None
    app_proto: str | None = None
    flow: Flow | None = None
    netflow: Netflow | None = None
    tcp: Tcp | None = None
    dns: Dns | None = None
    http: Http | None = None
    tls: Tls | None = None
    quic: Tls | None = None
    ssh: Ssh | None = None
    smtp: Smtp | None = None
    email: Email | None = None
    fileinfo: Fileinfo | None = None
    dhcp: Dhcp | None = None
    arp: Arp | None = None
    anomaly: Anomaly | None = None
    smb: Smb | None = None
    dcerpc: DcerpcOverTcp | None = None
    krb5: Krb5 | None = None
    rdp: Rdp | None = None
