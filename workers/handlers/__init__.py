"""What the queue can do, by job type."""

from __future__ import annotations

from workers.handlers.apply import ApplyHandler
from workers.handlers.base import Handler
from workers.handlers.custom import CustomHandler
from workers.handlers.fill_form import FillFormHandler
from workers.handlers.scrape import ScrapeHandler

HANDLERS: dict[str, Handler] = {
    "apply": ApplyHandler(),
    "scrape": ScrapeHandler(),
    "fill_form": FillFormHandler(),
    "custom": CustomHandler(),
}
