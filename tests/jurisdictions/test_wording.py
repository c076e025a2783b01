"""What people write wrong who never wrote such a file: each is told the place, what stands there, what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from pratique import cli
from pratique.jurisdictions.check import check_folders

FOLDER = Path(__file__).parents[2] / "examples" / "law"
NAMES = {"law": "xp.toml", "tariff": "xp.tariff.csv", "cases": "xp.cases.toml"}

SLIPS = [
    ("law", 'value = "10%"', "value = 10%", "line 21 is 'value = 10%'. A rate stands between quotes"),
    ("law", 'value = "10%"', "value = 0.10", 'value is text: put it between quotes, as value = "…".'),
    ("law", 'value = "10%"', 'value = "10,5%"', "(the decimal point is a point, as 10.5)"),
    ("law", 'value = "10%"', 'value = "10"', "a rate is written 40%"),
    ("law", "from = 2024-07-01", "from = 01.07.2024", "A day is written 2024-07-01, year first."),
    ("law", "from = 2024-07-01", "from = 2024-7-1", "two digits each for month and day"),
    ("law", 'title = "Low value"', "title = \u201cLow value\u201d", "Quotes must be straight ones"),
    ("law", 's. 4"', "s. 4", "The text is not closed: put the same quote at its end."),
    ("law", "'direction == \"import\"'", '"direction == "import""', "quotes of the other kind"),
    ("law", 'scheme = "PAP"', "PAP scheme", "A line is name = value"),
    ("law", "import_vat]]", "import-vat]]", "Call it import_vat."),
    ("law", 'code = "xp"', 'code = "XP"', "says code = 'XP': write 'xp'."),
    ("law", 'round = "none"\n', "", "has no 'round'. Add round = \"half_up 0.01\", \"down 1\" or \"none\"."),
    ("law", "because = \"Gifts", "reason = \"Gifts", "no key is called 'reason'. Its keys are from, until"),
    ("law", "days = 90", "day = 90", "no key is called 'day'. Did you mean 'days'?"),
    ("law", "days = 90", 'days = "90"', "days is a whole number, without quotes."),
    ("law", 'codes = ["3303"]', "codes = [3303]", "codes number 1 is text"),
    ("law", 'codes = ["3303"]', 'codes = ["33.03"]', "'33.03' has a point in it: write '3303'"),
    ("law", 'regimes = ["standard"]', 'regimes = "standard"', "regimes is a list: put it between square"),
    ("law", 'kind = "fee"', 'kind = "excise"', "kind 'excise' is not one of duty, fee, tax."),
    ("law", "fob_value <= de_minimis", "fob_value <= 40", "an amount is written XTS 40"),
    ("law", "fob_value <= de_minimis", "fob_value =< de_minimis", "(write <=)"),
    ("law", 'channel == "post"', 'channel = "post"', "to ask whether two are the same write =="),
    ("law", "scheme_number and", "scheme_number AND", "in small letters"),
    ("law", 'amount = "XTS 3"', 'amount = "3 XTS"', "(the currency comes first, as XTS 40)"),
    ("law", 'amount = "XTS 3"', 'amount = "xts 3"', "(currencies are written in capitals, as XTS 40)"),
    ("law", 'amount = "XTS 3"', 'amount = "\u20ac 3"', "(currencies are written as codes, as EUR 40)"),
    ("law", '"duty_rate"', '"duty rate"', "(a name is one word, as duty_rate)"),
    ("law", "dutiable_value + duty", "dutible_value + duty", "(did you mean 'dutiable_value'?)"),
    ("law", "dutiable_value + duty", "dutiable_value + vat", "a share of an amount is written amount * rate"),
    ("law", "hs in list.perfume", "hs in perfume", "(did you mean 'list.perfume'?)"),
    ("tariff", "hs,rate,from", "hs;rate;from", "columns are parted by commas, as hs,rate,from"),
    ("tariff", "hs,rate", "code,rate", "line 1: there is no column hs: its first line names the columns"),
    ("tariff", "61,12%", '61,"12,5%"', "line 6: '12,5%' is not a rate: write 12.5%."),
    ("tariff", "61,12%", "61,12", "line 6: '12' is not a rate: write 12%."),
    ("tariff", "61,12%,2016-01-01", "61,12%,01.01.2016", "from '01.01.2016' is no day"),
    ("tariff", "6403,", "64.03,", "hs '64.03' is no code: write digits alone"),
    ("tariff", '"Customs Tariff 2016 (invented), chapter 61"', "", "line 6: has no source."),
    ("tariff", '61,12%,2016-01-01,,"Customs Tariff 2016 (invented), chapter 61",', "61,12%", "fewer columns"),
    ("cases", 'freight = "13.70"', "freight = 13.70", "old rate: freight is text: put it between quotes"),
    ("cases", 'freight = "13.70"', 'freight = "13,70"', "'13,70' is not a number. Write digits"),
    ("cases", "scheme_number = true", 'scheme_number = "PAP 1"', "VAT: scheme_number is true or false"),
    ("cases", 'fees = "3.00"', 'fee = "3.00"', "no key is called 'fee' in expect. Did you mean 'fees'?"),
    ("cases", 'flow = "c2c"', 'flow = "gift"', "gift: flow 'gift' is not one of b2b, b2c, c2c."),
    ("cases", "on = 2024-06-30", 'on = "30 June 2024"', "on is no day. Write it as 2024-07-01"),
    ("cases", 'title = "A sweater as a gift"\n', "", "example 3: has no 'title'."),
    ("cases", "[[case]]", "[[cases]]", "Begin each with [[case]]."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "old", "new", "says"), SLIPS)
def test_a_slip_is_told_with_what_to_write(
    tmp_path: Path, kind: str, old: str, new: str, says: str
) -> None:
    for each, name in NAMES.items():
        text = (FOLDER / name).read_text("utf-8")
        if each == kind:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / name).write_text(text, "utf-8")
    faults = check_folders([tmp_path])
    assert any(says in each.message or says in f"{each.entry}: {each.message}" for each in faults)
    assert not any("$" in each.message for each in faults)
    assert {each.file for each in faults} & {NAMES[kind], "law files"}


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "xp.toml").write_bytes(b'code = "xp"\nname = "\xe9"\n')
    (fault,) = check_folders([tmp_path])
    assert fault.message == "cannot be read: line 2 is not UTF-8. Save the file as UTF-8 text."


@pytest.mark.parametrize(
    ("code", "says"),
    [("GB", "There is law for GB already"), ("YY", "XA to XZ"), ("Fiji", "XA to XZ")],
)
def test_a_file_that_could_not_be_used_is_not_begun(
    tmp_path: Path, capsys, code: str, says: str
) -> None:
    assert cli.main(["law", "new", code, "--directory", str(tmp_path / "law")]) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "law").exists()
