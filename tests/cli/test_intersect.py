"""Two administrations compare sets on the command line, by the guide as written."""

import json
import re
import shlex
from pathlib import Path

import pytest

from pratique import cli

ROOT = Path(__file__).parent.parent.parent
GUIDE = ROOT / "docs/guides/intersection.md"
CUSTOMS = ROOT / "examples/agreements/customs.toml"
HEAD = "name,postcode,country,document\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch, capsys) -> Path:
    """Two administrations with keys and sets, and the agreement both have signed."""
    monkeypatch.chdir(tmp_path)
    text = CUSTOMS.read_text().replace("2026-07-01", "2020-01-01").replace("2031-", "2099-")
    for party in ("customs-aa", "customs-qn"):
        assert cli.main(["keys", "new", "--out", party, "--json"]) == 0
        key_id = json.loads(capsys.readouterr().out)["key_id"]
        text = text.replace(f'id = "{party}"', f'id = "{party}"\nkey_id = "{key_id}"')
    Path("customs.toml").write_text(text)
    for party, out in (("customs-aa", "aa.json"), ("customs-qn", "qn.json")):
        words = ["--by", party, "--key", f"{party}/private.pem", "-o", out]
        assert cli.main(["agreement", "sign", "customs.toml", *words]) == 0
    Path("ours.csv").write_text(f"{HEAD}Zoe Example,12345,AA,\nBo Example,99,AA,X-7\n")
    Path("theirs.csv").write_text(f"{HEAD}EXAMPLE BO,99,aa,x7\nCy Example,1,AA,\n")
    capsys.readouterr()
    return tmp_path


def lines_of_the_guide() -> list[list[str]]:
    blocks = re.findall(r"```console\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    return [shlex.split(line)[1:] for block in blocks for line in block.strip().splitlines()]


def run(words: list[str], monkeypatch, capsys) -> tuple[int, str, str]:
    """A step, each side with a store of its own."""
    monkeypatch.setenv("PRATIQUE_STORE", f"sqlite:///{words[words.index('--by') + 1]}.db")
    code = cli.main(words)
    out, err = capsys.readouterr()
    return code, out, err


def test_the_guide_works_as_written(folder, monkeypatch, capsys) -> None:
    steps = lines_of_the_guide()
    assert [words[1] for words in steps] == ["request", "answer", "result"]
    for words in steps:
        code, out, err = run(words, monkeypatch, capsys)
        assert code == 0, err
    assert out == "Bo Example,99,AA,X-7\n1 in both, of 2 here and 2 there\n"
    assert Path("request.secret").stat().st_mode & 0o777 == 0o600
    for name in ("request.json", "answer.json", "customs-aa.db", "customs-qn.db"):
        assert b"Example" not in Path(name).read_bytes()
    code, out, _ = run([*steps[2], "--json"], monkeypatch, capsys)
    assert json.loads(out) == {
        "count": 1, "found": ["Bo Example,99,AA,X-7"], "own_size": 2, "partner_size": 2,
    }  # fmt: skip


def test_files_that_are_there_are_kept_and_a_request_is_answered_once(
    folder, monkeypatch, capsys
) -> None:
    ask, answer, _ = lines_of_the_guide()
    assert run(ask, monkeypatch, capsys)[0] == 0
    before = Path("request.json").read_bytes()
    code, _, err = run(ask, monkeypatch, capsys)
    assert (code, "is there already" in err) == (2, True)
    assert Path("request.json").read_bytes() == before
    assert run(answer, monkeypatch, capsys)[0] == 0
    assert run(answer, monkeypatch, capsys)[0] == 2
    Path("answer.json").unlink()
    code, _, err = run(answer, monkeypatch, capsys)
    assert (code, "again" in err) == (1, True)
    assert not Path("answer.json").exists()


def test_an_agreement_of_one_signature_or_ended_allows_nothing(folder, monkeypatch, capsys) -> None:
    ask, answer, _ = lines_of_the_guide()
    alone = list(ask)
    del alone[alone.index("aa.json") - 1 : alone.index("aa.json") + 1]
    code, _, err = run(alone, monkeypatch, capsys)
    assert (code, "does not bind" in err) == (1, True)
    assert not Path("request.secret").exists()
    assert run(ask, monkeypatch, capsys)[0] == 0
    end = ["--by", "customs-aa", "--key", "customs-aa/private.pem", "--from-day", "2026-01-01"]
    assert (
        cli.main(["agreement", "revoke", "customs.toml", *end, "--because", "x", "-o", "end.json"])
        == 0
    )
    code, _, err = run([*answer, "--revocation", "end.json"], monkeypatch, capsys)
    assert (code, "does not bind" in err) == (1, True)
    assert not Path("answer.json").exists()


def test_a_secret_of_another_run_is_refused(folder, monkeypatch, capsys) -> None:
    ask, answer, result = lines_of_the_guide()
    assert run(ask, monkeypatch, capsys)[0] == 0
    assert run(answer, monkeypatch, capsys)[0] == 0
    Path("request.secret").write_text("{}")
    code, _, err = run(result, monkeypatch, capsys)
    assert (code, "no secret" in err) == (2, True)


def test_an_agreement_shows_who_learns_what(folder, capsys) -> None:
    assert cli.main(["agreement", "show", "customs.toml"]) == 0
    out = capsys.readouterr().out
    assert "persons for risk, security: customs-qn learns which both have" in out
