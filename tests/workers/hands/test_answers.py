"""Screening answers: found by meaning, given only when stated, silent when unsure."""

from __future__ import annotations

import pytest

from tests.workers.hands.asking import YES_NO, ask
from workers.hands.candidate import Answer, Candidate
from workers.hands.controls import Control, PageView, Ref
from workers.hands.plan import plan
from workers.hands.report import questions_for_people
from workers.hands.sources import CandidateSource


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        ("Are you legally authorized to work in the U.S.?", YES_NO, "Yes"),
        ("Are you authorized to work in the United States without sponsorship?", YES_NO, "Yes"),
        ("Will you now or in the future require visa sponsorship?", YES_NO, "No"),
        ("Are you at least 18 years old?", YES_NO, "Yes"),
        ("Are you willing to relocate?", YES_NO, "No"),
        ("What are your salary expectations?", (), "95000"),
        ("How did you hear about us?", ("A friend", "LinkedIn Recruiter", "LinkedIn"), "LinkedIn"),
        ("Years of experience with Python", ("Less than 1", "1-5", "6-10", "10+"), "6-10"),
        ("Do you have experience with Python?", YES_NO, "Yes"),
        ("Do you have at least 5 years of experience with Python?", YES_NO, "Yes"),
        ("Do you have 10+ years of Python experience?", YES_NO, "No"),
        ("Python experience (years)", ("0-2", "3-5", "6+"), "6+"),
        ("Do you have a high school diploma or equivalent?", YES_NO, "Yes"),
        ("Do you hold a master's degree?", YES_NO, "No"),
        ("Are you a US citizen or permanent resident?", YES_NO, "Yes"),
        ("Are you an H-1B holder?", YES_NO, "No"),
        ("Do you currently reside in the United States?", YES_NO, "Yes"),
        ("Are you local to Austin, TX?", YES_NO, "No"),
        ("Gender", ("Male", "Female", "Prefer not to say"), "Prefer not to say"),
        ("Are you a protected veteran?", ("Yes", "No", "I don't wish to answer"), "I don't wish to answer"),
    ],
)
def test_stated(question: str, options: tuple[str, ...], expected: str) -> None:
    assert ask(question, *options) == expected


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("How many years of experience do you have with Java?", ()),
        ("Are you authorized to work in the United Kingdom?", YES_NO),
        ("Are you authorized to work on W2 without sponsorship, or do you need C2C?", YES_NO),
        ("Please state your work authorization using the following codes: USC 0, GC 1", ()),
        ("The salary is 85,000 to 90,000, is that acceptable?", YES_NO),
        ("What is your current salary?", ()),
        ("What hourly rate do you expect?", ()),
        ("Have you ever been convicted of a felony?", YES_NO),
        ("Gender", ("Male", "Female")),
        ("May we contact you via text message?", YES_NO),
        ("Why do you want to work here?", ()),
        ("Are you willing to relocate to Oregon?", YES_NO),
    ],
)
def test_silent(question: str, options: tuple[str, ...]) -> None:
    assert ask(question, *options) is None


def test_a_key_asked_the_other_way_round_is_no_answer() -> None:
    stated = {"Are you not willing to travel?": "Yes"}
    assert ask("Are you willing to travel?", *YES_NO, stated=stated) is None


def test_nothing_stated_answers_nothing_but_declines() -> None:
    assert ask("Are you legally authorized to work here?", *YES_NO, stated={}) is None
    assert ask("Race", "Asian", "White", "Decline to self-identify", stated={}) == "Decline to self-identify"


