"""Pictures: fields that identify a person to the state or a bank are covered, found by their own words."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.privacy import concealed, full_picture

PAGE = """
<label for="first">First name</label><input id="first">
<label for="ssn">Social Security Number (last 4)</label><input id="ssn">
<fieldset><legend>Date of birth</legend><select id="day"></select><select id="year"></select></fieldset>
<div><span id="t">IBAN</span><input id="iban" aria-labelledby="t"></div>
<label>Sozialversicherungsnummer <input id="sv"></label>
<input id="nif" name="nationalIdNumber">
<label for="start">Start date</label><input id="start" type="date">
<input id="secret" type="password">
<div id="host"></div>
<iframe srcdoc="<label>Passport number <input id='passport'></label><input id='city' aria-label='City'>"></iframe>
<script>
  document.getElementById("host").attachShadow({mode: "open"})
    .innerHTML = "<label>Codice fiscale <input id='cf'></label>";
</script>
"""
COVERED = {"ssn", "day", "year", "iban", "sv", "nif", "secret", "cf", "passport"}


@pytest.mark.browser
def test_what_pictures_cover(drive: Callable[..., Any]) -> None:
    async def use(engine: ScriptedEngine) -> set[str]:
        await show(engine, PAGE)
        found: set[str] = set()
        for cover in await concealed(engine.page):
            found |= set(await cover.evaluate_all("nodes => nodes.map(n => n.id)"))
        assert await engine.page.screenshot(mask=await concealed(engine.page))
        return found

    assert drive(use) == COVERED


@pytest.mark.browser
@pytest.mark.parametrize("secret", ["", "<input type=password value=hunter2>"])
def test_a_picture_shows_the_whole_page(drive: Callable[..., Any], secret: str) -> None:
    async def use(engine: ScriptedEngine) -> bytes:
        await show(engine, f"<body style='margin:0;height:2500px'>Hello {secret}</body>")
        return await full_picture(engine.page, (), 6000)

    png = drive(use)
    assert struct.unpack(">II", png[16:24]) == (1280, 2500)
