"""Every check fires on its case and stays silent on a sound declaration."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pratique import checks
from pratique.checks.description import hint_for
from pratique.checks.identifiers import (
    is_air_waybill,
    is_arn,
    is_eori,
    is_exchange_office,
    is_gtin,
    is_mrn,
    is_party_number,
    is_personal_customs_code,
    is_receptacle,
    is_s10,
    is_scheme_number,
    is_voec,
)
from pratique.jurisdictions import shipped
from pratique.model.declaration import (
    Address,
    Consignment,
    Declaration,
    Document,
    GoodsItem,
    Invoice,
    Listing,
    Measure,
    Order,
    OrderLine,
    Packaging,
    Parcel,
    Party,
    PartyId,
    Payment,
    ReturnedGoods,
    SchemeNumber,
    Transport,
)
from pratique.model.money import Money
from tests.support.declarations import declarations

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
D = Decimal


def eur(amount: str) -> Money:
    return Money(D(amount), "EUR")


SOUND = Declaration(
    id="A1",
    destination="DE",
    dispatch_country="CN",
    lodged_at=NOW,
    schemes=(SchemeNumber(kind="IOSS", number="IM3720000224"),),
    parties=(
        Party(roles=("seller",), name="Example Seller", address=Address(country="CN")),
        Party(
            roles=("consignee",),
            name="Example Buyer",
            address=Address(
                line="1 Example Street", city="Exampleville", postcode="1", country="DE"
            ),
        ),
    ),
    consignment=Consignment(
        items=(
            GoodsItem(
                description="cotton T-shirt with print",
                hs_code="610910",
                origin="CN",
                quantity=D(2),
                price=eur("12.00"),
                unit_price=eur("6.00"),
                net_mass_kg=D("0.30"),
                gross_mass_kg=D("0.35"),
            ),
        ),
        parcels=(Parcel(id="LX473124829CN"),),
        gross_mass_kg=D("0.4"),
        transport=Transport(
            mode="5", departs_at=NOW + timedelta(hours=8), arrives_at=NOW + timedelta(hours=20)
        ),
    ),
    order=Order(number="O1", total=eur("15.00")),
)


def set_in(value: Any, path: str, new: Any) -> Any:
    """A copy with the element at a dotted path replaced; numbers are places in a tuple."""
    head, _, rest = path.partition(".")
    if head.isdigit():
        inner = set_in(value[int(head)], rest, new) if rest else new
        return (*value[: int(head)], inner, *value[int(head) + 1 :])
    inner = set_in(getattr(value, head), rest, new) if rest else new
    return msgspec.structs.replace(value, **{head: inner})


ITEM = "consignment.items.0"
CASES: list[tuple[str, str, Any]] = [
    ("C101", f"{ITEM}.description", " "),
    ("C102", f"{ITEM}.price", None),
    ("C103", f"{ITEM}.origin", None),
    ("C104", "parties", (SOUND.parties[0],)),
    ("C105", "parties", (SOUND.parties[1],)),
    ("C106", "consignment", msgspec.structs.replace(SOUND.consignment, gross_mass_kg=None, items=(
        GoodsItem(description="cotton shirt", hs_code="610910", origin="CN", price=eur("5")),))),
    ("C107", "consignment.parcels", ()),
    ("C108", "dispatch_country", None),
    ("C109", "parties.1.address", None),
    ("C201", "destination", "ZQ"),
    ("C201", f"{ITEM}.origin", "UK"),
    ("C202", f"{ITEM}.price", Money(D(5), "DEM")),
    ("C203", f"{ITEM}.hs_code", "990199"),
    ("C204", f"{ITEM}.hs_code", "6109"),
    ("C205", f"{ITEM}.unit", "ZZZ"),
    ("C205", f"{ITEM}.supplementary", (Measure(value=D(1), unit="ZZZ"),)),
    ("C206", "consignment.incoterm", "ABC"),
    ("C207", f"{ITEM}.price", eur("-1")),
    ("C301", "consignment.parcels", (Parcel(id="LX473124820CN"),)),
    ("C302", "consignment.transport", Transport(mode="4", master_waybill="020-12345678")),
    ("C303", "schemes", (SchemeNumber(kind="IOSS", number="IM1"),)),
    ("C304", "parties.0.ids", (PartyId(kind="EORI", number="1234"),)),
    ("C305", f"{ITEM}.listing", Listing(gtin="4006381333930")),
    ("C306", "consignment.transport", Transport(receptacle="SHORT")),
    ("C307", "consignment.transport", Transport(containers=("CSQU3054380",))),
    ("C208", "consignment.parcels.0.package_type", "!!"),
    ("C208", f"{ITEM}.packaging", (Packaging(type="!!"),)),
    ("C209", f"{ITEM}.dangerous_goods", "9999"),
    ("C210", "consignment.transport.mode", "0"),
    ("C308", "mrn", "24SE"),
    ("C309", "consignment.transport.origin_office", "UKPEKA"),
    ("C401", f"{ITEM}.description", "gift"),
    ("C402", f"{ITEM}.description", "610910"),
    ("C403", f"{ITEM}.description", "cott\ufffdn T-shirt"),
    ("C404", f"{ITEM}.description", "c\u043etton T-shirt"),
    ("C404", "parties.1.name", "Ex\u0430mple Buyer"),
    ("C501", f"{ITEM}.price", eur("0")),
    ("C502", "consignment.items", (msgspec.structs.replace(
        SOUND.consignment.items[0], price=eur("1"), unit_price=None, quantity=D(1)),)),
    ("C503", f"{ITEM}.quantity", D("1.5")),
    ("C504", f"{ITEM}.net_mass_kg", D("0.36")),
    ("C505", "consignment.gross_mass_kg", D("0.2")),
    ("C506", "consignment.gross_mass_kg", D("60")),
    ("C507", "consignment.transport", Transport(arrives_at=NOW - timedelta(hours=1))),
    ("C508", "consignment.transport", Transport(mode="4", departs_at=NOW - timedelta(hours=1))),
    ("C509", "consignment.transport", Transport(departs_at=NOW + timedelta(2), arrives_at=NOW + timedelta(1))),
    ("C510", "lodged_at", NOW + timedelta(days=40)),
    ("C511", "consignment.parcels.0.length_cm", D(500)),
    ("C512", "consignment.transport.departs_at", NOW + timedelta(days=400)),
    ("C512", "consignment.transport.arrives_at", NOW + timedelta(days=181, hours=9)),
    ("C513", f"{ITEM}.documents", (Document(type="C644", valid_until=date(2026, 6, 1)),)),
    ("C513", "documents", (Document(type="N380", issued_on=date(2026, 8, 1)),)),
    ("C514", f"{ITEM}.net_mass_kg", D(900)),
    ("C515", f"{ITEM}.price", eur("100000.00")),
    ("C516", f"{ITEM}.quantity", D(90_000)),
    ("C517", f"{ITEM}.quantity", D(20_000)),
    ("C518", "parties.1.name", "N/A"),
    ("C518", "parties.1.address.line", "---"),
    ("C518", "parties.1.address.city", "xxxx"),
    ("C519", f"{ITEM}.duty_rate", D(12)),
    ("C520", "consignment.parcels", (
        Parcel(id="LX473124829CN", gross_mass_kg=D("0.4"), length_cm=D(1), width_cm=D(1), height_cm=D(1)),)),
    ("C601", "consignment.items", (SOUND.consignment.items[0], msgspec.structs.replace(
        SOUND.consignment.items[0], price=Money(D(1), "USD"), unit_price=None))),
    ("C602", f"{ITEM}.unit_price", eur("7.00")),
    ("C603", "order.total", eur("11.00")),
    ("C604", "flow", "c2c"),
    ("C605", "consignment.parcels", (Parcel(id="LX473124829CN"),) * 2),
    ("C606", f"{ITEM}.parcel", "elsewhere"),
    ("C607", "schemes", (*SOUND.schemes, SchemeNumber(kind="IOSS", number="IM3720000013"))),
    ("C608", "dispatch_country", "DE"),
    ("C609", "parties.1.address.country", "FR"),
    ("C610", "payment", Payment(reference="P", amount=eur("3.00"))),
    ("C611", "consignment.transport", Transport(
        receptacle="GBASFZMLBKONAUN30001001019999", origin_office="GBLHRA")),
    ("C612", "dispatch_country", "HK"),
    ("C613", f"{ITEM}.origin", "DE"),
    ("C614", "parties.1.type", "company"),
    ("C615", "consignment.parcels.0.id", "1Z999AA10123456784"),
    ("C616", "consignment.packages", 0),
    ("C617", "consignment.parcels.0.gross_mass_kg", D(2)),
    ("C618", "order.lines", (OrderLine(price=eur("9.00")), OrderLine(price=eur("9.00")))),
    ("C619", "invoice", Invoice(total=eur("11.00"))),
    ("C620", "consignment.items", SOUND.consignment.items * 2),
    ("C621", "parties", (*SOUND.parties, Party(roles=("consignee",), name="Another Buyer"))),
    ("C622", "consignment.discount", eur("13.00")),
    ("C623", "returned_goods", ReturnedGoods(parcel="LX473124829CN")),
    ("C624", "order.placed_at", NOW + timedelta(days=2)),
]  # fmt: skip


FULL = msgspec.structs.replace(
    SOUND,
    mrn="24SE0123456789ABCD",
    invoice=Invoice(number="I1", issued_on=date(2026, 6, 30), total=eur("15.00")),
    payment=Payment(reference="P1", amount=eur("15.00"), paid_at=NOW - timedelta(hours=2)),
    order=Order(
        number="O1",
        placed_at=NOW - timedelta(hours=3),
        total=eur("15.00"),
        lines=(OrderLine(quantity=D(2), price=eur("12.00")), OrderLine(price=eur("3.00"))),
    ),
    documents=(Document(type="N380", issued_on=date(2026, 6, 30), valid_until=date(2026, 7, 1)),),
    consignment=msgspec.structs.replace(
        SOUND.consignment,
        items=(
            msgspec.structs.replace(
                SOUND.consignment.items[0],
                packaging=(Packaging(type="BG", count=1),),
                dangerous_goods="3481",
                duty_rate=D("0.12"),
                supplementary=(Measure(value=D(2), unit="C62"),),
            ),
        ),
        parcels=(
            Parcel(id="LX473124829CN", gross_mass_kg=D("0.4"), length_cm=D(30), width_cm=D(20), height_cm=D(2),
                   package_type="BG"),
        ),
        packages=1,
        discount=eur("1.00"),
        transport=Transport(
            mode="5",
            departs_at=NOW + timedelta(hours=8),
            arrives_at=NOW + timedelta(hours=20),
            receptacle="GBASFZMLBKONAUN30001001019999",
            origin_office="GBASFZ",
            destination_office="MLBKON",
            routing=("CN", "MN", "DE"),
        ),
    ),
)  # fmt: skip
"""As sound, with every element some check looks at."""


def rules_found(declaration: Declaration) -> set[str]:
    return {finding.rule for finding in checks.run(declaration, now=NOW)}


@pytest.mark.parametrize("declaration", [SOUND, FULL], ids=["sound", "full"])
def test_a_sound_declaration_has_no_findings(declaration: Declaration) -> None:
    assert checks.run(declaration, now=NOW) == ()


def test_findings_come_in_the_order_of_their_ids() -> None:
    odd = set_in(set_in(FULL, f"{ITEM}.origin", None), "dispatch_country", "DE")
    found = [each.rule for each in checks.run(set_in(odd, f"{ITEM}.price", eur("0")), now=NOW)]
    assert len(set(found)) > 3
    assert found == sorted(found)


@pytest.mark.parametrize(("rule", "path", "value"), CASES, ids=[f"{r} {p}" for r, p, _ in CASES])
def test_each_check_fires_on_its_case(rule: str, path: str, value: Any) -> None:
    assert rule in rules_found(set_in(SOUND, path, value))


def test_every_check_has_a_case_a_sentence_and_a_source() -> None:
    assert {each.id for each in checks.catalogue()} == {rule for rule, _, _ in CASES}
    for each in checks.catalogue():
        assert each.sentence
        assert each.source
        assert each.sentence[0].isupper()


def test_a_finding_says_where_and_what() -> None:
    (finding,) = checks.run(set_in(SOUND, f"{ITEM}.description", "parts"), now=NOW)
    assert finding.pointer == "/consignment/items/0/description"
    assert "brake pads" in finding.message


def test_what_the_law_requires_under_a_regime_is_asked_for() -> None:
    law = shipped().law_in_force("DE", NOW.date())
    bare = set_in(SOUND, f"{ITEM}.hs_code", None)
    found = checks.run(bare, now=NOW, requirements=law.requirements, regime="ioss")
    assert any(each.pointer.endswith("/hs_code") and each.severity == "missing" for each in found)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (is_s10, ["RR473124829GB", "LX473124829CN", "EE000000005AA"], ["RR473124820GB", "RR473124829ZQ", "RR47312482GB", "rr473124829gb"]),
        (is_air_waybill, ["02012345675", "020-12345675"], ["02012345676", "0201234567", "ABC12345675"]),
        (is_voec, ["2012345"], ["1012345", "201234", "20123456", "2O12345"]),
        (is_arn, ["300012345678", "51824753556"], ["3000123456789", "51824753557"]),
        (is_personal_customs_code, ["P123456789012"], ["P12345678901", "Q123456789012"]),
        (is_eori, ["GB553202734852", "DE1234567"], ["553202734852", "gb553202734852", "GB" + "1" * 16]),
        (is_mrn, ["24SE0123456789ABCD"], ["24SE0123456789ABC", "24QQ0123456789abcd"]),
        (is_exchange_office, ["GBASFZ", "MLBKON"], ["GBASF", "gbasfz", "UKASFZ", "GBASF1"]),
        (is_receptacle, ["GBASFZMLBKONAUN30001001019999"], ["GBASFZ", "GBASFZMLBKONAUN3000100101999X"]),
        (is_gtin, ["4006381333931", "96385074"], ["4006381333930", "12"]),
    ],
)  # fmt: skip
def test_identifiers(check: Callable[[str], bool], good: list[str], bad: list[str]) -> None:
    assert [number for number in good if not check(number)] == []
    assert [number for number in bad if check(number)] == []


@pytest.mark.parametrize(
    ("kind", "number", "right"),
    [
        ("IOSS", "IM3720000224", True),
        ("IOSS", "EU372022452", False),
        ("GBVAT", "GB999999973", True),
        ("GBVAT", "GB999999974", False),
        ("ABN", "51824753556", True),
        ("SOMETHING", "new", True),
    ],
)
def test_scheme_numbers(kind: str, number: str, right: bool) -> None:
    assert is_scheme_number(kind, number) is right


def test_party_numbers_of_unknown_registers_are_left_alone() -> None:
    assert is_party_number("XYZ", "anything")
    assert not is_party_number("PCCC", "anything")


@pytest.mark.parametrize(
    "text",
    [
        "gift",
        "Gift!",
        "3 gifts",
        "CLOTHES",
        "parts, accessories",
        "sample of goods",
        "regalo",
        "礼物",
        "12.00",
        "...",
        "car accessories",
        "black, size 12",
        "pink, king",
        "12-18 months",
        "1kg",
        "4 pack",
        "YSH15000",
        "GDS",
        "steel",
        "mixed goods, no commercial value",
    ],
)
def test_vague_descriptions_get_a_hint(text: str) -> None:
    assert hint_for(text)


@pytest.mark.parametrize(
    "text",
    [
        "gift: silk scarf",
        "brake parts for bicycles",
        "cotton T-shirt",
        "LED lamp",
        "glass bottle",
        "leather bag",
        "black shoes",
        "DVD",
        "USB-C cable 2m for phones",
        "men's cotton trousers, navy, size 32",
        "Ersatzakku für Bohrmaschine",
        "chaussettes en laine",
        "подарочная кружка из фарфора",
    ],
)
def test_telling_descriptions_pass(text: str) -> None:
    assert hint_for(text) is None


@settings(max_examples=200, deadline=None)
@given(
    text=st.text(max_size=60),
    country=st.text(min_size=2, max_size=2),
    number=st.text(min_size=1, max_size=35),
    moment=st.datetimes(timezones=st.just(UTC)),
    amount=st.decimals(-1000, 10**9, places=3),
)
def test_no_declaration_makes_a_check_raise(text, country, number, moment, amount) -> None:
    odd = set_in(SOUND, f"{ITEM}.description", text)
    odd = set_in(odd, f"{ITEM}.hs_code", number[:14])
    odd = set_in(odd, f"{ITEM}.origin", country)
    odd = set_in(odd, f"{ITEM}.price", Money(amount, "EUR"))
    odd = set_in(odd, "destination", country)
    odd = set_in(odd, "lodged_at", moment)
    odd = set_in(odd, "consignment.parcels", (Parcel(id=number),))
    odd = set_in(
        odd,
        "schemes",
        (SchemeNumber(kind="IOSS", number=number), SchemeNumber(kind="NZGST", number=number)),
    )
    odd = set_in(
        odd,
        "parties.0.ids",
        tuple(PartyId(kind=k, number=number) for k in ("EORI", "VAT", "ABN", "PCCC")),
    )
    odd = set_in(
        odd,
        "consignment.transport",
        Transport(containers=(number,), receptacle=number[:29], master_waybill=number),
    )
    for finding in checks.run(odd, now=NOW):
        assert finding.message


EVER = st.sampled_from([datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), NOW])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(declarations(), EVER, EVER)
def test_whatever_the_model_allows_is_checked(
    declaration: Declaration, one: datetime, other: datetime
) -> None:
    odd = msgspec.structs.replace(
        declaration,
        lodged_at=one,
        order=Order(number="O", placed_at=other),
        consignment=msgspec.structs.replace(
            declaration.consignment, transport=Transport(mode="4", departs_at=one, arrives_at=other)
        ),
    )
    for each in (declaration, odd):
        for finding in checks.run(each, now=NOW):
            assert finding.message
            assert finding.pointer.startswith("/")
