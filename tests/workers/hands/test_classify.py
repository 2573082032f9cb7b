"""What a field asks for, from its words, in seven languages."""

from __future__ import annotations

from typing import Any

import pytest

from workers.hands.classify import classify
from workers.hands.context import guesses
from workers.hands.controls import Button, Control, Form, PageView, Ref


def control(label: str = "", **more: Any) -> Control:
    return Control(Ref(0, more.pop("node", 1)), more.pop("kind", "text"), label=label, **more)


LABELS = [
    ("First name *", "first_name"),
    ("Legal Last Name", "last_name"),
    ("Full name", "full_name"),
    ("E-mail address", "email"),
    ("Mobile number", "phone"),
    ("Address line 2 (apt, suite)", "address_line2"),
    ("Street address", "address_line1"),
    ("ZIP / Postal code", "zip"),
    ("LinkedIn profile", "linkedin_url"),
    ("Current company", "company"),
    ("Are you legally authorized to work in the United States?", "work_authorization"),
    ("Will you now or in the future require sponsorship?", "sponsorship"),
    ("How many years of experience do you have with Java?", "skill_years"),
    ("How did you hear about this job?", "referral_source"),
    ("Desired salary", "salary_expectation"),
    ("Veteran status", "veteran_status"),
    ("Password", "none"),
    ("Card number", "none"),
    ("Coupon code", "none"),
    ("Vorname", "first_name"),
    ("Zweiter Vorname", "middle_name"),
    ("Prénom d'usage", "preferred_name"),
    ("What name do you go by?", "preferred_name"),
    ("Years of experience", "years_of_experience"),
    ("How many years of relevant work experience do you have?", "years_of_experience"),
    ("Years of Java experience", "skill_years"),
    ("Berufserfahrung in Jahren", "years_of_experience"),
    ("Où habitez-vous actuellement ?", "location"),
    ("Rue et numéro", "address_line1"),
    ("Street and house number", "address_line1"),
    ("House number", "address_line2"),
    ("Nome do destinatário", "full_name"),
    ("Enter website. This input is for robots only, do not enter if you're human.", "none"),
    ("Wären Sie bereit umzuziehen?", "relocate"),
    ("Benötigen Sie ein Visum, um in Deutschland zu arbeiten?", "sponsorship"),
    ("Supervisor phone", "none"),
    ("Do you have relatives employed here?", "relatives_here"),
    ("Postleitzahl", "zip"),
    ("Gehaltsvorstellung (brutto)", "salary_expectation"),
    ("Nom de famille", "last_name"),
    ("Code postal", "zip"),
    ("Prétentions salariales", "salary_expectation"),
    ("Apellidos", "last_name"),
    ("Correo electrónico", "email"),
    ("Sobrenome", "last_name"),
    ("Telemóvel", "phone"),
    ("Achternaam", "last_name"),
    ("Woonplaats", "city"),
    ("Cognome", "last_name"),
    ("Città", "city"),
    ("Ich stimme der Datenschutzerklärung zu", "none"),
    ("Previous surname(s)", "none"),
    ("Employer's telephone", "none"),
    ("Vor- und Zuname", "full_name"),
    ("Lieu de naissance", "none"),
    ("Nombre de la persona de contacto", "none"),
    ("Post held", "job_title"),
    ("Total experience (years)", "years_of_experience"),
    ("If referred by a current employee, please give their name", "referrer_name"),
    ("Referral code", "none"),
    ("Code de parrainage", "none"),
    ("Phonetic spelling of your first name", "none"),
    ("Name of the honoree", "none"),
    ("Best number to reach you on", "phone"),
    ("Where do you work?", "company"),
    ("First name \u2731", "first_name"),
    ("In welke plaats woon je?", "city"),
    ("Dans quelle ville habitez-vous ?", "city"),
    ("¿Cuál es tu nivel de inglés?", "language"),
    ("What is your level of proficiency in English?", "language"),
    ("Cellular number", "phone"),
    ("Ne remplissez pas ce champ si vous êtes humain", "none"),
    ("Vul dit veld niet in", "none"),
    ("Palabra clave", "none"),
]


