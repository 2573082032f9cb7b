"""A question that is turned round, doubled or narrowed is answered for what it then asks, or left alone."""

from __future__ import annotations

import pytest

from tests.workers.hands.asking import YES_NO, ask

JA_NEIN, JA_NEE, OUI_NON = ("Ja", "Nein"), ("Ja", "Nee"), ("Oui", "Non")
SI_NO, SIM_NAO, SI_NO_IT = ("Sí", "No"), ("Sim", "Não"), ("Sì", "No")
STATED = {
    "Do you have permission to work in the United States?": "Yes",
    "Will you need visa sponsorship, now or later?": "No",
    "What is your citizenship status?": "U.S. citizen",
    "Bound by a non-compete?": "No",
    "Do you hold a security clearance?": "No",
    "Would you move for this job?": "Yes",
    "Are remote, hybrid and on-site all fine?": "Yes",
    "Can you get to the workplace every day?": "Yes",
    "Will you travel for work?": "Yes",
    "Are you 18 or older?": "Yes",
    "Highest degree": "Bachelor's degree",
}
SITUATIONS = (
    "I currently live in the Chicago area",
    "I do not live in the Chicago area but I am willing to relocate",
    "I am neither local nor willing to relocate",
)


CASES = [
    # Free of it is not bound by it.
    ("Êtes-vous libre de toute clause de non-concurrence ?", OUI_NON, "Oui"),
    ("Are you free from any non-compete obligations?", YES_NO, "Yes"),
    ("Sind Sie frei von einem Wettbewerbsverbot?", JA_NEIN, "Ja"),
    ("Ben je vrij van een concurrentiebeding?", JA_NEE, "Ja"),
    ("Você está livre de cláusula de não concorrência?", SIM_NAO, "Sim"),
    ("¿Estás libre de cualquier cláusula de no competencia?", SI_NO, "Sí"),
    ("Sei libero da qualsiasi patto di non concorrenza?", SI_NO_IT, "Sì"),
    ("I am free of any non-competition covenant with an employer.", ("True", "False"), "True"),
    ("Êtes-vous soumis à une clause de non-concurrence ?", OUI_NON, "Non"),
    ("Are you not bound by a non-compete?", YES_NO, None),
    ("Are you NOT bound by a non-compete?", YES_NO, "Yes"),
    ("N'êtes-vous lié par aucune clause de non-concurrence ?", OUI_NON, None),
    # An issue, a problem.
    ("Would working on-site five days a week be an issue for you?", YES_NO, "No"),
    ("Is being in the office on Tuesdays and Thursdays a problem for you?", YES_NO, "No"),
    ("Do you have any issues with relocating?", YES_NO, "No"),
    # Neither the one nor the other is no yes.
    ("This role sits in our Chicago office. What best describes you?", SITUATIONS, SITUATIONS[1]),
    # Only the one thing.
    ("Do you only want remote positions?", YES_NO, None),
    ("Suchen Sie ausschließlich Remote-Stellen?", JA_NEIN, None),
    # A permit for one of two countries.
    ("Are you authorized to work in both the United States and Canada?", YES_NO, None),
    ("Êtes-vous autorisé à travailler aux États-Unis et au Canada ?", OUI_NON, None),
    ("Are you authorized to work in the US or Canada?", YES_NO, "Yes"),
    ("Do you need sponsorship to work in the US or Canada?", YES_NO, None),
    # Without a sponsor, in whichever words.
    ("¿Puedes trabajar en Estados Unidos sin patrocinio de visa?", SI_NO, "Sí"),
    ("Sind Sie berechtigt, ohne Visumsponsoring in den USA zu arbeiten?", JA_NEIN, "Ja"),
    ("Are you authorized to work in the U.S. and able to do so without sponsorship?", YES_NO, "Yes"),
    ("Will you NOT require sponsorship to work in the United States?", YES_NO, "Yes"),
    ("Are you a non-U.S. person?", YES_NO, None),
    # Hours are no place, and papers no degree.
    ("Comfortable working onsite and in US shift timings (6:30 PM - 3:30 AM IST)?", YES_NO, None),
    ("Are you comfortable working remotely in UK shift?", YES_NO, None),
    ("Do you have a Bachelor's degree and a current teaching certificate?", YES_NO, None),
    ("Do you have a Bachelor's degree plus a PMP certification?", YES_NO, None),
    ("Haben Sie einen Bachelorabschluss und ein Lehrerzertifikat?", JA_NEIN, None),
    ("Do you have reliable transportation and a valid food handler card?", YES_NO, None),
    # Objections in other words.
    ("Are you reluctant to relocate?", YES_NO, "No"),
    ("Would you mind working in the office?", YES_NO, "No"),
    ("Is it impossible for you to work on-site?", YES_NO, "No"),
    ("Do you dislike working remotely?", YES_NO, None),
    ("Spricht etwas gegen einen Umzug?", JA_NEIN, "Nein"),
    ("Haben Sie Einwände gegen Dienstreisen?", JA_NEIN, "Nein"),
    ("Heb je er bezwaar tegen om te reizen?", JA_NEE, "Nee"),
    ("¿Tienes algún inconveniente en viajar?", SI_NO, "No"),
    ("Você tem algum problema em viajar?", SIM_NAO, "Não"),
    ("Hai problemi a viaggiare?", SI_NO_IT, "No"),
    ("Refusez-vous de voyager ?", OUI_NON, "Non"),
    ("Non hai vincoli di non concorrenza?", SI_NO_IT, None),
    ("Confirme que não possui cláusula de não concorrência", ("Confirmo", "Não confirmo"), None),
    # Outside of a country, below an age or a degree, of another people.
    ("Wohnen Sie außerhalb der USA?", JA_NEIN, "Nein"),
    ("Habitez-vous en dehors des États-Unis ?", OUI_NON, "Non"),
    ("Hai meno di 18 anni?", SI_NO_IT, "No"),
    ("Do you have less than a bachelor's degree?", YES_NO, None),
    ("Sind Sie deutscher Staatsbürger?", JA_NEIN, None),
    ("Êtes-vous citoyen américain ?", OUI_NON, "Oui"),
    ("Sei cittadino statunitense?", SI_NO_IT, "Sì"),
]


@pytest.mark.parametrize(("question", "options", "expected"), CASES)
def test_what_turns_or_narrows_a_question(
    question: str, options: tuple[str, ...], expected: str | None
) -> None:
    assert ask(question, *options, stated=STATED) == expected
