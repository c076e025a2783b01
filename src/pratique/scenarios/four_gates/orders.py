"""What does a line of the order file say? Its day, its amounts and whose it is, read strictly and never guessed.

Amounts may have a sign or name of the declared currency and commas between thousands, or lakhs and crores; anything
else is no amount. A timestamp with an offset is taken as that moment; one without is as the settings say.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Final

import msgspec

from pratique.errors import Fault, MessageError
from pratique.scenarios.four_gates.words import folded, loosened

COLUMNS: Final = (
    "order_id", "timestamp", "importer_name", "delivery_address", "pid", "product_category", "product_title",
    "description", "image_url", "item_price_inr", "total_order_value_inr", "number_of_items",
)  # fmt: skip
OPTIONAL: Final = ("hs_code",)
_GROUPED: Final = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3}|[0-9]{1,15}"
_AMOUNT: Final = re.compile(
    rf"(?:(?:₹|INR|Rs\.?)\s*)?({_GROUPED})(\.[0-9]{{1,6}})?(?:\s*(?:₹|INR))?", re.IGNORECASE
)
_DAY_FIRST: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?", re.DOTALL | re.ASCII)
_MOST_LENGTH: Final = 40


class OrderLine(msgspec.Struct, frozen=True, array_like=True):
    """A line as it stands in the file, and ``day`` (empty: unreadable) and folded names it is grouped by.

    Its order of fields is the order in which lines are sorted: by day, like names, name, address, order.
    """

    day: str
    loose: str
    importer: str
    address: str
    order_id: str
    timestamp: str
    importer_name: str
    delivery_address: str
    pid: str
    product_category: str
    product_title: str
    description: str
    image_url: str
    item_price_inr: str
    total_order_value_inr: str
    number_of_items: str
    hs_code: str

    @property
    def group(self) -> tuple[str, str, str]:
        """The importer-day: day, folded name, folded address."""
        return self.day, self.importer, self.address

    @property
    def value_inr(self) -> Decimal | None:
        """The price of the line in the declared currency."""
        return an_amount(self.item_price_inr)


class Reader:
    """Makes lines of rows, given where the columns stand, the zone of the day and how bare timestamps are meant."""

    def __init__(self, header: Sequence[str], zone: tzinfo, bare: tzinfo, name: str) -> None:
        names = [each.strip() for each in header]
        missing = [each for each in COLUMNS if each not in names]
        twice = sorted({each for each in names if names.count(each) > 1})
        if missing or twice:
            said = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(twice)} twice"
            raise MessageError(
                "columns",
                f"{name} {said}.",
                [Fault(pointer="line 1", message=f"The first line {said}.", hint=f"Columns are {', '.join(COLUMNS)}, and hs_code if you have it.")],
            )  # fmt: skip
        self._places = [names.index(each) for each in COLUMNS]
        self._hs = names.index("hs_code") if "hs_code" in names else None
        self.width = len(names)
        self._zone, self._bare = zone, bare

    def line(self, row: Sequence[str]) -> OrderLine:
        """A row of ``width`` cells as a line."""
        order, stamp, name, place, *rest = [row[each] for each in self._places]
        importer = folded(name)
        hs = row[self._hs] if self._hs is not None else ""
        day = _day(stamp, self._zone, self._bare)
        who = [_loose(importer), importer, folded(place)]
        return OrderLine(*[day, *who, order, stamp, name, place, *rest, hs])


@functools.lru_cache(50_000)
def _loose(importer: str) -> str:
    return loosened(importer)


@functools.lru_cache(50_000)
def _day(text: str, zone: tzinfo, bare: tzinfo) -> str:
    """The civil day of a timestamp in the zone; empty when it cannot be read in one way only."""
    stamp = text.strip()
    if len(stamp) > _MOST_LENGTH or not _DAY_FIRST.fullmatch(stamp):
        return ""
    try:
        moment = datetime.fromisoformat(stamp)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=bare)
        return moment.astimezone(UTC).astimezone(zone).date().isoformat()
    except (ValueError, OverflowError):
        return ""


@functools.lru_cache(50_000)
def an_amount(text: str) -> Decimal | None:
    """An amount written plainly; None when it is none, or could be read in two ways."""
    found = _AMOUNT.fullmatch(text.strip()) if len(text) <= _MOST_LENGTH else None
    return Decimal(found[1].replace(",", "") + (found[2] or "")) if found else None


def a_count(text: str) -> int | None:
    """A whole number, None when it is none."""
    bare = text.strip()
    return int(bare) if re.fullmatch(r"[0-9]{1,6}", bare) else None
