"""The law file that the guide builds up, piece by piece, is a law file that works."""

import re
import shlex
import textwrap
from pathlib import Path

import msgspec
import pytest

from pratique import cli
from pratique.jurisdictions import Library
from pratique.jurisdictions.cases import LINE_KEYS, Case, read_cases
from pratique.jurisdictions.check import check_folders
from pratique.office.desk import Desk
from pratique.office.quote import quote
from tests.jurisdictions.test_cases import request_of

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "add-a-jurisdiction.md"


def pieces(kind: str) -> str:
    found = re.findall(
        rf"^```{kind}\n(.*?)^```", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found, kind
    return "\n".join(found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "xl.toml").write_text(pieces("toml"), encoding="utf-8")
    (tmp_path / "xl.tariff.csv").write_text(pieces("csv"), encoding="utf-8")
    (tmp_path / "xl.cases.toml").write_text(pieces("cases"), encoding="utf-8")
    return tmp_path


def test_the_pieces_together_have_no_faults(folder: Path) -> None:
    assert check_folders([folder]) == ()


FORMS = re.findall(r"^\| [^|]+ \| (`\w+ = .*`.*) \|$", GUIDE.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("form", FORMS)
def test_every_other_form_of_a_charge_is_accepted(form: str, folder: Path) -> None:
    given = dict(each.split(" = ", 1) for each in re.findall(r"`(\w+ = .*?)`", form))
    if given.get("scope") == '"consignment"':
        given["base"] = '"total(customs_value)"'
    if "amount" not in given:
        given = {"base": '"customs_value"', "rate": '"5%"'} | given
    given.setdefault("round", '"half_up 0.01"')
    charge = """
        [[charge.levy]]
        from = 2018-01-01
        title = "Levy"
        kind = "fee"
        regimes = ["standard"]
        payer = "importer"
        collector = "customs"
        moment = "border"
        source = "Levy Act (invented), s. 1"
        """ + "\n".join(f"{name} = {value}" for name, value in given.items())
    law = folder / "xl.toml"
    law.write_text(law.read_text("utf-8") + textwrap.dedent(charge), encoding="utf-8")
    assert check_folders([folder]) == ()


def test_the_value_of_which_only_the_excess_counts_is_accepted(folder: Path) -> None:
    (value,) = re.findall(r"^    (value = '.*')$", GUIDE.read_text("utf-8"), re.MULTILINE)
    law = folder / "xl.toml"
    measure = f'[[measure.excess]]\nfrom = 2018-01-01\nsource = "s. 33"\n{value}\n'
    text = law.read_text("utf-8").replace('base = "customs_value"', 'base = "excess"')
    law.write_text(text + measure, encoding="utf-8")
    assert check_folders([folder]) == ()


def test_its_commands_run(folder: Path, monkeypatch, capsys) -> None:
    block = GUIDE.read_text("utf-8").split("    export PRATIQUE_LAW=law\n")[1].split("\n\n")[0]
    monkeypatch.setenv("PRATIQUE_LAW", str(folder))
    told = []
    for line in block.replace("\\\n", " ").splitlines():
        program, *words = shlex.split(line)
        assert program == "pratique"
        assert cli.main(words) == 0
        told.append(capsys.readouterr().out)
    assert "Lakeland" in told[0]
    assert "total 28.64 XTS" in told[1]


def test_every_key_of_a_case_is_told() -> None:
    text = GUIDE.read_text("utf-8").split("## 10.")[1].split("## 11.")[0]
    keys = {field.encode_name for field in msgspec.structs.fields(Case)}
    assert {each for each in (*keys, *LINE_KEYS) if f"`{each}`" not in text} == set()


def test_the_published_example_comes_out(folder: Path) -> None:
    (case,) = read_cases((folder / "xl.cases.toml").read_bytes(), "xl.cases.toml")
    answer = quote(request_of("xl", case), Desk(Library([folder])))
    assert not answer.needs_human
    assert answer.regime == case.expect.regime
    found = {"duty": answer.total("duty"), "tax": answer.total("tax"), "total": answer.total()}
    assert found == case.expect.amounts()
