"""`custom` in a real Chromium: each step does what it says, and says what went wrong when it could not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext

from tests.workers.harness import Chromium, Site, a_site, completed, failed, spec_of
from tests.workers.recording import RecordingRun
from workers.context import ClaimLost, InvalidInput
from workers.engines.scripted import ScriptedEngine
from workers.handlers.custom import CustomHandler
from workers.outcomes import Failed, Outcome

FORM = """<!doctype html><title>Order</title>
<form method="post" action="/thanks" enctype="multipart/form-data">
  <input name="name"><input name="age" type="number">
  <select name="size"><option value="s">Small</option><option value="l">Large</option></select>
  <select name="extras" multiple><option>Butter</option><option>Jam</option><option>Salt</option></select>
  <input type="file" name="resume" style="display:none">
  <button class="send">Order</button>
</form>
<button class="twice">First</button><button class="twice">Second</button>
<button class="copy" style="display:none">Hidden copy</button><button class="copy">Shown copy</button>
<button class="off" disabled>Off</button>
<a class="tab" href="/elsewhere" target="_blank">Elsewhere</a>
<p class="late"></p><div class="busy">Working</div>
<ul><li>one</li><li>two</li></ul><a class="more" href="/more">More</a>
<script>
  document.querySelectorAll(".copy")[1].onclick = () => {
    document.querySelector(".late").textContent = "Copied";
    document.querySelector(".busy").remove();
    history.pushState(null, "", "/copied");
  };
