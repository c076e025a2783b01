"""Entries become a law only when names, units, regimes and order hold."""

from datetime import date
from pathlib import Path

import pytest

from pratique.errors import LawError
from pratique.jurisdictions import Library
from pratique.rules.law import Charge, Law, Settle, Threshold
from tests.jurisdictions.written import LAW, folder


def law(at: Path, text: str = LAW, on: date = date(2020, 6, 1)) -> Law:
    return Library([folder(at, text)]).law_in_force("xx", on)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('value = "total(price)"', 'value = "total(cost)"', "Unknown name 'cost'"),
        ('value = "10%"', 'value = "10 percent"', "Expected an operator"),
        ('rate = "vat"', 'rate = "XTS 5"', "Expected rate"),
        ('base = "price + duty"', 'base = "price + EUR 5"', "Cannot add"),
        ('base = "price + duty"', 'base = "quantity"', "a charge is money in XTS"),
        ('rate = "vat"', "", "either rate"),
        ('rate = "vat"', 'rate = "vat"\namount = "XTS 5"', "either rate"),
        ('base = "price"\n', "", "a rate needs a base"),
        ('round = "half_up 0.01"', 'round = "nearest 0.01"', "round is"),
        ('round = "half_up 0.01"', 'round = "half_up 0"', "round is"),
        ('round = "half_up 0.01"', 'round = "half_up"', "round is"),
        ('base = "price"', 'base = "price"\nscope = "consignment"', "use total()"),
        ('base = "price"', 'base = "price"\nscope = "tariff_item"', "goes with group"),
        ('base = "price"', 'base = "price"\ngroup = "hs6(hs)"', "goes with group"),
        ('base = "price"', 'base = "price + tax"', "in a circle"),
        ('value = "10%"', 'value = "if(flow == \\"b2b\\", 0%, vat)"', "in a circle"),
        ('value = "10%"', 'value = "duty_rate"', "same for every parcel"),
        ('when = "any(hs in list.excise)"', 'when = "hs in list.excise"', "any() or all()"),
        (
            'when = "any(hs in list.excise)"',
            'when = "total(duty) > XTS 5"',
            "charges reckoned under it",
        ),
        ('when = "any(hs in list.excise)"', 'when = "goods"', "Expected bool"),
        ('charges = ["duty", "tax"]', 'charges = ["duty", "levy"]', "is no charge"),
        ("[[measure.goods]]", "[[measure.price]]", "already a fact"),
        ("[[measure.goods]]", "[[measure.duty]]", "already an entry"),
        ('codes = ["2203-2205"]', 'codes = ["2205-2203"]', "not a range"),
        ('codes = ["2203-2205"]', 'codes = ["2203-220"]', "not a range"),
    ],
)
def test_a_law_that_makes_no_sense_is_refused_and_the_entry_named(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in LAW
    with pytest.raises(LawError) as refused:
        law(tmp_path, LAW.replace(old, new, 1))
    assert says in str(refused.value)
    assert str(refused.value).startswith("xx")


def test_what_depends_on_something_comes_after_it(tmp_path: Path) -> None:
    found = law(tmp_path)
    kinds = [(type(each).__name__, each.name) for each in found.order]
    assert kinds.index(("Settle", "duty")) < kinds.index(("Charge", "tax"))
    assert kinds.index(("Charge", "duty")) < kinds.index(("Threshold", "small"))
    assert kinds.index(("Threshold", "small")) < kinds.index(("Settle", "duty"))


def test_a_charge_knows_what_may_relieve_it_that_day(tmp_path: Path) -> None:
    def duty(on: date) -> Charge:
        order = law(tmp_path, on=on).order
        return next(e for e in order if isinstance(e, Charge) and e.name == "duty")

    assert duty(date(2020, 12, 31)).relieved_by == ("small",)
    assert duty(date(2021, 1, 1)).relieved_by == ()


def test_order_moves_a_regime_before_others(tmp_path: Path) -> None:
    moved = LAW.replace('source = "s. 6"', 'source = "s. 6"\norder = 1')
    assert [each.name for each in law(tmp_path / "a").regimes] == ["excise", "standard"]
    assert [each.name for each in law(tmp_path / "b", moved).regimes] == ["standard", "excise"]


def test_ranges_of_codes_are_written_out(tmp_path: Path) -> None:
    (excise, _) = law(tmp_path).regimes
    assert excise.when.args[0].codes == {"2203", "2204", "2205"}


def test_a_member_may_not_repeat_what_its_union_has(tmp_path: Path) -> None:
    union = LAW.replace('code = "xx"', 'code = "uu"\nunion = true').partition("[[money]]")
    body = union[2].partition("[[parameter.vat]]")
    member = LAW.replace('scheme = "XSS"', 'within = "uu"')
    at = folder(tmp_path, member, uu__toml=union[0] + "[[parameter.vat]]" + body[2])
    with pytest.raises(LawError, match="has one already"):
        Library([at]).law_in_force("xx", date(2020, 6, 1))


def test_every_step_cites_its_entry(tmp_path: Path) -> None:
    for entry in law(tmp_path).order:
        assert isinstance(entry, Settle | Charge | Threshold) or entry.citation.rule
        assert entry.citation.source.startswith("s. ")
        assert entry.citation.rule.startswith("xx/")
