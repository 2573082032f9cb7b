"""What people say when a job asks them: `gh_resolutions`, read once; `gh_answer_memory`, kept for the next time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from jobs.models.job import Job


class SealedResolution(models.Model):
    """What a person gave with the last resume of a job, until its worker reads it; the row is erased then.

    `interaction_type` is what was asked for; `sealed` is encrypted, and empty when nothing secret was given.
    """

    job = models.OneToOneField(Job, on_delete=models.CASCADE, primary_key=True, related_name="resolution")
    interaction_type = models.TextField(db_default="")
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "gh_resolutions"

    def __str__(self) -> str:
        return f"Resolution of {self.job_id}"


class RememberedAnswer(models.Model):
    """A user's answer to a screening question, used before that user is asked again.

    `site` is the job board and company it was asked by; empty when the answer holds everywhere. `question_key` is
    the question without case, accents and punctuation.
    """

    id = models.BigAutoField(primary_key=True)
    user_id = models.UUIDField()
    site = models.TextField(db_default="", blank=True)
    question = models.TextField()
    question_key = models.TextField()
    answer = models.TextField()
    answered_by = models.TextField(db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "gh_answer_memory"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            # The newest answer to a question replaces the one before.
            models.UniqueConstraint(
                fields=["user_id", "site", "question_key"], name="gh_answers_one_per_question"
            ),
        ]

    def __str__(self) -> str:
        return self.question[:80]
