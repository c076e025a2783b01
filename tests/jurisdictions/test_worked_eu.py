"""European Union: examples reckoned by hand from the acts, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pratique.model.evidence import Fixing
from tests.jurisdictions.asked import DESK, ask, sums

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


SHOES = "hs=640399,value={},origin=CN,what=shoes"
TOY = "hs=950300,value={},origin=CN,what=toy"
RED = "hs=6109100010,value={},origin=CN,what=red T-shirt"
BLUE = "hs=6109100090,value={},origin=CN,what=blue T-shirt"
IOSS: dict[str, Any] = {"scheme_number": True}


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # the day before: free up to EUR 150; the day of: EUR 3, and VAT on it at the border
        ("2026-06-30", SHIRT.format("100.00"), {}, "0.00 19.00 0.00 0.00 19.00"),
        ("2026-07-01", SHIRT.format("100.00"), {}, "3.00 19.57 0.00 0.00 22.57"),
        # at sale VAT is on the price and the delivery alone, the EUR 3 are paid at the border
        ("2026-06-30", SHIRT.format("100.00"), IOSS, "0.00 19.00 0.00 19.00 0.00"),
        ("2026-07-01", SHIRT.format("100.00"), IOSS, "3.00 19.00 0.00 19.00 3.00"),
        ("2026-07-01", SHIRT.format("100.00"), {**IOSS, "freight": "9.90"}, "3.00 20.88 0.00 20.88 3.00"),
        # pieces do not count, tariff items do: three lines of one subheading are one item
        ("2026-07-01", SHIRT.format("50.00,qty=5"), {}, "3.00 10.07 0.00 0.00 13.07"),
        (
            "2026-07-01",
            ";".join([SHIRT.format("20.00")] * 3),
            {},
            "3.00 11.97 0.00 0.00 14.97",
        ),
        # three subheadings are three items: 53, 63 and 33 at 19 % are 10.07, 11.97 and 6.27
        (
            "2026-07-01",
            ";".join([SHIRT.format("50.00"), SHOES.format("60.00"), TOY.format("30.00")]),
            {},
            "9.00 28.31 0.00 0.00 37.31",
        ),
        # two ten-digit codes of one subheading: two items in H1, one in H7 and when no data set is named
        ("2026-07-01", f"{RED};{BLUE}".format("20.00", "20.00"), {"dataset": "H1"}, "6.00 8.74 0.00 0.00 14.74"),
        ("2026-07-01", f"{RED};{BLUE}".format("20.00", "20.00"), {"dataset": "H7"}, "3.00 8.17 0.00 0.00 11.17"),
        ("2026-07-01", f"{RED};{BLUE}".format("20.00", "20.00"), {}, "3.00 8.17 0.00 0.00 11.17"),
        # exactly EUR 150 of goods, freight not counted; a cent more is the ordinary tariff
        ("2026-07-01", SHIRT.format("150.00"), {"freight": "30.00"}, "3.00 34.77 0.00 0.00 37.77"),
        ("2026-07-01", SHIRT.format("150.01,duty=12%"), {}, "18.00 31.92 0.00 0.00 49.92"),
        # preferential origin: the tariff when declared in H1 outside IOSS, the EUR 3 otherwise
        (
            "2026-07-01",
            RED.format("100.00,duty=0%,preference=EVFTA"),
            {"dataset": "H1"},
            "0.00 19.00 0.00 0.00 19.00",
        ),
        (
            "2026-07-01",
            RED.format("100.00,duty=0%,preference=EVFTA"),
            {"dataset": "H7"},
            "3.00 19.57 0.00 0.00 22.57",
        ),
        (
            "2026-07-01",
            RED.format("100.00,duty=0%,preference=EVFTA"),
            {"dataset": "H1", **IOSS},
            "3.00 19.00 0.00 19.00 3.00",
        ),
        # a business buyer: relieved up to EUR 150 until the end of June, then the tariff from the first euro
        ("2026-06-30", SHIRT.format("100.00"), {"flow": "b2b"}, "0.00 19.00 0.00 0.00 19.00"),
        ("2026-07-01", SHIRT.format("100.00,duty=12%"), {"flow": "b2b"}, "12.00 21.28 0.00 0.00 33.28"),
        # perfume was never relieved, but takes the EUR 3 too
        ("2026-06-30", "hs=330300,value=100.00,duty=0%", {}, "0.00 19.00 0.00 0.00 19.00"),
        ("2026-07-01", "hs=330300,value=100.00", {}, "3.00 19.57 0.00 0.00 22.57"),
        # the EUR 3 end with 30 June 2028
        ("2028-06-30", SHIRT.format("100.00,duty=12%"), {}, "3.00 19.57 0.00 0.00 22.57"),
        ("2028-07-01", SHIRT.format("100.00,duty=12%"), {}, "12.00 21.28 0.00 0.00 33.28"),
    ],
)  # fmt: skip
def test_hard_case_1_the_duty_of_three_euro_a_tariff_item(
    on: str, line: str, more: dict[str, Any], wanted: str
) -> None:
    assert reckon("de", on, line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("on", "line", "wanted", "because"),
    [
        # IOSS carries its own duty relief until June 2026, then the EUR 3, then the tariff
        ("2026-06-30", SHIRT.format("100.00"), "0.00 19.00 0.00 19.00 0.00", "up to EUR 150"),
        ("2028-06-30", SHIRT.format("100.00"), "3.00 19.00 0.00 19.00 3.00", "EUR 3 a tariff item"),
        ("2028-07-01", SHIRT.format("100.00,duty=12%"), "12.00 19.00 0.00 19.00 12.00", ""),
    ],
)
def test_duty_under_ioss_is_explained_and_falls_due_once_nothing_replaces_it(
    on: str, line: str, wanted: str, because: str
) -> None:
    answer = ask("de", on, line, currency="EUR", **IOSS)
    assert sums(answer) == (wanted, False)
    said = [each.because for each in answer.not_due if each.name == "import_duty"]
    assert [because in each for each in said] == ([True] if because else [])


def test_under_ioss_an_unknown_rate_of_duty_is_asked_for_from_the_middle_of_2028() -> None:
    answer = ask("de", "2028-07-01", SHIRT.format("100.00"), currency="EUR", **IOSS)
    assert [each.about for each in answer.needs_human] == ["import_duty"]


def test_the_duty_of_three_euro_is_converted_where_the_euro_is_not_the_currency() -> None:
    # 3 x 11.2345 = 33.7035; (1000 + 33.70) x 25 % = 258.425
    fx = {"EUR": "11.2345"}
    assert reckon("se", "2026-07-01", SHIRT.format("1000.00"), fx=fx) == (
        "33.70 258.43 0.00 0.00 292.13",
        False,
    )


def test_a_business_without_a_rate_of_duty_is_asked_for_it_only_when_duty_is_due() -> None:
    line = SHIRT.format("100.00")
    assert not reckon("de", "2026-06-30", line, flow="b2b")[1]
    asked = ask("de", "2026-07-01", line, currency="EUR", flow="b2b").needs_human
    assert "give the rate as duty=" in " ".join(each.because for each in asked)


GIFT: dict[str, Any] = {"flow": "c2c"}


def gifts(*values: str) -> str:
    """One line for each value."""
    return ";".join(SHIRT.format(value) for value in values)


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # EUR 45 of goods; the postage does not count towards it, but is taxed above it
        ("2024-05-01", gifts("45.00"), {"freight": "12.00"}, NOTHING),
        ("2024-05-01", gifts("45.01"), {}, "0.00 9.00 0.00 0.00 9.00"),
        ("2024-05-01", gifts("46.00"), {"freight": "4.00"}, "0.00 10.00 0.00 0.00 10.00"),
        # 30 fits, 25 no longer does and is taxed in full
        ("2024-05-01", gifts("30.00", "25.00"), {}, "0.00 5.00 0.00 0.00 5.00"),
        # the one above the limit is taxed, the two beside it are free together
        ("2024-05-01", gifts("20.00", "50.00", "20.00"), {}, "0.00 10.00 0.00 0.00 10.00"),
        ("2024-05-01", gifts("46.00", "10.00"), {}, "0.00 9.20 0.00 0.00 9.20"),
        ("2024-05-01", SHIRT.format("45.00,qty=3"), {}, NOTHING),
        # up to EUR 150 gifts were free of duty as well, until the end of June 2026
        ("2026-06-30", SHIRT.format("80.00,duty=12%"), {}, "0.00 16.00 0.00 0.00 16.00"),
        ("2026-07-01", SHIRT.format("80.00,duty=12%"), {}, "9.60 17.92 0.00 0.00 27.52"),
        ("2026-07-01", gifts("45.00"), {}, NOTHING),
        # the flat rate of 2.5 % in place of the tariff, as the declarant may choose
        ("2026-07-01", SHIRT.format("80.00,duty=2.5%"), {}, "2.00 16.40 0.00 0.00 18.40"),
        ("2024-05-01", SHIRT.format("800.00,duty=12%"), {}, "96.00 179.20 0.00 0.00 275.20"),
        # the number of a seller changes nothing for a gift
        ("2024-05-01", gifts("45.00"), {"scheme_number": True}, NOTHING),
    ],
)
def test_hard_case_15_gifts_between_private_persons(
    on: str, line: str, more: dict[str, Any], wanted: str
) -> None:
    assert reckon("fr", on, line, **GIFT, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # two of three pieces at 20 are free, the third is taxed with a third of the postage
        (SHIRT.format("60.00,qty=3"), {}, "0.00 4.20 0.00 0.00 4.20"),
        (SHIRT.format("60.00,qty=3"), {"freight": "6.00"}, "0.00 4.62 0.00 0.00 4.62"),
        # no piece at 60 fits, all three at 15 do
        (SHIRT.format("120.00,qty=2"), {}, "0.00 25.20 0.00 0.00 25.20"),
        (SHIRT.format("45.00,qty=3"), {}, NOTHING),
        # one of ten at 30 is free; 270 x 2.5 %, 276.75 x 21 %
        (SHIRT.format("300.00,qty=10"), {}, "6.75 58.12 0.00 0.00 64.87"),
    ],
)
def test_hard_case_5_pieces_of_one_line_are_allocated_to_the_limit(
    line: str, more: dict[str, Any], wanted: str
) -> None:
    assert reckon("nl", "2024-05-01", line, **GIFT, **more) == (wanted, False)


def test_pieces_beside_other_lines_ask_for_lines_of_their_own() -> None:
    line = SHIRT.format("60.00,qty=3") + ";" + SHIRT.format("5.00")
    answer = ask("nl", "2024-05-01", line, currency="EUR", **GIFT)
    assert "gift_pieces" in {each.about for each in answer.needs_human}


@pytest.mark.parametrize(
    ("on", "line", "wanted", "told"),
    [
        # without a rate 2.5 %, or none on goods that are free; a rate that is given is taken
        ("2026-07-15", SHIRT.format("80.00"), "2.00 17.22 0.00 0.00 19.22", "gift_flat_rate_taken"),
        ("2026-07-15", SHIRT.format("80.00,duty=12%"), "9.60 18.82 0.00 0.00 28.42", "gift_flat_rate"),
        ("2026-07-15", SHIRT.format("80.00,duty=0%"), "0.00 16.80 0.00 0.00 16.80", ""),
        ("2026-07-15", "hs=851713,value=80.00", "0.00 16.80 0.00 0.00 16.80", "gift_flat_rate_taken"),
        ("2026-06-30", SHIRT.format("80.00,duty=12%"), "0.00 16.80 0.00 0.00 16.80", ""),
        ("2026-07-15", SHIRT.format("45.00,duty=12%"), NOTHING, ""),
        ("2024-05-01", SHIRT.format("700.00"), "17.50 150.68 0.00 0.00 168.18", "gift_flat_rate_taken"),
        ("2026-07-15", SHIRT.format("701.00,duty=12%"), "84.12 164.88 0.00 0.00 249.00", ""),
    ],
)  # fmt: skip
def test_a_gift_above_the_relief_pays_the_flat_rate_of_duty(
    on: str, line: str, wanted: str, told: str
) -> None:
    answer = ask("nl", on, line, currency="EUR", **GIFT)
    assert sums(answer) == (wanted, False)
    cautions = {each.about for each in answer.cautions}
    assert cautions & {"gift_flat_rate", "gift_flat_rate_taken"} == ({told} if told else set())


def test_a_gift_of_more_than_700_euro_asks_for_the_rate() -> None:
    assert reckon("nl", "2024-05-01", SHIRT.format("700.01"), **GIFT)[1]


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # (100 + 2.90) x 25.5 % = 26.2395, rounded once
        ("100.00", {}, "0.00 26.24 0.00 0.00 26.24"),
        # sold under IOSS or given as a gift: no import VAT, so none on the fee
        ("100.00", IOSS, "0.00 25.50 0.00 25.50 0.00"),
        ("45.00", GIFT, NOTHING),
    ],
)
def test_hard_case_8_finland_taxes_the_handling_fee_of_the_carrier(
    line: str, more: dict[str, Any], wanted: str
) -> None:
    fee = {"handling": "2.90"}
    assert reckon("fi", "2025-03-01", SHIRT.format(line), fee=fee, **more) == (wanted, False)


def test_without_a_fee_the_finnish_answer_does_not_mention_it() -> None:
    answer = ask("fi", "2025-03-01", SHIRT.format("100.00"), currency="EUR")
    assert "import_vat_on_fee" not in {each.name for each in (*answer.charges, *answer.not_due)}


@pytest.mark.parametrize(
    ("on", "value", "more", "wanted"),
    [
        # until June 2021 less than EUR 5 was not collected: 26.28 x 19 % = 4.99, 26.29 x 19 % = 5.00
        ("2021-06-30", "26.28", {}, NOTHING),
        ("2021-06-30", "26.29", {}, "0.00 5.00 0.00 0.00 5.00"),
        # since then less than EUR 1: 5.23 x 19 % = 0.99, 5.24 x 19 % = 1.00
        ("2021-07-01", "5.23", {}, NOTHING),
        ("2021-07-01", "5.24", {}, "0.00 1.00 0.00 0.00 1.00"),
        # VAT charged at sale knows no such limit
        ("2021-07-01", "5.00", IOSS, "0.00 0.95 0.00 0.95 0.00"),
        # with the EUR 3 of duty the charges are never below EUR 1
        ("2026-07-01", "1.00", {}, "3.00 0.76 0.00 0.00 3.76"),
    ],
)
def test_hard_case_4_germany_does_not_collect_small_amounts(
    on: str, value: str, more: dict[str, Any], wanted: str
) -> None:
    assert reckon("de", on, SHIRT.format(value), **more) == (wanted, False)


FLAT: dict[str, Any] = {"flow": "c2c", "dataset": "FLAT"}


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # one rate for duty and VAT: 17.5 %, or 15 % with preferential origin
        (SHIRT.format("100.00"), FLAT, "0.00 17.50 0.00 0.00 17.50"),
        (SHIRT.format("100.00,preference=CETA"), FLAT, "0.00 15.00 0.00 0.00 15.00"),
        (SHIRT.format("45.00"), FLAT, NOTHING),
        # up to EUR 700; above it the tariff and VAT
        (SHIRT.format("700.00,duty=12%"), FLAT, "0.00 122.50 0.00 0.00 122.50"),
        (SHIRT.format("700.01,duty=12%"), FLAT, "84.00 148.96 0.00 0.00 232.96"),
        # when the tariff is asked for
        (SHIRT.format("100.00,duty=12%"), GIFT, "0.00 19.00 0.00 0.00 19.00"),
    ],
)
def test_germany_has_one_flat_rate_for_gifts(line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon("de", "2024-05-01", line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "wanted", "told"),
    [
        # nobody asked for the tariff: 17.5 %
        (SHIRT.format("100.00"), "0.00 17.50 0.00 0.00 17.50", "flat_rate"),
        (SHIRT.format("100.00,duty=12%"), "0.00 19.00 0.00 0.00 19.00", "flat_rate_forgone"),
        # goods that are free in the tariff do not bear it: 7 % on a book
        ("hs=490199,value=100.00", "0.00 7.00 0.00 0.00 7.00", "flat_rate_forgone"),
        (SHIRT.format("45.00"), NOTHING, ""),
        # four of six pieces at 10 fit
        (SHIRT.format("60.00,qty=6"), "0.00 3.50 0.00 0.00 3.50", "flat_rate"),
    ],
)
def test_a_gift_to_germany_bears_the_flat_rate_unless_a_rate_is_given(
    line: str, wanted: str, told: str
) -> None:
    answer = ask("de", "2024-05-01", line, currency="EUR", **GIFT)
    assert sums(answer) == (wanted, False)
    cautions = {each.about for each in answer.cautions}
    assert cautions & {"flat_rate", "flat_rate_forgone"} == ({told} if told else set())


@pytest.mark.parametrize(
    ("on", "value", "more", "wanted"),
    [
        # 26.08 x 23 % = 5.998 and 26.10 x 23 % = 6.003 are both EUR 6.00; 26.12 x 23 % = 6.01
        ("2021-06-30", "26.10", {}, NOTHING),
        ("2021-06-30", "26.12", {}, "0.00 6.01 0.00 0.00 6.01"),
        ("2021-06-30", "20.00", {"freight": "5.00"}, NOTHING),
        ("2021-07-01", "1.00", {}, "0.00 0.23 0.00 0.00 0.23"),
    ],
)
def test_ireland_did_not_collect_six_euro_of_vat_until_the_middle_of_2021(
    on: str, value: str, more: dict[str, Any], wanted: str
) -> None:
    assert reckon("ie", on, SHIRT.format(value), **more) == (wanted, False)


@pytest.mark.parametrize(
    ("on", "value", "more", "wanted"),
    [
        # RON 25 a parcel below EUR 150 (738.00 at 4.92), whoever buys; the seller owes it, whatever is in it
        ("2025-12-31", "100.00", {}, "0.00 21.00 0.00 0.00 21.00"),
        ("2026-01-01", "100.00", {}, "0.00 21.00 25.00 0.00 46.00"),
        ("2026-01-01", "100.00", IOSS, "0.00 21.00 25.00 21.00 25.00"),
        ("2026-01-01", "100.00", {"flow": "b2b"}, "0.00 21.00 25.00 0.00 46.00"),
        ("2026-01-01", "737.99", {}, "0.00 154.98 25.00 0.00 179.98"),
        # at EUR 150 no longer, though it is still free of customs duty
        ("2026-01-01", "738.00", {}, "0.00 154.98 0.00 0.00 154.98"),
        # a gift has no commercial value
        ("2026-01-01", "200.00", GIFT, NOTHING),
    ],
)
def test_romania_charges_parcels_below_the_limit(
    on: str, value: str, more: dict[str, Any], wanted: str
) -> None:
    assert reckon("ro", on, SHIRT.format(value), **more) == (wanted, False)


PAIR = ";".join([SHIRT.format("20.00"), SHOES.format("30.00")])


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # EUR 2 for each subheading, from 1 March to the day the EU duty starts
        ("2026-02-28", PAIR, {}, "0.00 10.00 0.00 0.00 10.00"),
        ("2026-03-01", PAIR, {}, "0.00 10.00 4.00 0.00 14.00"),
        ("2026-03-01", f"{RED};{BLUE}".format("20.00", "20.00"), IOSS, "0.00 8.00 2.00 8.00 2.00"),
        # in every flow of import, up to EUR 150
        ("2026-03-01", PAIR, {"flow": "b2b"}, "0.00 10.00 4.00 0.00 14.00"),
        ("2026-03-01", SHIRT.format("150.00"), {}, "0.00 30.00 2.00 0.00 32.00"),
        ("2026-03-01", SHIRT.format("150.01,duty=12%"), {}, "18.00 33.60 0.00 0.00 51.60"),
    ],
)  # fmt: skip
def test_france_charges_each_heading_of_small_parcels(
    on: str, line: str, more: dict[str, Any], wanted: str
) -> None:
    assert reckon("fr", on, line, **more) == (wanted, False)


def test_after_june_2026_the_french_charge_is_a_note_and_no_amount() -> None:
    answer = ask("fr", "2026-07-01", PAIR, currency="EUR")
    assert sums(answer) == ("6.00 11.20 0.00 0.00 17.20", False)
    assert "national_fee" in {each.about for each in answer.cautions}


def test_hard_case_24_the_italian_contribution_is_a_note_for_every_small_consignment() -> None:
    # it goes by the customs value: EUR 145 with EUR 6 of freight is above its limit
    for value, freight, told in (("145.00", "5.00", True), ("145.00", "6.00", False)):
        for flow in ("b2c", "b2b", "c2c"):
            line = SHIRT.format(value)
            answer = ask("it", "2026-02-01", line, currency="EUR", freight=freight, flow=flow)
            assert ("national_fee" in {each.about for each in answer.cautions}) is told


@pytest.mark.parametrize(
    ("on", "value", "channel", "wanted"),
    [
        # 49.97 x 20 % = 9.99; by post the limit of EUR 3 lies below the relief of EUR 22 and does nothing
        ("2016-07-21", "49.97", "express", NOTHING),
        ("2016-07-21", "49.98", "express", "0.00 10.00 0.00 0.00 10.00"),
        ("2016-07-21", "49.97", "post", "0.00 9.99 0.00 0.00 9.99"),
        ("2016-07-22", "49.97", "express", "0.00 9.99 0.00 0.00 9.99"),
    ],
)
def test_austria_did_not_enter_small_amounts_until_2016(
    on: str, value: str, channel: str, wanted: str
) -> None:
    assert reckon("at", on, SHIRT.format(value), channel=channel) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (gifts("300.00"), NOTHING),
        (gifts("200.00", "100.00"), NOTHING),
        # one gift above the limit: 400 x 25 %
        (gifts("400.00"), "0.00 100.00 0.00 0.00 100.00"),
        # above the limit together: VAT on all of them, (200 + 250) x 25 %
        (gifts("200.00", "250.00"), "0.00 112.50 0.00 0.00 112.50"),
    ],
)
def test_hard_case_16_denmark_taxes_gifts_above_the_limit_together(line: str, wanted: str) -> None:
    # EUR 45 at 8.00 are DKK 360, the limit of the Danish administration
    assert reckon("dk", "2024-05-01", line, fx={"EUR": "8.00"}, **GIFT) == (wanted, False)


@pytest.mark.parametrize(
    ("place", "before", "until", "on", "after"),
    [
        ("de", "19.00", "2020-06-30", "2020-07-01", "16.00"),
        ("de", "16.00", "2020-12-31", "2021-01-01", "19.00"),
        ("ie", "23.00", "2020-08-31", "2020-09-01", "21.00"),
        ("ie", "21.00", "2021-02-28", "2021-03-01", "23.00"),
        ("lu", "17.00", "2022-12-31", "2023-01-01", "16.00"),
        ("lu", "16.00", "2023-12-31", "2024-01-01", "17.00"),
        ("ee", "20.00", "2023-12-31", "2024-01-01", "22.00"),
        ("ee", "22.00", "2025-06-30", "2025-07-01", "24.00"),
        ("ro", "19.00", "2025-07-31", "2025-08-01", "21.00"),
        ("sk", "20.00", "2024-12-31", "2025-01-01", "23.00"),
        ("fi", "24.00", "2024-08-31", "2024-09-01", "25.50"),
        ("gr", "23.00", "2016-05-31", "2016-06-01", "24.00"),
    ],
)
def test_the_rate_of_vat_changes_with_the_day(
    place: str, before: str, until: str, on: str, after: str
) -> None:
    for day, tax in ((until, before), (on, after)):
        wanted = f"0.00 {tax} 0.00 0.00 {tax}"
        assert reckon(place, day, SHIRT.format("100.00")) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # up to EUR 150 of goods: no duty; VAT at sale with a number, at the border without
        (SHIRT.format("149.99"), IOSS, "0.00 28.50 0.00 28.50 0.00"),
        (SHIRT.format("150.00"), IOSS, "0.00 28.50 0.00 28.50 0.00"),
        (SHIRT.format("150.00"), {**IOSS, "freight": "30.00"}, "0.00 34.20 0.00 34.20 0.00"),
        (SHIRT.format("150.00"), {"freight": "20.00"}, "0.00 32.30 0.00 0.00 32.30"),
        # a cent more: 150.01 x 12 % = 18.0012; 168.01 x 19 % = 31.9219; the number no longer helps
        (SHIRT.format("150.01,duty=12%"), IOSS, "18.00 31.92 0.00 0.00 49.92"),
        (SHIRT.format("150.01,duty=12%"), {}, "18.00 31.92 0.00 0.00 49.92"),
        # duty and VAT on price, freight and insurance: 225 x 12 %, 252 x 19 %
        (
            SHIRT.format("200.00,duty=12%"),
            {"freight": "20.00", "insurance": "5.00"},
            "27.00 47.88 0.00 0.00 74.88",
        ),
        # freight is shared by value over two lines: (60 + 7.20) and (40 + 4.80) at 19 %
        (
            SHIRT.format("60.00") + ";" + SHOES.format("40.00"),
            {"freight": "10.00", "insurance": "2.00"},
            "0.00 21.28 0.00 0.00 21.28",
        ),
        # duty of 0 % is a rate like any other
        ("hs=851713,value=500.00,duty=0%", {}, "0.00 95.00 0.00 0.00 95.00"),
        # IOSS is for consumers alone
        (SHIRT.format("100.00"), {**IOSS, "flow": "b2b"}, "0.00 19.00 0.00 0.00 19.00"),
        # without a code the goods are taken as ordinary ones
        ("value=100.00,what=thing", {}, "0.00 19.00 0.00 0.00 19.00"),
    ],
)
def test_goods_that_are_sold(line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon("de", "2024-05-01", line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("place", "currency", "value", "fx", "wanted"),
    [
        # EUR 150 at 11.2 are SEK 1,680; one öre more is above it
        ("se", "SEK", "1680.00", {"EUR": "11.2"}, "0.00 420.00 0.00 0.00 420.00"),
        ("se", "SEK", "1680.01,duty=12%", {"EUR": "11.2"}, "201.60 470.40 0.00 0.00 672.00"),
        # Denmark has an amount of its own, and needs no rate of the euro
        ("dk", "DKK", "1150.00", {}, "0.00 287.50 0.00 0.00 287.50"),
        ("dk", "DKK", "1150.01,duty=12%", {}, "138.00 322.00 0.00 0.00 460.00"),
        # USD 100 at 4.00 are PLN 400
        ("pl", "USD", "100.00", {"USD": "4.00", "EUR": "4.30"}, "0.00 92.00 0.00 0.00 92.00"),
        # 150 x 0.9231 = 138.465, not rounded before the tax: 26.308
        ("de", "USD", "150.00", {"USD": "0.9231"}, "0.00 26.31 0.00 0.00 26.31"),
        ("hu", "HUF", "10000.00", {"EUR": "390"}, "0.00 2700.00 0.00 0.00 2700.00"),
        ("cz", "CZK", "1000.00", {"EUR": "25"}, "0.00 210.00 0.00 0.00 210.00"),
    ],
)
def test_other_currencies(
    place: str, currency: str, value: str, fx: dict[str, str], wanted: str
) -> None:
    found = reckon(place, "2024-05-01", SHIRT.format(value), currency=currency, fx=fx)
    assert found == (wanted, False)


@pytest.mark.parametrize(
    ("place", "last", "first", "old"),
    [
        ("hr", "2022-12-31", "2023-01-01", "HRK"),
        ("bg", "2025-12-31", "2026-01-01", "BGN"),
        ("lt", "2014-12-31", "2015-01-01", "LTL"),
        ("lv", "2013-12-31", "2014-01-01", "LVL"),
    ],
)
def test_the_currency_changes_with_the_euro(place: str, last: str, first: str, old: str) -> None:
    line = SHIRT.format("100.00")
    assert ask(place, last, line, currency=old, fx={"EUR": "2"}).currency == old
    assert ask(place, first, line, currency="EUR").currency == "EUR"


@pytest.mark.parametrize(
    ("place", "on", "line", "more", "says"),
    [
        ("de", "2024-05-01", SHIRT.format("150.01"), {}, "give the rate as duty="),
        ("de", "2024-05-01", "hs=330790,value=200.00", {}, "give the rate as duty="),
        ("se", "2024-05-01", SHIRT.format("1600.00"), {"fx": {"USD": "10"}}, "--fx EUR=RATE"),
        ("de", "2024-05-01", SHIRT.format("100.00"), {"currency": "USD"}, "--fx USD=RATE"),
        # which goods are one tariff item cannot be told without codes
        ("de", "2026-07-01", "value=50.00,what=thing;value=50.00,what=other", {}, "how many times EUR 3"),
        # alcohol and tobacco bear excise, and one bottle takes the whole parcel out of IOSS
        ("de", "2024-05-01", "hs=220421,value=100.00,duty=0%", IOSS, "excise duty"),
        (
            "de",
            "2024-05-01",
            SHIRT.format("100.00") + ";hs=220421,value=20.00,duty=0%",
            IOSS,
            "excise duty",
        ),
    ],
)  # fmt: skip
def test_what_a_person_must_settle(
    place: str, on: str, line: str, more: dict[str, Any], says: str
) -> None:
    currency = more.get("currency", CURRENCIES.get(place, "EUR"))
    rest = {name: given for name, given in more.items() if name != "currency"}
    answer = ask(place, on, line, currency=currency, **rest)
    assert says in " ".join(each.because for each in answer.needs_human)
    assert not answer.total(moment="sale")


@pytest.mark.parametrize(
    ("place", "on"), [("de", "2024-05-01"), ("fi", "2019-05-01"), ("ie", "2019-05-01")]
)
def test_an_unknown_rate_of_duty_is_what_is_asked_for_and_no_relief(place: str, on: str) -> None:
    answer = ask(place, on, SHIRT.format("200.00"), currency="EUR")
    asked = {each.about: each.because for each in answer.needs_human}
    assert "give the rate as duty=" in asked["import_duty"]
    assert "relieved" not in " ".join(asked.values())


@pytest.mark.parametrize(
    ("place", "currency", "told"),
    [("de", "EUR", True), ("fi", "EUR", False), ("gb", "GBP", True), ("au", "AUD", True)],
)
def test_a_fee_that_changes_nothing_is_not_passed_over_in_silence(
    place: str, currency: str, told: bool
) -> None:
    line = SHIRT.format("100.00")
    bare = ask(place, "2024-05-01", line, currency=currency)
    with_fee = ask(place, "2024-05-01", line, currency=currency, fee={"clearance": "13.00"})
    assert "fee" not in {each.about for each in bare.cautions}
    assert ("fee" in {each.about for each in with_fee.cautions}) is told
    assert (bare.total() == with_fee.total()) is told


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # perfume is no excise good, so it may be sold under IOSS, but it had no relief from duty
        ("2024-05-01", "hs=330300,value=100.00,duty=0%", IOSS, "0.00 19.00 0.00 19.00 0.00"),
        ("2024-05-01", "hs=330300,value=100.00,duty=2%", IOSS, "2.00 19.00 0.00 19.00 2.00"),
        ("2024-05-01", "hs=330300,value=100.00,duty=2%", {}, "2.00 19.38 0.00 0.00 21.38"),
        ("2026-07-01", "hs=330300,value=100.00", IOSS, "3.00 19.00 0.00 19.00 3.00"),
    ],
)
def test_perfume(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon("de", on, line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("place", "on", "rate", "tax"),
    [
        ("de", "2025-03-01", None, "7.00"),
        ("de", "2020-06-30", None, "7.00"),
        ("de", "2020-07-01", None, "5.00"),
        ("fr", "2025-03-01", None, "5.50"),
        ("ie", "2025-03-01", None, "0.00"),
        ("be", "2025-03-01", None, "6.00"),
        ("nl", "2018-12-31", None, "6.00"),
        ("nl", "2019-01-01", None, "9.00"),
        ("fi", "2024-12-31", None, "10.00"),
        ("fi", "2025-01-01", None, "14.00"),
        ("cz", "2023-12-31", "CZK", "12.00"),
        ("cz", "2024-01-01", "CZK", "0.00"),
        ("sk", "2025-01-01", None, "5.00"),
        ("ro", "2025-08-01", "RON", "11.00"),
        ("lv", "2022-01-01", None, "5.00"),
        ("se", "2025-03-01", "SEK", "6.00"),
        ("dk", "2025-03-01", "DKK", "25.00"),
    ],
)
def test_books_bear_the_rate_of_the_member(place: str, on: str, rate: str | None, tax: str) -> None:
    # 100 of books; the Czech rate of 2023 was 10 %, so 120 of them give 12.00
    value = "120.00" if tax == "12.00" else "100.00"
    answer = ask(place, on, f"hs=490199,value={value}", currency=rate or "EUR")
    assert sums(answer) == (f"0.00 {tax} 0.00 0.00 {tax}", False)


@pytest.mark.parametrize(
    ("place", "currency", "value", "flow", "wanted", "asked"),
    [
        # far from the limits nobody needs a rate of the euro; near them it is asked for
        ("se", "SEK", "1300.00", "b2c", "0.00 325.00 0.00 0.00 325.00", False),
        ("se", "SEK", "1500.00", "b2c", "0.00 375.00 0.00 0.00 375.00", True),
        ("se", "SEK", "400.00", "c2c", NOTHING, False),
        ("pl", "PLN", "500.00", "b2c", "0.00 115.00 0.00 0.00 115.00", False),
        ("cz", "CZK", "3000.00", "b2c", "0.00 630.00 0.00 0.00 630.00", False),
        ("hu", "HUF", "30000.00", "b2c", "0.00 8100.00 0.00 0.00 8100.00", False),
        ("ro", "RON", "600.00", "b2c", "0.00 114.00 0.00 0.00 114.00", False),
        ("bg", "BGN", "293.37", "b2c", "0.00 58.67 0.00 0.00 58.67", False),
        ("dk", "DKK", "360.00", "c2c", NOTHING, False),
    ],
)
def test_outside_the_euro_a_parcel_far_from_the_limits_needs_no_rate(
    place: str, currency: str, value: str, flow: str, wanted: str, asked: bool
) -> None:
    answer = ask(place, "2025-03-01", SHIRT.format(value), currency=currency, flow=flow)
    assert sums(answer) == (wanted, asked)


def test_hard_case_1_a_line_without_a_code_is_one_tariff_item() -> None:
    line = "value=80.00,what=thing"
    assert reckon("de", "2026-08-03", line, freight="5.00") == (
        "3.00 16.72 0.00 0.00 19.72",
        False,
    )
    # beside a line with a code it is a second one, but a person is asked
    both = line + ";" + SHIRT.format("20.00")
    assert reckon("de", "2026-08-03", both) == ("6.00 20.14 0.00 0.00 26.14", True)


def test_hard_case_11_the_rate_of_the_last_wednesday_but_one_counts() -> None:
    for place, source in (("DE", "ECB"), ("SE", ""), ("BG", "ECB")):
        law = DESK.law_in_force(place, date(2026, 3, 2))
        assert law.fixing == Fixing(source=source, rule="penultimate_wednesday")


@pytest.mark.parametrize(
    ("discount", "wanted"),
    [
        # 160 less 10 is EUR 150 and free of duty; less 9 it is above the limit
        ("10.00", "0.00 28.50 0.00 0.00 28.50"),
        ("9.00", "18.12 32.13 0.00 0.00 50.25"),
    ],
)
def test_hard_case_17_a_price_after_the_quote_crosses_the_limit(discount: str, wanted: str) -> None:
    value = Decimal("160.00") - Decimal(discount)
    assert reckon("de", "2024-05-01", SHIRT.format(f"{value},duty=12%")) == (wanted, False)


@pytest.mark.parametrize(
    ("place", "on", "currency", "tax"),
    [
        ("de", "2025-03-01", "EUR", "7.00"),
        ("nl", "2025-03-01", "EUR", "9.00"),
        ("fi", "2025-12-31", "EUR", "14.00"),
        ("fi", "2026-01-01", "EUR", "13.50"),
        ("se", "2026-03-31", "SEK", "12.00"),
        ("se", "2026-04-01", "SEK", "6.00"),
        ("ro", "2025-08-01", "RON", "11.00"),
        # no rate for food in the file: the standard one, with a warning
        ("it", "2025-03-01", "EUR", "22.00"),
    ],
)
def test_food_bears_the_rate_of_the_member(place: str, on: str, currency: str, tax: str) -> None:
    answer = ask(place, on, "hs=090230,value=100.00,what=tea", currency=currency)
    assert sums(answer) == (f"0.00 {tax} 0.00 0.00 {tax}", False)
    assert "reduced_rates" in {each.about for each in answer.cautions}


@pytest.mark.parametrize(
    ("on", "dispatch", "dataset", "due"),
    [
        ("2025-03-01", "FR", "", False),
        ("2020-12-31", "GB", "", False),
        ("2021-01-01", "GB", "", True),
        # the Canary Islands have no country code of their own: a data set says that it is an import
        ("2025-03-01", "ES", "H1", True),
        ("2025-03-01", "CH", "", True),
    ],
)
def test_hard_case_22_what_comes_from_within_the_union_is_no_import(
    on: str, dispatch: str, dataset: str, due: bool
) -> None:
    more: dict[str, Any] = {"from_": dispatch, "dataset": dataset}
    answer = ask("de", on, SHIRT.format("200.00,duty=0%"), currency="EUR", **more)
    assert bool(answer.total()) is due
    assert (answer.regime == "within_union") is not due


def test_hard_case_2_the_limit_is_on_the_goods_and_the_charge_on_all() -> None:
    # EUR 150 of goods are free of duty whatever the freight; VAT is on both
    line = SHIRT.format("150.00,duty=12%")
    assert reckon("de", "2024-05-01", line, freight="40.00")[0] == "0.00 36.10 0.00 0.00 36.10"
    # a cent more, and duty is on goods and freight: 190.01 x 12 %
    over = SHIRT.format("150.01,duty=12%")
    assert reckon("de", "2024-05-01", over, freight="40.00")[0] == "22.80 40.43 0.00 0.00 63.23"


def test_hard_case_13_preference_counts_only_when_declared_in_full() -> None:
    line = RED.format("100.00,duty=0%,preference=EVFTA")
    for dataset, duty in (("H1", "0.00"), ("H7", "3.00"), ("", "3.00")):
        answer = ask("de", "2026-07-01", line, currency="EUR", dataset=dataset)
        assert f"{answer.total('duty'):.2f}" == duty


def test_hard_case_14_one_bottle_takes_the_whole_parcel_out_of_ioss() -> None:
    shirt, wine = SHIRT.format("50.00"), "hs=220421,value=20.00,duty=0%"
    assert ask("de", "2024-05-01", shirt, currency="EUR", **IOSS).regime == "ioss"
    both = ask("de", "2024-05-01", f"{shirt};{wine}", currency="EUR", **IOSS)
    assert both.regime == "standard"


def test_hard_case_19_perfume_has_no_relief_and_tobacco_asks_for_excise() -> None:
    # perfume of EUR 10 bears VAT of 2.10 in the Netherlands; a toy of EUR 10 was free until June 2021
    assert reckon("nl", "2020-05-01", "hs=330300,value=10.00")[0] == "0.00 2.10 0.00 0.00 2.10"
    assert reckon("nl", "2020-05-01", "hs=950300,value=10.00")[0] == NOTHING
    asked = ask("de", "2024-05-01", "hs=240220,value=30.00,duty=10%", currency="EUR").needs_human
    assert "excise" in {each.about for each in asked}


def test_hard_case_23_without_a_number_the_border_taxes() -> None:
    line = SHIRT.format("100.00")
    assert reckon("de", "2024-05-01", line, **IOSS)[0] == "0.00 19.00 0.00 19.00 0.00"
    assert reckon("de", "2024-05-01", line)[0] == "0.00 19.00 0.00 0.00 19.00"


def test_hard_case_8_belgium_taxes_the_costs_of_customs_formalities() -> None:
    # (100 + 15) x 21 % = 24.15
    line = SHIRT.format("100.00")
    for name in ("clearance", "formalities"):
        assert reckon("be", "2025-03-01", line, fee={name: "15.00"}) == (
            "0.00 24.15 0.00 0.00 24.15",
            False,
        )


def test_a_fee_beside_a_gift_is_taxed_with_what_is_charged_of_it() -> None:
    # two of three pieces at 20 are free: (20 + 3) x 25.5 % = 5.865
    line = SHIRT.format("60.00,qty=3")
    found = reckon("fi", "2025-03-01", line, fee={"handling": "3.00"}, **GIFT)
    assert found == ("0.00 5.87 0.00 0.00 5.87", False)
