"""What users answered before, in the console: looked for, corrected and erased; never added by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse

from jobs.models import RememberedAnswer

if TYPE_CHECKING:
    AnswerModelAdmin = admin.ModelAdmin[RememberedAnswer]
else:
    AnswerModelAdmin = admin.ModelAdmin


@admin.register(RememberedAnswer)
class RememberedAnswerAdmin(AnswerModelAdmin):
    """The answer alone can be changed; the question is what the site asked."""

    list_display = ("question", "site", "user_id", "updated_at")
    search_fields = ("question", "site", "=user_id")
    search_help_text = "Words of the question, a site, or a whole user id"
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    fields = ("question", "answer", "site", "user_id", "answered_by", "created_at", "updated_at")
    readonly_fields = ("question", "site", "user_id", "answered_by", "created_at", "updated_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "Remembered answers", **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: RememberedAnswer, form: Any, change: bool) -> None:
        """Keep the corrected answer, and who corrected it."""
        RememberedAnswer.objects.filter(pk=obj.pk).update(
            answer=obj.answer, answered_by=f"admin:{request.user.get_username()}", updated_at=Now()
        )
