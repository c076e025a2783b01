"""What the guide on restrictions writes is a file that holds, and answers as the guide says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from pratique.jurisdictions import Library
from pratique.jurisdictions.check_restrictions import restriction_faults
from pratique.model.declaration import Consignment, Declaration, GoodsItem
from pratique.office.desk import Desk
from pratique.office.send import send

GUIDE = (Path(__file__).parents[2] / "docs/guides/restrictions.md").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for kind, name in (("toml", "xk.restrictions.toml"), ("goods", "local.goods.toml")):
        pieces = re.findall(rf"^```{kind}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
        (tmp_path / name).write_text("\n".join(pieces), "utf-8")
    return tmp_path


def test_the_guide_has_no_faults(folder: Path) -> None:
    assert restriction_faults([*Library.shipped_folders(), folder]) == ()


@pytest.mark.parametrize(
    ("what", "hs", "answer"),
    [
        ("camouflage jackets", None, "permit"),
        ("Vestes de camouflage", "620193", "permit"),
        ("camouflage trousers", "620342", "permit"),
        ("camouflage", None, "person"),
        ("camouflage socks", "611595", "person"),
        ("camouflage net", None, "yes"),
        ("camouflage blanket", "630140", "yes"),
        ("cotton shirt", "610910", "yes"),
    ],
)
def test_the_goods_of_the_guide_are_told(
    folder: Path, what: str, hs: str | None, answer: str
) -> None:
    desk = Desk(Library([*Library.shipped_folders(), folder]))
    declaration = Declaration(
        id="A",
        destination="XK",
        dispatch_country="US",
        channel="express",
        consignment=Consignment(items=(GoodsItem(description=what, hs_code=hs),)),
    )
    assert send(declaration, desk, date(2026, 7, 1)).answer == answer
    assert send(declaration, desk, date(2023, 12, 31)).answer == "person"
