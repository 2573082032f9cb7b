"""What the calls answer. Personal data stay out of `repr`. Source: CONTRACT sections 2, 4, 5 and 10."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FINISHED = frozenset({"completed", "failed", "cancelled", "expired"})

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _WithStatus:
    status: str

    @property
    def is_finished(self) -> bool:
        """Whether the job has ended, well or not."""
        return self.status in FINISHED

    @property
    def is_completed(self) -> bool:
        """Whether the job has ended well."""
        return self.status == "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedJob(_WithStatus):
    """`warnings` tell when no running worker takes the job."""

    id: str
    created_at: datetime
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedJobs:
    """`job_ids` is in the order of the request."""

    created: int
    job_ids: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(_WithStatus):
    """Everything about a job. `target_worker_id` None means that any worker may take it."""

    id: str
    job_type: str
    target_url: str
    created_at: datetime
    task_description: str = ""
    user_id: str | None = None
    created_by: str | None = None
    idempotency_key: str | None = field(default=None, repr=False)
    input_data: JsonObject = field(default_factory=dict, repr=False)
    priority: int = 5
    scheduled_at: datetime | None = None
    max_retries: int = 3
    retry_count: int = 0
    timeout_seconds: int = 300
    tags: tuple[str, ...] = ()
    metadata: JsonObject = field(default_factory=dict, repr=False)
    status_message: str | None = None
    worker_id: str | None = None
    target_worker_id: str | None = None
    worker_affinity: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    last_heartbeat: datetime | None = None
    paused_at: datetime | None = None
    updated_at: datetime | None = None
    interaction_type: str | None = None
    interaction_data: JsonObject | None = field(default=None, repr=False)
    engine_type: str | None = None
    execution_mode: str | None = None
    browser_mode: str | None = None
    final_mode: str | None = None
    manual_id: str | None = None
    result_data: Any = field(default=None, repr=False)
    result_summary: str | None = None
    error_code: str | None = None
    error_details: JsonObject | None = field(default=None, repr=False)
    screenshot_urls: tuple[str, ...] = field(default=(), repr=False)
    artifact_urls: tuple[str, ...] = field(default=(), repr=False)
    action_count: int = 0
    total_tokens: int = 0
    llm_cost_cents: float = 0.0
    callback_url: str | None = field(default=None, repr=False)
    valet_task_id: str | None = None
    resume_ref: JsonObject | None = field(default=None, repr=False)
    execution_attempt_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """`total` counts all that match; `jobs` starts at `offset`."""

    jobs: tuple[Job, ...]
    total: int
    limit: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus(_WithStatus):
    id: str
    status_message: str | None = None
    started_at: datetime | None = None
    last_heartbeat: datetime | None = None
    completed_at: datetime | None = None
    target_worker_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    event_type: str
    created_at: datetime
    id: int | str | None = None
    job_id: str | None = None
    from_status: str | None = None
    to_status: str | None = None
    message: str | None = None
    metadata: JsonObject = field(default_factory=dict, repr=False)
    actor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """`total` counts all that match."""

    events: tuple[JobEvent, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledJob(_WithStatus):
    id: str
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetriedJob(_WithStatus):
    id: str
    retry_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumedJob(_WithStatus):
    id: str
    resolved_by: str | None = None
    resolution_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChange(_WithStatus):
    """One change of one job: `status` and `from_status` as of then, the rest as of when it was told."""

    job_id: str
    at: datetime
    from_status: str | None = None
    status_message: str | None = None
    job_type: str | None = None
    worker_id: str | None = None
    target_worker_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValetJob(_WithStatus):
    job_id: str
    valet_task_id: str | None = None
    created_at: datetime | None = None
    target_worker_id: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ValetProgress:
    """`progress_pct` is 0 to 100."""

    step: str | None = None
    progress_pct: float | None = None
    description: str | None = None
    current_action: str | None = None
    elapsed_ms: float | None = None
    eta_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamps:
    created_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValetResult:
    """What the job found or did; `screenshots` are links."""

    data: Any = field(default=None, repr=False)
    summary: str | None = None
    screenshots: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValetFailure:
    code: str
    message: str | None = None
    details: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """What a person has to do before the job can go on."""

    type: str
    message: str | None = None
    screenshot_url: str | None = field(default=None, repr=False)
    page_url: str | None = None
    paused_at: datetime | None = None
    timeout_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    total_cost_usd: float = 0.0
    action_count: int = 0
    total_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ValetStatus(_WithStatus):
    """`result` is there when completed, `error` when failed, `interaction` while a person is needed."""

    job_id: str
    timestamps: Timestamps
    valet_task_id: str | None = None
    status_message: str | None = None
    target_worker_id: str | None = None
    worker_id: str | None = None
    progress: ValetProgress | None = None
    result: ValetResult | None = None
    error: ValetFailure | None = None
    interaction: Interaction | None = None
    cost: Cost | None = None
    execution_mode: str | None = None
    browser_mode: str | None = None
    final_mode: str | None = None
    browser_session_available: bool = False
