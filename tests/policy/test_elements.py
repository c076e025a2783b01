"""The catalogue: every element is classed, every class is cited, nothing misspelt selects nothing."""

from datetime import date
from typing import Annotated, Any

import msgspec
import pytest

from pratique.errors import PolicyError
from pratique.model import element as model
from pratique.policy import elements
from pratique.policy.dated import read
from pratique.policy.elements import (
    CLASSES,
    basis,
    catalogue,
    class_rules,
    retention_years,
    select,
)

ON = date(2026, 11, 25)


def test_every_element_has_a_class_and_a_meaning() -> None:
    assert len(catalogue()) > 500
    for each in catalogue().values():
        assert each.privacy in CLASSES, each.path
        assert each.meaning, each.path


def test_an_element_cannot_be_defined_without_a_class() -> None:
    define: Any = model.element
    with pytest.raises(TypeError, match="privacy"):
        define("Colour of the wrapping")


def test_an_element_that_bypasses_the_definition_is_refused() -> None:
    class Wrapping(model.Noun, frozen=True, kw_only=True):
        colour: str = ""

    with pytest.raises(PolicyError, match="colour has no class"):
        list(elements._walk(Wrapping, ""))


def test_elements_below_lists_and_options_are_reached() -> None:
    class Inner(model.Noun, frozen=True, kw_only=True):
        a: Annotated[str, model.element("A", privacy="public")] = ""

    class Outer(model.Noun, frozen=True, kw_only=True):
        many: Annotated[tuple[Inner, ...], model.element("Many", privacy="commercial")] = ()
        one: Annotated[Inner | None, model.element("One", privacy="commercial")] = None

    assert [each.path for each in elements._walk(Outer, "")] == ["many.a", "one.a"]


def test_names_addresses_and_numbers_of_people_are_personal() -> None:
    for role in ("consignee", "buyer", "seller"):
        for name in ("name", "phone", "ids.number", "address.line", "address.postcode"):
            assert catalogue()[f"parties.{role}.{name}"].privacy == "personal"
    assert catalogue()["extension"].privacy == "personal"
    assert catalogue()["payment.reference"].privacy == "fiscal"
    assert catalogue()["consignment.items.dangerous_goods"].privacy == "special-security"
    assert catalogue()["consignment.items.price"].privacy == "commercial"
    assert catalogue()["destination"].privacy == "public"


def test_every_class_has_a_basis_everywhere_and_every_basis_its_source() -> None:
    assert set(class_rules()) == set(CLASSES)
    for name in CLASSES:
        assert basis(name, (), ON)
        for rule in class_rules()[name]:
            assert rule.source
            assert rule.url.startswith("http")
            assert rule.seen or rule.confidence != "high"
            assert (rule.retention_years is None) == (rule.retention_source == "")


@pytest.mark.parametrize(
    ("privacy", "places", "on", "years"),
    [
        ("fiscal", ("eu",), ON, 10),
        ("fiscal", ("eu",), date(2021, 6, 30), None),
        ("commercial", ("eu",), ON, 3),
        ("commercial", ("eu", "us"), ON, 5),
        ("commercial", ("gb",), ON, None),
        ("personal", ("eu",), ON, None),
    ],
)
def test_the_longest_known_retention_rules_and_unknown_is_said(privacy, places, on, years) -> None:
    rule = retention_years(privacy, places, on)
    assert (rule.retention_years if rule else None) == years


def test_selectors_name_paths_branches_and_classes() -> None:
    assert select(["destination"]) == {"destination"}
    assert select(["parties.consignee.address.*"]) == {
        f"parties.consignee.address.{name}"
        for name in ("line", "city", "region", "region_code", "postcode", "country")
    }
    assert select(["class:special-security"]) == {"consignment.items.dangerous_goods"}
    assert select([]) == frozenset()


@pytest.mark.parametrize(
    "selector",
    ["destinaton", "parties.consignee", "parties.nobody.*", "class:secret", "kind:personal", "*"],
)
def test_a_selector_that_names_nothing_is_refused(selector) -> None:
    with pytest.raises(PolicyError, match="names no element"):
        select(["destination", selector])


@pytest.mark.parametrize(
    "text",
    [
        b"[[personal]]\nplace = '*'\nfrom = 2020-01-01",
        b"[[personal]]\nplace = '*'\nfrom = 2020-01-01\nsource = 'x'\ncolour = 'red'",
        b"[[personal]]\nplace = '*'\nplace = 'eu'\nfrom = 2020-01-01\nsource = 'x'",
        b"[[personal]]\nplace = 1",
        b"\xff\xfe",
        b"a = " + b"[" * 5000,
    ],
)
def test_a_policy_file_is_strictly_read(text) -> None:
    with pytest.raises(PolicyError, match=r"classes\.toml"):
        read(text, "classes.toml", dict[str, tuple[elements.ClassRule, ...]])


def test_dates_of_entries_are_from_inclusive_until_exclusive() -> None:
    rule = class_rules()["fiscal"][0]
    ended = msgspec.structs.replace(rule, until=date(2020, 1, 1))
    assert ended.is_in_force(rule.from_)
    assert not ended.is_in_force(date(2020, 1, 1))
