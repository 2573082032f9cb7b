"""The route table. Source of the paths below /api/v1/gh: CONTRACT section 2."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("api/v1/gh/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/gh/schema/ui/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="schema-ui"),
]

if settings.GH_JOB_BOARD:
    urlpatterns += [path("board/", include("ghosthands.jobboard.urls"))]
