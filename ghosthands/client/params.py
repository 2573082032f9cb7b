"""What the calls take. None means "not given" everywhere. Source of fields and bounds: CONTRACT section 3."""

# Annotations are read at run time here, to refuse unknown names: no postponed evaluation in this module.
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict
from uuid import UUID

Id = str | UUID
Quality = Literal["speed", "balanced", "quality"]
Affinity = Literal["strict", "preferred", "any"]


class CreateJobParams(TypedDict):
    """A job. `target_worker_id` routes it to one worker; without it, any worker takes it."""

    job_type: str
    target_url: str
    task_description: str
    user_id: NotRequired[Id | None]
    input_data: NotRequired[Mapping[str, Any] | None]
    priority: NotRequired[int | None]
    scheduled_at: NotRequired[datetime | None]
    max_retries: NotRequired[int | None]
    timeout_seconds: NotRequired[int | None]
    tags: NotRequired[Sequence[str] | None]
    idempotency_key: NotRequired[str | None]
    metadata: NotRequired[Mapping[str, Any] | None]
    target_worker_id: NotRequired[str | None]


class JobDefaults(TypedDict, total=False):
    """What the jobs of a batch share unless they say otherwise."""

    priority: int
    max_retries: int
    timeout_seconds: int
    tags: Sequence[str]
    metadata: Mapping[str, Any]


class ListJobsParams(TypedDict, total=False):
    """Filters. `status` may be several; `sort` is `column:asc` or `column:desc`; `limit` is 1 to 100."""

    user_id: Id | None
    status: str | Sequence[str] | None
    job_type: str | None
    limit: int | None
    offset: int | None
    sort: str | None


class ListEventsParams(TypedDict, total=False):
    """Filters; `limit` is 1 to 200."""

    event_type: str | None
    limit: int | None
    offset: int | None


class ResumeParams(TypedDict, total=False):
    """What a person says to a waiting job.

    `resolution_data` may hold `code`; `username` and `password`; `answers` {question: answer}; `submitted`. The
    server keeps it encrypted until the worker has read it, and shows it to nobody.
    """

    resolved_by: Literal["human", "system"] | None
    resolution_type: Literal["manual", "code_entry", "credentials", "skip"] | None
    resolution_notes: str | None
    resolution_data: Mapping[str, Any] | None


class Location(TypedDict, total=False):
    city: str
    state: str
    country: str
    zip: str


class Education(TypedDict):
    institution: str
    degree: str
    field: NotRequired[str]
    graduation_year: NotRequired[int]


class Employment(TypedDict):
    company: str
    title: str
    start_date: NotRequired[str]
    end_date: NotRequired[str]
    description: NotRequired[str]


class Profile(TypedDict):
    """The person who applies."""

    first_name: str
    last_name: str
    email: str
    phone: NotRequired[str]
    linkedin_url: NotRequired[str]
    portfolio_url: NotRequired[str]
    location: NotRequired[Location]
    work_authorization: NotRequired[str]
    salary_expectation: NotRequired[str]
    years_of_experience: NotRequired[int]
    education: NotRequired[Sequence[Education]]
    work_history: NotRequired[Sequence[Employment]]
    skills: NotRequired[Sequence[str]]


class Resume(TypedDict, total=False):
    """Where the resume is: at least one of these."""

    storage_path: str
    s3_key: str
    download_url: str


class _ValetParams(TypedDict):
    """What both VALET calls take."""

    valet_task_id: str
    valet_user_id: Id
    target_url: str
    callback_url: NotRequired[str | None]
    quality: NotRequired[Quality | None]
    priority: NotRequired[int | None]
    timeout_seconds: NotRequired[int | None]
    idempotency_key: NotRequired[str | None]
    metadata: NotRequired[Mapping[str, Any] | None]
    target_worker_id: NotRequired[str | None]
    worker_affinity: NotRequired[Affinity | None]
    model: NotRequired[str | None]
    image_model: NotRequired[str | None]
    execution_mode: NotRequired[str | None]


class ValetApplyParams(_ValetParams):
    """An application. `qa_answers` maps a form's questions to the person's answers."""

    profile: Profile
    platform: NotRequired[str | None]
    resume: NotRequired[Resume | None]
    qa_answers: NotRequired[Mapping[str, str] | None]


class ValetTaskParams(_ValetParams):
    """Any other chore."""

    job_type: str
    task_description: str
    input_data: NotRequired[Mapping[str, Any] | None]
