"""`scrape` in a real Chromium: what is read from a page, what a schema refuses, and what is no result at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Error

from tests.workers.harness import Chromium, a_site, completed, failed, spec_of
from tests.workers.recording import RecordingRun, outcome_of
from workers.context import InvalidInput
from workers.egress import EgressProxy
from workers.engines.browser import BrowserHost, find_chromium
from workers.engines.scripted import ScriptedEngine
from workers.handlers.scrape import ScrapeHandler
from workers.handlers.structured import bound, clean, read_json_ld
from workers.outcomes import NeedsHuman, Outcome

POSTING = """<!doctype html><html lang="en"><head>
<title>Baker at Example Bread</title>
<meta name="description" content="Bake bread in Springfield.">
<meta property="og:title" content="Baker"><meta property="og:image" content="/baker.png">
<link rel="canonical" href="/jobs/1">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
  {"@type": "JobPosting", "title": "Baker", "hiringOrganization": {"@type": "Organization", "name": "Example Bread"}},
  {"@type": "BreadcrumbList", "itemListElement": []}]}</script>
<script type="application/ld+json">{broken</script>
<script type="application/ld+json">[{"@type": "WebSite", "name": "Example Bread"}]</script>
</head><body>
<header><p>Cookies and banners</p></header>
<nav><ul><li>Home</li><li>Jobs</li></ul></nav>
<main>
  <h1 class="title">Baker</h1>
  <p>Bake bread <b>every</b> morning.<br>Clean the oven.</p>
  <p style="display:none">Invisible</p>
  <h2>Requirements</h2><ul><li>Two years of baking</li><li>An early riser</li></ul>
  <table><caption>Shifts</caption><thead><tr><th>Day</th><th>Hours</th><th>Hours</th></tr></thead>
    <tbody><tr><td rowspan="2">Monday</td><td>4-8</td><td>paid</td></tr><tr><td>9-12</td><td>unpaid</td></tr></tbody>
  </table>
  <table><tr><th>Pay</th><td>20 an hour</td></tr><tr><th>Place</th><td>Springfield</td></tr></table>
  <dl><dt>Contract</dt><dd>permanent</dd></dl>
  <table role="presentation"><tr><td>left</td><td>right</td></tr></table>
  <a class="apply" href="/apply?job=1">Apply</a><input name="salary" value="20">
  <script>document.currentScript.insertAdjacentHTML("afterend", "<p class=late>Said by script</p>")</script>
  <x-note></x-note><script>
    document.querySelector("x-note").attachShadow({mode: "open"}).innerHTML = "<p class=deep>In the shadow</p>"</script>
</main>
<footer>Imprint</footer>
</body></html>"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    chromium = Chromium()
    yield chromium
    chromium.close()


Scrape = Callable[..., tuple[Outcome, RecordingRun]]


@pytest.fixture
def scrape(chromium: Chromium) -> Scrape:
    """Scrape the page at `/` of a site: a body, or all its pages."""

    def scrape(
        page: str | Mapping[str, str | tuple[str, str]], **input_data: Any
    ) -> tuple[Outcome, RecordingRun]:
        async def scenario(context: BrowserContext) -> tuple[Outcome, RecordingRun]:
            async with a_site({"/": page} if isinstance(page, str) else page) as site:
                run = RecordingRun(spec_of("scrape", input_data, site.url + "/"))
                handler = ScrapeHandler(appear_seconds=1)
                handler.validate(run.spec)
                return await outcome_of(handler.run(run, ScriptedEngine(context))), run

        return chromium.run(scenario)

    return scrape


@pytest.mark.browser
def test_without_fields_the_whole_page_is_read(scrape: Scrape) -> None:
    outcome, run = scrape(POSTING)
    result = completed(outcome)
    data = result["data"]
    assert [node["@type"] for node in data["json_ld"]] == ["JobPosting", "BreadcrumbList", "WebSite"]
    assert data["json_ld"][0]["hiringOrganization"]["name"] == "Example Bread"
    assert (data["title"], data["language"]) == ("Baker at Example Bread", "en")
    assert data["meta"]["description"] == "Bake bread in Springfield."
    assert data["open_graph"] == {"title": "Baker", "image": "/baker.png"}
    assert data["canonical_url"] == result["final_url"] + "jobs/1"
    assert data["tables"] == [
        {
            "caption": "Shifts",
            "headers": ["Day", "Hours", "Hours 2"],
            "rows": [
                {"Day": "Monday", "Hours": "4-8", "Hours 2": "paid"},
                {"Day": "Monday", "Hours": "9-12", "Hours 2": "unpaid"},
            ],
        },
        {"caption": "", "headers": ["Pay", "Place"], "rows": [{"Pay": "20 an hour", "Place": "Springfield"}]},
        {"caption": "", "headers": ["Contract"], "rows": [{"Contract": "permanent"}]},
    ]
    assert data["lists"] == [
        {"heading": "Requirements", "ordered": False, "items": ["Two years of baking", "An early riser"]}
    ]
    assert data["text"].startswith("Baker\n\nBake bread every morning.\nClean the oven.\n\nRequirements\n")
    assert "Said by script" in data["text"]
    assert "In the shadow" in data["text"]
    for noise in ("Cookies", "Imprint", "Invisible", "Home"):
        assert noise not in data["text"]
    assert (result["truncated"], result["missing"]) == (False, [])
    assert "JobPosting" in getattr(outcome, "summary", "")
    assert [step for step, _ in run.reports] == ["navigating", "extracting_results"]
    assert run.pictures["page"].startswith(b"\x89PNG")


@pytest.mark.browser
def test_with_fields_exactly_those_are_read(scrape: Scrape) -> None:
    fields = {
        "title": "h1.title",
        "apply": {"selector": "a.apply", "attr": "href"},
        "requirements": {"selector": "main li", "all": True},
        "salary": "[name=salary]",
        "late": ".late",
        "deep": ".deep",
        "description": "meta[name=description]",
        "class": {"selector": "h1", "attr": "class"},
        "nothing": {"selector": "h1", "attr": "data-nothing"},
        "absent": ".absent",
        "none": {"selector": ".absent", "all": True},
    }
    result = completed(scrape(POSTING, fields=fields)[0])
    base = result["final_url"]
    assert result["data"] == {
        "title": "Baker",
        "apply": f"{base}apply?job=1",
        "requirements": ["Two years of baking", "An early riser"],
        "salary": "20",
        "late": "Said by script",
        "deep": "In the shadow",
        "description": "Bake bread in Springfield.",
        "class": "title",
        "nothing": None,
        "absent": None,
        "none": [],
    }
    assert result["missing"] == ["nothing", "absent", "none"]


@pytest.mark.browser
def test_a_page_with_none_of_the_fields_is_no_result(scrape: Scrape) -> None:
    code, message = failed(scrape("<p>hello</p>", fields={"price": ".price", "name": ".name"})[0])
    assert code == "element_not_found"
    assert "price, name" in message


@pytest.mark.browser
def test_a_selector_that_browsers_do_not_understand_names_its_field(scrape: Scrape) -> None:
    with pytest.raises(InvalidInput, match=r"fields\.price.*not a selector"):
        scrape("<p>hello</p>", fields={"price": "p[", "name": "p"})


@pytest.mark.browser
def test_data_that_do_not_fit_the_schema_are_refused_with_their_paths(scrape: Scrape) -> None:
    schema = {
        "type": "object",
        "properties": {"title": {"type": "string", "minLength": 40}, "n": {"items": {"pattern": "^[0-9]+$"}}},
        "required": ["title", "place"],
    }
    fields = {"title": "h1", "n": {"selector": "li", "all": True}}
    page = "<h1>Baker</h1><ul><li>1</li><li>two</li></ul>"
    outcome, _ = scrape(page, fields=fields, schema=schema)
    code, message = failed(outcome)
    assert code == "validation_error"
    assert getattr(outcome, "details", {})["paths"] == ["$", "n[1]", "title"]
    assert "place" in message
    outcome, _ = scrape(page, fields=fields, schema={**schema, "properties": {}, "required": ["title"]})
    assert completed(outcome)["data"]["title"] == "Baker"


@pytest.mark.browser
def test_a_schema_is_never_fetched_from_elsewhere(scrape: Scrape) -> None:
    schema = {"$ref": "http://127.0.0.1:1/schema.json"}
    with pytest.raises(InvalidInput, match=r"^schema: refers to"):
        scrape("<h1>Baker</h1>", fields={"title": "h1"}, schema=schema)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("404 Not Found", "validation_error"),
        ("410 Gone", "validation_error"),
        ("403 Forbidden", "validation_error"),
        ("401 Unauthorized", "login_required"),
        ("429 Too Many Requests", "rate_limited"),
        ("503 Service Unavailable", "network_error"),
    ],
)
def test_an_error_page_is_no_result(scrape: Scrape, status: str, code: str) -> None:
    outcome, _ = scrape({"/": (status, POSTING)})
    assert failed(outcome) == (code, f"the page answered {status}")


