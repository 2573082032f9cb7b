"""Callbacks in the console: what VALET has not heard yet, what was given up, and sending it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import admin, messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
)
from django.urls import URLPattern, path, reverse

from jobs.admin.page import actor, log, refusal, show, whole_number
from jobs.admin.read_only import ReadOnly
from valet import callbacks
from valet.deliveries import Asked, Deliveries
from valet.models import CallbackDelivery

if TYPE_CHECKING:
    DeliveryModelAdmin = admin.ModelAdmin[CallbackDelivery]
else:
    DeliveryModelAdmin = admin.ModelAdmin

RESEND: Final = "valet.resend_callback"
AT_ONCE: Final = 500


@admin.register(CallbackDelivery)
class CallbackDeliveryAdmin(ReadOnly, DeliveryModelAdmin):
    """A read-only list; what may be done to a callback is to send it again."""

    def get_urls(self) -> list[URLPattern]:
        again = self.admin_site.admin_view(send_again)
        return [path("send-again/", again, name="valet_callbackdelivery_send_again"), *super().get_urls()]

    def list_page(self, request: HttpRequest) -> HttpResponse:
        asked = Asked.read(request.GET)
        context = {
            "title": "Callbacks",
            "section": "callbacks",
            "listing": Deliveries(asked, request.GET),
            "may_resend": request.user.has_perm(RESEND),
        }
        return show(request, "admin/valet/callbacks.html", context)


def send_again(request: HttpRequest) -> HttpResponse:
    """Send one callback again, or, once that was confirmed, all that the list's filter matches."""
    if refused := refusal(request, RESEND):
        return refused
    asked = Asked.read(QueryDict(request.GET.get("list", "")))
    every = request.POST.get("every") == "filter"
    ids = _matching(asked) if every else _named(request.POST)
    if every and request.POST.get("go") != "1":
        return _ask(request, asked, ids)
    ids = ids[:AT_ONCE]
    sent = callbacks.send_again(CallbackDelivery.objects.filter(id__in=ids), actor=actor(request))
    log(request, sent, "Sent again.")
    _tell(request, len(sent), len(ids))
    return HttpResponseRedirect(_list_address(asked))


def _matching(asked: Asked) -> list[int]:
    """Give what the filter matches and may be sent again, those that wait longest first."""
    found = asked.matching().filter(callbacks.RESENDABLE, ~callbacks.OVERTAKEN)
    return list(found.order_by("id").values_list("id", flat=True)[: AT_ONCE + 1])


def _named(form: QueryDict) -> list[int]:
    given = whole_number(form.get("delivery", ""))
    return [] if given is None else [given]


def _ask(request: HttpRequest, asked: Asked, ids: list[int]) -> HttpResponse:
    """Show how many would be sent."""
    listing = Deliveries(asked, QueryDict())
    context = {
        "title": "Send these callbacks again?",
        "section": "callbacks",
        "number": min(len(ids), AT_ONCE),
        "more": len(ids) > AT_ONCE,
        "listing": listing,
        "at_once": AT_ONCE,
    }
    return show(request, "admin/valet/send_again.html", context)


def _tell(request: HttpRequest, sent: int, asked: int) -> None:
    if sent:
        messages.success(request, f"{sent} callback{'s' if sent != 1 else ''} will be sent within seconds.")
    if sent < asked or not asked:
        messages.warning(
            request,
            "A callback is not sent again while it is under way, nor once it, or a later one of its job, has arrived.",
        )


def _list_address(asked: Asked) -> str:
    query = asked.address()
    listing = reverse("admin:valet_callbackdelivery_changelist")
    return f"{listing}?{query}" if query else listing
