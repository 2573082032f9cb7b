"""Pages without a server, for tests of what the hands see."""

from __future__ import annotations

from urllib.parse import quote

from workers.engines.scripted import ScriptedEngine


async def show(engine: ScriptedEngine, html: str) -> None:
    """Open a page that holds this; an empty one, filled later, would be waited for."""
    await engine.open(f"data:text/html;charset=utf-8,{quote(html)}")
