"""`python -m bench [name ...]`: run the named benchmarks, or all of them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from rich.console import Console

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    django.setup()
    from bench import claims, console, flows, speed, viewers
    from ghosthands.processes import stopped_by_signals

    benches: dict[str, Callable[[Console], dict[str, Any]]] = {
        "claims": claims.run,
        "console": console.run,
        "flows": flows.run,
        "speed": speed.run,
        "viewers": viewers.run,
    }
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="of " + ", ".join(benches) + "; default: all")
    names = parser.parse_args().names or list(benches)
    RESULTS.mkdir(exist_ok=True)
    # Whoever stops it stops the servers and browsers that it started.
    with stopped_by_signals():
        for name in names:
            result = benches[name](Console())
            (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ghosthands.settings")
    main()
