"""Japan: examples reckoned by hand from the answers of customs, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border. Tax is national and local consumption tax.
"""

from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums

TROUSERS = "hs=620342,value={},origin=VN,what=cotton trousers"
KNIT = "hs=610910,value={},origin=VN,duty=10.9%,what=knitted T-shirt"
TOY = "hs=950300,value={},origin=CN,what=toy"
BOOK = "hs=490199,value={},origin=US,what=book"
TEA = "hs=090210,value={},origin=CN,what=green tea"
PLASTIC = "hs=392410,value={},origin=CN,what=plastic bowl"
BAG = "hs=420221,value={},origin=IT,duty=8%,what=leather handbag"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
FIRM: dict[str, Any] = {"flow": "b2b", "channel": "cargo"}
GIFT: dict[str, Any] = {"flow": "c2c"}


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in yen, unless another currency is named."""
    return sums(ask("jp", on, line, currency=more.pop("currency", "JPY"), **more))


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # own use: 30,000 x 60 % = 18,000; simplified 10 % = 1,800;
        # 19,800 down to 19,000 x 7.8 % = 1,482, 1,400; 1,400 x 22/78 = 394, 300
        (TROUSERS.format("30000"), {}, "1800.00 1700.00 0.00 0.00 3500.00"),
        # freight does not change the value for own use
        (TROUSERS.format("30000"), {"freight": "5000"}, "1800.00 1700.00 0.00 0.00 3500.00"),
        # for a firm it does: 35,000 x 10 % = 3,500; 38,500: 38,000 x 7.8 % = 2,964, 2,900; 817, 800
        (TROUSERS.format("30000"), {**FIRM, "freight": "5000"}, "3500.00 3700.00 0.00 0.00 7200.00"),
        # knitted: no relief, no simplified rate: 7,200; 7,000 x 10.9 % = 763, 700; 7,900: 7,000 x 7.8 % = 546, 500; 141, 100
        (KNIT.format("12000"), {}, "700.00 600.00 0.00 0.00 1300.00"),
        # as a gift it is free
        (KNIT.format("12000"), GIFT, NOTHING),
        # a gift above the relief: 18,000 x 10.9 % = 1,962, 1,900; 19,900: 1,482, 1,400; 394, 300
        (KNIT.format("30000"), GIFT, "1900.00 1700.00 0.00 0.00 3600.00"),
        # a firm: 5,000 + 1,000 = 6,000 x 10.9 % = 654, 600; 6,600: 6,000 x 7.8 % = 468, 400; 112, 100
        (KNIT.format("5000"), {**FIRM, "freight": "1000"}, "600.00 500.00 0.00 0.00 1100.00"),
        # a leather handbag of 9,000: 5,400; 5,000 x 8 % = 400; 5,800: 5,000 x 7.8 % = 390, 300; 84, 0
        (BAG.format("9000"), {}, "400.00 300.00 0.00 0.00 700.00"),
        # at the limit: 16,666 x 60 % = 9,999.60; 16,667 x 60 % = 10,000.20: 10,000 x 7.8 % = 780, 700; 197, 100
        (TOY.format("16666"), {}, NOTHING),
        (TOY.format("16667"), {}, "0.00 800.00 0.00 0.00 800.00"),
        # a firm at the limit: 10,000 with freight, and one yen more
        (TOY.format("9000"), {**FIRM, "freight": "1000"}, NOTHING),
        (TOY.format("9000"), {**FIRM, "freight": "1001"}, "0.00 800.00 0.00 0.00 800.00"),
        # green tea 15 % and the reduced rate: 24,000, 3,600; 27,000 x 6.24 % = 1,684, 1,600; 451, 400
        (TEA.format("40000"), {}, "3600.00 2000.00 0.00 0.00 5600.00"),
        # plastics 3 %, CIF 110,500: 110,000 x 3 % = 3,300; 113,800: 113,000 x 7.8 % = 8,814, 8,800; 2,482, 2,400
        (PLASTIC.format("100000"), {**FIRM, "freight": "10000", "insurance": "500"}, "3300.00 11200.00 0.00 0.00 14500.00"),
        # other goods 5 %: towels, 50,000 x 60 % = 30,000, 1,500; 31,500: 31,000 x 7.8 % = 2,418, 2,400; 676, 600
        ("hs=630260,value=50000,what=towels", {}, "1500.00 3000.00 0.00 0.00 4500.00"),
        # above 200,000 the ordinary tariff: 204,000 x 9.1 % = 18,564, 18,500; 222,500: 222,000 x 7.8 % = 17,316, 17,300; 4,879, 4,800
        (TROUSERS.format("340000,duty=9.1%"), {}, "18500.00 22100.00 0.00 0.00 40600.00"),
        # free of duty, large: 1,050,000 x 7.8 % = 81,900; 23,100
        ("hs=847130,value=1000000,what=computers", {**FIRM, "freight": "50000"}, "0.00 105000.00 0.00 0.00 105000.00"),
    ],
)  # fmt: skip
def test_parcels(line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon("2025-06-01", line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        # one column: 6,960 + 8,940 = 15,900; 15,000 x 10 % = 1,500; 17,400: 17,000 x 7.8 % = 1,326, 1,300; 366, 300
        (TROUSERS.format("11600") + ";" + TROUSERS.format("14900"), "1500.00 1600.00 0.00 0.00 3100.00"),
        # two columns: duty 1,800; 12,000 x 7.8 % = 936 and 19,000 x 7.8 % = 1,482, together 2,418, 2,400;
        # 900 x 22/78 = 253 and 1,400 x 22/78 = 394, together 647, 600
        (TOY.format("20000") + ";" + TROUSERS.format("30000"), "1800.00 3000.00 0.00 0.00 4800.00"),
        # two rates of tax: duty 3,600; 12,000 x 7.8 % = 936, 27,000 x 6.24 % = 1,684, together 2,620, 2,600;
        # 253 and 1,600 x 22/78 = 451, together 704, 700
        (TOY.format("20000") + ";" + TEA.format("40000"), "3600.00 3300.00 0.00 0.00 6900.00"),
        # 6,000 in all: the toy is relieved, the knitted shirt not: 3,000 x 10.9 % = 327, 300;
        # 3,300: 3,000 x 7.8 % = 234, 200; 56, nothing
        (KNIT.format("5000") + ";" + TOY.format("5000"), "300.00 200.00 0.00 0.00 500.00"),
        # small amounts vanish: 1,200: 1,000 x 10.9 % = 109, 100; 1,300: 78, nothing
        (KNIT.format("2000"), "100.00 0.00 0.00 0.00 100.00"),
        (KNIT.format("1500"), NOTHING),
    ],
)  # fmt: skip
def test_hard_case_10_rounding_chain(line: str, wanted: str) -> None:
    assert reckon("2025-06-01", line) == (wanted, False)


def test_hard_case_10_columns_are_rounded_before_and_after_they_are_added() -> None:
    # 534,000 x 14 % = 74,760; 126,000 x 14 % = 17,640; the bases take them down to 74,700 and 17,600
    lines = "hs=420292,value=534795,duty=14%;hs=210690,value=126258,duty=14%"
    found = reckon("2021-10-01", lines, **FIRM)
    assert found == ("92400.00 72300.00 0.00 0.00 164700.00", False)


def test_hard_case_25_a_currency_without_decimals() -> None:
    # 120 x 150.253 = 18,030.36; x 60 % = 10,818.216: 10,000 x 7.8 % = 780, 700; 197, 100; all in whole yen
    line = "hs=490199,value=120.00,what=book"
    found = ask("jp", "2025-06-01", line, currency="USD", fx={"USD": "150.253"})
    assert sums(found) == ("0.00 800.00 0.00 0.00 800.00", False)
    assert all(each.amount == each.amount.to_integral_value() for each in found.charges)
    # 100 x 150.25 = 15,025; x 60 % = 9,015
    line = "hs=490199,value=100.00,what=book"
    assert reckon("2025-06-01", line, currency="USD", fx={"USD": "150.25"}) == (NOTHING, False)
    assert reckon("2025-06-01", line, currency="USD")[1]
    # at sale the fraction of a yen is dropped: 999 x 10 % = 99.90
    sale = reckon("2028-06-01", TOY.format("999"), scheme_number=True)
    assert sale == ("0.00 99.00 0.00 99.00 0.00", False)


@pytest.mark.parametrize(
    ("line", "more", "says"),
    [
        # liquor tax is due in the smallest parcel
        ("hs=220421,value=3000,duty=15%", {}, "Liquor tax"),
        ("hs=240220,value=3000,duty=0%", {}, "Liquor tax or tobacco tax"),
        ("hs=170199,value=3000", {}, "nine-digit code"),
        # no simplified rate: knitted goods, footwear, food; and everything above 200,000
        ("hs=610910,value=5000", {}, "give the rate as duty="),
        ("hs=640411,value=30000", {}, "give the rate as duty="),
        ("hs=200799,value=30000", {}, "give the rate as duty="),
        (TROUSERS.format("340000"), {}, "give the rate as duty="),
        ("value=30000,what=thing", {}, "give the rate as duty="),
    ],
)
def test_what_a_person_must_settle(line: str, more: dict[str, Any], says: str) -> None:
    answer = ask("jp", "2025-06-01", line, currency="JPY", **more)
    assert says in " ".join(each.because for each in answer.needs_human)


def test_nothing_is_asked_that_does_not_matter() -> None:
    # within the relief no rate is needed, not even a code
    assert reckon("2025-06-01", "value=16000,what=thing") == (NOTHING, False)
    assert reckon("2025-06-01", "hs=640411,value=16000,what=trainers") == (NOTHING, False)


def test_a_given_rate_is_the_ordinary_tariff_and_said_so() -> None:
    # 18,000 x 7.4 % = 1,332, 1,300; 19,300: 19,000 x 7.8 % = 1,482, 1,400; 394, 300
    answer = ask("jp", "2025-06-01", TROUSERS.format("30000,duty=7.4%"), currency="JPY")
    assert sums(answer) == ("1300.00 1700.00 0.00 0.00 3000.00", False)
    assert "ordinary_tariff" in {each.about for each in answer.cautions}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        # three lines of 5,500 of one code are one column of 16,500: 16,000 x 3 % = 480, 400; as three it would be 400 too,
        # but the tax is of 16,900 down to 16,000 x 7.8 % = 1,248, 1,200; 338, 300
        (";".join([PLASTIC.format("5500")] * 3), "400.00 1500.00 0.00 0.00 1900.00"),
        (PLASTIC.format("16500"), "400.00 1500.00 0.00 0.00 1900.00"),
        # another origin is another column: 5,000 x 3 % twice and 5,000 x 10 %: 150 + 150 + 500 = 800;
        # bases 5,000, 5,000 and 6,000: 390 + 390 + 468 = 1,248, 1,200; local 84 + 84 + 112 = 280, 200
        (
            f"{PLASTIC.format('5500')};hs=392410,value=5500,origin=VN,what=bowl;{TROUSERS.format('5500')}",
            "800.00 1400.00 0.00 0.00 2200.00",
        ),
        # another rate given under the code is another column: 5,000 x 10.9 % = 545 and 5,000 x 7.4 % = 370: 915, 900;
        # bases 6,000 and 5,000: 468 + 390 = 858, 800; local 112 + 84 = 196, 100
        (
            "hs=610910,value=5500,origin=VN,duty=10.9%;hs=610910,value=5500,origin=VN,duty=7.4%",
            "900.00 900.00 0.00 0.00 1800.00",
        ),
    ],
)
def test_lines_of_one_code_and_origin_are_one_column(line: str, wanted: str) -> None:
    assert reckon("2025-06-01", line, **FIRM) == (wanted, False)
