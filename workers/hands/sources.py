"""Where the values of an application come from: what is known of the candidate, and what was answered before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from workers.hands.answers import Answers
from workers.hands.candidate import Answer, Candidate
from workers.hands.classify import PROFILE_LABELS, classify
from workers.hands.controls import MENU_KINDS, Control, Ref
from workers.hands.dates import parse, part_asked
from workers.hands.grids import as_asked, as_whole, in_section
from workers.hands.marks import marked_at_end
from workers.hands.measures import amounts
from workers.hands.options import choose
from workers.hands.parts import (
    asks_end,
    part_for,
    share,
    stated_part,
    street_and_unit,
    surname,
)
from workers.hands.pay import asks_currency, asks_rate, pay_part
from workers.hands.plan import NEVER
from workers.hands.rows import ANCHORS, ROWS, asked_as, kind_of
from workers.hands.text import fold
from workers.hands.vocabulary import spoken_for

# What a profile may lack, and its answers hold under a name of their own.
FACTS = frozenset(
    {
        "name_prefix",
        "address_line1",
        "address_line2",
        "city",
        "state",
        "zip",
        "country",
        "phone",
        "birth_date",
        "edu_end_date",
    }
)


class CandidateSource:
    """Answers a form from a candidate: profile, files and screening answers."""

    def __init__(self, who: Candidate, remembered: Mapping[str, str] | None = None) -> None:
        self.who = who
        self.answers = Answers(who)
        self.remembered = Answers(replace(who, answers=remembered or {}))
        self.must_consent = False
        self.refused: dict[tuple[str, ...], str] = {}
        self._asked: frozenset[str] = frozenset()
        self._handed_in: Counter[str] = Counter()
        self._open = ""
        self._signing: tuple[Ref | None, tuple[str, ...]] | None = None
        self._told = {classify(Control(Ref(0, 0), "text", label=key)).label: key for key in who.answers}

    def see(self, labels: frozenset[str]) -> None:
        """Learn which labels the page asks for."""
        self._asked = labels

    def rows(self, kind: str) -> int:
        """Return how many jobs or schools the profile holds that the form has not taken one by one."""
        return self.who.rows("company" if kind == "work" else "school") - self._handed_in[kind]

    def listed(self, kind: str, text: str) -> bool:
        """Tell whether the text names the next job or school, as a site does that has read the resume."""
        named = [self.who.value(label, self._handed_in[kind]) for label in ANCHORS[kind]]
        told = [fold(answer.text) for answer in named if answer]
        return bool(told) and all(name in fold(text) for name in told)

    def opened(self, kind: str) -> None:
        """Learn that what is asked for now is the next job or school."""
        self._open = kind

    def kept(self, kind: str) -> None:
        """Learn that the form has taken one."""
        self._handed_in[kind] += 1
        self._open = ""

    def entries(self, title: str) -> Sequence[str]:
        """Return none: what a candidate has to list, rows of fields take."""
        return ()

    def handed_in(self, entered: Iterable[tuple[Control, str]]) -> None:
        """Learn what a dialog has taken, by control and label: the next one asks for the next job or school."""
        kinds = {kind_of(label) for control, label in entered if control.dialog and label in ROWS}
        self._handed_in.update(kinds)

    def resolve(self, control: Control, label: str, row: int) -> Answer | str:
        """Return what the candidate stated for the control, or answered before, or why nothing can be entered."""
        if label in ROWS and (control.dialog or kind_of(label) == self._open):
            row += self._handed_in[kind_of(label)]
        if row and label in ROWS and control.kind != "checkbox":
            # “Company” is that of the first job: the others' answers are known by their row as well.
            return self._profile(control, label, row) or self._of_row(control, asked_as(control, label, row))
        found = self._share(control, row) or self._stated(control, label, row)
        if isinstance(found, Answer) or control.kind in {"file", "checkbox"} or label in {"consent", *NEVER}:
            return found
        recalled = self.remembered.find(control.question, control.options, label)
        return replace(recalled, source="memory") if recalled and recalled.source == "qa" else found

    def _share(self, control: Control, row: int) -> Answer | None:
        """Return what belongs into this one of several boxes in a row, of what their heading asks for."""
        whole = as_whole(control)
        found = self._stated(whole, classify(whole).label, row) if whole else ""
        text = share(control, found.text) if isinstance(found, Answer) else ""
        return replace(found, text=text, also=()) if text and isinstance(found, Answer) else None

    def _of_row(self, control: Control, name: str) -> Answer | str:
        """Return what was answered for this row by name."""
        found = self.answers.by_name(name, control.options)
        recalled = self.remembered.by_name(name, control.options)
        return found or (
            replace(recalled, source="memory") if recalled else f"nothing was stated about {name}"
        )

    def _stated(self, control: Control, label: str, row: int) -> Answer | str:
        if control.kind == "file":
            return self._file(control, label)
        if label == "cover_letter_text":
            return self._letter(control)
        if label in {"consent", "marketing_optin"} or control.kind == "checkbox":
            return self._box(control, label, row)
        if document := self._kind_of_document(control):
            return document
        if named := self._of_pay(control, label) or self._named(control, label):
            return named
        stated = (
            self.answers.find(control.question, control.options)
            or self._in_grid(control)
            or self._end_of_span(control)
        )
        among = label == "location" and bool(control.options)
        if stated and (label == "none" or label not in PROFILE_LABELS or among):
            return stated
        if label in NEVER:
            return "nothing known asks like this"
        return self._profile(control, label, row) or stated or f"nothing was stated about {label}"

    def _named(self, control: Control, label: str) -> Answer | None:
        """Return what was answered to the very question: that means this form, whatever the profile says."""
        asked = (*([control.question] if label in PROFILE_LABELS else []), *in_section(control))
        return next((found for x in asked if (found := self.answers.by_name(x, control.options))), None)

    def _in_grid(self, control: Control) -> Answer | None:
        """Return what was stated of the row of a grid, in the words of its own option."""
        asked = as_asked(control)
        found = self.answers.find(asked[0], asked[1]) if asked else None
        own = (
            next((o for column, o in asked[1].items() if found and column.text == found.text), None)
            if asked
            else None
        )
        return replace(found, text=own.text) if found and own else None

    def _of_pay(self, control: Control, label: str) -> Answer | None:
        """Return the part of the stated pay that the control asks for alone: its rate, its currency, its amount."""
        if label != "salary_expectation" and not (asks_rate(control) or asks_currency(control)):
            return None
        asked = (control.question, *control.sections, "Salary expectation")
        pay = next((x for x in map(self.answers.find, asked) if x and amounts(x.text)), None)
        part = pay_part(control, pay.text, self.who.text("country")) if pay else ""
        return replace(pay, text=part, also=()) if pay and part else None

    def _end_of_span(self, control: Control) -> Answer | None:
        """Return the lower or upper end of a stated span, where the control's group asks for the whole of it."""
        for heading in control.sections if asks_end(control) else ():
            found = self.answers.find(heading)
            end = stated_part(control, found.text) if found else ""
            if found and end:
                return replace(found, text=end)
        return None

    def _profile(self, control: Control, label: str, row: int) -> Answer | None:
        if label == "sign_date" and self._signs_today(control):
            return Answer(datetime.now(UTC).date().isoformat(), "rule", 0.9, "the day of signing is today")
        if label == "signature" and control.kind == "text" and (control.required or control.invalid):
            return self.who.value(label)
        if label not in PROFILE_LABELS:
            return self.answers.find(control.question, control.options, label) or self._fact(label)
        whole = self._whole_of(label, control)
        if whole:
            return part_for(control, label, *whole)
        found = self.who.value(label, row if label in ROWS else 0)
        found = self._in_more_detail(label, found, row) or found or self._fact(label)
        if label == "phone_type" and not found and control.required and self.who.value("phone"):
            return Answer("Mobile", "rule", 0.5, "what applicants' numbers are, where a kind is required")
        return self._as_asked(control, label, found) if found else None

    def _in_more_detail(self, label: str, found: Answer | None, row: int) -> Answer | None:
        """Return the date that an answer states down to its month, where the profile states its year alone."""
        told = self._fact(label) if found and not row and label.endswith("_date") else None
        plain, detailed = (parse(x.text) if x else None for x in (found, told))
        more = plain and detailed and plain.year == detailed.year and not plain.month and detailed.month
        return told if more else None

    def _signs_today(self, control: Control) -> bool:
        """Tell whether the day of signing is wanted: by itself, or as the month, day or year of one that is.

        The mark stands beside all three, or beside the first.
        """
        part, group = bool(part_asked(control)), (control.form, control.sections)
        marked = control.required or bool(control.invalid) or (part and _required_beside(control))
        if part and marked:
            self._signing = group
        return marked or (part and group == self._signing)

    def _as_asked(self, control: Control, label: str, found: Answer) -> Answer | None:
        """Return what of a fact the control asks for, with its other names."""
        if label == "name_prefix" and found.source == "qa" and not offers(control, found.text):
            # Forms ask for an academic title by the same name: which is meant only the options tell.
            return None
        if label == "last_name":
            named = surname(control, found.text)
            return replace(found, text=named) if named else None
        if label == "state" and "provincia" in fold(control.question):
            # Provinces bear the names of their capitals; a profile states the region, or the province itself.
            return replace(found, also=tuple(filter(None, (self.who.text("city"),))))
        if label == "address_line1" and "address_line2" in self._asked:
            return replace(found, text=street_and_unit(found.text)[0])
        return found

    def _fact(self, label: str) -> Answer | None:
        """Return what the profile leaves out and an answer of that name states."""
        key = self._told.get(label) if label in FACTS else None
        return Answer(self.who.answers[key], "qa", 0.85, f"answered as “{key}”") if key else None

    def _whole_of(self, label: str, control: Control) -> tuple[Answer, str] | None:
        """Return the value, with its label, of which the control asks only a part that is not stated by itself."""
        name = {"phone_extension": "phone", "address_line2": "address_line1"}.get(label)
        found = self.who.value(name) if name and not self.who.value(label) else None
        return (found, name) if found and name else None

    def _file(self, control: Control, label: str) -> Answer | str:
        if label == "cover_letter_file" and _asks_for_resume_too(fold(control.question)):
            label = "resume_file"  # one slot for both: without a resume nobody can apply
        if (
            label == "other_file"
            and "resume_file" not in self._asked
            and (control.required or control.invalid)
        ):
            label = "resume_file"  # the only slot, for whatever documents there are
        path: Path | None = {"resume_file": self.who.resume, "cover_letter_file": self.who.cover_letter}.get(
            label
        )
        if path is None:
            return f"no file was given for {label}"
        if path.suffix == ".txt" and not accepts_text(control.accept):
            return "the page takes no plain text file"
        return Answer(str(path), "file", 1.0, label)

    def _kind_of_document(self, control: Control) -> Answer | None:
        """Return what sort of document the page is to take one for that it asks about by the file's name."""
        given = ((self.who.resume, "resume_file"), (self.who.cover_letter, "cover_letter_file"))
        label = next((label for path, label in given if path and path.name in control.question), "")
        sorts = [o for o in control.options if label and label in spoken_for(fold(o.text))]
        return Answer(sorts[0].text, "rule", 0.85, f"the file is the {label}") if len(sorts) == 1 else None

    def _letter(self, control: Control) -> Answer | str:
        """Write the letter where one is asked for by name, or where the form wants some such text."""
        asked = fold(f"{control.question} {control.placeholder} {control.help}")
        if self.who.letter and (control.required or "cover_letter_file" in spoken_for(asked)):
            return Answer(self.who.letter, "profile", 0.9, "the cover letter")
        return self.answers.find(control.question) or "no cover letter was given as text"

    def _box(self, control: Control, label: str, row: int) -> Answer | str:
        """Tick what must be ticked to apply or was stated; never a box that only invites advertising."""
        if label == "marketing_optin":
            return "an invitation to advertising"
        if label == "consent":
            wanted = self.must_consent or control.required or bool(control.invalid)
            return (
                Answer("Yes", "rule", 0.8, "needed to apply")
                if wanted
                else self._stated_box(control) or "not needed to apply"
            )
        if label in {"work_current", "edu_current"}:
            return self.who.value(label, row) or "nothing was stated about it"
        return self._stated_box(control) or f"nothing was stated about {label}"

    def _stated_box(self, control: Control) -> Answer | None:
        found = self.answers.find(control.question)
        return found if found and found.text in {"Yes", "No"} else None


def _required_beside(control: Control) -> bool:
    """Tell whether what stands around the control, and not the control alone, is marked as required."""
    return any(marked_at_end(text) for text in (control.near, *control.sections[:1]))


def offers(control: Control, text: str) -> bool:
    """Tell whether a choice holds the answer, or may hold it where its options are not known yet."""
    if control.options:
        return choose(control.options, (text,)) is not None
    return control.kind in MENU_KINDS


def accepts_text(accept: str) -> bool:
    """Tell whether a file input that says what it accepts takes a plain text file."""
    kinds = {kind.strip().lower() for kind in accept.split(",") if kind.strip()}
    return not kinds or bool(kinds & {".txt", "text/plain", "text/*", "*/*", "*"})


def _asks_for_resume_too(folded: str) -> bool:
    letter = spoken_for(folded).get("cover_letter_file")
    return letter is not None and "resume_file" in spoken_for(letter.pattern.sub(" ", folded))
