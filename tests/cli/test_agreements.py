"""Agreements as people and scripts meet them: begun, checked, signed by both, shown, ended."""

import json
from pathlib import Path

import pytest

from pratique import cli

POSTS = Path(__file__).parent.parent.parent / "examples/agreements/posts.toml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch, capsys) -> Path:
    """Two parties with keys, and the agreement that names them."""
    monkeypatch.chdir(tmp_path)
    text = POSTS.read_text()
    for party in ("post-aa", "post-qn", "stranger"):
        assert cli.main(["keys", "new", "--out", party, "--json"]) == 0
        made = json.loads(capsys.readouterr().out)
        text = text.replace(f'id = "{party}"', f'id = "{party}"\nkey_id = "{made["key_id"]}"')
    Path("posts.toml").write_text(text)
    return tmp_path


def run(capsys, *words: str) -> tuple[int, str, str]:
    code = cli.main(["agreement", *words])
    out, err = capsys.readouterr()
    return code, out, err


def signed(capsys, party: str, out: str, file: str = "posts.toml") -> tuple[int, str, str]:
    return run(capsys, "sign", file, "--by", party, "--key", f"{party}/private.pem", "-o", out)


PUBLIC = ("--public", "post-aa/public.pem", "--public", "post-qn/public.pem", "--on", "2026-11-25")


def test_it_binds_once_both_have_signed(folder, capsys) -> None:
    assert signed(capsys, "post-aa", "aa.json")[0] == 0
    code, out, _ = run(capsys, "show", "aa.json", *PUBLIC)
    assert code == 1
    assert "post-qn: Quinland Post (invented), QN, post_of_destination · NOT SIGNED" in out
    assert signed(capsys, "post-qn", "qn.json", "aa.json")[0] == 0
    code, out, _ = run(capsys, "show", "aa.json", "qn.json", *PUBLIC, "--json")
    told = json.loads(out)
    assert (code, told["binds"], told["signed"]) == (0, True, ["post-aa", "post-qn"])


def test_a_copy_is_never_overwritten(folder, capsys) -> None:
    signed(capsys, "post-aa", "aa.json")
    before = Path("aa.json").read_bytes()
    code, _, err = signed(capsys, "post-aa", "aa.json")
    assert code == 2
    assert "is there already" in err
    assert Path("aa.json").read_bytes() == before


def test_a_key_that_is_not_the_partys_own_does_not_sign(folder, capsys) -> None:
    code, _, err = run(
        capsys,
        "sign",
        "posts.toml",
        "--by",
        "post-aa",
        "--key",
        "stranger/private.pem",
        "-o",
        "x.json",
    )
    assert code == 1
    assert "other-key" in err
    assert not Path("x.json").exists()
    code, _, err = run(
        capsys,
        "sign",
        "posts.toml",
        "--by",
        "nobody",
        "--key",
        "post-aa/private.pem",
        "-o",
        "x.json",
    )
    assert code == 1
    assert "no party" in err


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["content"].update(retention_days=9999), "forged"),
        (lambda d: d["content"]["elements"].append("payment.*"), "forged"),
        (lambda d: d["seal"].update(alg="none"), "algorithm"),
        (lambda d: d["seal"].update(type="pratique-quote/1"), "type"),
        (lambda d: d["seal"].update(key_id="A" * 43), "other-key"),
        (lambda d: d.update(more=1), "shape"),
    ],
)
def test_an_altered_copy_is_refused(folder, capsys, change, told) -> None:
    signed(capsys, "post-aa", "aa.json")
    document = json.loads(Path("aa.json").read_text())
    change(document)
    Path("bad.json").write_text(json.dumps(document))
    code, _, err = run(capsys, "show", "bad.json", *PUBLIC)
    assert code == 1
    assert told in err


def test_copies_of_two_versions_are_not_one_agreement(folder, capsys) -> None:
    signed(capsys, "post-aa", "aa.json")
    Path("other.toml").write_text(
        Path("posts.toml").read_text().replace("version = 2", "version = 3")
    )
    signed(capsys, "post-qn", "qn.json", "other.toml")
    code, _, err = run(capsys, "show", "aa.json", "qn.json", *PUBLIC)
    assert code == 1
    assert "The copies differ" in err


def test_a_revocation_ends_it_on_its_day(folder, capsys) -> None:
    signed(capsys, "post-aa", "aa.json")
    signed(capsys, "post-qn", "qn.json")
    asked = ("--key", "post-qn/private.pem", "--because", "data were sold", "-o", "end.json")
    code, *_ = run(
        capsys, "revoke", "qn.json", "--by", "post-qn", "--from-day", "2026-12-01", *asked
    )
    assert code == 0
    shown = ("show", "aa.json", "qn.json", "--revocation", "end.json")
    assert run(capsys, *shown, *PUBLIC)[0] == 0
    code, out, _ = run(capsys, *shown, *PUBLIC[:-1], "2026-12-01")
    assert code == 1
    assert "revoked" in out
    assert "data were sold" in out


def test_a_revocation_signed_by_another_party_does_not_hold(folder, capsys) -> None:
    signed(capsys, "post-aa", "aa.json")
    asked = ("--from-day", "2026-01-02", "--because", "x", "-o", "end.json")
    code, _, err = run(
        capsys, "revoke", "aa.json", "--by", "post-qn", "--key", "post-aa/private.pem", *asked
    )
    assert code == 1
    assert "other-key" in err


def test_what_a_party_sees_under_it(folder, capsys) -> None:
    asked = ("--see", "post_of_destination", "--for", "delivery", "--from", "AA", "--to", "QN")
    code, out, _ = run(capsys, "show", "posts.toml", *asked, "--state", "ARRIVED", "--json")
    sees = json.loads(out)["sees"]
    assert code == 0
    assert "parties.consignee.name" in sees["elements"]
    assert "consignment.items.price" not in sees["elements"]
    assert sees["rules"]["parties.consignee.name"] == "V041"
    code, out, _ = run(
        capsys, "show", "posts.toml", *asked[:-1], "DE", "--state", "ARRIVED", "--json"
    )
    assert json.loads(out)["sees"]["because"] == "POSTS-AA-QN does not cover AA to DE by post"


def test_begun_and_checked(folder, capsys) -> None:
    assert run(capsys, "new", "DSA-7", "-o", "dsa.toml")[0] == 0
    assert run(capsys, "check", "dsa.toml", "posts.toml")[0] == 0
    assert run(capsys, "new", "DSA-7", "-o", "dsa.toml")[0] == 2
    assert run(capsys, "new", 'no"id', "-o", "bad.toml")[0] == 1
    assert not Path("bad.toml").exists()


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"PK\x03\x04",
        b"{",
        b'{"content": {}, "content": {}}',
        POSTS.read_bytes().replace(b"Examplia Post (invented)", "Examplia \u202ePost".encode()),
        POSTS.read_bytes().replace(b"version = 2", b"version = true"),
    ],
)
def test_what_no_strict_reader_takes_is_told_and_not_signed(folder, capsys, data) -> None:
    Path("bad.toml").write_bytes(data)
    code, out, _ = run(capsys, "check", "bad.toml", "--json")
    assert code == 1
    assert not json.loads(out)[0]["sound"]
    assert signed(capsys, "post-aa", "x.json", "bad.toml")[0] == 1
    assert not Path("x.json").exists()


def test_copies_without_keys_are_not_shown_as_verified(folder, capsys) -> None:
    signed(capsys, "post-aa", "aa.json")
    code, _, err = run(capsys, "show", "aa.json", "aa.json")
    assert code == 2
    assert "--public" in err
