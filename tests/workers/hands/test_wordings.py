"""The same question in other words is answered; one that is narrower, wider or about something else is not."""

from __future__ import annotations

import pytest

from tests.workers.hands.asking import YES_NO
from workers.hands.answers import Answers
from workers.hands.candidate import Answer, Candidate
from workers.hands.controls import Control, Option, Ref
from workers.hands.options import choose
from workers.hands.sources import CandidateSource

JA_NEE, OUI_NON, SI_NO = ("Ja", "Nee"), ("Oui", "Non"), ("Sí", "No")
MONDAY_ON = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
LEVELS = ("Basic", "Advanced", "Expert")
WHY = "Because rosters are puzzles."


def told(
    question: str, *options: str, stated: dict[str, str], person: dict[str, str] | None = None
) -> str | None:
    who = Candidate.from_input({"user_data": person or {}, "qa_overrides": stated})
    found = Answers(who).find(question, [Option(Ref(0, i), text, text) for i, text in enumerate(options, 1)])
    return found.text if found else None


YEARS = {
    "Years of HPLC experience": "8",
    "Years of experience in a GMP environment": "6",
    "Years of PM experience": "5",
    "Years of R experience": "2",
    "Years of React framework": "4",
    "Years of experience as a welder": "7",
    "Años de experiencia": "9",
    "Años de experiencia como soldador": "6",
    "Jaren ervaring met Python": "3",
    "Years of experience": "11",
}


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        ("How many years do you have with High-Performance Liquid Chromatography (HPLC)?", (), "8"),
        ("How many years of work experience do you have with Good Manufacturing Practice (GMP)?", (), "6"),
        ("How many years of experience do you have with HPLC (a kind of chromatography)?", (), "8"),
        ("Do you have 5+ years of experience with Good Manufacturing Practice (GMP)?", YES_NO, "Yes"),
        ("How many years of React experience do you have?", (), "4"),
        ("How many years of experience do you have in welding?", (), "7"),
        ("¿Cuántos años de experiencia tienes en soldadura?", (), "6"),
        ("Hoeveel jaar ervaring heb je met Python?", (), "3"),
        # Letters that stand for something else, or for several things.
        ("How many years of experience do you have with Good Clinical Practice (GMP)?", (), None),
        ("How many years of experience do you have with Good Laboratory Practice (GLP)?", (), None),
        ("How many years of experience do you have with Project Management (PM)?", (), None),
        ("How many years of R&D experience do you have?", (), None),
        # More than the subject, or none.
        ("How many years of React Native experience do you have?", (), None),
        ("How many years of experience do you have in underwater welding?", (), None),
        ("How many years of experience do you have with GMP audits?", (), None),
        ("How many years of experience do you have in a regulated environment?", (), None),
        ("How many years ago did you last use HPLC?", (), None),
        ("¿Cuántos años tienes?", (), None),
        ("¿Cuántos años llevas viviendo en España?", (), None),
        ("Años de experiencia en soldadura TIG", (), None),
        ("Hoeveel jaar woon je in Nederland?", (), None),
    ],
)
def test_years(question: str, options: tuple[str, ...], expected: str | None) -> None:
    assert told(question, *options, stated=YEARS) == expected


