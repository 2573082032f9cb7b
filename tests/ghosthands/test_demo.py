"""The demo as a person runs it: real PostgreSQL, web server, worker and Chromium, all started and all stopped."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ghosthands import embedded

pytestmark = [pytest.mark.process, pytest.mark.browser]

SECONDS = 120.0


@contextmanager
def demo(data_dir: Path, *arguments: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    """Start the demo with a database and files of its own; one that does not end is killed with all it started."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("GH_", "DATABASE_"))}
    kept = {name: os.environ[name] for name in ("GH_CHROMIUM",) if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", *arguments],
        cwd=embedded.REPOSITORY,
        env={**ours, **kept, "GH_DATA_DIR": str(data_dir), "PYTHONFAULTHANDLER": "1", **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(SECONDS)
            for pid in left_over(data_dir):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def output_of(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Return what it printed by its end; one that does not end says where it stands, and fails the test."""
    try:
        return process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        shown, errors = process.communicate(timeout=SECONDS)
        pytest.fail(f"It went on:\n{shown}\n{errors}")


def left_over(data_dir: Path) -> dict[int, str]:
    """Return the processes that still work for this demo, with their command lines."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, PermissionError, ProcessLookupError):
            command = (path / "cmdline").read_bytes()
            if bytes(data_dir) in (path / "environ").read_bytes() + command:
                found[int(path.name)] = command.decode().replace("\0", " ")
    return found


def test_once_applies_shows_what_arrived_and_stops_everything(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with demo(data_dir, "--once", f"--port={port}") as process:
            shown, errors = process.communicate(timeout=SECONDS)

    assert process.returncode == 0, shown + errors
    assert f"Port {port} is taken; using" in shown
    number = re.search(r"Confirmation number: (APP-\w+)", shown)
    assert number
    assert (data_dir / "board" / "received" / f"{number[1]}.json").is_file()
    for fact in ("dana.whitlock@example.com", "resume.pdf", "Brightwater Metering", "Alder & Pine Robotics"):
        assert fact in shown
    pictures = re.findall(r"^  (/\S+\.png)$", shown, re.MULTILINE)
    assert len(pictures) >= 2
    assert all(Path(picture).is_file() for picture in pictures)

    login = re.search(r"Admin: +(\S+) +operator / (\S+)", shown)
    key = re.search(r"Service key: +(\S+)", shown)
    assert login
    assert key
    logs = "".join(path.read_text() for path in (data_dir / "logs").iterdir())
    assert login[2] not in logs
    assert key[1] not in logs
    assert left_over(data_dir) == {}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_stops_everything_in_the_middle_of_the_job(
    data_dir: Path, number: signal.Signals
) -> None:
    with demo(data_dir) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "Started" in line:
                break
        process.send_signal(number)
        shown, errors = output_of(process)

    assert process.returncode == 130, shown + errors
    assert shown.rstrip().endswith("Stopped.")
    assert left_over(data_dir) == {}


def test_a_worker_that_cannot_start_is_explained(data_dir: Path) -> None:
    with demo(data_dir, "--once", GH_CHROMIUM="/no/such/chromium") as process:
        _, errors = process.communicate(timeout=SECONDS)

    assert process.returncode == 1
    assert "The worker ended with status 1" in errors
    assert "/no/such/chromium" in errors
    assert left_over(data_dir) == {}
