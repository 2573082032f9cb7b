"""The tables that GhostHands, VALET and older workers share. Source: CONTRACT sections 4, 8, 10 and 14.

Every default stands in the database itself, because other programs insert rows naming few columns.
"""

from jobs.models.event import JobEvent
from jobs.models.job import CLAIMABLE, FOR_HUMAN, HOT, LEASE, SHARED, UNVERIFIED, Claim, Job, JobQuerySet
from jobs.models.keys import ServiceKey
from jobs.models.limits import Cost, QueuePause, RateRefusal, SitePace
from jobs.models.people import RememberedAnswer, SealedResolution
from jobs.models.remote import RemoteTouch, RemoteView
from jobs.models.sessions import BrowserSession, Credential
from jobs.models.worker import Worker

__all__ = [
    "CLAIMABLE",
    "FOR_HUMAN",
    "HOT",
    "LEASE",
    "SHARED",
    "UNVERIFIED",
    "BrowserSession",
    "Claim",
    "Cost",
    "Credential",
    "Job",
    "JobEvent",
    "JobQuerySet",
    "QueuePause",
    "RateRefusal",
    "RememberedAnswer",
    "RemoteTouch",
    "RemoteView",
    "SealedResolution",
    "ServiceKey",
    "SitePace",
    "Worker",
]
