"""The board's pages: the openings, three pages of an application, the thanks."""

from __future__ import annotations

import ipaddress
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from ghosthands.jobboard import records
from ghosthands.jobboard.forms import OFFICES, PAGES, BoardForm
from ghosthands.jobboard.postings import COMPANY, POSTINGS, Posting
from ghosthands.jobboard.sample import resume_pdf

TITLES = {"contact": "Contact details", "experience": "Your experience", "screening": "A few questions"}
STEPS = list(PAGES)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show what the company is hiring for."""
    return _show(request, "index", postings=[posting for posting in POSTINGS.values() if posting.is_open])


@require_GET
def posting(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one opening; a closed one says so and offers no way to apply."""
    job = _posting(slug)
    data = json_script(job.json_ld(request.build_absolute_uri()))
    json_ld = SafeString(data.replace('type="application/json"', 'type="application/ld+json"', 1))
    return _show(request, "posting", posting=job, json_ld=json_ld)


@require_GET
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the applicant to the first page of a draft of their own."""
    return redirect("jobboard:page", _open_posting(slug).slug, uuid.uuid4(), STEPS[0])


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, slug: str, draft: uuid.UUID, page: str) -> HttpResponse:
    """Show one page with what was answered before; take its answers and go on, or say what is wrong."""
    job, key = _open_posting(slug), draft.hex
    if page not in PAGES:
        raise Http404(page)
    saved, position = records.draft(key), STEPS.index(page)
    missing = [step for step in STEPS[:position] if step not in saved]
    if missing:
        return redirect("jobboard:page", slug, draft, missing[0])
    if request.method == "GET":
        return _form_page(request, job, draft, page, PAGES[page](initial=saved.get(page)))
    form = PAGES[page](request.POST, request.FILES, initial=saved.get(page))
    if not form.is_valid():
        return _form_page(request, job, draft, page, form)
    records.save_page(key, page, form.answers())
    if page == STEPS[-1]:
        return redirect("jobboard:thanks", slug, records.receive(key, slug))
    return redirect("jobboard:page", slug, draft, STEPS[position + 1])


@require_GET
def thanks(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Confirm an application that arrived, with its number."""
    return _show(request, "thanks", posting=_posting(slug), application=_application(number))


@require_GET
def record(request: HttpRequest, number: str) -> JsonResponse:
    """Return what arrived under a number, to callers on this machine only."""
    if not ipaddress.ip_address(request.META["REMOTE_ADDR"] or "0.0.0.0").is_loopback:  # noqa: S104
        raise Http404(number)
    return JsonResponse(_application(number))


@require_GET
def sample_resume(request: HttpRequest) -> HttpResponse:
    """Return the resume of the person that the demo applies for."""
    return HttpResponse(resume_pdf(), content_type="application/pdf")


def _posting(slug: str) -> Posting:
    if slug not in POSTINGS:
        raise Http404(slug)
    return POSTINGS[slug]


def _open_posting(slug: str) -> Posting:
    job = _posting(slug)
    if not job.is_open:
        raise Http404(slug)
    return job


def _application(number: str) -> dict[str, Any]:
    application = records.application(number) if number.isascii() and "/" not in number else {}
    if not application:
        raise Http404(number)
    return application


def _form_page(
    request: HttpRequest, job: Posting, draft: uuid.UUID, page: str, form: BoardForm
) -> HttpResponse:
    position = STEPS.index(page)
    back = reverse("jobboard:page", args=[job.slug, draft, STEPS[position - 1]]) if position else ""
    steps = [(TITLES[step], STEPS.index(step) - position) for step in STEPS]
    return _show(
        request,
        "page",
        status=422 if form.is_bound else 200,
        posting=job,
        title=TITLES[page],
        steps=steps,
        number=position + 1,
        form=form,
        back=back or reverse("jobboard:posting", args=[job.slug]),
        is_last=page == STEPS[-1],
        offices=OFFICES,
    )


def _show(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, f"jobboard/{name}.html", {"company": COMPANY, **context}, status=status)
