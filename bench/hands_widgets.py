"""Single widgets: enter one value by its question, then read what the page itself holds.

A claim is a value that the hands report as verified; a false claim is one that the page does not hold.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.hands_site import pages
from workers.engines.scripted import ScriptedEngine
from workers.hands.form_data import FormData

READ = (
    "(r) => { const f = document.querySelector('.field') || document.querySelector('form');"
    " return String(eval(r)); }"
)


async def score_widgets(folder: Path, *, show: bool) -> Mapping[str, Any]:
    """Return how many widgets hold the expected value, and how many were claimed that do not."""
    right = claimed_falsely = wrong = total = 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        resume = Path(scratch) / "jordan.pdf"
        resume.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
        async with pages(folder / "forms") as (context, base):
            for line in (folder / "widgets.jsonl").read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                engine = ScriptedEngine(context)
                source = FormData({row["question"]: row["value"]}, {row["value"]: resume})
                await engine.open(base + row["form"])
                report = await engine.lasting(await engine.fill(source))
                got = await _read(engine, row["read"])
                good = _same(row["expected"], got)
                claimed = bool(report.filled) and not report.failed
                total, right = total + 1, right + good
                claimed_falsely += claimed and not good
                wrong += not good and not re.match(r"BLANK|READ ERROR", got)
                if show and not good:
                    reasons = [f.reason for f in report.filled] or [x.reason for x in report.left]
                    print(
                        f"{row['form']:48} want {row['expected']!r} got {got!r} {'CLAIMED ' * claimed}{reasons}"
                    )
                await engine.page.close()
    return {
        "right": f"{right}/{total}",
        "false_claims": claimed_falsely,
        "wrong_values": wrong,
        "seconds": round(time.monotonic() - started, 1),
    }


async def _read(engine: ScriptedEngine, script: str) -> str:
    try:
        return str(await engine.page.evaluate(READ, script))
    except Exception as error:
        return f"READ ERROR {error}"[:120]


def _norm(text: object) -> str:
    return " ".join(str(text or "").lower().replace("*", " ").replace("?", " ").split())


def _same(expected: str, got: str) -> bool:
    """Equal after normalising case, blanks and the order of several values; a date in any order of its parts."""
    if "|" in expected:
        return sorted(map(_norm, expected.split("|"))) == sorted(map(_norm, got.split("|")))
    want, have = re.findall(r"\d+", expected), re.findall(r"\d+", got)
    if len(want) == 3 and len(have) == 3 and any(len(part) == 4 for part in want):
        return sorted(map(int, want)) == sorted(map(int, have))
    return _norm(expected) == _norm(got)
