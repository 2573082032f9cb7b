"""The client of GhostHands' API. It needs httpx and nothing else.

    from ghosthands.client import GhostHandsClient

    with GhostHandsClient("http://localhost:3100", api_key) as client:
        job = client.create_job(
            job_type="apply",
            target_url="https://example.com/careers",
            task_description="Apply to position",
            target_worker_id="worker-adam",  # only worker-adam takes it; without it, any worker does
        )
        print(client.wait_for_completion(job.id).result_summary)

`AsyncGhostHandsClient` has the same methods, to be awaited.
"""

from ghosthands.client.asynchronous import AsyncGhostHandsClient
from ghosthands.client.blocking import GhostHandsClient
from ghosthands.client.errors import (
    ConnectionFailedError,
    DuplicateIdempotencyKeyError,
    FieldProblem,
    GhostHandsError,
    JobNotCancellableError,
    JobNotFoundError,
    JobNotRetryableError,
    RateLimitedError,
    ServerError,
    UnauthorizedError,
    ValidationError,
    WaitTimeoutError,
)
from ghosthands.client.params import (
    CreateJobParams,
    JobDefaults,
    ListEventsParams,
    ListJobsParams,
    Profile,
    Resume,
    ValetApplyParams,
    ValetTaskParams,
)
from ghosthands.client.results import (
    CancelledJob,
    Cost,
    CreatedJob,
    CreatedJobs,
    EventPage,
    Interaction,
    Job,
    JobEvent,
    JobPage,
    JobStatus,
    RetriedJob,
    Timestamps,
    ValetFailure,
    ValetJob,
    ValetProgress,
    ValetResult,
    ValetStatus,
)

__all__ = [
    "AsyncGhostHandsClient",
    "CancelledJob",
    "ConnectionFailedError",
    "Cost",
    "CreateJobParams",
    "CreatedJob",
    "CreatedJobs",
    "DuplicateIdempotencyKeyError",
    "EventPage",
    "FieldProblem",
    "GhostHandsClient",
    "GhostHandsError",
    "Interaction",
    "Job",
    "JobDefaults",
    "JobEvent",
    "JobNotCancellableError",
    "JobNotFoundError",
    "JobNotRetryableError",
    "JobPage",
    "JobStatus",
    "ListEventsParams",
    "ListJobsParams",
    "Profile",
    "RateLimitedError",
    "Resume",
    "RetriedJob",
    "ServerError",
    "Timestamps",
    "UnauthorizedError",
    "ValetApplyParams",
    "ValetFailure",
    "ValetJob",
    "ValetProgress",
    "ValetResult",
    "ValetStatus",
    "ValetTaskParams",
    "ValidationError",
    "WaitTimeoutError",
]
