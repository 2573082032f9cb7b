"""Take everything that is kept encrypted over to the key that encrypts now, so that older keys can go.

Safe to run while workers and servers run, to break off and to repeat: each row and file is taken over by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import models, transaction

from jobs import artifacts, encryption
from jobs.models import BrowserSession, Credential, Job, SealedResolution

COLUMNS: Final[tuple[tuple[type[models.Model], str, str], ...]] = (
    # The table, its encrypted column, and the column that names the key, where there is one.
    (BrowserSession, "session_data", "encryption_key_id"),
    (Credential, "sealed", "encryption_key_id"),
    (SealedResolution, "sealed", ""),
)


@dataclass(slots=True)
class Rotation:
    """How much was taken over, and how much no configured key opens any more."""

    taken_over: int = 0
    lost: int = 0


def rotate() -> Rotation:
    """Encrypt anew what an older key has encrypted: sessions, credentials, resolutions and traces."""
    done = Rotation()
    for model, column, key_column in COLUMNS:
        _rotate_column(model, column, key_column, done)
    traced = Job.objects.filter(artifact_urls__len__gt=0).values_list("id", flat=True)
    for job_id in traced.iterator():
        _rotate_traces(job_id, done)
    return done


def _rotate_column(model: type[models.Model], column: str, key_column: str, done: Rotation) -> None:
    rows = model._default_manager.exclude(**{column: None})
    for pk in rows.values_list("pk", flat=True).iterator():
        with transaction.atomic():
            row = rows.select_for_update().filter(pk=pk).first()
            if row is not None:
                _rotate_row(row, column, key_column, done)


def _rotate_row(row: models.Model, column: str, key_column: str, done: Rotation) -> None:
    kept = getattr(row, column)
    is_text = isinstance(kept, str)
    fresh = _anew(kept.encode() if is_text else bytes(kept), done)
    if fresh is None:
        return
    setattr(row, column, fresh.decode() if is_text else fresh)
    if key_column:
        setattr(row, key_column, encryption.key_id())
    row.save(update_fields=[column, *filter(None, [key_column])])
    done.taken_over += 1


def _rotate_traces(job_id: Any, done: Rotation) -> None:
    """Store the job's traces anew, under new names, and let the row name these before the old ones go."""
    with transaction.atomic():
        job = Job.objects.select_for_update().get(id=job_id)
        renamed = {name: _rotate_trace(name, done) for name in job.artifact_urls}
        names = [renamed[name] or name for name in job.artifact_urls]
        if names != job.artifact_urls:
            Job.objects.filter(id=job_id).update(artifact_urls=names)
    for old in (name for name, new in renamed.items() if new):
        default_storage.delete(old)


def _rotate_trace(name: str, done: Rotation) -> str | None:
    kept = artifacts.read_sealed(name)
    if kept is None or (fresh := _anew(kept, done)) is None:
        return None
    done.taken_over += 1
    return artifacts.save_sealed(name, fresh)


def _anew(content: bytes, done: Rotation) -> bytes | None:
    """Encrypt anew; None for what is under the present key already, or under one that is gone."""
    if encryption.is_current(content):
        return None
    try:
        return encryption.encrypt(encryption.decrypt(content))
    except encryption.CannotDecrypt:
        done.lost += 1
        return None
