"""Answer a waiting job: what it asks with its picture, a box for the answer, and, while a worker keeps the page open,
the page itself to see and touch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import URLPattern, path, reverse
from django.views.decorators.debug import sensitive_post_parameters

from jobs import encryption, lifecycle, remote
from jobs.admin.job_page import find_job
from jobs.admin.page import actor, log, refusal, require, show
from jobs.admin.timeline import Picture, picture
from jobs.lifecycle import Resolution
from jobs.models import Job
from jobs.presentation import shown_text

RESUME: Final = "jobs.resume_job"
MAX_ANSWER: Final = 5000
TITLES: Final[Mapping[str, str]] = {
    "captcha": "Solve the CAPTCHA",
    "bot_check": "Get past the check for robots",
    "login": "Sign in",
    "2fa": "Give the code",
    "question": "Answer what the form asks",
    "review": "Look it over and send it",
    "verify_submission": "Was it sent?",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the form; `name` is its field in ours. A closed one has options."""

    name: str
    text: str
    kind: str
    options: list[str]
    help: str


class Waiting:
    """What the page of a waiting job shows."""

    def __init__(self, job: Job) -> None:
        known = job.interaction_data if isinstance(job.interaction_data, dict) else {}
        self.job = job
        self.kind = job.interaction_type or ""
        self.title = TITLES.get(self.kind, "A person is needed")
        self.message = shown_text(str(known.get("message") or job.status_message or ""))
        self.page_url = str(known.get("page_url") or "")
        self.questions = _questions(known.get("questions"))
        self.fields = [row for row in _rows(known.get("fields")) if row.get("question")]
        self.picture = self._picture(known)
        self.may_have_sent = job.is_unverified

    @property
    def is_attended(self) -> bool:
        return self.job.is_attended

    def _picture(self, known: Mapping[str, Any]) -> Picture | None:
        name = known.get("screenshot_url") or next(iter(self.job.screenshot_urls[-1:]), "")
        return picture(str(name), "The page as it stood") if name else None

    def resolution(self, form: QueryDict) -> Resolution:
        """Read what the person gave."""
        data: dict[str, Any] = {
            name: form[name] for name in ("code", "username", "password") if form.get(name, "").strip()
        }
        given = {q.text: form.get(q.name, "").strip()[:MAX_ANSWER] for q in self.questions}
        if answers := {text: answer for text, answer in given.items() if answer}:
            data["answers"] = answers
        if form.get("submitted") in {"yes", "no"}:
            data["submitted"] = form["submitted"] == "yes"
        kind = "credentials" if "password" in data else "code_entry" if "code" in data else "manual"
        return Resolution(resolution_type=kind, notes=form.get("notes", "")[:500], data=data)

    def missing(self, form: QueryDict) -> list[str]:
        """Name the questions that were left open; a job that asks them would only ask again."""
        return [q.text for q in self.questions if q.kind != "file" and not form.get(q.name, "").strip()]


def urls(guard: Any) -> list[URLPattern]:
    """Give the addresses of the page and of the open browser page in it."""
    return [
        path("<uuid:job_id>/attend/", guard(attend_view), name="jobs_job_attend"),
        path("<uuid:job_id>/attend/page.jpg", guard(picture_view), name="jobs_job_attend_picture"),
        path("<uuid:job_id>/attend/touch/", guard(touch_view), name="jobs_job_attend_touch"),
    ]


@sensitive_post_parameters("code", "password")
def attend_view(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Show what a job waits for; a POST resumes it with what was given."""
    require(request, RESUME)
    job = find_job(job_id)
    if not job.is_waiting_for_human:
        messages.info(request, f"Job {job.short_id} waits for nobody: it is {job.status}.")
        return _to_job(job)
    waiting = Waiting(job)
    if request.method == "POST" and _resumed(request, waiting):
        return _to_job(job)
    context = {
        "title": waiting.title,
        "section": "human",
        "waiting": waiting,
        "job": job,
        "form": request.POST,
    }
    return show(request, "admin/jobs/job/attend.html", context)


def picture_view(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Answer the newest picture of the open page; 204 while there is none, words when the page is gone.

    That a page is gone is an ordinary answer: a browser would complain aloud of any other status.
    """
    require(request, RESUME)
    try:
        seen = remote.look(job_id, actor=actor(request))
    except remote.NotAttended as gone:
        return HttpResponse(str(gone), content_type="text/plain")
    if seen is None or seen.picture is None:
        return HttpResponse(status=204)
    return HttpResponse(
        bytes(seen.picture), content_type="image/jpeg", headers={"Cache-Control": "private, no-store"}
    )


def touch_view(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Take one click, key or text for the open page, as JSON."""
    if refused := refusal(request, RESUME):
        return refused
    try:
        body = json.loads(request.body)
        asked = remote.read_touch(body if isinstance(body, dict) else {})
        remote.touch(job_id, asked, actor=actor(request))
    except remote.NotAttended as gone:
        return JsonResponse({"message": str(gone)}, status=409)
    except encryption.NotConfigured:
        message = "What is typed is kept encrypted until the worker reads it: set GH_ENCRYPTION_KEYS."
        return JsonResponse({"message": message}, status=409)
    except ValueError as wrong:
        return JsonResponse({"message": str(wrong)}, status=422)
    return HttpResponse(status=204)


def _resumed(request: HttpRequest, waiting: Waiting) -> bool:
    """Resume with what was given; False, with the reason in a message, when that cannot be."""
    if missing := waiting.missing(request.POST):
        messages.error(request, f"Still open: {'; '.join(missing)}")
        return False
    try:
        job = lifecycle.resume(
            waiting.job.id, actor=actor(request), resolution=waiting.resolution(request.POST)
        )
    except (lifecycle.InvalidTransition, lifecycle.Unusable) as refused:
        messages.error(request, str(refused))
        return False
    log(request, [job], "Resumed.")
    messages.success(request, f"Job {job.short_id} goes on: it is {job.status}.")
    return True


def _questions(given: Any) -> list[Question]:
    return [
        Question(
            name=f"answer-{place}",
            text=str(row.get("question") or ""),
            kind=str(row.get("kind") or ""),
            options=[str(option) for option in row.get("options") or () if option],
            help=str(row.get("help") or ""),
        )
        for place, row in enumerate(_rows(given))
    ]


def _rows(given: Any) -> list[Mapping[str, Any]]:
    return [row for row in given if isinstance(row, dict)] if isinstance(given, list) else []


def _to_job(job: Job) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:jobs_job_change", args=[job.id]))
