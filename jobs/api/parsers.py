"""Read JSON that PostgreSQL can store and every client can read back, or say which field is at fault."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ErrorDetail, ParseError, ValidationError
from rest_framework.parsers import BaseParser

MAX_DEPTH = 32
MAX_FAULTS = 20
MAX_INTEGER_DIGITS = 19


class PayloadTooLarge(APIException):
    status_code = 413
    default_code = "payload_too_large"


class StrictJSONParser(BaseParser):
    """Parse a JSON body; an empty one counts as an empty object, since some clients send none."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise PayloadTooLarge(f"The body may hold at most {limit} bytes.")
        return parse_json(raw) if raw else {}


def parse_json(raw: bytes) -> Any:
    """Give the JSON value in `raw`.

    Raises ParseError for what is no JSON, and ValidationError naming each field that holds a NUL character,
    half of a surrogate pair, a number out of range, or more than 32 levels.
    """
    try:
        document = json.loads(raw.decode(), parse_int=_integer)
    except UnicodeDecodeError as error:
        raise ParseError(f"The body is not UTF-8 (byte {error.start}).") from error
    except RecursionError as error:
        raise ValidationError({"body": [_TOO_DEEP]}) from error
    except ValueError as error:
        raise ParseError(f"The body is not JSON: {error}.") from error
    faults = {path or "body": [fault] for path, fault in islice(_faults(document), MAX_FAULTS)}
    if faults:
        raise ValidationError(faults)
    return document


def unstorable(text: str) -> ErrorDetail | None:
    """Say why PostgreSQL could not keep `text`, if it could not."""
    if "\x00" in text:
        return ErrorDetail("NUL characters are not allowed.", "null_characters_not_allowed")
    # Encoding is the quick way to find a lone surrogate.
    if text.isascii() or text.encode("utf-8", "ignore").decode() == text:
        return None
    return ErrorDetail("Half of a surrogate pair is not a character.", "invalid_character")


_TOO_DEEP = ErrorDetail(f"Objects and lists may be nested {MAX_DEPTH} levels deep.", "too_deep")
_OUT_OF_RANGE = ErrorDetail("The number is out of range.", "out_of_range")


def _integer(digits: str) -> int | float:
    # Python refuses to convert very long numbers; infinity is refused below, by the name of its field.
    return int(digits) if len(digits) <= MAX_INTEGER_DIGITS + 1 else math.inf


def _faults(document: Any) -> Iterator[tuple[str, ErrorDetail]]:
    stack: list[tuple[str, Any, int]] = [("", document, 1)]
    while stack:
        path, value, depth = stack.pop()
        if isinstance(value, (dict, list)):
            if depth > MAX_DEPTH:
                yield path, _TOO_DEEP
                continue
            for name, item in value.items() if isinstance(value, dict) else enumerate(value):
                inner = f"{path}.{printable(str(name))}" if path else printable(str(name))
                if fault := unstorable(str(name)):
                    yield inner, fault
                stack.append((inner, item, depth + 1))
        elif fault := _scalar_fault(value):
            yield path, fault


def _scalar_fault(value: Any) -> ErrorDetail | None:
    if isinstance(value, str):
        return unstorable(value)
    if isinstance(value, float) and not math.isfinite(value):
        return _OUT_OF_RANGE
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return _OUT_OF_RANGE
    return None


def printable(name: str) -> str:
    """Give a field's name so that it can be told in an answer whatever it holds."""
    return name[:100].encode("utf-8", "replace").decode().replace("\x00", "\\0")