SPOKEN = {"Languages": "English (native), German (B2)"}
EUROPEAN = {
    "Gehaltsvorstellung": "65.000 EUR brutto im Jahr",
    "Kündigungsfrist": "3 Monate zum Monatsende",
    "Niveau d'anglais": "C1",
    "Permis de conduire": "Oui",
    "Visum benötigt?": "Nein",
    "Disponibilidad para viajar": "Sí",
}
BOUND = {
    "Are you authorized to work in the US?": "Yes",
    "Do you need sponsorship now or in the future?": "No",
    "Are you over 18?": "Yes",
    "Do you have a valid driver's license?": "Yes",
    "Willing to relocate?": "No",
    "Willing to travel": "Up to 25%",
    "Notice period": "2 weeks",
    "Desired annual salary in USD": "130000",
    "Have you been convicted of a felony?": "No",
    "Do you hold a security clearance?": "No",
    "Are you willing to undergo a background check?": "Yes",
    "Can you work weekends?": "No",
    "Are you a US citizen?": "Yes",
}
SPONSOR = ("Yes, I will not require sponsorship", "No, I will require sponsorship")


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        # Two questions in one are answered when both answers are the same.
        ("Are you over 18 and authorized to work in the US?", YES_NO, "Yes"),
        ("Are you authorized to work in the US and willing to relocate?", YES_NO, None),
        ("Do you have a driver's license and a reliable vehicle?", YES_NO, None),
        # The other way round.
        ("Are you under 18?", YES_NO, "No"),
        ("Are you at least 21 years old?", YES_NO, None),
        ("Do you object to a background check?", YES_NO, "No"),
        ("Please confirm you will NOT require sponsorship", SPONSOR, SPONSOR[0]),
        ("Will you require sponsorship for employment visa status (e.g. H-1B)?", YES_NO, "No"),
        # An answer reaches no further than it was stated.
        ("Do you have a commercial driver's license?", YES_NO, None),
        ("Have you been convicted of a felony or misdemeanor?", YES_NO, None),
        ("Do you hold an active Secret clearance?", YES_NO, "No"),
        ("Are you willing to travel 10% of the time?", YES_NO, "Yes"),
        ("Are you willing to travel up to 50% of the time?", YES_NO, None),
        ("Are you willing to travel more than 25%?", YES_NO, None),
        ("Are you a citizen of a country other than the United States?", YES_NO, None),
        ("Are you authorized to work in Canada?", YES_NO, None),
        # Units and money.
        ("Notice period in days", (), "14"),
        ("How much notice do you need to give?", ("1 week", "14 days", "1 month"), "14 days"),
        ("Desired salary in EUR", (), None),
        ("What is your desired hourly rate?", (), None),
        ("What is your current base salary?", (), None),
        ("Can you work weekends?", YES_NO, "No"),
        ("Do you reside in one of these states: CA, NY?", YES_NO, "No"),
        ("Do you reside in one of these states: OR, WA?", YES_NO, "Yes"),
        ("Are you located in Oregon?", YES_NO, "Yes"),
        ("Do you live in Salem, OR?", YES_NO, None),
        ("Which time zone are you in?", ("Eastern", "Central", "Mountain", "Pacific"), "Pacific"),
        # Kinds and groups to choose from.
        ("How old are you?", ("Under 18", "18 and over"), "18 and over"),
        ("How old are you?", ("18-24", "25 and over"), None),
        ("Level of clearance", ("None", "Secret", "Top Secret"), "None"),
        # A lasting status knows no limits; who asks about “it” asks about what was told before.
        ("Are there any restrictions on your right to work in the US?", YES_NO, "No"),
        ("We cannot sponsor a visa. Do you require one?", YES_NO, "No"),
        ("Visa support wanted", ("None", "Now", "Later"), "None"),
        ("Which of these are you?", ("US citizen", "Green card", "EAD"), "US citizen"),
        ("Country of citizenship", (), "United States"),
        ("Proof of identity and right to work in the US: can you bring it?", YES_NO, "Yes"),
        ("If under 18, do you have a work permit?", YES_NO, None),
    ],
)
def test_reach(question: str, options: tuple[str, ...], expected: str | None) -> None:
    assert ask(question, *options, stated=BOUND) == expected


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        ("What is your proficiency in German?", ("A1", "A2", "B1", "B2", "C1"), "B2"),
        ("What is your level of English?", ("Basic", "Fluent", "Native"), "Native"),
        ("Do you speak German?", YES_NO, "Yes"),
        ("Are you fluent in German?", YES_NO, None),
        ("What is your level of French?", ("Basic", "Fluent", "Native"), None),
    ],
)
def test_languages(question: str, options: tuple[str, ...], expected: str | None) -> None:
    assert ask(question, *options, stated=SPOKEN) == expected


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        ("Was sind Ihre Gehaltsvorstellungen?", (), "65.000 EUR brutto im Jahr"),
        ("Gehaltsvorstellung pro Monat", (), None),
        ("Welches Gehalt beziehen Sie aktuell?", (), None),
        ("What is your notice period?", ("None", "1 month", "3 months"), "3 months"),
        ("Quel est votre niveau d'anglais ?", ("A2", "B2", "C1"), "C1"),
        ("Quel est votre niveau d'espagnol ?", ("A2", "B2", "C1"), None),
        ("Avez-vous le permis de conduire ?", ("Oui", "Non"), "Oui"),
        ("Benötigen Sie ein Visum?", ("Ja", "Nein"), "Nein"),
        ("Tienes disponibilidad para viajar?", ("Sí", "No"), "Sí"),
        ("Haben Sie einen Führerschein Klasse C?", ("Ja", "Nein"), None),
    ],
)
def test_other_languages(question: str, options: tuple[str, ...], expected: str | None) -> None:
    assert ask(question, *options, stated=EUROPEAN) == expected