@pytest.mark.browser
def test_the_status_is_that_of_the_page_redirects_lead_to(scrape: Scrape) -> None:
    pages = {"/": ("302 Found\r\nLocation: /gone", ""), "/gone": ("410 Gone", "<h1>Closed</h1>")}
    outcome, _ = scrape(pages)
    assert failed(outcome) == ("validation_error", "the page answered 410 Gone")


@pytest.mark.browser
def test_an_address_that_the_network_rule_forbids_is_told_in_its_words() -> None:
    async def scenario() -> Outcome:
        async with EgressProxy() as proxy:
            host = BrowserHost(find_chromium(""), proxy=proxy.url)
            try:
                async with host.context() as context:
                    run = RecordingRun(spec_of("scrape", {}, "http://127.0.0.1:8000/"))
                    return await ScrapeHandler().run(run, ScriptedEngine(context))
            finally:
                await host.close()

    code, message = failed(asyncio.run(scenario()))
    assert code == "validation_error"
    assert "127.0.0.1 is not on the public internet" in message
    assert "GH_ALLOWED_NETWORKS" in message


@pytest.mark.browser
def test_a_download_is_no_page(scrape: Scrape) -> None:
    outcome, _ = scrape({"/": ("200 OK\r\nContent-Type: application/zip", "PK")})
    assert failed(outcome)[0] == "validation_error"
    assert "download" in failed(outcome)[1]


