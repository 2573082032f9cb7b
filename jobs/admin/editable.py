"""What Django's own lists and forms have in common here, where rows can be changed: headings, and times in UTC."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    EditableModelAdmin = admin.ModelAdmin[Any]
else:
    EditableModelAdmin = object

TIME: Final = '<time datetime="{}" data-local>{}</time>'


class Editable(EditableModelAdmin):
    """Django's list under a heading of ours."""

    heading: ClassVar[str]
    empty_value_display = mark_safe('<span class="gh-quiet">&ndash;</span>')

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": self.heading, **(extra_context or {})})


def moment(field: str, label: str) -> Callable[[Any, Any], str]:
    """Give a column that shows a row's time as every page does: with its zone, and in the viewer's own by script."""

    @admin.display(description=label, ordering=field)
    def shown(page: Any, row: Any) -> str:
        at = getattr(row, field)
        time = "never" if at is None else format_html(TIME, at.isoformat(), f"{at:%Y-%m-%d %H:%M} UTC")
        # Where the table has no head, on a narrow screen, the label is shown beside the time.
        return format_html('<span class="gh-label">{} </span>{}', label, time)

    return shown
