"""The operators' console: Django's admin with our pages. It shows, and acts through `jobs.lifecycle` only."""

from jobs.admin.answers import RememberedAnswerAdmin
from jobs.admin.fleet import WorkerAdmin
from jobs.admin.jobs import JobAdmin
from jobs.admin.kept import BrowserSessionAdmin, CredentialAdmin
from jobs.admin.keys import ServiceKeyAdmin

__all__ = [
    "BrowserSessionAdmin",
    "CredentialAdmin",
    "JobAdmin",
    "RememberedAnswerAdmin",
    "ServiceKeyAdmin",
    "WorkerAdmin",
]
