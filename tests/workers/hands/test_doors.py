"""Which button leads to a form, which goes on, which sends after all; and which words confirm or end the matter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from workers.hands.advance import find_advance, find_apply, find_banner, find_second_thought
from workers.hands.controls import Button, Control, Form, PageView, Ref
from workers.hands.doors import (
    find_by_hand,
    find_consent,
    find_guest,
    find_language,
    find_terms,
    find_unfolding,
    find_way_in,
)
from workers.hands.pages import confirmation, confirmation_number, confirms, still_loading
from workers.hands.walls import refusal, wall

MINE, OTHERS = Ref(0, 90), Ref(0, 91)
URL = "https://jobs.example.com/7"


def text_field(number: int, form: Ref | None = MINE, **more: Any) -> Control:
    return Control(Ref(0, number), "text", label=f"Field {number}", form=form, **more)


def button(number: int, text: str, form: Ref | None = None, **more: Any) -> Button:
    return Button(Ref(0, 50 + number), text, form=form, **more)


def page(
    *parts: Control | Button, text: str = "", url: str = URL, document: str = "a", **more: Any
) -> PageView:
    controls = tuple(p for p in parts if isinstance(p, Control))
    buttons = tuple(p for p in parts if isinstance(p, Button))
    return PageView(url, document=document, controls=controls, buttons=buttons, text=text, **more)


def pressed(view: PageView) -> str:
    found = find_advance(view)
    return found.button.text if found else ""


def test_a_button_called_apply_in_a_form_with_fields_is_no_way_to_the_form() -> None:
    inside, lone = button(1, "Apply", MINE, type="button"), button(2, "Apply now", OTHERS, type="submit")

    assert find_apply(page(text_field(1), inside)) is None
    assert find_apply(page(text_field(1, hidden="not drawn", panel=Ref(0, 3)), inside)) is None
    assert find_apply(page(text_field(1), lone)) == lone


def test_fields_without_a_form_element_are_a_form_as_well() -> None:
    fields = [text_field(n, None) for n in (1, 2, 3)]
    send, search = button(1, "Apply"), text_field(9, None, landmark="header")

    assert find_apply(page(*fields, send)) is None
    # A posting may ask for a thing or two beside its button.
    assert find_apply(page(*fields[:2], send)) == send
    assert find_apply(page(*fields[:2], search, send)) == send


def test_a_newsletters_button_is_never_the_forms() -> None:
    sign_up = button(1, "Sign up", OTHERS, type="submit")
    asked = Control(Ref(0, 4), "text", type="email", label="Get our newsletter", form=OTHERS)

    assert find_advance(page(asked, sign_up, forms=(Form(OTHERS),))) is None


@pytest.mark.parametrize(
    ("notice", "refuses", "agrees"),
    [
        ("We process your personal data. Please read and accept our privacy statement.", "Decline", True),
        (
            "Wir verarbeiten Ihre Daten f\u00fcr diese Bewerbung: Datenschutz und Einwilligung",
            "Ablehnen",
            True,
        ),
        # What offers no refusal is a notice; cookies are refused.
        ("Please read and accept our privacy statement.", "More", False),
        ("We use cookies. Please read and accept our privacy policy.", "Decline", False),
        ("Please read our story.", "Decline", False),
    ],
)
def test_a_dialog_that_bars_the_form_until_one_agrees(notice: str, refuses: str, agrees: bool) -> None:
    over = Ref(0, 80)
    accept, refuse = button(1, "Accept", dialog=over), button(2, refuses, dialog=over)
    view = page(text_field(1), accept, refuse, notices=(notice,), text=notice)

    assert find_consent(view) == (accept if agrees else None)
    # One that asks for something is part of the form.
    assert find_consent(replace(view, controls=(text_field(1, dialog=over),))) is None


def test_what_opens_all_folded_parts_is_pressed_only_where_some_are_folded() -> None:
    unfold, folded = button(1, "Expand all sections"), text_field(1, hidden="not drawn", panel=Ref(0, 3))

    assert find_unfolding(page(folded, unfold)) == unfold
    assert find_unfolding(page(text_field(1), unfold)) is None


@pytest.mark.parametrize(
    "words",
    [
        "Enter address manually", "Can't find it? Type your address yourself", "Adresse manuell eingeben",
        "Saisir mon adresse manuellement", "Introducir la direcci\u00f3n manualmente", "Adres handmatig invoeren",
        "Inserisci indirizzo manualmente", "Inserir morada manualmente",
    ],
)  # fmt: skip
def test_an_address_can_be_entered_by_hand(words: str) -> None:
    assert find_by_hand(page(button(1, words))) is not None
    assert find_by_hand(page(button(1, "Address book"))) is None


@pytest.mark.parametrize(
    ("words", "sends"),
    [
        ("Concluir candidatura", True), ("Finalizar inscripci\u00f3n", True), ("Bewerbung abschlie\u00dfen", True),
        ("Valider ma candidature", True), ("Sollicitatie afronden", True),
        ("Guardar rascunho", False), ("Enregistrer le brouillon", False), ("Entwurf speichern", False),
    ],
)  # fmt: skip
def test_the_end_of_a_form_is_told_from_a_draft(words: str, sends: bool) -> None:
    found = find_advance(page(text_field(1, None), button(1, words, type="button")))
    assert bool(found and found.surely_sends) == sends
    assert sends or found is None


def test_the_name_of_a_site_above_its_pages_is_no_way_to_the_form() -> None:
    named = button(1, "Apply at Tidewell", tag="a", href=f"{URL}/", landmark="banner")
    leading = button(2, "Apply at Tidewell", tag="a", href=f"{URL}/apply", landmark="banner")

    assert find_apply(page(named)) is None
    assert find_apply(page(named, leading)) == leading
    assert find_apply(page(replace(named, landmark="main"))) is not None


@pytest.mark.parametrize(
    ("says", "loading"),
    [("Loading…", True), ("Bitte warten ...", True), ("Loading and unloading ships all day", False)],
)
def test_a_page_says_that_its_form_is_still_on_its_way(says: str, loading: bool) -> None:
    waiting = button(1, "Save and Continue", disabled=True)

    assert still_loading(page(waiting, text=f"Deckhand\n{says}")) is loading
    assert not still_loading(page(text_field(1), waiting, text=says))


def test_a_banner_that_names_no_cookies_is_a_dialog_that_lets_one_refuse() -> None:
    over = Ref(0, 40)
    no, yes = button(1, "Ablehnen", dialog=over), button(2, "Alles akzeptieren", dialog=over)

    assert find_banner(page(text_field(1), yes, no)) == no
    assert find_banner(page(text_field(1), yes)) is None
    assert find_banner(page(replace(no, dialog=None), replace(yes, dialog=None))) is None
    assert find_banner(page(replace(yes, dialog=None), text="We use cookies")) is not None


def test_the_form_that_was_filled_is_sent_and_not_one_beside_it() -> None:
    filled = [text_field(n, value="given") for n in (1, 2)]
    beside = [text_field(n, OTHERS) for n in (3, 4, 5)]
    own, other = (
        button(1, "Submit application", MINE, type="submit"),
        button(2, "Send", OTHERS, type="submit"),
    )

    assert pressed(page(*filled, *beside, own, other)) == "Submit application"


def test_a_locked_button_gives_way_to_a_preview_of_its_form() -> None:
    locked, look = button(1, "Submit", MINE, disabled=True), button(2, "Preview", MINE)

    assert pressed(page(text_field(1), locked, look)) == "Preview"
    assert pressed(page(text_field(1), locked, button(2, "Save", MINE))) == "Submit"
    assert pressed(page(text_field(1), locked, button(2, "Next", OTHERS))) == "Submit"
    sticky = button(3, "Submit application", disabled=True)
    assert pressed(page(text_field(1), sticky, button(2, "Next", MINE))) == "Next"


@pytest.mark.parametrize(("href", "sends"), [(f"{URL}/apply", False), (f"{URL}#", True), ("", True)])
def test_a_link_to_another_page_does_not_surely_send(href: str, sends: bool) -> None:
    found = find_advance(page(text_field(1), button(1, "Apply for this job", tag="a", href=href)))

    assert found is not None
    assert (found.sends, found.surely_sends) == (True, sends)


@pytest.mark.parametrize(
    ("says", "buttons", "found"),
    [
        ("Are you sure? Once submitted, it cannot be changed.", ("Go back", "Yes, submit"), "Yes, submit"),
        ("Submit application?", ("Cancel", "Confirm"), "Confirm"),
        ("Möchten Sie die Bewerbung jetzt absenden?", ("Abbrechen", "Absenden"), "Absenden"),
        ("Submit application?", ("Confirm",), ""),
        ("Get news of other jobs", ("No thanks", "Yes please"), ""),
        ("Submit application?", ("Cancel", "Confirm", "Yes"), ""),
    ],
)
def test_a_question_whether_to_send_is_told_from_others(
    says: str, buttons: tuple[str, ...], found: str
) -> None:
    before = page(text_field(1), button(1, "Apply", MINE))
    asked = [button(n, name) for n, name in enumerate(buttons, 2)]
    after = page(text_field(1), button(1, "Apply", MINE), *asked, text=says)

    answer = find_second_thought(after, before)

    assert (answer.text if answer else "") == found
    assert find_second_thought(after, after) is None


def test_pages_before_a_form_are_passed_where_they_ask_for_nothing() -> None:
    accept, guest = button(1, "I Accept"), button(2, "Continue as guest")

    assert find_way_in(page(accept, button(3, "I decline"))) == accept
    assert find_way_in(page(text_field(1), accept)) is None
    assert (
        find_way_in(page(button(5, "Apply with LinkedIn"), by_hand := button(6, "Fill out manually")))
        == by_hand
    )
    assert find_way_in(page(button(1, "Accept all cookies"))) is None
    assert find_guest(page(button(3, "Sign in"), guest)) == guest
    assert find_terms(page(button(4, "Read and accept the privacy statement", href=f"{URL}#"))) is not None
    assert find_terms(page(button(4, "Read and accept our terms", href="https://example.com/terms"))) is None


def test_a_site_that_asks_for_a_language_first_is_entered_in_english() -> None:
    english, german = button(1, "United States - English"), button(2, "Deutschland - Deutsch")
    asks = {"headings": ("Choose your country / Choisissez votre pays",)}

    assert find_language(page(german, english, **asks)) == english
    assert find_language(page(german, english)) is None
    assert find_language(page(text_field(1), german, english, **asks)) is None


def test_what_ends_an_application_on_the_way_is_named() -> None:
    refused = page(text="Unfortunately, your answers do not meet the minimum requirements for this role.")
    over = page(text="Your session has expired. Nothing was saved.")
    pool = [text_field(n) for n in (1, 2, 3)]
    closed = "Applications closed on 12 November\nJoin our talent community"

    assert [getattr(wall(p), "kind", "") for p in (refused, over)] == ["rejected", "expired"]
    assert getattr(wall(page(*pool, text=closed)), "kind", "") == "closed"
    assert wall(page(*pool, text="Similar jobs\nThis job is closed")) is None


@pytest.mark.parametrize(
    ("words", "confirmed"),
    [
        ("Deine Bewerbung ist bei uns eingegangen.", True),
        ("Votre candidature a été transmise à l'équipe.", True),
        ("¡Gracias por inscribirse!", True),
        ("Bedankt, we hebben je sollicitatie ontvangen", True),
        ("Your application for the Senior Cartographer job was submitted successfully.", True),
        ("Got it, thanks for applying.", True),
        ("Votre candidature nous est bien parvenue.", True),
        ("Ihre Bewerbung ist bei uns angekommen.", True),
        ("Tack för din ansökan!", True),
        ("Twoja aplikacja została wysłana.", True),
        ("Takk for din søknad", True),
        ("Спасибо за отклик", True),
        ("ご応募ありがとうございます。", True),
        ("You have applied · Applied just now", True),
        ("Your response has been recorded.", True),
        ("You have applied filters", False),
        ("Your application is not complete until you submit this page.", False),
        ("Your application is in progress", False),
        ("Your application is in draft", False),
        ("Your application will be submitted", False),
        ("You're all set to apply", False),
        ("Once your application is submitted, we look at it", False),
        ("Ihre Bewerbung wurde nicht gesendet", False),
        ("Your profile has been saved", False),
    ],
)
def test_words_confirm_only_what_was_sent(words: str, confirmed: bool) -> None:
    assert confirms(words) is confirmed


def test_the_address_makes_plain_thanks_a_confirmation_and_a_notice_stands_above_the_form() -> None:
    before = page(text_field(1, value="given"), url=f"{URL}/apply")
    thanks = page(text="Thanks, Celeste!\nWe'll be in touch.", url=f"{URL}/thank-you", document="b")
    said, notice = "Application submitted", {"notices": ("Application submitted OK",)}
    over = page(text_field(1, value="given"), text=said, url=f"{URL}/apply", **notice)

    assert confirmation(thanks, before) is not None
    assert confirmation(page(text="Thanks, Celeste!", document="b"), before) is None
    assert confirmation(over, before, sent=True) is not None
    assert confirmation(over, before, sent=False) is None
    assert (
        confirmation(page(text_field(1, value="given"), text=said, url=f"{URL}/apply"), before, sent=True)
        is None
    )
    assert confirmation(page(text_field(1), text=said, url=f"{URL}/apply"), before) is not None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("The position you are trying to apply for has been filled.", "closed"),
        ("The application deadline has passed.", "closed"),
        ("Cette offre est désormais pourvue.", "closed"),
        ("Die Stelle wurde bereits besetzt.", "closed"),
        ("You have already applied to this job with this email address.", "applied"),
        ("Vous avez déjà postulé.", "applied"),
        ("Applications closed on 12 November", "closed"),
        ("You have previously submitted an application for this position.", "applied"),
        ("We are not accepting applications from agencies.", ""),
        ("Please enter a valid email address.", ""),
        ("Our shop is closed on Sundays.", ""),
    ],
)
def test_a_site_that_turns_an_application_down_is_understood(words: str, kind: str) -> None:
    found = refusal([words])

    assert (found.kind if found else "") == kind


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("Ihre Vorgangsnummer lautet: 2026-5531.", "2026-5531"),
        ("Your reference is TR-5510.", "TR-5510"),
        ("Your application (TB-100482) was received.", "TB-100482"),
        ("Your application (2 pages)", ""),
        ("受付番号 A-1234", "A-1234"),
        ("Application number: SV-00871", "SV-00871"),
        ("Confirmation number\nHX 48", ""),
        ("Your application is in good hands", ""),
    ],
)
def test_the_number_of_an_application_is_read(words: str, number: str) -> None:
    assert confirmation_number(words) == number


@pytest.mark.parametrize("text", ["Auf diese Stelle bewerben", "Bewirb dich", "Direkt bewerben", "Apply now"])
def test_a_posting_leads_on_in_many_words(text: str) -> None:
    assert find_apply(page(button(1, text))) is not None


def test_a_page_that_only_offers_an_account_or_none_is_left_without_one() -> None:
    without = button(2, "Continue without an account")

    assert find_way_in(page(button(1, "Sign in"), without)) == without
    assert find_way_in(page(text_field(1), button(1, "Sign in"), without)) is None


def test_an_application_of_before_is_no_confirmation() -> None:
    said = "You have already applied for this job. We received your application on 3 May."
    before = page(text_field(1, value="given"))

    assert (
        confirmation(page(text_field(1, value="given"), text=said, notices=(said,)), before, sent=True)
        is None
    )
    thanks = "We received your application.\nIf you have already applied for other jobs, see your profile."
    assert confirmation(page(text=thanks), before, sent=True) is not None


def test_a_receipts_number_is_the_applications() -> None:
    assert confirmation_number("Receipt number\tRC-2031-7") == "RC-2031-7"
    assert confirmation_number("N.º de candidatura: PT-2031") == "PT-2031"
    assert confirmation_number("Votre numéro de dossier : C-2031-08") == "C-2031-08"
    assert confirmation_number("Ihre Bestätigungsnummer lautet 88-12") == "88-12"
    assert confirmation_number("Número de referência: R-551") == "R-551"
