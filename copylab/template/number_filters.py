"""Filters of numbers: ``number percent money plural``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from copylab.template.contract import Call, Domain, Filter, takes_nothing
from copylab.template.expression import NUMERIC
from copylab.template.formats import (
    format_money,
    format_number,
    format_percent,
    plural_categories,
    plural_category,
)
from copylab.template.ranges import Range, Words
from copylab.template.scope import NumberDomain

if TYPE_CHECKING:
    from collections.abc import Callable

    Apply = Callable[[Call, Domain], Callable[[object], str]]

_CATEGORIES = frozenset(("zero", "one", "two", "few", "many", "other"))
_SMALL = 12
"""Up to here, the numbers of most plural forms are found."""


def _apply_number(call: Call, _domain: Domain) -> Callable[[object], str]:
    locale = call.locale
    return lambda value: format_number(value, locale)


def _apply_percent(call: Call, _domain: Domain) -> Callable[[object], str]:
    locale = call.locale
    return lambda value: format_percent(value, locale)


def _apply_money(call: Call, domain: Domain) -> Callable[[object], str]:
    assert isinstance(domain, NumberDomain)
    currency, decimals, locale = domain.currency, domain.decimals, call.locale
    style = str(call.args[0]) if call.args else ""
    return lambda value: format_money(value, currency, decimals, locale, style)


def _bound(apply: Apply) -> Callable[[Call, Domain], Range]:
    """The words of a number format: the extremes stand for all between them."""

    def bound(call: Call, domain: Domain) -> Range:
        assert isinstance(domain, NumberDomain)
        function = apply(call, domain)
        values = [domain.plain(number) for number in domain.extremes()]
        return Words(tuple((value, function(value)) for value in values))

    return bound


def _apply_plural(call: Call, _domain: Domain) -> Callable[[object], str]:
    forms = {key: str(form) for key, form in call.kwargs.items()}
    other, locale = forms["other"], call.locale
    return lambda value: forms.get(plural_category(value, locale), other)


def _bound_plural(call: Call, domain: Domain) -> Range:
    """All forms the locale can ask for; a number from the extremes where one fits."""
    forms = {key: str(form) for key, form in call.kwargs.items()}
    wanted = plural_categories(call.locale)
    texts = {forms.get(category, forms["other"]) for category in wanted}
    assert isinstance(domain, NumberDomain)
    apply = _apply_plural(call, domain)
    small = [Decimal(n) for n in range(_SMALL) if domain.low <= n <= domain.high]
    found: dict[str, object] = {}
    for number in [*domain.extremes(), *small]:
        value = domain.plain(number)
        found.setdefault(apply(value), value)
    return Words(tuple((found.get(text), text) for text in sorted(texts)), exact=False)


def _check_money(call: Call) -> str | None:
    if call.kwargs or call.args not in {(), ("symbol",)}:
        return 'money takes nothing, or "symbol"'
    return None


def _check_plural(call: Call) -> str | None:
    if call.args or not all(isinstance(form, str) for form in call.kwargs.values()):
        return 'plural takes forms: plural(one="day", other="days")'
    unknown = call.kwargs.keys() - _CATEGORIES
    if unknown:
        return f"'{min(unknown)}' is no plural category"
    missing = plural_categories(call.locale) - call.kwargs.keys() - {"many", "other"}
    if "other" not in call.kwargs:
        missing |= {"other"}
    if missing:
        return f"{call.locale} also needs the form '{min(missing)}'"
    return None


_POINTS = frozenset(("percent", "decimal", "int"))
_COUNTS = frozenset(("int", "decimal"))
_MONEY = frozenset(("money",))

NUMBER_FILTERS = (
    Filter("number", NUMERIC, _apply_number, _bound(_apply_number), takes_nothing),
    Filter("percent", _POINTS, _apply_percent, _bound(_apply_percent), takes_nothing),
    Filter("money", _MONEY, _apply_money, _bound(_apply_money), _check_money),
    Filter("plural", _COUNTS, _apply_plural, _bound_plural, _check_plural),
)
