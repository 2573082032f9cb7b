"""The three pages of an application. The server checks everything; the browser is not asked to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.forms.boundfield import BoundField
from django.utils import timezone

COUNTRIES = (
    "Austria", "Belgium", "Canada", "Denmark", "Finland", "France", "Germany", "India", "Ireland", "Italy",
    "Mexico", "Netherlands", "Norway", "Poland", "Portugal", "Spain", "Sweden", "Switzerland",
    "United Kingdom", "United States",
)  # fmt: skip
DEGREES = ("High school", "Associate degree", "Bachelor's degree", "Master's degree", "Doctorate", "Other")
SOURCES = ("Company website", "LinkedIn", "Job board", "A friend or colleague", "University", "Other")
OFFICES = (
    "Bristol, United Kingdom",
    "Lyon, France",
    "Portland, Oregon",
    "Remote (Europe)",
    "Remote (United States)",
)
GENDERS = ("Woman", "Man", "Non-binary", "I prefer not to say")
YES_NO = (("yes", "Yes"), ("no", "No"))
RESUME_KINDS = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "txt": b""}
RESUME_LIMIT_BYTES = 5 * 1024 * 1024

Choices = list[tuple[str, str]]


def _choices(names: tuple[str, ...]) -> Choices:
    return [("", "Select..."), *((name, name) for name in names)]


class MonthField(forms.DateField):
    """A month and a year, kept as `2024-05`."""

    input_formats = ("%Y-%m", "%m/%Y")

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}), **options)
        self.error_messages["invalid"] = "Enter a month and a year."


class BoardForm(forms.Form):
    """One page: its sections, and its answers as plain values."""

    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def fieldsets(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Yield each section's legend and its fields, for the template."""
        for legend, names in self.sections:
            yield legend, [self[name] for name in names]

    def answers(self) -> dict[str, Any]:
        """Return what was answered, ready for JSON."""
        return {
            name: field.widget.format_value(self.cleaned_data[name])
            if isinstance(field, forms.DateField)
            else self.cleaned_data[name]
            for name, field in self.fields.items()
        }


class ContactForm(BoardForm):
    """Page 1: who applies, and how to reach them."""

    first_name = forms.CharField(max_length=100, widget=forms.TextInput({"autocomplete": "given-name"}))
    last_name = forms.CharField(max_length=100, widget=forms.TextInput({"autocomplete": "family-name"}))
    email = forms.EmailField(max_length=200, widget=forms.EmailInput({"autocomplete": "email"}))
    phone = forms.CharField(
        label="Phone number",
        max_length=30,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        validators=[RegexValidator(r"^\+?[0-9 ().-]{7,}$", "Enter a phone number, such as +1 503 555 0142.")],
    )
    city = forms.CharField(max_length=100, widget=forms.TextInput({"autocomplete": "address-level2"}))
    region = forms.CharField(
        label="State or region",
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-level1"}),
    )
    postal_code = forms.CharField(
        label="ZIP or postal code",
        max_length=20,
        required=False,
        widget=forms.TextInput({"autocomplete": "postal-code"}),
    )
    country = forms.ChoiceField(
        choices=_choices(COUNTRIES), widget=forms.Select({"autocomplete": "country-name"})
    )
    linkedin = forms.CharField(
        label="LinkedIn profile",
        max_length=500,
        required=False,
        help_text="For example https://www.linkedin.com/in/your-name",
        validators=[RegexValidator(r"^https://([a-z]+\.)?linkedin\.com/", "Enter a LinkedIn address.")],
    )
    # Nobody sees this one: only a robot that fills whatever it finds answers it.
    website = forms.CharField(
        required=False, widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"})
    )

    sections = (
        ("Your name", ("first_name", "last_name")),
        ("How to reach you", ("email", "phone", "linkedin")),
        ("Where you live", ("city", "region", "postal_code", "country")),
    )


