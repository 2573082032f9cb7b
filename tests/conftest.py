from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any
from uuid import UUID

import jwt
import pytest
from django.conf import settings
from rest_framework.test import APIClient

from jobs.models import Job
from tests.factories import make_job


def pytest_configure() -> None:
    """Hear Ctrl-C and a closing terminal again: who runs the tests in the background may have them ignored, and
    children inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def job_factory(db: Any) -> Callable[..., Job]:
    return make_job


@pytest.fixture
def api() -> APIClient:
    """A client that holds the service key."""
    return APIClient(headers={"X-GH-Service-Key": settings.GH_SERVICE_SECRET})


@pytest.fixture
def user_api() -> Callable[[UUID], APIClient]:
    """Make a client that holds a user's token."""

    def client(user_id: UUID) -> APIClient:
        token = jwt.encode(
            {"sub": str(user_id), "exp": 4102444800}, settings.GH_JWT_SECRET, algorithm="HS256"
        )
        return APIClient(headers={"Authorization": f"Bearer {token}"})

    return client
