"""A node as those who run it meet it: its folder, its keys, its authority, its agreements."""

import json
import os
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pratique import cli
from pratique.cli.node import agreement, authority, directory, init, keys, partner
from pratique.cli.node.folder import NodeFolder, load
from pratique.errors import PratiqueError, SealError, UsageError
from pratique.exchange import hpke, jwk, jws
from tests.support.softhsm import LABEL, PIN

POSTS = Path(__file__).parent.parent.parent / "examples/agreements/posts.toml"
START = datetime(2026, 11, 25, 12, tzinfo=UTC)
ROLES = {"post-aa": ("post_of_origin", "AA"), "post-qn": ("post_of_destination", "QN")}


class House:
    """Commands at a moment that stands still until it is moved."""

    def __init__(self, capsys) -> None:
        self.at = START
        self.capsys = capsys

    def __call__(self, *words: str, code: int = 0) -> Any:
        found = cli.main(["node", *words, "--json"])
        out, err = self.capsys.readouterr()
        assert found == code, err
        return json.loads(out) if out else err

    def text(self, *words: str) -> tuple[int, str]:
        code = cli.main(["node", *words])
        out, err = self.capsys.readouterr()
        return code, out + err

    def folder(self, name: str) -> NodeFolder:
        return load(Path(name), self.at)

    def init(self, id: str, *more: str) -> Any:
        role, place = ROLES[id]
        return self("init", id, "--party", id, "--name", f"Post {place}", "--role", role, "--place", place, *more)  # fmt: skip

    def joins(self, authority: str, id: str) -> None:
        """A node's card as it stands now, taken into an authority's list."""
        file = f"{id}.{len(list(Path().glob('*.card.json')))}.card.json"
        self("partner", "card", id, "-o", file)
        code, told = self.text("partner", "card", id, "-o", f"again.{file}")
        said = re.search(r"fingerprint ([0-9a-f ]+)", told)
        assert code == 0
        assert said
        self("directory", "add", authority, file, "--fingerprint", said[1])

    def signs(self, authority: str, *nodes: str, hours: int = 48) -> str:
        out = f"{authority}.{self.at:%d%H%M}.jws"
        self("directory", "sign", authority, "--hours", str(hours), "-o", out)
        for each in nodes:
            self("directory", "take", each, out)
        return out


@pytest.fixture
def house(tmp_path: Path, monkeypatch, capsys) -> House:
    monkeypatch.chdir(tmp_path)
    made = House(capsys)
    for module in (agreement, authority, directory, init, keys, partner):
        monkeypatch.setattr(module, "now", lambda: made.at)
    return made


@pytest.fixture
def two(house: House) -> House:
    """Two posts of two authorities, each of which trusts both."""
    anchors = {}
    for id, place in (("post-aa", "AA"), ("post-qn", "QN")):
        house.init(id)
        name = f"authority-{place.lower()}"
        anchors[name] = house("directory", "new", name, "--issuer", name, "--place", place)
        house.joins(name, id)
    for id in ROLES:
        for name, told in anchors.items():
            house(
                "directory",
                "trust",
                id,
                f"{name}/anchor.json",
                "--fingerprint",
                told["fingerprint"],
            )
    for name in anchors:
        house.signs(name, *ROLES)
    return house


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_loads_and_private_files_are_for_their_owner(house: House) -> None:
    house.init("post-aa")
    folder = house.folder("post-aa")
    assert (folder.party, folder.role, folder.place) == ("post-aa", "post_of_origin", "AA")
    assert (folder.host, folder.port, folder.reach) == ("127.0.0.1", 8443, "pull")
    assert folder.origin == "post-aa/log"
    assert folder.store == f"sqlite:///{Path('post-aa').resolve()}/node.db"
    assert len(folder.wrapping_key) == 32
    assert folder.tls.clients is None
    assert [type(each) for each in folder.hybrid.values()] == [hpke.HybridKey]
    private = [*Path("post-aa/keys").glob("*.key"), Path("post-aa/wrapping.key")]
    private += [
        each for each in Path("post-aa/keys").glob("*.pem") if b"PRIVATE" in each.read_bytes()
    ]
    assert len(private) == 6
    assert {rights(each) for each in private} == {0o600}
    assert folder.wrapping_key.hex() not in repr(folder)


def test_nothing_that_is_there_is_replaced(house: House) -> None:
    house.init("post-aa")
    before = {each: each.read_bytes() for each in Path("post-aa").rglob("*") if each.is_file()}
    code, told = house.text("init", "post-aa", "--party", "x", "--name", "X", "--role", "carrier", "--place", "AA")  # fmt: skip
    assert code == 2
    assert "already" in told
    assert before == {
        each: each.read_bytes() for each in Path("post-aa").rglob("*") if each.is_file()
    }


