"""Clients as people and scripts meet them, by the guide as written."""

import json
import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from pratique import cli
from pratique.exchange import jwk
from pratique.store import open_database
from pratique.store.clients import ClientRows
from tests.support.clients import ISSUER, ask, form
from tests.support.keys import p256, x25519

GUIDE = Path(__file__).parent.parent.parent / "docs/guides/clients.md"
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "scanner-1")])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    """A folder with a TLS certificate, and a store of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRATIQUE_STORE", f"sqlite:///{tmp_path}/store.db")
    key, begins = p256("tls"), datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(NAME)
        .issuer_name(NAME)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    Path("tls.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return tmp_path


def run(capsys, *words: str) -> tuple[int, str, str]:
    code = cli.main(["client", *words])
    out, err = capsys.readouterr()
    return code, out, err


ADD = ["add", "s1", "--tenant", "customs-aa", "--role", "auditor", "--scope", "read"]


def test_the_guide_works_as_written(folder, capsys) -> None:
    blocks = re.findall(r"```console\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    lines = [line for block in blocks for line in block.strip().splitlines()]
    assert len(lines) == 7
    for line in lines:
        assert cli.main(shlex.split(line)[1:]) == 0, line
        out = capsys.readouterr().out
        if " list" in line:
            assert re.search(r"scanner-1 +customs-aa +customs_officer +read, ask", out)
        if " assertion" in line:
            sent = json.loads(out)["client_assertion"]
            rows = ClientRows(open_database(f"sqlite:///{folder}/store.db"))
            known = rows.get("scanner-1").certificates
            now = datetime.now(UTC)
            assert ask(rows, form(sent), certificate=known, now=now)[0] == 200
            assert ask(rows, form(sent), certificate="", now=now)[0] == 401
    code, out, _ = run(capsys, "list", "--json")
    (told,) = json.loads(out)
    assert (code, told["because"], told["client"]["revoked"]) == (0, "the machine was sold", True)
    assert len(told["client"]["keys"]) == 2


def test_a_p256_key_comes_as_a_json_web_key(folder, capsys) -> None:
    Path("p256.json").write_text(json.dumps(jwk.write_public(p256("s1").public_key())))
    assert run(capsys, *ADD, "--public", "p256.json", "--unbound")[0] == 0
    code, out, _ = run(capsys, "list")
    assert (code, "UNBOUND" in out) == (0, True)


def test_no_client_is_no_error(folder, capsys) -> None:
    assert run(capsys, "list") == (0, "No client is registered.\n", "")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([*ADD, "--public", "p.json"], 2, "--unbound"),
        ([*ADD, "--public", "p.json", "--unbound", "--certificate", "tls.pem"], 2, "--unbound"),
        ([*ADD, "--public", "p.json", "--certificate", "p.json"], 2, "no certificate"),
        ([*ADD, "--public", "x.json", "--unbound"], 1, "no use"),
        ([*ADD, "--public", "tls.pem", "--unbound"], 1, "no public Ed25519 key"),
        ([*ADD, "--public", "none.pem", "--unbound"], 2, "no file"),
        ([*ADD, "--role", "spy", "--public", "p.json", "--unbound"], 2, "no role"),
        ([*ADD, "--scope", "fly", "--public", "p.json", "--unbound"], 2, "no scope"),
        ([*ADD, "--public", "p.json", "--unbound", "--until", "2020-01-01"], 1, "ends before"),
        (["key", "nobody", "--public", "p.json"], 2, "no client"),
        (["revoke", "nobody", "--because", "x"], 2, "no client"),
        (["assertion", "s1", "--key", "tls.pem", "--audience", ISSUER.endpoint], 1, "no unencrypted"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_so(folder, capsys, words, code, told) -> None:
    Path("p.json").write_text(json.dumps(jwk.write_public(p256("s1").public_key())))
    Path("x.json").write_text(json.dumps(jwk.write_public(x25519("s1").public_key())))
    found, _, err = run(capsys, *words)
    assert (found, told in err) == (code, True), err
    assert run(capsys, "list")[1] == "No client is registered.\n"
