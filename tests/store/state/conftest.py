"""A store of each kind: SQLite in a file, and PostgreSQL where this machine has one."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from vedette.store.state.connect import file_url
from vedette.store.state.state import State

NOBODY = "nobody"
"""Who runs PostgreSQL where the tests run as root, whom it refuses."""
_STARTED_WITHIN_SECONDS = 30.0


def program(name: str) -> str | None:
    """Return where a program of PostgreSQL lies: Debian keeps them apart by version."""
    packaged = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[-3]))
    return str(packaged[-1]) if packaged else shutil.which(name)


def _run(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    """Begin a program, as somebody else than root, who has the folder alone."""
    other = {"user": NOBODY, "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    log = (folder / "log").open("ab")
    try:
        return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **other)  # type: ignore[call-overload, no-any-return]  # noqa: S603
    finally:
        log.close()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Start PostgreSQL on a socket of its own; give its folder. Skips where it is not installed."""
    initdb, postgres = program("initdb"), program("postgres")
    if initdb is None or postgres is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="vedette-pg-"))  # a socket's path must be short
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, NOBODY, "nogroup")
        made = [initdb, "-D", str(folder / "data"), "-U", "vedette", "-A", "trust", "-E", "UTF8", "--no-sync"]
        if _run([*made, "--locale=C.UTF-8"], folder).wait(120):
            pytest.fail(f"initdb failed: {(folder / 'log').read_text()[-2000:]}")
        quiet = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_connections=60"]
        running = _run([postgres, "-D", str(folder / "data"), "-k", str(folder), *quiet], folder)
        try:
            _await(folder, running)
            yield str(folder)
        finally:
            running.send_signal(signal.SIGQUIT)  # at once: nothing is to be kept
            running.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _await(folder: Path, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTED_WITHIN_SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), user="vedette", dbname="postgres").close()
        except psycopg.OperationalError:
            if running.poll() is not None or time.monotonic() > until:
                pytest.fail(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def new_server_url(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Give URLs of fresh databases of PostgreSQL."""
    folder = request.getfixturevalue("server")
    names: list[str] = []

    def fresh(of: str = "template1") -> str:
        names.append(f"test_{getpass.getuser()}_{os.getpid()}_{time.monotonic_ns()}")
        _admin(folder, f'CREATE DATABASE "{names[-1]}" TEMPLATE {of}')
        return f"postgresql+psycopg://vedette@/{names[-1]}?host={folder}"

    yield fresh
    for name in names:
        _admin(folder, f'DROP DATABASE "{name}" WITH (FORCE)')


def _admin(folder: str, statement: str) -> None:
    with psycopg.connect(host=folder, user="vedette", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture
def new_file_url(tmp_path: Path) -> Callable[[], str]:
    """Give URLs of fresh files."""
    count = iter(range(1_000))
    return lambda: f"sqlite:///{tmp_path}/store{next(count)}/state.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Give URLs of fresh stores of each kind in turn."""
    name = "new_file_url" if request.param == "sqlite" else "new_server_url"
    found: Callable[[], str] = request.getfixturevalue(name)
    return found


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    return new_url()


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty store, made once: making the tables takes longer than most tests."""
    path = tmp_path_factory.mktemp("made") / "state.sqlite"
    State.open(file_url(path)).close()
    return path


@pytest.fixture(scope="session")
def made_database(server: str) -> str:
    """Return the name of a database with an empty store."""
    _admin(server, "CREATE DATABASE made")
    State.open(f"postgresql+psycopg://vedette@/made?host={server}").close()
    return "made"


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """Give a store of each kind in turn, empty."""
    if request.param == "sqlite":
        made = request.getfixturevalue("made_file")
        url = file_url(Path(shutil.copy(made, tmp_path / "state.sqlite")))
    else:
        url = request.getfixturevalue("new_server_url")(of=request.getfixturevalue("made_database"))
    opened = State.open(url)
    yield opened
    opened.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of two megabytes, or skip: it takes root, and a kernel that allows it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None or os.geteuid() != 0:
        pytest.skip("a small disk cannot be mounted here")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m", "vedette-test", str(folder)], check=False)  # noqa: S603
    if made.returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run([umount, "-l", str(folder)], check=True)  # noqa: S603
