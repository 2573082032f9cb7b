"""The pages of the speed benchmark, and what a script that knows every selector does with them."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from ghosthands.jobboard.sample import PROFILE, answers

PERSON: dict[str, Any] = {
    **{key: value for key, value in PROFILE.items() if key != "location"},
    **PROFILE["location"],
    "address": "18 Juniper Lane",
    "github_url": "https://github.com/dana-whitlock-example",
    "website": "https://dana-whitlock.example.com",
    "current_company": "Brightwater Metering",
    "current_title": "Embedded Software Engineer",
}
STATED = {
    "Are you authorized to work in the United States?": "Yes",
    "Will you need visa sponsorship?": "No",
    "Would you relocate for this job?": "Yes",
    "Have you worked for us before?": "No",
    "Can you travel for work?": "Yes",
    "Earliest start date": answers()["Earliest start date"],
    "How did you hear about us?": "LinkedIn",
    "Why do you want to work here?": "Ten years on one battery is the kind of problem I like.",
    "Gender": "Prefer not to say",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field, and what a person enters; `value` of a checkbox is not used."""

    label: str
    kind: str
    value: str = ""
    options: tuple[str, ...] = ()

    @property
    def html_id(self) -> str:
        return "".join(c if c.isalnum() else "-" for c in self.label.lower())[:30]


YES_NO = ("Yes", "No")
FIELDS = (
    Field("First name", "text", PERSON["first_name"]),
    Field("Last name", "text", PERSON["last_name"]),
    Field("Email", "email", PERSON["email"]),
    Field("Phone", "tel", PERSON["phone"]),
    Field("Street address", "text", PERSON["address"]),
    Field("City", "text", PERSON["city"]),
    Field("State", "text", PERSON["state"]),
    Field("ZIP code", "text", PERSON["zip"]),
    Field("Country", "select", "United States", ("Canada", "Mexico", "United Kingdom", "United States")),
    Field("LinkedIn profile", "url", PERSON["linkedin_url"]),
    Field("GitHub profile", "url", PERSON["github_url"]),
    Field("Website", "url", PERSON["website"]),
    Field("Resume", "file"),
    Field("Current company", "text", PERSON["current_company"]),
    Field("Current job title", "text", PERSON["current_title"]),
    Field("Years of professional experience", "number", "7"),
    Field("School", "text", PERSON["education"][0]["institution"]),
    Field("Degree", "select", "Bachelor's degree", ("High school", "Bachelor's degree", "Master's degree")),
    Field("Field of study", "text", PERSON["education"][0]["field"]),
    Field("Graduation year", "number", "2017"),
    Field("Salary expectation", "text", "132000"),
    Field("Earliest start date", "date", STATED["Earliest start date"]),
    Field("Are you authorized to work in the United States?", "radio", "Yes", YES_NO),
    Field("Will you need visa sponsorship?", "radio", "No", YES_NO),
    Field("Would you relocate for this job?", "radio", "Yes", YES_NO),
    Field("Have you worked for us before?", "radio", "No", YES_NO),
    Field("How did you hear about us?", "select", "LinkedIn", ("Company website", "LinkedIn", "Other")),
    Field("Why do you want to work here?", "textarea", STATED["Why do you want to work here?"]),
    Field("Gender", "select", "Prefer not to say", ("Woman", "Man", "Non-binary", "Prefer not to say")),
    Field("I agree that my data is processed to handle this application", "checkbox"),
)


def form_page(fields: tuple[Field, ...] = FIELDS, copies: int = 1) -> str:
    """Return a page with the fields, `copies` times over."""
    body = "\n".join(_drawn(field, copy) for copy in range(copies) for field in fields)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Apply</title>'
        "<style>body{font:16px sans-serif;max-width:40em;margin:2em auto}"
        ".field{margin:1em 0}label{display:block}</style>"
        f'<h1>Application</h1><form method="post" enctype="multipart/form-data">{body}'
        '<button type="submit">Submit application</button></form></html>'
    )