@pytest.mark.parametrize(
    "words",
    [
        ("--party", "Post AA"),
        ("--party", "../post"),
        ("--role", "king"),
        ("--place", "Examplia"),
        ("--reach", "push"),
        ("--address", "http://post.example"),
        ("--listen", "8443"),
        ("--token-label", "t"),
    ],
)
def test_what_no_directory_would_take_is_refused_before_anything_is_made(
    house: House, words: tuple[str, str]
) -> None:
    given = {"--party": "post-aa", "--name": "Post", "--role": "carrier", "--place": "AA"}
    given[words[0]] = words[1]
    code, _ = house.text("init", "a", *(each for pair in given.items() for each in pair))
    assert code != 0
    assert not Path("a").exists()


def test_a_private_file_that_others_may_read_stops_the_node(house: House) -> None:
    house.init("post-aa")
    files = [each.file for each in house.folder("post-aa").ring.keys]
    for path in (Path("post-aa/wrapping.key"), *(Path("post-aa/keys") / each for each in files)):
        path.chmod(0o640)
        with pytest.raises(UsageError, match="chmod 600"):
            house.folder("post-aa")
        path.chmod(0o600)


def test_a_key_file_with_another_key_is_found_out(house: House) -> None:
    house.init("post-aa")
    house.init("post-qn")
    one, other = (house.folder(each).ring.keys[0].file for each in ROLES)
    Path(f"post-aa/keys/{one}").write_bytes(Path(f"post-qn/keys/{other}").read_bytes())
    with pytest.raises(UsageError, match="not the private key"):
        house.folder("post-aa")


