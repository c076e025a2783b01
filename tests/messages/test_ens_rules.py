"""The rules of entry summary declarations: each has a message that keeps it and one that breaks it."""

import re

import pytest

from pratique.errors import MessageError
from pratique.messages.ens_rules import broken, catalogue
from pratique.messages.ens_schema import misfits
from pratique.messages.ens_tree import read_message, schema
from tests.support.ens import CLEAN, message

HEAD, ITEM, PACK = "HEAHEA/", "GOOITEGDS/", "GOOITEGDS/PACGS2/"
BILL = {"GOOITEGDS/SPEMENMT2/AddInfCodMT23": "10600"}
MODE = "HEAHEA/TraModAtBorHEA76"
SHIP = "HEAHEA/IdeOfMeaOfTraCroHEA85"
LAND = "HEAHEA/NatOfMeaOfTraCroHEA87"
MEANS = "GOOITEGDS/IDEMEATRAGI970/IdeMeaTraGIMEATRA971"
ITEM_CONSIGNEE = {"GOOITEGDS/TRACONCE2/TINCE259": "GB000000000003"}
ITEM_NOTIFY = {"GOOITEGDS/PRTNOT640/TINPRTNOT641": "GB000000000003"}
NOTIFY = {"NOTPAR670/TINNOTPAR671": "GB000000000003"}
NO_CONSIGNOR = {path: None for path in CLEAN if path.startswith("TRACONCO1/")}
AIR = {MODE: "4", SHIP: None, LAND: None, HEAD + "ConRefNumHEA": "EX123"}
SEA = {MODE: "1", SHIP: "1234567", LAND: None}


def second(item: dict[str, str | None]) -> dict[str, str | None]:
    """A second goods item like the first, with changes."""
    of_items = {path: text for path, text in CLEAN.items() if path.startswith("GOOITEGDS/")}
    made = {path.replace("GOOITEGDS", "GOOITEGDS[2]", 1): text for path, text in of_items.items()}
    number = {"GOOITEGDS[2]/IteNumGDS7": "2", HEAD + "TotNumOfIteHEA305": "2"}
    heavier = {HEAD + "TotGroMasHEA307": "2.5"}
    return made | number | heavier | item


def found(changes: dict[str, str | None], kind: str = "CC315A") -> set[str]:
    """``number location`` of each rule broken, without the message and places of 1."""
    said = broken(read_message(message(changes, kind)))
    return {
        f"{each.rule} {re.sub(r'^/ie:CC31[35]A/?', '', each.pointer.replace('[1]', ''))}".strip()
        for each in said
    }


