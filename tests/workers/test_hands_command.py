"""The `hands` command on our own pages: it tells what became of each control, and never sends a form."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.workers.conftest import ANSWERS, PERSON
from tests.workers.sites import Site
from workers.management.rehearsal_input import BadInput, address_of, read_person

Run = Callable[..., tuple[int, str]]

# Sends itself in every way a page can, and tells the recording site of each key as a page that saves drafts does.
EAGER = """<!doctype html><html><head><title>Eager</title></head><body>
<form id="f" method="post" action="{base}/sent" target="{target}">
  <label>First name * <input name="first" required oninput="saved()"></label>
  <label>Email <input name="email" type="email" onchange="{sends}"></label>
  <label>Country
    <select name="c" onchange="{sends}"><option value=""></option><option>United States</option></select></label>
  <button type="submit">Submit application</button>
</form>
<script>function saved() {{ fetch('{base}/draft', {{method: 'POST', mode: 'no-cors', body: 'x=1'}}); }}</script>
</body></html>"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "person.json"
    path.write_text(json.dumps({"user_data": PERSON, "qa_overrides": ANSWERS}))
    return path


@pytest.fixture
def run(profile: Path) -> Run:
    """Run the command in this process; answers exit status and what it printed."""

    def call(place: str, *options: str) -> tuple[int, str]:
        out = io.StringIO()
        try:
            call_command("hands", place, "--profile", str(profile), *options, stdout=out)
        except SystemExit as leaving:
            return int(leaving.code or 0), out.getvalue()
        return 0, out.getvalue()

    return call


@pytest.fixture
def eager(site: Site, tmp_path: Path) -> Callable[[str, str], str]:
    def page(sends: str, target: str = "_self") -> str:
        path = tmp_path / "eager.html"
        path.write_text(EAGER.format(base=site.base, sends=sends, target=target))
        return str(path)

    return page


@pytest.mark.browser
def test_each_control_is_told_and_nothing_is_sent(run: Run, site: Site) -> None:
    status, out = run(site.url("wizard-1.html"))

    assert status == 0, out
    rows = {line.split("  ")[0].strip(): line for line in out.splitlines() if re.match(r" \d+   ", line)}
    assert len(rows) == 7
    email = next(line for line in rows.values() if "E-mail" in line)
    assert re.search(r"E-mail \* +email 0\.\d\d +r••• +profile +1\.00 +verified", email)
    assert "Not pressed: “Save and continue”" in out
    assert "Nothing was sent." in out
    assert PERSON["email"] not in out
    assert site.posts == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("sends", "target"),
    [
        ("this.form.requestSubmit()", "_self"),
        ("this.form.submit()", "_self"),
        ("this.form.submit()", "_blank"),
    ],
)
def test_a_form_that_sends_itself_is_held_back(
    run: Run, site: Site, eager: Callable[[str, str], str], sends: str, target: str
) -> None:
    status, out = run(eager(sends, target), "--json")

    told = json.loads(out)
    assert [row["state"] for row in told["rows"]] == ["filled"] * 3
    assert (f"Held back: POST {site.base}/sent" in told["notes"]) == ("request" not in sends)
    assert status == 0
    # The recording site was reachable all the while.
    assert site.sent("/draft")
    assert site.sent("/sent") == []


@pytest.mark.browser
def test_a_dry_run_plans_and_touches_nothing(run: Run, site: Site, eager: Callable[[str], str]) -> None:
    status, out = run(eager("this.form.submit()"), "--dry-run", "--json", "--show-values")

    told = json.loads(out)
    assert status == 0
    assert (told["filled"], told["complete"]) == (False, True)
    assert [(row["label"], row["state"], row["value"]) for row in told["rows"]] == [
        ("first_name", "planned", "Rosalind"),
        ("email", "planned", "rosalind.okafor@example.com"),
        ("country", "planned", "United States"),
    ]
    assert site.posts == []


