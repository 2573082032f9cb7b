"""Every page of the console with rows that are hard to show: long words, other scripts, emoji, nothing at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from playwright.async_api import Page

from jobs import artifacts, credentials, fleet, keys, memory, registry, sessions
from jobs.models import Job, JobEvent, QueuePause, RememberedAnswer, Worker
from jobs.politeness import pause_queue
from tests.factories import OTHER_USER, USER, make_job, make_person
from valet.models import CallbackDelivery

LIST = "/admin/jobs/job/"
CALLBACKS = "/admin/valet/callbackdelivery/"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsbewerbungsunterlagenprüfungsverfahren"
ARABIC = "التقديم على وظيفة مهندس برمجيات"
TASKS = (f"Apply as {LONG}", f"{ARABIC} (Senior) 🚀👩🏽‍💻", "応募する", "")
QUESTIONS = [
    {"question": f"Why {LONG}?", "kind": "textarea", "options": [], "help": "at most 500 words"},
    {"question": ARABIC, "kind": "radio", "options": ["نعم", "No", LONG]},
    {"question": "Country", "kind": "select", "options": [f"Country {n}" for n in range(20)]},
    {"question": "Resume", "kind": "file", "options": []},
]
FIELDS = [
    {
        "question": "E-mail",
        "source": "profile",
        "value": "test@example.com",
        "verified": True,
        "confidence": 0.97,
    },
    {
        "question": f"Why {LONG}?",
        "source": "memory",
        "value": ARABIC,
        "verified": False,
        "reason": "not shown",
    },
]
ENDED = ("completed", "failed", "cancelled", "expired")


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its address, and what leads on from there."""

    name: str
    address: str
    then: Callable[[Page], Awaitable[Any]] | None = None

    async def open(self, page: Page) -> None:
        await page.goto(self.address)
        if self.then:
            await self.then(page)
            await page.wait_for_load_state()


def pressing(*names: str) -> Callable[[Page], Awaitable[None]]:
    """Press these buttons one after the other."""

    async def press(page: Page) -> None:
        for name in names:
            await page.get_by_role("button", name=name).first.click()

    return press


async def issue_a_key(page: Page) -> None:
    await page.get_by_label("Name").fill("valet staging")
    await page.get_by_role("button", name="Issue").click()


async def ask_to_cancel(page: Page) -> None:
    await page.get_by_label("Tick every job").check()
    await page.locator("#bulk-cancel").click()


async def tell_the_keys(page: Page) -> None:
    await page.keyboard.press("?")


def fill(picture: bytes) -> dict[str, Job]:
    """Write rows for every page; gives the jobs by the name of their page."""
    _register_workers()
    jobs = {status: _job(status, TASKS[n % 4]) for n, status in enumerate(("pending", "running", *ENDED))}
    jobs |= {
        "sent perhaps": _job("failed", "", error_code="timeout", submit_armed_at=Now()),
        "attended": _asking(
            "captcha", attended_until=Now() + timedelta(minutes=5), worker_id="adam", attempt=1
        ),
        **{kind: _asking(kind) for kind in ("2fa", "login", "verify_submission")},
        "review": _asking("review", fields=FIELDS),
        "question": _asking("question", questions=QUESTIONS),
        "stranded": _job("pending", TASKS[1], target_worker_id=f"worker-{LONG.lower()}"),
    }
    for job in jobs.values():
        _tell(job, artifacts.save(job.id, "before submit", picture))
    _call_back(jobs["completed"])
    _keep()
    return jobs


def places(jobs: dict[str, Job]) -> list[Place]:
    """Give every page that an administrator sees."""
    # Whatever a job waits for, its page is the same.
    states = ("pending", "running", *ENDED, "attended", "question", "stranded")
    own = [Place(f"job {name}", f"{LIST}{jobs[name].id}/change/") for name in states]
    asked = [
        Place(f"answer {name}", f"{LIST}{job.id}/attend/") for name, job in jobs.items() if job.paused_at
    ]
    answer = f"/admin/jobs/rememberedanswer/{RememberedAnswer.objects.values_list('id', flat=True)[0]}/"
    person = f"/admin/auth/user/{make_person('viewer').pk}/"
    return [
        Place("dashboard", "/admin/"),
        Place("keys of the keyboard", "/admin/", tell_the_keys),
        Place("jobs", LIST),
        Place("jobs of a host", f"{LIST}?host=jobs.example.com&status=failed"),
        Place("no jobs", f"{LIST}?q=nowhere"),
        *own,
        *asked,
        Place("bulk preview", LIST, ask_to_cancel),
        Place("retarget", f"{LIST}{jobs['stranded'].id}/change/", pressing("Send to worker")),
        Place("confirm retry", f"{LIST}{jobs['sent perhaps'].id}/change/", pressing("Retry")),
        Place("reveal", f"{LIST}{jobs['completed'].id}/change/", pressing("Reveal")),
        Place("workers", "/admin/jobs/worker/"),
        Place("all workers", "/admin/jobs/worker/?all=1"),
        Place("deregister", "/admin/jobs/worker/", pressing("Deregister adam")),
        Place("callbacks waiting", CALLBACKS),
        Place("callbacks given up", f"{CALLBACKS}?state=dead"),
        Place("callbacks delivered", f"{CALLBACKS}?state=delivered"),
        Place("no callbacks", f"{CALLBACKS}?job=fff&says=resumed"),
        Place("send again", f"{CALLBACKS}?state=dead", pressing("Send all")),
        Place("sessions", "/admin/jobs/browsersession/"),
        Place("sessions of a user", f"/admin/jobs/browsersession/?q={USER}"),
        Place("no sessions", "/admin/jobs/browsersession/?q=nowhere"),
        Place("erase", f"/admin/jobs/credential/?q={USER}", pressing("Erase all of this user")),
        Place("credentials", "/admin/jobs/credential/"),
        Place("answers", "/admin/jobs/rememberedanswer/"),
        Place("answer", f"{answer}change/"),
        Place("forget an answer", f"{answer}delete/"),
        Place("keys", "/admin/jobs/servicekey/"),
        Place("key", "/admin/jobs/servicekey/", issue_a_key),
        Place("users", "/admin/auth/user/"),
        Place("add user", "/admin/auth/user/add/"),
        Place("user", f"{person}change/"),
        Place("a user's password", f"{person}password/"),
        Place("a user's history", f"{person}history/"),
        Place("roles", "/admin/auth/group/"),
        Place("role", "/admin/auth/group/1/change/"),
        Place("password", "/admin/password_change/"),
    ]


