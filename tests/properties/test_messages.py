"""What is written is read back: all of it in our own form, all but what is named in the others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pratique import messages
from pratique.errors import MessageError
from pratique.model.declaration import Declaration
from tests.support.declarations import NOUNS, PLAIN, WORDS, declarations

CUSTOMARY = {
    "csv": set(),
    "ens": {"/function"},
    "wco": {"/function", "/type"},
    "cuscar": {"/channel"},
    "postal": {"/channel"},
}
"""What a form says although the declaration did not."""


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{pointer}/{index}")
    else:
        yield pointer, value


def flat(declaration: Declaration) -> dict[str, Any]:
    """Every element by pointer, defaults too; parties by role."""
    document = json.loads(messages.write(declaration, "aed"))
    document.pop("extension", None)
    for name in ("channel", "flow", "direction"):
        document.setdefault(name, str(getattr(declaration, name)))
    for index, party in enumerate(document.pop("parties", ())):
        for role in party.pop("roles"):
            document.setdefault("parties", {}).setdefault(f"{role} {index}", party)
    return {
        pointer: value
        for pointer, value in leaves(document)
        if not (pointer.endswith("/quantity") and value == "1")  # what is not said is one
    }


def by_role(pointers: set[str], declaration: Declaration) -> set[str]:
    """Pointers at a party as pointers at its roles."""
    found = set()
    for pointer in pointers:
        step = pointer.split("/")
        if step[1] == "parties":
            index = int(step[2])
            rest = [] if step[3:4] == ["roles"] else step[3:]
            for role in declaration.parties[index].roles:
                found.add("/".join(["", "parties", f"{role} {index}", *rest]))
        else:
            found.add(pointer)
    return found


def named(pointer: str, lost: set[str]) -> bool:
    return any(pointer == each or pointer.startswith(f"{each}/") for each in lost)


QUIET = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)


@QUIET
@given(declarations(WORDS))
def test_our_own_form_loses_nothing(declaration: Declaration) -> None:
    written = messages.write(declaration, "aed")
    assert messages.parse(written, "aed") == declaration
    assert messages.write(messages.parse(written, "aed"), "aed") == written
    assert messages.losses(declaration, "aed") == ()


@pytest.mark.parametrize("form", ["csv", "cuscar", "ens", "postal", "wco"])
@pytest.mark.parametrize("words", [WORDS, PLAIN], ids=["any words", "plain words"])
def test_other_forms_lose_only_what_they_name(form: str, words: Any) -> None:
    @QUIET
    @given(declarations(words))
    def compared(declaration: Declaration) -> None:
        try:
            again = messages.parse(messages.write(declaration, form), form)
        except MessageError as error:
            assert error.faults
            assert messages.losses(declaration, form)
            return
        lost = by_role({each.pointer for each in messages.losses(declaration, form)}, declaration)
        before, after = flat(declaration), flat(again)
        for pointer, value in before.items():
            theirs = pointer
            if pointer.startswith("/parties/"):
                role = pointer.split("/")[2].split(" ")[0]
                theirs = next(
                    (each for each in after if each.startswith(f"/parties/{role} ")
                     and each.split("/")[3:] == pointer.split("/")[3:]), ""
                )  # fmt: skip
            assert after.get(theirs) == value or named(pointer, lost), pointer
        for pointer in after:
            if not pointer.startswith("/parties/") and not pointer.endswith("/origin_type"):
                assert pointer in before or pointer in CUSTOMARY[form] or named(pointer, lost), (
                    pointer
                )
        assert messages.parse(messages.write(again, form), form) == again

    compared()


@QUIET
@given(declarations(PLAIN))
def test_a_declaration_goes_round_by_every_form_that_can_carry_it(declaration: Declaration) -> None:
    for form in messages.FORMS:
        try:
            written = messages.write(declaration, form)
        except MessageError:
            assume(False)
        again = messages.parse(written, form)
        assert messages.parse(messages.write(again, "aed"), "aed") == again


GOOD = {
    form: messages.write(
        messages.parse(
            b'{"id":"A","destination":"DE","dispatch_country":"CN","schemes":[{"kind":"IOSS","number":"IM3720000224"}],'
            b'"consignment":{"items":[{"description":"cotton shirt","hs_code":"610910","price":{"amount":"1.00",'
            b'"currency":"EUR"}}],"parcels":[{"id":"LX473124829CN"}]}}'
        ),
        form,
    )
    for form in messages.FORMS
}
NAMES = st.sampled_from(sorted({f.name for noun in NOUNS for f in msgspec.structs.fields(noun)}))
VALUES = st.none() | st.booleans() | st.integers(-5, 10**17) | st.floats() | st.text(max_size=5)
TREES = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)
ELEMENTS = st.sampled_from(
    ["GoodsShipment", "GovernmentAgencyGoodsItem", "Commodity", "ID", "Name", "Address", "AdditionalDocument",
     "TypeCode", "CategoryCode", "Consignment", "TransportEquipment", "Seal", "GovernmentProcedure", "CurrentCode",
     "PreviousCode", "Classification", "Communication", "Declarant", "AcceptanceDateTime", "InvoiceAmount",
     "TotalPackageQuantity", "GoodsMeasure", "TariffQuantity", "Declaration"]
)  # fmt: skip
XML = st.recursive(
    st.text("0123456789ABZ. \u202e", max_size=6),
    lambda inner: st.builds(
        lambda name, unit, parts: f'<{name} unitCode="{unit}">{"".join(parts)}</{name}>',
        ELEMENTS,
        st.sampled_from(["KGM", "GRM", ""]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


def answered(data: bytes, form: str) -> None:
    """Bytes are a declaration that can be written again, or a refusal that can be told; nothing else happens."""
    rows = list(messages.read(data, form))
    assert all((row.declaration is None) != (row.error is None) for row in rows)
    try:
        declaration = messages.parse(data, form)
    except MessageError as error:
        assert error.faults
        assert msgspec.json.encode(error.faults)
        return
    for other in messages.FORMS:
        assert isinstance(messages.losses(declaration, other), tuple)
    assert messages.parse(messages.write(declaration, form), form) == declaration


@QUIET
@given(st.sampled_from(sorted(GOOD)), st.binary(max_size=200))
def test_any_bytes_are_answered(form: str, data: bytes) -> None:
    answered(data, form)


@QUIET
@given(
    st.sampled_from(sorted(GOOD)),
    st.lists(st.tuples(st.integers(0), st.binary(max_size=6), st.integers(0, 9)), max_size=4),
)
def test_edited_messages_are_answered(form: str, edits: list[tuple[int, bytes, int]]) -> None:
    data = GOOD[form]
    for at, put, cut in edits:
        at %= len(data) + 1
        data = data[:at] + put + data[at + cut :]
    answered(data, form)


@QUIET
@given(TREES)
def test_any_json_is_answered(value: Any) -> None:
    goods = {"items": [value if isinstance(value, dict) else {}]}
    whole = {**value, "consignment": goods} if isinstance(value, dict) else value
    for each in (value, whole, {"id": "A", "destination": "DE", "consignment": goods}):
        answered(json.dumps(each).encode(), "aed")


@QUIET
@given(st.lists(XML, max_size=4))
def test_any_xml_is_answered(parts: list[str]) -> None:
    inner = "".join(part for part in parts if part.startswith("<"))
    answered(
        f'<Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">{inner}</Declaration>'.encode(),
        "wco",
    )
