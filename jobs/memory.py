"""What users answered before: used by their next applications, so that nobody is asked twice.

Each question of an interaction says how far its answer may be kept: `memory` is `everywhere`, `site` (the job board
and company that asked) or `never`. Codes, passwords and equal-opportunity answers are never kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models.functions import Now

from jobs.models import Job, RememberedAnswer
from jobs.resolutions import is_secret

MAX_RECALLED = 500


def question_key(question: str) -> str:
    """Give the question without case, accents and punctuation, so that it is known again."""
    plain = unicodedata.normalize("NFKD", question.casefold())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w+#]+|_", " ", kept).split())


def site_of(url: str) -> str:
    """Give the job board, and the company where the board serves several: host and first folder of the address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    folders = [part for part in parts.path.split("/") if part]
    return f"{host}/{folders[0]}" if len(folders) > 1 else host


def remember(
    job: Job, asked: Iterable[Mapping[str, Any]], answers: Mapping[str, str], *, answered_by: str
) -> None:
    """Keep the answers to `asked` questions for the job's user, as far as each may be kept."""
    for row in asked:
        question = str(row.get("question", ""))
        reach = row.get("memory", "site")
        if job.user_id is None or question not in answers or reach == "never" or is_secret(question):
            continue
        RememberedAnswer.objects.update_or_create(
            user_id=job.user_id,
            site="" if reach == "everywhere" else site_of(job.target_url),
            question_key=question_key(question),
            defaults={
                "question": question,
                "answer": answers[question],
                "answered_by": answered_by,
                "updated_at": Now(),
            },
        )


def recall(user_id: UUID | None, url: str) -> dict[str, str]:
    """Give what the user answered before that holds for this address: question to answer, its site's own first."""
    if user_id is None:
        return {}
    rows = RememberedAnswer.objects.filter(user_id=user_id, site__in=["", site_of(url)])
    found: dict[str, str] = {}
    for row in rows.order_by("-site", "-updated_at")[:MAX_RECALLED]:
        found.setdefault(row.question, row.answer)
    return found
