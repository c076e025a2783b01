"""Signed quotes as people and scripts meet them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pratique import cli

ROOT = Path(__file__).parent.parent.parent
ASKED = [
    "quote", "--to", "DE", "--from", "CN", "--on", "2026-07-02", "--currency", "EUR",
    "--line", "hs=610910,value=24.00,qty=2,origin=CN,what=cotton T-shirt", "--freight", "3.50", "--scheme-number", "yes",
]  # fmt: skip


@pytest.fixture
def folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRATIQUE_STORE", f"sqlite:///{tmp_path / 'cli.db'}")
    assert cli.main(["keys", "new", "--out", "keys"]) == 0
    assert cli.main([*ASKED, "--sign", "keys/private.pem", "-o", "quote.json"]) == 0
    capsys.readouterr()
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(words)
    out, err = capsys.readouterr()
    return code, out, err


def test_a_private_key_is_its_owners_alone_and_never_replaced(folder: Path, capsys) -> None:
    assert (folder / "keys/private.pem").stat().st_mode & 0o777 == 0o600
    before = (folder / "keys/private.pem").read_bytes()
    code, _, err = run(capsys, "keys", "new", "--out", "keys")
    assert code == 2
    assert "is there already" in err
    assert (folder / "keys/private.pem").read_bytes() == before


def test_a_quote_is_verified_and_compared(folder: Path, capsys) -> None:
    code, out, _ = run(capsys, "quote", "verify", "quote.json", "--public", "keys/public.pem")
    assert code == 0
    assert "reckoned again, the same" in out
    code, out, _ = run(
        capsys, "quote", "verify", "quote.json", "--public", "keys/public.pem", "--json"
    )
    told = json.loads(out)
    assert (code, told["confirmed"], told["same_law"], told["changed"]) == (0, True, True, [])


def test_a_filed_declaration_and_a_file_compare_alike(folder: Path, capsys) -> None:
    shirt = json.loads((ROOT / "examples/shirt.json").read_text())
    shirt["accepted_on"] = "2026-07-02"
    for price, code in (("24.00", 0), ("26.00", 1)):
        shirt["consignment"]["items"][0]["price"]["amount"] = price
        shirt["id"] = f"EX-{price}"
        (folder / "shirt.json").write_text(json.dumps(shirt))
        run(capsys, "declare", "shirt.json")
        answers = [
            run(
                capsys,
                "quote",
                "compare",
                "quote.json",
                later,
                "--public",
                "keys/public.pem",
                "--json",
            )
            for later in ("shirt.json", f"EX-{price}")
        ]
        assert [each[0] for each in answers] == [code, code]
        assert json.loads(answers[0][1]) == json.loads(answers[1][1])
    code, out, _ = run(capsys, "quote", "compare", "quote.json", "shirt.json")
    assert code == 1
    assert "other value: 26.00 EUR, quoted for 24.00 EUR" in out
    assert "not verified" in out
    assert not any(line.isspace() for line in out.splitlines())


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["quote", "verify", "none.json", "--public", "keys/public.pem"], 2, "no file"),
        (["quote", "verify", "quote.json", "--public", "keys/private.pem"], 1, "is a private key"),
        (["quote", "verify", "keys/public.pem", "--public", "keys/public.pem"], 1, "not-json"),
        (["quote", "compare", "quote.json", "EX-unknown"], 2, "EX-unknown"),
        ([*ASKED, "--sign", "keys/private.pem", "-o", "quote.json"], 2, "not overwritten"),
        ([*ASKED, "--sign", "keys/public.pem", "-o", "other.json"], 1, "no unencrypted private"),
        ([*ASKED, "--sign", "keys/private.pem"], 2, "both"),
        ([*ASKED, "-o", "other.json"], 2, "both"),
        (
            [*ASKED, "--sign", "keys/private.pem", "-o", "other.json", "--valid-days", "0"],
            1,
            "valid for",
        ),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path, capsys, words: list[str], code: int, says: str
) -> None:
    told = run(capsys, *words)
    assert told[0] == code
    assert says in told[2]
    assert not (folder / "other.json").exists()


def test_a_quote_altered_on_its_way_is_refused(folder: Path, capsys) -> None:
    text = (folder / "quote.json").read_text()
    (folder / "forged.json").write_text(text.replace("24.00", "23.00"))
    code, _, err = run(capsys, "quote", "verify", "forged.json", "--public", "keys/public.pem")
    assert code == 1
    assert err.startswith("pratique: forged: The signature does not fit")


def test_a_plain_quote_loads_no_cryptography(tmp_path: Path) -> None:
    script = "import sys; from pratique import cli; cli.main(sys.argv[1:]); print('cryptography' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script, *ASKED], capture_output=True, text=True, check=True, cwd=tmp_path, env=os.environ
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "False"


def test_an_amount_no_declaration_can_hold_is_refused_in_words(capsys) -> None:
    code, _, err = run(capsys, *ASKED, "--line", "value=1.1234567,hs=610910")
    assert code == 2
    assert "more than 6 decimal places" in err
