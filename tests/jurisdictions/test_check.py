"""`law check` finds what is wrong with law files, all of it, and says where and what to do."""

from pathlib import Path

import pytest

from pratique.jurisdictions import Library, shipped
from pratique.jurisdictions.check import check_folders, check_library
from tests.jurisdictions.written import LAW, TARIFF, folder

CASES = """
[[case]]
title = "Shoes"
source = "Somebody, page 3"
on = 2024-01-01
currency = "XTS"
lines = ["hs=640399,value=10.00,duty=10%"]
expect = { duty = "1.00" }
"""
PARCEL = '[[measure.weight]]\nfrom = 2020-01-01\nvalue = "gross_mass"\nsource = "s. 10"\n'


def test_a_law_that_holds_has_no_faults(tmp_path: Path) -> None:
    at = folder(tmp_path, xx__tariff__csv=TARIFF, xx__cases__toml=CASES)
    assert check_folders([at]) == ()


def test_the_law_files_shipped_have_no_faults() -> None:
    assert check_folders(Library.shipped_folders()) == ()
    assert check_library(shipped()) == ()


@pytest.mark.parametrize(
    ("old", "new", "entry", "says"),
    [
        ('source = "s. 7"\n', "", "xx/charge/duty@2020-01-01", "has no source"),
        ('source = "s. 7"', 'source = ""', "xx/charge/duty@2020-01-01", "has no source"),
        ('source = "s. 1"\n', "", "xx/money@2020-01-01", "has no source"),
        ('source = "s. 7"', 'source = "s. 7"\nurl = "law"', "xx/charge/duty@2020-01-01", "no address"),
        ('round = "half_up 0.01"\n', "", "xx/charge/duty@2020-01-01", "'round'"),
        ('kind = "duty"', 'kind = "levy"', "xx/charge/duty@2020-01-01", "levy"),
        ("[[measure.goods]]", "[[measures.goods]]", "xx", "measures"),
        ("[[measure.goods]]", "[measure.goods]", "xx/measure/goods", "double brackets"),
        ("[[money]]", "[[money]", "xx.toml", "cannot be read"),
        ("from = 2022-01-01", "from = 2019-01-01", "xx/parameter/vat from 2019-01-01", "oldest first"),
        ('base = "price"', 'base = "price + EUR 1"', "xx/charge/duty@2020-01-01", "Cannot add"),
        ('value = "total(price)"', 'value = "total(cost)"', "xx/measure/goods@2020-01-01", "Unknown name"),
        ('when = \'direction == "import"\'', "when = 'flow == \"b2c\"'", "xx/regime", "no answer"),
        (
            'needs_human = "ask"\n',
            'needs_human = "ask"\norder = 200\n',
            "xx/regime/excise@2020-01-01",
            "cannot be reached",
        ),
        (
            'regimes = ["standard"]',
            'regimes = ["standard", "ordinary"]',
            "xx/charge/duty@2020-01-01",
            "in no entry: ordinary",
        ),
        ("[[list.excise]]", "[[list.unused]]\nfrom = 2020-01-01\ncodes = []\nsource = \"s\"\n[[list.excise]]", "xx/list/unused@2020-01-01", "named by no rule"),
        ("[[money]]", PARCEL + "[[money]]", "xx/measure/weight@2020-01-01", "named by no rule"),
        ('charges = ["duty", "tax"]', "charges = []", "xx/threshold/small@2020-01-01", "relieves no charge"),
        ("from = 2020-01-01\nvalue = \"10%\"", "from = 2010-01-01\nuntil = 2015-01-01\nvalue = \"9%\"\nsource = \"old\"\n[[parameter.vat]]\nfrom = 2020-01-01\nvalue = \"10%\"", "xx/parameter/vat@2010-01-01", "never in force"),
    ],
)  # fmt: skip
def test_each_fault_names_its_entry(
    tmp_path: Path, old: str, new: str, entry: str, says: str
) -> None:
    assert old in LAW
    faults = check_folders([folder(tmp_path, LAW.replace(old, new, 1))])
    assert [fault.entry for fault in faults] == [entry]
    assert says in faults[0].message
    assert faults[0].file == "xx.toml"


def test_all_faults_are_found_at_once(tmp_path: Path) -> None:
    spoilt = LAW.replace('source = "s. 7"\n', "").replace('source = "s. 3"\n', "")
    spoilt = spoilt.replace(
        'moment = "border"\nsource = "s. 8"', 'moment = "later"\nsource = "s. 8"'
    )
    other = LAW.replace('code = "xx"', 'code = "yy"').replace('source = "s. 4"\n', "")
    faults = check_folders([folder(tmp_path, spoilt, yy__toml=other)])
    assert {(fault.file, fault.entry) for fault in faults} == {
        ("xx.toml", "xx/list/excise@2020-01-01"),
        ("xx.toml", "xx/charge/duty@2020-01-01"),
        ("xx.toml", "xx/charge/tax@2020-01-01"),
        ("yy.toml", "yy/measure/goods@2020-01-01"),
    }


def test_a_gap_is_a_fault_on_the_day_somebody_needs_the_entry(tmp_path: Path) -> None:
    gap = LAW.replace('value = "10%"', 'value = "10%"\nuntil = 2021-06-01')
    (fault,) = check_folders([folder(tmp_path, gap)])
    assert fault.entry == "xx/charge/tax@2020-01-01"
    assert "Unknown name 'vat'" in fault.message
    assert "2021-06-01" in fault.message


def test_a_charge_outlives_its_regime(tmp_path: Path) -> None:
    ended = LAW.replace('needs_human = "ask"', "until = 2021-01-01").replace(
        'regimes = ["standard"]', 'regimes = ["excise"]', 1
    )
    (fault,) = check_folders([folder(tmp_path, ended)])
    assert fault.entry == "xx/charge/duty@2020-01-01"
    assert "belongs to no regime in force on 2021-01-01" in fault.message


def test_tariff_lines_may_not_overlap(tmp_path: Path) -> None:
    double = TARIFF.replace('2021-07-01,"annex"', ',"annex"')
    (fault,) = check_folders([folder(tmp_path, xx__tariff__csv=double)])
    assert (fault.file, fault.entry) == ("xx.tariff.csv", "xx.tariff/61@2021-07-01")


def test_a_union_without_members_is_a_fault(tmp_path: Path) -> None:
    union = 'code = "uu"\nname = "Union (invented)"\nunion = true\n'
    (fault,) = check_folders([folder(tmp_path, uu__toml=union)])
    assert (fault.file, fault.entry) == ("uu.toml", "uu")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("yy__cases__toml", CASES, "no yy.toml"),
        ("xx__cases__toml", CASES.replace("hs=640399", "hs:640399"), "key=value"),
        ("xx__cases__toml", CASES.replace('source = "Somebody, page 3"', ""), "source"),
    ],
)
def test_published_examples_are_checked_too(
    tmp_path: Path, name: str, content: str, says: str
) -> None:
    (fault,) = check_folders([folder(tmp_path, **{name: content})])
    assert says in fault.message
    assert fault.file == name.replace("__", ".")
