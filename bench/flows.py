"""Play every whole application of the tests many times over: `python -m bench.flows [--repeat 20] [--only NAME]`.

A flow is right when the site holds exactly what it must, once, and the outcome says so. Ends with an error when
anything was claimed falsely or sent twice.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.workers.flows.catalogue import FLOWS
from tests.workers.flows.play import COMPLETED, Flow, play
from workers.engines.browser import BrowserHost, find_chromium

TRY_SECONDS = 120
COLUMNS = ("tries", "completed", "stopped rightly", "wrong", "false claims", "double submissions", "seconds")


def run(console: Console, repeat: int = 3, only: Sequence[str] = ()) -> dict[str, Any]:
    """Play the flows and return, per flow, how the tries ended."""
    flows = [f for f in FLOWS if not only or f.name in only]
    results = asyncio.run(_play_all(console, flows, repeat))
    console.print(_table(results))
    return results


async def _play_all(console: Console, flows: Sequence[Flow], repeat: int) -> dict[str, dict[str, Any]]:
    host = BrowserHost(find_chromium(""))
    try:
        with tempfile.TemporaryDirectory() as folder:
            return {flow.name: await _play_often(console, flow, host, Path(folder), repeat) for flow in flows}
    finally:
        await host.close()


async def _play_often(
    console: Console, flow: Flow, host: BrowserHost, folder: Path, repeat: int
) -> dict[str, Any]:
    counts: Counter[str] = Counter(dict.fromkeys(COLUMNS, 0))
    began = time.monotonic()
    for _ in range(repeat):
        counts["tries"] += 1
        try:
            played = await asyncio.wait_for(play(flow, host, folder), TRY_SECONDS)
        except Exception as error:
            counts["wrong"] += 1
            console.print(
                f"[red]{flow.name}[/red] {type(error).__name__}: {str(error)[:300]}", highlight=False
            )
            continue
        kind = "completed" if flow.ends == COMPLETED else "stopped rightly"
        counts["wrong" if played.faults else kind] += 1
        counts["false claims"] += played.claims_falsely
        counts["double submissions"] += played.sent_twice
        for fault in played.faults:
            console.print(f"{flow.name}: {fault[:900]}", highlight=False, markup=False)
    return {**counts, "seconds": round((time.monotonic() - began) / repeat, 2)}


def _table(results: dict[str, dict[str, Any]]) -> Table:
    table = Table("flow", *COLUMNS)
    for name, row in results.items():
        table.add_row(name, *(str(row[column]) for column in COLUMNS))
    total = [round(sum(row[column] for row in results.values()), 1) for column in COLUMNS]
    table.add_row("all", *map(str, total), style="bold")
    return table


def main() -> None:
    """Run the benchmark by itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    options = parser.parse_args()
    results = run(Console(), options.repeat, options.only)
    if any(row["false claims"] or row["double submissions"] for row in results.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
