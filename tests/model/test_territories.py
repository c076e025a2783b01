"""A postcode tells the territory it lies in, and the territory the place whose law holds."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from pratique.assessment.columnar import law_places
from pratique.model.arrow import batch_from_arrow, declaration_at, to_arrow
from pratique.model.batch import batch_of
from pratique.model.codelists import is_country
from pratique.model.declaration import (
    Address,
    Consignment,
    Declaration,
    GoodsItem,
    Party,
    place_of_law,
    subdivision,
)
from pratique.model.money import Money
from pratique.model.territories import MAIN, law_place, subdivision_of, territories


def sent(destination: str, **address: str) -> Declaration:
    goods = GoodsItem(description="toy", hs_code="950300", price=Money(Decimal(40), "EUR"))
    to = Party(roles=("consignee",), address=Address(**address))
    return Declaration(
        id="T-1",
        destination=destination,
        accepted_on=date(2026, 8, 1),
        parties=(to,),
        consignment=Consignment(items=(goods,)),
    )


@pytest.mark.parametrize(
    ("country", "postcode", "part", "law"),
    [
        ("ES", "35001", "GC", "ES"),
        ("ES", "38 700", "TF", "ES"),
        ("ES", "51001", "CE", "ES"),
        ("ES", "52006", "ML", "ES"),
        ("ES", "28001", MAIN, "ES"),
        ("ES", "E-35001", "GC", "ES"),
        ("FI", "22100", "01", "AX"),
        ("FI", "AX-22100", "01", "AX"),
        ("FI", "00100", MAIN, "FI"),
        ("FR", "97110", "971", "GP"),
        ("FR", "97133", "BL", "BL"),
        ("FR", "97150", "MF", "MF"),
        ("FR", "97200", "972", "MQ"),
        ("FR", "97300", "973", "GF"),
        ("FR", "97400", "974", "RE"),
        ("FR", "97600", "976", "YT"),
        ("FR", "98000", "MC", "MC"),
        ("FR", "98800", "NC", "NC"),
        ("FR", "20200", "20R", "FR"),
        ("FR", "75001", MAIN, "FR"),
        ("DE", "27498", "HEL", "DE"),
        ("DE", "D-78266", "BUS", "DE"),
        ("DE", "78267", MAIN, "DE"),
        ("DE", "87491", "JUN", "AT"),
        ("DE", "87569", "MIT", "AT"),
        ("DE", "87570", MAIN, "DE"),
        ("AT", "6691", "JUN", "AT"),
        ("AT", "6993", "MIT", "AT"),
        ("AT", "6994", MAIN, "AT"),
        ("IT", "22061", "CAM", "IT"),
        ("IT", "23041", "LIV", "IT"),
        ("IT", "00120", MAIN, "IT"),
        ("GR", "630 86", "69", "GR"),
        ("PT", "9000-001", "30", "PT"),
        ("PT", "9499-999", "30", "PT"),
        ("PT", "9500-001", "20", "PT"),
        ("PT", "1000-001", MAIN, "PT"),
        ("GB", "BT1 1AA", "NIR", "XI"),
        ("GB", "bt479zz", "NIR", "XI"),
        ("GB", "IM1 1AA", "IM", "IM"),
        ("GB", "JE2 3AB", "JE", "JE"),
        ("GB", "GY1 1AA", "GG", "GG"),
        ("GB", "BFPO 57", "SBA", "CY"),
        ("GB", "SW1A 1AA", None, "GB"),
        ("NO", "9170", "21", "SJ"),
        ("NO", "8099", "22", "SJ"),
        ("NO", "0150", None, "NO"),
        ("CH", "7563", "SAM", "CH"),
        ("CH", "9490", "LI", "LI"),
        ("CH", "CH-9490", "LI", "LI"),
        ("CH", "8001", None, "CH"),
        ("US", "00901", "PR", "PR"),
        ("US", "00802", "VI", "VI"),
        ("US", "96910-1234", "GU", "GU"),
        ("US", "10001", None, "US"),
        ("JP", "100-0001", None, "JP"),
    ],
)
def test_a_postcode_tells_its_territory_and_the_law_there(
    country: str, postcode: str, part: str | None, law: str
) -> None:
    assert subdivision_of(country, postcode) == part
    assert law_place(country, part) == law
    assert subdivision(sent(country, postcode=postcode)) == part
    assert place_of_law(sent(country, postcode=postcode)) == law


@pytest.mark.parametrize("postcode", ["", "-", "3", "hello", "٣٥٠٠١", "3" * 5000, "BT"])
def test_what_is_no_postcode_tells_nothing(postcode: str) -> None:
    assert subdivision_of("ES", postcode) is None
    assert subdivision_of("JP", postcode) is None


def test_a_region_code_goes_before_the_postcode() -> None:
    assert subdivision(sent("ES", region_code="ES-TF", postcode="28001")) == "TF"
    assert place_of_law(sent("FR", region_code="GP", postcode="75001")) == "GP"
    assert place_of_law(sent("CN", region_code="CN-HK")) == "HK"


def test_a_postcode_of_another_country_tells_nothing() -> None:
    assert subdivision(sent("ES", postcode="35001", country="CN")) is None
    assert subdivision(sent("ES", postcode="35001", country="ES")) == "GC"


def test_every_row_of_the_table_is_sound() -> None:
    rows = territories()
    for row in rows:
        assert is_country(row.country), row
        assert not row.law or is_country(row.law), row
        assert row.law != row.country, row
        assert len(row.first) == len(row.last), row
        assert row.first <= row.last, row
        assert row.source, row
        assert bool(row.url) == bool(row.seen), row
        assert row.subdivision.isalnum(), row
    assert len(set(rows)) == len(rows)
    laws = {(row.country, row.subdivision): row.law for row in rows}
    assert all(laws[row.country, row.subdivision] == row.law for row in rows)


def test_columns_find_the_same_territory_and_law() -> None:
    declarations = [
        sent(country, postcode=postcode)
        for country, postcode in (
            ("ES", "35001"), ("GB", "BT1 1AA"), ("FR", "97110"), ("FR", "75001"), ("GB", "SW1A 1AA"),
            ("FI", "22100"), ("JP", "100-0001"), ("DE", "87491"), ("AT", "6691"), ("US", "00901"),
        )
    ]  # fmt: skip
    rows = to_arrow(declarations)
    for batch in (batch_of(declarations), batch_from_arrow(rows)):
        found = law_places(batch)
        assert [found.words[at] for at in found.values] == [place_of_law(d) for d in declarations]
        parts = batch.texts["subdivision"]
        told = [None if at < 0 else parts.words[at] for at in np.asarray(parts.values)]
        assert told == [subdivision(each) for each in declarations]
    for number, each in enumerate(declarations):
        assert place_of_law(declaration_at(rows, number)) == place_of_law(each)
        assert "35001" not in repr(rows.to_pylist())
