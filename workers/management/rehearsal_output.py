"""A rehearsal as a table for a terminal, as JSON for a script, and as one page that needs nothing else."""

from __future__ import annotations

import base64
import io
import json
import shutil
import struct
from dataclasses import asdict
from typing import Any

from django.core.management.base import OutputWrapper
from django.template.loader import render_to_string
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from workers.management.rehearsal import Rehearsal, Row

STATES = {
    "filled": ("verified", "green"),
    "planned": ("planned", "cyan"),
    "missing": ("MISSING", "bold yellow"),
    "failed": ("FAILED", "bold red"),
    "left": ("left alone", "bright_black"),
}
PIPE_WIDTH = 200


def print_table(found: Rehearsal, stdout: OutputWrapper, *, color: bool) -> None:
    """Print every control with its label, value, source, confidence and outcome."""
    terminal, text = stdout.isatty(), io.StringIO()
    console = Console(
        file=text,
        force_terminal=terminal and color,
        no_color=not color,
        width=shutil.get_terminal_size().columns if terminal else PIPE_WIDTH,
        highlight=False,
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("#", "Question", "Label", "Value", "Source", "Conf.", "Outcome"):
        right = heading in {"#", "Conf."}
        table.add_column(heading, justify="right" if right else "left", no_wrap=right, overflow="fold")
    for row in found.rows:
        table.add_row(*_cells(row))
    console.print(Text(found.title or "(no title)", style="bold"))
    console.print(Text(found.url, style="bright_black"))
    if found.rows:
        console.print(table)
    for note in found.notes:
        console.print(Text(note, style="bright_black"))
    console.print(Text(summary(found), style="green" if found.complete else "bold yellow"))
    stdout.write("\n".join(line.rstrip() for line in text.getvalue().splitlines()))


def _cells(row: Row) -> list[Text]:
    word, style = STATES[row.state]
    outcome = Text(word, style=style)
    if row.reason:
        outcome.append(f"  {row.reason}", style="bright_black")
    label = Text(row.label)
    label.append(f" {row.label_confidence:.2f}", style="bright_black")
    return [
        Text(str(row.number), style="bright_black"),
        Text(row.question[:120] + (" *" if row.required else "")),
        label,
        Text(row.value[:80]),
        Text(row.source),
        Text(f"{row.confidence:.2f}" if row.source else ""),
        outcome,
    ]


def summary(found: Rehearsal) -> str:
    """Return one sentence: how many of each, and whether the form could be sent."""
    counts = {state: sum(row.state == state for row in found.rows) for state in STATES}
    said = [f"{count} {STATES[state][0].lower()}" for state, count in counts.items() if count]
    if not found.rows:
        return "Nothing to fill."
    done = "filled" if found.filled else "planned"
    if found.complete:
        end = f"every required control is {done}"
    else:
        lacks = counts["missing"] or counts["failed"]
        end = f"not every required control is {done}" if lacks else "there is no form to fill"
    return f"{', '.join(said)}: {end}. Nothing was sent."


def write_json(found: Rehearsal, stdout: OutputWrapper) -> None:
    """Print one JSON document. Shape: url, title, filled, complete, notes, rows of `Row`'s fields."""
    stdout.write(json.dumps(_plain(found), indent=2, ensure_ascii=False))


def _plain(found: Rehearsal) -> dict[str, Any]:
    plain = asdict(found)
    del plain["picture"]
    return plain


def html_page(found: Rehearsal) -> str:
    """Return the rehearsal as one page: the picture with every control marked, and the table."""
    width, height = _size(found.picture)
    return render_to_string(
        "workers/rehearsal.html",
        {
            "found": found,
            "summary": summary(found),
            "picture": base64.b64encode(found.picture).decode(),
            "rows": [(row, STATES[row.state][0], _place(row, width, height)) for row in found.rows],
        },
    )


def _size(png: bytes) -> tuple[int, int]:
    """Return a PNG's width and height, which stand at a fixed place in it."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _place(row: Row, width: int, height: int) -> str:
    """Return where the control is on the picture, as CSS; nothing when it is not on it."""
    if not row.box or row.box["y"] > height or row.box["x"] > width:
        return ""
    of = {"left": ("x", width), "top": ("y", height), "width": ("width", width), "height": ("height", height)}
    return ";".join(f"{side}:{row.box[key] / whole:.4%}" for side, (key, whole) in of.items())
