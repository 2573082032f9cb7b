"""The sections of the console, in the order in which they stand on every page.

A page belongs to the section that its context names as `section`. To add one: a line here, a view, and a template
that extends `admin/console.html`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from jobs.admin.counting import count_each, told
from jobs.models import FOR_HUMAN, Job

HUMAN_CAP: Final = 99


@dataclass(frozen=True, slots=True)
class Section:
    """`permission` is what somebody needs to see it; an address that no page has yet hides it."""

    name: str
    label: str
    route: str
    permission: str
    query: str = ""
    key: str = ""


SECTIONS: Final = (
    Section("dashboard", "Dashboard", "admin:index", "jobs.view_job", key="d"),
    Section("jobs", "Jobs", "admin:jobs_job_changelist", "jobs.view_job", key="l"),
    Section("human", "Needs human", "admin:jobs_job_changelist", "jobs.view_job", "?status=human", key="h"),
    Section("fleet", "Workers", "admin:jobs_worker_changelist", "jobs.view_worker", key="w"),
    Section(
        "callbacks",
        "Callbacks",
        "admin:valet_callbackdelivery_changelist",
        "valet.view_callbackdelivery",
        key="b",
    ),
    Section("keys", "Keys", "admin:jobs_servicekey_changelist", "jobs.manage_keys"),
    Section("access", "Access", "admin:auth_user_changelist", "auth.view_user"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A section as one person sees it."""

    section: Section
    address: str
    badge: str = ""


def links(request: HttpRequest) -> list[Link]:
    """Give the sections that this person may see; a person's inbox carries its number."""
    found = []
    for section in SECTIONS:
        address = _address(section)
        if address and request.user.has_perm(section.permission):
            found.append(Link(section, address, _waiting() if section.name == "human" else ""))
    return found


def _address(section: Section) -> str:
    try:
        return reverse(section.route) + section.query
    except NoReverseMatch:
        return ""


def _waiting() -> str:
    number = count_each({"human": Job.objects.filter(FOR_HUMAN)[: HUMAN_CAP + 1]})["human"]
    return told(number, HUMAN_CAP) if number else ""
