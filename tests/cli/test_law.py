"""`pratique law`: what people and scripts are shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pratique import cli


def run(capsys: Any, *words: str) -> tuple[int, str, str]:
    code = cli.main(["law", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_check_prints_a_table_and_weak_entries(capsys) -> None:
    code, out, _ = run(capsys, "check", "NO", "--table", "--weak")
    assert code == 0
    assert out.splitlines()[1].startswith("NO ")
    assert "no/" in out
    assert "examples come out as published" in out
    told = json.loads(run(capsys, "check", "NO", "--weak", "--json")[1])
    assert [each["code"] for each in told["places"]] == ["NO"]
    assert {each["rule"].partition("/")[0] for each in told["weak"]} == {"no"}


@pytest.mark.parametrize("width", ["80", "160"])
def test_diff_tells_changes_and_parcels_within_the_width(capsys, monkeypatch, width: str) -> None:
    monkeypatch.setattr("pratique.cli.output.console.width", int(width))
    code, out, _ = run(capsys, "diff", "DE", "--from", "2025-01-01", "--to", "2026-07-02")
    assert code == 0
    assert "Germany (DE), from 2025-01-01 to 2026-07-02" in out
    assert "charge/flat_duty" in out
    assert "+3.57" in out
    lines = [line for line in out.splitlines() if "http" not in line]
    assert max(map(len, lines)) <= int(width)
    told = json.loads(
        run(capsys, "diff", "DE", "--from", "2025-01-01", "--to", "2026-07-02", "--json")[1]
    )
    assert len(told["parcels"]) == 6
    assert {each["kind"] for each in told["difference"]["entries"]} == {"came", "went", "changed"}


def test_diff_takes_rates_for_its_parcels(capsys) -> None:
    asked = ("diff", "BR", "--from", "2025-06-01", "--to", "2025-06-02", "--json")
    without = json.loads(run(capsys, *asked)[1])["parcels"]
    given = json.loads(run(capsys, *asked, "--fx", "USD=5.50")[1])["parcels"]
    assert any("exchange rate" in why for each in without for why in each["after"]["asks"])
    assert not any("exchange rate" in why for each in given for why in each["after"]["asks"])
    assert given[0]["after"]["currency"] == "BRL"


def test_diff_says_when_nothing_differs(capsys) -> None:
    code, out, _ = run(capsys, "diff", "NZ", "--from", "2024-05-01", "--to", "2024-05-02")
    assert code == 0
    assert "No entry of the law differs." in out


def test_changes_are_told_as_text_json_and_feed(capsys, tmp_path) -> None:
    asked = ("changes", "EU", "--from", "2026-07-01", "--days", "1")
    code, out, _ = run(capsys, *asked)
    assert code == 0
    assert "2026-07-01  European Union (EU)" in out
    assert "Customs duty of EUR 3 a tariff item: begins" in out
    told = json.loads(run(capsys, *asked, "--json")[1])
    assert {each["on"] for each in told} == {"2026-07-01"}
    path = tmp_path / "changes.xml"
    assert run(capsys, *asked, "--atom", str(path), "--at", "2026-11-25T00:00:00Z")[0] == 0
    _, out, _ = run(capsys, *asked, "--atom", "-", "--at", "2026-11-25T00:00:00Z")
    assert out.encode() == path.read_bytes()


@pytest.mark.parametrize("width", ["80", "160"])
def test_show_tells_topics_within_the_width(capsys, monkeypatch, width: str) -> None:
    monkeypatch.setattr("pratique.cli.output.console.width", int(width))
    code, out, _ = run(capsys, "show", "DE", "--on", "2026-07-01")
    assert code == 0
    assert "Germany (DE) on 2026-07-01, in EUR" in out
    assert "Regimes, in order" in out
    assert "Next: ends on 2028-07-01" in out
    assert max(map(len, out.splitlines())) <= int(width)
    assert "https://" not in out
    assert "https://" in run(capsys, "show", "DE", "--on", "2026-07-01", "--urls")[1]


@pytest.mark.parametrize("width", ["80", "160"])
def test_compare_is_side_by_side_within_the_width(capsys, monkeypatch, width: str) -> None:
    monkeypatch.setattr("pratique.cli.output.console.width", int(width))
    asked = ("compare", "GB", "NO", "--on", "2026-07-01", "--fx", "NOK/GBP=0.073")
    code, out, _ = run(capsys, *asked)
    assert code == 0
    assert any("VAT standard: 20%" in line and "25%" in line for line in out.splitlines())
    assert "219.00" in out
    assert max(map(len, out.splitlines())) <= int(width)
    told = json.loads(run(capsys, *asked, "--json")[1])
    assert [side["code"] for side in told["topics"][0]["sides"]] == ["GB", "NO"]


def test_harmonisation_is_told_as_text_json_and_markdown(capsys, monkeypatch) -> None:
    monkeypatch.setattr("pratique.cli.output.console.width", 80)
    asked = ("harmonisation", "NO", "--on", "2026-07-01")
    code, out, _ = run(capsys, *asked)
    assert code == 0
    assert "16. Data quality" in out
    assert max(map(len, out.splitlines())) <= 80
    assert len(json.loads(run(capsys, *asked, "--json")[1])["standards"]) == 16
    assert run(capsys, *asked, "--markdown")[1].startswith("# Norway")


def test_show_as_json_keeps_its_keys(capsys) -> None:
    told = json.loads(run(capsys, "show", "DE", "--on", "2020-08-01", "--json")[1])
    assert {"code", "name", "currency", "valid_from", "valid_until", "digest"} <= told.keys()
    (first,) = [
        each for each in told["entries"] if each["rule"] == "de/parameter/vat_standard@2020-07-01"
    ]
    assert {"rule", "title", "says", "source", "url", "confidence", "seen"} <= first.keys()
    assert (first["topic"], first["from"]) == ("Money and rates", "2020-07-01")
    assert first["next"] == "from 2021-01-01: value 16% → 19%"
    assert {each["name"] for each in told["topics"]} >= {"Charges, in order", "Tariff"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("diff", "DE", "--from", "1999-01-01", "--to", "2020-01-01"), "No law for DE"),
        (("diff", "XX", "--from", "2019-01-01", "--to", "2020-01-01"), "no law file"),
        (("diff", "DE", "--from", "soon"), "is not a day"),
        (("diff", "DE", "--from", "2024-01-01", "--fx", "USD=much"), "is not a number"),
        (("changes", "XX"), "no law file"),
        (("changes", "--days", "0"), "--days"),
        (("changes", "--from", "9999-12-01"), "past the calendar"),
        (("changes", "--atom", "-", "--at", "noon"), "no moment"),
        (("compare", "GB", "XX"), "no law file"),
        (("compare", "GB", "NO", "--fx", "GBP=1"), "write both currencies"),
        (("compare", "GB", "NO", "--fx", "GBP/EUR=1", "--fx", "NOK/USD=1"), "one currency"),
        (("harmonisation", "XX"), "no law file"),
        (("check", "XX"), "no law file"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(capsys, words, says: str) -> None:
    code, _, err = run(capsys, *words)
    assert code == 2
    assert says in err