class ExperienceForm(BoardForm):
    """Page 2: school, work, and the resume."""

    resume = forms.FileField(
        label="Resume",
        error_messages={"required": "Attach your resume."},
        widget=forms.FileInput({"accept": ".pdf,.docx,.txt"}),
        help_text="PDF, Word (.docx) or plain text, up to 5 MB.",
    )
    institution = forms.CharField(label="School or university", max_length=200)
    degree = forms.ChoiceField(choices=_choices(DEGREES))
    field_of_study = forms.CharField(max_length=100, required=False)
    graduation_year = forms.IntegerField(min_value=1950, max_value=2040)
    company = forms.CharField(max_length=200, widget=forms.TextInput({"autocomplete": "organization"}))
    job_title = forms.CharField(
        max_length=200, widget=forms.TextInput({"autocomplete": "organization-title"})
    )
    start_month = MonthField(label="Start date")
    end_month = MonthField(label="End date", required=False)
    is_current = forms.BooleanField(label="I currently work here", required=False)
    description = forms.CharField(
        label="What did you do there?", max_length=2000, required=False, widget=forms.Textarea({"rows": 4})
    )
    previous_company = forms.CharField(label="Company", max_length=200, required=False)
    previous_title = forms.CharField(label="Job title", max_length=200, required=False)
    previous_start = MonthField(label="Start date", required=False)
    previous_end = MonthField(label="End date", required=False)
    years = forms.IntegerField(label="Years of professional experience", min_value=0, max_value=70)

    sections = (
        ("Resume", ("resume",)),
        ("Education", ("institution", "degree", "field_of_study", "graduation_year")),
        (
            "Most recent position",
            ("company", "job_title", "start_month", "end_month", "is_current", "description"),
        ),
        (
            "Position before that (optional)",
            ("previous_company", "previous_title", "previous_start", "previous_end"),
        ),
        ("In all", ("years",)),
    )

    def clean_resume(self) -> dict[str, Any]:
        """Describe the upload; without a new one, keep what an earlier visit to the page left."""
        resume = self.cleaned_data["resume"]
        return _described(resume) if isinstance(resume, UploadedFile) else dict(resume)

    def clean(self) -> dict[str, Any]:
        """Check that the position has an end, and one that follows its start."""
        answers = super().clean() or self.cleaned_data
        start, end = answers.get("start_month"), answers.get("end_month")
        if not end and not answers.get("is_current") and "end_month" not in self.errors:
            self.add_error("end_month", "Enter the end date, or tick that you currently work here.")
        if start and end and end < start:
            self.add_error("end_month", "The end date is before the start date.")
        return answers


class ScreeningForm(BoardForm):
    """Page 3: the company's own questions."""

    authorized = forms.ChoiceField(
        label="Are you legally authorized to work in the country of this position?",
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    sponsorship = forms.ChoiceField(
        label="Will you now or in the future require visa sponsorship?",
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    office = forms.CharField(
        label="Preferred office",
        widget=forms.TextInput(
            {
                "role": "combobox",
                "aria-autocomplete": "list",
                "aria-expanded": "false",
                "aria-controls": "offices",
                "autocomplete": "off",
                "placeholder": "Type to search",
            }
        ),
    )
    start_date = forms.DateField(
        label="Earliest start date", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    salary = forms.CharField(label="Salary expectation (USD per year)", max_length=40)
    source = forms.ChoiceField(label="How did you hear about us?", choices=_choices(SOURCES))
    motivation = forms.CharField(
        label="Why do you want to work at Larkfield?",
        max_length=3000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )
    gender = forms.ChoiceField(
        label="Gender",
        choices=_choices(GENDERS),
        required=False,
        help_text="Voluntary. It is kept apart from your application and never shown to who decides on it.",
    )
    consent = forms.BooleanField(
        label="I agree that Larkfield Instruments processes my data to handle this application",
        error_messages={"required": "We cannot read your application without your agreement."},
    )
    marketing = forms.BooleanField(label="Send me news about future openings", required=False)

    sections = (
        ("Your right to work", ("authorized", "sponsorship")),
        ("The position", ("office", "start_date", "salary", "source", "motivation")),
        ("Equal opportunity", ("gender",)),
        ("Privacy", ("consent", "marketing")),
    )

    def clean_office(self) -> str:
        """Take only what the list offers."""
        office = str(self.cleaned_data["office"])
        if office not in OFFICES:
            raise forms.ValidationError("Choose one of the offices in the list.")
        return office

    def clean_start_date(self) -> Any:
        """Refuse a day that has passed."""
        day = self.cleaned_data["start_date"]
        if day < timezone.localdate():
            raise forms.ValidationError("Choose a day that has not passed yet.")
        return day


def _described(upload: UploadedFile[bytes]) -> dict[str, Any]:
    """Return name, size and checksum of a resume. Raises ValidationError for what cannot be one."""
    name, content = str(upload.name), upload.read()
    kind = name.rpartition(".")[2].lower()
    if kind not in RESUME_KINDS or not content.startswith(RESUME_KINDS[kind]):
        raise forms.ValidationError("Attach a PDF, a Word document (.docx) or a plain text file.")
    if not 0 < len(content) <= RESUME_LIMIT_BYTES:
        raise forms.ValidationError("Attach a file of at most 5 MB.")
    return {"name": name, "size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


PAGES: dict[str, type[BoardForm]] = {
    "contact": ContactForm,
    "experience": ExperienceForm,
    "screening": ScreeningForm,
}
