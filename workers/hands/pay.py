"""Pay that is stated in one line and asked for in parts: its amount, its rate, its currency."""

from __future__ import annotations

from workers.hands.controls import MENU_KINDS, Control, Option
from workers.hands.measures import AMOUNT, amounts, currency_at_home, currency_of, unit_of
from workers.hands.options import real_options
from workers.hands.text import fold

AMOUNTS = frozenset(
    {"amount", "betrag", "montant", "importe", "cantidad", "valor", "quantia", "bedrag", "importo"}
)
# Nobody is paid as much by the hour, day or week.
BY_THE_YEAR = 20_000
PLURALS = frozenset({"hours", "days", "weeks", "months", "years"})


def asks_rate(control: Control) -> bool:
    """Tell whether the control's options are rates of pay: “Hourly”, “per month”; lengths of time are none."""
    offered = real_options(control.options)
    return len(offered) >= 2 and all(_rate(o) and fold(o.text) not in PLURALS for o in offered)


def asks_currency(control: Control) -> bool:
    """Tell whether a list that shows its options only when opened shows a currency now."""
    shown = fold(control.value)
    return control.kind in MENU_KINDS and len(shown.split()) <= 2 and bool(currency_of(control.value))


def pay_part(control: Control, pay: str, country: str = "") -> str:
    """Return what of the pay the control takes: the option for its rate or its currency, or the amount alone; nothing
    where it takes the whole. In a country with a currency of its own, an amount without any is in that one."""
    if asks_rate(control):
        return _option(control, {o.text: _rate(o) for o in real_options(control.options)}, rate_of(pay))
    currencies = {o.text: currency_of(o.text) for o in real_options(control.options)}
    if len(currencies) > 1 and all(currencies.values()):
        return _option(control, currencies, currency_of(pay) or currency_at_home(country))
    if asks_currency(control):
        return currency_of(pay).upper()
    alone = fold(control.label or control.placeholder or control.near) in AMOUNTS
    return amount_of(pay) if alone and not control.options else ""


def amount_of(pay: str) -> str:
    """Return the one number that the text names, as it is written there, or nothing."""
    found = AMOUNT.search(pay.lower())
    if not found or len(amounts(pay)) != 1:
        return ""
    return f"{amounts(pay)[0]:.10g}" if found[2] else found[1]


def rate_of(pay: str) -> str:
    """Return hour, day, week, month or year, whichever the pay is stated for, or nothing where that cannot be told."""
    rate, high = unit_of(pay), any(amount >= BY_THE_YEAR for amount in amounts(pay))
    if high and currency_of(pay) in {"", "usd", "eur", "gbp", "chf", "cad", "aud"}:
        return "year" if rate in {"", "year"} else ""
    return rate


def _rate(option: Option) -> str:
    return unit_of(option.text) if len(fold(option.text).split()) <= 3 else ""


def _option(control: Control, meant: dict[str, str], wanted: str) -> str:
    named = [text for text, meaning in meant.items() if meaning == wanted]
    return named[0] if wanted and len(named) == 1 else ""
