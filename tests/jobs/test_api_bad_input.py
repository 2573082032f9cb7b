"""Whatever is sent, the answer is a 4xx that names the field, and nothing is stored."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from jobs.models import Job
from tests.factories import PROFILE, USER

CHORE: dict[str, Any] = {
    "job_type": "apply",
    "target_url": "https://example.com/careers",
    "task_description": "Apply",
}
APPLICATION: dict[str, Any] = {
    "valet_task_id": "task-1",
    "valet_user_id": str(USER),
    "target_url": "https://example.com/careers",
    "profile": PROFILE,
}
TASK = CHORE | {"valet_task_id": "task-1", "valet_user_id": str(USER)}
BODIES = {"jobs": CHORE, "valet/apply": APPLICATION, "valet/task": TASK}

NOT_TEXT: list[Any] = [7, 1.5, True, [], {}, ["x"], {"a": "b"}]
NOT_INTEGER: list[Any] = ["5", "", None, True, 5.5, [], {}, [5], 1e300]
NOT_OBJECT: list[Any] = ["{}", 7, True, [], [1]]
NOT_UUID: list[Any] = [
    "",
    "me",
    7,
    True,
    [],
    {},
    "0" * 32,
    "{00000000-0000-0000-0000-000000000001}",
    "urn:uuid:00000000-0000-0000-0000-000000000001",
    "00000000-0000-0000-0000-00000000000g",
    "00000000-0000-0000-0000-000000000001\n",
]
BAD_TEXT = ["nul \x00 inside", "\ud800", "half \udfff pair"]
BAD_URLS: list[Any] = [
    "nowhere",
    "example.com/careers",
    "ftp://example.com",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "data:text/html,x",
    "http://",
    "http:///x",
    "https://user:pass@example.com",
    "http://10.0.0.1/",
    "http://192.168.1.1:8080",
    "http://169.254.169.254/latest/meta-data",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://0x0a000001/",
    "http://167772161/",
    "http://012.1/",
    "http://exa mple.com",
    "http://example.com:99999",
    "http://example.com\\@10.0.0.1",
    "https://example.com/" + "x" * 2048,
    *NOT_TEXT,
    *BAD_TEXT,
]

# Field, values that are wrong for it, on which routes (None: all).
WRONG: list[tuple[str, list[Any], set[str] | None]] = [
    ("job_type", [None, "", " ", "x" * 51, *NOT_TEXT, *BAD_TEXT], {"jobs", "valet/task"}),
    ("target_url", [None, "", *BAD_URLS], None),
    ("task_description", [None, "", "\n", "x" * 1001, *NOT_TEXT, *BAD_TEXT], {"jobs", "valet/task"}),
    ("priority", [0, 11, -1, 10**30, *NOT_INTEGER], None),
    ("max_retries", [-1, 11, *NOT_INTEGER], None),
    ("timeout_seconds", [0, 29, 1801, *NOT_INTEGER], None),
    ("idempotency_key", ["x" * 256, *NOT_TEXT, *BAD_TEXT], None),
    ("target_worker_id", ["x" * 101, *NOT_TEXT, *BAD_TEXT], None),
    ("metadata", [None, *NOT_OBJECT], None),
    ("tags", [None, "a", 7, {}, {"0": "a"}, ["x"] * 21], {"jobs"}),
    ("tags.0", [["x" * 51], [""], [7], [None], [["a"]], ["\x00"]], {"jobs"}),
    ("user_id", NOT_UUID, {"jobs"}),
    ("valet_user_id", [None, *NOT_UUID], {"valet/apply", "valet/task"}),
    ("valet_task_id", [None, "", "x" * 256, *NOT_TEXT, *BAD_TEXT], {"valet/apply", "valet/task"}),
    ("callback_url", BAD_URLS, {"valet/apply", "valet/task"}),
    ("quality", [None, "", "best", 7, [], {}], {"valet/apply", "valet/task"}),
    ("worker_affinity", [None, "", "lenient", 7, []], {"valet/apply", "valet/task"}),
    ("execution_mode", [None, "", "manual", 7, []], {"valet/apply", "valet/task"}),
    ("model", ["x" * 101, *NOT_TEXT, *BAD_TEXT], {"valet/apply", "valet/task"}),
    ("image_model", ["x" * 101, *NOT_TEXT, *BAD_TEXT], {"valet/apply", "valet/task"}),
    ("platform", [None, "", "monster", 7, []], {"valet/apply"}),
    ("profile", [None, *NOT_OBJECT], {"valet/apply"}),
    ("resume", [{}, "cv.pdf", 7, [], {"file": "x"}], {"valet/apply"}),
    ("qa_answers", [None, *NOT_OBJECT], {"valet/apply"}),
    ("input_data", [None, *NOT_OBJECT], {"jobs", "valet/task"}),
    (
        "scheduled_at",
        [
            "",
            "tomorrow",
            7,
            True,
            [],
            "2026-02-30T10:00:00Z",
            "2026-02-15",
            "2026-02-15T10:00:00",
            "2026-02-15T25:00:00Z",
            "9999-12-31T23:59:59-23:59",
            "0001-01-01T00:00:00+23:59",
            "10000-01-01T00:00:00Z",
        ],
        {"jobs"},
    ),
]
CASES = [
    (route, field, values)
    for field, values, routes in WRONG
    for route in BODIES
    if routes is None or route in routes
]

# A part of the body below its top level, and the name it must be given.
NESTED: list[tuple[str, dict[str, Any], str]] = [
    ("jobs", {"input_data": {"tier": "gold"}}, "input_data.tier"),
    ("jobs", {"input_data": {"platform": []}}, "input_data.platform"),
    ("jobs", {"input_data": {"resume_id": "me"}}, "input_data.resume_id"),
    ("jobs", {"input_data": {"resume_path": "x" * 501}}, "input_data.resume_path"),
    ("jobs", {"input_data": {"user_data": []}}, "input_data.user_data"),
    ("jobs", {"input_data": {"user_data": PROFILE | {"email": "nobody"}}}, "input_data.user_data.email"),
    ("jobs", {"input_data": {"user_data": PROFILE | {"phone": "1" * 31}}}, "input_data.user_data.phone"),
    ("jobs", {"input_data": {"qa_overrides": {"Why?": 7}}}, "input_data.qa_overrides.Why?"),
    ("jobs", {"input_data": {"steps": [{}, {"value": "\x00"}]}}, "input_data.steps.1.value"),
    ("jobs", {"metadata": {"a": {"b\x00": 1}}}, "metadata.a.b\\0"),
    ("jobs", {"metadata": {"\ud800": 1}}, "metadata.?"),
    ("jobs", {"metadata": {"n": float("inf")}}, "metadata.n"),
    ("jobs", {"metadata": {"n": [float("nan")]}}, "metadata.n.0"),
    ("jobs", {"metadata": {"n": 10**30}}, "metadata.n"),
    ("jobs", {"metadata": {"n": -(2**63) - 1}}, "metadata.n"),
    ("valet/apply", {"profile": {"last_name": "U", "email": "a@example.com"}}, "profile.first_name"),
    ("valet/apply", {"profile": PROFILE | {"email": "x" * 200 + "@example.com"}}, "profile.email"),
    ("valet/apply", {"profile": PROFILE | {"linkedin_url": "linkedin"}}, "profile.linkedin_url"),
    ("valet/apply", {"profile": PROFILE | {"location": {"zip": "9" * 21}}}, "profile.location.zip"),
    ("valet/apply", {"profile": PROFILE | {"years_of_experience": 71}}, "profile.years_of_experience"),
    ("valet/apply", {"profile": PROFILE | {"years_of_experience": "7"}}, "profile.years_of_experience"),
    ("valet/apply", {"profile": PROFILE | {"skills": ["a"] * 101}}, "profile.skills"),
    ("valet/apply", {"profile": PROFILE | {"skills": ["a", 7]}}, "profile.skills.1"),
    (
        "valet/apply",
        {"profile": PROFILE | {"education": [{"institution": "U", "degree": "B"}] * 11}},
        "profile.education",
    ),
    (
        "valet/apply",
        {"profile": PROFILE | {"education": [{"institution": "U", "degree": "B", "graduation_year": 1900}]}},
        "profile.education.0.graduation_year",
    ),
    (
        "valet/apply",
        {"profile": PROFILE | {"work_history": [{"company": "C", "title": "T", "description": "x" * 2001}]}},
        "profile.work_history.0.description",
    ),
    ("valet/apply", {"resume": {"download_url": "http://10.0.0.1/cv.pdf"}}, "resume.download_url"),
    ("valet/apply", {"resume": {"storage_path": "x" * 501}}, "resume.storage_path"),
    ("valet/apply", {"qa_answers": {"Why?": ["a"]}}, "qa_answers.Why?"),
]

RAW: list[tuple[bytes, int]] = [
    (b"{", 400),
    (b"[1,", 400),
    (b" ", 400),
    (b"\xff\xfe{}", 400),
    (b"\xef\xbb\xbf{}", 400),
    (b'{"a": 01}', 400),
    (b'{"job_type": "\xed\xa0\x80"}', 400),
    (b"{'a': 1}", 400),
    (b"[]", 422),
    (b"[{}]", 422),
    (b"null", 422),
    (b"7", 422),
    (b'"text"', 422),
    (b"true", 422),
    (b"NaN", 422),
    (b"1e400", 422),
    (b"9" * 5000, 422),
    (b"[" * 100_000, 422),
    (b"[" * 100_000 + b"]" * 100_000, 422),
    (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 422),
]


def post(api: APIClient, route: str, body: Any) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return api.generic("POST", f"/api/v1/gh/{route}", raw, content_type="application/json")


def named(response: Any) -> list[str]:
    assert 400 <= response.status_code < 500, response.content
    answer = json.loads(response.content.decode())
    assert answer["error"]
    assert all(detail.keys() == {"field", "message", "code"} for detail in answer["details"])
    assert len(response.content) < 20_000
    return [detail["field"] for detail in answer["details"]]


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "field", "values"), CASES, ids=[f"{case[0]}-{case[1]}" for case in CASES])
def test_a_wrong_value_is_named(api: APIClient, route: str, field: str, values: list[Any]) -> None:
    for value in values:
        response = post(api, route, BODIES[route] | {field.partition(".")[0]: value})
        assert response.status_code == 422, value
        assert any(name == field or name.startswith(f"{field}.") for name in named(response)), value
    assert not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "part", "field"), NESTED)
def test_a_wrong_part_is_named(api: APIClient, route: str, part: dict[str, Any], field: str) -> None:
    response = post(api, route, BODIES[route] | part)
    assert (response.status_code, field in named(response)) == (422, True), response.content


@pytest.mark.django_db
@pytest.mark.parametrize("route", BODIES)
def test_every_missing_field_is_named(api: APIClient, route: str) -> None:
    response = post(api, route, {})
    assert response.status_code == 422
    assert sorted(named(response)) == sorted(BODIES[route])
    assert {detail["code"] for detail in response.json()["details"]} == {"required"}


@pytest.mark.django_db
@pytest.mark.parametrize("route", [*BODIES, "jobs/batch"])
@pytest.mark.parametrize(("raw", "status"), RAW, ids=[repr(raw[:12]) for raw, _ in RAW])
def test_what_is_no_object_is_refused_as_a_whole(api: APIClient, route: str, raw: bytes, status: int) -> None:
    response = post(api, route, raw)
    assert response.status_code == status
    assert len(named(response)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("depth", "status"), [(32, 201), (33, 422), (500, 422)])
def test_the_depth_of_objects_is_limited(api: APIClient, depth: int, status: int) -> None:
    nested: Any = "leaf"
    for _ in range(depth - 1):
        nested = {"a": nested}
    response = post(api, "jobs", CHORE | {"metadata": nested})
    assert response.status_code == status
    if status == 422:
        assert named(response)[0].startswith("metadata.a.a")


@pytest.mark.django_db
def test_the_size_of_a_body_is_limited(api: APIClient) -> None:
    almost = CHORE | {"task_description": "x" * 1_000_000}
    assert named(post(api, "jobs", almost)) == ["task_description"]
    response = post(api, "jobs", CHORE | {"task_description": "x" * 1_048_576})
    assert (response.status_code, response.json()["error"]) == (413, "payload_too_large")
    assert named(response) == ["body"]
    assert post(api, "jobs", CHORE | {"metadata": {"long": "x" * 900_000}}).status_code == 201


@pytest.mark.django_db
def test_a_list_that_is_too_long_is_not_looked_into(api: APIClient) -> None:
    assert named(post(api, "jobs/batch", {"jobs": [{}] * 250_000})) == ["jobs"]
    assert named(post(api, "jobs", CHORE | {"tags": [7] * 250_000})) == ["tags"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_only_json_is_read(api: APIClient, content_type: str) -> None:
    response = api.generic("POST", "/api/v1/gh/jobs", json.dumps(CHORE), content_type=content_type)
    assert (response.status_code, response.json()["error"]) == (415, "unsupported_media_type")


@pytest.mark.django_db
def test_a_field_that_occurs_twice_counts_once(api: APIClient) -> None:
    raw = json.dumps(CHORE | {"priority": 3}).replace('"priority"', '"priority": 99, "priority"')
    assert post(api, "jobs", raw.encode()).status_code == 201
    assert Job.objects.get().priority == 3


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=8)
    | st.sampled_from(
        ["\x00", "\ud800", "", "https://example.com", str(USER), 10**400, "2026-02-15T10:00:00Z"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec=None), max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [*BODIES["jobs"], *BODIES["valet/apply"], *(field.partition(".")[0] for field, _, _ in WRONG), "defaults"]
)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    route=st.sampled_from([*BODIES, "jobs/batch"]), changes=st.dictionaries(FIELDS, JSON_VALUES, max_size=3)
)
def test_nothing_that_is_json_breaks_the_api(api: APIClient, route: str, changes: dict[str, Any]) -> None:
    body = BODIES.get(route, CHORE) | changes
    response = post(api, route, {"jobs": [body, CHORE], **changes} if route == "jobs/batch" else body)
    assert response.status_code in {201, 409, 422}
    if response.status_code == 422:
        assert named(response)
    elif response.status_code == 201:
        assert api.get("/api/v1/gh/jobs").status_code == 200


@pytest.mark.django_db
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=60), query=st.text(st.characters(codec="utf-8"), max_size=20))
def test_no_bytes_break_the_api(api: APIClient, raw: bytes, query: str) -> None:
    assert 200 <= post(api, "jobs", raw).status_code < 500
    for name in ("status", "user_id", "limit", "sort", "job_type", query):
        assert api.get("/api/v1/gh/jobs", {name: query}).status_code in {200, 400, 422}