BROKEN: list[tuple[dict[str, str | None], set[str]]] = [
    ({}, set()),
    ({"MesSenMES3": "GB000000000001-0000000001"}, {"4065 MesSenMES3"}),
    ({"MesSenMES3": "gb1/0000000001"}, {"4065 MesSenMES3"}),
    ({ITEM + "IteNumGDS7": "2"}, {"8102"}),
    (second({"GOOITEGDS[2]/IteNumGDS7": "1"}), {"8102"}),
    (second({}), set()),
    ({ITEM + "GroMasGDS46": None}, set()),
    ({ITEM + "GroMasGDS46": None, HEAD + "TotGroMasHEA307": None}, {"8103 GOOITEGDS"}),
    ({HEAD + "PlaLoaGOOITE334": None}, {"8104 GOOITEGDS"}),
    ({ITEM + "PlaLoaGOOITE333": "CNEXAMPLE"}, {"8136 GOOITEGDS/PlaLoaGOOITE333"}),
    ({HEAD + "SpeCirIndHEA1": "E", "TRACONCE1/TINCE159": None, "TRACONCE1/NamCE17": "Example Buyer",
      "TRACONCE1/StrAndNumCE122": "2 Example Road", "TRACONCE1/PosCodCE123": "EX1", "TRACONCE1/CitCE124": "Exampleton",
      "TRACONCE1/CouCE125": "GB"}, {"8105 TRACONCE1"}),
    (SEA, set()),
    (SEA | {SHIP: None}, {"8107 HEAHEA", "8199 GOOITEGDS"}),
    (SEA | {SHIP: "MV Example"}, {"8114 HEAHEA"}),
    (SEA | {SHIP: "12345678"}, set()),
    (SEA | {MODE: "01"}, {"8690 HEAHEA"}),
    (SEA | {MODE: "08", SHIP: None, MEANS: "EXAMPLE"}, {
        "8690 HEAHEA", "8107 HEAHEA", "8147 GOOITEGDS/IDEMEATRAGI970",
        "8114 GOOITEGDS/IDEMEATRAGI970/IdeMeaTraGIMEATRA971"}),
    ({HEAD + "SpeCirIndHEA1": "C"}, set()),
    ({HEAD + "SpeCirIndHEA1": "D"}, {"8112 HEAHEA"}),
    (AIR | {HEAD + "SpeCirIndHEA1": "C"}, {"8111 HEAHEA"}),
    ({HEAD + "SpeCirIndHEA1": "A"}, {"8691 HEAHEA"}),
    (AIR, set()),
    (AIR | {SHIP: "EXAMPLE"}, {"8113 HEAHEA"}),
    (AIR | {HEAD + "ConRefNumHEA": "EXAMPLE1"}, {"8118 HEAHEA"}),
    (AIR | {HEAD + "ConRefNumHEA": None}, {"8118 HEAHEA"}),
    (AIR | {MEANS: "EXAMPLE", "GOOITEGDS/IDEMEATRAGI970/NatIDEMEATRAGI973": "FR"}, {"8198 GOOITEGDS/IDEMEATRAGI970"}),
    ({SHIP: None}, {"8115 HEAHEA", "8199 GOOITEGDS"}),
    ({MODE: "2"}, {"8115 HEAHEA"}),
    ({SHIP: None, LAND: None, MEANS: "EXAMPLE"}, {"8147 GOOITEGDS/IDEMEATRAGI970"}),
    ({SHIP: None, LAND: None, MODE: "2", MEANS: "EXAMPLE"}, set()),
    ({MODE: "5"}, {"8689 HEAHEA", "8115 HEAHEA"}),
    ({HEAD + "TraChaMetOfPayHEA1": "A", ITEM + "MetOfPayGDI12": "A"}, {"8135 GOOITEGDS/MetOfPayGDI12"}),
    ({PACK + "KinOfPacGS23": "VR"}, {"8149 GOOITEGDS/PACGS2"}),
    ({PACK + "KinOfPacGS23": "VR", PACK + "NumOfPacGS24": None}, set()),
    ({PACK + "KinOfPacGS23": "NE"}, {"8150 GOOITEGDS/PACGS2"}),
    ({PACK + "KinOfPacGS23": "NE", PACK + "NumOfPacGS24": None, PACK + "NumOfPieGS25": "2"}, set()),
    ({PACK + "NumOfPieGS25": "2"}, {"8151 GOOITEGDS/PACGS2"}),
    ({PACK + "MarNumOfPacGSL21": None}, {"8152 GOOITEGDS/PACGS2"}),
    ({PACK + "MarNumOfPacGSL21": None, HEAD + "SpeCirIndHEA1": "C"}, set()),
    ({PACK + "NumOfPacGS24": "0"}, {"8153 GOOITEGDS/PACGS2"}),
    (second({PACK + "NumOfPacGS24": "0"}), set()),
    (second({PACK + "NumOfPacGS24": "0", "GOOITEGDS[2]/PACGS2/MarNumOfPacGSL21": "OTHER"}), {"8153 GOOITEGDS/PACGS2"}),
    ({"TRACARENT601/NamTRACARENT604": "Example Lorries", "TRACARENT601/StrNumTRACARENT607": "3 Example Road",
      "TRACARENT601/PstCodTRACARENT606": "EX2", "TRACARENT601/CtyTRACARENT603": "Exampleton",
      "TRACARENT601/CouCodTRACARENT605": "FR"}, set()),
    (SEA | {"TRACARENT601/NamTRACARENT604": "Example Lines", "TRACARENT601/StrNumTRACARENT607": "3 Example Road",
            "TRACARENT601/PstCodTRACARENT606": "EX2", "TRACARENT601/CtyTRACARENT603": "Exampleton",
            "TRACARENT601/CouCodTRACARENT605": "FR"}, {"8164 TRACARENT601"}),
    ({"TRACARENT601/TINTRACARENT602": "GB000000000001"}, {"8195 TRACARENT601/TINTRACARENT602"}),
    ({"TRACARENT601/TINTRACARENT602": "GB000000000009"}, set()),
    ({HEAD + "ComRefNumHEA": None}, {"8170 GOOITEGDS"}),
    ({HEAD + "ComRefNumHEA": None, ITEM + "ComRefNumGIM1": "EXAMPLE"}, set()),
    ({ITEM + "PlaUnlGOOITE333": "GBDVR"}, {"8171 GOOITEGDS/PlaUnlGOOITE333"}),
    ({HEAD + "PlaUnlGOOITE334": None}, {"8687 GOOITEGDS"}),
    (NO_CONSIGNOR | {"GOOITEGDS/TRACONCO2/TINCO259": "GB000000000003"}, {"8193"}),
    (NO_CONSIGNOR | second({"GOOITEGDS/TRACONCO2/TINCO259": "GB000000000003",
                            "GOOITEGDS[2]/TRACONCO2/TINCO259": "GB000000000003"}), {"8193"}),
    (NO_CONSIGNOR | second({"GOOITEGDS/TRACONCO2/TINCO259": "GB000000000003",
                            "GOOITEGDS[2]/TRACONCO2/TINCO259": "GB000000000004"}), set()),
    (second({"GOOITEGDS/TRACONCO2/TINCO259": "GB000000000003", "GOOITEGDS[2]/TRACONCO2/TINCO259": "GB000000000004"}),
     {"8119 TRACONCO1", "8119 GOOITEGDS/TRACONCO2", "8119 GOOITEGDS[2]/TRACONCO2"}),
    (BILL, {"8204 TRACONCE1", "8622 GOOITEGDS"}),
    (BILL | {"TRACONCE1/TINCE159": None} | NOTIFY, set()),
    (BILL | {"TRACONCE1/TINCE159": None} | ITEM_NOTIFY, set()),
    (BILL | {"TRACONCE1/TINCE159": None} | ITEM_NOTIFY | ITEM_CONSIGNEE, {"8624 GOOITEGDS/TRACONCE2"}),
    (BILL | {"TRACONCE1/TINCE159": None} | ITEM_NOTIFY | NOTIFY, {"8621 GOOITEGDS/PRTNOT640"}),
    (NOTIFY, {"8619 NOTPAR670"}),
    (ITEM_NOTIFY, {"8620 GOOITEGDS/PRTNOT640"}),
    ({"TRACONCE1/TINCE159": None}, {"8623 GOOITEGDS"}),
    ({"TRACONCE1/TINCE159": None} | ITEM_CONSIGNEE, set()),
    ({"TRACONCE1/TINCE159": None, HEAD + "SpeCirIndHEA1": "E", "GOOITEGDS/TRACONCE2/NamCE27": "Example Buyer",
      "GOOITEGDS/TRACONCE2/StrAndNumCE222": "2 Example Road", "GOOITEGDS/TRACONCE2/PosCodCE223": "EX1",
      "GOOITEGDS/TRACONCE2/CitCE224": "Exampleton", "GOOITEGDS/TRACONCE2/CouCE225": "GB"},
     {"8208 GOOITEGDS/TRACONCE2"}),
    (ITEM_CONSIGNEE, {"8625 GOOITEGDS/TRACONCE2"}),
    ({HEAD + "TotNumOfIteHEA305": "2"}, {"8206 HEAHEA"}),
    ({HEAD + "TotNumOfIteHEA305": None}, set()),
    ({HEAD + "TotNumOfIteHEA305": "01"}, {"8671 HEAHEA"}),
    ({HEAD + "TotNumOfPacHEA306": "02"}, {"8672 HEAHEA"}),
    ({ITEM + "GooDesGDS23": None}, set()),
    ({ITEM + "GooDesGDS23": None, "GOOITEGDS/COMCODGODITM/ComNomCMD1": None}, {"8207 GOOITEGDS"}),
    ({ITEM + "IteNumGDS7": "01"}, {"8678 GOOITEGDS/IteNumGDS7"}),
    ({PACK + "NumOfPacGS24": "02"}, {"8680 GOOITEGDS/PACGS2/NumOfPacGS24"}),
    ({PACK + "KinOfPacGS23": "NE", PACK + "NumOfPacGS24": None, PACK + "NumOfPieGS25": "02"},
     {"8681 GOOITEGDS/PACGS2/NumOfPieGS25"}),
    ({HEAD + "TotGroMasHEA307": "+1.25"}, {"8673 HEAHEA"}),
    ({ITEM + "GroMasGDS46": "+1.25"}, {"8679 GOOITEGDS/GroMasGDS46"}),
    ({HEAD + "TotGroMasHEA307": "01.25"}, {"8674 HEAHEA/TotGroMasHEA307"}),
    ({ITEM + "GroMasGDS46": "01.25"}, {"8674 GOOITEGDS/GroMasGDS46"}),
    ({HEAD + "TotGroMasHEA307": "123456789.000"}, {"8675 HEAHEA/TotGroMasHEA307"}),
    ({HEAD + "TotGroMasHEA307": "1.2500"}, {"8676 HEAHEA/TotGroMasHEA307"}),
    ({HEAD + "TotGroMasHEA307": "2."}, {"8677 HEAHEA/TotGroMasHEA307"}),
    ({ITEM + "GroMasGDS46": ".5"}, {"8677 GOOITEGDS/GroMasGDS46"}),
    ({HEAD + "TotGroMasHEA307": "1.249"}, {"8686 HEAHEA"}),
    ({HEAD + "TotGroMasHEA307": "1.250"}, set()),
    ({MODE: "1", SHIP: "1234567", LAND: None, HEAD + "ConRefNumHEA": "XFER"}, {"8685 HEAHEA"}),
    ({MODE: "1", SHIP: "1234567", LAND: None, HEAD + "ConRefNumHEA": "XFER1-A"}, set()),
    ({"ITI[2]/CouOfRouCodITI1": None}, {"8684"}),
    ({"CUSOFFLON/RefNumCOL1": "GB000060"}, {"8616 CUSOFFLON/RefNumCOL1"}),
    ({"CUSOFFLON/RefNumCOL1": "GB000061"}, set()),
    ({path: None for path in CLEAN if path.startswith(PACK)}, {"8688"}),
    ({"PERLODSUMDEC/TINPLD1": "FR00000000001"}, {"8692 PERLODSUMDEC/TINPLD1"}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), BROKEN)
