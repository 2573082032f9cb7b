"""What each control of a recorded form asks for, against labels given by hand.

Figures: micro precision, recall and F1 over labels that are filled; the share of `none` controls that were filled
all the same; and the share of forms with every control right.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page

from bench.hands_site import pages
from workers.hands.context import guesses
from workers.hands.observe import Eyes
from workers.hands.vocabulary import labels as family

MARK = "data-bench-id"


async def score_corpus(folder: Path, *, show: bool) -> Mapping[str, Any]:
    """Return the figures of one corpus."""
    forms = sorted({row["form"] for row in _rows(folder / "fields.jsonl")})
    predicted: dict[tuple[str, str], str] = {}
    async with pages(folder / "forms", scripts=False) as (context, base):
        for form in forms:
            for bid, label in (await _predict(context, base + form)).items():
                predicted[form, bid] = label
    return _figures(folder, predicted, show=show)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


async def _predict(context: BrowserContext, url: str) -> dict[str, str]:
    page = await context.new_page()
    try:
        await page.goto(url, wait_until="domcontentloaded")
        return await _labels(page)
    finally:
        await page.close()


async def _labels(page: Page) -> dict[str, str]:
    """Return the label of every marked control; the members of a group share theirs."""
    eyes = Eyes(page)
    view = await eyes.look()
    labels = guesses(view)
    found: dict[str, str] = {}
    for control in view.controls:
        nodes = [control.ref, *(option.ref for option in control.options)]
        for ref in nodes:
            handle = await eyes.handle(ref)
            bid = await handle.get_attribute(MARK) if handle else None
            if bid:
                label = labels[control.ref].label
                # The data names only the commonest of the screening questions.
                found[bid] = "screening_other" if label in family("screening") else label
    return found


def _figures(folder: Path, predicted: Mapping[tuple[str, str], str], *, show: bool) -> Mapping[str, Any]:
    hit, false, missed = Counter[str](), Counter[str](), Counter[str]()
    nothing = filled = 0
    forms: dict[str, list[bool]] = defaultdict(list)
    for row in _rows(folder / "fields.jsonl"):
        if row["label"] is None:
            continue
        said, accept = predicted.get((row["form"], row["bid"]), "none"), row["accept"] or [row["label"]]
        right = said in accept
        forms[row["form"]].append(right)
        if row["label"] == "none" and "email" not in accept:
            nothing += 1
            filled += said != "none"
        if said != "none":
            (hit if right else false)[said] += 1
        if not right:
            missed[row["label"]] += "none" not in accept
            if show:
                print(
                    f"{row['form']:48} {row['bid']:>4} {row['label']:18} got {said:18} {row['id']} {row['name']}"
                )
    return _rates(hit, false, missed) | {
        "none_filled": round(filled / max(1, nothing), 4),
        "forms_right": round(sum(map(all, forms.values())) / max(1, len(forms)), 3),
        "fields": sum(map(len, forms.values())),
    }


def _rates(hit: Counter[str], false: Counter[str], missed: Counter[str]) -> dict[str, Any]:
    good, bad, lost = hit.total(), false.total(), missed.total()
    precision, recall = good / max(1, good + bad), good / max(1, good + lost)
    return {
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
    }
