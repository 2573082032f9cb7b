"""Who may call: the service key, users' tokens, nobody else."""

from __future__ import annotations

import base64
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings as django_settings
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from pytest_django import Settings
from rest_framework.test import APIClient

from tests.factories import USER

URL = "/api/v1/gh/jobs"
pytestmark = pytest.mark.django_db


def status(**headers: str) -> int:
    response = APIClient().get(URL, headers={name.replace("_", "-"): text for name, text in headers.items()})
    if response.status_code == 401:
        assert response.json()["error"] == "unauthorized"
        assert response.json()["message"]
        assert response["WWW-Authenticate"].startswith("Bearer")
    return response.status_code


def bearer(token: str) -> int:
    return status(Authorization=f"Bearer {token}")


def token(key: Any = None, algorithm: str = "HS256", *, kid: str | None = None, **claims: Any) -> str:
    given = {"sub": str(USER), "exp": int(time.time()) + 60} | claims
    kept = {name: value for name, value in given.items() if value is not None}
    headers = {"kid": kid} if kid else None
    return jwt.encode(kept, key or django_settings.GH_JWT_SECRET, algorithm=algorithm, headers=headers)


def test_nobody_is_refused() -> None:
    assert status() == 401
    assert status(Authorization="Basic dTpw") == 401


@pytest.mark.parametrize(
    "key", ["wrong", "test-service-key ", "TEST-SERVICE-KEY", "ключ", "\xe9", "x" * 10_000]
)
def test_a_wrong_service_key_is_refused(key: str) -> None:
    assert status(X_GH_Service_Key="test-service-key") == 200
    assert status(X_GH_Service_Key=key) == 401


@pytest.mark.parametrize("key", ["", " ", "None"])
def test_without_a_configured_secret_no_key_opens(settings: Settings, key: str) -> None:
    settings.GH_SERVICE_SECRET = ""
    assert status(X_GH_Service_Key=key) == 401


def test_a_secret_may_hold_any_character(settings: Settings) -> None:
    settings.GH_SERVICE_SECRET = "geheim-ß"
    assert status(X_GH_Service_Key="geheim-ß".encode().decode("latin-1")) == 200


def test_a_wrong_key_beats_a_right_token() -> None:
    assert status(X_GH_Service_Key="wrong", Authorization=f"Bearer {token()}") == 401


def test_a_right_token_is_accepted() -> None:
    assert bearer(token()) == 200
    assert bearer(token(iat=int(time.time()) + 5)) == 200
    assert status(Authorization=f"bearer  {token()}") == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"sub": None},
        {"sub": ""},
        {"sub": "adam"},
        {"sub": str(USER).replace("-", "")},
        {"nbf": 4102444800},
    ],
)
def test_a_token_that_is_out_of_date_or_names_no_user_is_refused(claims: dict[str, Any]) -> None:
    assert bearer(token(**claims)) == 401


def test_a_token_of_another_key_or_algorithm_is_refused() -> None:
    assert bearer(token("another-secret-of-at-least-32-bytes!")) == 401
    assert bearer(token(django_settings.GH_JWT_SECRET.ljust(64), "HS512")) == 401
    unsigned = jwt.encode({"sub": str(USER), "exp": 4102444800}, None, algorithm="none")
    assert bearer(unsigned) == 401


def encode(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def made_of(*parts: bytes) -> str:
    return ".".join(encode(part) for part in (*parts, b"x"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "a.b.c",
        "....",
        "é.é.é",
        made_of(b"{}", b"{}"),
        made_of(b"[" * 3000, b"{}"),
        made_of(b'{"alg":"HS256","typ":1e400}', b"null"),
        made_of(b'{"alg":["HS256"]}', b"{}"),
        made_of(b'{"alg":"HS256"}', b"\xff"),
        "x" * 5000,
    ],
)
def test_what_is_no_token_is_refused(text: str) -> None:
    assert bearer(text) == 401


def test_the_audience_counts_when_it_is_configured(settings: Settings) -> None:
    assert bearer(token(aud="anything")) == 200
    settings.GH_JWT_AUDIENCE = "ghosthands"
    assert bearer(token(aud="ghosthands")) == 200
    assert bearer(token(aud="other")) == 401
    assert bearer(token()) == 401


def test_without_a_configured_key_no_token_opens(settings: Settings) -> None:
    good = token()
    settings.GH_JWT_SECRET = ""
    assert bearer(good) == 401


RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def forged_with_the_public_key() -> str:
    claims = {"sub": str(USER), "exp": 4102444800}
    text = made_of(json.dumps({"alg": "HS256", "kid": "rsa"}).encode(), json.dumps(claims).encode())
    signed = text.rpartition(".")[0].encode()
    public = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return f"{signed.decode()}.{encode(hmac.digest(public, signed, 'sha256'))}"


@pytest.fixture
def key_server() -> Iterator[str]:
    keys = [
        RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True)
        | {"kid": "rsa", "use": "sig", "alg": "RS256"},
        ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True) | {"kid": "ec", "use": "sig", "alg": "ES256"},
    ]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"keys": keys}).encode())

        def log_message(self, *args: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/jwks"
        server.shutdown()
        thread.join()


def test_tokens_of_a_key_set(settings: Settings, key_server: str) -> None:
    by_secret = token()
    settings.GH_JWKS_URL = key_server

    assert bearer(token(RSA_KEY, "RS256", kid="rsa")) == 200
    assert bearer(token(EC_KEY, "ES256", kid="ec")) == 200
    assert bearer(token(EC_KEY, "ES256", kid="rsa")) == 401
    assert bearer(token(RSA_KEY, "RS256", kid="unknown")) == 401
    assert bearer(token(RSA_KEY, "RS256")) == 401
    assert bearer(by_secret) == 401
    # The public key must not serve as a shared secret.
    assert bearer(forged_with_the_public_key()) == 401


def test_a_key_set_that_cannot_be_fetched_is_our_fault(settings: Settings) -> None:
    settings.GH_JWKS_URL = "http://127.0.0.1:9/jwks"
    assert bearer(token(RSA_KEY, "RS256", kid="rsa")) == 503


def test_valets_routes_are_for_the_service_only(user_api: Callable[..., APIClient]) -> None:
    client = user_api(USER)
    for response in (
        client.post("/api/v1/gh/valet/apply", {}, format="json"),
        client.post("/api/v1/gh/valet/task", {}, format="json"),
        client.get(f"/api/v1/gh/valet/status/{USER}"),
    ):
        assert (response.status_code, response.json()["error"]) == (401, "unauthorized")


def test_a_body_is_not_read_before_the_caller_is_known() -> None:
    response = APIClient().generic("POST", URL, b"{", content_type="application/json")
    assert response.status_code == 401


def test_a_preflight_needs_no_key() -> None:
    response = APIClient().options(
        URL, headers={"Access-Control-Request-Method": "POST", "Origin": "https://x"}
    )
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (204, "*")
    allowed = set(response["Access-Control-Allow-Methods"].split(", "))
    assert {"POST", "PUT", "PATCH", "DELETE"} <= allowed, "credentials are put, answers patched"