def test_each_rule_is_broken_where_it_says(
    changes: dict[str, str | None], expected: set[str]
) -> None:
    assert found(changes) == expected


@pytest.mark.parametrize(("changes", "expected"), BROKEN)
def test_an_amendment_is_held_to_the_same_rules(
    changes: dict[str, str | None], expected: set[str]
) -> None:
    if not any(path.startswith("CUSOFFLON") for path in changes):
        assert found(changes, "CC313A") == expected


def part_of(at: str) -> list[str]:
    limits = schema("CC315A")
    for step in at.split("/"):
        limits = limits.parts[step]
    return list(limits.parts)


PARTIES = [
    ("TRACONCO1", ("NamCO17", "StrAndNumCO122", "PosCodCO123", "CitCO124", "CouCO125"), "TINCO159", (8120, 8220, 8626)),
    ("TRACONCE1", ("NamCE17", "StrAndNumCE122", "PosCodCE123", "CitCE124", "CouCE125"), "TINCE159", (8125, 8225, 8631)),
    ("NOTPAR670", ("NamNOTPAR672", "StrNumNOTPAR673", "PosCodNOTPAR676", "CitNOTPAR674", "CouCodNOTPAR675"),
     "TINNOTPAR671", (8130, 8230, 8636)),
    ("GOOITEGDS/TRACONCO2", ("NamCO27", "StrAndNumCO222", "PosCodCO223", "CitCO224", "CouCO225"), "TINCO259",
     (8137, 8237, 8641)),
    ("GOOITEGDS/TRACONCE2", ("NamCE27", "StrAndNumCE222", "PosCodCE223", "CitCE224", "CouCE225"), "TINCE259",
     (8142, 8242, 8646)),
    ("GOOITEGDS/PRTNOT640", ("NamPRTNOT642", "StrNumPRTNOT646", "PstCodPRTNOT644", "CtyPRTNOT643", "CouCodGINOT647"),
     "TINPRTNOT641", (8154, 8254, 8651)),
    ("TRACARENT601", ("NamTRACARENT604", "StrNumTRACARENT607", "PstCodTRACARENT606", "CtyTRACARENT603",
                      "CouCodTRACARENT605"), "TINTRACARENT602", (8159, 8259, 8666)),
]  # fmt: skip


