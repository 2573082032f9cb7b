from __future__ import annotations

import asyncio
import inspect
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ghosthands import embedded
from ghosthands.client import AsyncGhostHandsClient, GhostHandsClient

Connect = Callable[..., Any]


class Awaited:
    """Gives an asynchronous client the methods of the other, so that one test speaks to both."""

    def __init__(self, client: AsyncGhostHandsClient, runner: asyncio.Runner) -> None:
        self.client = client
        self._runner = runner

    def __repr__(self) -> str:
        return repr(self.client)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.client, name)
        assert inspect.iscoroutinefunction(method)
        return partial(self._call, method)

    def _call(self, method: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return self._runner.run(method(*args, **named))


@pytest.fixture(params=["sync", "async"])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Make clients of either kind; they are closed in the end."""
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner()) if request.param == "async" else None

        def make(api_url: str, api_key: str | None = None, **options: Any) -> Any:
            if runner is None:
                return stack.enter_context(GhostHandsClient(api_url, api_key, **options))
            client = Awaited(AsyncGhostHandsClient(api_url, api_key, **options), runner)
            stack.callback(client.close)
            return client

        yield make


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A directory that the server's account can reach; pytest's own is closed to others."""
    path = Path(tempfile.mkdtemp(dir="/var/tmp"))
    path.chmod(0o755)
    yield path
    embedded.stop(path)
    shutil.rmtree(path)
