from __future__ import annotations

from typer.testing import CliRunner

from vedette.app.token_cli import token


def test_every_command_tells_what_it_does() -> None:
    said = CliRunner().invoke(token, ["--help"]).output
    for command in ("add", "list", "revoke"):
        assert command in said
        assert CliRunner().invoke(token, [command, "--help"]).exit_code == 0


def test_a_role_that_is_none_is_refused() -> None:
    found = CliRunner().invoke(token, ["add", "ada", "--role", "king"])
    assert found.exit_code == 2
    assert "viewer" in found.output
