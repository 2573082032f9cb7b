"""Several counts in one query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def count_each(rows: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """Count each of the query sets; a slice bounds what its count may cost."""
    counts, parts = dict.fromkeys(rows, 0), {}
    params: list[Any] = []
    for name, queryset in rows.items():
        try:
            sql, values = queryset.values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        parts[name] = f"(SELECT count(*) FROM ({sql}) AS counted)"  # noqa: S608 - the ORM's own text
        params += values
    if parts:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(parts.values()), params)
            counts.update(zip(parts, cursor.fetchone(), strict=True))
    return counts


def told(count: int, cap: int) -> str:
    """Write a count that stops just above `cap`: `1,000+`."""
    return f"{cap:,}+" if count > cap else f"{count:,}"
