"""``pratique classify``: a table that asks a person to choose, JSON, and files."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from pratique.cli import main

ROOT = Path(__file__).parent.parent.parent


def test_a_description(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "men's cotton t-shirt"]) == 0
    shown = capsys.readouterr().out
    assert "610910" in shown
    assert "A person must choose" in shown


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "men's cotton t-shirt", "--top", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["candidates"][0]["hs6"] == "610910"
    assert len(told["candidates"]) == 2


def test_a_file(tmp_path: Path) -> None:
    given, out = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text("description\nleather wallet\nplaying cards\n")
    assert main(["classify", str(given), "-o", str(out), "--top", "1"]) == 0
    with out.open(newline="") as file:
        assert [row["hs6"] for row in csv.DictReader(file)] == ["420231", "950440"]


def test_a_declared_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "men's cotton t-shirt", "--hs", "610910"]) == 0
    assert "does not make it right" in capsys.readouterr().out
    assert main(["classify", "hair straightener", "--hs", "15043090"]) == 1
    assert "851632" in capsys.readouterr().out
    assert main(["classify", "hair straightener", "--hs", "cat"]) == 2


def test_check_notes_a_code_that_contradicts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shirt = json.loads((ROOT / "examples/shirt.json").read_text())
    rules = []
    for description in (shirt["consignment"]["items"][0]["description"], "Hair straightener"):
        shirt["consignment"]["items"][0]["description"] = description
        path = tmp_path / "shirt.json"
        path.write_text(json.dumps(shirt))
        main(["check", str(path), "--json"])
        (answer,) = json.loads(capsys.readouterr().out)
        rules.append({each["rule"] for each in answer["findings"]} & {"C405"})
    assert rules[0] == set()
    assert len(rules[1]) == 1


def test_mistaken_requests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "socks", "--top", "0"]) == 2
    assert main(["classify", str(tmp_path / "absent.csv")]) == 2
    (tmp_path / "bad.csv").write_text("words\nsocks\n")
    assert main(["classify", str(tmp_path / "bad.csv")]) == 1
    assert "description" in capsys.readouterr().err


def test_help_does_not_load_the_room() -> None:
    script = (
        "import sys, pratique\n"
        "from pratique.cli import main\n"
        "main(['--help'])\n"
        "assert 'pratique.classification' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)
