"""Replay a run: its recording, opened in the trace viewer that comes inside the Playwright package, offline.

A recording holds every value that was typed, so that opening one is a reveal: it takes the permission and leaves an
event. The pages in it belong to strangers; the viewer itself shows them without their scripts.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe
from django.views.static import serve

from jobs import artifacts
from jobs.encryption import CannotDecrypt
from jobs.events import EventType, NewEvent, record
from jobs.models import Job

_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.S)


@cache
def viewer() -> Path | None:
    """Find the viewer's files; None on a server without Playwright."""
    package = find_spec("playwright")
    if package is None or not package.submodule_search_locations:
        return None
    folder = Path(package.submodule_search_locations[0], "driver/package/lib/vite/traceViewer")
    return folder if (folder / "index.html").is_file() else None


def recordings(job: Job) -> list[str]:
    """Give the storage names of the job's recordings, oldest first."""
    return [name for name in job.artifact_urls if name.endswith(".zip") and artifacts.job_of(name)]


@require_safe
@staff_member_required
@permission_required("jobs.reveal_job_data", raise_exception=True)
def replay_view(request: HttpRequest, job_id: UUID, number: int) -> HttpResponse:
    """Open the viewer on a job's recording (1 is its first), and tell the job's history who did."""
    _recording(job_id, number)
    if viewer() is None:
        raise Http404("The trace viewer is part of the Playwright package, which this server does not have.")
    opened = NewEvent(EventType.RECORDING_OPENED, f"Recording {number} opened", {"recording": number})
    record(job_id, [opened], actor=f"admin:{request.user.get_username()}")
    recording = reverse("recording", args=[job_id, number])
    address = reverse("replay-viewer", args=["index.html"])
    return HttpResponseRedirect(f"{address}?{urlencode({'trace': recording})}")


@require_safe
@staff_member_required
@permission_required("jobs.reveal_job_data", raise_exception=True)
def recording_view(request: HttpRequest, job_id: UUID, number: int) -> HttpResponse:
    """Answer the recording itself, to the viewer."""
    try:
        content = artifacts.read(_recording(job_id, number))
    except CannotDecrypt as error:
        raise Http404(str(error)) from error
    if content is None:
        raise Http404("The recording was pruned.")
    return HttpResponse(content, content_type="application/zip", headers={"Cache-Control": "no-store"})


@require_safe
@staff_member_required
@permission_required("jobs.reveal_job_data", raise_exception=True)
def viewer_view(request: HttpRequest, file: str) -> HttpResponseBase:
    """Answer one of the viewer's own files."""
    folder = viewer()
    if folder is None:
        raise Http404("This server has no Playwright package.")
    response = serve(request, file, document_root=str(folder))
    response["Content-Security-Policy"] = _policy(folder)
    response["X-Frame-Options"] = "SAMEORIGIN"  # it shows each moment of the run in a frame of its own
    return response


@cache
def _policy(folder: Path) -> str:
    """The viewer styles its own elements, shows pictures and pages of the recording from memory, and has one inline
    script, which is named by its hash."""
    inline = _INLINE_SCRIPT.findall((folder / "index.html").read_bytes())
    hashes = [f"'sha256-{base64.b64encode(sha256(script).digest()).decode()}'" for script in inline]
    return (
        f"default-src 'self'; script-src 'self' {' '.join(hashes)}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; "
        "frame-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


def _recording(job_id: UUID, number: int) -> str:
    job = Job.objects.filter(id=job_id).only("artifact_urls").first()
    names = recordings(job) if job else []
    if not 1 <= number <= len(names):
        raise Http404("The job has no such recording.")
    return names[number - 1]


urlpatterns: list[URLPattern] = [
    path("viewer/<path:file>", viewer_view, name="replay-viewer"),
    path("<uuid:job_id>/<int:number>/", replay_view, name="replay"),
    path("<uuid:job_id>/<int:number>/recording.zip", recording_view, name="recording"),
]
