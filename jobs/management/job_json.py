"""The JSON of the `job` command. Personal values are masked here too: scripts' output ends up in logs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from jobs.models import Job, JobEvent
from jobs.presentation import shown_data, shown_input, shown_text, shown_url
from jobs.waiting import why_waiting


def row(job: Job) -> dict[str, Any]:
    """Give what a list tells of a job."""
    return {
        "id": str(job.id),
        "status": job.status,
        "job_type": job.job_type,
        "target_url": shown_url(job.target_url),
        "target_worker_id": job.target_worker_id,
        "worker_id": job.worker_id,
        "created_at": job.created_at.isoformat(),
    }


def details(job: Job, progress: JobEvent | None) -> dict[str, Any]:
    """Give everything about a job that is not personal."""
    return row(job) | {
        "status_message": shown_text(job.status_message) or None,
        "waits_for": why_waiting(job, timezone.now()) if job.is_unclaimed else [],
        "task_description": shown_text(job.task_description),
        "progress": shown_data(progress.metadata) if progress and not job.is_terminal else None,
        "attempt": job.attempt,
        "retry_count": job.retry_count,
        "max_retries": job.max_retries,
        "priority": job.priority,
        "tags": job.tags,
        "user_id": str(job.user_id) if job.user_id else None,
        "valet_task_id": job.valet_task_id,
        "scheduled_at": _iso(job.scheduled_at),
        "started_at": _iso(job.started_at),
        "completed_at": _iso(job.completed_at),
        "paused_at": _iso(job.paused_at),
        "last_heartbeat": _iso(job.last_heartbeat),
        "interaction_type": job.interaction_type,
        "interaction_data": shown_data(job.interaction_data),
        "may_have_submitted": job.may_have_submitted,
        "error_code": job.error_code,
        "error_details": shown_data(job.error_details),
        "result_summary": shown_text(job.result_summary) or None,
        "result_data": shown_data(job.result_data),
        "input_data": shown_input(job.input_data),
        "screenshot_urls": job.screenshot_urls,
    }


def event(event: JobEvent) -> dict[str, Any]:
    """Give one event of a job's log."""
    return {
        "id": event.id,
        "created_at": event.created_at.isoformat(),
        "event_type": event.event_type,
        "from_status": event.from_status,
        "to_status": event.to_status,
        "message": shown_text(event.message) or None,
        "actor": event.actor,
        "metadata": shown_data(event.metadata),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