</script>"""
PAGES = {
    "/": FORM,
    "/copied": FORM,
    "/thanks": "<title>Thanks</title><h1>Order 4711 received</h1>",
    "/elsewhere": "<title>Elsewhere</title><h1>Another tab</h1>",
    "/gone": ("410 Gone", "<h1>Gone</h1>"),
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    chromium = Chromium()
    yield chromium
    chromium.close()


Carry = Callable[..., tuple[Outcome, RecordingRun, Site]]


@pytest.fixture
def carry_out(chromium: Chromium) -> Carry:
    """Carry out steps on the site above; `{site}` in a url stands for its address."""

    def carry_out(
        *steps: Mapping[str, Any], resume: Path | None = None
    ) -> tuple[Outcome, RecordingRun, Site]:
        async def scenario(context: BrowserContext) -> tuple[Outcome, RecordingRun, Site]:
            async with a_site(PAGES) as site:
                filled = [
                    {
                        key: value.replace("{site}", site.url) if key == "url" else value
                        for key, value in step.items()
                    }
                    for step in steps
                ]
                run = RecordingRun(spec_of("custom", {"steps": filled}, site.url + "/"), resume=resume)
                handler = CustomHandler()
                handler.validate(run.spec)
                return await handler.run(run, ScriptedEngine(context)), run, site

        return chromium.run(scenario)

    return carry_out


@pytest.mark.browser
def test_steps_are_carried_out_in_order(carry_out: Carry, tmp_path: Path) -> None:
    resume = tmp_path / "resume.pdf"
    resume.write_bytes(b"%PDF-1.4 resume of Jane Example")
    outcome, run, site = carry_out(
        {"action": "fill", "selector": "[name=name]", "value": "Jane Example"},
        {"action": "fill", "selector": "[name=age]", "value": 34},
        {"action": "select", "selector": "[name=size]", "value": "Large"},
        {"action": "select", "selector": "[name=extras]", "value": ["Butter", "Salt"]},
        {"action": "upload", "selector": "[name=resume]"},
        {"action": "extract", "name": "items", "selector": "li", "all": True},
        {"action": "extract", "name": "more", "selector": "a.more", "attr": "href"},
        {"action": "screenshot", "name": "before"},
        {"action": "click", "selector": "text=Order", "submits": True},
        {"action": "wait_for", "url": "/thanks"},
        {"action": "extract", "name": "answer", "selector": "h1"},
        {"action": "screenshot"},
        resume=resume,
    )
    result = completed(outcome)
    assert result["data"] == {
        "items": ["one", "two"],
        "more": f"{site.url}/more",
        "answer": "Order 4711 received",
    }
    assert result["final_url"] == f"{site.url}/thanks"
    assert result["steps_completed"] == 12
    assert result["screenshots"] == {"before": "screenshots/before.png", "step-12": "screenshots/step-12.png"}
    [posted] = site.posted
    for sent in ("Jane Example", "34", '"size"\r\n\r\nl\r\n', "Butter", "Salt", "%PDF-1.4 resume of"):
        assert sent in posted
    assert "Jam" not in posted
    assert run.arming == ["arm"]
    assert [step for step, _ in run.reports][-4:] == [
        "submitting",
        "navigating",
        "extracting_results",
        "extracting_results",
    ]
    assert [pct for _, pct in run.reports] == sorted(pct for _, pct in run.reports)


@pytest.mark.browser
def test_every_step_is_told_as_it_starts_and_ends_without_what_was_typed(carry_out: Carry) -> None:
    _, run, _ = carry_out(
        {"action": "fill", "selector": "[name=name]", "value": "Secret-4711"},
        {"action": "click", "selector": ".nothing", "timeout_seconds": 0.2},
    )
    assert [(kind, facts["step"], facts["action"]) for kind, _, facts in run.events] == [
        ("step_started", 1, "fill"),
        ("step_completed", 1, "fill"),
        ("step_started", 2, "click"),
    ]
    assert run.events[1][2]["action_count"] == 1
    assert "Secret" not in repr(run.events) + repr(run.reports)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("step", "code", "sentence"),
    [
        (
            {"action": "click", "selector": ".nothing"},
            "element_not_found",
            "step 1 (click): no element matches '.nothing' within 0.9 s",
        ),
        ({"action": "click", "selector": ".twice"}, "validation_error", "2 elements match '.twice'"),
        ({"action": "click", "selector": ".off"}, "timeout", "'.off' is covered, disabled or hidden"),
        ({"action": "click", "selector": ".off", "submits": True}, "timeout", "'.off' is covered, disabled"),
        ({"action": "click", "selector": "p["}, "validation_error", "'p[' is not a selector"),
        (
            {"action": "fill", "selector": "ul", "value": "Secret-4711"},
            "validation_error",
            "cannot be used for fill",
        ),
        (
            {"action": "fill", "selector": "[name=age]", "value": "Secret-4711"},
            "validation_error",
            "cannot be used for fill",
        ),
        (
            {"action": "select", "selector": "[name=size]", "value": "Secret-4711"},
            "element_not_found",
            "no such option can be chosen in '[name=size]'",
        ),
        ({"action": "upload", "selector": "[name=resume]"}, "validation_error", "no resume to upload"),
        (
            {"action": "extract", "name": "a", "selector": ".nothing"},
            "element_not_found",
            "no element matches",
        ),
        ({"action": "wait_for", "selector": ".nothing"}, "timeout", "'.nothing' within 0.9 s"),
        ({"action": "wait_for", "selector": ".busy", "state": "hidden"}, "timeout", "'.busy' within 0.9 s"),
        ({"action": "wait_for", "text": "Nobody says this"}, "timeout", "'Nobody says this' within"),
        ({"action": "wait_for", "url": "/never"}, "timeout", "'/never' within 0.9 s"),
        ({"action": "goto", "url": "{site}/gone"}, "validation_error", "the page answered 410 Gone"),
        ({"action": "goto", "url": "{site}/missing"}, "validation_error", "the page answered 404"),
        ({"action": "goto", "url": "http://127.0.0.1:1/"}, "network_error", "ERR_"),
    ],
)
def test_a_step_that_cannot_be_done_says_why(
    carry_out: Carry, step: dict[str, Any], code: str, sentence: str
) -> None:
    outcome, run, _ = carry_out({"timeout_seconds": 0.9, **step})
    assert failed(outcome)[0] == code
    assert failed(outcome)[1].startswith(f"step 1 ({step['action']}): ")
    assert sentence in failed(outcome)[1]
    assert isinstance(outcome, Failed)
    assert outcome.details == {"step": 1, "action": step["action"], "steps_completed": 0}
    assert "Secret" not in failed(outcome)[1]
    assert run.arming == []


@pytest.mark.browser
def test_the_page_is_kept_as_it_stood_when_a_step_failed(carry_out: Carry) -> None:
    _, run, _ = carry_out({"action": "click", "selector": ".nothing", "timeout_seconds": 0.2})
    assert run.pictures["failed-step-1"].startswith(b"\x89PNG")


@pytest.mark.browser
def test_waiting_sees_what_appears_and_goes(carry_out: Carry) -> None:
    outcome, _, site = carry_out(
        {"action": "wait_for", "selector": ".copy", "state": "attached"},
        {"action": "click", "selector": ".copy"},
        {"action": "wait_for", "text": "Copied"},
        {"action": "wait_for", "selector": ".late"},
        {"action": "wait_for", "selector": ".busy", "state": "hidden"},
        {"action": "wait_for", "selector": ".busy", "state": "detached"},
        {"action": "wait_for", "url": "/copied"},
    )
    assert completed(outcome)["final_url"] == f"{site.url}/copied"


@pytest.mark.browser
def test_a_first_goto_takes_the_place_of_the_target_page(carry_out: Carry) -> None:
    outcome, _, site = carry_out(
        {"action": "goto", "url": "{site}/elsewhere"},
        {"action": "extract", "name": "first", "selector": "h1"},
        {"action": "goto", "url": "{site}/thanks"},
        {"action": "extract", "name": "second", "selector": "h1"},
    )
    assert completed(outcome)["data"] == {"first": "Another tab", "second": "Order 4711 received"}
    assert "/" not in site.visited


@pytest.mark.browser
def test_steps_go_on_in_a_tab_that_a_click_opened(carry_out: Carry) -> None:
    outcome, _, site = carry_out(
        {"action": "click", "selector": ".tab"},
        {"action": "extract", "name": "title", "selector": "h1"},
    )
    assert completed(outcome)["data"] == {"title": "Another tab"}
    assert completed(outcome)["final_url"] == f"{site.url}/elsewhere"


@pytest.mark.browser
def test_nothing_is_sent_for_a_job_that_is_no_longer_ours(carry_out: Carry, chromium: Chromium) -> None:
    async def scenario(context: BrowserContext) -> Site:
        async with a_site(PAGES) as site:
            steps = [{"action": "click", "selector": ".send", "submits": True}]
            run = RecordingRun(spec_of("custom", {"steps": steps}, site.url + "/"), lost=True)
            with pytest.raises(ClaimLost):
                await CustomHandler().run(run, ScriptedEngine(context))
            return site

    assert chromium.run(scenario).posted == []


GOTO = {"action": "goto", "url": "http://example.com/"}


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ("click the button", "steps"),
        ([], "steps"),
        ([GOTO] * 101, "steps"),
        (["click"], "steps.0"),
        ([{}], "steps.0.action"),
        ([{"action": "dance"}], "steps.0.action"),
        ([{"action": ["goto"]}], "steps.0.action"),
        ([GOTO, {"action": "goto"}], "steps.1.url"),
        ([{"action": "goto", "url": "javascript:alert(1)"}], "steps.0.url"),
        ([{"action": "goto", "url": "file:///etc/passwd"}], "steps.0.url"),
        ([{"action": "goto", "url": "http://[::1"}], "steps.0.url"),
        ([{"action": "goto", "url": 1}], "steps.0.url"),
        ([GOTO, GOTO, GOTO, {"action": "click"}], "steps.3.selector"),
        ([{"action": "click", "selector": ""}], "steps.0.selector"),
        ([{"action": "click", "selector": "a", "selctor": "b"}], "steps.0.selctor"),
        ([{"action": "click", "selector": "a", "submits": "yes"}], "steps.0.submits"),
        ([{"action": "fill", "selector": "a"}], "steps.0.value"),
        ([{"action": "fill", "selector": "a", "value": {"a": 1}}], "steps.0.value"),
        ([{"action": "fill", "selector": "a", "value": True}], "steps.0.value"),
        ([{"action": "select", "selector": "a", "value": []}], "steps.0.value"),
        ([{"action": "wait_for"}], "steps.0"),
        ([{"action": "wait_for", "selector": "a", "text": "b"}], "steps.0"),
        ([{"action": "wait_for", "text": "a", "state": "hidden"}], "steps.0.state"),
        ([{"action": "wait_for", "selector": "a", "state": "gone"}], "steps.0.state"),
        ([{"action": "extract", "selector": "a"}], "steps.0.name"),
        ([{"action": "extract", "selector": "a", "name": "../a"}], "steps.0.name"),
        ([{"action": "extract", "selector": "a", "name": "x"}] * 2, "steps.0.name"),
        ([{"action": "screenshot", "name": "a/b"}], "steps.0.name"),
        ([{**GOTO, "timeout_seconds": 0}], "steps.0.timeout_seconds"),
        ([{**GOTO, "timeout_seconds": 121}], "steps.0.timeout_seconds"),
        ([{**GOTO, "timeout_seconds": float("nan")}], "steps.0.timeout_seconds"),
        ([{**GOTO, "timeout_seconds": True}], "steps.0.timeout_seconds"),
    ],
)
def test_steps_that_cannot_be_worked_with_are_named(steps: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        CustomHandler().validate(spec_of("custom", {"steps": steps}))
    assert refused.value.field_name == field


def test_a_description_alone_is_refused_with_the_way_out() -> None:
    with pytest.raises(InvalidInput, match="list of steps; no model engine is installed"):
        CustomHandler().validate(spec_of("custom", {}))


def test_the_sentence_about_a_bad_value_does_not_repeat_it() -> None:
    with pytest.raises(InvalidInput) as refused:
        steps = [{"action": "fill", "selector": "a", "value": ["Secret-4711"]}]
        CustomHandler().validate(spec_of("custom", {"steps": steps}))
    assert "Secret" not in str(refused.value)
