"""The rules of the house hold in this repository, and each rule can tell when it is broken."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader

from ghosthands import client
from tests import source_rules as rules
from workers.handlers import HANDLERS
from workers.inputs import CHECKS

ROOT = Path(__file__).parents[1]
PACKAGES = ("ghosthands", "jobs", "valet", "workers")
WRITERS = {"jobs/intake.py", "jobs/transitions.py", "jobs/claims.py"}
GENERATED = {"__pycache__", "media", "staticfiles", "htmlcov", "results"}
HIDDEN_BUT_OURS = {".ci", ".github", ".gitignore", ".dockerignore"}
RULES = {"tests/test_architecture.py", "tests/source_rules.py"}
KNOWN_JOB_TYPES = {"apply", "scrape", "fill_form", "custom"}


def sources(*folders: str) -> dict[str, str]:
    """Give the Python files of these folders: path below the root to text."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in paths}


def texts() -> Iterator[tuple[str, str]]:
    """Give every text file that belongs to the project."""
    for folder, names, files in os.walk(ROOT):
        names[:] = filter(is_ours, names)
        for path in (Path(folder, name) for name in filter(is_ours, files)):
            with suppress(UnicodeDecodeError):
                yield path.relative_to(ROOT).as_posix(), path.read_text()


def is_ours(name: str) -> bool:
    return name in HIDDEN_BUT_OURS or not (name in GENERATED or name.startswith("."))


OWN = sources(*PACKAGES)
ALL = sources(*PACKAGES, "tests", "bench")


class TestThisRepository:
    def test_only_three_modules_write_a_status(self) -> None:
        others = {
            path: text for path, text in OWN.items() if path not in WRITERS and "/migrations/" not in path
        }
        assert {path: lines for path, text in others.items() if (lines := rules.status_writes(text))} == {}
        assert all(rules.status_writes(OWN[path]) for path in WRITERS)

    def test_nobody_reaches_into_the_writers(self) -> None:
        found = {
            path: names
            for path, text in OWN.items()
            if (names := rules.private_imports(text, {"jobs.lifecycle", "jobs.claims"}))
        }
        assert found == {}

    def test_files_are_short(self) -> None:
        lengths = {path: len(text.splitlines()) for path, text in ALL.items()}
        assert {path: n for path, n in lengths.items() if n > rules.MAX_FILE_LINES} == {}

    def test_functions_are_short(self) -> None:
        assert {path: found for path, text in ALL.items() if (found := rules.long_functions(text))} == {}

    def test_modules_have_names_that_say_something(self) -> None:
        assert [path for path in ALL if rules.is_vague(path)] == []

    def test_the_project_package_and_the_client_stand_alone(self) -> None:
        allowed = sys.stdlib_module_names | {"httpx"}
        modules = {path: text for path, text in OWN.items() if path.startswith("ghosthands/client/")}
        imported = set().union(*(rules.imported_packages(text) for text in modules.values()))
        foreign = {name for name in imported - allowed if not name.startswith(client.__name__)}
        assert foreign == set()
        assert OWN["ghosthands/__init__.py"] == ""

    def test_there_is_a_handler_for_each_job_type(self) -> None:
        assert set(HANDLERS) == set(CHECKS) == KNOWN_JOB_TYPES

    def test_every_command_is_run_by_some_test(self) -> None:
        commands = [
            path.stem
            for package in PACKAGES
            for path in (ROOT / package / "management/commands").glob("[!_]*.py")
        ]
        tests = {path: text for path, text in sources("tests").items() if path not in RULES}
        assert commands
        assert rules.untested_commands(commands, tests) == []

    def test_the_lock_is_pinned_and_names_no_index(self) -> None:
        lock = (ROOT / "requirements.lock").read_text()
        assert rules.addresses_in_lock(lock) == []
        assert rules.unpinned(lock) == []

    @pytest.mark.parametrize("app", ["jobs", "valet"])
    def test_migrations_are_one_line(self, app: str) -> None:
        found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
        chain = {
            name: [before for other, before in migration.dependencies if other == app]
            for (label, name), migration in (found or {}).items()
            if label == app
        }
        assert rules.broken_chain(chain) == []

    def test_nothing_names_a_directory_of_some_machine(self) -> None:
        assert {path: lines for path, text in texts() if (lines := rules.machine_paths(text))} == {}


