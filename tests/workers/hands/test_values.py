"""Values as fields want them, and options that say the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from workers.hands.candidate import Answer, Candidate
from workers.hands.controls import Control, Option, Ref
from workers.hands.dates import Day, parse
from workers.hands.options import choose, decline
from workers.hands.parts import name_part, stated_part, street_and_unit
from workers.hands.pay import rate_of
from workers.hands.phones import extension, same_country
from workers.hands.render import renderings, same_text
from workers.hands.report import masked
from workers.hands.sources import CandidateSource


def control(**more: Any) -> Control:
    return Control(Ref(0, 1), more.pop("kind", "text"), **more)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-20", Day(2024, 5, 20)),
        ("2024-05", Day(2024, 5)),
        ("2024", Day(2024)),
        ("June 2019 - March 2023", None),
        ("05/2024", Day(2024, 5)),
        ("05/20/2024", Day(2024, 5, 20)),
        ("20.05.2024", Day(2024, 5, 20)),
        ("May 2024", Day(2024, 5)),
        ("20 mars 2024", Day(2024, 3, 20)),
        ("2 weeks", None),
        ("soon", None),
        ("2024-13-01", None),
    ],
)
def test_dates_are_read(text: str, expected: Day | None) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("label", "text", "field", "expected"),
    [
        ("start_date", "2027-03-01", {"type": "date"}, "2027-03-01"),
        ("work_start_date", "2019-03", {"type": "month"}, "2019-03"),
        ("work_start_date", "2019-03", {"placeholder": "MM/YYYY"}, "03/2019"),
        ("start_date", "2027-03-01", {"placeholder": "DD.MM.YYYY"}, "01.03.2027"),
        ("edu_end_date", "2023-03-01", {"label": "Graduation date (Month YYYY)"}, "March 2023"),
        ("edu_end_date", "2014", {"label": "Graduation year", "type": "number"}, "2014"),
        ("salary_expectation", "$120k", {"inputmode": "numeric"}, "120000"),
        ("salary_expectation", "90,000 to 95,000", {"type": "number"}, None),
        ("work_start_date", "2019", {"type": "month"}, None),
        ("first_name", "Rosalind", {"maxlength": 4}, None),
        ("phone", "+1 503 555 0142 ext. 9", {"type": "tel"}, "+1 503 555 0142"),
        ("none", "2027-02-03 2:30 PM", {"type": "datetime-local"}, "2027-02-03T14:30"),
        ("none", "14:30", {"type": "time"}, "14:30"),
        ("none", "2027-02-03", {"type": "datetime-local"}, None),
        ("none", "2027-01-31", {"label": "Last day", "placeholder": "dd Mon yyyy"}, "31 Jan 2027"),
        ("none", "https://www.example.com/in/ada", {"label": "Page", "near": "example.com/in/"}, "ada"),
        ("none", "example.com/in/ada", {"label": "Page", "near": "Page"}, "example.com/in/ada"),
    ],
)
def test_texts_fit_their_field(label: str, text: str, field: dict[str, Any], expected: str | None) -> None:
    assert next(iter(renderings(label, Answer(text), control(**field))), None) == expected


@pytest.mark.parametrize(
    ("wanted", "offered", "expected"),
    [
        ("III", ["II", "III", "Jr."], "III"),
        ("US", ["Canada", "United States of America"], "United States of America"),
        ("CA", ["Colorado", "California"], "California"),
        ("Bachelor of Science", ["High School", "Bachelor's Degree", "Master's Degree"], "Bachelor's Degree"),
        ("LinkedIn", ["LinkedIn Recruiter", "LinkedIn"], "LinkedIn"),
        ("Not a veteran", ["I am a veteran", "I am not a veteran"], "I am not a veteran"),
        ("4", ["0-2 years", "3-5 years", "6+ years"], "3-5 years"),
        ("12", ["0-2 years", "3-5 years", "6+ years"], "6+ years"),
        ("Yes", ["Yes, I am authorized", "No, I need a visa"], "Yes, I am authorized"),
        ("UNO", ["University of Omaha", "University of New Orleans"], "University of New Orleans"),
        ("Pyton", ["Perl", "Python", "PHP"], "Python"),
        ("Accounting", ["Sales", "Support"], None),
        ("Man", ["Woman", "Non-binary"], None),
        ("Select", ["Select an option", "Sales"], None),
        ("Sales", ["Pre-Sales", "After Sales Service"], None),
        ("Sales", ["Sales and Marketing", "Pre-Sales"], "Sales and Marketing"),
        ("Salem, Oregon", ["Salem MA, USA", "Salem OR, USA", "Salem Heights OR, USA"], "Salem OR, USA"),
        ("Salem, Oregon", ["Salem, MA, USA", "Salem Heights, OR, USA"], None),
        ("Two weeks", ["1 week", "2 weeks", "1 month"], "2 weeks"),
        ("one month notice", ["Less than 1 month", "1 month", "More than 1 month"], "1 month"),
        ("1 Monat", ["Less than 1 month", "1 month", "More than 1 month"], "1 month"),
        ("1 month", ["Less than 1 month", "3 months"], None),
        ("EUR", ["$", "€", "£"], "€"),
        ("EUR", ["US dollars", "Euros"], "Euros"),
        ("No", ["I will not need a permit", "I do not now, but I will later", "I do"], "I will not need a permit"),
        ("No", ["I do not now, but I will later", "I do"], None),
        ("No", ["Yes, I do", "No, but I would like to"], "No, but I would like to"),
    ],
)  # fmt: skip
def test_options_that_say_the_same(wanted: str, offered: list[str], expected: str | None) -> None:
    found = choose([Option(Ref(0, i), text) for i, text in enumerate(offered, 1)], [wanted])
    assert (found and found.text) == expected


@pytest.mark.parametrize(
    "text", ["Prefer not to say", "I don't wish to answer", "Decline to self-identify", "Keine Angabe"]
)
def test_declining_is_recognised(text: str) -> None:
    assert decline([Option(Ref(0, 1), "Yes"), Option(Ref(0, 2), text)])


@pytest.mark.parametrize(
    ("wanted", "painted", "same"),
    [
        ("120000", "$120,000", True),
        ("sw1a1aa", "SW1A 1AA", True),
        ("5035550142", "(503) 555-0142", True),
        ("15", "15%", True),
        ("120k", "$120", False),
        ("Rosalind", "", False),
        ("Rosalind", "Rosalin", False),
        ("1000", "100.0", False),
    ],
)
def test_masks_are_seen_through(wanted: str, painted: str, same: bool) -> None:
    assert same_text(wanted, painted) is same


def test_values_come_apart() -> None:
    assert street_and_unit("742 Evergreen Terrace, Apt 4B") == ("742 Evergreen Terrace", "Apt 4B")
    assert street_and_unit("18 Juniper Lane") == ("18 Juniper Lane", "")
    assert extension("+1 (415) 555-0199 ext. 1234") == "1234"
    assert rate_of("$104,000 per year") == "year"


def test_a_candidate_states_only_what_was_given() -> None:
    job = {"company": "X", "end_date": "present"}
    person = {"first_name": "Ada", "last_name": "Vale", "email": "a@example.com", "work_history": [job]}
    who = Candidate.from_input({"user_data": person})

    def text(label: str, row: int = 0) -> str | None:
        found = who.value(label, row)
        return found.text if found else None

    assert [text(x) for x in ("full_name", "company", "work_current")] == ["Ada Vale", "X", "Yes"]
    assert [text(x) for x in ("work_end_date", "phone", "years_of_experience")] == [None, None, None]
    assert text("company", 1) is None


def test_masks_tell_nobody() -> None:
    assert [masked("Rosalind"), masked("Yes"), masked("/tmp/cv.pdf", "file")] == ["R•••", "•••", "•••.pdf"]


@pytest.mark.parametrize(
    ("stated", "typed", "painted", "beside", "same"),
    [
        ("+4915112345678", "+4915112345678", "4915112345678", "", True),
        ("+4915112345678", "+4915112345678", "15112345678", "", True),
        ("+4915112345678", "15112345678", "15112345678", "", False),
        ("+4915112345678", "+4915112345678", "4915112345678", "United States US", False),
        ("+4915112345678", "15112345678", "15112345678", "Germany +49", True),
        ("+4915112345678", "15112345678", "15112345678", "+1", False),
        ("+1 202 555 0143", "2025550143", "(202) 555-0143", "United States US", True),
        ("+1 202 555 0143", "2025550143", "(202) 555-0143", "Germany DE", False),
        ("+44 20 7946 0958", "2079460958", "020 7946 0958", "+44", True),
        ("+39 06 1234 5678", "0612345678", "06 1234 5678", "Italy +39", True),
        ("+44 20 7946 0958", "+44 20 7946 0958", "+44 20 7946 0958", "+1", True),
        ("020 7946 0958", "020 7946 0958", "020 7946 0958", "+1", True),
    ],
)
def test_a_number_is_read_in_the_country_chosen_beside_it(
    stated: str, typed: str, painted: str, beside: str, same: bool
) -> None:
    assert same_country(stated, typed, painted, beside) is same


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("Portland, Maine", "3"), ("Portland, Oregon", "1"), ("Portland", None), ("Salem", "2")],
)
def test_of_options_with_one_name_the_group_tells_which(wanted: str, expected: str | None) -> None:
    cities = [("Portland", "1", "Oregon"), ("Salem", "2", "Oregon"), ("Portland", "3", "Maine")]
    offered = [Option(Ref(0, int(v)), text, v, group=group) for text, v, group in cities]

    found = choose(offered, [wanted])

    assert (found.value if found else None) == expected


def test_each_row_has_its_own_answer_to_whether_it_goes_on() -> None:
    jobs = [{"company": "X", "title": "Y", "end_date": "Present"}, {"company": "Z", "end_date": "2018-02"}]
    source = CandidateSource(Candidate({"work_history": jobs}))
    box = control(kind="checkbox", label="I currently work here")

    found = [source.resolve(box, "work_current", row) for row in (0, 1, 2)]

    assert [x.text if isinstance(x, Answer) else "" for x in found] == ["Yes", "No", ""]


def test_what_the_profile_lacks_is_taken_from_an_answer_of_that_name() -> None:
    source = CandidateSource(Candidate({"city": "Eugene"}, {"Street address": "2 Alder St", "City": "Salem"}))

    found = [source.resolve(control(label="x"), label, 0) for label in ("address_line1", "city", "zip")]

    assert [x.text if isinstance(x, Answer) else "" for x in found] == ["2 Alder St", "Eugene", ""]


def test_a_form_is_signed_today_where_it_asks_for_the_day() -> None:
    source = CandidateSource(Candidate({}))

    needed = source.resolve(control(label="Date", required=True), "sign_date", 0)

    assert isinstance(needed, Answer)
    assert parse(needed.text)
    assert isinstance(source.resolve(control(label="Date"), "sign_date", 0), str)


@pytest.mark.parametrize(
    ("hint", "written"),
    [
        ("jj/mm/aaaa", "04/01/2027"),
        ("TT.MM.JJJJ", "04.01.2027"),
        ("gg/mm/aaaa", "04/01/2027"),
        ("dd-mm-jjjj", "04-01-2027"),
    ],
)
def test_dates_are_written_as_the_field_shows_in_its_language(hint: str, written: str) -> None:
    assert renderings("start_date", Answer("2027-01-04"), control(placeholder=hint)) == [written]


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("80k - 95k", {"label": "Minimum"}, "80000"),
        ("80k - 95k", {"label": "To"}, "95000"),
        ("80k", {"label": "To"}, ""),
        ("June 2019 - March 2023", {"label": "From"}, "June 2019"),
        ("June 2019 \u2013 March 2023", {"label": "End date"}, "March 2023"),
        ("2019-06 to 2023-03", {"label": "Start"}, "2019-06"),
        ("2019-06 - now", {"label": "To"}, ""),
        ("2 years 6 months", {"label": "Months"}, "6"),
        ("2 years", {"label": "Months"}, ""),
        ("2 years", {"label": "Years of training"}, ""),
        ("4:15 PM", {"label": "Hour"}, "16"),
        ("4:15 PM", {"label": "Minute"}, "15"),
        ("£45,000 per year", {"label": "Amount"}, "45,000"),
        ("£45,000 per year", {"label": "Bonus"}, ""),
    ],
)
def test_parts_are_told_by_their_own_name(text: str, field: dict[str, Any], expected: str) -> None:
    assert stated_part(control(**field), text) == expected


def test_parts_are_told_by_what_they_offer() -> None:
    def offers(*texts: str) -> Control:
        return control(kind="select", label="Hour", options=tuple(Option(Ref(0, 2), text) for text in texts))

    assert stated_part(offers("AM", "PM"), "4:15 PM") == "PM"
    assert stated_part(offers(*map(str, range(1, 13))), "16:15") == "4"
    assert stated_part(offers("USD", "GBP"), "£45,000") == "GBP"


@pytest.mark.parametrize(
    ("complaint", "number", "written"),
    [
        ("Geen geldig nummer. Voorbeeld: 0687654321", "+31 6 12345678", "0612345678"),
        ("Not a valid number", "+31 6 12345678", "+31612345678"),
        ("Not a valid number", "+1 503 555 0142", "+1 503 555 0142"),
    ],
)
def test_a_refused_number_is_written_as_the_complaint_says(complaint: str, number: str, written: str) -> None:
    assert renderings("phone", Answer(number), control(type="tel", invalid=complaint))[0] == written


@pytest.mark.parametrize(
    ("label", "names", "expected"),
    [
        ("Primer apellido", "Robles Ibarra", "Robles"),
        ("Segundo apellido", "Robles Ibarra", "Ibarra"),
        ("Apellido paterno", "de la Torre Ibarra", "de la Torre"),
        ("Segundo apellido", "Robles", None),
        ("Apellidos", "Robles Ibarra", "Robles Ibarra"),
    ],
)
def test_each_of_two_surnames_has_its_field(label: str, names: str, expected: str | None) -> None:
    found = CandidateSource(Candidate({"last_name": names})).resolve(control(label=label), "last_name", 0)

    assert (found.text if isinstance(found, Answer) else None) == expected


def test_a_province_may_bear_the_name_of_its_capital() -> None:
    source = CandidateSource(Candidate({"city": "Modena", "state": "Emilia-Romagna"}))
    options = tuple(Option(Ref(0, n), text, text) for n, text in enumerate(("Parma (PR)", "Modena (MO)"), 2))
    found = source.resolve(control(kind="select", label="Provincia", options=options), "state", 0)

    assert isinstance(found, Answer)
    assert choose(options, [found.text, *found.also]) == options[1]


def test_an_answer_to_the_very_question_beats_the_profile() -> None:
    source = CandidateSource(Candidate({"state": "Emilia-Romagna"}, {"Provincia": "Modena"}))
    found = source.resolve(control(label="Provincia *"), "state", 0)

    assert isinstance(found, Answer) and found.text == "Modena"


@pytest.mark.parametrize(("group", "filled"), [("Date*", True), ("Date", False)])
def test_the_day_of_signing_is_entered_in_parts_where_it_is_required(group: str, filled: bool) -> None:
    part = control(label="Month", placeholder="MM", sections=(group,))

    assert isinstance(CandidateSource(Candidate({})).resolve(part, "sign_date", 0), Answer) == filled


def test_the_mark_beside_the_first_part_of_a_day_is_for_all_three() -> None:
    source = CandidateSource(Candidate({}))
    parts = [
        control(label="Month", placeholder="MM", near="Today's date (Required)"),
        control(label="Day", placeholder="DD"),
        control(label="Year", placeholder="YYYY"),
    ]

    assert all(isinstance(source.resolve(part, "sign_date", 0), Answer) for part in parts)
    assert isinstance(source.resolve(replace(parts[1], sections=("Education",)), "sign_date", 0), str)


@pytest.mark.parametrize(
    ("name", "asked", "expected"),
    [
        ("Dana Whitfield", "first last", "Dana Whitfield"),
        ("Dana Elaine Whitfield", "first middle last", "Dana Elaine Whitfield"),
        ("Ana de la Cruz", "first last", "Ana|de la Cruz"),
        ("Dana Whitfield", "first middle last", "Dana||Whitfield"),
        # Whether the second of three is given or inherited only its owner knows.
        ("Ana Ruiz Gil", "first last", "|"),
        ("Whitfield, Dana", "first last", "|"),
        ("Dr. Dana Whitfield", "first last", "|"),
    ],
)
def test_a_name_is_parted_only_where_its_parts_are_plain(name: str, asked: str, expected: str) -> None:
    labels = [f"{part}_name" for part in asked.split()]
    wanted = expected.split("|" if "|" in expected else " ")

    assert [name_part(label, name, labels) for label in labels] == wanted
