"""WCO XML: what comes in goes out again, whatever the model holds of it, and nothing is read as something else."""

import json
from decimal import Decimal

import msgspec
import pytest
from lxml import etree

from pratique import messages
from pratique.errors import MessageError
from pratique.model.declaration import Declaration

DEC = "urn:wco:datamodel:WCO:DEC-DMS:2"
ITEM = "GoodsShipment/GovernmentAgencyGoodsItem"


def xml(inner: str = "", **attributes: str) -> bytes:
    return (
        f'<Declaration xmlns="{DEC}"><FunctionCode>9</FunctionCode>{inner}</Declaration>'.encode()
    )


def item(inner: str) -> bytes:
    return xml(
        f"<GoodsShipment><GovernmentAgencyGoodsItem>{inner}</GovernmentAgencyGoodsItem></GoodsShipment>"
    )


def read(data: bytes) -> Declaration:
    return messages.parse(data, "wco")


def again(data: bytes) -> bytes:
    """XML read and written."""
    return messages.write(read(data), "wco")


def form(data: bytes) -> str:
    """XML in its canonical form, whatever its prefixes."""
    return etree.canonicalize(etree.fromstring(data), rewrite_prefixes=True)


def aed(**elements: object) -> Declaration:
    """A declaration that never was XML."""
    goods = {"items": [{"description": "cotton shirt"}]}
    return messages.parse(
        json.dumps({"id": "A", "destination": "DE", "consignment": goods, **elements}).encode(),
        "aed",
    )


@pytest.mark.parametrize(
    "inner",
    [
        "<FunctionalReferenceID>  A 1 </FunctionalReferenceID>",
        "<TotalGrossMassMeasure>007.50</TotalGrossMassMeasure>",
        '<TotalGrossMassMeasure unitCode="KGM">.5</TotalGrossMassMeasure>',
        "<TotalPackageQuantity> 03 </TotalPackageQuantity>",
        '<InvoiceAmount currencyID="EUR">+12.</InvoiceAmount>',
        "<InvoiceAmount>12.00</InvoiceAmount>",
        "<GoodsShipment><Destination><CountryCode> GB </CountryCode></Destination></GoodsShipment>",
        "<GoodsShipment><Consignee><Name/><Address/></Consignee></GoodsShipment>",
        '<AcceptanceDateTime><d:DateTimeString xmlns:d="urn:wco:datamodel:WCO:Declaration_DS:DMS:2" '
        'formatCode="304">20201001080000+01</d:DateTimeString></AcceptanceDateTime>',
        '<x:Note xmlns:x="urn:example" x:kind="a">kept</x:Note>',
        '<Agent schemeName="x" xml:lang="en"><FunctionCode listID="9">2</FunctionCode></Agent>',
        "<AdditionalInformation><Pointer><TagID>1</TagID></Pointer></AdditionalInformation>",
        "<AdditionalDocument><ID>without a type</ID></AdditionalDocument>",
        "<AdditionalDocument><CategoryCode>AB</CategoryCode><TypeCode>9</TypeCode></AdditionalDocument>",
    ],
)  # fmt: skip
def test_what_was_written_otherwise_comes_back_as_it_was(inner: str) -> None:
    data = xml(inner)
    assert form(again(data)) == form(data)
    assert read(again(data)) == read(data)


@pytest.mark.parametrize(
    ("inner", "path", "value"),
    [
        ("<TotalGrossMassMeasure>007.50</TotalGrossMassMeasure>", "consignment.gross_mass_kg", Decimal("7.50")),
        ("<TotalPackageQuantity> 03 </TotalPackageQuantity>", "consignment.packages", 3),
        ("<ID>24GB0123456789ABCD</ID>", "mrn", "24GB0123456789ABCD"),
        ("<GoodsShipment><UCR><ID>U</ID></UCR></GoodsShipment>", "consignment.ucr", "U"),
        ("<GoodsShipment><UCR><TraderAssignedReferenceID>T</TraderAssignedReferenceID></UCR></GoodsShipment>",
         "consignment.trader_reference", "T"),
        ("<FunctionalReferenceID>AB<!-- x -->C<?p?>D</FunctionalReferenceID>", "id", "ABCD"),
        ("<FunctionalReferenceID><![CDATA[A<B]]>&amp;</FunctionalReferenceID>", "id", "A<B&"),
    ],
)  # fmt: skip
def test_elements_are_read(inner: str, path: str, value: object) -> None:
    found: object = read(xml(inner))
    for step in path.split("."):
        found = getattr(found, step)
    assert found == value


