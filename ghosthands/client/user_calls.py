"""Calls about one user: sessions, credentials, remembered answers, usage."""

from __future__ import annotations

from functools import partial
from typing import TypeVar
from urllib.parse import quote
from uuid import UUID

from ghosthands.client.calls import Call, json_body
from ghosthands.client.params import Id
from ghosthands.client.parsing import parse
from ghosthands.client.user_results import (
    AnswerPage,
    Credential,
    CredentialList,
    Erased,
    RememberedAnswer,
    SessionList,
    Usage,
)

T = TypeVar("T")


def list_sessions(user_id: Id) -> Call[SessionList]:
    return _call("GET", f"/valet/sessions/{_user(user_id)}", SessionList)


def erase_session(user_id: Id, domain: str) -> Call[None]:
    path = f"/valet/sessions/{_user(user_id)}/{_part(domain)}"
    return Call(method="DELETE", path=path, read=lambda _: None, thing="session")


def erase_sessions(user_id: Id) -> Call[Erased]:
    return _call("DELETE", f"/valet/sessions/{_user(user_id)}", Erased)


def list_credentials(user_id: Id) -> Call[CredentialList]:
    return _call("GET", f"/users/{_user(user_id)}/credentials", CredentialList)


def put_credentials(user_id: Id, site: str, *, username: str, password: str) -> Call[Credential]:
    body = json_body({"username": username, "password": password})
    return _call("PUT", f"/users/{_user(user_id)}/credentials/{_part(site)}", Credential, body=body)


def erase_credentials(user_id: Id, site: str | None) -> Call[Erased]:
    below = "" if site is None else f"/{_part(site)}"
    return _call("DELETE", f"/users/{_user(user_id)}/credentials{below}", Erased, thing="credentials")


def list_answers(user_id: Id, *, limit: int, offset: int) -> Call[AnswerPage]:
    call = _call("GET", f"/users/{_user(user_id)}/answers", AnswerPage)
    return Call(
        method="GET",
        path=call.path,
        read=call.read,
        query={"limit": str(limit), "offset": str(offset)},
        may_repeat=True,
    )


def correct_answer(user_id: Id, answer_id: int, answer: str) -> Call[RememberedAnswer]:
    path = f"/users/{_user(user_id)}/answers/{int(answer_id)}"
    return _call("PATCH", path, RememberedAnswer, body=json_body({"answer": answer}), thing="answer")


def forget_answers(user_id: Id, answer_id: int | None) -> Call[Erased]:
    below = "" if answer_id is None else f"/{int(answer_id)}"
    return _call("DELETE", f"/users/{_user(user_id)}/answers{below}", Erased, thing="answer")


def get_usage(user_id: Id) -> Call[Usage]:
    return _call("GET", f"/users/{_user(user_id)}/usage", Usage)


def _call(method: str, path: str, answer: type[T], *, body: bytes | None = None, thing: str = "") -> Call[T]:
    # Erasing or setting twice does what doing it once does, but the second answer would be another.
    return Call(
        method=method,
        path=path,
        read=partial(parse, answer),
        body=body,
        thing=thing,
        may_repeat=method == "GET",
    )


def _user(user_id: Id) -> str:
    """Write the id as a path may hold it. Raises ValueError for what is no uuid, which could name another path."""
    return str(UUID(str(user_id)))


def _part(name: str) -> str:
    if not name.strip("."):
        raise ValueError("A site or domain is needed")
    return quote(name, safe="")