THINGS = {
    "Do you have a forklift licence (truckkort)?": "Yes",
    "Do you hold a valid crane licence?": "No",
    "Do you own a laptop computer?": "No",
    "Do you have a category A motorcycle licence?": "Yes",
    "¿Tienes la homologación de soldador ISO 9606?": "Sí",
    "Heb je een VCA-certificaat?": "Ja",
    "Avez-vous le CACES 3 ?": "Oui",
}


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        ("Do you hold a valid forklift licence?", YES_NO, "Yes"),
        ("Are you in possession of a current forklift license?", YES_NO, "Yes"),
        ("Do you have a laptop computer?", YES_NO, "No"),
        ("Do you hold a category A motorcycle licence?", YES_NO, "Yes"),
        ("¿Dispone de certificado de homologación UNE-EN ISO 9606?", SI_NO, "Sí"),
        ("Ben je in het bezit van een geldig VCA-certificaat?", JA_NEE, "Ja"),
        ("Disposez-vous du CACES 3 ?", OUI_NON, "Oui"),
        # Narrower, wider, another one, of another time or another person.
        ("Do you hold a Swedish forklift licence?", YES_NO, None),
        ("Do you have a forklift licence (class B1)?", YES_NO, None),
        ("Do you have an expired forklift licence?", YES_NO, None),
        ("Do you have a second forklift licence?", YES_NO, None),
        ("Do you have a forklift licence and a crane licence?", YES_NO, None),
        ("Do you hold a category D motorcycle licence?", YES_NO, None),
        ("Have you ever had a forklift licence?", YES_NO, None),
        ("Did you have a forklift licence?", YES_NO, None),
        ("Will you have a forklift licence by March?", YES_NO, None),
        ("Does your spouse have a forklift licence?", YES_NO, None),
        ("Do you lack a forklift licence?", YES_NO, None),
        ("Do you need a forklift licence?", YES_NO, None),
        ("Are you willing to get a forklift licence?", YES_NO, None),
        ("Do you have a forklift?", YES_NO, None),
        # It may only be out of date.
        ("Do you have a crane licence?", YES_NO, None),
        ("¿Dispone de certificado ISO 9606-2?", SI_NO, None),
        ("¿Dispone de certificado ISO 9606 caducado?", SI_NO, None),
        ("¿Dispone su empresa de certificado ISO 9606?", SI_NO, None),
        ("¿Dispone de certificado de homologación UNE-EN ISO 9001?", SI_NO, None),
        ("Disposez-vous du CACES 5 ?", OUI_NON, None),
        ("Ben je in het bezit van een VCA-VOL-certificaat?", JA_NEE, None),
    ],
)
def test_the_same_thing(question: str, options: tuple[str, ...], expected: str | None) -> None:
    assert told(question, *options, stated=THINGS) == expected


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        ("Op welke dagen ben je inzetbaar?", ("Maandag", "Dinsdag", "Woensdag"), "Maandag | Dinsdag"),
        ("Which days can you work? Check all that apply", MONDAY_ON, "Monday | Tuesday"),
        ("Which weekdays are you available?", (), "maandag, dinsdag"),
        ("An welchen Tagen können Sie arbeiten?", ("Montag", "Dienstag", "Freitag"), "Montag | Dienstag"),
        ("Quels jours êtes-vous disponible ?", ("Lundi", "Mardi", "Jeudi"), "Lundi | Mardi"),
        ("¿Qué días puedes trabajar?", ("Lunes", "Martes", "Jueves"), "Lunes | Martes"),
        ("Quais dias você pode trabalhar?", ("Segunda-feira", "Terça-feira"), "Segunda-feira | Terça-feira"),
        ("In quali giorni sei disponibile?", ("Lunedì", "Martedì", "Sabato"), "Lunedì | Martedì"),
        ("Which days are you NOT available?", MONDAY_ON, None),
        ("Which days would you prefer to work from home?", MONDAY_ON, None),
        ("On which days did you work in your last job?", MONDAY_ON, None),
        ("Which days are you available for an interview?", MONDAY_ON, None),
        ("What days and hours are you available?", (), None),
        ("How many days a week can you work?", (), None),
        ("Are you available Monday to Friday?", YES_NO, None),
        ("Which days are you available?", ("Weekdays", "Weekends"), None),
        # Days are no date.
        ("Which days are you available to start?", ("Immediately", "In 2 weeks"), None),
    ],
)
def test_working_days(question: str, options: tuple[str, ...], expected: str | None) -> None:
    stated = {"Op welke dagen kun je werken?": "maandag, dinsdag", "When can you start?": "2 weeks"}
    assert told(question, *options, stated=stated) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Monday to Wednesday", "Monday | Tuesday | Wednesday"),
        ("maandag t/m woensdag", "Monday | Tuesday | Wednesday"),
        ("Lunes, miércoles y viernes", "Monday | Wednesday | Friday"),
        ("Mon/Wed", "Monday | Wednesday"),
        ("Segunda-feira", "Monday"),
        ("Monday to Friday except Wednesday", None),
        ("Monday mornings", None),
        ("Not on Mondays", None),
        ("Any day", None),
        ("Friday to Monday", None),
        # Sunday is not on offer.
        ("Saturday and Sunday", None),
    ],
)
def test_days_as_they_are_told(stated: str, expected: str | None) -> None:
    assert (
        told("Which days can you work?", *MONDAY_ON, stated={"Which weekdays are you available?": stated})
        == expected
    )


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Why are you interested in Acme?", WHY),
        ("Vertel ons waarom je bij Grutto wilt werken*", WHY),
        ("Why do you want to work here?", WHY),
        ("Warum möchtest du bei uns arbeiten?", WHY),
        ("Pourquoi souhaitez-vous nous rejoindre ?", WHY),
        ("¿Por qué te gustaría trabajar con nosotros?", WHY),
        ("Por que quer trabalhar conosco?", WHY),
        ("Perché vuoi lavorare con noi?", WHY),
        ("Tell us about a time you failed", None),
        ("Describe your experience with React", None),
        ("Why should we hire you?", None),
        ("Why are you leaving your current job?", None),
        ("Why do you want to relocate?", None),
        ("What interests you outside of work?", None),
        ("Warum möchten Sie in Teilzeit arbeiten?", None),
        ("Warum möchten Sie Ihren jetzigen Arbeitgeber verlassen?", None),
        ("Pourquoi voulez-vous quitter votre poste ?", None),
        ("¿Por qué dejaste tu último trabajo?", None),
        ("Perché vuoi lasciare il tuo lavoro?", None),
        ("Waarom wil je weg bij je huidige werkgever?", None),
    ],
)
def test_why_this_job(question: str, expected: str | None) -> None:
    assert told(question, stated={"Wat is je motivatie voor deze functie?": WHY}) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Hoe ben je bij ons terechtgekomen?", "LinkedIn"),
        ("Comment avez-vous connu cette offre ?", "LinkedIn"),
        ("Wie sind Sie auf uns aufmerksam geworden?", "LinkedIn"),
        ("¿Cómo llegaste a nosotros?", "LinkedIn"),
        ("Como ficou sabendo da vaga?", "LinkedIn"),
        ("Come ci hai trovato?", "LinkedIn"),
        # How and where of anything else.
        ("Hoe ken je onze directeur?", None),
        ("Waar heb je gestudeerd?", None),
        ("Quelle est votre pointure ?", None),
        ("Où avez-vous étudié ?", None),
        ("Woher kommen Sie?", None),
        ("Wie haben Sie Python gelernt?", None),
        ("¿Cómo contribuirías a la empresa?", None),
        ("Como você ajudaria nossa empresa?", None),
    ],
)
def test_where_the_job_was_seen(question: str, expected: str | None) -> None:
    assert told(question, stated={"Hoe ken je ons?": "LinkedIn"}) == expected