def _job(status: str, task: str, **fields: Any) -> Job:
    url = f"https://jobs.example.com/{LONG}/{'very-long-path/' * 9}?id=7"
    many = {"tags": ["spring", LONG, "🚀"], "valet_task_id": "task-1", "user_id": USER, "priority": 3}
    if status == "failed":
        fields = {"error_code": "captcha_blocked", "error_details": {"message": LONG * 3, "page": 2}} | fields
    if status == "completed":
        fields = {
            "result_data": {"confirmation_id": "C-1", "fields": FIELDS},
            "result_summary": "Sent.",
        } | fields
    return make_job(status, target_url=url, task_description=task, **many | fields)


def _asking(kind: str, **fields: Any) -> Job:
    told = {name: fields.pop(name) for name in ("questions", "fields") if name in fields}
    data = {"message": f"{ARABIC}: {LONG}", "page_url": "https://jobs.example.com/1", **told}
    return _job("paused", "", paused_at=Now(), interaction_type=kind, interaction_data=data, **fields)


def _tell(job: Job, picture: str) -> None:
    steps: list[tuple[str, str, str, dict[str, Any]]] = [
        ("status_change", "queued", "Claimed", {"action": "claim", "attempt": 1}),
        ("progress_update", "", f"Page of {LONG}", {"progress_pct": 40, "step": "contact"}),
        ("screenshot", "", ARABIC, {"screenshot": picture, "page": 3}),
    ]
    for kind, to_status, message, facts in steps:
        JobEvent.objects.create(
            job=job,
            event_type=kind,
            to_status=to_status or None,
            message=message,
            metadata=facts,
            actor="worker:adam",
        )
    Job.objects.filter(id=job.id).update(
        screenshot_urls=[picture, artifacts.save(job.id, "confirmation", artifacts.read(picture) or b"")],
        artifact_urls=[artifacts.save(job.id, "trace", b"PK", kind="zip")],
    )


def _register_workers() -> None:
    for name in ("adam", "sarah", f"eva-{LONG.lower()}", "lost", "gone", "old"):
        registry.register(
            name, metadata={"max_concurrent": 4, "version": "0.1.0", "job_types": ["apply", "scrape"]}
        )
    registry.ask_to_drain("sarah")
    fleet.deregister(
        "gone", actor="admin:administrator", reason="", cancel_active_jobs=False, drain_seconds=0
    )
    Worker.objects.filter(worker_id="lost").update(last_heartbeat=Now() - timedelta(hours=1))
    Worker.objects.filter(worker_id="old").update(last_heartbeat=Now() - timedelta(days=3))
    pause_queue(
        QueuePause.Kind.HOST, f"{LONG.lower()}.example.com", actor="admin:olga", reason=f"{ARABIC} {LONG}"
    )
    pause_queue(QueuePause.Kind.TYPE, "scrape", actor="admin:olga", reason="Asked to")


def _call_back(job: Job) -> None:
    Job.objects.filter(id=job.id).update(callback_url=f"https://valet.example.com/{LONG}/hook")
    for attempts, fields in enumerate(({}, {"dead_at": Now()}, {"delivered_at": Now()}), start=1):
        CallbackDelivery.objects.create(
            job=job, status="completed", payload={}, attempts=attempts, last_error=f"503 {LONG}", **fields
        )


def _keep() -> None:
    for user in (USER, OTHER_USER):
        for host in ("jobs.example.com", f"{LONG[:60].lower().replace('ä', 'ae')}.example.com"):
            cookie = {"name": "a", "value": "b", "domain": host, "path": "/"}
            sessions.save(user, f"https://{host}/", {"cookies": [cookie], "origins": []})
            credentials.put(user, host, username="test@example.com", password="pa55")
    job, answers = make_job("completed", user_id=USER), {ARABIC: LONG, f"Why {LONG}?": "Because"}
    memory.remember(job, [{"question": asked} for asked in answers], answers, answered_by="admin:olga")
    keys.issue("valet production", [keys.READ, keys.WRITE], actor="admin:olga")
    keys.revoke(keys.issue(LONG[:60], [keys.READ], actor="admin:olga").row.id)