@pytest.mark.parametrize(
    ("row", "required", "given"), [(0, True, "Acme"), (0, False, "Acme"), (1, False, "")]
)
def test_the_answer_about_one_employer_makes_no_second_one(row: int, required: bool, given: str) -> None:
    told = {"Company *": "Acme"}
    asked = Control(Ref(0, 1), "text", label="Company", required=required)
    for source in (
        CandidateSource(Candidate.from_input({"qa_overrides": told})),
        CandidateSource(Candidate.from_input({}), told),
    ):
        found = source.resolve(asked, "company", row)
        assert (found.text if isinstance(found, Answer) else "") == given


WITH_VISA = {
    "Are you legally allowed to work in the US?": "Yes",
    "Do you require visa sponsorship now or in the future?": "Yes",
    "Visa status": "H-1B",
    "Gender": "Male",
    "Years of experience with Python": "6",
}
STAYS = "I can work in the US now but will need sponsorship"


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        ("I do not require sponsorship", ("True", "False"), "False"),
        ("Are you authorized to work here, and not require sponsorship in the future?", YES_NO, "No"),
        ("Are you legally prevented from working in the US?", YES_NO, "No"),
        ("Please choose what applies", (STAYS, "I can work in the US and will not need sponsorship"), STAYS),
        ("Work authorization:", ("1 = US citizen", "2 = Green card", "3 = H-1B"), "3 = H-1B"),
        ("Years of Python", ("A. 0-2", "B. 3-5", "C. 6-10"), "C. 6-10"),
        ("We do not sponsor visas. Are you able to work without it?", YES_NO, None),
        ("If you answered yes, what type of sponsorship?", (), None),
        ("Are you willing to transfer your H-1B?", YES_NO, None),
        ("Are you eligible to work in the European Union?", YES_NO, None),
        ("Have you ever been denied a work visa?", YES_NO, None),
        ("Sex assigned at birth", ("Male", "Female"), None),
        (
            "Work authorization",
            ("I am a US citizen", "I have a green card", "I need sponsorship"),
            "I need sponsorship",
        ),
        ("Are you a permanent resident of the United States?", YES_NO, "No"),
        ("Have you ever held an H-1B visa?", YES_NO, None),
        ("Is your work authorization tied to an employer?", YES_NO, None),
        ("Gender identity", ("Cisgender man", "Cisgender woman"), None),
        ("Python experience", ("None", "1-3 years", "4-6 years"), "4-6 years"),
        ("Do you have a bachelor's in nursing?", YES_NO, None),
    ],
)
def test_the_law_is_read_to_the_letter(question: str, options: tuple[str, ...], expected: str | None) -> None:
    assert ask(question, *options, stated=WITH_VISA) == expected


