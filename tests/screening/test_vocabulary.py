"""What kinds of goods a line speaks of: sentences with what they are, what they only may be, and near misses."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.jurisdictions import restrictions_of, shipped
from pratique.model.restrictions import Goods
from pratique.office.screen import says_nothing
from pratique.screening import Vocabulary
from pratique.screening.vocabulary import BY_CODE, OTHER_CODE, OTHER_WORDS, SHORT
from pratique.screening.words import Index, folded, split

with (Path(__file__).parent / "sentences.csv").open(encoding="utf-8") as file:
    SENTENCES = list(csv.DictReader(file))

SHIPPED = Vocabulary(restrictions_of(shipped()).goods.values(), says_nothing)
KNIFE = Goods(
    name="knife",
    words={"en": ("knife",), "fr": ("couteau",), "zh": ("刀",), "ru": ("нож",), "ar": ("سكين",)},
    hints={"en": ("blade",)},
    unless={"en": ("knife pattern", "phone case")},
    hs=("821191-821192",),
    hs_partly=("8208",),
    hs_with_hint=("8211",),
    un=("3481",),
)
SMALL = Vocabulary([KNIFE])


def test_there_are_sentences_enough() -> None:
    assert len(SENTENCES) >= 120
    assert sum(not row["is"] and not row["may"] for row in SENTENCES) >= 60


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: f"{row['description']} {row['hs']}")
def test_a_sentence_is_the_goods_it_names_and_nothing_else(row: dict[str, str]) -> None:
    told = SHIPPED.told(row["description"], row["hs"] or None, "")
    assert {each.goods for each in told if not each.unsure} == set(row["is"].split())
    assert {each.goods for each in told if each.unsure} == set(row["may"].split())


@pytest.mark.parametrize(
    ("description", "hs", "field", "unsure"),
    [
        ("kitchen knife", None, "description", ""),
        ("Kitchen KNIVES", None, "description", ""),
        ("Küchenbedarf: couteaux", None, "description", ""),
        ("厨房刀具", None, "description", ""),
        ("кухонный нож, ножи", None, "description", ""),
        ("ابيع السكين", None, "description", ""),
        ("kitchen knife", "821192", "description", ""),
        ("kitchen knife", "8211", "description", ""),
        ("kitchen knife", "610910", "description", OTHER_CODE),
        ("blade", "821110", "description", "the words may mean something else"),
        ("blade", "821192", "description", ""),
        ("blade", "610910", None, ""),
        ("knifeless", None, None, ""),
        ("phone case with knife pattern", None, None, ""),
        ("phone case with knife pattern", "821192", "hs_code", OTHER_WORDS),
        ("cotton shirt", "821191", "hs_code", ""),
        ("cotton shirt", "8211", "hs_code", SHORT),
        ("cotton shirt", "821193", None, ""),
        ("cotton shirt", "820810", None, ""),
        ("", "820810", "hs_code", BY_CODE),
        ("", "82", "hs_code", SHORT),
        ("", "821193", None, ""),
        ("", None, None, ""),
    ],
)
def test_words_and_codes_together(
    description: str, hs: str | None, field: str | None, unsure: str
) -> None:
    told = SMALL.told(description, hs, "")
    assert [(each.field, each.unsure) for each in told] == ([(field, unsure)] if field else [])


def test_a_un_number_tells_the_goods() -> None:
    (told,) = SMALL.told("", None, "3481")
    assert told == ("knife", "dangerous_goods", "UN 3481", "")


def test_a_part_of_the_text_is_lifted_and_the_next_is_not() -> None:
    index = Index([KNIFE])
    (lifted,) = index.matches("phone case with a knife on it")
    assert lifted.strength == "lifted"
    (named,) = index.matches("phone case, knife")
    assert named.strength == "word"


def test_what_nobody_sees_hides_nothing() -> None:
    for text in ("k\u200bnife", "ｋｎｉｆｅ", "KNIFE\u202e", "kni\u00adfe", "knífe"):
        assert Index([KNIFE]).matches(text), text
    assert folded("Épée") == "epee"
    assert split("a, b and c") == (["a", "b", "and", "c"], [0, 1, 2, 2])


def test_as_many_lines_as_come_are_kept_to_a_bound() -> None:
    vocabulary = Vocabulary([KNIFE])
    for number in range(50_010):
        vocabulary.told(f"thing {number}", None, "")
    assert len(vocabulary._known) <= 50_000
    assert vocabulary.told("knife", None, "")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.text("0123456789", max_size=14), st.text(max_size=8))
def test_no_words_break_it(description: str, hs: str, un: str) -> None:
    told = SHIPPED.told(description, hs or None, un)
    assert told == SHIPPED.told(description, hs or None, un)
    assert {each.goods for each in told} <= set(restrictions_of(shipped()).goods)


@pytest.mark.parametrize(
    "text", ["knife " * 20_000, "刀" * 20_000, "," * 100_000, "a\u0301" * 50_000]
)
def test_long_words_are_read_in_time(text: str) -> None:
    assert len(SHIPPED.told(text, None, "")) < 20


def test_sentences_written_afterwards_and_never_used_to_mend_the_words() -> None:
    """The figures of docs/evidence/restrictions.md; printed matter is a kind of goods, no alarm."""
    with (Path(__file__).parent / "fresh.csv").open(encoding="utf-8") as file:
        fresh = list(csv.DictReader(file))
    harmless = {"", "printed_matter", "lithium_equipment", "toy", "food", "cosmetics"}
    found = alarms = 0
    for row in fresh:
        told = {each.goods for each in SHIPPED.told(row["description"], row["hs"] or None, "")}
        if row["goods"]:
            found += row["goods"] in told
        else:
            alarms += bool(told - harmless)
    restricted = sum(bool(row["goods"]) for row in fresh)
    assert (restricted, len(fresh) - restricted) == (54, 35)
    assert found >= 48
    assert alarms <= 5
