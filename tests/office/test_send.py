"""Can I send this? Whole answers over the restrictions that are shipped, as people ask for them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
import pytest

from pratique import cli
from pratique.model.declaration import Consignment, Declaration, GoodsItem, Transport
from pratique.office.desk import Desk
from pratique.office.send import send, sent_json

DESK = Desk()
ON = date(2026, 7, 1)


def asked(
    start: str, to: str, what: str, hs: str | None = None, on: date = ON, **parts: Any
) -> dict[str, Any]:
    mode = parts.pop("mode", "")
    declaration = Declaration(
        id="asked",
        destination=to,
        dispatch_country=start or None,
        channel=parts.pop("channel", "post"),
        consignment=Consignment(
            items=(GoodsItem(description=what, hs_code=hs),),
            transport=Transport(mode=mode) if mode else None,
        ),
        **parts,
    )
    return sent_json(send(declaration, DESK, on))


@pytest.mark.parametrize(
    ("start", "to", "what", "hs", "parts", "answer", "rule"),
    [
        ("CN", "GB", "kitchen knife", "821192", {}, "conditions", "gb/restriction/blades"),
        ("CN", "GB", "flick knife", None, {}, "no", "gb/restriction/flick_knives"),
        ("CN", "GB", "cotton T-shirt", "610910", {}, "yes", ""),
        ("CN", "DE", "power bank 20000 mAh", "850760", {}, "no", "post/restriction/lithium_batteries"),
        ("CN", "DE", "power bank 20000 mAh", "850760", {"channel": "express", "mode": "4"}, "conditions",
         "air/restriction/lithium_ion_alone"),
        ("US", "DE", "power bank 20000 mAh", "850760", {"channel": "express", "mode": "4"}, "conditions",
         "air/restriction/lithium_ion_alone"),
        ("US", "DE", "smartphone", "851713", {}, "conditions", "post/restriction/lithium_in_equipment"),
        ("US", "SG", "chewing gum", "170410", {}, "no", "sg/restriction/chewing_gum"),
        ("US", "AU", "disposable vape", None, {}, "permit", "au/restriction/vapes"),
        ("US", "TH", "e-cigarettes", None, {}, "no", "th/restriction/e_cigarettes"),
        ("CN", "IN", "drone with camera", "880622", {}, "no", "in/restriction/drones"),
        ("US", "JP", "Sudafed pseudoephedrine", None, {}, "no", "jp/restriction/stimulants"),
        ("DE", "US", "kinder surprise egg", None, {}, "no", "us/restriction/toys_in_food"),
        ("US", "ID", "used clothing", "630900", {}, "no", "id/restriction/used_clothing"),
        ("CN", "CA", "baby walker", None, {}, "no", "ca/restriction/baby_walkers"),
        ("ZA", "FR", "elephant ivory carving", "960110", {}, "no", "cites/restriction/ivory"),
        ("ID", "FR", "python skin handbag", "420221", {}, "permit", "cites/restriction/reptile_skins"),
        ("CN", "NO", "wine", "220421", {}, "conditions", "no/restriction/alcohol"),
        ("CN", "FR", "", "8211", {}, "person", ""),
        ("CN", "FR", "gift", None, {}, "person", ""),
        ("CN", "PE", "cotton T-shirt", "610910", {}, "person", ""),
        ("PE", "FR", "cotton T-shirt", "610910", {}, "person", ""),
    ],
)  # fmt: skip
def test_can_i_send_this(
    start: str, to: str, what: str, hs: str | None, parts: dict[str, Any], answer: str, rule: str
) -> None:
    told = asked(start, to, what, hs, **parts)
    assert told["answer"] == answer, told
    gravest = [each["rule"] for each in told["restrictions"] if each["answer"] == answer]
    assert any(each.startswith(f"{rule}@") for each in gravest) or not rule, told


def test_the_day_before_and_the_day() -> None:
    before = asked("US", "GB", "ninja sword", on=date(2025, 7, 31))
    since = asked("US", "GB", "ninja sword", on=date(2025, 8, 1))
    assert before["answer"] == "person"
    assert since["answer"] == "no"


def test_yes_names_what_was_looked_at_and_since_when() -> None:
    told = asked("CN", "DE", "cotton T-shirt", "610910")
    assert told["answer"] == "yes"
    looked = {each["code"]: each for each in told["looked_at"]}
    assert set(looked) == {"air", "any", "cites", "drugs", "post", "eu", "de", "cn"}
    assert looked["cn"]["direction"] == "export"
    assert looked["cn"]["rules"] >= 1
    us = next(each for each in asked("US", "DE", "shirt")["looked_at"] if each["code"] == "us")
    assert (us["direction"], us["rules"]) == ("export", 0)  # said: nothing is known of it
    assert all(each["valid_from"] and len(each["digest"]) == 64 for each in told["looked_at"])


def test_what_was_matched_by_code_or_words_alone_is_said() -> None:
    assert asked("CN", "DE", "", "610910")["by_code_alone"] == [1]
    assert asked("CN", "DE", "cotton shirt")["by_words_alone"] == [1]


def test_every_restriction_told_is_cited(capsys: pytest.CaptureFixture[str]) -> None:
    told = asked("CN", "TR", "vape, used clothing, drone, ivory figurine, cash")
    assert len(told["restrictions"]) >= 5
    for each in told["restrictions"]:
        assert each["rule"]
        assert each["source"]
        assert each["url"].startswith("http")
        assert each["because"]
        assert each["matched"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--to", "GB", "--line", "hs=610910,what=shirt"), 0, "Yes, as far as"),
        (("--to", "GB", "--line", "hs=821192,what=kitchen knife"), 0, "Yes, under conditions"),
        (("--to", "GB", "--line", "what=flick knife"), 1, "No."),
        (("--to", "AU", "--line", "what=vape"), 1, "Only with a permit"),
        (("--to", "AU", "--line", "what=vape", "--document", "911=K1"), 0, "Declared as the permit: 911 K1"),
        (("--to", "PE", "--line", "what=shirt"), 1, "No restrictions of PE"),
        (("--to", "MY", "--via", "SG", "--line", "what=chewing gum"), 0, "Singapore (transit, 1 rules)"),
    ],
)  # fmt: skip
def test_the_door_answers_people(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, says: str
) -> None:
    assert cli.main(("send", "--from", "CN", "--on", "2026-07-01", *words)) == code
    assert says in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "name a FILE of declarations"),
        (("--line", "hs=610910"), "where to"),
        (("--to", "ZK", "--line", "hs=610910"), "no ISO 3166"),
        (("--to", "GB", "--via", "ZK", "--line", "hs=610910"), "--via"),
        (("--to", "GB", "--line", "hs=x"), "hs is digits"),
        (("--to", "GB", "--line", "shirt"), "KEY=VALUE"),
        (("--to", "GB", "--line", "what=x", "--document", "=1"), "TYPE=NUMBER"),
        (("nothing-there.ndjson",), "There is no file"),
    ],
)
def test_the_door_says_what_it_cannot_mean(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    assert cli.main(("send", *words)) == 2
    assert says in capsys.readouterr().err


def test_whole_files_are_answered_row_by_row(
    capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    def line(number: int, what: str) -> bytes:
        return msgspec.json.encode(
            Declaration(
                id=f"A{number}",
                destination="SG",
                dispatch_country="US",
                channel="post",
                consignment=Consignment(items=(GoodsItem(description=what, hs_code=None),)),
            )
        )

    path = tmp_path / "parcels.ndjson"
    path.write_bytes(line(1, "cotton shirt") + b"\n" + line(2, "chewing gum") + b"\n{\n")
    assert cli.main(("send", str(path), "--on", "2026-07-01", "--json")) == 1
    first, second, third = json.loads(capsys.readouterr().out)
    assert (first["answer"], second["answer"]) == ("yes", "no")
    assert (third["row"], bool(third["error"])) == (3, True)


def test_the_law_of_a_place_shows_its_restrictions_with_their_sources(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(("law", "show", "DE", "--on", "2026-07-01", "--json")) == 0
    told = json.loads(capsys.readouterr().out)["restrictions"]
    assert {each["rule"].partition("/")[0] for each in told} == {"eu", "de"}
    assert all(each["source"] and each["url"] for each in told)
    assert cli.main(("law", "show", "AA", "--on", "2013-07-01")) == 0
    assert "No restrictions of this place are known" in capsys.readouterr().out
