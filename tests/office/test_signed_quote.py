"""Quotes that bind: what is signed, what is refused, and what is said when the later assessment differs."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import MessageError, NoRuleInForceError, PratiqueError, SealError, UsageError
from pratique.exchange import seal
from pratique.jurisdictions import Library, shipped
from pratique.model.declaration import Declaration
from pratique.model.evidence import Evidence, ExchangeRate
from pratique.model.money import Money
from pratique.office.compare_quote import Comparison, compare_quote, compared_json
from pratique.office.desk import Desk
from pratique.office.quote import QuoteLine, QuoteRequest, declaration_of, quote
from pratique.office.signed_quote import TYPE, read_quote, sign_quote, verify_quote, written

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
ON = date(2025, 3, 1)
REQUEST = QuoteRequest(
    destination="GB", dispatch_country="CN", on=ON, currency="USD", freight=Decimal("5.00"),
    rates={"USD": Decimal("0.8")},
    lines=(
        QuoteLine(value=Decimal("220.00"), hs="610910", origin="CN", duty=Decimal("0.12"), what="shirt"),
        QuoteLine(value=Decimal("40.00"), hs="640399", origin="CN", duty=Decimal("0.08"), what="shoes"),
    ),
)  # fmt: skip


def document(
    request: QuoteRequest = REQUEST, desk: Desk | None = None, **more: Any
) -> dict[str, Any]:
    return sign_quote(request, desk or Desk(), KEY, now=NOW, **more)


def verified(found: dict[str, Any] | bytes, now: datetime = NOW, library: Library | None = None):
    data = found if isinstance(found, bytes) else written(found)
    return verify_quote(data, PUBLIC, library or shipped(), now=now)


def test_what_is_signed_is_all_that_is_needed_to_reckon_again() -> None:
    found = verified(document())
    assert found.is_confirmed
    assert found.digest_here == found.quote.law.digest == shipped().law_in_force("GB", ON).digest
    assert found.quote.request == REQUEST
    assert found.quote.answer["totals"]["total"] == str(quote(REQUEST, Desk()).total())
    assert [(each.currency, each.rate) for each in found.quote.rates] == [("USD", Decimal("0.8"))]


def test_rates_at_hand_are_signed_and_not_needed_later() -> None:
    rate = ExchangeRate(
        currency="USD", home="GBP", rate=Decimal("0.79123456789"), source="bank, that day"
    )
    request = msgspec.structs.replace(REQUEST, rates={})
    found = verified(document(request, Desk(evidence=Evidence(rates=(rate,)))))
    assert found.quote.rates == (rate,)
    assert found.is_confirmed
    assert found.quote.answer["needs_human"] == []


def test_an_answer_that_is_partly_unknown_is_signed_as_such() -> None:
    found = verified(document(msgspec.structs.replace(REQUEST, rates={})))
    assert found.is_confirmed
    assert found.quote.answer["needs_human"]


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(0), "valid"),
        (timedelta(days=14), "valid"),
        (timedelta(days=14, seconds=1), "expired"),
        (-timedelta(minutes=5), "valid"),
        (-timedelta(minutes=5, seconds=1), "not yet"),
    ],
)
def test_a_quote_is_valid_from_signing_to_its_last_moment(after: timedelta, state: str) -> None:
    found = verified(document(), NOW + after)
    assert found.state == state
    assert found.is_confirmed == (state == "valid")


@pytest.mark.parametrize("days", [0, -1, 100_000])
def test_a_validity_without_sense_is_refused(days: int) -> None:
    with pytest.raises(SealError, match="valid for 1 to"):
        document(valid_days=days)


def changed_library(tmp_path: Path, change: Callable[[str], str]) -> Library:
    """The law as shipped, but for one file."""
    (home,) = Library.shipped_folders()[:1]
    text = (Path(home) / "gb.toml").read_text("utf-8")
    assert change(text) != text
    for path in Path(home).iterdir():
        if path.name not in ("gb.toml", "__pycache__"):
            (tmp_path / path.name).symlink_to(path)
    (tmp_path / "gb.toml").write_text(change(text), "utf-8")
    return Library([tmp_path])


def test_law_written_otherwise_with_the_same_answer_is_said_and_confirmed(tmp_path: Path) -> None:
    found = verified(
        document(), library=changed_library(tmp_path, lambda text: text + "\n# read again\n")
    )
    assert found.digest_here != found.quote.law.digest
    assert found.changed == ()
    assert found.is_confirmed


def test_another_rate_in_the_law_at_hand_is_told_amount_by_amount(tmp_path: Path) -> None:
    def higher(text: str) -> str:
        return text.replace(
            'value = "20%"\nsource = "Value Added Tax', 'value = "25%"\nsource = "Value Added Tax'
        )

    found = verified(document(), library=changed_library(tmp_path, higher))
    assert not found.is_confirmed
    assert found.changed
    assert "/totals/tax" in {each.pointer for each in found.changed}


def test_another_explanation_is_the_same_answer() -> None:
    def explained(content: dict[str, Any]) -> None:
        content["answer"]["not_due"].append(
            {"name": "another", "because": "an entry the law had then"}
        )
        content["answer"]["charges"][0].update(
            title="Duty", source="Act, s. 2", rule="gb/charge/duty"
        )

    assert verified(resealed(explained)).is_confirmed


def test_without_law_nothing_is_confirmed(tmp_path: Path) -> None:
    found = verified(document(), library=Library([tmp_path]))
    assert (found.changed, found.digest_here) == (None, "")
    assert "GB" in found.because
    assert not found.is_confirmed


def resealed(change: Callable[[dict[str, Any]], None]) -> bytes:
    """A quote whose content another program wrote and the right key signed."""
    content = copy.deepcopy(document()["content"])
    change(content)
    return written(seal.seal(content, TYPE, KEY))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c["request"]["lines"][0].update(value=220), "/request/lines/0/value is a number"),
        (lambda c: c["rates"][0].update(rate=1), "/rates/0/rate is a number"),
        (lambda c: c["request"]["lines"][0].update(value="NaN"), "no plain number"),
        (lambda c: c["request"]["lines"][0].update(value="1E+999999"), "no plain number"),
        (lambda c: c["request"]["lines"][0].update(value="1e-99"), "no plain number"),
        (lambda c: c["request"]["lines"][0].update(value="0.00000001"), "cannot be reckoned"),
        (lambda c: c["request"].update(lines="none"), "no quote"),
        (lambda c: c.update(request=None), "no quote"),
        (lambda c: c.pop("law"), "no quote"),
        (lambda c: c["answer"].pop("totals"), "none of ours"),
        (lambda c: c["answer"].update(charges=[1]), "none of ours"),
        (lambda c: c.update(more="x"), "no quote"),
        (lambda c: c.update(signed_at="2026-11-25T02:00:00"), "moments"),
        (lambda c: c.update(valid_until="2020-01-01T00:00:00Z"), "moments"),
        (lambda c: c.update(valid_until="never"), "no quote"),
    ],
)  # fmt: skip
def test_a_quote_written_by_another_program_is_read_strictly(change, says: str) -> None:
    with pytest.raises(SealError) as refused:
        verified(resealed(change))
    assert says in str(refused.value)


def test_forged_truncated_doubled_and_foreign_quotes_are_refused() -> None:
    data = written(document())
    for other, code in (
        (data.replace(b"220.00", b"210.00"), "forged"),
        (data.replace(b'"220.00"', b"220.00"), "number"),
        (data.replace(b'"freight": "5.00"', b'"freight": "4.00", "freight": "5.00"'), "duplicate-key"),
        (data[: len(data) // 2], "not-json"),
        (b"", "not-json"),
        (data.replace(b"Ed25519", b"none"), "algorithm"),
        (data.replace(TYPE.encode(), b"pratique-receipt/1"), "type"),
        (written(seal.seal(document()["content"], TYPE, seal.new_key())), "other-key"),
    ):  # fmt: skip
        assert other != data
        with pytest.raises((SealError, MessageError)) as refused:
            verified(other)
        assert refused.value.code == code


def test_reordered_keys_and_other_blanks_are_the_same_quote() -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(each) for each in value] if isinstance(value, list) else value

    assert verified(json.dumps(turned(document()), indent=5).encode()).is_confirmed


@settings(max_examples=150, deadline=None)
@given(st.integers(0), st.binary(max_size=3))
def test_hostile_bytes_are_refused_by_our_errors_alone(at: int, planted: bytes) -> None:
    data = written(document())
    at %= len(data)
    other = data[:at] + planted + data[at + len(planted) + 1 :]
    try:
        verified(other)
    except PratiqueError:
        return
    assert json.loads(other) == json.loads(data)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.decimals(0, 5000, places=2), min_size=1, max_size=4),
    st.decimals("0.01", 9, places=6),
    st.sampled_from(["GB", "DE", "NO", "AU", "AA"]),
)
def test_every_signed_quote_is_confirmed_and_equals_its_own_declaration(
    values: list[Decimal], rate: Decimal, place: str
) -> None:
    request = QuoteRequest(
        destination=place, dispatch_country="CN", on=date(2026, 7, 2), currency="USD", rates={"USD": rate},
        lines=tuple(QuoteLine(value=value, hs="610910", origin="CN", duty=Decimal("0.1")) for value in values),
    )  # fmt: skip
    data = written(document(request))
    found = verified(data)
    assert found.is_confirmed
    law = shipped().law_in_force(place, request.on)
    same = compare_quote(found.quote, declaration_of(request, law), quote(request, Desk()))
    assert same.is_same
    assert sum(each.difference for each in same.lines) == 0


def compared(rate: str = "0.8", on: date = ON, **parts: Any) -> Comparison:
    """The quote beside a declaration that is as asked but for ``parts`` of its first line."""
    law = shipped().law_in_force("GB", on)
    declared: Declaration = declaration_of(REQUEST, law)
    first, *rest = declared.consignment.items
    goods = msgspec.structs.replace(
        declared.consignment, items=(msgspec.structs.replace(first, **parts), *rest)
    )
    declared = msgspec.structs.replace(declared, id="EX-9", consignment=goods)
    usd = ExchangeRate(currency="USD", home="GBP", rate=Decimal(rate), source="given")
    later, _ = Desk(evidence=Evidence(rates=(usd,))).assess(declared, on)
    return compare_quote(read_quote(written(document()))[0], declared, later)


def why(found: Comparison) -> str:
    return "\n".join(reason for each in found.lines for reason in each.because)


def test_an_assessment_as_quoted_is_the_same_line_by_line() -> None:
    found = compared()
    assert found.is_same
    assert [(each.line, each.name) for each in found.lines] == [
        (1, "import_duty"), (1, "import_vat"), (2, "import_duty"), (2, "import_vat"),
    ]  # fmt: skip
    assert why(found) == ""
    assert compared_json(found)["difference"] == "0.00"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"price": Money(Decimal("230.00"), "USD")}, "other value: 230.00 USD, quoted for 220.00 USD"),
        ({"duty_rate": Decimal("0.10")}, "other declared duty rate: 0.10, quoted for 0.12"),
        ({"rate": "0.81"}, "other exchange rate: USD to GBP 0.81, quoted with 0.8"),
        ({"price": Money(Decimal("230.00"), "USD"), "hs_code": "610990"}, "other HS code: 610990, quoted for 610910"),
        ({"price": Money(Decimal("50.00"), "USD")}, "gone: not in the assessment"),
        ({"price": Money(Decimal("50.00"), "USD")}, "other regime"),
        ({"duty_rate": None}, "the assessment says: Its amount cannot be told"),
    ],
)  # fmt: skip
def test_a_difference_says_why(change: dict[str, Any], says: str) -> None:
    found = compared(**change)
    assert not found.is_same
    assert says in why(found)
    assert found.assessed - found.quoted == sum(each.difference for each in found.lines)


def test_another_law_version_is_told() -> None:
    signed, _ = read_quote(written(document()))
    answer = {**signed.answer, "law_digest": "0" * 64}
    other = msgspec.structs.replace(signed, answer=answer)
    law = shipped().law_in_force("GB", ON)
    request = msgspec.structs.replace(REQUEST, freight=Decimal(9))
    found = compare_quote(other, declaration_of(request, law), quote(request, Desk()))
    assert f"other law version: {law.digest[:12]}, quoted under 000000000000" in why(found)
    assert "other freight: 9 USD, quoted with 5.00 USD" in why(found)


def test_a_question_left_open_later_is_no_zero() -> None:
    found = compared(duty_rate=None)
    assert any(each.startswith("unknown now: import_duty on line 1") for each in found.unsettled)


def test_quotes_of_another_place_are_not_compared() -> None:
    signed, _ = read_quote(written(document()))
    request = msgspec.structs.replace(REQUEST, destination="DE", on=date(2026, 7, 2))
    law = shipped().law_in_force("DE", request.on)
    with pytest.raises(UsageError, match="two places"):
        compare_quote(signed, declaration_of(request, law), quote(request, Desk()))
    with pytest.raises(UsageError, match="not assessed"):
        compare_quote(signed, declaration_of(request, law), None)


def test_no_law_no_quote() -> None:
    with pytest.raises(NoRuleInForceError):
        document(msgspec.structs.replace(REQUEST, destination="FJ"))