def test_moments_are_read_with_their_offset_and_written_anew_when_changed() -> None:
    inner = (
        '<AcceptanceDateTime><d:DateTimeString xmlns:d="urn:wco:datamodel:WCO:Declaration_DS:DMS:2" '
        'formatCode="304">20201001080000+01</d:DateTimeString></AcceptanceDateTime>'
    )
    declaration = read(xml(inner))
    assert str(declaration.accepted_on) == "2020-10-01"
    later = msgspec.structs.replace(declaration, accepted_on=declaration.accepted_on.replace(day=2))
    written = messages.write(later, "wco")
    assert b'formatCode="102">20201002<' in written
    assert read(written) == msgspec.structs.replace(later, extension=read(written).extension)


def test_the_tariff_code_is_taken_from_its_own_classification() -> None:
    data = item(
        "<Commodity><Classification><ID>2501</ID><IdentificationTypeCode>TRA</IdentificationTypeCode></Classification>"
        "<Classification><ID>61091000</ID><IdentificationTypeCode>TSP</IdentificationTypeCode></Classification></Commodity>"
    )
    assert read(data).consignment.items[0].hs_code == "61091000"
    assert form(again(data)) == form(data)


@pytest.mark.parametrize(
    ("codes", "procedure", "further"),
    [
        ([("40", "00"), ("C07", "")], "40", ("C07",)),
        ([("C07", ""), ("40", "00")], "40", ("C07",)),
        ([("000", ""), ("10", "")], "10", ("000",)),
        ([("C07", "")], "", ("C07",)),
    ],
)
def test_the_procedure_is_told_from_further_codes(
    codes: list[tuple[str, str]], procedure: str, further: tuple[str, ...]
) -> None:
    data = item(
        "".join(
            f"<GovernmentProcedure><CurrentCode>{code}</CurrentCode>"
            + (f"<PreviousCode>{before}</PreviousCode>" if before else "")
            + "</GovernmentProcedure>"
            for code, before in codes
        )
    )
    goods = read(data).consignment.items[0]
    assert (goods.procedure, goods.additional_procedures) == (procedure, further)
    assert form(again(data)) == form(data)


def test_lists_follow_the_model() -> None:
    data = xml(
        "".join(
            f"<AuthorisationHolder><ID>{n}</ID><CategoryCode>T{n}</CategoryCode></AuthorisationHolder>"
            for n in range(3)
        )
    )
    declaration = read(data)
    assert [each.holder for each in declaration.authorisations] == ["0", "1", "2"]
    fewer = msgspec.structs.replace(declaration, authorisations=declaration.authorisations[2:])
    written = messages.write(fewer, "wco")
    assert written.count(b"<AuthorisationHolder>") == 1
    assert b"<ID>2</ID><CategoryCode>T2</CategoryCode>" in written


def test_an_element_gone_from_the_model_is_gone_with_what_held_it_alone() -> None:
    declaration = read(
        xml(
            "<Agent><Name>X</Name></Agent><Exporter><Name>Y</Name><Contact><Name>Z</Name></Contact></Exporter>"
        )
    )
    bare = msgspec.structs.replace(declaration, parties=())
    assert b"Agent" not in messages.write(bare, "wco")
    assert b"Exporter" not in messages.write(bare, "wco")


def test_items_removed_and_added_show() -> None:
    data = xml(
        "<GoodsItemQuantity>2</GoodsItemQuantity><GoodsShipment>"
        + "".join(
            f"<GovernmentAgencyGoodsItem><SequenceNumeric>{n}</SequenceNumeric><Commodity><Description>thing {n}"
            "</Description></Commodity></GovernmentAgencyGoodsItem>"
            for n in (1, 2)
        )
        + "</GoodsShipment>"
    )
    declaration = read(data)
    items = declaration.consignment.items
    for kept in (items[:1], (*items, items[0])):
        goods = msgspec.structs.replace(declaration.consignment, items=kept)
        written = messages.write(msgspec.structs.replace(declaration, consignment=goods), "wco")
        assert f"<GoodsItemQuantity>{len(kept)}</GoodsItemQuantity>".encode() in written
        assert read(written).consignment.items == kept