@pytest.mark.parametrize(
    ("place", "stated", "country", "expected"),
    [
        ("France", "Oui", "France", "Yes"),
        ("Germany", "Oui", "France", "Yes"),
        ("Switzerland", "Oui", "France", None),
        ("the United Kingdom", "Oui", "France", None),
        ("both France and Switzerland", "Oui", "France", None),
        # Who lives elsewhere, or may not work everywhere, says nothing of one country.
        ("France", "Oui", "United States", None),
        ("France", "Non", "France", None),
    ],
)
def test_a_permit_for_the_union(place: str, stated: str, country: str, expected: str | None) -> None:
    answers = {"Êtes-vous autorisée à travailler dans l'Union européenne ?": stated}
    asked = f"Are you authorized to work in {place}?"
    assert told(asked, *YES_NO, stated=answers, person={"country": country}) == expected


def test_a_permit_for_europe_is_no_union_s() -> None:
    answers, home = {"Are you authorized to work in Europe?": "Yes"}, {"country": "France"}
    assert told("Are you authorized to work in France?", *YES_NO, stated=answers, person=home) == "Yes"
    assert told("Are you authorized to work in Germany?", *YES_NO, stated=answers, person=home) is None


RATINGS = {
    "How well do you know QGIS?": "Expert",
    "How well do you know ArcGIS Pro?": "Basic",
    "On a scale of 1 to 5, how familiar are you with Excel?": "4",
}


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        ("How familiar are you with QGIS?", LEVELS, "Expert"),
        ("Wie gut kennen Sie QGIS?", LEVELS, "Expert"),
        ("How would you rate your Excel skills?", tuple("12345"), "4"),
        ("How would you rate your Excel skills?", tuple("123456789"), None),
        ("Rate your Excel skills from 1 to 10", (), None),
        ("How would you rate your QGIS skills from 1 to 10?", (), None),
        ("How familiar are you with ArcGIS Online?", LEVELS, None),
        ("How familiar are you with QGIS Server?", LEVELS, None),
        ("How interested are you in learning QGIS?", LEVELS, None),
        ("How well do you know English?", LEVELS, None),
        ("Do you know QGIS?", YES_NO, None),
    ],
)
def test_ratings(question: str, options: tuple[str, ...], expected: str | None) -> None:
    assert told(question, *options, stated=RATINGS) == expected


def resolved(
    stated: dict[str, str], kind: str, label: str, guess: str, *options: str, above: str = ""
) -> str:
    who = CandidateSource(Candidate.from_input({"user_data": {}, "qa_overrides": stated}))
    offered = tuple(Option(Ref(0, i), text, text) for i, text in enumerate(options, 1))
    control = Control(Ref(0, 9), kind, label=label, options=offered, sections=(label, above) if above else ())
    found = who.resolve(control, guess, 0)
    return found.text if isinstance(found, Answer) else ""