@pytest.mark.parametrize(("at", "parts", "tin", "numbers"), PARTIES)
def test_a_party_is_named_by_its_number_or_its_address(
    at: str, parts: tuple[str, ...], tin: str, numbers: tuple[int, int, int]
) -> None:
    bare = {f"{at}/{part}": None for part in parts}
    full = {f"{at}/{part}": "GB" if part == parts[4] else "Example" for part in parts}
    without, foreign, british = numbers

    def of_party(changes: dict[str, str | None]) -> set[str]:
        return {each for each in found(changes) if f" {at}" in f"{each}/" and int(each[:4]) in told}

    told = {first + offset for first in numbers for offset in range(5)}
    language = {
        f"{at}/{name}": "EN"
        for name in part_of(at)
        if name.endswith("LNG") or name.startswith("NADLNG")
    }
    assert of_party(full | {f"{at}/{tin}": None}) == set()
    assert of_party(bare | language | {f"{at}/{tin}": None}) == {
        f"{without + n} {at}" for n in range(5)
    }
    assert of_party(bare | {f"{at}/{tin}": "FR00000000001"}) == {
        f"{foreign + n} {at}" for n in range(5)
    }
    assert of_party(bare | {f"{at}/{tin}": "GB000000000007"}) == set()
    assert of_party(full | {f"{at}/{tin}": "GB000000000007"}) == {
        f"{british + n} {at}/{part}" for n, part in enumerate(parts)
    }


