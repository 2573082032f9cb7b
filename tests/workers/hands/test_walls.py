"""What blocks a page and what merely talks about it, on small pages of our own in one browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Route

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.codes import code_boxes
from workers.hands.walls import wall

pytestmark = pytest.mark.browser

FORM = """<form><label>First name <input name=first></label><label>Last name <input name=last></label>
<label>Email <input type=email name=email></label><label>CV <input type=file name=cv></label>{}
<button>Submit application</button></form>"""
LONG = (
    "<p>"
    + "We build instruments for people who measure the sea, and look for somebody to join us. " * 15
    + "</p>"
)


def frame(src: str, width: int = 304, height: int = 78, **attributes: str) -> str:
    more = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f'<iframe src="{src}" width={width} height={height} {more}></iframe>'


def widget(name: str, answer: str, value: str = "") -> str:
    return f"""<div class="{name}" style="width:304px;height:78px;background:#eee">
<textarea name="{answer}" style="display:none">{value}</textarea></div>"""


BLOCKED = {
    "recaptcha v2 in a form": (
        FORM.format(frame("https://www.google.com/recaptcha/api2/anchor?ar=1&size=normal")),
        ("captcha", "recaptcha_v2", "frame"),
    ),
    "recaptcha enterprise": (
        FORM.format(frame("https://www.google.com/recaptcha/enterprise/anchor?ar=1&size=normal")),
        ("captcha", "recaptcha_enterprise", "frame"),
    ),
    "the pictures that recaptcha puts over the page": (
        FORM.format("") + frame("https://www.google.com/recaptcha/api2/bframe?k=1", 400, 580),
        ("captcha", "recaptcha_challenge", "frame"),
    ),
    "hcaptcha": (
        FORM.format(widget("h-captcha", "h-captcha-response")),
        ("captcha", "hcaptcha", "container"),
    ),
    "turnstile in a form": (
        FORM.format(widget("cf-turnstile", "cf-turnstile-response")),
        ("captcha", "turnstile", "container"),
    ),
    "a widget in a closed shadow root": (
        FORM.format(
            '<div style="width:300px;height:65px"><input type=hidden name="cf-turnstile-response"></div>'
        ),
        ("captcha", "turnstile", "container"),
    ),
    "letters in a picture": (
        FORM.format(
            '<img src="/captcha.png" alt=captcha style="width:160px;height:50px">'
            "<label>Characters <input name=captcha_text></label>"
        ),
        ("captcha", "image", "picture"),
    ),
    "the interstitial of cloudflare": (
        "<title>Just a moment...</title><h1>careers.example.com</h1><p>Verifying you are human.</p>"
        "<script>window._cf_chl_opt = {}</script>",
        ("bot_check", "", "guard"),
    ),
    "datadome": (
        frame("https://geo.captcha-delivery.com/captcha/", 600, 400),
        ("bot_check", "datadome", "frame"),
    ),
    "press and hold": (
        "<h1>Before we continue</h1><p>Press &amp; Hold</p>"
        '<div id=px-captcha style="width:310px;height:100px"></div>',
        ("bot_check", "perimeterx", "container"),
    ),
    "unusual traffic": (
        "<h1>Sorry...</h1><p>Our systems have detected unusual traffic from your computer network.</p>",
        ("bot_check", "", "words"),
    ),
    "are you a robot": ("<h1>Are you a robot?</h1><p>Please confirm.</p>", ("captcha", "", "words")),
    "a log-in": (
        "<h1>Welcome back</h1><form><label>Email <input type=email></label>"
        "<label>Password <input type=password></label><button>Sign in</button></form>",
        ("login", "", "fields"),
    ),
    "a log-in that asks for the name first": (
        "<title>Sign in - Careers</title><h1>Sign in</h1><form><label>Email <input type=email name=login></label>"
        "<button>Next</button></form>",
        ("login", "", "fields"),
    ),
    "a log-in behind a button": (
        "<h1>Sign in to continue</h1><p>Please sign in to continue.</p><a href=/sso>Sign in with your company</a>",
        ("login", "", "words"),
    ),
    "six boxes for a code": (
        "<h1>Two-step verification</h1><p>Enter the code we sent.</p>" + "<input maxlength=1 size=1>" * 6,
        ("2fa", "", "fields"),
    ),
    "a box for a one-time code": (
        "<h1>Check your phone</h1><form><input autocomplete=one-time-code><button>Verify</button></form>",
        ("2fa", "", "fields"),
    ),
    "a box called otp": (
        "<h1>Almost there</h1><p>Open your authenticator app.</p><form><label>OTP <input name=otp></label></form>",
        ("2fa", "", "fields"),
    ),
}
FREE = {
    "the badge of an invisible recaptcha": FORM.format(
        '<div class="grecaptcha-badge">'
        + frame("https://www.google.com/recaptcha/api2/anchor?size=invisible", 256, 60)
        + "</div>"
    ),
    "a challenge that waits outside the page": FORM.format("")
    + '<div style="visibility:hidden;position:absolute;top:-10000px">'
    + frame("https://www.google.com/recaptcha/api2/bframe?k=1", 400, 580)
    + "</div>",
    "an invisible hcaptcha": FORM.format(
        frame("https://newassets.hcaptcha.com/captcha/v1/x.html#frame=checkbox-invisible", 300, 70)
    ),
    "a captcha that was solved": FORM.format(widget("h-captcha", "h-captcha-response", "token")),
    "a turnstile that was solved": FORM.format(widget("cf-turnstile", "cf-turnstile-response", "token")),
    "a log in link in a header": "<header><a href=/login>Log in</a> <a href=/join>Sign up</a></header>"
    + FORM.format(""),
    "a log-in form in a header": "<header><form><input type=email name=user><input type=password name=pw>"
    "<button>Log in</button></form></header>" + FORM.format(""),
    "a posting for somebody who knows all this": "<h1>2FA engineer</h1><p>You fight unusual traffic and bots, press"
    " and hold puzzles, and two-factor codes. Already have an account? Sign in.</p><a href=/apply>Apply now</a>",
    "an article about bots": f"<h1>How we watch the sea</h1>{LONG}<p>We saw unusual traffic. Are you a robot?</p>",
    "a short form with a postal code": "<h1>Security engineer</h1><p>We care about two-factor authentication.</p>"
    "<form><label>Postal code <input name=postal_code></label><label>Email <input type=email></label></form>",
    "a promotion code": "<h1>Order</h1><p>Enter the code from our letter.</p><form><label>Promo code"
    " <input name=promo_code></label><button>Go</button></form>",
    "a newsletter": "<h1>Our news</h1><form><label>Email <input type=email name=email></label>"
    "<button>Subscribe</button></form>",
    "an application that offers an account": FORM.format("<label>Password <input type=password></label>"),
    "a scrap of a picture": FORM.format(
        '<img src="/img/no-captcha-needed.png" style="width:200px;height:60px">'
    ),
    "the script that cloudflare puts into every page": FORM.format("")
    + "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
}


@pytest.fixture
def look(drive: Callable[..., Any]) -> Callable[[dict[str, str]], dict[str, Any]]:
    """Show each page to the same browser and return what blocks it."""

    async def all_of(engine: ScriptedEngine, pages: dict[str, str]) -> dict[str, Any]:
        addresses = {f"http://example.com/{place}": name for place, name in enumerate(pages)}

        async def answer(route: Route) -> None:
            # What the pages themselves refer to is nowhere; the browser need not ask for it.
            html = pages.get(addresses.get(route.request.url, ""), "")
            await route.fulfill(body=f"<!doctype html>{html}", content_type="text/html")

        await engine.context.route("**/*", answer)
        await show(engine, "<h1>Careers</h1>")
        found = {}
        for address, name in addresses.items():
            await engine.page.goto(address)
            found[name] = wall(await engine.gaze())
        return found

    return lambda pages: drive(lambda engine: all_of(engine, pages))


def test_what_blocks_is_named_with_its_kind_and_how_it_was_found(look: Callable[..., Any]) -> None:
    found = look({name: html for name, (html, _) in BLOCKED.items()})
    told = {
        name: (seen.kind, seen.captcha_type, seen.method) if seen else None for name, seen in found.items()
    }
    assert told == {name: expected for name, (_, expected) in BLOCKED.items()}
    sure = {name: seen.confidence for name, seen in found.items()}
    assert all(0.5 < confidence < 1 for confidence in sure.values())
    assert sure["hcaptcha"] > sure["are you a robot"]


def test_what_merely_talks_about_it_stops_nobody(look: Callable[..., Any]) -> None:
    found = look(FREE)
    assert {name: seen for name, seen in found.items() if seen} == {}


@pytest.mark.parametrize(
    ("html", "boxes"),
    [
        ("<h1>Code</h1>" + "<input maxlength=1 size=1>" * 6, 6),
        ("<input name=name><input autocomplete=one-time-code>", 1),
        ("<label>Verification code <input name=x></label>", 1),
        ("<label>Postal code <input name=zip></label>", 0),
    ],
)
def test_boxes_for_a_code_are_found(drive: Callable[..., Any], html: str, boxes: int) -> None:
    async def count(engine: ScriptedEngine) -> int:
        await show(engine, html)
        return len(code_boxes(await engine.view()))

    assert drive(count) == boxes