def _drawn(field: Field, copy: int) -> str:
    key, label = f"{field.html_id}{copy or ''}", escape(field.label)
    if field.kind == "radio":
        radios = "".join(
            f'<label><input type="radio" name="{key}" value="{o.lower()}" required> {o}</label>'
            for o in field.options
        )
        return f'<fieldset class="field"><legend>{label}</legend>{radios}</fieldset>'
    if field.kind == "checkbox":
        box = f'<input type="checkbox" id="{key}" name="{key}" required>'
        return f'<div class="field"><label>{box} {label}</label></div>'
    if field.kind == "select":
        options = "".join(f"<option>{escape(o)}</option>" for o in field.options)
        control = (
            f'<select id="{key}" name="{key}" required><option value="">Select...</option>{options}</select>'
        )
    elif field.kind == "textarea":
        control = f'<textarea id="{key}" name="{key}" required></textarea>'
    else:
        control = f'<input type="{field.kind}" id="{key}" name="{key}" required>'
    return f'<div class="field"><label for="{key}">{label}</label>{control}</div>'


async def fill_knowingly(page: Page, resume: Path) -> None:
    """Fill the page as a script does that was written for it alone."""
    for field in FIELDS:
        if field.kind == "radio":
            await page.check(f"input[name='{field.html_id}'][value={field.value.lower()}]")
        elif field.kind == "checkbox":
            await page.check(f"#{field.html_id}")
        elif field.kind == "select":
            await page.select_option(f"#{field.html_id}", label=field.value)
        elif field.kind == "file":
            await page.set_input_files(f"#{field.html_id}", resume)
        else:
            await page.fill(f"#{field.html_id}", field.value)


async def apply_knowingly(page: Page, posting: str, resume: Path) -> str:
    """Apply on the job board as a script does that was written for it alone; return the application's number."""
    await page.goto(posting)
    await page.click("text=Apply for this job")
    await _contact(page)
    await page.click("text=Save and continue")
    await _experience(page, resume)
    await page.click("text=Save and continue")
    await _screening(page)
    await page.click("text=Submit application")
    await page.wait_for_url("**/received/*")
    return page.url.rpartition("/")[2]


async def _contact(page: Page) -> None:
    for name in ("first_name", "last_name", "email", "phone"):
        await page.fill(f"#id_{name}", PROFILE[name])
    await page.fill("#id_linkedin", PROFILE["linkedin_url"])
    await page.fill("#id_city", PERSON["city"])
    await page.fill("#id_region", PERSON["state"])
    await page.fill("#id_postal_code", PERSON["zip"])
    await page.select_option("#id_country", label=PERSON["country"])


async def _experience(page: Page, resume: Path) -> None:
    school, (job, before) = PROFILE["education"][0], PROFILE["work_history"]
    await page.set_input_files("#id_resume", resume)
    await page.fill("#id_institution", school["institution"])
    await page.select_option("#id_degree", label=school["degree"])
    await page.fill("#id_field_of_study", school["field"])
    await page.fill("#id_graduation_year", str(school["graduation_year"]))
    await page.fill("#id_company", job["company"])
    await page.fill("#id_job_title", job["title"])
    await page.fill("#id_start_month", job["start_date"])
    await page.fill("#id_end_month", job["end_date"])
    await page.fill("#id_description", job["description"])
    await page.fill("#id_previous_company", before["company"])
    await page.fill("#id_previous_title", before["title"])
    await page.fill("#id_previous_start", before["start_date"])
    await page.fill("#id_previous_end", before["end_date"])
    await page.fill("#id_years", str(PROFILE["years_of_experience"]))


async def _screening(page: Page) -> None:
    said = answers()
    await page.check("input[name=authorized][value=yes]")
    await page.check("input[name=sponsorship][value=no]")
    await page.fill("#id_office", said["Preferred office"])
    await page.click(f"role=option[name='{said['Preferred office']}']")
    await page.fill("#id_start_date", said["Earliest start date"])
    await page.fill("#id_salary", PROFILE["salary_expectation"])
    await page.select_option("#id_source", label=said["How did you hear about us?"])
    await page.fill("#id_motivation", said["Why do you want to work at Larkfield?"])
    await page.select_option("#id_gender", label=said["Gender"])
    await page.check("#id_consent")