@pytest.mark.browser
def test_a_site_that_is_down_is_the_browsers_error(chromium: Chromium) -> None:
    async def scenario(context: BrowserContext) -> None:
        run = RecordingRun(spec_of("scrape", {}, "http://127.0.0.1:1/"))
        with pytest.raises(Error, match="net::"):
            await ScrapeHandler().run(run, ScriptedEngine(context))

    chromium.run(scenario)


CAPTCHA = '<div id="captcha" style="width:300px;height:80px">Prove that you are human</div>'


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page", "input_data"),
    [
        (("403 Forbidden", CAPTCHA), {}),
        (CAPTCHA, {}),
        (CAPTCHA, {"fields": {"title": "h1"}}),
    ],
)
def test_a_captcha_is_no_result_but_a_call_for_a_person(
    scrape: Scrape, page: str | tuple[str, str], input_data: dict[str, Any]
) -> None:
    outcome, run = scrape({"/": page}, **input_data)
    assert isinstance(outcome, NeedsHuman), outcome
    assert outcome.interaction_type == "captcha"
    assert outcome.screenshot in {f"screenshots/{name}.png" for name in run.pictures}
    assert "blocker_detected" in [event_type for event_type, _, _ in run.events]


@pytest.mark.browser
def test_a_captcha_beside_the_content_does_not_hide_it(scrape: Scrape) -> None:
    page = POSTING.replace("</main>", f"{CAPTCHA}</main>")
    assert completed(scrape(page)[0])["data"]["title"] == "Baker at Example Bread"
    assert completed(scrape(page, fields={"title": "h1"})[0])["data"] == {"title": "Baker"}


