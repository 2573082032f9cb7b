"""The answers, as plain objects in the shapes of `shapes`. Source: CONTRACT sections 8 and 13."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from ghosthands.monitoring import exposition, snapshot, wellbeing
from ghosthands.monitoring.alerts import Alert, alerts
from ghosthands.monitoring.snapshot import Snapshot
from ghosthands.monitoring.wellbeing import Check
from jobs.api.fields import write_time
from jobs.registry import Standing
from jobs.states import Status

SERVICE = "ghosthands"


def health() -> dict[str, Any]:
    is_well = wellbeing.database_answers()
    return {
        "status": "ok" if is_well else "unhealthy",
        "api_healthy": is_well,
        "service": SERVICE,
        "version": _version(),
        "environment": settings.GH_ENVIRONMENT,
        "commit_sha": settings.GH_COMMIT_SHA,
        "timestamp": _now(),
    }


def version() -> dict[str, Any]:
    return {
        "service": SERVICE,
        "version": _version(),
        "environment": settings.GH_ENVIRONMENT,
        "commit_sha": settings.GH_COMMIT_SHA,
        "image_tag": settings.GH_IMAGE_TAG,
        "build_time": settings.GH_BUILD_TIME,
        "uptime_ms": _uptime_ms(),
        "node_env": settings.GH_ENVIRONMENT,
    }


def system() -> dict[str, Any]:
    found = monitoring_health()
    uptime = found.pop("uptime")
    return found | {"service": SERVICE, "environment": settings.GH_ENVIRONMENT, "uptime_ms": uptime}


def monitoring_health() -> dict[str, Any]:
    found = wellbeing.checks()
    return {
        "status": wellbeing.worst(found),
        "version": _version(),
        "uptime": _uptime_ms(),
        "checks": [_check(check) for check in found],
        "timestamp": _now(),
    }


def metrics() -> dict[str, Any]:
    """Give the numbers of the newest snapshot. Raises django.db.Error."""
    seen = snapshot.look()
    answered, faults = exposition.requests_answered()
    return {
        "jobs": _jobs(seen),
        "llm": {
            "calls": seen.totals["calls"],
            "totalInputTokens": seen.totals["input_tokens"],
            "totalOutputTokens": seen.totals["output_tokens"],
            "totalCostCents": seen.totals["usd"] * 100,
        },
        "worker": _worker_numbers(seen),
        "callbacks": {"waiting": seen.totals["callbacks_waiting"], "dead": seen.totals["callbacks_dead"]},
        "api": {"totalRequests": answered, "totalErrors": faults},
        "uptime": _uptime_ms(),
    }


def active_alerts() -> list[dict[str, Any]]:
    """Give the alerts of the newest snapshot. Raises django.db.Error."""
    return [_alert(alert) for alert in alerts(snapshot.look())]


def alert_list() -> dict[str, Any]:
    found = active_alerts()
    return {"count": len(found), "alerts": found, "checkedAt": _now()}


def workers() -> dict[str, Any]:
    """Give the fleet of the newest snapshot. Raises django.db.Error."""
    found = [_worker(standing) for standing in snapshot.look().workers]
    return {"count": len(found), "workers": found, "timestamp": _now()}


def dashboard() -> dict[str, Any]:
    return {
        "health": monitoring_health(),
        "metrics": metrics(),
        "activeAlerts": active_alerts(),
        "timestamp": _now(),
    }


def _jobs(seen: Snapshot) -> dict[str, int]:
    ended = (Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.EXPIRED)
    return {
        "created": seen.totals["created"],
        **{status.value: seen.ended(status) for status in ended},
        "retried": sum(found.retried for found in seen.finished),
        "running": seen.depth(Status.RUNNING),
        "paused": seen.depth(Status.PAUSED),
    }


def _worker_numbers(seen: Snapshot) -> dict[str, int]:
    rows = [standing.worker for standing in seen.workers]
    return {
        "activeJobs": seen.totals["held"],
        "maxConcurrent": sum(int((one.worker.metadata or {}).get("max_concurrent", 1)) for one in seen.alive),
        "totalProcessed": sum(row.jobs_completed + row.jobs_failed for row in rows),
        "queueDepth": seen.depth(Status.PENDING),
        "alive": len(seen.alive),
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "status": check.status,
        "message": check.message,
        "latencyMs": check.latency_ms,
    }


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "name": alert.name,
        "severity": alert.severity,
        "message": alert.message,
        "triggeredAt": write_time(alert.triggered_at),
        "metadata": alert.metadata,
    }


def _worker(standing: Standing) -> dict[str, Any]:
    row = standing.worker
    names = ("worker_id", "target_worker_id", "ec2_instance_id", "ec2_ip", "jobs_completed", "jobs_failed")
    return {name: getattr(row, name) for name in names} | {
        "status": standing.status,
        "current_job_id": row.current_job_id and str(row.current_job_id),
        "registered_at": write_time(row.registered_at),
        "last_heartbeat": write_time(row.last_heartbeat),
        "uptime_seconds": standing.uptime_seconds,
    }


def _version() -> str:
    return str(settings.SPECTACULAR_SETTINGS["VERSION"])


def _uptime_ms() -> int:
    return round(wellbeing.uptime_seconds() * 1000)


def _now() -> str:
    return write_time(datetime.now(UTC))