@pytest.mark.parametrize(("label", "expected"), LABELS)
def test_labels(label: str, expected: str) -> None:
    assert classify(control(label)).label == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"autocomplete": "section-a billing given-name"}, "first_name"),
        ({"autocomplete": "cc-number"}, "none"),
        ({"name": "legalName--firstName"}, "first_name"),
        ({"html_id": "address--postalCode"}, "zip"),
        ({"type": "email", "name": "x1"}, "email"),
        ({"type": "tel", "name": "cardNumber"}, "none"),
        ({"label": "Verification code", "type": "tel"}, "none"),
        ({"kind": "file", "label": "Attach", "sections": ("Resume/CV",)}, "resume_file"),
        ({"kind": "file", "label": "Cover letter"}, "cover_letter_file"),
        ({"kind": "checkbox", "label": "I agree to the privacy policy"}, "consent"),
        ({"kind": "checkbox", "label": "Send me job alerts by e-mail"}, "marketing_optin"),
        ({"kind": "checkbox", "label": "Ich stimme der Datenschutzerklärung zu"}, "consent"),
        ({"kind": "checkbox", "label": "Keep me posted about other jobs"}, "marketing_optin"),
        ({"near": "Leave this field empty", "name": "website_url"}, "none"),
        ({"label": "Employer's telephone", "type": "tel"}, "none"),
        ({"near": "Bis (MM/JJJJ)"}, "to_date"),
        ({"near": "Address", "placeholder": "City, State"}, "location"),
        ({"near": "Address", "placeholder": "12 High Street"}, "address_line1"),
        ({"near": "Home:", "placeholder": "(___) ___-____"}, "phone"),
        ({"near": "Member no.", "placeholder": "___-__-____"}, "none"),
        ({"name": "e", "placeholder": "you@work.example"}, "email"),
    ],
)
def test_other_signs(given: dict[str, Any], expected: str) -> None:
    assert classify(control(**given)).label == expected


@pytest.mark.parametrize(
    ("lang", "expected"), [("de-DE", "company"), ("es", "signature"), ("it-IT", "signature")]
)
def test_a_word_means_what_it_means_in_the_language_of_the_page(lang: str, expected: str) -> None:
    assert classify(control("Firma"), lang).label == expected


def page(*controls: Control, buttons: tuple[Button, ...] = ()) -> list[str]:
    view = PageView("https://example.com", controls=controls, buttons=buttons)
    found = guesses(view)
    return [found[c.ref].label for c in controls]


def test_dates_belong_to_the_section_they_stand_in() -> None:
    work, study = ("Work experience",), ("Education",)
    assert page(
        control("Company", node=1, sections=work),
        control("From", node=2, sections=work),
        control("School", node=3, sections=study),
        control("From", node=4, sections=study),
        control("Start date", node=5),
    ) == ["company", "work_start_date", "school", "edu_start_date", "start_date"]


def test_names_of_other_people_are_left_alone() -> None:
    assert page(control("Full name", sections=("References",)), control("Full name", node=2)) == [
        "none",
        "full_name",
    ]


@pytest.mark.parametrize(
    "section", ["Next of kin", "Referenzen", "Contact d'urgence", "Referencias", "Noodgeval", "Referenze"]
)
def test_sections_about_other_people_are_left_alone_in_seven_languages(section: str) -> None:
    assert page(control("Email", type="email", sections=(section,))) == ["none"]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Principal's email", "none"),
        ("Recruiter's email", "none"),
        ("Applicant's email", "email"),
        ("Your email", "email"),
    ],
)
def test_what_is_somebody_elses_is_left_alone(label: str, expected: str) -> None:
    assert page(control(label)) == [expected]


def test_a_plain_name_before_a_surname_is_the_first_name() -> None:
    assert page(control("Name"), control("Surname", node=2)) == ["first_name", "last_name"]
    assert page(control("Name"), control("Email", node=2)) == ["full_name", "email"]


def test_a_newsletter_beside_an_application_asks_nothing_of_the_candidate() -> None:
    application, letter = Ref(0, 8), Ref(0, 9)
    view = PageView(
        "https://example.com",
        controls=(
            control("Email", type="email", form=application),
            control("Resume", node=2, kind="file", form=application),
            control("Your email", node=3, type="email", form=letter, sections=("Newsletter",)),
        ),
        forms=(Form(application), Form(letter)),
    )
    assert [guess.label for guess in guesses(view).values()] == ["email", "resume_file", "none"]


def test_the_name_in_a_log_in_form_is_no_contact_detail() -> None:
    form = Ref(0, 9)
    sign_in = Button(Ref(0, 8), "Sign in", form=form)
    fields = (
        control("Email", type="email", form=form),
        control("Password", node=2, type="password", form=form),
    )
    assert page(*fields, buttons=(sign_in,)) == ["none", "none"]
    assert page(*fields, buttons=(Button(Ref(0, 8), "Create account", form=form),)) == ["email", "none"]


def test_a_box_without_words_after_the_street_is_its_second_line() -> None:
    street = control("Address", name="ship.ad1")

    assert page(street, control(name="ship.ad2", node=2)) == ["address_line1", "address_line2"]
    assert page(street, control(name="ship.gift2", node=2)) == ["address_line1", "none"]
