"""Child processes are watched while they live and gone when their context ends."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ghosthands import processes
from ghosthands.processes import Child, Children, ProcessDiedError

GRANDCHILD = (
    "import subprocess, sys, time; child = subprocess.Popen(['sleep', '600']);"
    "print(child.pid, flush=True); time.sleep(600)"
)
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True);"
    "time.sleep(600)"
)
TWICE = (
    "import signal, sys, time\n"
    "asked = []\n"
    "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7) if asked else asked.append(1))\n"
    "print('ready', flush=True)\n"
    "while True: time.sleep(600)\n"
)


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def start(children: Children, tmp_path: Path, program: str) -> Child:
    return children.start("child", "-c", program, env={}, cwd=tmp_path)


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that only waits for its parent does not."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_end_of_the_context_ends_children_and_grandchildren(tmp_path: Path) -> None:
    with Children(tmp_path / "logs") as children:
        child = start(children, tmp_path, GRANDCHILD)
        wait_until(child.log.read_text)
        grandchild = int(child.log.read_text())
        children.check()

    assert child.process.returncode == -signal.SIGTERM
    wait_until(lambda: not is_running(grandchild))


@pytest.mark.parametrize(("program", "status"), [(TWICE, 7), (STUBBORN, -signal.SIGKILL)])
def test_a_child_that_goes_on_is_asked_again_and_then_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, status: int
) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 1.0)
    with Children(tmp_path / "logs") as children:
        child = start(children, tmp_path, program)
        wait_until(child.log.read_text)

    assert child.process.returncode == status


def test_a_child_that_dies_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    with Children(tmp_path / "logs") as children:
        child = start(children, tmp_path, "print('the reason'); raise SystemExit(3)")
        child.process.wait(timeout=60)

        with pytest.raises(ProcessDiedError, match=r"(?s)child ended with status 3.*the reason"):
            children.check()


def test_children_get_our_environment_and_their_own(tmp_path: Path) -> None:
    with Children(tmp_path / "logs") as children:
        program = "import os; print(os.environ['PATH'], os.environ['EXTRA'])"
        child = children.start("child", "-c", program, env={"EXTRA": "given"}, cwd=tmp_path)
        child.process.wait(timeout=60)

    assert child.log.read_text() == f"{os.environ['PATH']} given\n"
