"""What is told to whoever posts a job: its input is refused where it is wrong, and that nobody takes its type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from jobs.intake import NewJob
from jobs.waiting import not_taken


def check_input(job_type: str, input_data: Mapping[str, Any]) -> None:
    """Refuse input that a job of this type can never work with. Raises ValidationError naming the part.

    What is left out is not refused: clients of the original do so, and workers of the original may do without. Ours
    end such a job at once.
    """
    # The workers' own rules; named, not imported, for the domain knows nothing of workers.
    fault: tuple[str, str] | None = import_string(settings.JOB_INPUT_FAULT)(job_type, input_data)
    if fault and input_data.get(fault[0].partition(".")[0]) is not None:
        name, sentence = fault
        raise serializers.ValidationError({"input_data": {name: [ErrorDetail(sentence, "invalid")]}})


def warnings(new_jobs: Sequence[NewJob]) -> dict[str, list[str]]:
    """Give what the answer to a submission says besides: that no worker takes the jobs, if none does."""
    told = not_taken([new.job_type for new in new_jobs])
    return {"warnings": told} if told else {}
