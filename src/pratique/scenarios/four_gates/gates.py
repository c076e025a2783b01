"""The four gates: the lines of one importer on one day go in, results with their reasons come out.

L1 who and how much in all, L2 which heading, L3 what is owed, L4 is it dangerous: each is a function of this module.
Amounts are exact; duty is rounded once, per line. What is not known is None, with a reason, and never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

import msgspec

from pratique.rules.exact import exactly, round_exact
from pratique.scenarios.four_gates.classify import Classification, Classifier, Texts
from pratique.scenarios.four_gates.orders import OrderLine, a_count, an_amount
from pratique.scenarios.four_gates.rules import Profile, Rate, Rules, Tariff
from pratique.scenarios.four_gates.words import Keywords

_ZERO: Final = Decimal(0)


class Reason(msgspec.Struct, frozen=True):
    """Why: a code, what it says, where that is written, and what it was told from."""

    code: str
    says: str
    source: str
    inputs: dict[str, str]


class ItemResult(msgspec.Struct, frozen=True, kw_only=True):
    """One line: value and duty in the game's currency, None when unknown; ``actions`` asked for at gate L4."""

    line: OrderLine
    number: int
    value: Decimal | None
    hs_code: str
    rate: Decimal | None
    duty: Decimal | None
    actions: tuple[str, ...]
    reasons: tuple[Reason, ...]


class OrderResult(msgspec.Struct, frozen=True, kw_only=True):
    """One order of an importer-day; ``duty`` is the sum of the lines whose duty is known, ``open_lines`` the others."""

    order_id: str
    day: str
    importer_name: str
    delivery_address: str
    lines: int
    value: Decimal
    duty: Decimal
    open_lines: int
    reasons: tuple[Reason, ...]


class DayResult(msgspec.Struct, frozen=True, kw_only=True):
    """One importer-day. ``total`` is what is known of it; ``is_dutiable`` None when that does not tell."""

    day: str
    importer_name: str
    delivery_address: str
    total: Decimal
    is_dutiable: bool | None
    is_split: bool
    each_under: bool
    duty: Decimal
    open_lines: int
    flagged_lines: int
    reasons: tuple[Reason, ...]
    orders: tuple[OrderResult, ...]
    items: tuple[ItemResult, ...]