@pytest.mark.parametrize(
    ("row", "heading", "expected"),
    [
        ("QGIS", "Rate your skill with each tool *", "Expert, response for QGIS"),
        ("ArcGIS Pro", "How familiar are you with these tools?", "Basic, response for ArcGIS Pro"),
        ("ArcGIS Online", "How familiar are you with these tools?", ""),
        ("QGIS", "How much would you like to learn these tools?", ""),
        ("QGIS", "How familiar are you with our company?", ""),
    ],
)
def test_the_rows_of_a_grid(row: str, heading: str, expected: str) -> None:
    columns = [f"{level}, response for {row}" for level in LEVELS]
    assert resolved(RATINGS, "radio", row, "none", *columns, above=heading) == expected


def test_a_form_of_address_is_chosen_and_never_written() -> None:
    stated = {"Quelle est votre civilité ?": "Madame"}
    assert resolved(stated, "radio", "Civilité *", "name_prefix", "Madame", "Monsieur") == "Madame"
    assert not resolved(stated, "select", "Titel", "name_prefix", "Dr.", "Prof.")
    assert not resolved(stated, "text", "Akademischer Titel", "name_prefix")


def test_an_option_that_is_the_stated_sentence() -> None:
    stated = {"Can you get to the Portland office every day?": "Yes, I can make the commute"}
    options = ("Yes, I can make the commute", "Yes, I am planning to relocate", "No")
    asked = "Will you be able to reliably commute or relocate to {}, OR 97205 for this job?"
    assert told(asked.format("Portland"), *options, stated=stated) == options[0]
    assert told(asked.format("Salem"), *options, stated=stated) is None
    assert told("Can you reliably commute to Seattle, WA?", *YES_NO, stated=stated) is None
    assert (
        told("Oakland, CA 94612: Will you be able to commute to this location?", *YES_NO, stated=stated)
        is None
    )
    assert told("can you commute to seattle every day?", *YES_NO, stated=stated) is None
    assert told("Are you able to commute to the office on a daily basis?", *YES_NO, stated=stated) == "Yes"


def test_a_way_of_working_is_known_in_other_languages() -> None:
    stated = {"Can you work on site?": "Yes"}
    assert told("¿Estás dispuesto a trabajar en modalidad híbrida?", *SI_NO, stated=stated) is None
    assert told("Are you comfortable working in an onsite setting?", *YES_NO, stated=stated) == "Yes"


@pytest.mark.parametrize(
    ("state", "options", "expected"),
    [
        ("Bizkaia", ("Álava", "Guipúzcoa", "Vizcaya"), "Vizcaya"),
        ("Álava", ("Araba/Álava", "Bizkaia"), "Araba/Álava"),
        ("Nordrhein-Westfalen", ("Bavaria", "North Rhine-Westphalia"), "North Rhine-Westphalia"),
        ("Bretagne", ("Normandy", "Brittany"), "Brittany"),
        ("Piemonte", ("Lombardy", "Tuscany"), ""),
    ],
)
def test_places_of_two_names(state: str, options: tuple[str, ...], expected: str) -> None:
    found = choose([Option(Ref(0, i), text, text) for i, text in enumerate(options, 1)], (state,))
    assert (found.text if found else "") == expected


GIS = ("ArcGIS Pro", "QGIS", "PostGIS", "None of the above")
DATA = ("Airflow", "Spark", "SQL", "Kafka")


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        ("Which of these have you used in a paid position?", GIS, "QGIS | PostGIS"),
        ("Quels outils avez-vous utilisés professionnellement ?", GIS, "QGIS | PostGIS"),
        ("Which of these do you work with every week?", DATA, "Spark | SQL"),
        # Of another time, more or less often, by somebody else, in another way.
        ("Which of these have you used?", GIS, None),
        ("Which of these have you never used?", GIS, None),
        ("Which of these have you used in a paid position in the last year?", GIS, None),
        ("Which of these have you used most in a paid position?", GIS, None),
        ("Which of these would you like to use?", GIS, None),
        ("Which of these are you certified in?", GIS, None),
        ("Which of these do you use daily?", DATA, None),
        ("Which of these does your team use regularly?", DATA, None),
        # One that is not on offer would be kept back.
        ("Which of these have you used in a paid position?", ("ArcGIS Pro", "QGIS"), None),
    ],
)
def test_which_of_them_are_used(question: str, options: tuple[str, ...], expected: str | None) -> None:
    stated = {
        "Which GIS tools have you used professionally?": "QGIS, PostGIS",
        "Which tools do you use regularly?": "Spark, SQL",
        "Which languages do you speak?": "English, French",
    }
    assert told(question, *options, stated=stated) == expected
