"""The worker's own HTTP port: what it tells in each condition, and who may drain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from workers.status_server import Condition, StatusServer

IDLE = Condition(
    active_jobs=0, max_concurrent=2, is_draining=False, uptime=12.5, since_turn=0.1, since_heartbeat=3.0
)


class Worker:
    """A worker as far as its port is concerned."""

    def __init__(self) -> None:
        self.condition = IDLE
        self.base = ""

    def drain(self) -> None:
        self.condition = replace(self.condition, is_draining=True)

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        answer = httpx.get(self.base + path, timeout=10, trust_env=False)
        return answer.status_code, answer.json()


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    server = StatusServer(
        "127.0.0.1", 0, worker_id="adam", condition=lambda: worker.condition, drain=worker.drain
    )
    worker.base = f"http://127.0.0.1:{server.port}"
    server.start()
    yield worker
    server.close()


def test_the_status_is_what_valet_reads(worker: Worker, settings: Any) -> None:
    settings.EC2_INSTANCE_ID, settings.AWS_ASG_NAME = "i-0abc", "hands"
    status, facts = worker.get("/worker/status?x=1")
    assert (status, facts.pop("timestamp")[-1]) == (200, "Z")
    assert facts == {
        "worker_id": "adam",
        "ec2_instance_id": "i-0abc",
        "ec2_ip": None,
        "active_jobs": 0,
        "max_concurrent": 2,
        "is_running": True,
        "is_draining": False,
        "dispatch_mode": "legacy",
        "asg_name": "hands",
        "uptime_ms": 12500,
    }


def test_only_an_idle_worker_is_healthy_for_a_deploy(worker: Worker) -> None:
    assert worker.get("/worker/health") == (200, {"status": "idle", "active_jobs": 0, "deploy_safe": True})
    worker.condition = replace(IDLE, active_jobs=1)
    assert worker.get("/worker/health") == (503, {"status": "busy", "active_jobs": 1, "deploy_safe": False})
    worker.condition = replace(IDLE, is_draining=True)
    assert worker.get("/worker/health") == (
        503,
        {"status": "draining", "active_jobs": 0, "deploy_safe": True},
    )


def test_life_and_readiness(worker: Worker) -> None:
    assert [worker.get(path)[0] for path in ("/livez", "/readyz")] == [200, 200]
    worker.condition = replace(IDLE, since_heartbeat=None)
    assert [worker.get(path)[0] for path in ("/livez", "/readyz")] == [200, 503]
    worker.condition = replace(IDLE, since_turn=61.0, since_heartbeat=61.0)
    assert [worker.get(path)[0] for path in ("/livez", "/readyz")] == [503, 503]
    assert worker.get("/jobs")[0] == 404


def test_draining_needs_the_service_key(worker: Worker, settings: Any) -> None:
    def drain(headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        answer = httpx.post(f"{worker.base}/worker/drain", headers=headers, timeout=10, trust_env=False)
        return answer.status_code, answer.json()

    key = settings.GH_SERVICE_SECRET
    assert drain({})[0] == 401
    assert drain({"X-GH-Service-Key": f"{key}x"})[0] == 401
    settings.GH_SERVICE_SECRET = ""
    assert drain({"X-GH-Service-Key": ""})[0] == 401
    assert worker.condition is IDLE
    settings.GH_SERVICE_SECRET = key
    told = {"status": "draining", "active_jobs": 0, "worker_id": "adam"}
    assert drain({"X-GH-Service-Key": key}) == (200, told)
    assert worker.condition.is_draining
