"""Translate VALET's words into a job, and a job into VALET's words. Pure. Source: CONTRACT sections 3 and 5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jobs.api.fields import write_time
from jobs.intake import NewJob
from jobs.lifecycle import Resolution
from jobs.models import Job, JobEvent
from jobs.states import Status
from valet.interactions import Link, interaction

TIERS: Final = {"speed": "free", "balanced": "starter", "quality": "pro"}
PROGRESS_KEYS: Final = (
    "step",
    "progress_pct",
    "description",
    "action_index",
    "total_actions_estimate",
    "current_action",
    "started_at",
    "elapsed_ms",
    "eta_ms",
    "execution_mode",
    "manual_id",
)


def application(asked: Mapping[str, Any]) -> NewJob:
    """Give the job that fills in one application. `asked` is a validated Application."""
    input_data = {
        "user_data": user_data(asked["profile"]),
        "qa_overrides": dict(asked["qa_answers"]),
        "tier": TIERS[asked["quality"]],
        "platform": asked["platform"],
        **cover_letter(asked),
    }
    return _job(
        asked,
        job_type="apply",
        task_description=f"Apply to the job at {asked['target_url']}"[:1000],
        input_data=input_data,
        resume_ref=resume_ref(asked.get("resume")),
    )


def task(asked: Mapping[str, Any]) -> NewJob:
    """Give the job for any other chore. `asked` is a validated Task."""
    return _job(
        asked,
        job_type=asked["job_type"],
        task_description=asked["task_description"],
        input_data=asked["input_data"],
        resume_ref=None,
    )


def user_data(profile: Mapping[str, Any]) -> dict[str, Any]:
    """Give the profile as handlers read it: the location flattened, and nothing that was not told."""
    flat = {**profile, **(profile.get("location") or {})}
    flat.pop("location", None)
    return {name: _told(value) for name, value in flat.items() if value is not None}


def resume_ref(resume: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Give where the resume is, or None when VALET names no file (`storage_path: ""`)."""
    return {name: place for name, place in (resume or {}).items() if place} or None