@pytest.mark.browser
def test_a_huge_page_is_cut_and_says_so(scrape: Scrape) -> None:
    rows = "".join(f"<tr><td>{n}</td><td>{'x' * 1500}</td></tr>" for n in range(900))
    result = completed(scrape(f"<table><tr><th>n</th><th>text</th></tr>{rows}</table>")[0])
    assert result["truncated"] is True
    assert len(json.dumps(result["data"])) <= 1_000_000


@pytest.mark.parametrize(
    ("input_data", "field"),
    [
        ({"fields": ["h1"]}, "fields"),
        ({"fields": {f"f{n}": "p" for n in range(101)}}, "fields"),
        ({"fields": {"a": 1}}, "fields.a"),
        ({"fields": {"a": ""}}, "fields.a.selector"),
        ({"fields": {"a": "x" * 1001}}, "fields.a.selector"),
        ({"fields": {"a": {"attr": "href"}}}, "fields.a.selector"),
        ({"fields": {"a": {"selector": "p", "attr": 1}}}, "fields.a.attr"),
        ({"fields": {"a": {"selector": "p", "all": "yes"}}}, "fields.a.all"),
        ({"fields": {"a": {"selector": "p", "attribute": "href"}}}, "fields.a.attribute"),
        ({"schema": "object"}, "schema"),
        ({"schema": {"type": "nothing"}}, "schema.type"),
        ({"schema": {"properties": {"a": {"minLength": "x"}}}}, "schema.properties.a.minLength"),
    ],
)
def test_input_that_cannot_be_worked_with_names_its_field(input_data: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        ScrapeHandler().validate(spec_of("scrape", input_data))
    assert refused.value.field_name == field


@pytest.mark.parametrize("input_data", [{}, {"fields": None, "schema": None}, {"fields": {}}, {"schema": {}}])
def test_nothing_is_required(input_data: dict[str, Any]) -> None:
    ScrapeHandler().validate(spec_of("scrape", input_data))


@pytest.mark.parametrize(
    ("script", "types"),
    [
        ('{"@type": "JobPosting"}', ["JobPosting"]),
        ('<!-- {"@type": "JobPosting"} -->', ["JobPosting"]),
        ('//<![CDATA[\n{"@type": "JobPosting"}\n//]]>', ["JobPosting"]),
        ('[{"@type": "A"}, [{"@type": "B"}]]', ["A", "B"]),
        ('{"@type": "A", "@graph": [{"@type": "B"}]}', ["A", "B"]),
        ('{"@type": "A",\n"text": "a\nb"}', ["A"]),
        ('{"@type": "A", "n": NaN}', []),
        ('{"@type": "A", "n": 1e999}', []),
        ('"text"', []),
        ("[" * 100_000, []),
        ("", []),
    ],
)
def test_json_ld_is_read_as_it_is_found_in_the_wild(script: str, types: list[str]) -> None:
    assert [node["@type"] for node in read_json_ld([script])] == types


def test_text_that_postgresql_cannot_keep_is_mended() -> None:
    assert clean({"a\x00": ["b\ud800c", "\ud83d\ude00"]}) == {"a": ["b\ufffdc", "\U0001f600"]}
    deep: Any = "x"
    for _ in range(5_000):
        deep = [deep]
    assert clean(deep, 2) == [[None]]


def test_what_is_too_large_is_cut_where_it_is_largest() -> None:
    data = {"small": "kept", "list": list(range(1000)), "text": "x" * 10_000, "object": {"a": "y" * 9_000}}
    bounded, was_cut = bound(data, 2_000)
    assert was_cut
    assert bounded["small"] == "kept"
    assert len(json.dumps(bounded)) <= 2_100
    assert bound({"a": "b"}) == ({"a": "b"}, False)
