"""Floods and guessing in captures and logs of other people, where they are beside this checkout: found, and named by kind."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
import zstandard

from vedette.abc import Detector, Source
from vedette.app.engine import Engine
from vedette.config import Config
from vedette.plugins import discover
from vedette.sources.authlog import AuthLog
from vedette.sources.pcap import Pcap

DETECTORS = {
    *(
        "amplification",
        "brute_force",
        "connection_flood",
        "distributed_guessing",
        "forged_sources",
        "http_brute_force",
        "http_flood",
    ),
    *(
        "icmp_flood",
        "logon_after_failures",
        "password_spray",
        "service_brute_force",
        "slow_http",
        "ssh_guessing",
        "syn_ack_reflection",
    ),
    *("syn_flood", "tcp_flood", "udp_flood"),
}

NAMED = {
    ("net/pcap-stopddos", "amp.TCP.reflection.SYNACK.pcap"): {"TCP SYN-ACK reflection"},
    ("net/pcap-stopddos", "amp.TCP.syn.optionallyACK.optionallysamePort.pcapng"): {"TCP SYN-ACK reflection"},
    ("net/pcap-stopddos", "amp.UDP.bacnet.IOT.37810.pcapng"): {
        "BACnet amplification",
        "DVR discovery amplification",
        "UDP flood",
    },
    ("net/pcap-stopddos", "pkt.TCP.DOMINATE.syn.ecn.cwr.pcapng"): {"SYN flood"},
    ("net/pcap-markofu", "ftp-crack.pcap"): {"FTP password guessing"},
    ("net/pcap-markofu", "dosattack.pcap"): {"Flood with forged addresses"},
    ("net/pcap-markofu", "torrential-slowness.pcap"): set(),
    ("net/pcap-markofu", "ftp-uploadfailed.pcap"): set(),
    ("net/pcap-attack", "CA_kerbrute_passwordspray_kerberos_AS-REQ.pcapng"): {"Kerberos password guessing"},
    ("host/loghub-2k", "OpenSSH_2k.log"): {"Password brute force", "Password spraying"},
}


def _titles(source: type[Source], data: bytes) -> set[str]:
    engine = Engine(Config(), [cls for name, cls in discover(Detector).items() if name in DETECTORS])
    for batch in source().read(io.BytesIO(data)):
        engine.feed(batch, "input")
    return {finding.title for finding in engine.close().findings}


@pytest.mark.data
@pytest.mark.parametrize(("folder", "name"), NAMED)
def test_is_named_by_kind(shared_data: Path, folder: str, name: str) -> None:
    path = shared_data / folder / f"{folder.rpartition('/')[2]}.tar.zst"
    with (
        path.open("rb") as packed,
        zstandard.ZstdDecompressor().stream_reader(packed) as plain,
        tarfile.open(fileobj=plain, mode="r|") as archive,
    ):
        data = _member(archive, name)
    assert _titles(AuthLog if name.endswith(".log") else Pcap, data) == NAMED[folder, name]


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    for member in archive:
        if Path(member.name).name == name and (stream := archive.extractfile(member)) is not None:
            return stream.read()
    pytest.fail(f"{name} is not in the archive")
