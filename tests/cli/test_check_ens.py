"""``pratique check`` of an entry summary declaration: error numbers and locations."""

import json
from pathlib import Path

import pytest

from pratique import cli
from tests.support.ens import message

EXAMPLE = Path(__file__).parent.parent.parent / "examples/ens.xml"


def checked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, data: bytes
) -> tuple[int, list[dict]]:
    path = tmp_path / "ens.xml"
    path.write_bytes(data)
    code = cli.main(["check", str(path), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_example_is_clean(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, (answer,) = checked(capsys, tmp_path, EXAMPLE.read_bytes())
    assert code == 0
    assert answer["findings"] == []


def test_what_has_no_place_in_an_ens_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["translate", str(EXAMPLE.parent / "shirt.json"), "--to", "ens"]) == 0
    out, err = capsys.readouterr()
    assert "<GooDesGDS23>" in out
    assert "lost /destination: The ENS form has no place for it." in err


def test_a_clean_declaration_passes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, (answer,) = checked(capsys, tmp_path, message())
    assert code == 0
    assert answer["declaration"] == "EXAMPLE-ENS-1"
    assert answer["findings"] == []


def test_a_broken_rule_is_told_by_number_and_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, (answer,) = checked(capsys, tmp_path, message({"HEAHEA/TotNumOfIteHEA305": "2"}))
    assert code == 1
    (found,) = answer["findings"]
    assert (found["rule"], found["pointer"]) == ("8206", "/ie:CC315A[1]/HEAHEA[1]")


def test_a_message_the_model_cannot_take_is_told_its_rules_all_the_same(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bad = {"HEAHEA/TotGroMasHEA307": "heavy", "HEAHEA/SpeCirIndHEA1": "A"}
    code, (answer,) = checked(capsys, tmp_path, message(bad))
    assert code == 1
    assert answer["faults"][0]["pointer"] == "/ie:CC315A[1]/HEAHEA[1]/TotGroMasHEA307[1]"
    assert [each["rule"] for each in answer["findings"]] == ["schema", "8673", "8691"]


def test_xml_that_is_unsafe_is_refused_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, (answer,) = checked(capsys, tmp_path, b"<!DOCTYPE a>" + message())
    assert code == 1
    assert answer["error"] == "doctype"
    assert "findings" not in answer


@pytest.mark.parametrize(("form", "word"), [("aed", "kept"), ("csv", "lost"), ("ens", "kept")])
def test_what_the_declaration_has_no_place_for_is_named(
    form: str, word: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["translate", str(EXAMPLE), "--to", form]) == 0
    told = capsys.readouterr().err
    assert f"{word} /ie:CC315A[1]/HEAHEA[1]/ConRefNumHEA[1]: The declaration has no place" in told
    assert "RefNumHEA4" not in told
