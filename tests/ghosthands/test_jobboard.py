"""The demo's job board: a form that checks everything on the server and keeps what arrived."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from ghosthands.jobboard import records, sample
from ghosthands.jobboard.forms import ContactForm, ExperienceForm, ScreeningForm

POSTING = "/board/jobs/firmware-engineer"
CONTACT = {
    "first_name": "Dana",
    "last_name": "Whitlock",
    "email": "dana@example.com",
    "phone": "+1 503 555 0142",
    "city": "Portland",
    "country": "United States",
}
EXPERIENCE = {
    "institution": "Oregon State University",
    "degree": "Bachelor's degree",
    "graduation_year": "2017",
    "company": "Brightwater Metering",
    "job_title": "Engineer",
    "start_month": "2020-03",
    "is_current": "on",
    "years": "7",
}
SCREENING = {
    "authorized": "yes",
    "sponsorship": "no",
    "office": "Remote (Europe)",
    "start_date": (dt.date.today() + dt.timedelta(days=30)).isoformat(),
    "salary": "120000",
    "source": "LinkedIn",
    "consent": "on",
}


@pytest.fixture(autouse=True)
def board(tmp_path: Path, settings: Settings) -> None:
    settings.GH_DATA_DIR = tmp_path


def resume(name: str = "resume.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, sample.resume_pdf() if content is None else content)


def begin(client: Client) -> str:
    """Return the address of a new draft, without the page's name."""
    answer = client.get(f"{POSTING}/apply")
    assert answer.status_code == 302
    return answer["Location"].removesuffix("contact")


def walk(client: Client) -> str:
    """Fill the first two pages and return the address of the third."""
    draft = begin(client)
    answer = client.post(draft + "contact", CONTACT)
    assert answer["Location"] == draft + "experience"
    answer = client.post(answer["Location"], {**EXPERIENCE, "resume": resume()})
    assert answer["Location"] == draft + "screening"
    return draft + "screening"


def errors(answer: HttpResponse) -> dict[str, str]:
    """Return the messages shown beside the fields, by field name."""
    found = re.findall(r'role="alert" id="id_(\w+)_error">([^<]+)<', answer.content.decode())
    return dict(found)


def test_an_application_arrives_with_a_number(client: Client) -> None:
    done = client.post(walk(client), SCREENING, follow=True)

    [application] = records.received()
    assert re.fullmatch(r"APP-[2-9A-HJ-NP-Z]{5}[2-9]", application["number"])
    assert application["number"] in done.content.decode()
    assert "Thank you, Dana" in done.content.decode()
    assert application["contact"]["email"] == "dana@example.com"
    assert application["experience"]["start_month"] == "2020-03"
    assert application["experience"]["resume"]["name"] == "resume.pdf"
    assert application["screening"]["office"] == "Remote (Europe)"
    assert application["posts"] == 1
    assert (
        client.get(f"/board/received/{application['number']}.json").json()["posting"] == "firmware-engineer"
    )


def test_a_draft_sent_twice_is_received_twice(client: Client) -> None:
    last = walk(client)
    client.post(last, SCREENING)
    client.post(last, SCREENING)
    client.post(walk(client), SCREENING)

    assert [application["posts"] for application in records.received()] == [2, 2, 1]


def test_the_posting_speaks_json_ld_and_leads_to_the_form(client: Client) -> None:
    html = client.get(POSTING).content.decode()
    found = re.search(r'<script type="application/ld\+json">(.+?)</script>', html)
    assert found
    data = json.loads(found[1])

    assert data["@type"] == "JobPosting"
    assert data["title"] == "Firmware Engineer"
    assert f"{POSTING}/apply" in html
    assert "Firmware Engineer" in client.get("/board/").content.decode()


def test_a_closed_posting_takes_nobody(client: Client) -> None:
    html = client.get("/board/jobs/office-manager").content.decode()

    assert "no longer accepting applications" in html
    assert "/apply" not in html
    assert client.get("/board/jobs/office-manager/apply").status_code == 404


