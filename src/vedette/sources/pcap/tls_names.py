"""Names of TLS versions, cipher suites and alerts (IANA's registries)."""

from __future__ import annotations

from typing import Final

VERSIONS: Final = {0x0300: "SSLv3", 0x0301: "TLSv10", 0x0302: "TLSv11", 0x0303: "TLSv12", 0x0304: "TLSv13"}

# Families of suites with ids in a row: the words before WITH, first id, the words behind it.
_FAMILIES: Final[tuple[tuple[str, int, str], ...]] = (
    ("RSA", 0x0001, "NULL_MD5 NULL_SHA"),
    ("RSA", 0x0004, "RC4_128_MD5 RC4_128_SHA"),
    ("RSA", 0x0009, "DES_CBC_SHA 3DES_EDE_CBC_SHA"),
    ("DHE_DSS", 0x0012, "DES_CBC_SHA 3DES_EDE_CBC_SHA"),
    ("DHE_RSA", 0x0015, "DES_CBC_SHA 3DES_EDE_CBC_SHA"),
    ("DH_anon", 0x0018, "RC4_128_MD5"),
    ("RSA", 0x002F, "AES_128_CBC_SHA"),
    ("DHE_DSS", 0x0032, "AES_128_CBC_SHA"),
    ("DHE_RSA", 0x0033, "AES_128_CBC_SHA"),
    ("DH_anon", 0x0034, "AES_128_CBC_SHA"),
    ("RSA", 0x0035, "AES_256_CBC_SHA"),
    ("DHE_DSS", 0x0038, "AES_256_CBC_SHA"),
    ("DHE_RSA", 0x0039, "AES_256_CBC_SHA"),
    ("DH_anon", 0x003A, "AES_256_CBC_SHA"),
    ("RSA", 0x003B, "NULL_SHA256 AES_128_CBC_SHA256 AES_256_CBC_SHA256"),
    ("RSA", 0x0041, "CAMELLIA_128_CBC_SHA"),
    ("DHE_RSA", 0x0045, "CAMELLIA_128_CBC_SHA"),
    ("DHE_RSA", 0x0067, "AES_128_CBC_SHA256"),
    ("DHE_RSA", 0x006B, "AES_256_CBC_SHA256"),
    ("RSA", 0x0084, "CAMELLIA_256_CBC_SHA"),
    ("DHE_RSA", 0x0088, "CAMELLIA_256_CBC_SHA"),
    ("RSA", 0x0096, "SEED_CBC_SHA"),
    ("RSA", 0x009C, "AES_128_GCM_SHA256 AES_256_GCM_SHA384"),
    ("DHE_RSA", 0x009E, "AES_128_GCM_SHA256 AES_256_GCM_SHA384"),
    ("ECDHE_ECDSA", 0xC006, "NULL_SHA RC4_128_SHA 3DES_EDE_CBC_SHA AES_128_CBC_SHA AES_256_CBC_SHA"),
    ("ECDHE_RSA", 0xC010, "NULL_SHA RC4_128_SHA 3DES_EDE_CBC_SHA AES_128_CBC_SHA AES_256_CBC_SHA"),
    ("ECDHE_ECDSA", 0xC023, "AES_128_CBC_SHA256 AES_256_CBC_SHA384"),
    ("ECDHE_RSA", 0xC027, "AES_128_CBC_SHA256 AES_256_CBC_SHA384"),
    ("ECDHE_ECDSA", 0xC02B, "AES_128_GCM_SHA256 AES_256_GCM_SHA384"),
    ("ECDHE_RSA", 0xC02F, "AES_128_GCM_SHA256 AES_256_GCM_SHA384"),
    ("RSA", 0xC09C, "AES_128_CCM AES_256_CCM"),
    ("DHE_RSA", 0xC09E, "AES_128_CCM AES_256_CCM"),
    ("ECDHE_ECDSA", 0xC0AC, "AES_128_CCM AES_256_CCM AES_128_CCM_8 AES_256_CCM_8"),
    ("ECDHE_RSA", 0xCCA8, "CHACHA20_POLY1305_SHA256"),
    ("ECDHE_ECDSA", 0xCCA9, "CHACHA20_POLY1305_SHA256"),
    ("DHE_RSA", 0xCCAA, "CHACHA20_POLY1305_SHA256"),
)
CIPHERS: Final = {
    **{
        first + i: f"TLS_{family}_WITH_{suite}"
        for family, first, suites in _FAMILIES
        for i, suite in enumerate(suites.split())
    },
    **{
        0x1301 + i: f"TLS_{suite}"
        for i, suite in enumerate(
            (
                "AES_128_GCM_SHA256",
                "AES_256_GCM_SHA384",
                "CHACHA20_POLY1305_SHA256",
                "AES_128_CCM_SHA256",
                "AES_128_CCM_8_SHA256",
            )
        )
    },
}
ALERTS: Final = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    22: "record_overflow",
    40: "handshake_failure",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    109: "missing_extension",
    110: "unsupported_extension",
    112: "unrecognized_name",
    116: "certificate_required",
    120: "no_application_protocol",
}
FATAL: Final = 2


def version_name(number: int) -> str:
    """Return a protocol version as Zeek writes it, or ``0xNNNN``."""
    return VERSIONS.get(number) or f"0x{number:04X}"


def cipher_name(number: int) -> str:
    """Return a suite's IANA name, or ``0xNNNN``."""
    return CIPHERS.get(number) or f"0x{number:04X}"


def alert_name(number: int) -> str:
    """Return an alert's name."""
    return ALERTS.get(number) or f"alert {number}"
