"""Fill a form from labelled values, and send it unless told not to."""

from __future__ import annotations

from workers.context import JobSpec, Run
from workers.engines.base import Engine
from workers.handlers.base import picture
from workers.handlers.endings import confirmed, refused, unconfirmed
from workers.handlers.navigation import visit
from workers.handlers.people import KINDS, past, review
from workers.handlers.submission import Landing, press, watch
from workers.hands.advance import find_advance
from workers.hands.controls import PageView
from workers.hands.form_data import FormData
from workers.hands.pages import fillable
from workers.hands.report import PageReport
from workers.hands.walls import wall
from workers.inputs.forms import check_form_data
from workers.outcomes import Completed, Failed, NeedsHuman, Outcome

# The form to be filled may well be a log-in.
BLOCKERS = frozenset({"captcha", "bot_check"})


class FillFormHandler:
    """The job type `fill_form`."""

    def validate(self, spec: JobSpec) -> None:
        """Check that there are values to enter. Raises `InvalidInput`."""
        check_form_data(spec.input_data)

    async def run(self, run: Run, engine: Engine) -> Outcome:
        """Fill the form; every given label must have found its control, and every value must be seen there."""
        run.progress("navigating", 10, "Opening the form")
        barred = await visit(engine, run.spec.target_url)
        blocked = wall(await engine.view())
        if blocked and blocked.kind in BLOCKERS:
            stuck = await past(run, engine, blocked, BLOCKERS)
            if isinstance(stuck, NeedsHuman):
                return stuck
        elif barred:
            return barred
        run.progress("filling_form", 30, "Filling the form")
        source = FormData(run.spec.input_data["form_data"])
        report = await engine.lasting(await engine.fill(source))
        view = await engine.view()
        if source.unused:
            return _unmatched(source.unused, view)
        failed = {f.action.control.question: f.reason for f in report.failed}
        if failed:
            return Failed("validation_error", f"Could not fill: {'; '.join(failed)}", {"fields": failed})
        if not run.spec.input_data.get("submit", True):
            await picture(run, engine.page, "filled")
            return Completed(
                {"fields": report.rows(), "submitted": False}, f"{len(report.filled)} fields filled, not sent"
            )
        return await _send(run, engine, view, report)


def _unmatched(labels: list[str], view: PageView) -> Failed:
    present = [c.question for c in fillable(view)]
    message = f"No field for: {'; '.join(labels)}. The page has: {'; '.join(present) or 'no fields'}"
    return Failed("validation_error", message[:2000], {"unmatched": labels, "fields": present})


async def _send(run: Run, engine: Engine, view: PageView, report: PageReport) -> Outcome:
    advance = find_advance(view)
    if advance is None:
        return Failed("element_not_found", "The page has no button to send the form", {"url": view.url})
    pressing = watch if await review(run, engine, report.rows()) else press
    run.progress("submitting", 80, "Sending the form")
    await picture(run, engine.page, "before-submit")
    landing = await pressing(run, engine, advance, view, words="plain")
    while landing.wall and landing.wall.kind in KINDS:
        stuck = await past(run, engine, landing.wall)
        if isinstance(stuck, NeedsHuman):
            return stuck
        landing = await watch(run, engine, advance, view, words="plain")
    return await _outcome(run, engine, landing, report)


async def _outcome(run: Run, engine: Engine, landing: Landing, report: PageReport) -> Outcome:
    fields = report.rows()
    if landing.objections:
        return refused(landing.objections, fields)
    if landing.confirmed is None:
        return await unconfirmed(run, engine, landing.view, fields)
    result = {"submitted": True, "fields": fields}
    text = f"{len(report.filled)} fields filled and sent"
    return await confirmed(run, engine, landing.view, landing.confirmed, text=text, result=result)
