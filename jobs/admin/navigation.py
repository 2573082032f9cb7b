"""The sections of the console, in the order in which they stand on every page.

A page belongs to the section that its context names as `section`; where a section has several pages, each is known
by its address. To add one: a line here, a view, and a template that extends `admin/console.html`.
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
class Page:
    """`permission` is what somebody needs to see it; an address that nobody has yet hides it."""

    label: str
    route: str
    permission: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One or more pages under one name; `key` leads to it after g."""

    name: str
    label: str
    pages: tuple[Page, ...]
    key: str = ""


def _changelist(label: str, model: str, permission: str = "", query: str = "") -> Page:
    app, _, name = model.partition("_")
    return Page(label, f"admin:{model}_changelist", permission or f"{app}.view_{name}", query)


SECTIONS: Final = (
    Section("dashboard", "Dashboard", (Page("Dashboard", "admin:index", "jobs.view_job"),), "d"),
    Section("jobs", "Jobs", (_changelist("Jobs", "jobs_job"),), "l"),
    Section("human", "Needs human", (_changelist("Needs human", "jobs_job", query="?status=human"),), "h"),
    Section("fleet", "Workers", (_changelist("Workers", "jobs_worker"),), "w"),
    Section("callbacks", "Callbacks", (_changelist("Callbacks", "valet_callbackdelivery"),), "b"),
    Section(
        "data",
        "Data",
        (
            _changelist("Sessions", "jobs_browsersession"),
            _changelist("Credentials", "jobs_credential"),
            _changelist("Remembered answers", "jobs_rememberedanswer"),
        ),
    ),
    Section(
        "access",
        "Access",
        (
            _changelist("Users", "auth_user"),
            _changelist("Roles", "auth_group"),
            _changelist("Service keys", "jobs_servicekey", "jobs.manage_keys"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several pages of a section."""

    label: str
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A section as one person sees it; `tabs` are its pages when it has several."""

    section: Section
    address: str
    tabs: list[Tab]
    badge: str = ""

    @property
    def is_current(self) -> bool:
        """Whether one of its tabs is open."""
        return any(tab.is_current for tab in self.tabs)


def links(request: HttpRequest) -> list[Link]:
    """Give the sections that this person may see; a person's inbox carries its number."""
    found = []
    for section in SECTIONS:
        seen = [(page, _address(page)) for page in section.pages if request.user.has_perm(page.permission)]
        tabs = [Tab(page.label, at, request.path.startswith(at)) for page, at in seen if at]
        if tabs:
            badge = _waiting() if section.name == "human" else ""
            found.append(Link(section, tabs[0].address, tabs if len(section.pages) > 1 else [], badge))
    return found


def _address(page: Page) -> str:
    try:
        return reverse(page.route) + page.query
    except NoReverseMatch:
        return ""


def _waiting() -> str:
    number = count_each({"human": Job.objects.filter(FOR_HUMAN)[: HUMAN_CAP + 1]})["human"]
    return told(number, HUMAN_CAP) if number else ""