class TestTheRules:
    @pytest.mark.parametrize(
        "source",
        [
            "job.status = 'failed'",
            "self.job.status = 'failed'",
            "job.status, n = 'failed', 1",
            "job.status: str = 'failed'",
            "job.status += 'x'",
            "Job.objects.filter(id=1).update(status='failed')",
            "Job.objects.update(**{'status': 'failed'})",
            "Job.objects.update(**dict(status='failed'))",
            "Job.objects.update(**changes)",
            "Job.objects.update_or_create(id=1, defaults=changes)",
            "Job.objects.create(status='failed')",
            "Job.objects.update_or_create(id=1, defaults={'status': 'failed'})",
            "Job.objects.bulk_create([Job(status='failed')])",
            "Job.objects.bulk_update(jobs, ['status'])",
            "async def f():\n    await jobs.aupdate(status='failed')",
            "models.Job(status='failed')",
            "job.save(update_fields=['worker_id', 'status'])",
            "setattr(job, 'status', 'failed')",
            "sql = 'UPDATE gh_automation_jobs SET worker_id = 1, status = 2'",
            "sql = 'insert into gh_automation_jobs (status) values (1)'",
            "sql = f'''update gh_automation_jobs\n set status = {x}'''",
        ],
    )
    def test_a_status_written_elsewhere_is_found(self, source: str) -> None:
        assert rules.status_writes(source)

    @pytest.mark.parametrize(
        "source",
        [
            "Job.objects.filter(status='failed')",
            "Job.objects.filter(status='failed').update(priority=1)",
            "Worker.objects.filter(worker_id='a').update(status='offline')",
            "Worker.objects.update_or_create(worker_id='a', defaults={'status': 'active'})",
            "JobEvent.objects.create(**fields)",
            "Job.objects.update(**{'priority': 1})",
            "HttpResponse(status=204)",
            "if job.status == 'failed': pass",
            "self.status = 404",
            "status = job.status",
            "job.status_message = 'x'",
            "job.save(update_fields=['worker_id'])",
            "sql = 'select status from gh_automation_jobs'",
            "class Job:\n    status: str",
        ],
    )
    def test_reading_a_status_is_free(self, source: str) -> None:
        assert rules.status_writes(source) == []

    def test_the_line_is_told(self) -> None:
        assert rules.status_writes("x = 1\n\njob.status = x\n") == [3]

    @pytest.mark.parametrize(
        "source", ["from jobs.lifecycle import _move", "from jobs import claims\nclaims._take(job, 'a')"]
    )
    def test_reaching_into_a_writer_is_found(self, source: str) -> None:
        assert rules.private_imports(source, {"jobs.lifecycle", "jobs.claims"})

    def test_calling_a_writer_is_free(self) -> None:
        source = "from jobs import claims, lifecycle\nlifecycle.cancel(1)\nclaims.__name__\nself._move()"
        assert rules.private_imports(source, {"jobs.lifecycle", "jobs.claims"}) == []

    def test_a_long_function_is_found(self) -> None:
        def function(lines: int) -> str:
            return "@decorated\nasync def work():\n" + "    x = 1\n" * (lines - 2)

        assert rules.long_functions(function(60)) == []
        assert rules.long_functions(function(61)) == ["work (61 lines)"]

    @pytest.mark.parametrize("path", ["jobs/utils.py", "jobs/api/_helpers.py", "valet/services/__init__.py"])
    def test_a_vague_name_is_found(self, path: str) -> None:
        assert rules.is_vague(path)
        assert not rules.is_vague("workers/hands/observe.py")

    def test_imports_are_read(self) -> None:
        source = (
            "import json, django.db\nfrom ghosthands.settings import X\nfrom . import y\nfrom httpx import Z"
        )
        assert rules.imported_packages(source) == {
            "json",
            "django",
            "ghosthands.settings",
            "ghosthands",
            "httpx",
        }

    @pytest.mark.parametrize(
        "line",
        [
            "--index-" + "url https://mirror.example.com/simple",
            "--extra-index-" + "url mirror",
            "--find-links wheels",
            "--trusted-host mirror",
            "-i mirror",
            "package @ http://mirror.example.com/package.whl",
            "package @ file:///tmp/package.whl",
            "    # from https://mirror.example.com",
        ],
    )
    def test_an_index_in_the_lock_is_found(self, line: str) -> None:
        lock = "anyio==4.16.0 \\\n    --hash=sha256:59bb\n    # via httpx\n"
        assert rules.addresses_in_lock(lock) == []
        assert rules.addresses_in_lock(lock + line + "\n") == [line]

    @pytest.mark.parametrize(
        "entry", ["idna>=3 \\\n    --hash=sha256:59bb\n", "idna==3.10\n    # via httpx\n"]
    )
    def test_an_open_requirement_in_the_lock_is_found(self, entry: str) -> None:
        lock = "# made by a tool\nanyio==4.16.0 \\\n    --hash=sha256:59bb\n    # via httpx\n"
        assert rules.unpinned(lock) == []
        assert len(rules.unpinned(lock + entry)) == 1

    @pytest.mark.parametrize("path", ["/" + "work/main", "cd /" + "work", "'/" + "root/.cache'"])
    def test_a_machine_path_is_found(self, path: str) -> None:
        assert rules.machine_paths(f"first\nsee {path}\n") == [f"see {path}"]

    @pytest.mark.parametrize(
        "text", ["/worker/status", "https://example.com/work/1", "a checkout below /root.", "../work/x"]
    )
    def test_an_address_is_no_machine_path(self, text: str) -> None:
        assert rules.machine_paths(text) == []

    @pytest.mark.parametrize(
        "test",
        [
            "call_command('job', 'ls')",
            'call_command(\n    "job"\n)',
            '[sys.executable, "manage.py", "job", *args]',
            '[python, str(ROOT / "manage.py"), "job"]',
            "run('python manage.py job ls')",
        ],
    )
    def test_a_command_in_a_test_is_found(self, test: str) -> None:
        assert rules.untested_commands(["job"], {"tests/test_it.py": test}) == []

    @pytest.mark.parametrize("test", ["", "job = 'job'", "call_command('job_board')", "manage.py jobs"])
    def test_a_command_without_a_test_is_found(self, test: str) -> None:
        assert rules.untested_commands(["job"], {"tests/test_it.py": test}) == ["job"]

    @pytest.mark.parametrize(
        "chain",
        [
            {"0001_initial": [], "0003_more": ["0001_initial"]},
            {"0001_initial": [], "0002_a": ["0001_initial"], "0002_b": ["0001_initial"]},
            {"0001_initial": [], "0002_a": ["0001_initial"], "0003_b": ["0001_initial"]},
            {"0001_initial": [], "0002_a": []},
            {"0001_initial": [], "0002_a": ["0001_initial"], "0003_merge": ["0001_initial", "0002_a"]},
            {"initial": []},
        ],
    )
    def test_a_broken_chain_is_found(self, chain: dict[str, list[str]]) -> None:
        assert rules.broken_chain(chain)

    def test_a_chain_is_free(self) -> None:
        assert rules.broken_chain({"0001_initial": [], "0002_a": ["0001_initial"]}) == []
