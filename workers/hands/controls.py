"""What the hands see of a page: plain, frozen records that outlive the page they were read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workers.hands.marks import marked

CHOICE_KINDS = frozenset({"select", "multiselect", "radio", "checkboxes", "pills", "listbox", "duallist"})
MENU_KINDS = frozenset({"combobox", "listbutton"})


@dataclass(frozen=True, slots=True)
class Ref:
    """A handle bound to one node of one frame, never to its text."""

    frame: int
    node: int


@dataclass(frozen=True, slots=True)
class Option:
    """One choice that the page offers."""

    ref: Ref
    text: str
    value: str = ""
    selected: bool = False
    disabled: bool = False
    group: str = ""
    head: str = ""
    """Its first line, where more lines follow."""


@dataclass(frozen=True, slots=True)
class Control:
    """One thing a person could fill in; radios, boxes and pills of one question are one control.

    `kind` is text, textarea, richtext, select, multiselect, radio, checkbox, checkboxes, pills, listbox, duallist,
    combobox, listbutton, file, range or another input type. `hidden` says why a person cannot see it, or is empty.
    """

    ref: Ref
    kind: str
    tag: str = "input"
    type: str = ""
    role: str = ""
    html_id: str = ""
    name: str = ""
    automation: str = ""
    autocomplete: str = ""
    placeholder: str = ""
    title: str = ""
    label: str = ""
    near: str = ""
    cell: str = ""
    help: str = ""
    sections: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    required: bool = False
    several: bool = False
    disabled: bool = False
    readonly: bool = False
    hidden: str = ""
    face: Ref | None = None
    panel: Ref | None = None
    aria_hidden: bool = False
    tabindex: str = ""
    value: str = ""
    maxlength: int = 0
    room: tuple[int, ...] = ()
    """How many characters each of the boxes in a row takes that hold one value between them; this one is `place`."""
    place: int = 0
    pattern: str = ""
    min: str = ""
    max: str = ""
    step: str = ""
    accept: str = ""
    inputmode: str = ""
    dial: str = ""
    """What the choice of a country beside a telephone field shows."""
    form: Ref | None = None
    landmark: str = ""
    dialog: Ref | None = None
    invalid: str = ""
    validity: str = ""

    @property
    def question(self) -> str:
        """Return what the control asks, in the page's words."""
        own = self.label or self.near or self.cell or self.placeholder or self.title
        return " ".join(own.split()) or self.name or self.html_id

    @property
    def signature(self) -> tuple[str, ...]:
        """Return what stays the same when the page draws the control anew."""
        return (str(self.ref.frame), self.kind, self.type, self.html_id, self.name, self.question)

    @property
    def asks(self) -> tuple[str, ...]:
        """Return what stays the same also where the page numbers its controls anew each time it draws them."""
        return (str(self.ref.frame), self.kind, self.name, self.question)

    def alike(self, other: Control) -> bool:
        """Tell whether both ask the same in the same way, under whatever ids."""
        return self.asks == other.asks

    @property
    def reachable(self) -> bool:
        """Tell whether a person could work it: seen itself, or through what is painted for it."""
        if not self.hidden or self.kind == "file":
            return True
        if self.kind == "listbutton":
            return self.face is not None and self.hidden in {"clipped", "no size", "transparent"}
        return self.face is not None and self.kind in {"radio", "checkbox", "checkboxes", "combobox", "range"}


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: a button or a link."""

    ref: Ref
    text: str
    tag: str = "button"
    type: str = ""
    href: str = ""
    form: Ref | None = None
    disabled: bool = False
    landmark: str = ""
    dialog: Ref | None = None
    popup: str = ""
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form element, as far as it tells what it is for."""

    ref: Ref
    action: str = ""
    method: str = ""
    novalidate: bool = False
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Something the page says in an alert or an error box, with the control it stands beside, if any."""

    text: str
    about: Ref | None = None


@dataclass(frozen=True, slots=True)
class Widget:
    """A CAPTCHA or the like that is shown; `method` is how it was found: frame, container or picture."""

    type: str
    method: str
    solved: bool


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What the page's structure puts in a visitor's way; `guard` names a service that keeps robots out."""

    widgets: tuple[Widget, ...] = ()
    guard: str = ""


@dataclass(frozen=True, slots=True)
class PageView:
    """Everything read from one page, all frames together, at one moment."""

    url: str
    document: str = ""
    title: str = ""
    lang: str = ""
    text: str = ""
    controls: tuple[Control, ...] = ()
    buttons: tuple[Button, ...] = ()
    forms: tuple[Form, ...] = ()
    headings: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    notices: tuple[str, ...] = ()
    """What open dialogs and live regions say."""

    frame_urls: Mapping[int, str] = field(default_factory=dict)
    obstacles: Obstacles = Obstacles()
    at_rest: bool = False
    """Whether the page was seen to be loaded, unchanged for a moment, and with nothing due."""

    def same_document(self, other: PageView) -> bool:
        """Tell whether both were read from one document: nothing was loaded in between."""
        return self.document == other.document

    def control(self, ref: Ref) -> Control | None:
        """Return the control with that handle, if it is still on the page."""
        return next((c for c in self.controls if c.ref == ref), None)


def _asking_first(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the list with the question that stands in it as its first option for a label, where nothing names it."""
    first, *rest = raw["options"] or [{}]
    named = any(raw[key] for key in ("label", "near", "cell", "title"))
    asks = len(rest) > 1 and not first.get("value") and first["text"].rstrip(" *").endswith("?")
    if raw["tag"] != "select" or named or not asks:
        return raw
    return {**raw, "label": first["text"], "options": [{**first, "disabled": True}, *rest]}


def control_from(frame: int, raw: Mapping[str, Any]) -> Control:
    """Return the record of one control as the page script reported it."""
    raw = _asking_first(raw)

    def ref(node: int) -> Ref | None:
        return Ref(frame, node) if node else None

    same = (
        "kind tag type role name automation autocomplete placeholder title label near cell help several disabled"
        " readonly hidden tabindex value maxlength place pattern min max step accept inputmode dial landmark invalid"
        " validity"
    )
    return Control(
        ref=Ref(frame, raw["id"]),
        html_id=raw["htmlId"],
        aria_hidden=raw["ariaHidden"],
        sections=tuple(raw["sections"]),
        options=tuple(option_from(frame, x) for x in raw["options"]),
        required=raw["required"] or marked((raw["label"] or raw["near"])[:300]),
        room=tuple(raw["room"]),
        face=ref(raw["face"] or 0),
        panel=ref(raw["panel"]),
        form=ref(raw["form"]),
        dialog=ref(raw["dialog"]),
        **{key: raw[key] for key in same.split()},
    )


def option_from(frame: int, raw: Mapping[str, Any]) -> Option:
    """Return the record of one option."""
    return Option(
        ref=Ref(frame, raw["id"]),
        text=raw["text"],
        value=raw.get("value") or "",
        selected=bool(raw["selected"]),
        disabled=bool(raw["disabled"]),
        group=raw.get("group") or "",
        head=raw.get("head") or "",
    )


def button_from(frame: int, raw: Mapping[str, Any]) -> Button:
    """Return the record of one button."""
    return Button(
        ref=Ref(frame, raw["id"]),
        form=Ref(frame, raw["form"]) if raw["form"] else None,
        dialog=Ref(frame, raw["dialog"]) if raw["dialog"] else None,
        sections=tuple(raw["sections"]),
        **{key: raw[key] for key in ("text", "tag", "type", "href", "disabled", "landmark", "popup")},
    )