@pytest.mark.parametrize(
    ("page", "given", "wrong"),
    [
        ("contact", {}, {"first_name", "last_name", "email", "phone", "city", "country"}),
        ("contact", {**CONTACT, "email": "dana"}, {"email"}),
        ("contact", {**CONTACT, "phone": "call me"}, {"phone"}),
        ("contact", {**CONTACT, "country": "Atlantis"}, {"country"}),
        ("contact", {**CONTACT, "linkedin": "https://example.com/dana"}, {"linkedin"}),
        ("experience", {**EXPERIENCE, "is_current": ""}, {"resume", "end_month"}),
        ("experience", {**EXPERIENCE, "resume": "x", "end_month": "2019-01"}, {"resume", "end_month"}),
        ("experience", {**EXPERIENCE, "graduation_year": "1066"}, {"resume", "graduation_year"}),
        ("experience", {**EXPERIENCE, "start_month": "long ago"}, {"resume", "start_month"}),
        ("screening", {}, set(SCREENING)),
        ("screening", {**SCREENING, "office": "Atlantis"}, {"office"}),
        ("screening", {**SCREENING, "start_date": "2020-01-01"}, {"start_date"}),
    ],
)
def test_wrong_answers_are_named_beside_their_fields(
    client: Client, page: str, given: dict[str, Any], wrong: set[str]
) -> None:
    target = walk(client) if page == "screening" else begin(client) + page
    if page == "experience":
        client.post(target.replace("experience", "contact"), CONTACT)

    answer = client.post(target, given)

    assert answer.status_code == 422
    assert set(errors(answer)) == wrong
    for name in wrong - {"authorized", "sponsorship"}:
        assert re.search(rf'aria-describedby="[^"]*id_{name}_error"', answer.content.decode())
    assert records.received() == []


@pytest.mark.parametrize(
    ("name", "content", "accepted"),
    [
        ("resume.docx", b"PK\x03\x04 and more", True),
        ("resume.TXT", b"Dana Whitlock", True),
        ("resume.pdf", b"not a pdf", False),
        ("resume.exe", b"MZ", False),
        ("resume.txt", b"", False),
        ("resume.txt", b"x" * (5 * 1024 * 1024 + 1), False),
    ],
)
def test_resume_type_and_size_are_checked(client: Client, name: str, content: bytes, accepted: bool) -> None:
    draft = begin(client)
    client.post(draft + "contact", CONTACT)

    answer = client.post(draft + "experience", {**EXPERIENCE, "resume": resume(name, content)})

    assert (answer.status_code == 302) == accepted
    assert accepted or "resume" in errors(answer)


def test_going_back_keeps_what_was_answered(client: Client) -> None:
    last = walk(client)
    contact = client.get(last.replace("screening", "contact")).content.decode()
    experience = client.get(last.replace("screening", "experience")).content.decode()

    assert 'value="dana@example.com"' in contact
    assert '<option value="United States" selected>' in contact
    assert "Attached: <strong>resume.pdf</strong>" in experience
    assert 'value="2020-03"' in experience
    again = client.post(last.replace("screening", "experience"), {**EXPERIENCE, "years": "8"})
    assert again["Location"] == last


def test_pages_come_in_order(client: Client) -> None:
    draft = begin(client)

    assert client.get(draft + "screening")["Location"] == draft + "contact"
    assert client.post(draft + "experience", EXPERIENCE)["Location"] == draft + "contact"
    assert client.get(draft + "salary").status_code == 404


def test_a_post_without_the_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post(begin(client) + "contact", CONTACT).status_code == 403


@pytest.mark.parametrize("path", ["/board/received/APP-000000.json", "/board/received/..json"])
def test_unknown_numbers_are_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_records_are_shown_on_this_machine_only(client: Client) -> None:
    client.post(walk(client), SCREENING)
    [application] = records.received()

    answer = client.get(f"/board/received/{application['number']}.json", REMOTE_ADDR="203.0.113.9")

    assert answer.status_code == 404


def test_the_sample_person_fits_the_form(client: Client) -> None:
    answer = client.get("/board/files/resume.pdf")
    asked = {
        str(field.label)
        for form in (ContactForm, ExperienceForm, ScreeningForm)
        for field in form.base_fields.values()
    }

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.4")
    assert set(sample.answers()) <= asked
