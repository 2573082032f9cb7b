"""From HTTP answers to results and errors. Source: CONTRACT section 1."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx

from ghosthands.client.calls import Call
from ghosthands.client.errors import (
    ConnectionFailedError,
    DuplicateIdempotencyKeyError,
    FieldProblem,
    GhostHandsError,
    JobNotCancellableError,
    JobNotFoundError,
    JobNotResumableError,
    JobNotRetryableError,
    NotFoundError,
    RateLimitedError,
    ServerError,
    UnauthorizedError,
    ValidationError,
)

T = TypeVar("T")

Facts = Mapping[str, Any]

# Failures before the first byte of the request was sent.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def read_answer(call: Call[T], response: httpx.Response) -> T:
    """Give the call's result. Raises the error that the answer stands for."""
    if not response.is_success and response.status_code not in call.accepts:
        raise _refusal(call, response)
    try:
        return call.read(response.json())
    except (ValueError, RecursionError) as error:
        raise ServerError(
            f"{call.method} {call.path}: the answer cannot be read ({type(error).__name__}: {error})",
            **_trace(response),
        ) from error


def no_answer(call: Call[Any], error: httpx.RequestError) -> ConnectionFailedError:
    """Describe a call that got no whole answer."""
    return ConnectionFailedError(
        f"{call.method} {call.path}: {type(error).__name__}: {error}",
        may_have_arrived=not isinstance(error, _NEVER_SENT),
    )


def _refusal(call: Call[Any], response: httpx.Response) -> GhostHandsError:
    envelope = _envelope(response)
    make = _BY_STATUS.get(response.status_code)
    if make is not None and envelope is not None:
        return make(call, response, envelope)
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        # Proxies limit rates too, in words of their own.
        return _rate_limited(call, response, {})
    return _unexpected(call, response, envelope or {})


def _envelope(response: httpx.Response) -> Facts | None:
    """Read the API's own words; None when somebody else answered."""
    try:
        found = response.json()
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    is_ours = isinstance(found.get("error"), str) or ("error" not in found and found.get("duplicate") is True)
    return found if is_ours else None


def _unauthorized(call: Call[Any], response: httpx.Response, facts: Facts) -> GhostHandsError:
    return UnauthorizedError(_message(call, response, facts), **_trace(response))


def _not_found(call: Call[Any], response: httpx.Response, facts: Facts) -> GhostHandsError:
    if call.thing:
        return NotFoundError(f"There is no such {call.thing}", **_trace(response))
    if call.job_id is None:
        return _unexpected(call, response, facts)
    return JobNotFoundError(f"There is no job {call.job_id}", job_id=call.job_id, **_trace(response))


def _conflict(call: Call[Any], response: httpx.Response, facts: Facts) -> GhostHandsError:
    message, trace = _message(call, response, facts), _trace(response)
    status, reason = str(facts.get("current_status", "")), str(facts.get("reason") or "")
    match facts.get("error"):
        case "duplicate_idempotency_key":
            return DuplicateIdempotencyKeyError(
                message,
                existing_job_id=facts.get("existing_job_id"),
                existing_status=facts.get("existing_status"),
                **trace,
            )
        case None:
            # VALET's routes answer with the existing job itself.
            return DuplicateIdempotencyKeyError(
                message, existing_job_id=facts.get("job_id"), existing_status=facts.get("status"), **trace
            )
        case "job_not_cancellable":
            return JobNotCancellableError(message, current_status=status, reason=reason, **trace)
        case "job_not_retryable":
            return JobNotRetryableError(message, current_status=status, reason=reason, **trace)
        case "invalid_state":
            return JobNotResumableError(message, current_status=status, reason=reason, **trace)
    return _unexpected(call, response, facts)


def _invalid(call: Call[Any], response: httpx.Response, facts: Facts) -> GhostHandsError:
    given = facts.get("details")
    problems = [
        FieldProblem(
            field=str(one.get("field", "")),
            message=str(one.get("message", "")),
            code=str(one.get("code", "")),
        )
        for one in (given if isinstance(given, list) else [])
        if isinstance(one, dict)
    ]
    message = "; ".join(f"{one.field}: {one.message}" for one in problems)
    return ValidationError(
        message or _message(call, response, facts), details=tuple(problems), **_trace(response)
    )


def _rate_limited(call: Call[Any], response: httpx.Response, facts: Facts) -> GhostHandsError:
    return RateLimitedError(
        _message(call, response, facts), retry_after=_seconds(response), **_trace(response)
    )


def _unexpected(call: Call[Any], response: httpx.Response, facts: Facts) -> GhostHandsError:
    return ServerError(_message(call, response, facts), **_trace(response))


_BY_STATUS: Mapping[int, Callable[[Call[Any], httpx.Response, Facts], GhostHandsError]] = {
    400: _invalid,
    401: _unauthorized,
    403: _unauthorized,
    404: _not_found,
    409: _conflict,
    413: _invalid,
    422: _invalid,
    429: _rate_limited,
}


def _message(call: Call[Any], response: httpx.Response, facts: Facts) -> str:
    told = facts.get("reason") or facts.get("message") or facts.get("error")
    if told is None and response.is_redirect:
        told = f"redirected to {response.headers['location']}; give the final address as api_url"
    return f"{call.method} {call.path}: {response.status_code} {told or response.reason_phrase}"


def _trace(response: httpx.Response) -> dict[str, Any]:
    return {"status_code": response.status_code, "request_id": response.headers.get("x-request-id")}


def _seconds(response: httpx.Response) -> float | None:
    try:
        seconds = float(response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
