from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from vedette.errors import StoreError
from vedette.store.state.connect import Database, file_url


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "not a URL"),
        ("mysql://host/name", "no store can be kept in 'mysql'"),
        ("postgresql+asyncpg://host/name", "no store can be kept"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
    ],
)
def test_other_places_are_refused_in_words(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        Database(url)


def test_a_password_is_never_told() -> None:
    database = Database("postgresql://vedette:geheim@127.0.0.1:1/none")
    assert "geheim" not in database.place
    with pytest.raises(StoreError) as error, database.read():
        pytest.fail("nobody listens there")
    assert "geheim" not in str(error.value)
    assert "is PostgreSQL running" in error.value.hint


def test_a_file_and_its_folder_are_their_owner_s_alone(tmp_path: Path) -> None:
    database = Database(file_url(tmp_path / "new" / "x.sqlite"))
    with database.write() as connection:
        connection.execute(text("CREATE TABLE t (a)"))
        modes = {p.name: p.stat().st_mode & 0o777 for p in (tmp_path / "new").iterdir()}
    database.close()
    assert modes.pop("x.sqlite") == 0o600
    assert modes
    assert set(modes.values()) == {0o600}, "nor may others read what is not in the file yet"
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_any_sign_may_stand_in_a_path(tmp_path: Path) -> None:
    path = tmp_path / "a b" / "c?d%20#é" / "x.sqlite"
    database = Database(file_url(path))
    with database.write() as connection:
        connection.execute(text("CREATE TABLE t (a)"))
    database.close()
    assert path.stat().st_size
    assert make_url(file_url(path)).database == str(path)


def test_a_store_that_is_not_there_is_not_made_when_it_must_be(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        Database(file_url(tmp_path / "x.sqlite"), create=False)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot make the store"):
        Database(file_url(tmp_path / "file" / "x.sqlite"))


def test_what_is_no_database_is_told_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(b"this is no database" * 100)
    database = Database(file_url(path))
    with pytest.raises(StoreError, match="not a database") as error, database.read():
        pytest.fail("it cannot be read")
    assert "vedette restore" in error.value.hint
    database.close()


def test_an_error_undoes_the_whole_transaction(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE t (a INTEGER)"))

    def broken() -> None:
        with database.write() as connection:
            connection.execute(text("INSERT INTO t VALUES (1)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()

    def refused() -> None:
        with database.write() as connection:
            connection.execute(text("INSERT INTO t VALUES (1)"))
            connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(StoreError, match="nowhere"):
        refused()
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM t")).scalar() == 0
    database.close()


def test_a_reader_sees_one_moment(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE t (a INTEGER)"))
    count = text("SELECT count(*) FROM t")
    with database.read() as reader:
        assert reader.execute(count).scalar() == 0
        with database.write() as writer:
            writer.execute(text("INSERT INTO t VALUES (1)"))
        assert reader.execute(count).scalar() == 0
    with database.read() as reader:
        assert reader.execute(count).scalar() == 1
    database.close()


def test_a_reader_cannot_write_to_a_server(new_server_url: Callable[[], str]) -> None:
    database = Database(new_server_url())
    with pytest.raises(StoreError, match="read-only"), database.read() as connection:
        connection.execute(text("CREATE TABLE t (a INTEGER)"))
    database.close()


def test_commits_are_on_the_disk_and_erased_rows_are_overwritten(tmp_path: Path) -> None:
    database = Database(file_url(tmp_path / "x.sqlite"))
    with database.read() as connection:
        told = {
            p: connection.exec_driver_sql(f"PRAGMA {p}").scalar()
            for p in ("journal_mode", "synchronous", "secure_delete")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
    database.close()


def test_who_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "vedette.store.state.connect._PRAGMAS", ("PRAGMA busy_timeout = 50", "PRAGMA journal_mode = WAL")
    )
    path = tmp_path / "x.sqlite"
    database = Database(file_url(path))
    with database.write() as connection:
        connection.execute(text("CREATE TABLE t (a)"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked") as error, database.write():
        pytest.fail("two wrote")
    assert "another process is writing" in error.value.hint
    other.execute("ROLLBACK")
    other.close()
    with database.write() as connection:
        connection.execute(text("INSERT INTO t VALUES (1)"))
    database.close()


def test_a_full_disk_is_told_and_what_was_stored_stays(small_disk: Path) -> None:
    database = Database(file_url(small_disk / "x.sqlite"))
    with database.write() as connection:
        connection.execute(text("CREATE TABLE t (a)"))
        connection.execute(text("INSERT INTO t VALUES ('first')"))

    def fill() -> None:
        for _ in range(100):
            with database.write() as connection:
                connection.execute(text("INSERT INTO t VALUES (zeroblob(200000))"))

    with pytest.raises(StoreError, match="full") as error:
        fill()
    assert "make room" in error.value.hint
    with database.read() as connection:
        assert connection.execute(text("SELECT a FROM t ORDER BY rowid LIMIT 1")).scalar() == "first"
    database.close()


def test_a_connection_that_the_server_cut_is_made_anew(new_server_url: Callable[[], str]) -> None:
    """The server was restarted: the next question is answered."""
    url = new_server_url()
    database, other = Database(url), Database(url)
    with database.read() as connection:
        connection.execute(text("SELECT 1"))
    with other.write() as connection:
        cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert connection.execute(text(cut)).scalar() == 1
    with database.read() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    database.close()
    other.close()


def test_a_connection_that_is_cut_in_a_transaction_is_told(new_server_url: Callable[[], str]) -> None:
    url = new_server_url()
    database, other = Database(url), Database(url)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

    def broken() -> None:
        with database.write() as connection:
            connection.execute(text("CREATE TABLE t (a INTEGER)"))
            with other.write() as admin:
                admin.execute(text(cut))
            connection.execute(text("INSERT INTO t VALUES (1)"))

    with pytest.raises(StoreError, match=r"terminating connection|closed"):
        broken()
    with database.write() as connection:
        connection.execute(text("CREATE TABLE t (a INTEGER)"))  # nothing of it is there
    database.close()
    other.close()
