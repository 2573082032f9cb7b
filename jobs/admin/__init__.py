"""The operators' console: Django's admin with our pages. It shows, and acts through `jobs.lifecycle` only."""

from jobs.admin.answers import RememberedAnswerAdmin
from jobs.admin.fleet import WorkerAdmin
from jobs.admin.jobs import JobAdmin
from jobs.admin.kept import BrowserSessionAdmin, CredentialAdmin
from jobs.admin.keys import ServiceKeyAdmin
from jobs.admin.users import PersonAdmin, RoleAdmin

__all__ = [
    "BrowserSessionAdmin",
    "CredentialAdmin",
    "JobAdmin",
    "PersonAdmin",
    "RememberedAnswerAdmin",
    "RoleAdmin",
    "ServiceKeyAdmin",
    "WorkerAdmin",
]
