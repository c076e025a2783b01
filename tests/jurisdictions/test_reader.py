"""Law files are read strictly, and the law of a day is the law of that day."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pratique.errors import LawError, NoRuleInForceError
from pratique.jurisdictions import Library, shipped, snapshots
from pratique.rules.tariff import TariffLine
from tests.jurisdictions.written import LAW, TARIFF, folder


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('source = "s. 7"\n', "", "source"),
        ('source = "s. 7"', 'source = " "', "no source"),
        ('kind = "duty"', 'kind = "levy"', "levy"),
        ("[[measure.goods]]", "[[measures.goods]]", "measures"),
        ("[[parameter.vat]]", "[[parameter.VAT]]", "lower case"),
        ("until = 2021-01-01", "until = 2020-01-01", "not after"),
        ("from = 2022-01-01", "from = 2019-01-01", "oldest first"),
        ('value = "10%"', 'value = "10%"\nuntil = 2023-01-01', "overlaps"),
        ('code = "xx"', 'code = "yy"', "name the file yy.toml"),
        ('code = "xx"', 'code = "xx"\nwithin = "zz"', "no such file"),
        ('code = "xx"', 'code = "xx"\nwithin = "xx"', "circle"),
        ("[[money]]", "[[money]", "Expected"),
        ("conversion_step = 0.01", 'conversion_step = "fine"', "decimal"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    Library([folder(tmp_path / "good")])
    with pytest.raises(LawError) as refused:
        Library([folder(tmp_path / "bad", LAW.replace(old, new, 1))])
    assert says.lower() in str(refused.value).lower()


def test_a_place_has_one_file(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="already law"):
        Library([folder(tmp_path / "one"), folder(tmp_path / "two")])


@pytest.mark.parametrize(
    "row",
    [
        "61,12,2020-01-01,,s,",
        "6x,12%,2020-01-01,,s,",
        "61,12%,soon,,s,",
        "61,12%,2020-01-01,,,",
        "61,4 USD / XYZ,2020-01-01,,s,",
        "61,See note 3,2020-01-01,,s,",
    ],
)
def test_a_tariff_line_that_cannot_be_trusted_is_refused(tmp_path: Path, row: str) -> None:
    tariff = f"hs,rate,from,until,source,url\n{row}\n"
    with pytest.raises(LawError, match=r"xx\.tariff\.csv line 2"):
        Library([folder(tmp_path, xx__tariff__csv=tariff)]).law_in_force("xx", date(2020, 1, 1))


def test_a_tariff_needs_its_law(tmp_path: Path) -> None:
    with pytest.raises(LawError, match=r"no law file yy\.toml"):
        Library([folder(tmp_path, yy__tariff__csv=TARIFF)])


def test_the_law_changes_on_the_days_its_entries_do(tmp_path: Path) -> None:
    library = Library([folder(tmp_path, xx__tariff__csv=TARIFF)])
    days = [date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1)]
    assert list(library.change_dates("xx")) == days
    laws = list(snapshots(library, "xx"))
    assert [law.valid_from for law in laws] == days
    assert [law.valid_until for law in laws] == [*days[1:], None]


def test_a_tariff_changes_on_its_own_days(tmp_path: Path) -> None:
    tariff = Library([folder(tmp_path, xx__tariff__csv=TARIFF)]).tariff("xx")
    rates = [
        tariff.line("611020", None, False, day) for day in (date(2021, 6, 30), date(2021, 7, 1))
    ]
    assert [rate.duty.text for rate in rates if isinstance(rate, TariffLine)] == ["12%", "10%"]


@pytest.mark.parametrize(
    ("on", "rules"),
    [
        (date(2020, 12, 31), {"xx/threshold/small@2020-01-01", "xx/parameter/vat@2020-01-01"}),
        (date(2021, 1, 1), {"xx/parameter/vat@2020-01-01"}),
        (date(2021, 12, 31), {"xx/parameter/vat@2020-01-01"}),
        (date(2022, 1, 1), {"xx/parameter/vat@2022-01-01"}),
        (date(2099, 1, 1), {"xx/parameter/vat@2022-01-01"}),
    ],
)
def test_until_is_the_first_day_no_longer(tmp_path: Path, on: date, rules: set[str]) -> None:
    law = Library([folder(tmp_path)]).law_in_force("XX", on)
    cited = {entry.citation.rule for entry in (*law.parameters, *law.order)}
    family = {rule for rule in cited if "/threshold/" in rule or "/parameter/" in rule}
    assert family == rules
    assert law.in_force(on)


def test_before_its_first_day_there_is_no_law(tmp_path: Path) -> None:
    library = Library([folder(tmp_path)])
    with pytest.raises(NoRuleInForceError, match="starts 2020-01-01"):
        library.law_in_force("xx", date(2019, 12, 31))
    with pytest.raises(NoRuleInForceError, match="Known: XX"):
        library.law_in_force("yy", date(2020, 1, 1))


def test_a_union_is_law_only_through_its_members() -> None:
    with pytest.raises(NoRuleInForceError, match="union"):
        shipped().law_in_force("qm", date(2024, 1, 1))
    assert "qm" not in shipped().codes()
    law = shipped().law_in_force("qn", date(2024, 8, 1))
    homes = {entry.citation.rule.partition("/")[0] for entry in law.order}
    assert homes == {"qm", "qn"}
    assert law.scheme == "QSS"
    line = law.tariff.line("640399", None, False, date(2024, 8, 1))
    assert isinstance(line, TariffLine)
    assert line.rule == "qm.tariff/64@2012-01-01"


def test_the_digest_tells_one_text_from_another(tmp_path: Path) -> None:
    one = Library([folder(tmp_path / "one")]).digest("xx")
    same = Library([folder(tmp_path / "same")]).digest("xx")
    other = Library([folder(tmp_path / "other", LAW.replace("10%", "11%"))]).digest("xx")
    tariff = Library([folder(tmp_path / "tariff", xx__tariff__csv=TARIFF)]).digest("xx")
    assert one == same
    assert len({one, other, tariff}) == 3


def test_every_version_of_every_place_shipped_can_be_built() -> None:
    library = shipped()
    counts = {code: len(list(snapshots(library, code))) for code in library.codes()}
    assert {"aa", "au", "gb", "no", "qn", "us", "zz"} <= set(counts)
    assert all(counts.values())


KNOWN = """
[[parameter.surcharge]]
from = 2020-01-01
value = "5%"
source = "s. 8"
annulled = 2021-03-10

