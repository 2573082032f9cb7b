"""Telephone numbers: how a field may want one written, and whether what it then shows is still that number."""

from __future__ import annotations

import re

from workers.hands.controls import Control

EXTENSION = re.compile(r"\s*(?:ext\.?|extension|x|#)\s*(\d{1,6})\s*$", re.IGNORECASE)
INTERNATIONAL = re.compile(r"\+\d[\d\s().-]{6,}")
SAMPLE = re.compile(r"\+?\(?\d[\d ().-]{6,}\d")
SIGN = re.compile(r"\s*\(?(\+|00)")
COUNTRY_CODE = re.compile(
    r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|(2[1-689]|3[578]|42|5[09]|6[789]|8[0578]|9[679])\d"
)
NORTH_AMERICA = re.compile(
    r"\b(us|usa|united states|ca|canada)\b|\U0001f1fa\U0001f1f8|\U0001f1e8\U0001f1e6", re.I
)


def written(text: str, control: Control) -> list[str]:
    """Return the ways to write the number that the field may take, likeliest first."""
    plain = EXTENSION.sub("", text)
    digits = re.sub(r"\D", "", plain)
    code = dial_code(plain).lstrip("+")
    national = (
        digits.removeprefix(code) if code else digits[1:] if len(digits) == 11 and digits[0] == "1" else ""
    )
    # Without its sign, a country's code reads as part of the number, unless the field takes digits only.
    bare = digits if not plain.startswith("+") or control.inputmode == "numeric" or control.pattern else ""
    # Where the code is chosen beside the field, it is not written into it once more.
    beside = bool(code) and said_code(control.dial) == code and not control.value.startswith("+")
    texts = (national, plain, bare) if beside else (plain, national, bare)
    shown = _like_sample(control.invalid, digits, national)
    # Some sites take no blanks, and seldom say so.
    close = f"+{digits}" if control.invalid and code not in {"", "1"} else ""
    return list(dict.fromkeys(filter(None, (shown, close, *texts))))


def _like_sample(complaint: str, digits: str, national: str) -> str:
    """Return the number written like the sample that a complaint of the site's shows, or nothing."""
    found = SAMPLE.search(complaint)
    places = re.sub(r"\D", "", found[0]) if found else ""
    own = digits if found and found[0].startswith("+") else national
    if places.startswith("0") and len(places) == len(own) + 1:
        # At home it begins with a zero.
        own = f"0{national}"
    if not found or not own or len(places) != len(own):
        return ""
    following = iter(own)
    return re.sub(r"\d", lambda _: next(following), found[0])


def dial_code(phone: str) -> str:
    """Return the code of the number's country with its sign, or nothing where the number does not state it."""
    found = COUNTRY_CODE.match(re.sub(r"\D", "", phone)) if phone.strip().startswith("+") else None
    return f"+{found[0]}" if found else ""


def said_code(beside: str) -> str:
    """Return the digits of the country's code that the choice beside the field shows, or nothing."""
    found = re.search(r"\+\s?(\d{1,3})\b", beside)
    return found[1] if found else ""


def extension(phone: str) -> str:
    """Return the extension that a phone number carries, or nothing."""
    found = EXTENSION.search(phone)
    return found[1] if found else ""


def keeps_number(stated: str, painted: str) -> bool:
    """Tell whether the field shows the stated number without its country's code, which it keeps beside it."""
    digits, shown = (re.sub(r"\D", "", text).lstrip("0") for text in (stated, painted))
    code = digits.removesuffix(shown)
    return stated.startswith("+") and len(shown) > 5 and bool(COUNTRY_CODE.fullmatch(code)) and code != digits


def lost_sign(stated: str, painted: str) -> bool:
    """Tell whether the sign of the country's code is gone, so that the code reads as part of the number."""
    return bool(INTERNATIONAL.fullmatch(stated.strip())) and not SIGN.match(painted)


def same_digits(stated: str, painted: str) -> bool:
    """Tell whether the field shows all digits of the number, with its sign or without."""
    digits, shown = (re.sub(r"\D", "", text) for text in (stated, painted))
    return bool(digits) and digits == shown


def begun_with(before: str, stated: str) -> str:
    """Return the number behind the country's code that the field began with, where it can only be that country's."""
    national = len(re.sub(r"\D", "", stated)) == 10 and not stated.strip().startswith(("+", "0"))
    return f"{before} {stated}" if before.strip() == "+1" and national else ""


def same_country(stated: str, typed: str, painted: str, beside: str) -> bool:
    """Tell whether the painted number is the stated one, read in the country that is chosen beside the field.

    Shape: `beside` is what the choice of a country shows, or nothing where there is none.
    """
    if not stated.startswith("+") or SIGN.match(painted):
        return True
    shown, digits = (re.sub(r"\D", "", EXTENSION.sub("", text)) for text in (painted, stated))
    # At home some numbers begin with a zero that is left out after the code.
    code = digits.removesuffix(shown if digits.endswith(shown) else shown.lstrip("0"))
    said = said_code(beside)
    if said:
        return said == code
    if beside:
        return code == "1" and bool(NORTH_AMERICA.search(beside))
    # A field that took the code off by itself keeps it somewhere.
    return code in {"", "1"} or typed.startswith("+")