@pytest.mark.parametrize(
    ("at", "names", "number"),
    [
        ("TRAREP", "NamTRE1 StrAndNumTRE1 PosCodTRE1 CitTRE1 CouCodTRE1 TINTRE1", 8656),
        ("PERLODSUMDEC", "NamPLD1 StrAndNumPLD1 PosCodPLD1 CitPLD1 CouCodPLD1 TINPLD1", 8661),
    ],
)
def test_who_lodges_is_named_by_number_alone(at: str, names: str, number: int) -> None:
    *parts, tin = names.split()
    full = {f"{at}/{part}": "GB" if part == parts[4] else "Example" for part in parts}
    expected = {f"{number + n} {at}/{part}" for n, part in enumerate(parts)}
    assert found(full | {f"{at}/{tin}": "GB000000000001"}) == expected


def test_counts_have_their_limits() -> None:
    seals = {f"SEAID529[{n}]/SeaIdSEAID530": "EXAMPLE" for n in range(1, 10_000)}
    assert found(seals) == set()
    assert found(seals | {"SEAID529[10000]/SeaIdSEAID530": "EXAMPLE"}) == {"8617"}
    means = {
        f"GOOITEGDS/IDEMEATRAGI970[{n}]/{name}": text
        for n in range(1, 1001)
        for name, text in (("IdeMeaTraGIMEATRA971", "EXAMPLE"), ("NatIDEMEATRAGI973", "FR"))
    }
    assert found(means | {SHIP: None, LAND: None}) == {"8612 GOOITEGDS"}
    items = {f"GOOITEGDS[{n}]/IteNumGDS7": str(n) for n in range(2, 1001)}
    assert "8611" in found(items | {HEAD + "TotNumOfIteHEA305": "1000"})


def test_every_rule_of_the_catalogue_is_tried_above() -> None:
    tried = {int(each[:4]) for _, expected in BROKEN for each in expected} | {8611, 8612, 8617}
    tried |= {first + offset for *_, numbers in PARTIES for first in numbers for offset in range(5)}
    tried |= {first + offset for first in (8656, 8661) for offset in range(5)}
    assert {rule.number for rule in catalogue()} == tried


