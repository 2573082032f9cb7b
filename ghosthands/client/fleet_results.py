"""What the calls about the installation answer. Source: CONTRACT sections 8 and 13."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A worker as it is now: `status` is active, draining or offline."""

    worker_id: str
    status: str
    registered_at: datetime
    last_heartbeat: datetime
    uptime_seconds: int
    jobs_completed: int = 0
    jobs_failed: int = 0
    target_worker_id: str | None = None
    current_job_id: str | None = None
    ec2_instance_id: str | None = None
    ec2_ip: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerList:
    count: int
    workers: tuple[Worker, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deregistration:
    """What happened to the workers' jobs: failed, held for a person, or given time to finish."""

    deregistered_workers: tuple[str, ...] = ()
    cancelled_job_ids: tuple[str, ...] = ()
    held_job_ids: tuple[str, ...] = ()
    draining_job_ids: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    name: str
    status: str
    message: str
    latency_ms: int = field(metadata={"key": "latencyMs"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`status` is healthy, degraded or unhealthy: that of the worst check."""

    status: str
    version: str
    checks: tuple[Check, ...] = ()

    @property
    def is_healthy(self) -> bool:
        return self.status == "healthy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    service: str
    version: str
    environment: str
    commit_sha: str
    image_tag: str
    build_time: str
    uptime_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Jobs and costs of the last 24 hours, workers now, requests of the server's process since its start."""

    jobs: JsonObject
    llm: JsonObject
    worker: JsonObject
    api: JsonObject
    callbacks: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A reason to look; `severity` is critical or warning."""

    id: str
    name: str
    severity: str
    message: str
    triggered_at: datetime = field(metadata={"key": "triggeredAt"})
    metadata: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertList:
    count: int
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    alias: str
    model: str
    provider: str
    provider_name: str
    vision: bool
    cost: JsonObject
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    name: str
    description: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    default: str
    total: int
    models: tuple[Model, ...] = ()
    presets: tuple[Preset, ...] = ()
