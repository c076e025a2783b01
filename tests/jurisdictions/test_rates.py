"""Published exchange rates: read as published, looked up as the law says, shown in the trace."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pratique.cli import main
from pratique.errors import UsageError
from pratique.jurisdictions.rates import FORMS, read_rates, write_rates
from pratique.model.evidence import Evidence, ExchangeRate, Fixing, Published, RateTable, fixing_day

D = Decimal
ECB = b"Date,USD,JPY,CYP,\n2026-06-24,1.0833,162.10,N/A,\n2026-06-23,1.0800,161.00,0.5853,\n"
HMRC = (
    "Country/Territories,Currency,Currency code,Currency Units per £1,Start date,End date\n"
    'USA,Dollar,USD,1.2712,01/06/2026,30/06/2026\nJapan,Yen,JPY,"1,91.50",01/06/2026,30/06/2026\n'
).encode()


@pytest.mark.parametrize(
    ("rule", "on", "day"),
    [
        ("latest", "2026-07-15", "2026-07-15"),
        ("day_before", "2026-07-01", "2026-06-30"),
        ("month", "2026-07-15", "2026-07-01"),
        ("quarter", "2026-09-30", "2026-07-01"),
        ("quarter", "2026-01-01", "2026-01-01"),
        # Wednesdays of June 2026: 3, 10, 17, 24; of February 2026: 4, 11, 18, 25; of September 2026: 2 to 30
        ("penultimate_wednesday", "2026-07-01", "2026-06-17"),
        ("penultimate_wednesday", "2026-07-31", "2026-06-17"),
        ("penultimate_wednesday", "2026-03-31", "2026-02-18"),
        ("penultimate_wednesday", "2026-10-01", "2026-09-23"),
        ("penultimate_wednesday", "2027-01-01", "2026-12-23"),
    ],
)
def test_the_day_whose_rate_counts(rule: str, on: str, day: str) -> None:
    assert fixing_day(rule, date.fromisoformat(on)) == date.fromisoformat(day)  # type: ignore[arg-type]


TABLE = RateTable(
    [
        Published(source="ECB", day=date(2026, 6, 16), base="EUR", quote="USD", rate=D("1.0700")),
        Published(source="ECB", day=date(2026, 6, 17), base="EUR", quote="USD", rate=D("1.0800")),
        Published(source="ECB", day=date(2026, 6, 30), base="EUR", quote="USD", rate=D("1.1000")),
        Published(source="NBP", day=date(2026, 6, 17), base="USD", quote="EUR", rate=D("0.91")),
        Published(source="NBP", day=date(2026, 6, 17), base="USD", quote="PLN", rate=D("3.97")),
    ]
)


@pytest.mark.parametrize(
    ("home", "fixing", "on", "currency", "rate"),
    [
        ("EUR", Fixing(source="ECB"), date(2026, 6, 30), "USD", "0.909090909"),
        ("EUR", Fixing(source="ECB"), date(2026, 6, 29), "USD", "0.925925926"),
        (
            "EUR",
            Fixing(source="ECB", rule="penultimate_wednesday"),
            date(2026, 7, 20),
            "USD",
            "0.925925926",
        ),
        ("EUR", Fixing(source="NBP"), date(2026, 6, 30), "USD", "0.91"),
        # of two sources the later; of any
        ("EUR", Fixing(), date(2026, 6, 30), "USD", "0.909090909"),
        ("USD", Fixing(source="ECB"), date(2026, 6, 30), "EUR", "1.1000"),
        ("PLN", Fixing(), date(2026, 6, 20), "USD", "3.97"),
        # too old, not yet, no such source, never across a third currency
        ("EUR", Fixing(source="ECB", most_days=5), date(2026, 7, 6), "USD", None),
        ("EUR", Fixing(source="ECB"), date(2026, 6, 15), "USD", None),
        ("EUR", Fixing(source="HMRC"), date(2026, 6, 30), "USD", None),
        ("PLN", Fixing(source="ECB"), date(2026, 6, 20), "EUR", None),
    ],
)
def test_the_rate_the_law_reckons_with(
    home: str, fixing: Fixing, on: date, currency: str, rate: str | None
) -> None:
    found = TABLE.into(home, fixing, on).get(currency)
    assert (found.rate if found else None) == (D(rate) if rate else None)
    given = ExchangeRate(currency=currency, home=home, rate=D("2"), source="given")
    both = Evidence(rates=(given,), table=TABLE).into(home, fixing, on)
    assert both[currency].rate == 2


def test_published_forms() -> None:
    ecb = list(FORMS["ecb"](ECB, "e"))
    assert [(each.day.day, each.quote, each.rate) for each in ecb] == [
        (24, "USD", D("1.0833")), (24, "JPY", D("162.10")), (23, "USD", D("1.0800")), (23, "JPY", D("161.00"))
    ]  # fmt: skip
    hmrc = list(FORMS["hmrc"](HMRC, "h"))
    assert [(each.day, each.base, each.quote, each.rate) for each in hmrc] == [
        (date(2026, 6, 1), "GBP", "USD", D("1.2712")),
        (date(2026, 6, 1), "GBP", "JPY", D("191.50")),
    ]
    assert read_rates(write_rates(ecb), "r") == sorted(ecb, key=lambda each: (each.day, each.quote))


def test_the_public_data_set_is_in_units_for_one_dollar(data: Path) -> None:
    rates = FORMS["fed"]((data / "fx/fed_monthly_rates.csv").read_bytes(), "fed")
    table = RateTable(rates)
    euro = table.into("EUR", Fixing(), date(2008, 7, 15))["USD"]
    assert (euro.rate, euro.source) == (
        D("0.6346"),
        "Federal Reserve, 2008-07-01: 1 USD = 0.6346 EUR",
    )
    pound = table.into("USD", Fixing(), date(2008, 7, 15))["GBP"]
    assert D("1.98") < pound.rate < D("2.00")


@pytest.mark.parametrize(
    ("form", "content", "says"),
    [
        ("csv", b"source,day\n", "no column base"),
        ("csv", b"source,day,base,quote,rate\nX,soon,EUR,USD,1\n", "line 2"),
        ("csv", b"source,day,base,quote,rate\nX,2026-01-01,EUR,DEM,1\n", "line 2"),
        ("csv", b"source,day,base,quote,rate\nX,2026-01-01,EUR,USD,0\n", "line 2"),
        ("csv", b"source,day,base,quote,rate\nX,2026-01-01,EUR,USD,NaN\n", "line 2"),
        ("csv", b"source,day,base,quote,rate\nX,2026-01-01,EUR,USD,1e400\n", "line 2"),
        ("csv", b"source,day,base,quote,rate\n,2026-01-01,EUR,USD,1\n", "no source"),
        ("csv", b"source,day,base,quote,rate\nX,2026-01-01\n", "missing"),
        ("csv", b"\xff\xfe", "UTF-8"),
        ("ecb", b"Day,USD\n", "no column Date"),
        ("fed", b"Date,Country,Exchange rate\n2020-01-01,Euro,x\n", "line 2"),
    ],
)
def test_what_cannot_be_read_is_refused(form: str, content: bytes, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        list(FORMS[form](content, "file"))


def test_the_rate_used_is_in_the_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ecb.csv").write_bytes(ECB)
    rates = tmp_path / "rates.csv"
    bring = [
        "rates",
        "import",
        str(tmp_path / "ecb.csv"),
        "--form",
        "ecb",
        "-o",
        str(rates),
        "--json",
    ]
    assert main(bring) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 4
    assert main(bring) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 0
    monkeypatch.setenv("PRATIQUE_RATES", str(rates))
    ask = [
        "quote",
        "--to",
        "AA",
        "--from",
        "CN",
        "--on",
        "2026-06-24",
        "--currency",
        "USD",
        "--json",
    ]
    assert main([*ask, "--line", "hs=610910,value=120.00,qty=1,origin=CN,what=x"]) == 0
    told = capsys.readouterr().out
    assert (
        "rate USD to XTS" not in told
    )  # the law of the place reckons in another currency: nobody said
    assert json.loads(told)["needs_human"]
    assert main(["rates", "show", "DE", "--on", "2026-08-01"]) == 0
    assert "ECB, 2026-06-24: 1 EUR = 1.0833 USD" in capsys.readouterr().out
    monkeypatch.setenv("PRATIQUE_RATES", str(tmp_path / "nowhere.csv"))
    assert main(["rates", "show", "DE"]) == 2
