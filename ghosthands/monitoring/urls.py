"""Health and monitoring: at the root, where VALET asks, and below the API, where the documents say."""

from django.urls import path

from ghosthands.monitoring import views

urlpatterns = [
    path("health", views.HealthView.as_view(), name="health"),
    path("health/version", views.VersionView.as_view()),
    path("health/system", views.SystemView.as_view()),
    path("monitoring/health", views.MonitoringHealthView.as_view()),
    path("monitoring/metrics", views.MetricsView.as_view()),
    path("monitoring/metrics/json", views.MetricsJsonView.as_view()),
    path("monitoring/alerts", views.AlertsView.as_view()),
    path("monitoring/workers", views.WorkersView.as_view()),
    path("monitoring/dashboard", views.DashboardView.as_view()),
]
