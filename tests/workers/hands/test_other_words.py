"""The same matters as sites of several languages word them, in their questions and in their options."""

from __future__ import annotations

import pytest

from tests.workers.hands.asking import YES_NO
from workers.hands.answers import Answers
from workers.hands.candidate import Candidate
from workers.hands.controls import Option, Ref

JA_NEIN, JA_NEE, OUI_NON = ("Ja", "Nein"), ("Ja", "Nee"), ("Oui", "Non")
SI_NO, SIM_NAO, SI_NO_IT = ("Sí", "No"), ("Sim", "Não"), ("Sì", "No")
PERSON = {"city": "San Francisco", "state": "California", "country": "United States"}
STATED = {
    "Do you have permission to work in the United States?": "Yes",
    "Will you need visa sponsorship, now or later?": "No",
    "What is your citizenship status?": "U.S. citizen",
    "Do you hold a driving licence?": "Yes",
    "Do you hold a security clearance?": "No",
    "Bound by a non-compete?": "No",
    "Would you move for this job?": "Yes",
    "Will you travel for work?": "Yes",
    "Are remote, hybrid and on-site all fine?": "Yes",
    "Can you get to the workplace every day?": "Yes",
    "When could you begin?": "2 weeks",
    "How well do you speak English?": "English: native",
    "Do you agree to the terms and privacy policy?": "Yes",
}
ANSWERS = Answers(Candidate.from_input({"user_data": PERSON, "qa_overrides": STATED}))


