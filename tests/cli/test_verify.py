"""``pratique verify`` as a stranger runs it: a file, a folder of keys, nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pratique import cli
from pratique.exchange import seal
from tests.support.evidence import Bundles

DOCS = Path(__file__).parent.parent.parent / "docs"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle and the trusted keys, as files."""
    folder = tmp_path_factory.mktemp("evidence")
    made = Bundles(folder, how_many=3, seed=5)
    (folder / "bundle.json").write_bytes(made.bundles[0])
    for node in (made.a, made.b, made.c):
        party = folder / "trust" / node.name
        party.mkdir(parents=True)
        (party / "seal.pem").write_bytes(seal.public_pem(node.key.public_key()))
        lines = [each.vkey for each in (*node.log.keys, node.cosigner.verifier)]
        (party / "log.vkey").write_text("\n".join(lines) + "\n")
    (folder / "trust/README.md").write_text("Who gave these keys, and when.")
    return folder


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = cli.main(["verify", *map(str, words)])
    return code, *capsys.readouterr()


def test_what_is_proved_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, folder / "bundle.json", "--trust", folder / "trust")
    assert code == 0
    for words in (
        "by post-a",
        "customs-b has it",
        "agreement AG-1/2",
        "customs-b.example/log",
        "Witness",
    ):
        assert words in out


def test_json_tells_all_of_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, folder / "bundle.json", "--trust", folder / "trust", "--json")
    told = json.loads(out)
    assert (code, told["sender"], told["content"]["id"]) == (0, "post-a", "M0")
    assert told["receipts"][0]["receipt"]["stage"] == "received"
    assert told["receipts"][0]["witnesses"]


def test_what_does_not_hold_is_told_with_exit_code_one(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    altered = tmp_path / "altered.json"
    altered.write_bytes((folder / "bundle.json").read_bytes().replace(b"cotton", b"silken"))
    code, out, err = run(capsys, altered, "--trust", folder / "trust")
    assert (code, out) == (1, "")
    assert "forged" in err
    code, _, err = run(
        capsys, folder / "bundle.json", "--trust", folder / "trust", "--witnesses", 3
    )
    assert code == 1
    assert "of the 3 witnesses" in err


@pytest.mark.parametrize(
    ("bundle", "trust", "witnesses", "code"),
    [("none.json", "trust", 1, 2), ("bundle.json", "none", 1, 2), ("bundle.json", "trust", -1, 2),
     ("bundle.json", "trust/post-a", 1, 1), ("post-a.db", "trust", 1, 1)],
)  # fmt: skip
def test_other_files_are_refused_in_words(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    bundle: str,
    trust: str,
    witnesses: int,
    code: int,
) -> None:
    found, out, err = run(
        capsys, folder / bundle, "--trust", folder / trust, "--witnesses", witnesses
    )
    assert (found, out) == (code, "")
    assert err.startswith("pratique: ")


def test_it_loads_no_database_and_no_network(folder: Path) -> None:
    script = (
        "import socket, sys\nsocket.socket = None  # whoever reached for the network would fail\nfrom pratique import cli\n"
        f"code = cli.main(['verify', {str(folder / 'bundle.json')!r}, '--trust', {str(folder / 'trust')!r}])\n"
        "sys.exit(code or any(name in sys.modules for name in ('sqlite3', 'psycopg', 'ssl', 'pratique.store')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(sys.path), "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_keys_are_shown_as_others_write_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = (folder / "trust/post-a/log.vkey").read_text().splitlines()
    public = str(folder / "trust/post-a/seal.pem")
    for name, kind, line in (
        ("post-a.example/log", [], 0),
        ("post-a.example/witness", ["--cosigner"], 2),
    ):
        assert cli.main(["keys", "vkey", "--public", public, "--name", name, *kind]) == 0
        assert capsys.readouterr().out.strip() == known[line]
    assert cli.main(["keys", "vkey", "--public", public, "--name", "has a blank"]) == 1


def test_the_guide_shows_what_the_published_bundle_gives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads((DOCS / "protocol/log.json").read_text())["evidence"]
    for party, files in told["trust"].items():
        (tmp_path / "trust" / party).mkdir(parents=True)
        for name, text in files.items():
            (tmp_path / "trust" / party / name).write_text(text)
    (tmp_path / "bundle.json").write_text(told["bundle"])
    code, out, _ = run(capsys, tmp_path / "bundle.json", "--trust", tmp_path / "trust")
    shown = (DOCS / "guides/evidence.md").read_text()
    assert code == 0
    assert out.splitlines()
    for line in out.splitlines():
        assert f"   {line}\n" in shown
