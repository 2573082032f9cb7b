"""Forget what was personal about jobs that ended long ago; that they happened, and how they ended, stays."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Now

from jobs import artifacts
from jobs.events import EventType, NewEvent, record
from jobs.models import Job
from jobs.states import TERMINAL

log = logging.getLogger(__name__)

BATCH: Final = 50
# What a person told us or a page showed of them. Source: CONTRACT section 3; the rest says what kind of job it was.
_PERSONAL_INPUT: Final = frozenset(
    {"user_data", "qa_overrides", "form_data", "cover_letter", "cover_letter_ref", "resume_path", "steps"}
)


def prune_old_jobs() -> int:
    """Delete files and personal values of some jobs that ended more than `GH_RETENTION_DAYS` ago; how many jobs.

    Several workers may do it at once. A file that the storage cannot delete now stays with its job for the next time.
    """
    if not settings.GH_RETENTION_DAYS:
        return 0
    too_old = Now() - timedelta(days=settings.GH_RETENTION_DAYS)
    with transaction.atomic():
        old = Job.objects.filter(
            status__in=sorted(TERMINAL), pruned_at__isnull=True, completed_at__lt=too_old
        ).order_by("completed_at")
        taken = list(old.select_for_update(skip_locked=True)[:BATCH])
        pruned = [job for job in taken if _delete_files(job)]
        for job in pruned:
            Job.objects.filter(id=job.id).update(
                input_data=_without_person(job.input_data),
                result_data=_without_fields(job.result_data),
                interaction_data=None,
                resume_ref=None,
                screenshot_urls=[],
                artifact_urls=[],
                pruned_at=Now(),
            )
            done = NewEvent(
                EventType.DATA_PRUNED, f"Personal data deleted after {settings.GH_RETENTION_DAYS} days"
            )
            record(job.id, [done], actor="system")
    return len(pruned)


def _delete_files(job: Job) -> bool:
    try:
        for name in [*job.screenshot_urls, *job.artifact_urls]:
            if artifacts.job_of(name):
                default_storage.delete(name)
    except OSError as error:
        log.warning("files of job %s could not be deleted: %s", job.short_id, error)
        return False
    return True


def _without_person(data: Any) -> Any:
    if not isinstance(data, Mapping):
        return data
    return {name: value for name, value in data.items() if name not in _PERSONAL_INPUT}


def _without_fields(data: Any) -> Any:
    """A result keeps its confirmation; the field report and a scrape's findings may hold anything."""
    if not isinstance(data, Mapping):
        return None
    return {name: data[name] for name in ("confirmation_id", "final_url", "pages") if name in data}
