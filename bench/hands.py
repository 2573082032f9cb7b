"""Score the hands on recorded forms, single widgets and screening questions: `python -m bench.hands DATA_DIR`.

Reads whichever of ddg, firefox, ats, widgets and questions the directory holds; prints a table, and with `--json FILE`
writes the figures. `--show` lists every miss.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.hands_labels import score_corpus
from bench.hands_questions import score_questions
from bench.hands_widgets import score_widgets

CORPORA = ("ddg", "firefox", "ats")
SETS = (*CORPORA, "widgets", "questions")
Figures = Mapping[str, Any]


async def measure(data: Path, names: list[str], *, show: bool) -> dict[str, Figures]:
    """Return the figures of every named data set that the directory holds."""
    found: dict[str, Figures] = {}
    for name in (n for n in names if (data / n).is_dir()):
        if name in CORPORA:
            found[name] = await score_corpus(data / name, show=show)
        elif name == "widgets":
            found[name] = await score_widgets(data / name, show=show)
        else:
            found[name] = score_questions(data / name, show=show)
    return found


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", action="append", choices=SETS)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = asyncio.run(measure(options.data, options.only or list(SETS), show=options.show))
    for name, values in figures.items():
        print(f"{name:10}", "  ".join(f"{k} {v}" for k, v in values.items()))
    if not figures:
        print(f"No data set found in {options.data}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
