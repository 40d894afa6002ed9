"""TLS names: the registry's, else numbers."""

from __future__ import annotations

import pytest

from vedette.sources.pcap.tls_names import CIPHERS, alert_name, cipher_name, version_name


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (0x0005, "TLS_RSA_WITH_RC4_128_SHA"),
        (0x000A, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
        (0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA"),
        (0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"),
        (0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256"),
        (0x009D, "TLS_RSA_WITH_AES_256_GCM_SHA384"),
        (0xC00A, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
        (0xC014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
        (0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        (0xCCA9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
        (0x1301, "TLS_AES_128_GCM_SHA256"),
        (0x1305, "TLS_AES_128_CCM_8_SHA256"),
        (0xABCD, "0xABCD"),
    ],
)
def test_ciphers(number: int, name: str) -> None:
    assert cipher_name(number) == name


def test_no_cipher_has_two_numbers() -> None:
    assert len(set(CIPHERS.values())) == len(CIPHERS)


def test_versions_and_alerts() -> None:
    assert [version_name(v) for v in (0x0300, 0x0303, 0x0304, 0x7F1C)] == ["SSLv3", "TLSv12", "TLSv13", "0x7F1C"]
    assert [alert_name(n) for n in (40, 70, 200)] == ["handshake_failure", "protocol_version", "alert 200"]
