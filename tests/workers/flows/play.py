"""Play one flow through the handler and judge it: by what the site got, never by what the handler says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.workers.flows.site import REFERENCE, FlowSite, Reply, serve
from tests.workers.recording import RecordingRun, outcome_of
from tests.workers.sites import Post
from workers.context import JobSpec
from workers.engines.browser import BrowserHost
from workers.engines.scripted import ScriptedEngine
from workers.handlers.apply import ApplyHandler
from workers.outcomes import Completed, Failed, NeedsHuman, Outcome

COMPLETED = "completed"
RESUME = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
RESUME_NAME = "moreau-resume.pdf"
PERSON: Mapping[str, Any] = {
    "first_name": "Celeste",
    "last_name": "Moreau",
    "email": "celeste.moreau@example.com",
    "phone": "+1 541 555 0117",
    "address": "402 Alder Street",
    "city": "Eugene",
    "state": "Oregon",
    "zip": "97401",
    "country": "United States",
    "linkedin_url": "https://www.linkedin.com/in/celeste-moreau-example",
    "skills": ["Python", "Docker"],
    "education": [
        {
            "institution": "Oregon State University",
            "degree": "Bachelor of Science",
            "field": "Civil Engineering",
            "start_date": "2011",
            "graduation_year": 2015,
        }
    ],
    "work_history": [
        {
            "company": "Larkspur Water",
            "title": "Site engineer",
            "location": "Salem",
            "start_date": "2019-04",
            "end_date": "2024-08",
            "description": "Pumps and pipes.",
        },
        {
            "company": "Oakum Bridges",
            "title": "Trainee",
            "location": "Bend",
            "start_date": "2015-09",
            "end_date": "2019-03",
            "description": "Surveys.",
        },
    ],
}
ANSWERS: Mapping[str, str] = {
    "Are you legally authorized to work in the United States?": "Yes",
    "Will you now or in the future require visa sponsorship?": "No",
    "How did you hear about us?": "LinkedIn",
}


def accept(post: Post, earlier: int) -> Reply:
    """Accept whatever comes."""
    return Reply()


@dataclass(frozen=True)
class Flow:
    """One way through one site.

    `ends` is completed, a code of `Failed`, or a type of `NeedsHuman`. `got` is everything the accepted submission
    must hold, no more and no less; empty when nothing may be accepted. `names` must be said in the outcome.
    """

    name: str
    page: str
    ends: str = COMPLETED
    got: Mapping[str, str | list[str]] = field(default_factory=dict)
    reply: Callable[[Post, int], Reply] = accept
    answers: Mapping[str, str] = field(default_factory=dict)
    patience_seconds: float = 15
    refused: int = 0
    number: str | None = REFERENCE
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Played:
    """One try at a flow, judged. `faults` is empty when it went as it must."""

    outcome: Outcome
    run: RecordingRun
    site: FlowSite
    faults: tuple[str, ...]

    @property
    def claims_falsely(self) -> bool:
        """Tell whether it was reported as done though the site holds no such application."""
        return isinstance(self.outcome, Completed) and len(self.site.accepted) != 1

    @property
    def sent_twice(self) -> bool:
        """Tell whether the site accepted more than one application."""
        return len(self.site.accepted) > 1


async def play(flow: Flow, host: BrowserHost, folder: Path) -> Played:
    """Play the flow once, in a fresh browser context, on a site of its own."""
    resume = folder / RESUME_NAME
    resume.write_bytes(RESUME)
    site = FlowSite(flow.page.partition("?")[0], flow.reply)
    server = await asyncio.to_thread(serve, site)
    spec = JobSpec(
        "5c1e",
        "apply",
        f"{site.base}/{flow.page}",
        "Apply",
        {"user_data": dict(PERSON), "qa_overrides": {**ANSWERS, **flow.answers}},
    )
    run = RecordingRun(spec, resume=resume)
    site.is_armed = lambda: run.arming[-1:] == ["arm"]
    try:
        async with host.context() as context:
            outcome = await outcome_of(ApplyHandler(flow.patience_seconds).run(run, ScriptedEngine(context)))
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
    return Played(outcome, run, site, tuple(_faults(flow, outcome, run, site)))


def how_it_ended(outcome: Outcome) -> str:
    """Return completed, the code of a failure, or the type of the interaction that a person is asked for."""
    match outcome:
        case Completed():
            return COMPLETED
        case Failed(code=code):
            return code
        case NeedsHuman(interaction_type=kind):
            return kind


def _faults(flow: Flow, outcome: Outcome, run: RecordingRun, site: FlowSite) -> list[str]:
    """Return everything that is not as it must be."""
    found = []
    ended = how_it_ended(outcome)
    if ended != flow.ends:
        found.append(f"ended {ended}, not {flow.ends}: {outcome}")
    expected = 1 if flow.got else 0
    if len(site.accepted) != expected:
        found.append(f"{len(site.accepted)} submissions accepted, not {expected}")
    if len(site.submissions) - len(site.accepted) != flow.refused:
        found.append(f"{len(site.submissions)} submissions in all, {flow.refused} should have been refused")
    if not all(s.armed for s in site.submissions):
        found.append("a submission came before the mark was committed")
    for submission in site.accepted[:1]:
        found += _differences(flow.got, submission.fields)
    if isinstance(outcome, Completed) and outcome.result_data["confirmation_id"] != flow.number:
        found.append(f"confirmation number {outcome.result_data['confirmation_id']}, not {flow.number}")
    found += [f"“{name}” is not named: {outcome}" for name in flow.names if name not in str(outcome)]
    return found + _leaks(run, outcome)


def _differences(expected: Mapping[str, str | list[str]], fields: Mapping[str, list[str]]) -> list[str]:
    wanted = {k: v if isinstance(v, list) else [v] for k, v in expected.items()}
    keys = sorted(wanted.keys() | fields.keys())
    return [f"{k}: got {fields.get(k)}, not {wanted.get(k)}" for k in keys if fields.get(k) != wanted.get(k)]


def _leaks(run: RecordingRun, outcome: Outcome) -> list[str]:
    """Return the person's values that were written into the job's history or report."""
    text = run.spoken + (str(outcome.result_data["fields"]) if isinstance(outcome, Completed) else "")
    return [f"“{secret}” is in the report" for secret in ("Moreau", "555 0117", "Alder") if secret in text]
