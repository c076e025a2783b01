"""Rates of duty as tariffs print them, and which line counts."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pratique.assessment import assess, assess_batch
from pratique.jurisdictions import Library
from pratique.model.batch import batch_of
from pratique.model.declaration import Consignment, Declaration, GoodsItem
from pratique.model.money import Money
from pratique.rules.duty import parse_duty
from pratique.rules.exact import exactly
from pratique.rules.tariff import Tariff, TariffLine
from tests.jurisdictions.written import folder

DAY = date(2025, 6, 1)
D = Decimal


def of(unit: str) -> Decimal:
    """What the item of these examples holds: 2.5 kg, 6 pieces, 3 pairs, 0.75 litres of it."""
    return {"KGM": D("2.5"), "C62": D(6), "PR": D(3), "LTR": D("0.75"), "DZN": D("0.5")}[unit]


def home(amount: Decimal, currency: str) -> Decimal:
    return amount * {"USD": D(1), "EUR": D("1.1"), "GBP": D("1.25")}[currency]


@pytest.mark.parametrize(
    ("text", "form", "value", "duty"),
    [
        ("Free", "free", "100", "0"),
        ("0.00 %", "free", "100", "0"),
        ("16.5%", "ad valorem", "100", "16.5"),
        # 4.4 cents on each of 2.5 kg, and 8.5 % of 100
        ("4.4¢/kg + 8.5%", "compound", "100", "8.61"),
        ("$1.61/liter", "specific", "100", "1.2075"),
        ("41¢ each + 3%", "compound", "100", "5.46"),
        ("90¢/pr. + 37.5%", "compound", "100", "40.2"),
        ("12¢/doz.", "specific", "100", "0.06"),
        ("$1.34/1000", "specific", "100", "0.00804"),
        # per 100 kg, in another currency: 12 x 2.5 / 100 x 1.25
        ("12.00 GBP / 100 kg", "specific", "100", "0.375"),
        ("GBP 12.00 / 100 KGM", "specific", "100", "0.375"),
        # 10 % of 100 is between 2.5 x 0.35 x 1.1 and 12 %
        ("10% MIN 0.35 EUR / KGM MAX 12%", "bounded", "100", "10"),
        # 10 % of 5 is less than 0.9625, which is more than 12 % of 5
        ("10% MIN 0.35 EUR / KGM MAX 12%", "bounded", "5", "0.60"),
        ("10% MIN 0.35 EUR / KGM", "bounded", "5", "0.9625"),
        ("1.5 EUR/100 kg + 5% MAX 20%", "bounded", "0", "0"),
    ],
)
def test_a_rate_is_read_and_reckoned(text: str, form: str, value: str, duty: str) -> None:
    found = parse_duty(text)
    assert (found.form, found.untold) == (form, "")
    with exactly():
        assert found.amount(D(value), of, home) == D(duty)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("The duty provided in the applicable subheading + 25%", "in words"),
        ("36¢ each + 5.6% + 2¢/jewel", "in words"),
        ("See additional U.S. note 1", "in words"),
        ("5.7¢/kg on drained weight + 8%", "drained weight"),
        ("30¢ each + 6.9% on the case + 5.3% on the battery", "case and on battery"),
        ("2.5% on the value of the lead content", "value of the lead content"),
        ("12 XXX7 / kg", "in words"),
        ("10% MIN 5% MIN 6%", "in words"),
        ("", "in words"),
        ("%", "in words"),
        ("1e5%", "in words"),
        ("9" * 5000 + "x", "in words"),
    ],
)
def test_what_no_declaration_tells_is_left_to_a_person(text: str, says: str) -> None:
    assert says in parse_duty(text).untold


def line(hs: str, rate: str, **more: Any) -> TariffLine:
    start = more.pop("valid_from", date(2020, 1, 1))
    return TariffLine(
        hs=hs, duty=parse_duty(rate), valid_from=start, rule=f"xx/{hs}", source="s", **more
    )


TARIFF = Tariff(
    [
        line("42", "10%"),
        line("4202", "8%", valid_until=date(2025, 1, 1)),
        line("4202", "7%", valid_from=date(2025, 1, 1)),
        line("61091000", "16.5%"),
        line("61091000", "Free", origins=frozenset({"MX", "CA"}), preference=True),
        line("61091000", "90%", origins=frozenset({"KP"})),
        line("61099010", "32%"),
        line("61099015", "5.6%"),
        line("64", "9%"),
        line("640399", "9%"),
    ]
)


@pytest.mark.parametrize(
    ("hs", "origin", "preference", "on", "rate"),
    [
        ("420221", None, False, DAY, "7%"),
        ("420221", None, False, date(2024, 12, 31), "8%"),
        ("4205", None, False, DAY, "10%"),
        ("6109100012", "CN", False, DAY, "16.5%"),
        ("610910", "CN", True, DAY, "16.5%"),
        ("610910", "MX", True, DAY, "Free"),
        ("610910", "MX", False, DAY, "16.5%"),
        ("610910", "KP", False, DAY, "90%"),
        ("64", "CN", False, DAY, "9%"),
        ("640319", "CN", False, DAY, "9%"),
    ],
)
def test_the_line_for_these_goods(
    hs: str, origin: str | None, preference: bool, on: date, rate: str
) -> None:
    found = TARIFF.line(hs, origin, preference, on)
    assert isinstance(found, TariffLine)
    assert found.duty.text == rate


def test_a_code_too_short_is_not_guessed() -> None:
    found = TARIFF.line("610990", "CN", False, DAY)
    assert isinstance(found, str)
    assert "2 rates below 610990 (32%, 5.6%)" in found
    found = TARIFF.line("42", "CN", False, DAY)
    assert isinstance(found, str)
    assert TARIFF.line("850440", "CN", False, DAY) is None
    assert TARIFF.line("42", "CN", False, date(2019, 1, 1)) is None


ROWS = """hs,rate,from,until,origins,preference,source,url
61091000,16.5%,2020-01-01,,,,"annex",
61091000,Free,2020-01-01,,MX CA,yes,"annex",
61099010,32%,2020-01-01,,,,"annex",
61099015,5.6%,2020-01-01,,,,"annex",
0713,0.8¢/kg,2020-01-01,,,,"annex",
0406,12 EUR / 100 KGM + 4%,2020-01-01,,,,"annex",
2009,in words: as the juice,2020-01-01,,,,"annex",
64,90¢/pr. + 37.5%,2020-01-01,,,,"annex",
85,2.5375%,2020-01-01,,,,"annex",
84,1.23456%,2020-01-01,,,,"annex",
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library([folder(tmp_path_factory.mktemp("law"), xx__tariff__csv=ROWS)])


