"""Published WCO declarations: all read, written again without loss, valid against their schema; none crashes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from pratique import messages
from pratique.errors import MessageError
from pratique.model import declaration
from pratique.model.element import Noun, elements
from pratique.office.desk import Desk, walk
from tests.support.declarations import declarations

DEC = "{urn:wco:datamodel:WCO:DEC-DMS:2}Declaration"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@pytest.fixture(scope="module")
def folder(samples: Path) -> Path:
    return samples / "hmrc-wco-dec"


@pytest.fixture(scope="module")
def schema(folder: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(folder / "schemas/wco/declaration/WCO_DEC_2_DMS.xsd")))


def documents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix.lower() == ".xml":
            yield path, path.read_bytes()


def plain(element: etree._Element) -> tuple:
    """An element without comments, schema hints and blanks between children."""
    children = tuple(plain(child) for child in element if isinstance(child.tag, str))
    text = (element.text or "").strip() if children else element.text or ""
    attributes = tuple(sorted((k, v) for k, v in element.attrib.items() if not k.startswith(XSI)))
    return element.tag, text, attributes, children


def alone(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element, with_tail=False))


def test_every_published_declaration_survives_and_stays_valid(
    folder: Path, schema: etree.XMLSchema
) -> None:
    count = 0
    for path, data in documents(folder):
        expected = [alone(each) for each in etree.fromstring(data).iter(DEC)]
        rows = [row for row in messages.read(data, "wco") if row.declaration is not None]
        assert len(rows) == len(expected), path
        for row, before in zip(rows, expected, strict=True):
            written = etree.fromstring(messages.write(row.declaration, "wco"))
            after = alone(next(written.iter(DEC)))
            assert plain(before) == plain(after), path
            assert schema.validate(after), (path, schema.error_log)
            count += 1
    assert count == 64


def test_other_published_documents_are_refused_in_words(folder: Path) -> None:
    refused = 0
    for _, data in documents(folder):
        if not any(True for _ in etree.fromstring(data).iter(DEC)):
            with pytest.raises(MessageError, match="no WCO declaration"):
                messages.parse(data, "wco")
            refused += 1
    assert refused > 100


def test_every_published_declaration_gets_a_decision(folder: Path) -> None:
    desk = Desk()
    now = datetime(2025, 3, 1, tzinfo=UTC)
    codes = set()
    for _, data in documents(folder):
        for row in messages.read(data, "wco"):
            if row.declaration is not None:
                decision = walk(row.declaration, desk, now=now)
                assert decision.reasons
                codes.add(decision.code)
    assert codes


def test_a_changed_element_shows_in_the_output(folder: Path) -> None:
    data = (folder / "readable/TT_IM080a/TT_IM080a.xml").read_bytes()
    text = messages.write(messages.parse(data), "wco").decode()
    assert "<ID>85109000</ID>" in text
    document = messages.parse(data)
    items = document.consignment.items
    replace = msgspec.structs.replace
    goods = replace(document.consignment, items=(replace(items[0], hs_code="85102000"),))
    amended = replace(document, consignment=goods)
    after = messages.write(amended, "wco").decode()
    assert "<ID>85102000</ID>" in after
    assert "<ID>85109000</ID>" not in after


def test_a_declaration_that_never_was_xml_is_valid(schema: etree.XMLSchema) -> None:
    data = (
        b'{"id":"A1","destination":"GB","dispatch_country":"CN","parties":[{"roles":["seller"],"name":"Example Seller",'
        b'"address":{"city":"X","country":"CN"}}],"consignment":{"gross_mass_kg":"1.5","packages":1,"freight":'
        b'{"amount":"3.00","currency":"GBP"},"items":[{"description":"cotton shirt","hs_code":"610910","origin":"CN",'
        b'"price":{"amount":"10.00","currency":"GBP"},"procedure":"40","previous_procedure":"00",'
        b'"additional_procedures":["C07"],"documents":[{"type":"N935","number":"1"}]}]}}'
    )
    written = etree.fromstring(messages.write(messages.parse(data), "wco"))
    assert schema.validate(written), schema.error_log


def test_every_wco_id_of_the_model_is_an_id_of_the_schema(folder: Path) -> None:
    known = set()
    for path in folder.glob("schemas/wco/*/WCO_*_2_DMS.xsd"):
        for each in (
            etree.parse(str(path)).getroot().iter("{*}WCOID", "{*}UniqueID", "{*}WCOClassID")
        ):
            known.add((each.text or "").strip())
    nouns = [n for n in vars(declaration).values() if isinstance(n, type) and issubclass(n, Noun)]
    ours = {name for noun in nouns for each in elements(noun) for name in each.wco.split()}
    ours |= {name for pair in declaration.ROLE_IDS.values() for name in pair if name}
    assert ours - known == set()


def test_whatever_is_written_is_valid(schema: etree.XMLSchema) -> None:
    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(declarations())
    def valid(each: declaration.Declaration) -> None:
        written = etree.fromstring(messages.write(each, "wco"))
        assert schema.validate(written), schema.error_log

    valid()
