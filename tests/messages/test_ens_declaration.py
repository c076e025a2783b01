"""Entry summary declarations: what comes in goes out again, whatever the model holds of it, and changes show."""

from decimal import Decimal

import msgspec
import pytest

from pratique import messages
from pratique.errors import MessageError
from pratique.model.declaration import Declaration, GoodsItem, Packaging, party
from tests.support.ens import CLEAN, message

HEAD = b"<?xml version='1.0' encoding='UTF-8'?>\n"
RICH = {
    "HEAHEA/ComRefNumHEA": "A REFERENCE LONGER THAN THE THIRTY-FIVE CHARACTERS OF OURS",
    "HEAHEA/TotNumOfPacHEA306": "0002",
    "HEAHEA/TotGroMasHEA307": "1.250",
    "TRACONCO1/NADLNGCO": "EN",
    "GOOITEGDS/PRODOCDC2/DocTypDC21": "N740",
    "GOOITEGDS/PRODOCDC2/DocRefDC23": "EXAMPLE-AWB",
    "GOOITEGDS/PRODOCDC2/DocRefDCLNG": "EN",
    "GOOITEGDS/SPEMENMT2/AddInfCodMT23": "10600",
    "GOOITEGDS/CONNR2/ConNumNR21": "EXAMPLE-BOX",
    "GOOITEGDS/PRTNOT640/TINPRTNOT641": "GB000000000003",
    "GOOITEGDS/PACGS2/NumOfPieGS25": "7",
    "SEAID529/SeaIdSEAID530": "SEAL-1",
    "SEAID529[2]/SeaIdSEAID530": "SEAL-2",
    "TRAREP/TINTRE1": "GB000000000004",
    "TRACARENT601/TINTRACARENT602": "FR00000000001",
}


def read(changes: dict[str, str | None] | None = None, kind: str = "CC315A") -> Declaration:
    return messages.parse(message(changes, kind))


@pytest.mark.parametrize("kind", ["CC315A", "CC313A"])
@pytest.mark.parametrize("changes", [{}, RICH, {"HEAHEA/TraModAtBorHEA76": "10"}])
def test_reading_and_writing_change_nothing(changes: dict[str, str | None], kind: str) -> None:
    declaration = read(changes, kind)
    assert messages.write(declaration, "ens") == HEAD + message(changes, kind)
    assert messages.losses(declaration, "ens") == ()


def test_the_form_is_told_from_other_xml() -> None:
    assert messages.detect(message()) == "ens"
    assert messages.detect(b"<!-- a comment --><ie:CC313A xmlns:ie='x'/>") == "ens"
    assert messages.detect(b"<Declaration/>") == "wco"


def test_what_the_model_has_is_taken_into_it() -> None:
    declaration = read(RICH)
    goods = declaration.consignment
    assert (declaration.id, declaration.function, declaration.destination) == (
        "EXAMPLE-ENS-1",
        "9",
        "GB",
    )
    assert goods.gross_mass_kg == Decimal("1.250")
    assert goods.packages == 2
    assert goods.ucr == ""
    assert goods.transport is not None
    assert (goods.transport.mode, goods.transport.conveyance, goods.transport.nationality) == (
        "3",
        "EX 12 AMP",
        "FR",
    )
    assert goods.transport.routing == ("FR", "GB")
    assert goods.transport.seals == ("SEAL-1", "SEAL-2")
    (item,) = goods.items
    assert (item.hs_code, item.gross_mass_kg) == ("610910", Decimal("1.25"))
    assert item.packaging == (Packaging(type="PK", count=2, marks="EXAMPLE 1-2"),)
    assert item.documents[0].number == "EXAMPLE-AWB"
    assert item.statements[0].code == "10600"
    seller, carrier = party(declaration, "consignor"), party(declaration, "carrier")
    assert seller is not None
    assert seller.address is not None
    assert (seller.name, seller.address.country) == ("Example Seller", "CN")
    assert carrier is not None
    assert carrier.ids[0].number == "FR00000000001"


def test_an_amendment_names_the_movement_it_changes() -> None:
    declaration = read({}, "CC313A")
    assert (declaration.mrn, declaration.function, declaration.id) == (
        "26GB00000000000001",
        "4",
        "none",
    )


