"""What a rehearsal is given: the page, the person, the resume. Says in one sentence what is wrong with them."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

# Chromium opens web archives from the disk only.
ARCHIVES = {".mht", ".mhtml"}
PERSON_KEYS = ("user_data", "profile")
ANSWER_KEYS = ("qa_overrides", "qa_answers")


class BadInput(Exception):
    """Something that was given cannot be used; the message says what and why."""


def read_person(path: Path) -> dict[str, Any]:
    """Return `{"user_data": ..., "qa_overrides": ...}` from a profile file.

    Shape: the file holds that object, a request to `/valet/apply`, or a bare profile. Raises `BadInput`.
    """
    given = _json_object(path)
    named = next((key for key in PERSON_KEYS if key in given), None)
    person = given[named] if named else given
    if not isinstance(person, dict) or not person:
        raise BadInput(f"{path}: {named or 'the profile'} must be an object that states something")
    answers: Any = next((given[key] for key in ANSWER_KEYS if given.get(key)), {}) if named else {}
    if not isinstance(answers, dict):
        raise BadInput(f"{path}: the answers must be an object of questions and answers")
    _check_lists(path, person)
    return {"user_data": person, "qa_overrides": answers}


def _json_object(path: Path) -> dict[str, Any]:
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or 'cannot be read'}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: is not a text file in UTF-8") from error
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}: is not JSON: line {error.lineno}, {error.msg.lower()}") from error
    if not isinstance(given, dict):
        raise BadInput(f"{path}: must hold one JSON object")
    return given


def _check_lists(path: Path, person: Mapping[str, Any]) -> None:
    for key in ("education", "work_history"):
        rows = person.get(key) or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise BadInput(f"{path}: {key} must be a list of objects")


def existing_file(text: str) -> Path:
    """Return the file. Raises `BadInput` when there is none."""
    path = Path(text).expanduser()
    if not path.is_file():
        raise BadInput(f"{text}: there is no such file")
    return path.resolve()


@contextmanager
def address_of(place: str) -> Iterator[str]:
    """Give the address of a page: as it is, or of a local file, which is served on loopback meanwhile.

    Raises `BadInput`.
    """
    scheme = urlsplit(place).scheme.lower()
    if scheme in {"http", "https"}:
        yield place
        return
    if "://" in place:
        raise BadInput(f"{place}: give an http or https address, or the path of a file")
    path = existing_file(place)
    if path.suffix.lower() in ARCHIVES:
        yield path.as_uri()
        return
    with _served(path.parent) as base:
        yield f"{base}/{quote(path.name)}"


class _Quiet(SimpleHTTPRequestHandler):
    """Hands out files and takes nothing: whatever a page posts is answered with 501."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the report is what counts."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
