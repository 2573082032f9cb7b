"""What users answered before, in the console: looked for, corrected and erased; never added by hand."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest

from jobs.admin.counting import count_each
from jobs.admin.editable import Editable, moment
from jobs.admin.page import actor
from jobs.models import RememberedAnswer

SEARCHED: Final = 20_000
COUNTED: Final = 10_000

if TYPE_CHECKING:
    AnswerModelAdmin = admin.ModelAdmin[RememberedAnswer]
    AnswerPaginator = Paginator[RememberedAnswer]
else:
    AnswerModelAdmin = admin.ModelAdmin
    AnswerPaginator = Paginator


class CappedPaginator(AnswerPaginator):
    """Counts no further than anybody leafs."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return count_each({"rows": rows[:COUNTED]})["rows"]


@admin.register(RememberedAnswer)
class RememberedAnswerAdmin(Editable, AnswerModelAdmin):
    """The answer alone can be changed; the question is what the site asked."""

    heading = "Remembered answers"
    list_display = ("question", "holds_for", "user_id", "updated")
    search_fields = ("question", "site")
    search_help_text = "Words of the question, a site, or a whole user id"
    ordering = ("-id",)
    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False
    fields = ("question", "answer", "holds_for", "user_id", "answered_by", "created", "updated")
    readonly_fields = ("question", "holds_for", "user_id", "answered_by", "created", "updated")
    created = moment("created_at", "Answered")
    updated = moment("updated_at", "Last changed")

    @admin.display(description="Site", ordering="site")
    def holds_for(self, row: RememberedAnswer) -> str:
        return row.site or "every site"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[RememberedAnswer], search_term: str
    ) -> tuple[QuerySet[RememberedAnswer], bool]:
        """Find a user through the index; words among the newest `SEARCHED` answers only."""
        try:
            return queryset.filter(user_id=UUID(search_term.strip())), False
        except ValueError:
            oldest = RememberedAnswer.objects.order_by("-id").values("id")[SEARCHED : SEARCHED + 1]
            newest = queryset.filter(id__gt=Coalesce(Subquery(oldest), 0))
            return super().get_search_results(request, newest, search_term)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: RememberedAnswer, form: Any, change: bool) -> None:
        """Keep the corrected answer, and who corrected it."""
        RememberedAnswer.objects.filter(pk=obj.pk).update(
            answer=obj.answer, answered_by=actor(request), updated_at=Now()
        )