CASES = [
    ("Bist du frei von Wettbewerbsverboten?", JA_NEIN, "Ja"),
    ("Are you currently without a security clearance?", YES_NO, "Yes"),
    ("Are you ok with work from office (WFO) all 5 days?", YES_NO, "Yes"),
    ("Are you comfortable with WFO?", YES_NO, "Yes"),
    ("Are you comfortable working from the office 5 days a week?", YES_NO, "Yes"),
    ("Ok with 5 days WFO?", YES_NO, "Yes"),
    ("Bist du bereit, fünf Tage pro Woche im Büro zu arbeiten?", JA_NEIN, "Ja"),
    ("Êtes-vous prêt à travailler au bureau 5 jours par semaine ?", OUI_NON, "Oui"),
    ("¿Estás dispuesto a trabajar presencialmente en la oficina 5 días a la semana?", SI_NO, "Sí"),
    ("Você aceita trabalhar presencialmente no escritório?", SIM_NAO, "Sim"),
    ("Ben je bereid om vijf dagen per week op kantoor te werken?", JA_NEE, "Ja"),
    ("Sei disposto a lavorare in ufficio 5 giorni su 5?", SI_NO_IT, "Sì"),
    ("Êtes-vous à l'aise avec un poste en télétravail complet ?", OUI_NON, "Oui"),
    ("Do you currently work from the office?", YES_NO, None),
    (
        "Where are you currently located?",
        (
            "San Francisco Bay Area",
            "Greater Los Angeles",
            "Greater Seattle",
            "New York City",
            "Elsewhere in the US",
            "Outside the US",
        ),
        "San Francisco Bay Area",
    ),
    (
        "Which of these areas do you live in?",
        ("New York metro area", "San Francisco metro area", "Neither"),
        "San Francisco metro area",
    ),
    (
        "What is your current location?",
        ("Greater San Francisco", "Greater Boston", "Other"),
        "Greater San Francisco",
    ),
    ("Your location", ("New York, NY", "San Francisco, CA", "Remote"), "San Francisco, CA"),
    ("Where are you located?", ("United States", "Canada", "Other"), "United States"),
    ("Wo wohnen Sie aktuell?", ("Berlin", "San Francisco", "Andere"), "San Francisco"),
    ("What is your preferred location?", ("San Francisco Bay Area", "Greater Boston"), None),
    ("Which location are you applying for?", ("San Francisco, CA", "New York"), None),
    ("Disponibilità a trasferte", ("Disponibile", "Nessuna disponibilità"), "Disponibile"),
    (
        "Disponibilidad para viajar por trabajo",
        ("Puedo viajar cuando sea necesario", "No puedo viajar"),
        "Puedo viajar cuando sea necesario",
    ),
    ("Disponibilidad para viajar", ("Disponible", "No disponible"), "Disponible"),
    ("Disponibilidad para viajar", ("Total", "Parcial", "Ninguna"), None),
    ("Disponibilidade para mudança", ("Disponível", "Indisponível"), "Disponível"),
    ("Reisebereitschaft", ("Ja, reisebereit", "Nicht reisebereit"), "Ja, reisebereit"),
    ("Reisebereitschaft", ("Vorhanden", "Nicht vorhanden"), "Vorhanden"),
    (
        "Reisebereitschaft",
        ("Ich bin bereit zu reisen", "Ich kann nicht reisen"),
        "Ich bin bereit zu reisen",
    ),
    ("Umzugsbereitschaft", ("Vorhanden", "Keine"), "Vorhanden"),
    ("Umzugsbereitschaft", ("Bereit", "Nicht bereit"), "Bereit"),
    (
        "Déplacements professionnels",
        ("Je peux me déplacer", "Je ne peux pas me déplacer"),
        "Je peux me déplacer",
    ),
    ("Déplacements professionnels", ("Accepte", "Refuse"), "Accepte"),
    ("Reisbereidheid", ("Bereid", "Niet bereid"), "Bereid"),
    (
        "Sind Sie berechtigt, in den USA zu arbeiten?",
        ("Ja, ohne Einschränkung", "Ja, aber nur mit Sponsoring", "Nein"),
        "Ja, ohne Einschränkung",
    ),
    (
        "Êtes-vous autorisé à travailler aux États-Unis ?",
        ("Oui, sans restriction", "Oui, avec parrainage", "Non"),
        "Oui, sans restriction",
    ),
    (
        "Sind Sie berechtigt, in Deutschland zu arbeiten?",
        ("Ja, ohne Einschränkung", "Ja, aber nur mit Sponsoring", "Nein"),
        None,
    ),
    (
        "How soon can you join? (Notice period)",
        ("Immediate joiner", "15 days or less", "30 days", "60 days", "90 days"),
        "15 days or less",
    ),
    ("How soon can you start?", ("Serving notice", "0-15 days", "16-30 days", "31-60 days"), "0-15 days"),
    (
        "Availability",
        ("A - today", "B - within one month", "C - one to three months", "D - later than three months"),
        "B - within one month",
    ),
    (
        "Availability",
        ("Immediately", "Within 1 month", "1-3 months", "More than 3 months"),
        "Within 1 month",
    ),
    (
        "Em quanto tempo você pode começar?",
        ("Imediatamente", "Em até 15 dias", "Em até 30 dias", "Mais de 30 dias"),
        "Em até 15 dias",
    ),
    (
        "Em quanto tempo pode iniciar?",
        ("Imediato", "Até 15 dias", "Até 30 dias", "Acima de 30 dias"),
        "Até 15 dias",
    ),
    (
        "In quanto tempo puoi iniziare?",
        ("Subito", "Entro 15 giorni", "Entro 30 giorni", "Oltre 30 giorni"),
        "Entro 15 giorni",
    ),
    (
        "Wie schnell können Sie anfangen?",
        ("Sofort", "Innerhalb von 2 Wochen", "Innerhalb von 4 Wochen", "Später"),
        "Innerhalb von 2 Wochen",
    ),
    (
        "Hoe snel kun je beginnen?",
        ("Direct", "Binnen 2 weken", "Binnen 1 maand", "Later"),
        "Binnen 2 weken",
    ),
    ("Do you possess a valid state-issued driver license?", YES_NO, "Yes"),
    ("Do you have a valid government-issued driver's license?", YES_NO, "Yes"),
    ("Do you hold a driver's license issued in California?", YES_NO, None),
    ("Kun je elke werkdag naar ons kantoor komen?", JA_NEE, "Ja"),
    ("Können Sie unser Büro täglich erreichen?", JA_NEIN, "Ja"),
    ("Pouvez-vous vous rendre au bureau tous les jours ?", OUI_NON, "Oui"),
    ("Pouvez-vous venir tous les jours à notre bureau ?", OUI_NON, "Oui"),
    ("¿Puedes acudir a la oficina a diario?", SI_NO, "Sí"),
    ("Você consegue se deslocar até o escritório todos os dias?", SIM_NAO, "Sim"),
    ("Puoi venire in ufficio tutti i giorni?", SI_NO_IT, "Sì"),
    (
        "San Francisco, CA 94105: Reliably commute or planning to relocate before starting work (Required)",
        YES_NO,
        "Yes",
    ),
    ("Kun je elke dag naar Rotterdam komen?", JA_NEE, None),
    ("Hoe goed is je Engels?", ("Basis", "Gemiddeld", "Vloeiend", "Moedertaal"), "Moedertaal"),
    (
        "Wie gut ist Ihr Englisch?",
        ("Grundkenntnisse", "Gut", "Fließend", "Muttersprache"),
        "Muttersprache",
    ),
    ("Wie gut ist dein Deutsch?", ("Grundkenntnisse", "Gut", "Fließend", "Muttersprache"), None),
    ("Como é o seu inglês?", ("Básico", "Intermediário", "Avançado", "Nativo"), "Nativo"),
    ("How good is your English?", ("Basic", "Conversational", "Fluent", "Native"), "Native"),
    ("How is your English?", ("Basic", "Conversational", "Fluent", "Native"), "Native"),
    ("English", ("Basic", "Conversational", "Fluent", "Native"), "Native"),
    ("Are you fluent in both English and Spanish?", YES_NO, None),
    (
        "We are not set up as an employer everywhere. Do you live in one of these states: AK, DE, HI, MT, ND, WY?",
        YES_NO,
        "No",
    ),
    ("We do not hire in CA. Do you live in California?", YES_NO, "Yes"),
    ("This job is not open to residents of Colorado. Are you a resident of Colorado?", YES_NO, "No"),
    (
        "Acconsento al trattamento dei miei dati personali ai fini di questa selezione.",
        ("Do il consenso", "Nego il consenso"),
        "Do il consenso",
    ),
    (
        "Einwilligung in die Datenverarbeitung",
        ("Ich erteile meine Einwilligung", "Ich verweigere meine Einwilligung"),
        "Ich erteile meine Einwilligung",
    ),
    (
        "Toestemming voor de verwerking van mijn persoonsgegevens",
        ("Ik geef toestemming", "Ik geef geen toestemming"),
        "Ik geef toestemming",
    ),
    ("Privacy policy", ("I give my consent", "I withhold my consent"), "I give my consent"),
    ("Privacy policy consent", ("I consent", "I do not consent"), "I consent"),
    ("Acconsento all'invio di comunicazioni di marketing.", ("Do il consenso", "Nego il consenso"), None),
    ("Are you presently in the U.S. on an F-1 student visa (CPT or OPT)?", YES_NO, "No"),
    ("Are you currently in the US on a J-1 visa?", YES_NO, "No"),
    ("Are you working on a student visa?", YES_NO, "No"),
    (
        "For export-control purposes, which statement describes you? (A U.S. Person is a citizen or refugee.)",
        ("I am a U.S. Person", "I am not a U.S. Person"),
        "I am a U.S. Person",
    ),
    (
        "Which of the following describes you for ITAR purposes?",
        ("U.S. Person", "Not a U.S. Person"),
        "U.S. Person",
    ),
    ("Interessieren Sie sich nur für Remote-Stellen?", JA_NEIN, "Nein"),
    ("Êtes-vous intéressé uniquement par des postes en télétravail ?", OUI_NON, "Non"),
    ("Ben je alleen geïnteresseerd in remote functies?", JA_NEE, "Nee"),
    ("Are you only interested in remote, hybrid or on-site roles?", YES_NO, None),
    # What the same words say of other things.
    ("Êtes-vous libre de vous déplacer ?", OUI_NON, "Oui"),
    ("Is het een probleem om te verhuizen?", JA_NEE, "Nee"),
    ("Haben Sie ein Homeoffice?", JA_NEIN, None),
    ("Are you vaccinated to work in the office?", YES_NO, None),
    ("Can you come to our office for an interview?", YES_NO, None),
    ("Können Sie für ein Gespräch in unser Büro kommen?", JA_NEIN, None),
    ("When could you start?", ("Less than 2 weeks", "2-4 weeks", "More than 4 weeks"), "2-4 weeks"),
    ("When could you start?", ("More than 2 weeks", "More than a month"), None),
    ("Where are you located?", ("California, MD", "Boston, MA"), None),
    ("Choose your location for the interview", ("San Francisco", "New York"), None),
    ("Wo möchten Sie arbeiten? Standort wählen", ("San Francisco", "New York"), None),
    ("Travel", ("I can travel only within my state", "I cannot travel"), None),
    (
        "Einwilligung zur Weitergabe meiner Daten an Dritte",
        ("Ich willige ein", "Ich willige nicht ein"),
        None,
    ),
    ("Ist Homeoffice für Sie eine Voraussetzung?", JA_NEIN, None),
    ("Do you smoke in the office?", YES_NO, None),
    ("Are you currently working from home?", YES_NO, None),
    ("Können Sie an Wochenenden im Büro arbeiten?", JA_NEIN, None),
    ("Can you work remotely from Germany?", YES_NO, None),
    ("Are you married to a U.S. citizen?", YES_NO, None),
    ("Is your English level below B2?", YES_NO, None),
    ("Is English your second language?", YES_NO, None),
    ("I do not consent to the privacy policy", ("True", "False"), None),
    ("Do you object to the processing of your personal data?", YES_NO, None),
    ("Ich stimme der Datenschutzerklärung nicht zu", JA_NEIN, None),
    ("Ik ga niet akkoord met de privacyverklaring", JA_NEE, None),
    ("Je refuse le traitement de mes données", OUI_NON, None),
    ("Rifiuto il trattamento dei dati", SI_NO_IT, None),
    ("Não concordo com a política de privacidade", SIM_NAO, None),
    ("No acepto la política de privacidad", SI_NO, None),
]


@pytest.mark.parametrize(("question", "options", "expected"), CASES)
def test_a_matter_in_other_words(question: str, options: tuple[str, ...], expected: str | None) -> None:
    found = ANSWERS.find(question, [Option(Ref(0, i), text, text) for i, text in enumerate(options, 1)])

    assert (found.text if found else None) == expected