QUALIFIED = {
    "Are remote, hybrid and on-site all fine?": "Yes",
    "Do you hold a driving licence?": "Yes",
    "Can you commute to the office?": "Yes",
    "Do you have access to a vehicle?": "No",
    "Do you have any unspent convictions?": "No",
    "Would you relocate?": "Yes",
    "Nationality": "British",
    "When could you begin?": "2 weeks",
    "Expected pay": "120000",
    "Bound by a non-compete?": "No",
    "Will you travel?": "Yes",
    "Highest degree": "Bachelor's degree",
    "May we run a background check?": "Yes",
    "Do you agree to the terms?": "Yes",
    "Where did you find this job?": "LinkedIn",
}


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        # What somebody insists on is not what they are willing to do.
        ("Are you looking for remote only?", YES_NO, None),
        ("Is remote work a requirement for you?", YES_NO, None),
        # A licence is no clean one, and none of its particulars.
        ("Do you have a full, clean driving licence?", YES_NO, None),
        ("Driver's license number", (), None),
        ("Can you travel abroad? Do you hold a passport?", YES_NO, None),
        ("Are you able to commute to our office?", YES_NO, "Yes"),
        ("Do you have your own car?", YES_NO, "No"),
        ("Do you have any criminal convictions?", YES_NO, None),
        ("Do you have any unspent convictions?", YES_NO, "No"),
        ("Will you relocate at your own expense?", YES_NO, None),
        ("Are you willing to relocate if you do not already live in the area?", YES_NO, "Yes"),
        ("Are you a British citizen?", YES_NO, "Yes"),
        ("Are you an Irish citizen?", YES_NO, None),
        ("When can you join us?", ("at once", "within 15 days", "within 30 days"), "within 15 days"),
        ("Notice", ("Yes - 1 week", "Yes - 2 weeks", "No"), None),
        ("Salary history", (), None),
        # Being willing is not doing, liking or having; and no word for half a question is no answer to it.
        ("Do you currently work remotely?", YES_NO, None),
        ("Do you enjoy travelling?", YES_NO, None),
        ("¿Te gusta viajar?", ("Sí", "No"), None),
        ("Hai mai viaggiato per lavoro?", ("Sì", "No"), None),
        ("Would anything show up on a background check?", YES_NO, None),
        ("Do you have a criminal background?", YES_NO, None),
        ("Do you have a driver's licence from another state?", YES_NO, None),
        ("Are you pursuing a bachelor's degree?", YES_NO, None),
        ("Can you lift 40 lbs and travel?", YES_NO, None),
        ("Are you willing and able to travel?", YES_NO, "Yes"),
        # What was, what hinders, and what reaches further is not what was stated.
        ("Have you ever relocated for work?", YES_NO, None),
        ("Are you willing to relocate to Canada?", YES_NO, None),
        ("Do you have any travel restrictions?", YES_NO, None),
        ("Do you have a Bachelor of Science in Computer Science?", YES_NO, None),
        ("Will you authorize a credit check?", YES_NO, None),
        ("I consent to fingerprinting", YES_NO, None),
        ("Do you agree to our privacy policy?", YES_NO, "Yes"),
        ("How did you hear about us?", ("LinkedIn job post", "LinkedIn message"), None),
        ("Are you bound by a non-compete that would prevent you from working here?", YES_NO, "No"),
        ("Are you willing to sign a non-compete?", YES_NO, None),
        ("Would you relocate for $55/hr?", YES_NO, None),
        ("This role is remote. Do you currently reside in Tampa, FL?", YES_NO, "No"),
        ("Are you based in the EU?", YES_NO, "No"),
        ("Do you live near Portland?", YES_NO, "Yes"),
        ("Do you live in Europe?", YES_NO, "No"),
    ],
)
def test_an_answer_holds_for_what_was_stated_only(
    question: str, options: tuple[str, ...], expected: str | None
) -> None:
    assert ask(question, *options, stated=QUALIFIED) == expected


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        # Yes and no in other words, but no sentence of one's own that happens to begin like a yes.
        ("Would you relocate?", ("Sure", "Not at this time"), "Sure"),
        ("Hybrid working", ("Works for me", "Doesn't work for me"), "Works for me"),
        ("Relocation", ("I am a local", "I would move", "I need help to move", "I will stay"), None),
        ("We run a background check. Do you agree?", ("I agree", "I do not agree"), "I agree"),
        ("If you are not in the area, will you relocate?", YES_NO, "Yes"),
        ("If hired, would you be willing to relocate?", YES_NO, "Yes"),
        ("Would your wife relocate?", YES_NO, None),
        ("Will you travel 80 % of the time?", YES_NO, None),
        ("Would getting to work be a problem?", YES_NO, "No"),
        ("Haben Sie einen Führerschein der Klasse C1E?", ("Ja", "Nein"), None),
        ("Êtes-vous titulaire d'un permis de conduire ?", ("Oui", "Non"), "Oui"),
        ("What led you to us?", ("Job fair", "LinkedIn", "Employee referral"), "LinkedIn"),
    ],
)
def test_options_and_conditions_are_read_for_what_they_mean(
    question: str, options: tuple[str, ...], expected: str | None
) -> None:
    assert ask(question, *options, stated=QUALIFIED) == expected


@pytest.mark.parametrize(
    ("stated", "question", "options", "expected"),
    [
        ("65.000 EUR brutto pro Jahr", "Gehaltswunsch", ("50.001 - 60.000 €", "60.001 - 70.000 €"), 1),
        ("48 000 € brut par an", "Prétentions salariales", ("35-45 k€", "45-55 k€"), 1),
        ("R$ 9.000 por mês", "Pretensão salarial", ("Até R$ 8.000", "Acima de R$ 8.000"), 1),
    ],
)
def test_pay_stands_in_ranges_however_it_is_written(
    stated: str, question: str, options: tuple[str, ...], expected: int
) -> None:
    assert ask(question, *options, stated={question: stated}) == options[expected]


def test_portuguese_and_french_negations_are_read_as_such() -> None:
    told = {"Você tem autorização para trabalhar no Brasil?": "Sim"}
    assert ask("Você está legalmente autorizado a trabalhar no Brasil?", "Sim", "Não", stated=told) == "Sim"
    told = {"Avez-vous besoin d'un parrainage de visa ?": "Non"}
    assert ask("N'avez-vous pas besoin d'un parrainage ?", "Oui", "Non", stated=told) is None


def test_a_person_is_told_which_job_is_meant_and_the_answer_finds_it_again() -> None:
    def field(node: int) -> Control:
        return Control(Ref(0, node), "text", label="Employer", required=True, sections=("Employment",))

    view = PageView("https://example.com", controls=(field(1), field(2)))
    who = Candidate.from_input({"user_data": {"work_history": [{"company": "Acme"}]}})

    [asked] = questions_for_people(plan(view, CandidateSource(who)).questions)
    assert (asked["question"], asked["section"], asked["row"]) == ("Employment 2: Employer", "Employment", 2)

    told = plan(view, CandidateSource(who, {asked["question"]: "Globex"}))
    assert [action.answer.text for action in told.actions] == ["Acme", "Globex"]