class _Order(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of one order and their values; ``total`` is what is known of its sum, all of it when ``is_whole``."""

    lines: tuple[OrderLine, ...]
    values: tuple[Decimal | None, ...]
    total: Decimal
    is_whole: bool


class _Sum(msgspec.Struct, frozen=True, kw_only=True):
    """What the orders of an importer-day come to, and whether that is over the threshold; in words for reasons."""

    total: Decimal
    is_dutiable: bool | None
    words: dict[str, str]


class Gates:
    """The rules, the tariff and a classifier, ready for any number of importer-days."""

    def __init__(self, rules: Rules, tariff: Tariff, classify: Classifier) -> None:
        self.rules, self.tariff, self.classify = rules, tariff, classify
        self._says = {each.code: each for each in rules.reason}
        plurals = rules.settings.plurals
        self._profiles = [
            (each, Keywords(each.keywords, plurals=plurals)) for each in rules.profile
        ]
        self._found: dict[Texts, tuple[tuple[Profile, dict[str, str]], ...]] = {}

    def days_of(self, lines: Iterable[OrderLine]) -> list[DayResult]:
        """The importer-days of like names on one day, the lines in their order, each with the links between them."""
        with exactly():
            days = [self._day(list(group)) for _, group in groupby(lines, lambda each: each.group)]
            return [self._linked(each, days) for each in days] if len(days) > 1 else days

    def _day(self, lines: Sequence[OrderLine]) -> DayResult:
        first = lines[0]
        orders = [
            self._order(list(group)) for _, group in groupby(lines, lambda each: each.order_id)
        ]
        whole = self._sum(orders, first.day)
        of_items = [self._items(order, whole) for order in orders]
        results = [
            self._order_result(order, items, whole) for order, items in zip(orders, of_items, strict=True)
        ]  # fmt: skip
        under = all(each.is_whole and not self._is_over(each.total) for each in orders)
        split = len(orders) > 1 and whole.is_dutiable is True
        if self.rules.settings.split == "each_under":
            split = split and under
        told = {**whole.words, "orders": str(len(orders)), "each_alone_under": _yes(under)}
        return DayResult(
            day=first.day,
            importer_name=first.importer_name,
            delivery_address=first.delivery_address,
            total=whole.total,
            is_dutiable=whole.is_dutiable,
            is_split=split,
            each_under=under,
            duty=sum((each.duty for each in results), self._rounded(_ZERO)),
            open_lines=sum(each.open_lines for each in results),
            flagged_lines=sum(bool(each.actions) for items in of_items for each in items),
            reasons=(
                *([self._reason("G1-SPLIT", told)] if split else []),
                *self._nobody(first),
                self._why(whole, first),
            ),
            orders=tuple(results),
            items=tuple(each for items in of_items for each in items),
        )

    # L1: who, and how much in all

    def _order(self, lines: Sequence[OrderLine]) -> _Order:
        values = tuple(self._in_currency(each.value_inr) for each in lines)
        if self.rules.settings.summed == "order_totals":
            stated = {an_amount(each.total_order_value_inr) for each in lines}
            sums = [self._in_currency(stated.pop()) if len(stated) == 1 else None]
        else:
            sums = list(values)
        known = [each for each in sums if each is not None]
        return _Order(
            lines=tuple(lines),
            values=values,
            total=sum(known, _ZERO),
            is_whole=len(known) == len(sums),
        )

    def _sum(self, orders: Sequence[_Order], day: str) -> _Sum:
        total = sum((each.total for each in orders), _ZERO)
        whole = all(each.is_whole for each in orders)
        over = self._is_over(total)
        told = self._amount(total) if whole else f"{self._amount(total)} or more"
        return _Sum(
            total=total,
            is_dutiable=over if day and (whole or over) else None,
            words={"daily_total": told, "threshold": self._amount(self.rules.threshold.value)},
        )

    def _in_currency(self, amount: Decimal | None) -> Decimal | None:
        return None if amount is None else amount * self.rules.exchange_rate.value

    def _is_over(self, total: Decimal) -> bool:
        if self.rules.settings.compared == "rounded":
            total = self._rounded(total)
        return total > self.rules.threshold.value

    def _nobody(self, line: OrderLine) -> list[Reason]:
        if line.importer and line.address:
            return []
        told = {"importer_name": line.importer_name, "delivery_address": line.delivery_address}
        return [self._reason("G1-NO-IMPORTER", told)]

    def _order_result(self, order: _Order, items: Sequence[ItemResult], whole: _Sum) -> OrderResult:
        known = [each.duty for each in items if each.duty is not None]
        first = order.lines[0]
        return OrderResult(
            order_id=first.order_id,
            day=first.day,
            importer_name=first.importer_name,
            delivery_address=first.delivery_address,
            lines=len(items),
            value=sum((each for each in order.values if each is not None), _ZERO),
            duty=sum(known, self._rounded(_ZERO)),
            open_lines=len(items) - len(known),
            reasons=(*self._of_order(order), self._why(whole, first)),
        )

    def _of_order(self, order: _Order) -> list[Reason]:
        """Where what the order states of itself disagrees with its lines."""
        found = []
        prices = [each.value_inr for each in order.lines]
        summed = None if None in prices else sum((each for each in prices if each is not None), _ZERO)  # fmt: skip
        for stated in sorted({each.total_order_value_inr for each in order.lines}):
            if summed is not None and an_amount(stated) != summed:
                told = {"stated": stated, "sum_of_lines": _plain(summed)}
                found.append(self._reason("G1-ORDER-TOTAL", told))
        for stated in sorted({each.number_of_items for each in order.lines}):
            if a_count(stated) != len(order.lines):
                told = {"stated": stated, "lines": str(len(order.lines))}
                found.append(self._reason("G1-ITEM-COUNT", told))
        return found

    def _linked(self, day: DayResult, others: Sequence[DayResult]) -> DayResult:
        """With the indicator that like names ordered the same day; duty stays as it is."""
        if not day.day or not day.items[0].line.loose:
            return day
        together = sum((each.total for each in others), _ZERO)
        told = {
            "importer_days": str(len(others)),
            "together": self._amount(together),
            "over_threshold_together": _yes(self._is_over(together)),
        }
        return msgspec.structs.replace(day, reasons=(*day.reasons, self._reason("G1-LINK", told)))

    # L2: which heading

    def _classified(self, line: OrderLine, reasons: list[Reason]) -> str:
        given = line.hs_code.replace(".", "").replace(" ", "")
        if given.isascii() and given.isdigit() and 4 <= len(given) <= 10:
            reasons.append(self._reason("G2-GIVEN", {"hs_code": line.hs_code}))
            return given[:6]
        if given:
            reasons.append(self._reason("G2-INVALID", {"hs_code": line.hs_code}))
        found: Classification = self.classify(_texts(line))
        reasons.append(self._reason(found.reason, found.inputs))
        return found.hs_code

    # L3: what is owed

    def _items(self, order: _Order, whole: _Sum) -> list[ItemResult]:
        pairs = zip(order.lines, order.values, strict=True)
        return [
            self._item(line, number, value, whole)
            for number, (line, value) in enumerate(pairs, start=1)
        ]

    def _item(self, line: OrderLine, number: int, value: Decimal | None, whole: _Sum) -> ItemResult:
        reasons: list[Reason] = []
        hs_code = self._classified(line, reasons)
        rate = self.tariff.rate(hs_code) if hs_code else None
        duty, why = self._duty(line, value, rate, whole)
        flags = self._flags(line, value, whole.total)
        return ItemResult(
            line=line,
            number=number,
            value=value,
            hs_code=hs_code,
            rate=rate.rate if rate else None,
            duty=duty,
            actions=tuple(dict.fromkeys(action for action, _ in flags)),
            reasons=(*reasons, why, *(reason for _, reason in flags)),
        )

    def _duty(
        self, line: OrderLine, value: Decimal | None, rate: Rate | None, whole: _Sum
    ) -> tuple[Decimal | None, Reason]:
        if value is None:
            return None, self._reason("G3-NO-VALUE", {"item_price_inr": line.item_price_inr})
        why = self._why(whole, line)
        if not whole.is_dutiable:
            return (None if whole.is_dutiable is None else self._rounded(_ZERO)), why
        if rate is None:
            return None, self._reason("G3-NO-RATE", whole.words)
        told = {
            "price": f"{line.item_price_inr} {self.rules.declared_currency}",
            "exchange_rate": str(self.rules.exchange_rate.value),
            "value": self._amount(value),
            "rate": f"{_plain(rate.rate * 100)} %",
            "tariff": rate.line,
            **whole.words,
        }
        return self._rounded(value * rate.rate), self._reason("G3-DUTY", told)

    def _why(self, whole: _Sum, line: OrderLine) -> Reason:
        """Whether duty is due that day, and why, or why nobody can say."""
        if not line.day:
            return self._reason("G1-NO-DAY", {"timestamp": line.timestamp})
        code = {True: "G3-DUTY", False: "G3-FREE", None: "G3-TOTAL-UNKNOWN"}[whole.is_dutiable]
        return self._reason(code, whole.words)

    def _rounded(self, amount: Decimal) -> Decimal:
        settings = self.rules.settings
        return round_exact(amount, settings.rounding_step, settings.rounding)

    # L4: is it dangerous

    def _flags(
        self, line: OrderLine, value: Decimal | None, total: Decimal
    ) -> list[tuple[str, Reason]]:
        compared = value if self.rules.settings.profile_value == "line" else total
        found: list[tuple[str, Reason]] = []
        for profile, words in self._matching(_texts(line)):
            told = dict(words)
            if profile.over is not None:
                if compared is not None and compared <= profile.over:
                    continue
                told["value"] = "unknown" if compared is None else self._amount(compared)
                told["over"] = self._amount(profile.over)
            told["action"] = profile.action
            said = f"{profile.title}. {profile.ask}"
            found.append((profile.action, Reason(f"G4-{profile.id}", said, profile.source, told)))
        return found

    def _matching(self, texts: Texts) -> tuple[tuple[Profile, dict[str, str]], ...]:
        """The profiles whose words stand in the texts, whatever the value, each with word and field."""
        known = self._found.get(texts)
        if known is None:
            if len(self._found) >= _MOST_TEXTS:
                self._found.clear()
            known = self._found[texts] = tuple(
                (profile, told) for profile, keywords in self._profiles if (told := _first(keywords, texts))
            )  # fmt: skip
        return known

    def _reason(self, code: str, inputs: dict[str, str]) -> Reason:
        rule = self._says.get(code)
        assert rule is not None, f"rules.toml does not say what {code} means"
        return Reason(code, rule.says, rule.source, inputs)

    def _amount(self, amount: Decimal) -> str:
        return f"{_plain(amount)} {self.rules.currency}"


_MOST_TEXTS: Final = 50_000


def _texts(line: OrderLine) -> Texts:
    return Texts(line.product_category, line.product_title, line.description)


def _first(keywords: Keywords, texts: Texts) -> dict[str, str] | None:
    for field, text in (
        ("product_category", texts.category),
        ("product_title", texts.title),
        ("description", texts.description),
    ):
        for found in keywords.find(text):
            return {"field": field, "word": found.words, "keyword": found.keyword}
    return None


def _plain(amount: Decimal) -> str:
    """An amount as it is, without zeros that say nothing, but with its cents."""
    whole, _, fraction = format(amount, "f").partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
