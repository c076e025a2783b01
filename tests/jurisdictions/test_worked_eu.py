"""European Union: examples reckoned by hand from the acts, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border.
"""

from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums

SHIRT = "hs=610910,value={},origin=CN,what=cotton T-shirt"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
CURRENCIES = {"bg": "BGN", "dk": "DKK", "pl": "PLN", "ro": "RON", "se": "SEK"}
RATES = {"BGN": "1.95583", "DKK": "7.44", "PLN": "4.50", "RON": "4.92", "SEK": "10.20"}


def reckon(place: str, on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote, in the currency of the place unless another is named."""
    currency = more.pop("currency", CURRENCIES.get(place, "EUR"))
    if currency in RATES and "fx" not in more:
        more["fx"] = {"EUR": RATES[currency]}
    return sums(ask(place, on, line, currency=currency, **more))


@pytest.mark.parametrize(
    ("place", "value", "more", "wanted"),
    [
        # EUR 22 of goods; freight does not count towards it, but is taxed above it
        ("nl", "22.00", {"freight": "35.00"}, NOTHING),
        ("nl", "22.01", {}, "0.00 4.62 0.00 0.00 4.62"),
        ("at", "22.00", {}, NOTHING),
        # in Ireland transport counts: 20 + 2 is free, 20 + 8 is not (28 x 23 % = 6.44)
        ("ie", "20.00", {"freight": "2.00"}, NOTHING),
        ("ie", "20.00", {"freight": "8.00"}, "0.00 6.44 0.00 0.00 6.44"),
        # lower limits: EUR 10 in Romania, 15 in Bulgaria, 17 in Cyprus; under DKK 80 in Denmark
        ("ro", "49.20", {}, NOTHING),
        ("ro", "49.21", {}, "0.00 9.35 0.00 0.00 9.35"),
        ("bg", "29.33", {}, NOTHING),
        ("bg", "29.34", {}, "0.00 5.87 0.00 0.00 5.87"),
        ("cy", "17.00", {}, NOTHING),
        ("cy", "17.01", {}, "0.00 3.23 0.00 0.00 3.23"),
        ("dk", "79.99", {}, NOTHING),
        ("dk", "80.00", {}, "0.00 20.00 0.00 0.00 20.00"),
        # France, Poland and Sweden never freed what consumers order from afar, only the rest
        ("fr", "20.00", {}, "0.00 4.00 0.00 0.00 4.00"),
        ("fr", "20.00", {"flow": "b2b"}, NOTHING),
        ("pl", "80.00", {}, "0.00 18.40 0.00 0.00 18.40"),
        ("se", "200.00", {}, "0.00 50.00 0.00 0.00 50.00"),
        # perfume was outside the relief from the first cent
        ("nl", "10.00", {"hs": "330300"}, "0.00 2.10 0.00 0.00 2.10"),
    ],
)
def test_small_consignments_were_free_of_vat_until_the_middle_of_2021(
    place: str, value: str, more: dict[str, Any], wanted: str
) -> None:
    rest = {name: given for name, given in more.items() if name != "hs"}
    line = f"hs={more.get('hs', '610910')},value={value},origin=CN,duty=0%"
    assert reckon(place, "2021-06-30", line, **rest) == (wanted, False)
    later, _ = reckon(place, "2021-07-01", line, **rest)
    assert later != NOTHING