def test_a_changed_element_shows() -> None:
    declaration = read(RICH)
    item = declaration.consignment.items[0]
    changed = msgspec.structs.replace(
        declaration,
        consignment=msgspec.structs.replace(
            declaration.consignment,
            packages=3,
            items=(
                msgspec.structs.replace(item, description="woven shirt", statements=()),
                GoodsItem(description="socks", gross_mass_kg=Decimal("0.2")),
            ),
        ),
    )
    expected = message(
        RICH
        | {
            "HEAHEA/TotNumOfPacHEA306": "3",
            "HEAHEA/TotNumOfIteHEA305": "2",
            "GOOITEGDS/GooDesGDS23": "woven shirt",
            "GOOITEGDS/SPEMENMT2/AddInfCodMT23": None,
            "GOOITEGDS[2]/IteNumGDS7": "2",
            "GOOITEGDS[2]/GooDesGDS23": "socks",
            "GOOITEGDS[2]/GroMasGDS46": "0.2",
        }
    )
    assert messages.write(changed, "ens") == HEAD + expected


def test_parties_and_entries_taken_away_are_gone() -> None:
    declaration = read(RICH)
    transport = declaration.consignment.transport
    assert transport is not None
    changed = msgspec.structs.replace(
        declaration,
        parties=tuple(each for each in declaration.parties if "consignor" not in each.roles),
        consignment=msgspec.structs.replace(
            declaration.consignment,
            transport=msgspec.structs.replace(transport, seals=("SEAL-1",)),
        ),
    )
    gone = {
        path: None for path in (*CLEAN, *RICH) if path.startswith(("TRACONCO1/", "SEAID529[2]"))
    }
    assert messages.write(changed, "ens") == HEAD + message(RICH | gone)


def test_what_has_no_place_is_named() -> None:
    declaration = read()
    item = declaration.consignment.items[0]
    changed = msgspec.structs.replace(
        declaration,
        consignment=msgspec.structs.replace(
            declaration.consignment,
            items=(msgspec.structs.replace(item, origin="CN", description="x" * 300),),
        ),
    )
    assert {fault.pointer for fault in messages.losses(changed, "ens")} == {
        "/consignment/items/0/origin",
        "/consignment/items/0/description",
    }


def test_a_declaration_of_another_form_becomes_one() -> None:
    source = messages.write(msgspec.structs.replace(read(), extension={}), "aed")
    declaration = messages.parse(source, "aed")
    written = messages.write(declaration, "ens")
    assert [fault.pointer for fault in messages.losses(declaration, "ens")] == ["/destination"]
    found = messages.findings(written, "ens") or ()
    missing = {each.message.split(" has no ")[1].split()[0] for each in found}
    assert missing == {
        "MesSenMES3", "DatOfPreMES9", "TimOfPreMES10", "MesIdeMES19", "DecDatTimHEA114", "CUSOFFFENT730"
    }, "what no declaration says is not made up"  # fmt: skip


def test_what_the_model_cannot_take_is_refused_at_its_element() -> None:
    with pytest.raises(MessageError) as refused:
        read({"HEAHEA/TotGroMasHEA307": "heavy"})
    assert [fault.pointer for fault in refused.value.faults] == [
        "/ie:CC315A[1]/HEAHEA[1]/TotGroMasHEA307[1]"
    ]


def test_more_seals_than_the_model_takes_stay_in_the_message() -> None:
    data = message({f"SEAID529[{n}]/SeaIdSEAID530": f"SEAL-{n}" for n in range(1, 1001)})
    declaration = messages.parse(data)
    assert declaration.consignment.transport is not None
    assert declaration.consignment.transport.seals == ()
    assert messages.write(declaration, "ens") == HEAD + data


@pytest.mark.parametrize(
    "data",
    [
        message().replace(b"<HEAHEA>", b'<HEAHEA weather="fine">'),
        message().replace(b"<HEAHEA>", b"<HEAHEA>fine"),
        message().replace(b"<ITI>", b'<ITI xmlns="urn:example">', 1),
    ],
)
def test_what_could_not_be_given_back_is_refused(data: bytes) -> None:
    with pytest.raises(MessageError) as refused:
        messages.parse(data)
    assert refused.value.code == "stray"


def test_findings_come_schema_first_and_by_number() -> None:
    bad = message(
        {"HEAHEA/SpeCirIndHEA1": "A", "MesIdeMES19": None, "ITI[2]/CouOfRouCodITI1": None}
    )
    found = messages.findings(bad) or ()
    assert [each.rule for each in found] == ["schema", "8684", "8691"]
    assert messages.findings(b'{"id":"A"}') is None


@pytest.mark.parametrize("kept", [7, {"tree": {"name": "CC999A"}}])
def test_a_spoilt_extension_is_refused(kept: object) -> None:
    with pytest.raises(MessageError) as refused:
        messages.write(msgspec.structs.replace(read(), extension={"ens": kept}), "ens")
    assert refused.value.code == "extension"
