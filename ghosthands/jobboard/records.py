"""What the board keeps: drafts while someone applies, one file for each application that arrived.

Files below `GH_DATA_DIR/board`, written under another name and renamed, so that no reader sees half of one.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

DIGITS, LETTERS = "23456789", "ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look alike


def _folder(name: str) -> Path:
    folder = Path(settings.GH_DATA_DIR) / "board" / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(path: Path, content: dict[str, Any]) -> None:
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    partial.write_text(json.dumps(content, indent=2, ensure_ascii=False))
    partial.rename(path)


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text())) if path.is_file() else {}


def draft(key: str) -> dict[str, Any]:
    """Return the pages of a draft that were accepted so far, by name."""
    return _read(_folder("drafts") / f"{key}.json")


def save_page(key: str, page: str, answers: dict[str, Any]) -> None:
    """Keep the answers of one page of a draft."""
    _write(_folder("drafts") / f"{key}.json", {**draft(key), page: answers})


def receive(key: str, posting: str) -> str:
    """Take the draft as an application and return its number.

    The same draft sent twice is received twice: the records must show what really arrived.
    """
    number = "APP-" + "".join(secrets.choice(DIGITS + LETTERS) for _ in range(5)) + secrets.choice(DIGITS)
    arrived = {"number": number, "posting": posting, "draft": key, "received_at": timezone.now().isoformat()}
    _write(_folder("received") / f"{number}.json", {**arrived, **draft(key)})
    return number


def application(number: str) -> dict[str, Any]:
    """Return one received application, empty when there is none of that number."""
    return _read(_folder("received") / f"{number}.json")


def received() -> list[dict[str, Any]]:
    """Return every application that arrived, oldest first; `posts` says how often its draft was sent."""
    records = [_read(path) for path in _folder("received").glob("APP-*.json")]
    posts = Counter(record["draft"] for record in records)
    return sorted(
        ({**record, "posts": posts[record["draft"]]} for record in records),
        key=lambda record: str(record["received_at"]),
    )