[[parameter.surcharge]]
from = 2020-01-01
value = "4%"
source = "s. 8 as corrected, with effect from its first day"
known = 2021-03-10

[[parameter.surcharge]]
from = 2023-01-01
until = 2024-07-01
value = "7%"
source = "s. 8 as amended; lapses on 1 July 2024, later postponed"
known = 2022-11-20
until_known = 2024-01-15

[[measure.sum]]
from = 2020-01-01
value = "total(price) * surcharge"
source = "s. 9"
"""


@pytest.mark.parametrize(
    ("on", "known_on", "rate"),
    [
        ("2020-06-01", "2020-06-01", "0.05"),
        ("2020-06-01", "2021-03-09", "0.05"),
        ("2020-06-01", "2021-03-10", "0.04"),
        ("2020-06-01", None, "0.04"),
        ("2023-06-01", "2022-11-19", "0.04"),
        ("2023-06-01", "2022-11-20", "0.07"),
        ("2024-07-01", "2024-01-14", "0.07"),
        ("2024-07-01", "2024-01-15", None),
        ("2024-07-01", None, None),
    ],
)
def test_law_is_told_as_it_was_known(
    tmp_path: Path, on: str, known_on: str | None, rate: str | None
) -> None:
    library = Library([folder(tmp_path, LAW + KNOWN)])
    asked = date.fromisoformat(known_on) if known_on else None
    if rate is None:
        with pytest.raises(LawError, match="surcharge"):
            library.law_in_force("xx", date.fromisoformat(on), asked)
        return
    law = library.law_in_force("xx", date.fromisoformat(on), asked)
    (surcharge,) = (each for each in law.parameters if each.name == "surcharge")
    assert surcharge.expr.value == Decimal(rate)
    assert law.known_on == asked


def test_two_entries_known_together_do_not_begin_on_one_day(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="say when that one was annulled"):
        Library([folder(tmp_path, LAW + KNOWN.replace("annulled = 2021-03-10\n", ""))])
