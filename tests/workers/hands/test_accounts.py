"""Forms about an account: log-ins and changed passwords are left alone, new accounts give an e-mail address."""

from __future__ import annotations

from typing import Any

import pytest

from workers.hands.context import guesses
from workers.hands.controls import Button, Control, Form, PageView, Ref

FORM = Ref(0, 90)
EMAIL: dict[str, Any] = {"label": "Email", "type": "email", "name": "email"}
PASSWORD: dict[str, Any] = {"label": "Password", "type": "password", "name": "pw"}
AGAIN: dict[str, Any] = {"label": "Confirm password", "type": "password", "name": "pw2"}


def read(
    *fields: dict[str, Any], button: str = "Continue", heading: str = "", marker: str = "", url: str = ""
) -> list[str]:
    controls = tuple(
        Control(Ref(0, n), **{"kind": "text", "form": FORM, **given}) for n, given in enumerate(fields, 1)
    )
    found = guesses(
        PageView(
            url or "https://example.com/signup",
            controls=controls,
            buttons=(Button(Ref(0, 91), button, form=FORM),),
            forms=(Form(FORM, action=url, marker=marker),),
            headings=(heading,) if heading else (),
        )
    )
    return [found[c.ref].label for c in controls]


@pytest.mark.parametrize(
    ("fields", "around"),
    [
        ((EMAIL, PASSWORD), {"button": "Log in"}),
        ((EMAIL, PASSWORD), {}),
        ((EMAIL,), {"heading": "Log in or create an account"}),
        ((EMAIL,), {"marker": "LoginForm"}),
        ((EMAIL,), {"button": "Send", "heading": "Forgot your password?"}),
        ((EMAIL | {"name": "login-email"},), {}),
        (({"label": "E-mail or user name"}, PASSWORD | {"autocomplete": "current-password"}), {}),
        (({"label": "Phone"}, {"label": "Verification code"}, PASSWORD), {"heading": "Sign in"}),
        (({"label": "State identifier"}, PASSWORD), {"button": "Next"}),
        ((EMAIL | {"autocomplete": "username"}, PASSWORD, AGAIN), {"button": "Change password"}),
        ((EMAIL, PASSWORD | {"hidden": "not drawn"}), {}),
    ],
)
def test_nothing_in_a_log_in_form_is_a_contact_detail(
    fields: tuple[dict[str, Any], ...], around: dict[str, str]
) -> None:
    assert set(read(*fields, **around)) == {"none"}


@pytest.mark.parametrize(
    ("fields", "around", "expected"),
    [
        ((EMAIL, PASSWORD), {"button": "Create account"}, ["email", "none"]),
        ((EMAIL, PASSWORD, AGAIN), {}, ["email", "none", "none"]),
        ((EMAIL, {"label": "Confirm email"}, PASSWORD), {}, ["email", "email", "none"]),
        ((EMAIL | {"autocomplete": "username"}, PASSWORD, AGAIN), {}, ["email", "none", "none"]),
        (({"label": "Email (username)"}, PASSWORD, AGAIN), {}, ["email", "none", "none"]),
        (({"label": "Username"}, EMAIL, PASSWORD), {"button": "Join"}, ["none", "email", "none"]),
        (
            (
                EMAIL,
                {"label": "First name"},
                {"label": "Last name"},
                PASSWORD | {"autocomplete": "current-password"},
            ),
            {},
            ["email", "first_name", "last_name", "none"],
        ),
        ((EMAIL, {"label": "Company"}, PASSWORD, AGAIN), {}, ["email", "none", "none", "none"]),
        ((EMAIL,), {"button": "Anmelden"}, ["email"]),
        ((EMAIL, PASSWORD), {"button": "Zarejestruj się"}, ["email", "none"]),
        ((EMAIL, PASSWORD), {"button": "会員登録する"}, ["email", "none"]),
    ],
)
def test_a_new_account_asks_for_a_person(
    fields: tuple[dict[str, Any], ...], around: dict[str, str], expected: list[str]
) -> None:
    assert read(*fields, **around) == expected


def test_a_form_without_an_address_says_nothing_with_the_pages() -> None:
    assert read(EMAIL, PASSWORD, url="https://example.com/signup") == ["none", "none"]
    assert read(EMAIL, url="https://example.com/login") == ["email"]


def test_boxes_that_only_catch_a_browsers_memory_are_left_alone() -> None:
    assert read({"type": "email", "name": "fakeemailremembered"}, EMAIL, {"label": "City"})[0] == "none"


def test_signing_in_elsewhere_says_nothing_about_the_form() -> None:
    controls = tuple(
        Control(Ref(0, n), **{"kind": "text", "form": FORM, **given})
        for n, given in enumerate((EMAIL, PASSWORD), 1)
    )
    buttons = tuple(
        Button(Ref(0, n), text, form=FORM) for n, text in ((91, "Log in with Google"), (92, "Register"))
    )
    found = guesses(PageView("https://example.com", controls=controls, buttons=buttons))
    assert found[Ref(0, 1)].label == "email"
