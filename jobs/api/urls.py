"""Addresses below /api/v1/gh: without a trailing slash, as clients know them."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from jobs.api.people import UserAnswersView, UserAnswerView
from jobs.api.sessions import CredentialsView, CredentialView, SessionsView
from jobs.api.streams import JobEventsStreamView, JobsStreamView
from jobs.api.usage import UsageView
from jobs.api.views import JobViewSet

router = SimpleRouter(trailing_slash=False)
router.register("jobs", JobViewSet, basename="job")

urlpatterns = [
    path("jobs/stream", JobsStreamView.as_view(), name="jobs-stream"),
    path("jobs/<str:job_id>/events/stream", JobEventsStreamView.as_view(), name="job-events-stream"),
    path("users/<str:user_id>/answers", UserAnswersView.as_view(), name="user-answers"),
    path("users/<str:user_id>/answers/<int:answer_id>", UserAnswerView.as_view(), name="user-answer"),
    path("users/<str:user_id>/credentials", CredentialsView.as_view(), name="user-credentials"),
    path("users/<str:user_id>/credentials/<str:site>", CredentialView.as_view(), name="user-credential"),
    path("sessions", SessionsView.as_view(), name="sessions"),
    path("users/<str:user_id>/usage", UsageView.as_view(), name="user-usage"),
    *router.urls,
]
