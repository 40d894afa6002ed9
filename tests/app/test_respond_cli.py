from typer.testing import CliRunner

from vedette.app.respond_cli import respond


def test_every_command_tells_what_it_does() -> None:
    said = CliRunner().invoke(respond, ["--help"]).output
    for command in ("list", "approve", "reject", "undo", "stop", "resume", "tick", "verify"):
        assert command in said
        assert CliRunner().invoke(respond, [command, "--help"]).exit_code == 0
