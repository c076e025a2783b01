"""EDIFACT: syntax within bounds, messages held to the directory, declarations in, answers out."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from pratique import cli, messages
from pratique.errors import MessageError
from pratique.messages.edifact import cusres
from pratique.messages.edifact.directory import directory, tree_of
from pratique.messages.edifact.syntax import Segment, interchange_of, write_interchange
from pratique.model.outcomes import (
    Assessment,
    Citation,
    Decision,
    DutyTaxFee,
    Finding,
    Reason,
)
from pratique.office.desk import Desk, walk

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUSE = """CNI+1+HAWB-1'
RFF+ABE:EX-7'
CNT+7:1.20:KGM'
LOC+28+DE'
LOC+113+CN'
TDT+20+LH721+4+++++:::Example Air:DE'
LOC+9+CNPEK'
LOC+60+DEFRA'
DTM+133:202611260800:203'
RFF+MWB:020-12345675'
NAD+CZ+++Example Seller+1 Example Road+Exampleville+++CN'
NAD+CN+EX-000-1:ID++Example Buyer+1 Sample Street+Sampleton++10115+DE'
CTA+IC+:Example Person'
COM+buyer@example.org:EM'
GID+1+2:BX'
FTX+AAA+++men?'s T-shirt?: cotton?+wool??'
MEA+WT+AAB+KGM:1.10'
MOA+77:24.00:EUR'
CST+1+610910'
LOC+27+CN'
QTY+47:2:C62'
"""


def interchange(
    body: str = HOUSE,
    *,
    head: str = "BGM+785+M-1+9'\nDTM+137:20261125080000UTC:304'\n",
    una: str = "",
) -> bytes:
    plain = (head + body).replace("??", "").replace("?'", "")
    segments = plain.count("'") + 2
    return (
        f"{una}UNB+UNOW:4+S+R+20261125:0800+REF'UNH+1+CUSCAR:D:24A:UN'\n{head}{body}UNT+{segments}+1'UNZ+1+REF'"
    ).encode()


def test_a_house_consignment_becomes_a_declaration() -> None:
    found = messages.parse(interchange())
    assert (found.id, found.destination, found.dispatch_country, found.channel) == (
        "EX-7",
        "DE",
        "CN",
        "cargo",
    )
    assert found.lodged_at == datetime(2026, 11, 25, 8, tzinfo=UTC)
    (item,) = found.consignment.items
    assert item.description == "men's T-shirt: cotton+wool?"
    assert (item.hs_code, item.origin, item.quantity) == ("610910", "CN", Decimal(2))
    assert item.price is not None
    assert (item.price.amount, item.price.currency) == (Decimal("24.00"), "EUR")
    assert item.packaging[0].count == 2
    transport = found.consignment.transport
    assert transport is not None
    assert (transport.house_waybill, transport.master_waybill) == ("HAWB-1", "020-12345675")
    assert transport.departs_at == datetime(2026, 11, 26, 8, tzinfo=UTC)
    assert found.consignment.previous_documents[0].number == "M-1"
    assert found.parties[1].email == "buyer@example.org"
    assert messages.parse(messages.write(found, "cuscar")) == found
    assert {each.pointer for each in messages.losses(found, "cuscar")} == set()


def test_one_interchange_holds_several_consignments_and_each_is_a_row() -> None:
    second = HOUSE.replace("CNI+1+HAWB-1", "CNI+2+HAWB-2").replace("EX-7", "EX-8")
    rows = list(messages.read(interchange(HOUSE + second)))
    assert [row.declaration.id if row.declaration else row.error for row in rows] == [
        "EX-7",
        "EX-8",
    ]
    for row in rows:
        assert messages.parse(row.source) == row.declaration
    with pytest.raises(MessageError) as refused:
        messages.parse(interchange(HOUSE + second))
    assert refused.value.code == "several"


def test_other_separators_are_those_of_una() -> None:
    plain = interchange().decode()
    marks = str.maketrans({"+": "|", ":": "^", "'": "~"})
    body = (
        plain.replace("??", "\3")
        .replace("?'", "\0")
        .replace("?+", "\1")
        .replace("?:", "\2")
        .translate(marks)
    )
    other = body.replace("\0", "'").replace("\1", "+").replace("\2", ":").replace("\3", "??")
    assert messages.parse(f"UNA^|.? ~{other}".encode()) == messages.parse(interchange())


@pytest.mark.parametrize(
    ("segment", "at"),
    [
        ("TMD+3'", "QTY+47"),
        ("HAN+1'", "FTX+AAA"),
        ("GEI+1'", "TDT+20"),
        ("LOC+20+DE'", "TDT+20"),
        ("MOA+128:5:EUR'", "LOC+28"),
        ("FTX+AAA+++more words'", "MEA+WT"),
        ("QTY+12:2'", "QTY+47"),
        ("MEA+WT+AAB+GRM:5'", "MOA+77"),
        ("NAD+AA+++Somebody'", "GID+1"),
    ],
)
def test_what_the_model_has_no_place_for_is_refused_by_name(segment: str, at: str) -> None:
    with pytest.raises(MessageError) as refused:
        messages.parse(interchange(HOUSE.replace(at, segment + at)))
    assert refused.value.code == "no-place"
    assert segment[:3] in refused.value.faults[0].message


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("LOC+28+DE'", "", "no place"),
        ("MEA+WT", "MEA+QQ", "no code of 6311"),
        ("KGM:1.10", "XXX:1.10", "no code of 6411"),
        ("NAD+CZ", "NAD+QQQ", "no code of 3035"),
        ("QTY+47:2:C62", "QTY+47:2:C62:4", "at most 3"),
        ("MOA+77:24.00", "MOA+77:2e1", "no plain number"),
        ("LH721", "L" * 18, "17 are the most"),
        ("GID+1", "GID+1+2:BX+++++++", "at most 6"),
        ("GID+1+2:BX'\n", "", "GID is needed"),
        ("RFF+ABE:EX-7'", "XYZ+1'", "no segment XYZ"),
        ("CST+1+610910'\nLOC+27+CN'", "LOC+27+CN'\nCST+1+610910'", "may not stand here"),
        ("CNI+1+HAWB-1'", "", "may not stand here"),
        ("NAD+CZ+", "NAD+", "NAD needs 3035"),
    ],
)
def test_what_the_directory_does_not_allow_is_told_with_its_segment(
    old: str, new: str, told: str
) -> None:
    assert old in HOUSE
    with pytest.raises(MessageError) as refused:
        messages.parse(interchange(HOUSE.replace(old, new)))
    if told != "no place":
        assert any(told in fault.message for fault in refused.value.faults), refused.value.faults
        assert all(fault.pointer.startswith("segment ") for fault in refused.value.faults)


def test_the_directory_is_the_one_published(samples: Path) -> None:
    folder = samples / "edifact-d24a"
    codes = etree.fromstring(gzip.decompress((folder / "codes.xml.gz").read_bytes()))
    published = {each.get("id"): {code.get("id") for code in each} for each in codes}
    for name, ours in directory()["codes"].items():
        assert ours == published[name], name
    for name, rows in directory()["messages"].items():
        message = etree.parse(str(folder / f"messages/{name.lower()}.xml"))
        assert tags(rows) == [each.get("id") for each in message.iter("segment")]


def tags(rows: list[list[object]]) -> list[object]:
    return [tag for row in rows for tag in (tags(row[3]) if len(row) == 4 else [row[0]])]


@pytest.mark.filterwarnings("ignore")  # it has no directory of its own for service segments
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.text("AZ09 ?+:'é漢", max_size=8), min_size=1, max_size=4), max_size=5))
def test_an_independent_reader_reads_what_is_written(elements: list[list[str]]) -> None:
    pydifact = pytest.importorskip("pydifact.segmentcollection")
    segment = Segment("FTX", tuple(tuple(each) for each in elements))
    data = write_interchange(
        (("CUSRES", (segment,)),), sender="S", recipient="R", reference="1", at=NOW
    )
    (message,) = interchange_of(data).messages
    ours = message.segments[1].elements

    def trimmed(parts: object) -> list[list[str]]:
        rows = [[each] if isinstance(each, str) else list(each) for each in parts]
        for row in rows:
            while len(row) > 1 and not row[-1]:
                row.pop()
        while rows and not any(rows[-1]):
            rows.pop()
        return rows

    assert trimmed(ours) == trimmed(elements)
    theirs = pydifact.Interchange.from_str(data.decode())
    (read,) = [each for each in next(iter(theirs.get_messages())).segments if each.tag == "FTX"]
    assert trimmed(read.elements) == trimmed(ours)


def decision() -> Decision:
    cited = Citation(rule="aa/charge/vat", source="An Act")
    return Decision(
        declaration="EX-7",
        version=2,
        code="ASSESSED",
        state="ASSESSED",
        decided_at=NOW,
        reasons=(Reason(text="VAT: 4.56 EUR is due.", rule="aa/charge/vat", source="An Act, s. 1"),),
        findings=(
            Finding(rule="C010", family="accuracy", severity="note", pointer="/a/b~1c", message="It's 1+1:2?"),
        ),
        assessment=Assessment(
            destination="AA",
            on=NOW.date(),
            currency="EUR",
            charges=(
                DutyTaxFee(kind="duty", name="duty", title="Customs duty", amount=Decimal("2.88"), base=Decimal("24.00"), rate=Decimal("0.12"), line=1, payer="importer", collector="customs", moment="border", citation=cited),
                DutyTaxFee(kind="tax", name="vat", title="VAT", amount=Decimal("4.56"), base=None, rate=None, line=None, payer="importer", collector="customs", moment="border", citation=cited),
            ),
        ),
    )  # fmt: skip


def answer(*found: cusres.Response) -> bytes:
    return cusres.write(found, sender="S", recipient="R", reference="9", at=NOW)


def test_a_decision_becomes_an_answer_and_is_read_again() -> None:
    response = cusres.response_of(decision())
    data = answer(response)
    assert cusres.read(data) == (response,)
    (message,) = interchange_of(data).messages
    assert tree_of(message, "CUSRES").name == "CUSRES"
    assert b"TAX+5+CUD:::Customs duty++24.00+:::0.12'" in data
    assert b"MOA+161:2.88:EUR'" in data
    assert [each.amount for each in response.due] == [Decimal("2.88"), Decimal("4.56")]


def test_the_decision_on_a_cargo_report_goes_back_to_its_sender() -> None:
    declaration = messages.parse(interchange())
    decided = walk(declaration, Desk(), now=NOW)
    (read,) = cusres.read(answer(cusres.response_of(decided, declaration)))
    assert (read.declaration, read.code, read.state) == ("EX-7", decided.code, decided.state)
    assert len(read.reasons) == len(decided.reasons)
    assert len(read.findings) == len(decided.findings)


WORDS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Cf", "Co", "Zl", "Zp", "Mn")
    ),
    min_size=1,
    max_size=700,
).filter(str.strip)


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, max_size=4), st.decimals(0, 10**9, places=2))
def test_whatever_a_decision_says_comes_back_or_is_refused(
    texts: list[str], amount: Decimal
) -> None:
    base = decision()
    assert base.assessment is not None
    charge = msgspec.structs.replace(base.assessment.charges[0], amount=amount)
    decided = msgspec.structs.replace(
        base,
        reasons=tuple(Reason(text=text, rule="r") for text in texts),
        assessment=msgspec.structs.replace(base.assessment, charges=(charge,)),
    )
    response = cusres.response_of(decided)
    try:
        data = answer(response)
    except MessageError as error:
        assert error.code == "unsafe-value"
        return
    assert cusres.read(data) == (response,)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"ASSESSED:PRATIQUE", b"PERHAPS:PRATIQUE", "decision"),
        (b":PRATIQUE:ZZZ+ASSESSED", b"+ASSESSED", "lacking"),
        (b"20261125120000UTC", b"20261325120000UTC", "invalid"),
        (b"EX-7:2", b"EX-7:x", "invalid"),
        (b"TAX+7", b"TAX+9", "charge"),
        (b"CUSRES:D:24A", b"CUSRES:D:96B", "version"),
    ],
)
def test_an_answer_that_cannot_be_relied_on_is_refused(old: bytes, new: bytes, code: str) -> None:
    data = answer(cusres.response_of(decision()))
    assert old in data
    with pytest.raises(MessageError) as refused:
        cusres.read(data.replace(old, new))
    assert refused.value.code == code


def test_the_guide_shows_what_is_read() -> None:
    guide = (EXAMPLES.parent / "docs/guides/edifact.md").read_text("utf-8")
    block = guide.split("```edifact\n")[1].split("```")[0]
    assert messages.parse(block.encode()).id == "EX-7"
    assert json.loads(messages.write(messages.parse(block.encode()), "aed"))["consignment"]["items"]


def test_the_command_answers_each_consignment_and_says_what_it_could_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = HOUSE.replace("CNI+1+HAWB-1", "CNI+2+HAWB-2").replace("EX-7", "EX-8")
    report = tmp_path / "report.edi"
    report.write_bytes(interchange(HOUSE + second))
    assert cli.main(["cusres", str(report), "--reference", "17"]) == 0
    answers = cusres.read(capsys.readouterr().out.encode())
    assert [each.declaration for each in answers] == ["EX-7", "EX-8"]
    report.write_bytes(interchange(HOUSE + second.replace("77:24.00:EUR", "77:24.00:EURO")))
    assert (
        cli.main(["cusres", str(report)]) == 1
    )  # the message as a whole is not as the directory has it
    assert "6345" in capsys.readouterr().err
    report.write_bytes(interchange(HOUSE + second.replace("LOC+28+DE", "LOC+28+DEU")))
    assert cli.main(["cusres", str(report)]) == 1
    told = capsys.readouterr()
    assert [each.declaration for each in cusres.read(told.out.encode())] == ["EX-7"]
    assert "row 2" in told.err