@pytest.mark.browser
def test_a_required_question_without_an_answer_is_status_one(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "asks.html"
    page.write_text(
        "<title>Asks</title><form><label>First name <input name=a></label>"
        "<label>Favourite tree <input name=b required></label><button>Submit</button></form>"
    )
    status, out = run(str(page))
    assert status == 1
    assert re.search(r"Favourite tree \* .*MISSING", out)
    assert "not every required control is filled" in out


@pytest.mark.browser
def test_a_page_without_a_form_is_status_one(run: Run, site: Site) -> None:
    status, out = run(site.url("posting.html"))
    assert status == 1
    assert "The page shows no form; “Apply for this job” leads to" in out
    assert site.posts == []


@pytest.mark.browser
def test_the_report_is_one_escaped_page_that_needs_nothing_else(
    run: Run, tmp_path: Path, resume: Path
) -> None:
    page, report = tmp_path / "evil.html", tmp_path / "report.html"
    page.write_text(
        "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>"
        "<form><label>Email &lt;img src=x&gt; <input name=email></label>"
        "<label>Resume <input type=file name=cv></label><button>Submit</button></form>"
    )
    status, _ = run(str(page), "--report", str(report), "--resume", str(resume))
    html = report.read_text()
    assert status == 0
    assert "<script" not in html and "&lt;script&gt;alert(1)" in html
    assert "<img src=x" not in html and "Email &lt;img src=x&gt;" in html
    assert set(re.findall(r'(?:src|href)="([^"]{0,22})', html)) == {
        "data:image/png;base64,", "#r1", "#m1", "#r2", "#m2",
    }  # fmt: skip
    assert PERSON["email"] not in html and resume.name not in html

    run(str(page), "--report", str(report), "--resume", str(resume), "--show-values")
    html = report.read_text()
    assert PERSON["email"] in html and resume.name in html


@pytest.mark.browser
@pytest.mark.parametrize("page", ["nowhere.html", ""])
def test_a_page_that_is_not_there_is_status_two(run: Run, site: Site, page: str) -> None:
    with pytest.raises(CommandError) as caught:
        run(site.url(page) if page else "http://127.0.0.1:1/")
    assert caught.value.returncode == 2
    assert ("404 Not Found" if page else "ERR_UNSAFE_PORT") in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is not JSON: line 1"),
        ("[]", "must hold one JSON object"),
        ("{}", "the profile must be an object that states something"),
        ('{"user_data": "Dana"}', "user_data must be an object"),
        ('{"profile": {"first_name": "Dana"}, "qa_answers": ["yes"]}', "answers must be an object"),
        (
            '{"first_name": "Dana", "work_history": {"company": "x"}}',
            "work_history must be a list of objects",
        ),
    ],
)
def test_a_bad_profile_is_told_in_a_sentence(run: Run, profile: Path, content: str, sentence: str) -> None:
    profile.write_text(content)
    with pytest.raises(CommandError, match=re.escape(sentence)) as caught:
        run("http://127.0.0.1:1/")
    assert caught.value.returncode == 2


def test_bytes_that_are_no_text_and_files_that_are_missing_are_told(run: Run, profile: Path) -> None:
    profile.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="is not a text file"):
        run("http://127.0.0.1:1/")
    profile.write_text('{"first_name": "Dana"}')
    for options in (
        ["missing.html"],
        ["http://127.0.0.1:1/", "--resume", "missing.pdf"],
        ["ftp://127.0.0.1/"],
    ):
        with pytest.raises(CommandError) as caught:
            run(*options)
        assert caught.value.returncode == 2


@pytest.mark.parametrize(
    "content",
    [
        {"first_name": "Dana"},
        {"profile": {"first_name": "Dana"}, "target_url": "https://jobs.example.com/1"},
        {"user_data": {"first_name": "Dana"}, "qa_overrides": None},
    ],
)
def test_each_shape_of_a_profile_is_read(profile: Path, content: dict[str, Any]) -> None:
    profile.write_text(json.dumps(content))
    assert read_person(profile) == {"user_data": {"first_name": "Dana"}, "qa_overrides": {}}


def test_answers_come_with_the_profile(profile: Path) -> None:
    profile.write_text(json.dumps({"profile": {"first_name": "Dana"}, "qa_answers": {"Sponsorship?": "No"}}))
    assert read_person(profile)["qa_overrides"] == {"Sponsorship?": "No"}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "a page.mhtml"
    path.write_text("")
    yield path


def test_addresses_are_kept_and_archives_are_opened_from_the_disk(archive: Path) -> None:
    with address_of("https://jobs.example.com/1") as url:
        assert url == "https://jobs.example.com/1"
    with address_of(str(archive)) as url:
        assert url == archive.as_uri()
    with pytest.raises(BadInput), address_of("javascript://alert(1)"):
        pass
