"""A law made from the guide alone, after a law in prose: it has no faults, and answers as the prose says."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from pratique import cli
from pratique.jurisdictions import Library
from pratique.jurisdictions.cases import read_cases
from pratique.jurisdictions.check import check_folders
from pratique.office.transparency.published import run_case

FOLDER = Path(__file__).parents[2] / "examples" / "law"
CASES = read_cases((FOLDER / "xp.cases.toml").read_bytes(), "xp.cases.toml")
LIBRARY = Library([FOLDER])


def test_the_law_has_no_faults() -> None:
    assert check_folders([FOLDER]) == ()


@pytest.mark.parametrize("case", CASES, ids=[each.title for each in CASES])
def test_what_was_reckoned_by_hand_comes_out(case) -> None:
    assert run_case(LIBRARY, "xp", case).differs == ()


def ask(capsys, monkeypatch, words: str, line: str) -> tuple[int, str]:
    monkeypatch.setenv("PRATIQUE_LAW", str(FOLDER))
    asked = f"quote --to XP --from FR --channel express {words}".split()
    if "--currency" not in words:
        asked += ["--currency", "XTS"]
    code = cli.main([*asked, "--line", line])
    return code, capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "line", "total", "asks"),
    [
        ("--on 2024-06-30 --freight 10", "hs=611020,value=100,qty=1", "25.30", False),
        ("--on 2024-07-01 --freight 10", "hs=611020,value=100,qty=1", "27.76", False),
        ("--on 2024-08-05 --freight 10", "hs=611020,value=40.00,qty=1", "0.00", False),
        ("--on 2024-08-05 --freight 10", "hs=611020,value=40.01,qty=1", "12.72", False),
        ("--on 2024-08-05 --channel post", "hs=611020,value=40.00,qty=1", "0.00", False),
        ("--on 2024-08-05 --flow c2c --channel post", "hs=611020,value=60.00,qty=1", "0.00", False),
        ("--on 2024-08-05 --flow c2c", "hs=611020,value=70.00,qty=1", "2.32", False),
        ("--on 2024-08-05 --flow c2c", "hs=220421,value=30.00,qty=1", "10.32", False),
        ("--on 2022-12-31 --scheme-number yes", "hs=611020,value=100,qty=1", "23.20", False),
        ("--on 2024-08-05 --scheme-number yes", "hs=611020,value=240,qty=2", "56.80", False),
        ("--on 2024-08-05 --scheme-number yes", "hs=611020,value=240.02,qty=2", "60.16", False),
        ("--on 2024-08-05", "hs=330300,value=80.00,qty=1", "14.08", True),
        ("--on 2024-08-05 --flow c2c", "hs=180632,value=80,qty=1,weight_kg=1", "5.76", True),
        ("--on 2024-08-05", "hs=180632,value=80,qty=1,weight_kg=3", "19.68", False),
    ],
)
def test_each_limit_and_each_day_of_change(
    capsys, monkeypatch, words: str, line: str, total: str, asks: bool
) -> None:
    _, out = ask(capsys, monkeypatch, f"{words} --json", line)
    answer = json.loads(out)
    assert answer["totals"]["total"] == total
    assert bool(answer["needs_human"]) is asks


def test_the_rate_of_the_last_working_day_counts(capsys, monkeypatch) -> None:
    monkeypatch.setenv("PRATIQUE_RATES", str(FOLDER / "rates.csv"))
    words = "--on 2025-02-03 --currency EUR --freight 4.00 --json"
    _, out = ask(capsys, monkeypatch, words, "hs=490199,value=50.00,qty=1")
    answer = json.loads(out)
    assert answer["totals"]["total"] == "2.00"
    assert {Decimal(each["base"]) for each in answer["charges"]} == {Decimal("66.663")}


def test_what_a_person_decides_is_not_told_as_nothing_due(capsys, monkeypatch) -> None:
    _, out = ask(capsys, monkeypatch, "--on 2024-08-05", "hs=950300,value=80,qty=1")
    assert "Without what a person has to decide: Duty 0.00" in out


def test_no_more_is_kept_than_was_paid(capsys, monkeypatch) -> None:
    _, out = ask(capsys, monkeypatch, "--on 2024-08-05 --flow c2c", "hs=611020,value=70,qty=1")
    assert (
        "If sent back within 90 days: nothing comes back. Duty and VAT are repaid, less XTS 6"
        in out
    )