def test_a_byte_order_mark_is_allowed_by_xml() -> None:
    assert read(b"\xef\xbb\xbf" + xml("<ID>1</ID>")).mrn == "1"


def test_a_declaration_inside_another_is_no_declaration_of_its_own() -> None:
    (row,) = messages.read(xml(xml("<ID>inner</ID>").decode()), "wco")
    assert row.declaration is not None
    assert row.declaration.mrn == ""
    assert b"inner" in messages.write(row.declaration, "wco")


def test_one_bad_declaration_of_a_file_leaves_the_others_and_each_keeps_its_own_source() -> None:
    data = b"<x>" + xml("<ID>1</ID>") + xml("<ID>\xe2\x80\xae2</ID>") + xml("<ID>3</ID>") + b"</x>"
    first, second, third = messages.read(data, "wco")
    assert (first.declaration.mrn, third.declaration.mrn) == ("1", "3")
    assert second.error.faults[0].pointer == "/Declaration/ID"
    assert b"<ID>1</ID>" in first.source
    assert b"<ID>3</ID>" not in first.source


def test_the_envelope_comes_back() -> None:
    data = (
        b'<m:MetaData xmlns:m="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">'
        b"<m:WCOTypeName>DEC</m:WCOTypeName><m:ResponsibleCountryCode>GB</m:ResponsibleCountryCode>"
        b'<x:Extra xmlns:x="urn:example"><x:Inner a="1">kept</x:Inner></x:Extra>'
        + xml()
        + b"</m:MetaData>"
    )
    assert read(data).destination == "GB"
    assert form(again(data)) == form(data)


@pytest.mark.parametrize(
    "kept",
    [
        "x",
        [],
        {},
        {"tree": {"name": "a b"}},
        {"tree": {"name": "Declaration", "children": [{"name": "a b"}]}},
        {"tree": {"name": "Declaration", "children": [{"name": "{}x"}]}},
        {"tree": {"name": "Declaration", "attributes": {"a b": "c"}}},
        {"tree": {"name": "Declaration", "text": "\x00"}},
        {"tree": {"name": "Declaration"}, "envelope": 5},
        {"tree": {"name": "Declaration"}, "implied": 5},
        {"tree": {"name": "Other"}},
    ],
)
def test_kept_parts_that_are_no_xml_are_refused_in_words(kept: object) -> None:
    odd = msgspec.structs.replace(aed(), extension={"wco": kept})
    with pytest.raises(MessageError) as refused:
        messages.write(odd, "wco")
    assert refused.value.faults
    assert messages.losses(odd, "wco")


def test_losses_name_what_a_number_or_party_becomes() -> None:
    declaration = aed(
        channel="express",
        flow="c2c",
        dataset="H7",
        schemes=[{"kind": "VOEC", "number": "2012345"}],
        parties=[
            {
                "roles": ["seller"],
                "ids": [{"kind": "VAT", "number": "DE1"}],
                "phone": "1",
                "email": "a@b",
            },
            {"roles": ["marketplace"], "name": "M"},
        ],
    )
    assert {each.pointer for each in messages.losses(declaration, "wco")} == {
        "/channel", "/flow", "/dataset", "/schemes", "/parties/0/ids", "/parties/0/email", "/parties/1",
    }  # fmt: skip
    assert read(messages.write(declaration, "wco")).parties[0].ids == ()


def test_what_is_too_long_for_the_form_is_left_out_and_named() -> None:
    declaration = aed(
        parties=[
            {"roles": ["consignee"], "name": "N" * 71, "address": {"line": "1 Example\nStreet"}}
        ]
    )
    written = messages.write(declaration, "wco")
    assert b"NNN" not in written
    assert b"<Line>1 Example Street</Line>" in written
    assert {each.pointer for each in messages.losses(declaration, "wco")} == {
        "/channel", "/parties/0/name", "/parties/0/address/line",
    }  # fmt: skip
