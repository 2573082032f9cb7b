"""VALET's words to a job and back, without a database."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from jobs.models import Job, JobEvent
from jobs.states import Status
from tests.factories import PROFILE, USER
from valet import mapping
from valet.serializers import Application, Task

APPLICATION: dict[str, Any] = {
    "valet_task_id": "task-1",
    "valet_user_id": str(USER),
    "target_url": "https://example.com/careers",
    "profile": PROFILE,
}
FULL_PROFILE = PROFILE | {
    "phone": "+1 555 0100",
    "linkedin_url": "https://linkedin.com/in/test",
    "portfolio_url": "https://test.example.com",
    "location": {
        "city": "Berlin",
        "state": "BE",
        "country": "Germany",
        "zip": "10115",
        "street": "Torfgasse 7",
    },
    "work_authorization": "Citizen",
    "salary_expectation": "60000 EUR",
    "years_of_experience": 7,
    "education": [{"institution": "TU", "degree": "BSc", "field": None, "graduation_year": 2015}],
    "work_history": [{"company": "Acme", "title": "Engineer", "start_date": "2016-01", "end_date": None}],
    "skills": ["Python"],
}
NOW = datetime(2026, 2, 15, 10, tzinfo=UTC)


def application(**changes: Any) -> Any:
    asked = Application(data=APPLICATION | changes)
    asked.is_valid(raise_exception=True)
    return mapping.application(asked.validated_data)


def task(**changes: Any) -> Any:
    asked = Task(
        data={
            "valet_task_id": "task-2",
            "valet_user_id": str(USER),
            "job_type": "scrape",
            "target_url": "https://example.com",
            "task_description": "Read it",
        }
        | changes
    )
    asked.is_valid(raise_exception=True)
    return mapping.task(asked.validated_data)


def test_the_shortest_application() -> None:
    job = application()
    assert (job.job_type, job.created_by, job.tags) == ("apply", "valet", ["valet", "apply"])
    assert job.input_data == {
        "user_data": PROFILE,
        "qa_overrides": {},
        "tier": "starter",
        "platform": "other",
    }
    assert job.metadata == {
        "source": "valet",
        "quality_preset": "balanced",
        "valet_task_id": "task-1",
        "callback_url": None,
        "resume_ref": None,
    }
    assert (job.user_id, job.valet_task_id, job.callback_url, job.resume_ref) == (USER, "task-1", None, None)
    assert (job.priority, job.max_retries, job.timeout_seconds) == (5, 3, 300)
    assert (job.execution_mode, job.worker_affinity, job.target_worker_id) == ("auto", "preferred", None)
    assert "https://example.com/careers" in job.task_description


def test_a_full_application() -> None:
    job = application(
        profile=FULL_PROFILE,
        platform="lever",
        resume={"storage_path": "", "s3_key": "cv/1.pdf", "download_url": "https://files.example.com/1.pdf"},
        qa_answers={"Notice period?": "4 weeks"},
        callback_url="https://valet.example.com/hook?token=k",
        quality="quality",
        priority=1,
        max_retries=1,
        timeout_seconds=600,
        idempotency_key="once",
        metadata={"campaign": 7, "source": "theirs"},
        target_worker_id="adam",
        worker_affinity="strict",
        model="large",
        image_model="small",
        execution_mode="ai_only",
    )
    user_data = job.input_data["user_data"]
    assert {user_data[part] for part in ("city", "state", "country", "zip", "street")} == {
        "Berlin",
        "BE",
        "Germany",
        "10115",
        "Torfgasse 7",
    }
    assert "location" not in user_data
    assert user_data["education"] == [{"institution": "TU", "degree": "BSc", "graduation_year": 2015}]
    assert user_data["work_history"] == [{"company": "Acme", "title": "Engineer", "start_date": "2016-01"}]
    assert (user_data["years_of_experience"], user_data["skills"]) == (7, ["Python"])
    assert job.input_data["qa_overrides"] == {"Notice period?": "4 weeks"}
    assert (job.input_data["tier"], job.input_data["platform"]) == ("pro", "lever")
    assert (job.input_data["model"], job.input_data["image_model"]) == ("large", "small")
    assert job.resume_ref == {"s3_key": "cv/1.pdf", "download_url": "https://files.example.com/1.pdf"}
    assert job.callback_url == "https://valet.example.com/hook?token=k"
    assert job.metadata == {
        "campaign": 7,
        "source": "valet",
        "quality_preset": "quality",
        "valet_task_id": "task-1",
        "callback_url": job.callback_url,
        "resume_ref": job.resume_ref,
    }
    assert (job.priority, job.max_retries, job.timeout_seconds) == (1, 1, 600)
    assert (job.idempotency_key, job.target_worker_id) == ("once", "adam")
    assert (job.worker_affinity, job.execution_mode) == ("strict", "ai_only")


@pytest.mark.parametrize(
    ("quality", "tier"), [("speed", "free"), ("balanced", "starter"), ("quality", "pro")]
)
def test_the_quality_decides_the_tier(quality: str, tier: str) -> None:
    job = application(quality=quality)
    assert (job.input_data["tier"], job.metadata["quality_preset"]) == (tier, quality)


@pytest.mark.parametrize("resume", [None, {"storage_path": ""}, {"storage_path": None, "s3_key": ""}])
def test_no_file_is_no_resume(resume: Any) -> None:
    assert application(resume=resume).resume_ref is None


def test_what_valet_sends_for_nothing_is_nothing() -> None:
    nothing = {"idempotency_key": None, "target_worker_id": "", "callback_url": None, "model": None}
    job = application(
        **nothing, profile=PROFILE | {"phone": "", "linkedin_url": "", "location": {"city": ""}}
    )
    assert (job.idempotency_key, job.target_worker_id, job.callback_url) == (None, None, None)
    assert job.input_data["user_data"] == PROFILE
    assert "model" not in job.input_data


def test_what_is_not_in_the_contract_is_ignored() -> None:
    assert application(colour="red", profile=PROFILE | {"shoe_size": 42}) == application()


def test_a_task() -> None:
    job = task(
        input_data={"fields": {"title": "h1"}}, model="large", callback_url="https://valet.example.com"
    )
    assert (job.job_type, job.task_description, job.tags) == ("scrape", "Read it", ["valet", "scrape"])
    assert job.input_data == {"fields": {"title": "h1"}, "model": "large"}
    assert (job.created_by, job.user_id, job.valet_task_id) == ("valet", USER, "task-2")
    assert (job.metadata["source"], job.metadata["quality_preset"]) == ("valet", "balanced")
    assert job.callback_url == job.metadata["callback_url"] == "https://valet.example.com"
    assert job.resume_ref is None


def present(status: str = "running", progress: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": uuid.uuid4(),
        "created_at": NOW,
        "execution_mode": "auto",
        "browser_mode": "server",
        "screenshot_urls": [],
        "llm_cost_cents": 0.0,
        "action_count": 0,
        "total_tokens": 0,
    }
    job = Job(status=status, **plain | fields)
    event = None if progress is None else JobEvent(job=job, event_type="progress_update", metadata=progress)
    return mapping.status(
        job, progress=event, has_session=False, link=lambda name: f"https://gh.example.com/{name}"
    )


@pytest.mark.parametrize("status", list(Status))
def test_each_status_shows_its_own_part(status: Status) -> None:
    answer = present(status, result_data={}, error_code="timeout", interaction_type="captcha")
    shown = {part for part in ("result", "error", "interaction") if answer[part] is not None}
    waiting = {"paused", "needs_human", "awaiting_review"}
    expected = {"completed": {"result"}, "failed": {"error"}}.get(status, set())
    assert shown == ({"interaction"} if status in waiting else expected)
    assert answer["timestamps"] == {
        "created_at": "2026-02-15T10:00:00.000Z",
        "started_at": None,
        "completed_at": None,
    }


def test_progress_has_the_keys_valet_knows() -> None:
    progress = present(progress={"step": "filling_form", "progress_pct": 40, "secret": "x"}, started_at=NOW)[
        "progress"
    ]
    assert progress.keys() == set(mapping.PROGRESS_KEYS)
    assert (progress["step"], progress["progress_pct"], progress["eta_ms"]) == ("filling_form", 40, None)
    assert (progress["execution_mode"], progress["started_at"]) == ("auto", "2026-02-15T10:00:00.000Z")
    assert present()["progress"] is None
    assert present(progress={})["progress"]["step"] is None


def test_a_result() -> None:
    answer = present(
        "completed",
        result_data={"confirmation_id": "A-1"},
        result_summary="Sent",
        screenshot_urls=["a.png", "b.png"],
    )
    assert answer["result"] == {
        "data": {"confirmation_id": "A-1"},
        "summary": "Sent",
        "screenshots": ["https://gh.example.com/a.png", "https://gh.example.com/b.png"],
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"error_code": "timeout", "error_details": {"message": "Too slow", "retry": 3}},
            {"code": "timeout", "message": "Too slow", "details": {"message": "Too slow", "retry": 3}},
        ),
        ({"status_message": "Gone"}, {"code": "internal_error", "message": "Gone", "details": None}),
        ({"error_details": "text"}, {"code": "internal_error", "message": "", "details": "text"}),
    ],
)
def test_an_error(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    assert present("failed", **fields)["error"] == expected


def test_an_interaction() -> None:
    answer = present(
        "paused",
        interaction_type="captcha",
        paused_at=NOW,
        screenshot_urls=["a.png"],
        interaction_data={
            "page_url": "https://x.example.com",
            "timeout_seconds": 300,
            "message": "Solve it",
            "confidence": 0.9,
            "captcha_type": "turnstile",
            "detection_method": "frame",
        },
    )
    assert answer["interaction"] == {
        "type": "captcha",
        "kind": "captcha",
        "screenshot_url": "https://gh.example.com/a.png",
        "page_url": "https://x.example.com",
        "paused_at": "2026-02-15T10:00:00.000Z",
        "timeout_seconds": 300,
        "message": "Solve it",
        "description": "Solve it",
        "attended": False,
        "metadata": {"blocker_confidence": 0.9, "captcha_type": "turnstile", "detection_method": "frame"},
        "questions": [],
        "fields": [],
    }
    odd = present("needs_human", interaction_data=["not an object"], status_message="Look")["interaction"]
    assert (odd["screenshot_url"], odd["message"]) == (None, "Look")


def test_questions_come_with_their_options_under_a_word_that_valet_knows() -> None:
    asked = {
        "question": "Remote?",
        "kind": "radio",
        "options": ["Yes", "No"],
        "help": "",
        "section": "Employment",
        "row": 2,
        "reason": "nobody said",
    }
    data = {"questions": [asked, "odd"], "fields": "odd"}
    shown = present("paused", interaction_type="question", interaction_data=data)["interaction"]
    assert (shown["type"], shown["kind"], shown["fields"]) == ("verification", "question", [])
    assert shown["questions"] == [
        {
            "question": "Remote?",
            "section": "Employment",
            "row": 2,
            "kind": "radio",
            "options": ["Yes", "No"],
            "help": "",
        }
    ]


def test_costs_are_dollars() -> None:
    answer = present(llm_cost_cents=12.5, action_count=9, total_tokens=2000)
    assert answer["cost"] == {"total_cost_usd": 0.125, "action_count": 9, "total_tokens": 2000}
    assert answer["cost_breakdown"].keys() >= {
        *("total_cost_usd", "action_count", "total_tokens", "cookbook_steps", "magnitude_steps"),
        *("cookbook_cost_usd", "magnitude_cost_usd", "image_cost_usd", "reasoning_cost_usd"),
    }


def test_a_cover_letter_reaches_the_job_as_text_file_or_not_at_all() -> None:
    assert not {"cover_letter", "cover_letter_ref"} & set(application(cover_letter="").input_data)
    ref = {"download_url": "https://files.example.com/letter.pdf"}
    given = application(cover_letter="Dear team", cover_letter_ref=ref).input_data
    assert (given["cover_letter"], given["cover_letter_ref"]) == ("Dear team", ref)
