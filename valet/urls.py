"""VALET's addresses below /api/v1/gh."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from valet.sessions import SessionsView, SessionView
from valet.views import ValetViewSet
from valet.workers import DeregisterView

router = SimpleRouter(trailing_slash=False)
router.register("valet", ValetViewSet, basename="valet")

urlpatterns = [
    path("valet/sessions/<str:user_id>", SessionsView.as_view(), name="valet-sessions"),
    path("valet/sessions/<str:user_id>/<str:domain>", SessionView.as_view(), name="valet-session"),
    path("valet/workers/deregister", DeregisterView.as_view(), name="valet-deregister"),
    *router.urls,
]