@pytest.mark.parametrize("text", ["party = 3", "", "party = ", 'party = "a"\nmore = "b"', "\xff"])
def test_settings_that_cannot_be_read_are_told(house: House, text: str) -> None:
    house.init("post-aa")
    Path("post-aa/node.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=r"node\.toml"):
        house.folder("post-aa")


def test_partners_of_two_authorities_know_each_other(two: House) -> None:
    for id in ROLES:
        folder = two.folder(id)
        partners = folder.partners(two.at)
        for other in ROLES:
            keys = two.folder(other).keys
            assert partners.key(keys.kid, two.at)[0] == other
            assert set(partners.encrypting(other, two.at)) == set(keys.opening)
            assert partners.get(other) == two.folder(other).card()
    listed = two("partner", "list", "post-aa")
    assert [each["id"] for each in listed] == ["post-aa", "post-qn"]
    assert two("partner", "show", "post-aa", "post-qn")["place"] == "QN"


def test_an_anchor_or_card_with_another_fingerprint_is_refused(house: House) -> None:
    house.init("post-aa")
    house("directory", "new", "au", "--issuer", "authority-aa", "--place", "AA")
    code, told = house.text(
        "directory", "trust", "post-aa", "au/anchor.json", "--fingerprint", "00"
    )
    assert code == 2
    assert "fingerprint" in told
    house("partner", "card", "post-aa", "-o", "card.json")
    assert house.text("directory", "add", "au", "card.json", "--fingerprint", "00")[0] == 2
    assert not list(Path("post-aa/directory").iterdir())


def test_an_authority_lists_only_its_own(two: House) -> None:
    code, told = two.text("partner", "card", "post-qn", "-o", "qn.json")
    said = re.search(r"fingerprint ([0-9a-f ]+)", told)
    assert said
    code, told = two.text("directory", "add", "authority-aa", "qn.json", "--fingerprint", said[1])
    assert code == 2
    assert "not for post-qn" in told


def test_one_expired_directory_stops_its_own_partners_alone(two: House) -> None:
    two.at += timedelta(hours=40)
    two.signs("authority-qn", "post-aa")
    two.at += timedelta(hours=20)
    partners = two.folder("post-aa").partners(two.at)
    assert partners.get("post-qn")
    with pytest.raises(SealError, match="directory-stale"):
        partners.get("post-aa")
    assert two.text("partner", "list", "post-aa")[0] == 1
    two.at += timedelta(hours=60)
    with pytest.raises(SealError, match="directory-stale"):
        two.folder("post-aa").partners(two.at)


def test_an_older_directory_is_refused_and_a_fork_kept_as_evidence(two: House) -> None:
    old = next(Path().glob("authority-aa.*.jws"))
    state = Path("authority-aa/authority.json").read_bytes()
    two.at += timedelta(hours=1)
    two.signs("authority-aa", "post-aa")
    code, told = two.text("directory", "take", "post-aa", str(old))
    assert (code, "directory-rollback" in told) == (1, True)
    Path("authority-aa/authority.json").write_bytes(state)
    two.at += timedelta(hours=1)
    two("directory", "sign", "authority-aa", "-o", "fork.jws")
    code, told = two.text("directory", "take", "post-aa", "fork.jws")
    assert (code, "directory-fork" in told) == (1, True)
    (kept,) = Path("post-aa/directory/refused").iterdir()
    assert kept.read_bytes() == Path("fork.jws").read_bytes()


def test_a_directory_of_nobody_trusted_is_refused(two: House) -> None:
    two("directory", "new", "au", "--issuer", "authority-cc", "--place", "CC")
    two("directory", "sign", "au", "-o", "cc.jws")
    code, told = two.text("directory", "take", "post-aa", "cc.jws")
    assert (code, "unknown-authority" in told) == (1, True)
    assert two.text("directory", "show", "cc.jws", "--anchor", "authority-aa/anchor.json")[0] == 1
    assert two("directory", "show", "cc.jws", "--anchor", "au/anchor.json")["why_refuse"] == ""


def test_the_authority_s_own_key_changes_with_overlap(two: House) -> None:
    told = two("directory", "rotate", "authority-aa", "--begins-in", "7", "--overlap", "10")
    assert len(told["anchor"]["keys"]) == 2
    two.at += timedelta(hours=1)
    two.signs("authority-aa", "post-aa")
    two.at += timedelta(days=8)
    two("directory", "sign", "authority-aa", "-o", "new.jws")
    code, said = two.text("directory", "take", "post-aa", "new.jws")
    assert (code, "unknown-key" in said) == (1, True)
    words = ("authority-aa/anchor.json", "--fingerprint", told["fingerprint"])
    two("directory", "trust", "post-aa", *words)
    assert two("directory", "take", "post-aa", "new.jws")["directory"]["version"] == 3


def test_an_anchor_by_which_the_held_directory_is_foreign_is_refused(two: House) -> None:
    other = two("directory", "new", "au", "--issuer", "authority-aa", "--place", "CC")
    words = ("au/anchor.json", "--fingerprint", other["fingerprint"])
    code, told = two.text("directory", "trust", "post-aa", *words)
    assert (code, "does not verify" in told) == (2, True)
    assert two.folder("post-aa").partners(two.at).get("post-aa")


def test_a_signing_key_changes_without_a_moment_in_which_nothing_verifies(two: House) -> None:
    made = two("keys", "new", "post-aa", "--use", "sig")
    old = two.folder("post-aa").keys.kid
    two.joins("authority-aa", "post-aa")
    for hours in range(0, 24 * 20, 12):
        two.at = START + timedelta(hours=hours, minutes=1)
        two.signs("authority-aa", "post-qn", hours=24)
        keys = two.folder("post-aa").keys
        token = jws.sign(b"x", keys.signing, kid=keys.kid)
        owner, key = two.folder("post-qn").partners(two.at).key(keys.kid, two.at)
        assert owner == "post-aa"
        jws.verify(token, {keys.kid: key})
        assert keys.kid == (old if hours < 60 else made[0]["kid"])
    with pytest.raises(SealError, match="key-not-in-force"):
        two.folder("post-qn").partners(two.at).key(old, two.at)
    assert two.folder("post-qn").directories.known().key(old, START)[0] == "post-aa"


def test_a_stolen_key_ends_by_the_authority_at_once(two: House) -> None:
    stolen = two.folder("post-aa").keys.kid
    two.at += timedelta(hours=1)
    two("directory", "end", "authority-aa", "--key", stolen)
    two.signs("authority-aa", "post-qn")
    partners = two.folder("post-qn").partners(two.at)
    with pytest.raises(SealError, match="key-not-in-force"):
        partners.key(stolen, two.at)
    assert partners.key(stolen, START)[0] == "post-aa"
    two("directory", "end", "authority-aa", "--partner", "post-aa")
    two.at += timedelta(hours=1)
    two.signs("authority-aa", "post-qn")
    with pytest.raises(SealError, match="unknown-partner"):
        two.folder("post-qn").partners(two.at).get("post-aa")


def test_an_opening_key_is_retired_and_destroyed(two: House) -> None:
    (old,) = two.folder("post-aa").keys.opening
    (made,) = two("keys", "new", "post-aa", "--use", "enc", "--begins-in", "0")
    two.at += timedelta(minutes=10)
    two("keys", "retire", "post-aa", old)
    assert set(two.folder("post-aa").keys.opening) == {old, made["kid"]}
    file = Path("post-aa/keys") / two.folder("post-aa").ring.find(old).file
    two("keys", "destroy", "post-aa", old)
    assert not file.exists()
    assert set(two.folder("post-aa").keys.opening) == {made["kid"]}
    states = {each["kid"]: each["state"] for each in two("keys", "list", "post-aa")}
    assert states[old] == "destroyed"


def test_the_last_key_of_its_use_cannot_be_retired(two: House) -> None:
    code, told = two.text("keys", "retire", "post-aa", two.folder("post-aa").keys.kid)
    assert code == 2
    assert "only key" in told


def test_agreements_bind_by_the_keys_of_the_directory(two: House) -> None:
    text = POSTS.read_text()
    for id in ROLES:
        text = text.replace(f'id = "{id}"', f'id = "{id}"\nkey_id = "{two.folder(id).keys.kid}"')
    Path("posts.toml").write_text(text)
    for id in ROLES:
        folder = two.folder(id)
        key = f"{id}/keys/{folder.ring.keys[0].file}"
        assert cli.main(["agreement", "sign", "posts.toml", "--by", id, "--key", key, "-o", f"{id}.json", "--json"]) == 0  # fmt: skip
        two.capsys.readouterr()
    name = two("agreement", "add", "post-aa", "post-aa.json")
    assert two("agreement", "list", "post-aa", code=1)[0]["binds"] is False
    two("agreement", "add", "post-aa", "post-qn.json")
    assert two("agreement", "list", "post-aa")[0]["binds"] is True
    standing = two.folder("post-aa").standing(
        f"{name['agreement']}/{name['version']}", two.at.date()
    )
    assert standing.binds
    with pytest.raises(PratiqueError, match="unknown-agreement"):
        two.folder("post-aa").standing("DSA-9/1", two.at.date())
    assert two.text("agreement", "add", "post-aa", "post-qn.json")[0] == 2


def test_a_copy_signed_by_no_partner_is_not_kept(house: House) -> None:
    house.init("post-aa")
    house.init("post-qn")
    kid = house.folder("post-qn").keys.kid
    Path("posts.toml").write_text(POSTS.read_text().replace('id = "post-qn"', f'id = "post-qn"\nkey_id = "{kid}"'))  # fmt: skip
    key = f"post-qn/keys/{house.folder('post-qn').ring.keys[0].file}"
    assert cli.main(["agreement", "sign", "posts.toml", "--by", "post-qn", "--key", key, "-o", "qn.json", "--json"]) == 0  # fmt: skip
    house.capsys.readouterr()
    code, told = house.text("agreement", "add", "post-aa", "qn.json")
    assert (code, "unknown-key" in told) == (1, True)
    assert not list(Path("post-aa/agreements").iterdir())


def test_a_node_whose_signing_keys_are_in_a_token(house: House, token_module: str) -> None:
    Path("pin").write_text(f"{PIN}\n")
    Path("pin").chmod(0o600)
    told = ("--token-module", token_module, "--token-label", LABEL, "--pin-file", "pin")
    house.init("post-aa", *told)
    names = [each.name for each in Path("post-aa/keys").iterdir()]
    assert not [each for each in names if each.startswith(("sig-", "log-"))]
    keys = house.folder("post-aa").keys
    token = jws.sign(b"x", keys.signing, kid=keys.kid)
    assert jws.verify(token, {keys.kid: keys.signing.public_key()}).payload == b"x"
    assert jwk.thumbprint(keys.signing.public_key()) == keys.kid
    (made,) = house("keys", "new", "post-aa", "--use", "sig", "--begins-in", "0", "--token")
    house.at += timedelta(minutes=10)
    assert house.folder("post-aa").keys.kid == made["kid"]
    house("keys", "retire", "post-aa", keys.kid)
    house("keys", "destroy", "post-aa", keys.kid)
    assert house.folder("post-aa").keys.kid == made["kid"]


def test_files_are_kept_from_others_whatever_the_mask(house: House) -> None:
    before = os.umask(0)
    try:
        house.init("post-aa")
    finally:
        os.umask(before)
    assert rights(Path("post-aa")) == 0o700
    assert rights(Path("post-aa/wrapping.key")) == 0o600
    assert rights(Path("post-aa/keys/tls.key")) == 0o600


def test_people_are_told_in_words(two: House) -> None:
    for words, said in (
        (("partner", "list", "post-aa"), "authority-qn, version 1: holds until 2026-11-27 12:00 UTC"),
        (("partner", "show", "post-aa", "post-qn"), "post-qn, Post QN, QN, post_of_destination; by authority-qn"),
        (("keys", "list", "post-aa"), "holds"),
        (("directory", "show", next(str(p) for p in Path().glob("authority-aa.*.jws")), "--anchor", "authority-aa/anchor.json"), "for places AA, any id"),
    ):  # fmt: skip
        code, told = two.text(*words)
        assert code == 0
        assert said in told
