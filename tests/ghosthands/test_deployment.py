"""The Makefile, the set-up script, the lock files and the container files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ghosthands.embedded import REPOSITORY

DRIVER = ".venv/lib/python3.11/site-packages/playwright/driver/node"
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="others than root need sudo, too")
LOCKS = ("requirements.lock", "deploy/web.lock", "deploy/worker.lock")


def pins(name: str) -> dict[str, str]:
    """Return version by package; fail on a package without a hash."""
    found = {}
    for entry in re.split(r"\n(?=[a-z0-9])", (REPOSITORY / name).read_text()):
        match = re.match(r"([a-z0-9.-]+)(?:\[[^]]+\])?==(\S+)", entry)
        assert match, entry
        assert "--hash=sha256:" in entry, entry
        found[match[1]] = match[2]
    return found


@pytest.mark.parametrize("image", ["web", "worker"])
def test_images_get_the_versions_that_were_tested(image: str) -> None:
    assert pins(f"deploy/{image}.lock").items() <= pins("requirements.lock").items()
    assert ("playwright" in pins(f"deploy/{image}.lock")) == (image == "worker")
    assert "pytest" not in pins(f"deploy/{image}.lock")


@pytest.mark.parametrize("name", [*LOCKS, "Makefile", "scripts/setup", "scripts/lock", "scripts/check"])
def test_nothing_names_a_registry(name: str) -> None:
    assert "://" not in (REPOSITORY / name).read_text()


def test_compose_has_no_default_for_a_secret() -> None:
    for name, rest in re.findall(r"\$\{(\w+)([^}]*)\}", (REPOSITORY / "compose.yaml").read_text()):
        if re.search("PASSWORD|SECRET|KEY", name):
            assert rest.startswith(":?"), name


def test_make_lists_every_target() -> None:
    listed = subprocess.run(["make"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    phony = re.search(r"^\.PHONY: (.+)$", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)

    assert phony
    assert re.findall(r"^  make ([\w-]+)", listed, re.MULTILINE) == phony[1].split()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing installed, on a machine with next to nothing."""
    for name in ("scripts/setup", "requirements.lock"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / name, target)
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("cmp", "cp", "dirname", "id", "ls", "tail"):
        (tools / tool).symlink_to(str(shutil.which(tool)))
    return tmp_path


def stub(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def setup(checkout: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "scripts/setup"],
        cwd=checkout,
        env={"PATH": str(checkout / "bin"), "HOME": str(checkout), **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def with_environment(checkout: Path) -> None:
    """Pretend that the virtual environment is there and whole."""
    stub(checkout / ".venv" / "bin" / "python", "exit 0")
    stub(checkout / DRIVER, "exit 0")
    shutil.copy(checkout / "requirements.lock", checkout / ".venv" / "requirements.lock")


def test_setup_wants_a_recent_python(checkout: Path) -> None:
    stub(checkout / "bin" / "python3", "exit 1")

    answer = setup(checkout)

    assert answer.returncode == 1
    assert answer.stderr.strip() == "Python 3.11 or newer is needed, and no python3 here is."


def test_setup_wants_the_venv_package(checkout: Path) -> None:
    stub(checkout / "bin" / "python3", 'case "$2" in *ensurepip*) exit 1;; esac')

    answer = setup(checkout)

    assert answer.returncode == 1
    assert "apt-get install python3-venv" in answer.stderr


def test_setup_installs_only_when_the_lock_changed(checkout: Path) -> None:
    with_environment(checkout)
    stub(checkout / "bin" / "chromium", "exit 0")
    unchanged = setup(checkout)
    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    changed, again = setup(checkout), setup(checkout)

    assert [answer.returncode for answer in (unchanged, changed, again)] == [0, 0, 0]
    assert "Installing the packages" in changed.stdout
    assert unchanged.stdout == again.stdout == ""


def test_setup_shows_why_the_packages_could_not_be_installed(checkout: Path) -> None:
    stub(checkout / ".venv" / "bin" / "python", 'case "$*" in *install*) echo no room; exit 1;; esac')

    answer = setup(checkout)

    assert answer.returncode == 1
    assert answer.stderr.splitlines()[0] == "no room"
    assert ".venv/pip.log" in answer.stderr
    assert not (checkout / ".venv" / "requirements.lock").exists()


def test_setup_wants_the_chromium_that_was_named(checkout: Path) -> None:
    with_environment(checkout)

    assert "GH_CHROMIUM names /no/such" in setup(checkout, GH_CHROMIUM="/no/such").stderr
    assert setup(checkout, GH_CHROMIUM="/bin/true").returncode == 0


def test_setup_takes_playwrights_own_chromium(checkout: Path) -> None:
    with_environment(checkout)
    (checkout / ".cache" / "ms-playwright" / "chromium-1200").mkdir(parents=True)

    assert setup(checkout).returncode == 0


def test_setup_without_a_chromium_names_the_ways_out(checkout: Path) -> None:
    with_environment(checkout)

    answer = setup(checkout)

    assert answer.returncode == 1
    assert "GH_CHROMIUM" in answer.stderr
    assert "playwright install chromium" in answer.stderr


def apt_get(checkout: Path, effect: str) -> None:
    """Give the machine an apt-get that records its calls."""
    stub(checkout / "bin" / "env", 'shift; exec "$@"')
    stub(checkout / "bin" / "apt-get", f'echo "$@" >>apt-calls; case "$*" in *install*) {effect};; esac')


@AS_ROOT
def test_setup_installs_what_the_system_lacks(checkout: Path) -> None:
    with_environment(checkout)
    (checkout / DRIVER).unlink()
    apt_get(checkout, f"/bin/ln -s /bin/true {DRIVER}; /bin/ln -s /bin/true bin/chromium")

    answer = setup(checkout)

    assert answer.returncode == 0, answer.stderr
    update, install = (checkout / "apt-calls").read_text().splitlines()
    assert update.endswith("update")
    assert install.split()[-3:] == ["chromium", "fonts-liberation", "libatomic1"]


@AS_ROOT
def test_setup_installs_no_second_chromium(checkout: Path) -> None:
    with_environment(checkout)
    stub(checkout / DRIVER, "exit 127")
    stub(checkout / "bin" / "chromium", "exit 0")
    apt_get(checkout, "exit 0")

    answer = setup(checkout)

    assert answer.returncode == 1
    assert "libatomic1" in answer.stderr
    assert (checkout / "apt-calls").read_text().splitlines()[1].endswith("install libatomic1")


@AS_ROOT
def test_setup_shows_why_apt_get_failed(checkout: Path) -> None:
    with_environment(checkout)
    apt_get(checkout, "echo no network; exit 100")

    answer = setup(checkout)

    assert answer.returncode == 1
    assert answer.stderr.splitlines()[0] == "no network"
    assert "No Chromium was found" in answer.stderr
