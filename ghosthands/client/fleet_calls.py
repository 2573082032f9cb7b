"""Calls about the installation: workers, health, numbers, alerts, models."""

from __future__ import annotations

from functools import partial
from typing import Any

from ghosthands.client.calls import Call, json_body
from ghosthands.client.fleet_results import (
    AlertList,
    Catalogue,
    Deregistration,
    Health,
    Metrics,
    Version,
    WorkerList,
)
from ghosthands.client.parsing import parse


def deregister_worker(
    target_worker_id: str, *, reason: str | None, cancel_active_jobs: bool, drain_timeout_seconds: int
) -> Call[Deregistration]:
    body: dict[str, Any] = {
        "target_worker_id": target_worker_id,
        "cancel_active_jobs": cancel_active_jobs,
        "drain_timeout_seconds": drain_timeout_seconds,
    }
    if reason is not None:
        body["reason"] = reason
    return Call(
        method="POST",
        path="/valet/workers/deregister",
        read=partial(parse, Deregistration),
        body=json_body(body),
        thing="worker",
    )


def _get(path: str, answer: type[Any], *, accepts: frozenset[int] = frozenset()) -> Call[Any]:
    return Call(method="GET", path=path, read=partial(parse, answer), may_repeat=True, accepts=accepts)


LIST_WORKERS: Call[WorkerList] = _get("/monitoring/workers", WorkerList)
# 503 says "unhealthy", with the reasons in the body.
GET_HEALTH: Call[Health] = _get("/monitoring/health", Health, accepts=frozenset({503}))
GET_VERSION: Call[Version] = _get("/health/version", Version)
GET_METRICS: Call[Metrics] = _get("/monitoring/metrics/json", Metrics)
LIST_ALERTS: Call[AlertList] = _get("/monitoring/alerts", AlertList)
LIST_MODELS: Call[Catalogue] = _get("/models", Catalogue)
