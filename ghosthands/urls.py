"""The route table. Source of the paths below /api/v1/gh: CONTRACT section 2."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from ghosthands.monitoring.views import ModelsView
from jobs.api.artifacts import artifact

handler400 = "jobs.api.errors.bad_request"
handler404 = "jobs.api.errors.not_found"
handler500 = "jobs.api.errors.server_error"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("", include("ghosthands.monitoring.urls")),
    path("artifacts/<path:path>", artifact, name="artifact"),
    path("replay/", include("jobs.admin.replay")),
    path("api/v1/gh/", include("jobs.api.urls")),
    path("api/v1/gh/", include("valet.urls")),
    path("api/v1/gh/", include("ghosthands.monitoring.urls")),
    path("api/v1/gh/models", ModelsView.as_view(), name="models"),
    path("api/v1/gh/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/gh/schema/ui/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="schema-ui"),
]

if settings.GH_JOB_BOARD:
    urlpatterns += [path("board/", include("ghosthands.jobboard.urls"))]
