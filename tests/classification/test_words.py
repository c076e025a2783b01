"""What is compared is folded, in the singular, and free of measures."""

import pytest

from pratique.classification.listing import listing_text
from pratique.classification.words import BLOCKS, features, fold, words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2x Men's Cotton T-Shirts, 200 g", ["men", "cotton", "tshirt"]),
        ("LADIES DRESSES", ["women", "dress"]),
        ("Câble 5V", ["cable"]),
        ("batteries", ["battery"]),
        ("Origin: CN Package weight 0.1", []),
        ("", []),
    ],
)
def test_telling_words(text: str, told: list[str]) -> None:
    assert words(text) == told


def test_features_stand_by_block_and_none_twice() -> None:
    blocks = features("silver ring silver ring")
    assert len(blocks) == len(BLOCKS)
    for name, block in zip(BLOCKS, blocks, strict=True):
        assert all(each.startswith(f"{name}:") for each in block)
        assert len(block) == len(set(block))
    assert "w:silver ring" in blocks[0]


def test_misspelt_words_share_their_consonants() -> None:
    one, other = (set(features(word)[2]) for word in ("jewellery", "jewelery"))
    assert one == other


def test_a_very_long_text_is_read_to_its_limit() -> None:
    assert len(fold("ﷺ" * 1_000_000)) < 100_000


def test_a_listing_tells_its_narrowest_category_and_material() -> None:
    attributes = {
        "Material": "Resin",
        "Lining Material": "None",
        "Brand Name": "NoEnName_Null",
        "Origin": "CN",
        "Sets": "No",
    }
    told = listing_text("Woven bracelet", "Jewelry > Fashion Jewelry > Bracelets", attributes)
    assert told == "Woven bracelet . Bracelets . Resin"
