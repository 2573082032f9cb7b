"""Every endpoint of the schema, called with sense and nonsense: no fault of ours, no answer outside the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.fernet import Fernet
from django.db.models.functions import Now
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from rest_framework.test import APIClient

from jobs import registry
from jobs.models import BrowserSession, RememberedAnswer
from jobs.states import Status
from tests.factories import USER, make_job

EXAMPLES = 8
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)
BY_FORMAT = {
    "uuid": st.sampled_from([str(USER), "00000000-0000-0000-0000-00000000dead"]),
    "uri": st.just("https://jobs.example.com/1"),
    "email": st.just("test@example.com"),
    "date-time": st.sampled_from(["2026-02-15T10:00:00.000Z", "9999-12-31T23:59:59Z"]),
}


class Described:
    """The schema, with `nullable` and references in JSON Schema's words."""

    def __init__(self) -> None:
        self.schema: dict[str, Any] = as_json_schema(SchemaGenerator().get_schema(request=None, public=True))

    def operations(self) -> Iterator[tuple[str, str]]:
        for path, operations in self.schema["paths"].items():
            for method in operations:
                yield path, method

    @cache  # noqa: B019 - one object, for one test
    def validator(self, path: str, method: str, status: str, media_type: str) -> Draft202012Validator:
        answer = self.schema["paths"][path][method]["responses"][status]
        shape = {**answer["content"][media_type]["schema"], "components": self.schema["components"]}
        return Draft202012Validator(shape, format_checker=FormatChecker())

    def check(self, at: tuple[str, str], response: Any) -> None:
        """Fail unless the answer's status, type and body are described."""
        answer = self.schema["paths"][at[0]][at[1]]["responses"].get(str(response.status_code))
        assert answer is not None, (at, response.status_code, response.content)
        if "content" not in answer:
            assert response.content == b"", at
            return
        media_type = response["Content-Type"].partition(";")[0]
        assert media_type in answer["content"], (at, media_type)
        if media_type == "application/json":
            self.validator(*at, str(response.status_code), media_type).validate(response.json())

    def values(self, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
        """Give values that fit, now and then spoilt."""
        fitting = self.fitting(schema)
        return st.integers(0, 30).flatmap(lambda spoilt: JUNK if spoilt == 30 else fitting)

    def field(self, name: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
        return BY_FORMAT["uri"] if name.endswith("_url") else self.values(schema)

    def fitting(self, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
        if "$ref" in schema:
            return self.fitting(self.schema["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        for word in ("anyOf", "oneOf", "allOf"):
            if word in schema:
                return st.one_of([self.fitting(choice) for choice in schema[word]])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        return self.typed(schema)

    def typed(self, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
        match schema.get("type"):
            case "object" if "properties" in schema:
                fields = {name: self.field(name, part) for name, part in schema["properties"].items()}
                needed = {name: fields.pop(name) for name in schema.get("required", ())}
                return st.fixed_dictionaries(needed, optional=fields)
            case "array":
                return st.lists(self.values(schema["items"]), max_size=3)
            case "string":
                return BY_FORMAT.get(schema.get("format", ""), words(schema))
            case "integer":
                least = schema.get("minimum", -5)
                return st.integers(least, min(schema.get("maximum", least + 1000), least + 1000))
            case "number":
                return st.floats(0, 100)
            case "boolean":
                return st.booleans()
            case "null":
                return st.none()
        return JUNK


def words(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    return st.text(min_size=1, max_size=min(schema.get("maxLength", 30), 30)) | st.just("adam")


def as_json_schema(node: Any) -> Any:
    if isinstance(node, list):
        return [as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    found = {name: as_json_schema(item) for name, item in node.items() if name != "nullable"}
    return {"anyOf": [found, {"type": "null"}]} if node.get("nullable") is True else found


def rows() -> dict[str, list[str]]:
    """Leave something of everything; gives what to put into addresses."""
    told = {"status_message": "Said", "result_summary": "Done", "result_data": {"a": 1}, "tags": ["x"]}
    jobs = [make_job(status, user_id=USER, **told) for status in Status]
    registry.register("adam")
    later = Now() + timedelta(days=1)
    BrowserSession.objects.create(
        user_id=USER, domain="a.example.com", session_data="x", encryption_key_id="k", expires_at=later
    )
    answer = RememberedAnswer.objects.create(user_id=USER, question="Visa?", question_key="visa", answer="No")
    junk = ["x", "00000000-0000-0000-0000-00000000dead", "%00", "é 1", "1" * 400]
    ids = [str(job.id) for job in jobs] + junk
    return {
        "id": ids,
        "job_id": ids,
        "user_id": [str(USER)] * 9 + junk,
        "domain": ["a.example.com"] * 9 + junk,
        "site": ["workday"] * 9 + junk,
        "answer_id": [str(answer.id)] * 2 + ["0", "9" * 18],
    }


def call(
    api: APIClient,
    data: st.DataObject,
    described: Described,
    known: dict[str, list[str]],
    at: tuple[str, str],
) -> Any:
    path, method = at
    operation = described.schema["paths"][path][method]
    query = {}
    for parameter in operation.get("parameters", ()):
        name = parameter["name"]
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", quote(data.draw(st.sampled_from(known[name]), name), safe=""))
        elif parameter["in"] == "query" and data.draw(st.booleans()):
            query[name] = data.draw(
                described.values(parameter["schema"]) | st.sampled_from(known["user_id"]), name
            )
    body = None
    if "requestBody" in operation:
        shape = operation["requestBody"]["content"]["application/json"]["schema"]
        body = json.dumps(data.draw(described.values(shape), "body"))
    sent = {"data": body, "content_type": "application/json"} if body is not None else {}
    return api.generic(
        method.upper(), path, QUERY_STRING="&".join(f"{n}={quote(str(v))}" for n, v in query.items()), **sent
    )


def try_out(api: APIClient, described: Described, known: dict[str, list[str]], at: tuple[str, str]) -> None:
    @bounds(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def conforms(data: st.DataObject) -> None:
        described.check(at, call(api, data, described, known, at))

    conforms()


@pytest.mark.django_db
def test_every_answer_is_in_the_schema(api: APIClient, settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    described, known = Described(), rows()
    for path, method in described.operations():
        try_out(api, described, known, (path, method))
