from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as settings_module

from ghosthands import checks, embedded
from ghosthands.environment import KNOWN_NAMES, encryption_key, networks, secret_key
from tests.workers.processes import database_url


def test_a_misspelt_name_is_reported_with_a_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH_SERVICE_SECERT", "x")
    [found] = [message for message in checks.names_are_known() if "SECERT" in message.msg]
    assert (found.id, found.hint) == ("ghosthands.W001", "Did you mean GH_SERVICE_SECRET?")


def test_known_names_are_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KNOWN_NAMES:
        monkeypatch.setenv(name, "x")
    assert not [message for message in checks.names_are_known() if "SECERT" in message.msg]


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        ({"GH_JWT_SECRET": "short", "GH_JWKS_URL": ""}, ["ghosthands.E001"]),
        ({"GH_JWT_SECRET": "x" * 32, "GH_JWKS_URL": "https://id.example.com/jwks"}, ["ghosthands.E002"]),
        ({"GH_JWT_SECRET": "x" * 32, "GH_JWKS_URL": ""}, []),
    ],
)
def test_weak_or_doubtful_keys_are_errors(settings: Any, given: dict[str, str], ids: list[str]) -> None:
    for name, value in given.items():
        setattr(settings, name, value)
    assert [message.id for message in checks.signing_keys_are_strong()] == ids


def test_a_server_that_nobody_can_call_is_reported(settings: Any) -> None:
    settings.GH_SERVICE_SECRET = settings.GH_JWT_SECRET = settings.GH_JWKS_URL = ""
    assert [message.id for message in checks.somebody_can_call()] == ["ghosthands.W002"]


def test_a_server_that_can_keep_nothing_secret_is_reported(settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = []
    assert [message.id for message in checks.secrets_can_be_kept()] == ["ghosthands.W003"]
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert list(checks.secrets_can_be_kept()) == []


@pytest.mark.process
@pytest.mark.skipif(shutil.which("openssl") is None, reason="the documented keys are made with openssl")
def test_the_settings_that_the_readme_documents_for_production_leave_nothing_to_say() -> None:
    section = (settings_module.BASE_DIR / "README.md").read_text().partition("### In production")[2]
    documented = re.findall(
        r"^([A-Z_]+)=(\S+)(?: +# (openssl .*))?", section.partition("```\n\n")[0], re.MULTILINE
    )
    made = {
        name: subprocess.run(
            ["/bin/sh", "-c", command], capture_output=True, text=True, check=True
        ).stdout.strip()
        if command
        else value
        for name, value, command in documented
    }
    assert {"GH_ENCRYPTION_KEYS", "DJANGO_SECRET_KEY", "GH_HTTPS"} <= made.keys()
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("GH_", "DJANGO_"))}
    told = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"],
        check=False,
        cwd=embedded.REPOSITORY,
        env={**plain, **made, "DATABASE_URL": database_url()},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (told.returncode, told.stderr) == (0, "")


def test_networks_name_what_is_none() -> None:
    from django.core.exceptions import ImproperlyConfigured

    assert [str(network) for network in networks(["10.0.0.0/8", " ::1/128 "])] == ["10.0.0.0/8", "::1/128"]
    with pytest.raises(ImproperlyConfigured, match=r"10\.0\.0\.1/8"):
        networks(["10.0.0.1/8"])


def test_an_encryption_key_for_trying_things_is_made_once(tmp_path: Any) -> None:
    key = encryption_key(tmp_path)
    Fernet(key)
    assert encryption_key(tmp_path) == key != secret_key(tmp_path)


def test_the_secret_key_is_made_once_and_private(tmp_path: Any) -> None:
    key = secret_key(tmp_path)
    assert len(key) >= 50
    assert secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_name_that_leads_nowhere_is_an_error(settings: Any) -> None:
    assert list(checks.named_functions_exist()) == []
    settings.WORKER_ERRANDS = {"valet.callbacks.deliver_do": 1.0}
    [found] = checks.named_functions_exist()
    assert found.id == "ghosthands.E004"


def test_an_encryption_key_that_is_none_is_an_error(settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), "short"]
    [found] = checks.encryption_keys_are_keys()
    assert (found.id, "number 2" in found.msg) == ("ghosthands.E003", True)


def test_the_readme_names_every_setting() -> None:
    table = (settings_module.BASE_DIR / "README.md").read_text()
    assert [name for name in sorted(KNOWN_NAMES) if f"| `{name}` |" not in table] == []


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("GH_POLL_SECONDS", "soon", "GH_POLL_SECONDS: 'soon' is not a number"),
        ("GH_ATTEND_SECONDS", "-1", "GH_ATTEND_SECONDS: -1 is less than 0"),
        ("DATABASE_URL", "mysql://a:secret@127.0.0.1/b", "DATABASE_URL is not of the form postgres://"),
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none", "The database does not answer: "),
    ],
)
@pytest.mark.process
def test_a_wrong_value_is_told_in_a_sentence(name: str, value: str, told: str) -> None:
    ran = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        check=False,
        cwd=embedded.REPOSITORY,
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 1
    assert told in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "secret" not in ran.stderr
