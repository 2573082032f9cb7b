"""The JSON Schema that a `scrape` job may give for its data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from referencing import Registry

from workers.context import InvalidInput


def schema_validator(input_data: Mapping[str, Any]) -> Validator | None:
    """Return the validator for the data, or None when none is asked for. Raises InvalidInput."""
    schema = input_data.get("schema")
    if schema is None:
        return None
    if not isinstance(schema, Mapping):
        raise InvalidInput("schema", "must be a JSON Schema object")
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(dict(schema))
    except SchemaError as error:
        path = ".".join(["schema", *map(str, error.absolute_path)])
        raise InvalidInput(path, f"is no valid JSON Schema: {error.message[:200]}") from None
    # A registry of our own: the default one would fetch what a "$ref" points at.
    return kind(dict(schema), registry=Registry())
