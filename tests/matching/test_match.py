"""Three documents against the declaration: each comparison, lateness, parts, and what holds for any records."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique import cli, matching, messages
from pratique.errors import LawError, MessageError
from pratique.matching import match, read_rules, shipped_rules
from pratique.messages.records import records_of
from pratique.model.declaration import Declaration
from pratique.model.money import Money
from pratique.model.records import LogisticsRecord, OrderedLine, OrderRecord, PaymentRecord, Records

EXAMPLES = Path(__file__).parent.parent.parent / "examples/three-documents"
NOW = datetime(2026, 11, 25, 20, tzinfo=UTC)
LODGED = datetime(2026, 11, 25, 8, tzinfo=UTC)


def example(name: str) -> bytes:
    return (EXAMPLES / f"{name}.json").read_bytes()


DECLARATION = messages.parse(example("declaration"))
(ORDER,) = records_of(example("order"), OrderRecord)
(PAYMENT,) = records_of(example("payment"), PaymentRecord)
(LOGISTICS,) = records_of(example("logistics"), LogisticsRecord)
RECORDS = Records(orders=(ORDER,), payments=(PAYMENT,), logistics=(LOGISTICS,))
replace = msgspec.structs.replace


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def matched(
    declaration: Declaration = DECLARATION, records: Records = RECORDS, now: datetime = NOW
) -> matching.MatchResult:
    return match(declaration, records, now=now)


def with_order(**changes: Any) -> Records:
    return replace(RECORDS, orders=(replace(ORDER, **changes),))


def with_payment(**changes: Any) -> Records:
    return replace(RECORDS, payments=(replace(PAYMENT, **changes),))


def with_logistics(**changes: Any) -> Records:
    return replace(RECORDS, logistics=(replace(LOGISTICS, **changes),))


def test_three_documents_that_agree_but_for_two_grams_in_a_hundred_are_within() -> None:
    result = matched()
    assert result.code == "WITHIN"
    assert {each.rule: each.outcome for each in result.compared if each.outcome != "agree"} == {
        "M303": "within"
    }
    assert result.findings == ()
    assert len(result.compared) == len(shipped_rules().comparisons)


@pytest.mark.parametrize(
    ("rule", "records"),
    [
        ("M101", with_order(number="O-78")),
        ("M102", with_order(total=cny("241.21"))),
        ("M102", with_order(total=cny("238.79"))),
        ("M102", with_order(total=Money(Decimal("240.00"), "USD"))),
        ("M103", with_order(lines=(OrderedLine(quantity=Decimal(3)),))),
        ("M104", with_order(buyer_name="Another Buyer")),
        ("M105", with_order(buyer_id="EX-000-2")),
        ("M201", with_payment(reference="P-8")),
        ("M202", with_payment(amount=cny("258.00"))),
        ("M203", with_payment(amount=cny("258.00"))),
        ("M204", with_payment(payer_id="EX-000-2")),
        ("M205", with_payment(payer_name="Another Buyer")),
        ("M206", with_payment(order="O-78")),
        ("M207", with_payment(paid_at=datetime(2026, 11, 24, 18, 59, tzinfo=UTC))),
        ("M301", with_logistics(parcel="RA473124815DE")),
        ("M302", with_logistics(order="O-78")),
        ("M303", with_logistics(gross_mass_kg=Decimal("0.88"))),
        ("M304", with_logistics(destination="HK")),
        ("M305", with_logistics(consignee_name="Another Buyer")),
        ("M306", with_logistics(shipped_at=datetime(2026, 11, 24, 18, tzinfo=UTC))),
    ],
)
def test_each_contradiction_is_told_by_its_rule_with_a_source(rule: str, records: Records) -> None:
    result = matched(records=records)
    assert result.code == "CONTRADICTED"
    (found,) = [each for each in result.findings if each.rule == rule]
    assert found.source
    assert found.hint
    assert found.pointer


def test_every_comparison_can_contradict() -> None:
    tried = test_each_contradiction_is_told_by_its_rule_with_a_source.pytestmark[0].args[1]
    assert {rule for rule, _ in tried} == {each.id for each in shipped_rules().comparisons}


@pytest.mark.parametrize(
    ("amount", "outcome"),
    [
        ("240.00", "agree"),
        ("241.20", "within"),
        ("241.21", "differ"),
        ("238.80", "within"),
        ("238.79", "differ"),
    ],
)
def test_the_tolerance_of_the_price_ends_where_it_says(amount: str, outcome: str) -> None:
    result = matched(records=with_order(total=cny(amount)))
    assert {each.rule: each.outcome for each in result.compared}["M102"] == outcome


@pytest.mark.parametrize(
    ("theirs", "agrees"),
    [
        ("buyer EXAMPLE", True),
        ("Exámple Buyer", True),
        ("Example-Buyer", True),
        ("Example Buyers", False),
        ("Example", False),
    ],
)
def test_names_agree_by_their_words_alone(theirs: str, agrees: bool) -> None:
    result = matched(records=with_payment(payer_name=theirs))
    assert ({each.rule: each.outcome for each in result.compared}["M205"] == "agree") is agrees


def test_personal_data_are_in_no_reason() -> None:
    records = replace(
        with_order(buyer_name="Secret Canary", buyer_id="CANARY-1"),
        payments=(replace(PAYMENT, payer_name="Canary Two", payer_id="CANARY-2"),),
        logistics=(replace(LOGISTICS, consignee_name="Third Canary"),),
    )
    told = msgspec.json.encode(matched(records=records)).decode().lower()
    assert "canary" not in told
    assert "example buyer" not in told


def test_what_one_side_does_not_say_is_unknown_and_the_document_partial() -> None:
    result = matched(records=with_order(total=None, lines=()))
    by_document = {each.document: each.code for each in result.documents}
    assert by_document == {"order": "PARTIAL", "payment": "PARTIAL", "logistics": "WITHIN"}
    assert result.code == "PARTIAL"
    assert result.findings == ()


def test_an_order_paid_in_two_payments_is_their_sum() -> None:
    halves = tuple(
        replace(PAYMENT, reference=reference, amount=cny("130.00")) for reference in ("P-9", "P-10")
    )
    outcomes = {
        each.rule: each.outcome
        for each in matched(records=replace(RECORDS, payments=halves)).compared
    }
    assert (outcomes["M201"], outcomes["M202"], outcomes["M203"]) == ("agree",) * 3
    mixed = (halves[0], replace(halves[1], amount=Money(Decimal("130.00"), "USD")))
    outcomes = {
        each.rule: each.outcome
        for each in matched(records=replace(RECORDS, payments=mixed)).compared
    }
    assert outcomes["M202"] == "unknown"


def test_part_of_an_order_is_no_contradiction_while_another_parcel_holds_the_rest() -> None:
    whole = replace(
        ORDER,
        total=cny("480.00"),
        lines=(OrderedLine(quantity=Decimal(4)),),
    )
    paid = replace(PAYMENT, amount=cny("500.00"))
    declared = replace(DECLARATION, payment=None)
    one = Records(orders=(whole,), payments=(paid,), logistics=(LOGISTICS,))
    assert matched(declared, one).code == "CONTRADICTED"
    second = replace(LOGISTICS, parcel="RA473124815DE")
    both = replace(one, logistics=(LOGISTICS, second))
    result = matched(declared, both)
    assert {each.rule: each.outcome for each in result.compared}["M102"] == "part"
    assert {each.document: each.code for each in result.documents}["order"] == "PART"
    more = replace(both, orders=(replace(whole, total=cny("100.00")),))
    assert {each.rule: each.outcome for each in matched(declared, more).compared}[
        "M102"
    ] == "differ"


def test_a_parcel_of_nobody_knows_which_order_excuses_nothing() -> None:
    whole = replace(ORDER, total=cny("480.00"), lines=(OrderedLine(quantity=Decimal(4)),))
    stray = replace(LOGISTICS, parcel="RA473124815DE", order="")
    records = replace(RECORDS, orders=(whole,), logistics=(LOGISTICS, stray))
    assert {each.rule: each.outcome for each in matched(records=records).compared}[
        "M102"
    ] == "differ"


def test_transport_that_is_not_stated_is_not_taken_for_free() -> None:
    outcomes = {
        each.rule: each.outcome for each in matched(records=with_order(freight=None)).compared
    }
    assert outcomes["M202"] == "unknown"


def test_a_consignee_is_not_taken_for_the_buyer() -> None:
    parties = (replace(DECLARATION.parties[0], roles=("consignee",)),)
    result = matched(replace(DECLARATION, parties=parties), with_order(buyer_name="Another Buyer"))
    assert {each.rule: each.outcome for each in result.compared}["M104"] == "unknown"


@pytest.mark.parametrize(
    ("after", "code", "findings"),
    [
        (timedelta(hours=24), "AWAITED", set()),
        (timedelta(hours=24, seconds=1), "MISSING", {"M401", "M402"}),
        (timedelta(hours=72), "MISSING", {"M401", "M402"}),
        (timedelta(hours=72, seconds=1), "MISSING", {"M401", "M402", "M403"}),
    ],
)
def test_records_are_awaited_until_their_hour_and_missing_after(
    after: timedelta, code: str, findings: set[str]
) -> None:
    result = matched(records=Records(), now=LODGED + after)
    assert result.code == code
    assert {each.rule for each in result.findings} == findings


def test_a_late_record_that_agrees_is_late_and_a_note() -> None:
    result = matched(records=with_order(received_at=LODGED + timedelta(hours=25)))
    assert result.code == "LATE"
    assert [(each.rule, each.severity) for each in result.findings] == [("M401", "note")]
    contradicting = with_order(received_at=LODGED + timedelta(hours=25), number="O-1")
    assert matched(records=contradicting).code == "CONTRADICTED"


def test_without_a_moment_of_lodgement_or_receipt_lateness_is_not_claimed() -> None:
    unlodged = replace(DECLARATION, lodged_at=None)
    assert matched(unlodged).code == "WITHIN"
    assert matched(unlodged, Records()).code == "MISSING"
    assert matched(records=with_order(received_at=None)).code == "WITHIN"


def test_every_entry_is_dated_and_cited() -> None:
    rules = shipped_rules()
    for each in (*rules.comparisons, *rules.deadlines, *rules.results.values()):
        assert each.source
        assert each.seen <= date(2026, 11, 25)
    ids = [each.id for each in (*rules.comparisons, *rules.deadlines)]
    assert len(ids) == len(set(ids))


def test_before_its_first_day_there_is_no_rule() -> None:
    with pytest.raises(LawError, match="2026-11-24"):
        match(DECLARATION, RECORDS, now=NOW, on=date(2026, 11, 24))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"declaration.goods_total"', '"declaration.nothing"'),
        ("relative = 0.005", "relative = 1.5"),
        ("[result.LATE]", "[result.TARDY]"),
        ("severity = ", "gravity = "),
        ("[[comparison]]", "[[comparison"),
        ("from = 2026-11-25", 'from = "soon"'),
    ],
)
def test_rules_that_cannot_be_trusted_are_refused(old: str, new: str) -> None:
    text = Path(matching.__file__).with_name("three_documents.toml").read_text("utf-8")
    assert old in text
    with pytest.raises(LawError, match="own"):
        read_rules(text.replace(old, new).encode(), "own.toml")


AMOUNTS = st.decimals(0, 5000, places=2).map(lambda amount: Money(amount, "CNY"))
MOMENTS = st.none() | st.datetimes(datetime(2026, 11, 24), datetime(2026, 11, 30)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
NAMES = st.sampled_from(["", "Example Buyer", "Another Buyer"])
ORDERS = st.builds(
    OrderRecord,
    number=st.sampled_from(["O-77", "O-78"]),
    received_at=MOMENTS,
    placed_at=MOMENTS,
    buyer_name=NAMES,
    total=st.none() | AMOUNTS,
)
PAYMENTS = st.builds(
    PaymentRecord,
    reference=st.sampled_from(["P-9", "P-10"]),
    received_at=MOMENTS,
    order=st.sampled_from(["", "O-77", "O-78"]),
    payer_name=NAMES,
    amount=st.none() | AMOUNTS,
)
PARCELS = st.builds(
    LogisticsRecord,
    parcel=st.sampled_from(["RA473124829DE", "RA473124815DE"]),
    received_at=MOMENTS,
    order=st.sampled_from(["", "O-77", "O-78"]),
    gross_mass_kg=st.none() | st.decimals(0, 5, places=3),
    destination=st.none() | st.just("CN"),
)
ANY = st.builds(
    Records,
    orders=st.lists(ORDERS, max_size=3).map(tuple),
    payments=st.lists(PAYMENTS, max_size=3).map(tuple),
    logistics=st.lists(PARCELS, max_size=3).map(tuple),
)
GRAVITY = [
    each for each, _ in sorted(shipped_rules().results.items(), key=lambda each: each[1].rank)
]


@settings(max_examples=200, deadline=None)
@given(ANY, st.integers(0, 100).map(lambda hours: LODGED + timedelta(hours=hours)))
def test_whatever_comes_in_whatever_order_the_answer_is_one_and_sound(
    records: Records, now: datetime
) -> None:
    result = matched(records=records, now=now)
    for orders, payments in itertools.product(
        itertools.permutations(records.orders), itertools.permutations(records.payments)
    ):
        turned = Records(orders=orders, payments=payments, logistics=records.logistics[::-1])
        again = matched(records=turned, now=now)
        assert [(each.rule, each.outcome) for each in again.compared] == [
            (each.rule, each.outcome) for each in result.compared
        ]
        assert (again.code, again.documents) == (result.code, result.documents)
    assert result.code == max((each.code for each in result.documents), key=GRAVITY.index)
    differing = {each.rule for each in result.compared if each.outcome == "differ"}
    assert differing == {each.rule for each in result.findings if each.rule < "M4"}
    assert (result.code == "CONTRADICTED") is bool(differing)
    if result.code in ("MATCHED", "WITHIN"):
        assert all(each.outcome in ("agree", "within") for each in result.compared)
        assert all((records.orders, records.payments, records.logistics))


@settings(max_examples=200, deadline=None)
@given(st.decimals(0, 10**9, places=2), st.decimals(0, 10**9, places=2))
def test_the_tolerance_is_the_same_from_either_side(ours: Decimal, theirs: Decimal) -> None:
    def outcome(declared: Decimal, ordered: Decimal) -> str:
        items = (replace(DECLARATION.consignment.items[0], price=Money(declared, "CNY")),)
        declaration = replace(
            DECLARATION, consignment=replace(DECLARATION.consignment, items=items)
        )
        records = with_order(total=Money(ordered, "CNY"))
        return {each.rule: each.outcome for each in matched(declaration, records).compared}["M102"]

    assert outcome(ours, theirs) == outcome(theirs, ours)
    assert (outcome(ours, theirs) == "agree") is (ours == theirs)


def order(change: Callable[[dict[str, Any]], None]) -> bytes:
    document = json.loads(example("order"))
    change(document)
    return json.dumps(document).encode()


HOSTILE = {
    "empty": b"",
    "no JSON": b"<order/>",
    "a number": b"7",
    "an empty list": b"[]",
    "a list of texts": b'["O-77"]',
    "too many": b"[" + b",".join([b'{"number":"O"}'] * 1001) + b"]",
    "duplicate key": b'{"number":"O-77","number":"O-78"}',
    "NaN": b'{"number":"O","total":{"amount":NaN,"currency":"CNY"}}',
    "float": b'{"number":"O","total":{"amount":240.0,"currency":"CNY"}}',
    "exponent": b'{"number":"O","total":{"amount":"1e9","currency":"CNY"}}',
    "no number": order(lambda o: o.pop("number")),
    "an unknown element": order(lambda o: o.update(colour="red")),
    "a moment without its offset": order(lambda o: o.update(placed_at="2026-11-24T20:00:00")),
    "a hidden character": order(lambda o: o.update(number="O\u202e77")),
    "a number of 71 characters": order(lambda o: o.update(number="7" * 71)),
    "deep": b'{"number":' + b"[" * 200 + b"]" * 200 + b"}",
    "not UTF-8": b'{"number":"\xff"}',
    "zipped": b"PK\x03\x04",
    "huge": b'{"number":"' + b"7" * 1_100_000 + b'"}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_records_are_refused_with_a_typed_error(name: str) -> None:
    with pytest.raises(MessageError) as refused:
        records_of(HOSTILE[name], OrderRecord)
    assert refused.value.faults
    assert all(each.message for each in refused.value.faults)


def test_faults_of_a_list_say_which_record() -> None:
    with pytest.raises(MessageError) as refused:
        records_of(b'[{"number":"O"},{"number":""}]', OrderRecord)
    assert [each.pointer for each in refused.value.faults] == ["/1/number"]


def test_the_command_prints_the_match_and_tells_a_script(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["match", str(EXAMPLES / "declaration.json"), "--at", "2026-11-25T20:00:00Z"]
    for name in ("order", "payment"):
        words += [f"--{name}", str(EXAMPLES / f"{name}.json")]
    assert cli.main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["code"] == "AWAITED"
    assert cli.main([*words, "--logistics", str(EXAMPLES / "logistics.json")]) == 0
    assert "WITHIN" in capsys.readouterr().out
    assert cli.main([*words, "--at", "2026-11-29T00:00:00Z"]) == 1
    assert cli.main([*words, "--at", "yesterday"]) == cli.USAGE
