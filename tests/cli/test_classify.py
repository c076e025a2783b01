"""``pratique classify``: a table that asks a person to choose, JSON, and files."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from pratique.cli import main


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


def test_mistaken_requests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "socks", "--top", "0"]) == 2
    assert main(["classify", str(tmp_path / "absent.csv")]) == 2
    (tmp_path / "bad.csv").write_text("words\nsocks\n")
    assert main(["classify", str(tmp_path / "bad.csv")]) == 1
    assert "description" in capsys.readouterr().err


def test_no_other_command_loads_the_knowledge() -> None:
    script = (
        "import sys, pratique, pratique.office.desk\n"
        "from pratique.cli import main\n"
        "main(['--help'])\n"
        "assert not [m for m in sys.modules if m.startswith('pratique.classification')]"
    )
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)