def parcel(**item: Any) -> Declaration:
    goods = GoodsItem(price=Money(D("200.00"), "XTS"), **item)
    return Declaration(id="T", destination="XX", consignment=Consignment(items=(goods,)))


CASES = (
    ({"hs_code": "610910", "origin": "CN"}, "33.00", "16.5%"),
    ({"hs_code": "610910", "origin": "MX", "preference": "F"}, "0.00", "Free"),
    ({"hs_code": "610990", "origin": "CN"}, None, "give more digits"),
    # the dollar and the euro need a rate; none is in evidence
    ({"hs_code": "071310", "net_mass_kg": D("1.250")}, None, "no exchange rate from USD to XTS"),
    ({"hs_code": "071310"}, None, "how many kilogram there are is not declared"),
    ({"hs_code": "200912"}, None, "in words what is due: as the juice"),
    ({"hs_code": "950300"}, None, "950300 is not in the loaded tariff"),
    ({"hs_code": "950300", "duty_rate": D("0.04")}, "8.00", ""),
    ({"hs_code": "850440"}, "5.08", "2.5375%"),
    ({"hs_code": "840999"}, "2.47", "1.23456%"),
)


@pytest.mark.parametrize(("item", "duty", "says"), CASES)
def test_what_the_line_says_is_what_is_owed(
    library: Library, item: dict[str, Any], duty: str | None, says: str
) -> None:
    found = assess(parcel(**item), library.law_in_force("xx", DAY), on=DAY)
    told = [each.because for each in found.needs_human]
    if duty is None:
        assert any(says in each for each in told), told
        return
    assert found.total("duty") == D(duty)
    assert [step.value for step in found.trace if step.name.startswith("tariff ")] == [says][
        : bool(says)
    ]


def test_the_columns_agree_on_every_form_of_rate(library: Library) -> None:
    law = library.law_in_force("xx", DAY)
    declarations = [parcel(**item) for item, _, _ in CASES]
    found = assess_batch(batch_of(declarations), library.law_in_force, on=DAY)
    for index, declaration in enumerate(declarations):
        if not found.escalated[index]:
            one = assess(declaration, law, on=DAY)
            assert found.asked[index] == bool(one.needs_human)
            assert found.duty[index] == one.total("duty") * 10_000
    escalated = [
        item["hs_code"] for index, (item, _, _) in enumerate(CASES) if found.escalated[index]
    ]
    assert escalated == ["071310", "071310", "850440", "840999"]


@pytest.mark.parametrize(
    ("item", "pairs"),
    [
        ({"quantity": D(3), "unit": "PR"}, D(3)),
        ({"quantity": D(3)}, None),
    ],
)
def test_pairs_are_not_pieces(
    library: Library, item: dict[str, Any], pairs: Decimal | None
) -> None:
    found = assess(parcel(hs_code="640399", **item), library.law_in_force("xx", DAY), on=DAY)
    (told,) = {
        each.because
        for each in found.needs_human
        if "charge" in each.because or "amount" in each.because
    }
    wanted = "no exchange rate" if pairs else "how many pair there are"
    assert wanted in told