def cover_letter(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Give the letter as handlers read it: its text, where its file is, both or neither."""
    letter = {
        "cover_letter": asked.get("cover_letter"),
        "cover_letter_ref": resume_ref(asked.get("cover_letter_ref")),
    }
    return {name: value for name, value in letter.items() if value}


def accepted(job: Job) -> dict[str, Any]:
    """Give the answer to a submission."""
    return {
        "job_id": str(job.id),
        "valet_task_id": job.valet_task_id,
        "status": job.status,
        "created_at": write_time(job.created_at),
    }


def status(job: Job, *, progress: JobEvent | None, has_session: bool, link: Link) -> dict[str, Any]:
    """Give what VALET shows of a job.

    `progress` is the job's newest progress event, `has_session` whether the site's session is kept for its user; `link`
    makes an address of a screenshot's storage name.
    """
    return {
        "job_id": str(job.id),
        "valet_task_id": job.valet_task_id,
        "status": job.status,
        "status_message": job.status_message,
        "target_worker_id": job.target_worker_id,
        "worker_id": job.worker_id,
        "progress": _progress(job, progress),
        "result": _result(job, link),
        "error": _error(job),
        "interaction": interaction(job, link),
        "timestamps": {
            "created_at": _time(job.created_at),
            "started_at": _time(job.started_at),
            "completed_at": _time(job.completed_at),
        },
        "execution_mode": job.execution_mode,
        "browser_mode": job.browser_mode,
        "final_mode": job.final_mode,
        "manual": None,
        "browser_session_available": has_session,
        **_cost(job),
    }


def callback_payload(job: Job, status: str, *, has_session: bool, link: Link) -> dict[str, Any]:
    """Give what a callback says about a job that has just become `status`. Source: CONTRACT section 7."""
    said: dict[str, Any] = {
        "job_id": str(job.id),
        "valet_task_id": job.valet_task_id,
        "status": status,
        "worker_id": job.worker_id,
        "target_worker_id": job.target_worker_id,
        "execution_mode": job.execution_mode,
        "browser_session_available": has_session,
    }
    if status == "needs_human":
        return said | _cost(job) | {"interaction": interaction(job, link)}
    if status not in {"completed", "failed", "cancelled", "expired"}:
        return said
    said |= _cost(job) | {"completed_at": _time(job.completed_at)}
    if status == "completed":
        picture = job.screenshot_urls[-1] if job.screenshot_urls else None
        said |= {
            "result_data": job.result_data,
            "result_summary": job.result_summary,
            "screenshot_url": link(picture) if picture else None,
            "browser_mode": job.browser_mode,
            "final_mode": job.final_mode,
        }
    if status == "failed":
        said |= {"error_code": job.error_code, "error_message": job.status_message}
    return said


def resumed(job: Job, resolution: Resolution) -> dict[str, Any]:
    """Give the answer to a resume. VALET reads `running` there whatever became of the job."""
    return {
        "job_id": str(job.id),
        "status": Status.RUNNING.value,
        "job_status": job.status,
        "resolved_by": resolution.resolved_by,
        "resolution_type": resolution.resolution_type,
    }


def _job(
    asked: Mapping[str, Any],
    *,
    job_type: str,
    task_description: str,
    input_data: Mapping[str, Any],
    resume_ref: Mapping[str, Any] | None,
) -> NewJob:
    models = {name: asked[name] for name in ("model", "image_model") if asked.get(name)}
    origin = {
        "source": "valet",
        "quality_preset": asked["quality"],
        "valet_task_id": asked["valet_task_id"],
        "callback_url": asked.get("callback_url"),
        "resume_ref": resume_ref,
    }
    return NewJob(
        job_type=job_type,
        target_url=asked["target_url"],
        task_description=task_description,
        input_data={**input_data, **models},
        user_id=asked["valet_user_id"],
        created_by="valet",
        priority=asked["priority"],
        max_retries=asked["max_retries"],
        timeout_seconds=asked["timeout_seconds"],
        tags=["valet", job_type],
        idempotency_key=asked.get("idempotency_key"),
        metadata={**asked["metadata"], **origin},
        target_worker_id=asked.get("target_worker_id"),
        worker_affinity=asked["worker_affinity"],
        execution_mode=asked["execution_mode"],
        callback_url=asked.get("callback_url"),
        valet_task_id=asked["valet_task_id"],
        resume_ref=resume_ref,
    )


def _told(value: Any) -> Any:
    """Copy a profile's value without the entries that say nothing."""
    if isinstance(value, list):
        return [_told(item) for item in value]
    if isinstance(value, Mapping):
        return {name: item for name, item in value.items() if item is not None}
    return value


def _progress(job: Job, event: JobEvent | None) -> dict[str, Any] | None:
    if event is None or not isinstance(event.metadata, dict):
        return None
    known = {"execution_mode": job.execution_mode, "started_at": _time(job.started_at), **event.metadata}
    return {name: known.get(name) for name in PROGRESS_KEYS}


def _result(job: Job, link: Link) -> dict[str, Any] | None:
    if job.status != Status.COMPLETED:
        return None
    return {
        "data": job.result_data,
        "summary": job.result_summary,
        "screenshots": [link(name) for name in job.screenshot_urls],
    }


def _error(job: Job) -> dict[str, Any] | None:
    if job.status != Status.FAILED:
        return None
    details = job.error_details if isinstance(job.error_details, dict) else {}
    return {
        "code": job.error_code or "internal_error",
        "message": details.get("message") or job.status_message or "",
        "details": job.error_details,
    }


def _cost(job: Job) -> dict[str, Any]:
    total = job.llm_cost_cents / 100
    cost = {"total_cost_usd": total, "action_count": job.action_count, "total_tokens": job.total_tokens}
    # No stored manuals are replayed yet, so whatever a job cost, its model cost.
    parts = {
        "cookbook_steps": 0,
        "magnitude_steps": 0,
        "cookbook_cost_usd": 0,
        "magnitude_cost_usd": total,
        "image_cost_usd": 0,
        "reasoning_cost_usd": total,
    }
    return {"cost": cost, "cost_breakdown": cost | parts}


def _time(moment: Any) -> str | None:
    return None if moment is None else write_time(moment)
