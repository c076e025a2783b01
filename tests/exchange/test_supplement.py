"""Export data presented as import data: who vouches for which element, and what cannot be passed off."""

from typing import Any

import msgspec
import pytest

from pratique.errors import DisclosureError, ExchangeError, SealError
from pratique.exchange import disclosure, supplement
from tests.exchange.test_disclosure import KEY, MESSAGE, chance, issued, present
from tests.support.keys import ed25519

FILER = ed25519("import filer")
KEYS = {"exporter": KEY.public_key(), "filer": FILER.public_key()}
EXPORT, IMPORT = "declaration+sd-jwt", "supplement+sd-jwt"
SHOWN = {"/id", "/items/*/hs", "/items/*/value"}
ADDED = {"procedure": "4000", "items": [{"hs": "61091000"}, {"hs": "950300"}]}


def filed(elements: dict[str, Any] = ADDED, presented: str = "") -> supplement.Filing:
    return supplement.supplement(
        presented or present(issued(), SHOWN), elements, FILER,
        kid="filer", type=IMPORT, randomness=chance("filer"),
    )  # fmt: skip


def read(filing: supplement.Filing) -> tuple[disclosure.Disclosed, disclosure.Disclosed]:
    return supplement.verify(filing, KEYS, presented_type=EXPORT, supplement_type=IMPORT)


def test_every_element_shown_says_who_vouches_for_it() -> None:
    told = [
        (each.pointer, each.value, each.kid, each.differs)
        for each in supplement.provenance(*read(filed()))
    ]
    assert told == [
        ("/consignee", {}, "exporter", False),
        ("/consignor/address", {}, "exporter", False),
        ("/id", "EX-1", "exporter", False),
        ("/items/0/hs", "610910", "exporter", True),
        ("/items/0/hs", "61091000", "filer", True),
        ("/items/0/marks", [], "exporter", False),
        ("/items/0/value", "120.00", "exporter", False),
        ("/items/1/hs", "950300", "exporter", False),
        ("/items/1/hs", "950300", "filer", False),
        ("/items/1/value", "7.50", "exporter", False),
        ("/procedure", "4000", "filer", False),
    ]


def test_the_export_alone_is_vouched_for_by_the_exporter() -> None:
    first, _ = read(filed())
    assert {each.kid for each in supplement.provenance(first)} == {"exporter"}
    whole = disclosure.verify(issued(), KEYS, type=EXPORT)
    assert {each.pointer for each in supplement.provenance(whole)} == disclosure.leaves(MESSAGE)


def test_both_can_be_shown_with_less_to_a_third() -> None:
    filing = filed()
    less = supplement.Filing(
        presented=present(filing.presented, {"/id"}),
        supplement=present(filing.supplement, {"/procedure"}),
    )
    first, second = read(less)
    assert first.shown == {"/id"}
    assert second.shown == {"/procedure"}


def test_a_supplement_is_to_one_declaration() -> None:
    other = issued({**MESSAGE, "id": "EX-2"}, randomness=chance("other"))
    for filing in (
        msgspec.structs.replace(filed(), presented=other),
        msgspec.structs.replace(filed(), supplement=filed(presented=other).supplement),
    ):
        with pytest.raises(DisclosureError, match="another declaration"):
            read(filing)


def test_what_is_not_signed_as_it_says_is_refused() -> None:
    filing = filed()
    for wrong in (
        supplement.Filing(presented=filing.supplement, supplement=filing.presented),
        supplement.Filing(presented=filing.presented, supplement=filing.presented),
        msgspec.structs.replace(filing, supplement=filing.supplement[:-1]),
        msgspec.structs.replace(filing, presented=filing.presented.replace("~", "", 1)),
    ):
        with pytest.raises(ExchangeError):
            read(wrong)
    for nothing in ("", "é", "a.b.c~"):
        with pytest.raises(ExchangeError):
            supplement.supplement(
                nothing or "~", ADDED, FILER, kid="filer", type=IMPORT, randomness=chance()
            )
    with pytest.raises(SealError):
        supplement.verify(
            filing, {"exporter": KEY.public_key()}, presented_type=EXPORT, supplement_type=IMPORT
        )


def test_the_name_of_what_is_supplemented_is_never_hidden_nor_given() -> None:
    with pytest.raises(DisclosureError, match="called"):
        filed({"supplements": "x"})
    signed = disclosure.digest(filed().presented.partition("~")[0])
    hidden = disclosure.issue(
        {"supplements": signed}, FILER, kid="filer", type=IMPORT, randomness=chance()
    ).text
    with pytest.raises(DisclosureError, match="another declaration"):
        read(msgspec.structs.replace(filed(), supplement=hidden))
