"""How work on a form ends: confirmed, perhaps sent, refused, or with questions for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workers.context import Run
from workers.engines.base import Engine
from workers.handlers.base import picture
from workers.hands.advance import Objection
from workers.hands.controls import PageView
from workers.hands.pages import Confirmation
from workers.hands.plan import Left
from workers.hands.report import questions_for_people
from workers.outcomes import Completed, Failed, NeedsHuman


async def confirmed(
    run: Run, engine: Engine, view: PageView, proof: Confirmation, *, text: str, result: dict[str, Any]
) -> Completed:
    """Return the completion that the site's own words prove, with a picture of them; they join the `result`."""
    run.progress("extracting_results", 95, "Reading the confirmation")
    await picture(run, engine.page, "confirmation")
    stated = {
        "confirmation_id": proof.number or None,
        "confirmation_text": proof.text,
        "final_url": view.url,
    }
    return Completed(stated | result, f"{text}{f' as {proof.number}' if proof.number else ''}")


async def unconfirmed(run: Run, engine: Engine, view: PageView, fields: list[dict[str, Any]]) -> NeedsHuman:
    """Return the call for somebody who finds out whether the form was sent."""
    shot = await picture(run, engine.page, "after-submit")
    text = "The form may have been sent, but the site did not confirm it"
    return NeedsHuman(
        "verify_submission", text, view.url, shot, {"requests": list(engine.sent), "fields": fields}
    )


async def asked(run: Run, engine: Engine, unanswered: Iterable[Left]) -> NeedsHuman:
    """Return the call for somebody who answers what the form asks and nothing known answers."""
    questions = questions_for_people(unanswered)
    shot = await picture(run, engine.page, "question")
    return NeedsHuman("question", _summary(questions), engine.page.url, shot, {"questions": questions})


def refused(found: tuple[Objection, ...], fields: list[dict[str, Any]]) -> Failed:
    """Return the failure of a form that the site does not accept as it is filled in."""
    names = list(dict.fromkeys(o.control.question if o.control else o.message for o in found))
    details = {"fields": names, "messages": [o.message for o in found], "report": fields}
    return Failed("validation_error", f"The site does not accept: {'; '.join(names)}", details)


def _summary(questions: list[dict[str, Any]]) -> str:
    """Say what the form asks, the first three by name."""
    names = [str(one["question"]).rstrip(" *:")[:80] for one in questions]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"Required and not answered: {'; '.join(names[:3])}{more}"
