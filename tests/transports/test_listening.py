from __future__ import annotations

import pytest

from vedette.transports.listening import listening


@pytest.mark.parametrize(
    ("listen", "parts"),
    [
        ("127.0.0.1:8751", ("127.0.0.1", 8751)),
        ("0.0.0.0:0", ("0.0.0.0", 0)),
        ("[::1]:2055", ("::1", 2055)),
        ("10.0.0.1:65535", ("10.0.0.1", 65_535)),
    ],
)
def test_address_and_port(listen: str, parts: tuple[str, int]) -> None:
    assert listening(listen) == parts


@pytest.mark.parametrize(
    "listen", ["", "127.0.0.1", "127.0.0.1:", "10.0.0.1:65536", "10.0.0.1:-1", "10.0.0.1:²", "10.0.0.1:٣"]
)
def test_no_port(listen: str) -> None:
    with pytest.raises(ValueError, match=r"no port|does not appear to be"):
        listening(listen)


@pytest.mark.parametrize("listen", ["localhost:80", "tcp://10.0.0.1:80", ":80", "10.0.0.256:80"])
def test_a_name_is_no_address(listen: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        listening(listen)
