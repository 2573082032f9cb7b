"""The board's addresses; the project includes them below /board/ when `GH_JOB_BOARD` is on."""

from django.urls import path

from ghosthands.jobboard import views

app_name = "jobboard"
urlpatterns = [
    path("", views.index, name="index"),
    path("jobs/<slug:slug>", views.posting, name="posting"),
    path("jobs/<slug:slug>/apply", views.start, name="start"),
    path("jobs/<slug:slug>/apply/<uuid:draft>/<slug:page>", views.page, name="page"),
    path("jobs/<slug:slug>/received/<str:number>", views.thanks, name="thanks"),
    path("received/<str:number>.json", views.record, name="record"),
    path("files/resume.pdf", views.sample_resume, name="resume"),
]
