"""What drives the browser for a handler, by name."""

from __future__ import annotations

from workers.engines.base import Engine
from workers.engines.scripted import ScriptedEngine

ENGINES: dict[str, type[Engine]] = {"scripted": ScriptedEngine}
