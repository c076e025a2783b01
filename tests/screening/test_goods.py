"""A declaration against restrictions: what stops, what needs a permit, what is only told, what a person decides."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.jurisdictions import shipped
from pratique.model.declaration import (
    Consignment,
    Declaration,
    Document,
    GoodsItem,
    Transport,
)
from pratique.model.outcomes import Citation
from pratique.model.restrictions import Direction, Goods, Layer, Limit, Permit, Restriction
from pratique.office.screen import Screening
from pratique.screening import Screen, Vocabulary, findings

ON = date(2026, 7, 1)
VOCABULARY = Vocabulary(
    [
        Goods(name="knife", words={"en": ("knife",)}, hs=("8211",)),
        Goods(name="gun", words={"en": ("pistol",)}, hints={"en": ("gun",)}, hs_with_hint=("93",)),
    ]
)
PERMIT = Permit(
    name="licence", authority="the police", url="https://police.example", documents=("911",)
)


def restriction(effect: str = "prohibited", **parts: Any) -> Restriction:
    """A made-up rule on knives, with what the test is about."""
    told: dict[str, Any] = {
        "what": "Knives",
        "goods": ("knife",),
        "because": "No knives here.",
        "valid_from": date(2020, 1, 1),
        "citation": Citation(rule="xx/restriction/knives@2020-01-01", source="Knives Act, s. 1"),
    }
    return Restriction(effect=effect, **(told | parts))  # type: ignore[arg-type]


def screen(*restrictions: Restriction, direction: Direction = "import") -> Screen:
    layer = Layer(
        code="xx", name="Nowhere", valid_from=date(2020, 1, 1), digest="", restrictions=restrictions
    )
    return Screen([(layer, direction)], VOCABULARY)


def declaration(*items: GoodsItem, **parts: Any) -> Declaration:
    told: dict[str, Any] = {
        "id": "A",
        "destination": "GB",
        "dispatch_country": "CN",
        "channel": "post",
    }
    transport = parts.pop("transport", None)
    return Declaration(
        **(told | parts),
        consignment=Consignment(items=items or (KNIFE,), transport=transport),
    )


KNIFE = GoodsItem(description="kitchen knife")
LICENCE = Document(type="911", number="K-1")


def severities(rule: Restriction, told: Declaration) -> list[str]:
    return [each.severity for each in findings(screen(rule).goods(told, ON))]


@pytest.mark.parametrize(
    ("rule", "told", "expected"),
    [
        (restriction(), declaration(), ["hold"]),
        (restriction(danger=True), declaration(), ["danger"]),
        (restriction("permit", permit=PERMIT), declaration(), ["permit"]),
        (restriction("conditions", conditions="Blunt ones."), declaration(), ["note"]),
        (restriction("unknown"), declaration(), ["person"]),
        (restriction(), declaration(GoodsItem(description="spoon")), []),
        (restriction(), declaration(GoodsItem(hs_code="82")), ["person"]),
        (restriction(), declaration(GoodsItem(hs_code="8211")), ["hold"]),
        (restriction(), declaration(GoodsItem(hs_code="821110")), ["hold"]),
        (restriction("permit"), declaration(GoodsItem(hs_code="82")), ["person"]),
        (restriction("conditions", conditions="x"), declaration(GoodsItem(hs_code="82")), ["note"]),
        # the permit: declared, lapsed, of another type, for the parcel or the line
        (restriction("permit", permit=PERMIT), declaration(documents=(LICENCE,)), ["note"]),
        (
            restriction("permit", permit=PERMIT),
            declaration(msgspec.structs.replace(KNIFE, documents=(LICENCE,))),
            ["note"],
        ),
        (
            restriction("permit", permit=PERMIT),
            declaration(documents=(msgspec.structs.replace(LICENCE, valid_until=date(2026, 6, 30)),)),
            ["permit"],
        ),
        (
            restriction("permit", permit=PERMIT),
            declaration(documents=(msgspec.structs.replace(LICENCE, valid_until=ON),)),
            ["note"],
        ),
        (
            restriction("permit", permit=PERMIT),
            declaration(documents=(msgspec.structs.replace(LICENCE, type="380"),)),
            ["permit"],
        ),
        # to whom and how it comes
        (restriction(channels=("post",)), declaration(channel="express"), []),
        (restriction(channels=("express",)), declaration(channel="express"), ["hold"]),
        (restriction(flows=("b2c",)), declaration(flow="c2c"), []),
        (restriction(flows=("c2c", "b2c")), declaration(flow="c2c"), ["hold"]),
        (restriction(modes=("4",)), declaration(), ["person"]),
        (restriction(modes=("4",)), declaration(transport=Transport(mode="5")), ["person"]),
        (restriction(modes=("4",)), declaration(transport=Transport(mode="4")), ["hold"]),
        (restriction(modes=("4",)), declaration(transport=Transport(mode="1")), []),
        (restriction(origins=("RU",)), declaration(), ["person"]),
        (
            restriction(origins=("RU",)),
            declaration(msgspec.structs.replace(KNIFE, origin="RU")),
            ["hold"],
        ),
        (
            restriction(origins=("RU",)),
            declaration(msgspec.structs.replace(KNIFE, origin="CN")),
            [],
        ),
        (restriction(not_sent_from=("CN",)), declaration(), []),
        (restriction(not_sent_from=("CN",)), declaration(dispatch_country="US"), ["hold"]),
        (restriction(directions=("export",)), declaration(), []),
        # a weak source stops nobody by itself
        (
            restriction(citation=Citation(rule="xx/restriction/knives@2020-01-01", source="talk", confidence="low")),
            declaration(),
            ["person"],
        ),
    ],
)  # fmt: skip
def test_how_grave(rule: Restriction, told: Declaration, expected: list[str]) -> None:
    assert severities(rule, told) == expected


def test_a_finding_says_what_matched_where_by_which_rule_and_what_to_do() -> None:
    rule = restriction(
        "permit",
        permit=PERMIT,
        conditions="Wrap it.",
        limits=(Limit(of="blade", at_most=Decimal("7.5"), unit="cm"),),
    )
    (found,) = findings(screen(rule).goods(declaration(GoodsItem(description="spoon"), KNIFE), ON))
    assert found.rule == "xx/restriction/knives@2020-01-01"
    assert found.pointer == "/consignment/items/1/description"
    assert found.source == "Knives Act, s. 1"
    assert found.message == "Knives: No knives here. Found: 'knife' in the description."
    assert found.hint == (
        "Needed: licence, from the police (https://police.example). Declare it as a document of type 911. "
        "Wrap it. At most 7.5 cm: blade."
    )
    (by_code,) = findings(screen(rule).goods(declaration(GoodsItem(hs_code="821192")), ON))
    assert by_code.pointer == "/consignment/items/0/hs_code"
    assert "HS code 821192" in by_code.message


def test_a_doubt_is_said_with_its_reason() -> None:
    (found,) = findings(screen(restriction()).goods(declaration(GoodsItem(hs_code="82")), ON))
    assert "It may be so, not more: the HS code is too short to tell." in found.message
    assert "a person decides" in found.hint


def test_the_gravest_comes_first_and_each_rule_once_a_line() -> None:
    both = screen(
        restriction("conditions", conditions="x", goods=("knife", "gun")), restriction("permit")
    )
    hits = both.goods(declaration(GoodsItem(description="knife and pistol")), ON)
    assert [each.restriction.effect for each in hits] == ["permit", "conditions"]


TEXTS = st.sampled_from(
    [
        "kitchen knife",
        "power bank",
        "red wine",
        "cotton shirt",
        "pepper spray",
        "",
        "toy pistol",
        "ivory figurine",
    ]
)
ITEMS = st.builds(
    lambda text, hs: GoodsItem(description=text, hs_code=hs),
    TEXTS,
    st.sampled_from([None, "82", "821192", "850760", "610910", "9301"]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(ITEMS, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing_but_their_places(
    items: list[GoodsItem], chance: random.Random
) -> None:
    order = list(range(len(items)))
    chance.shuffle(order)
    screening = Screening(shipped())
    straight = screening.screened((("GB", "import"),), ("CN", "GB"), ON).screen
    first = straight.goods(declaration(*items), ON)
    second = straight.goods(declaration(*(items[place] for place in order)), ON)
    told = [
        (each.line, each.restriction.citation.rule, each.matched, each.unsure) for each in first
    ]
    again = [
        (order[each.line], each.restriction.citation.rule, each.matched, each.unsure)
        for each in second
    ]
    assert sorted(told) == sorted(again)


def test_a_place_without_a_file_is_never_answered_with_yes() -> None:
    screening = Screening(shipped())
    (found,) = screening.findings(declaration(GoodsItem(description="spoon"), destination="PE"), ON)
    assert (found.severity, found.pointer) == ("person", "/destination")
    assert "PE" in found.message


def test_before_the_first_day_nothing_is_known() -> None:
    found = Screening(shipped()).findings(
        declaration(GoodsItem(description="spoon")), date(2001, 1, 1)
    )
    assert {each.severity for each in found} == {"person"}


def test_goods_meet_the_law_of_the_places_they_are_routed_through() -> None:
    vape = declaration(
        GoodsItem(description="disposable vape"),
        destination="MY",
        transport=Transport(mode="4", routing=("CN", "SG", "MY")),
    )
    rules = {each.rule for each in Screening(shipped()).findings(vape, ON)}
    assert "sg/restriction/vaporisers@2018-02-01" in rules
    assert not any(rule.startswith("sg/") and "vaporisers" not in rule for rule in rules)


def test_a_parcel_within_a_union_is_not_told_the_rules_of_its_border_as_sure() -> None:
    ham = declaration(GoodsItem(description="salami"), dispatch_country="FR", destination="DE")
    found = Screening(shipped()).findings(ham, ON)
    union = [each for each in found if each.rule.startswith("eu/")]
    assert union
    assert {each.severity for each in union} == {"person"}
    assert "does not leave the territory" in union[0].message
    from_outside = msgspec.structs.replace(ham, dispatch_country="US")
    found = Screening(shipped()).findings(from_outside, ON)
    assert {each.severity for each in found if each.rule.startswith("eu/")} >= {"hold"}


def test_goods_that_leave_meet_the_law_of_export() -> None:
    wood = declaration(
        GoodsItem(description="red sanders wood"), direction="export", dispatch_country="IN"
    )
    rules = {each.rule for each in Screening(shipped()).findings(wood, ON)}
    assert any(rule.startswith("in/restriction/goods_that_leave") for rule in rules)
    assert not any(rule.startswith("gb/") for rule in rules)