def test_a_broken_rule_tells_source_and_condition() -> None:
    (finding,) = broken(read_message(message({HEAD + "TotGroMasHEA307": "1"})))
    assert finding.pointer == "/ie:CC315A[1]/HEAHEA[1]"
    assert finding.source.startswith("TR0812; ")
    assert finding.url
    assert finding.severity == "invalid"


MISFITS = [
    ({}, []),
    ({"PERLODSUMDEC/TINPLD1": None}, ["/ie:CC315A[1]"]),
    ({"MesIdeMES19": "EXAMPLE-THAT-IS-LONG"}, ["/ie:CC315A[1]/MesIdeMES19[1]"]),
    ({"DatOfPreMES9": "261332"}, ["/ie:CC315A[1]/DatOfPreMES9[1]"]),
    ({"MesTypMES20": "CC999A"}, ["/ie:CC315A[1]/MesTypMES20[1]"]),
    ({HEAD + "TotGroMasHEA307": "1.2345"}, ["/ie:CC315A[1]/HEAHEA[1]/TotGroMasHEA307[1]"]),
    ({HEAD + "TotGroMasHEA307": "123456789012"}, ["/ie:CC315A[1]/HEAHEA[1]/TotGroMasHEA307[1]"]),
    ({HEAD + "TotGroMasHEA307": "heavy"}, ["/ie:CC315A[1]/HEAHEA[1]/TotGroMasHEA307[1]"]),
    (
        {HEAD + "TotGroMasHEA307": "1." + "0" * 40 + "1"},
        ["/ie:CC315A[1]/HEAHEA[1]/TotGroMasHEA307[1]"],
    ),
    ({HEAD + "TotGroMasHEA307": "0001.250000"}, []),
    ({HEAD + "Weather": "fine"}, ["/ie:CC315A[1]/HEAHEA[1]/Weather[1]"]),
    ({"PERLODSUMDEC/TINPLD1": " GB1"}, ["/ie:CC315A[1]/PERLODSUMDEC[1]/TINPLD1[1]"]),
    ({"MesSenMES3": "  GB1/0000000001 "}, []),
    ({HEAD + "RefNumHEA4[2]": "AGAIN"}, ["/ie:CC315A[1]/HEAHEA[1]"]),
]


@pytest.mark.parametrize(("changes", "expected"), MISFITS)
def test_what_departs_from_the_schema_is_placed(
    changes: dict[str, str | None], expected: list[str]
) -> None:
    assert [each.pointer for each in misfits(read_message(message(changes)))] == expected


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + message(), "doctype"),
        (message().replace(b"knitted", b"knit\xe2\x80\xaeted"), "unsafe-value"),
        (message().replace(b"ics.dgtaxud.ec/CC315A", b"example.test/CC315A"), "not-a-declaration"),
        (message()[:-5], "not-xml"),
        (message().replace(b"EXAMPLE-TRIP", b"<a>" * 20 + b"</a>" * 20), "too-deep"),
        (message().replace(b"EXAMPLE-TRIP", b"x" * 2_000_000), "too-large"),
    ],
)
def test_hostile_xml_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(MessageError) as refused:
        read_message(data)
    assert refused.value.code == code


def test_many_elements_are_not_compared_each_with_each() -> None:
    """Twelve thousand empty packages and headers by the thousand: minutes, were anything squared."""
    none = b"<PACGS2><KinOfPacGS23>PK</KinOfPacGS23><NumOfPacGS24>0</NumOfPacGS24></PACGS2>"
    data = message().replace(b"</GOOITEGDS>", none * 10_000 + b"</GOOITEGDS>")
    assert sum(each.rule == "8153" for each in broken(read_message(data))) == 10_000
    many = message(NOTIFY).replace(
        b"<GOOITEGDS>", b"<NOTPAR670/><GOOITEGDS/>" * 20_000 + b"<GOOITEGDS>"
    )
    assert sum(each.rule == "8619" for each in broken(read_message(many))) == 20_001
