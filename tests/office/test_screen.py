"""Restrictions on a parcel's walk: which decision they lead to, with reasons and sources, alone and by the block."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pratique.model.arrow import to_arrow
from pratique.model.declaration import Declaration, Document
from pratique.office.alike import Alike
from pratique.office.batch import Task
from pratique.office.desk import Desk, walk
from pratique.office.generate import generate
from pratique.office.parquet import assess_parquet, decide_parquet
from tests.office.test_alike import differences
from tests.support.parcels import EVIDENCE

NOW = datetime(2026, 7, 1, 23, 59, tzinfo=UTC)
ON = date(2026, 7, 1)
DESK = Desk(evidence=EVIDENCE)
with (Path(__file__).parent.parent / "screening/sentences.csv").open(encoding="utf-8") as file:
    SENTENCES = list(csv.DictReader(file))


def sound(channel: str, to: str) -> Declaration:
    """A parcel of one line to that place in which nothing but its goods can stand in the way."""
    for each, _ in generate(3, 400, on=ON, fault_share=0, destinations=(to,)):
        one_line = len(each.consignment.items) == 1
        if each.channel == channel and one_line and each.dispatch_country != "CN":
            return each
    raise AssertionError((channel, to))


def holding(
    declaration: Declaration, what: str, hs: str | None = None, **parts: Any
) -> Declaration:
    """The same parcel with other goods in it."""
    goods = declaration.consignment
    item = msgspec.structs.replace(goods.items[0], description=what, hs_code=hs)
    departs = parts.pop("departs", None)
    transport = goods.transport
    if departs is not None:
        assert transport is not None
        transport = msgspec.structs.replace(transport, departs_at=departs)
    goods = msgspec.structs.replace(goods, items=(item,), transport=transport)
    return msgspec.structs.replace(declaration, consignment=goods, **parts)


GB_POST, GB_EXPRESS, FR_POST = sound("post", "GB"), sound("express", "GB"), sound("post", "FR")
LATER, BEFORE = NOW + timedelta(days=2), NOW - timedelta(hours=3)


@pytest.mark.parametrize(
    ("declaration", "code", "rule"),
    [
        (holding(GB_POST, "flick knife", departs=LATER), "CONTROL", "gb/restriction/flick_knives"),
        (holding(GB_POST, "power bank 20000 mAh", "850760", departs=LATER), "DNL", "post/restriction/lithium_batteries"),
        (holding(GB_POST, "power bank 20000 mAh", "850760", departs=BEFORE), "CONTROL", "post/restriction/lithium_batteries"),
        (holding(GB_EXPRESS, "spray paint can 400 ml", departs=LATER), "RFI", "air/restriction/other_dangerous_goods"),
        (holding(GB_POST, "rosewood guitar", "920290", departs=LATER), "RFI", "cites/restriction/rosewood"),
        (holding(GB_POST, "sword", "930700"), "MANUAL", "gb/restriction/swords"),
        (holding(GB_POST, "", "8211", departs=LATER), None, ""),
    ],
)  # fmt: skip
def test_what_is_restricted_leads_to_its_decision(
    declaration: Declaration, code: str | None, rule: str
) -> None:
    decision = walk(declaration, DESK, now=NOW, on=ON)
    if code is None:  # a code alone tells little: whatever else is wrong, it is not released
        assert decision.code != "RELEASED"
        return
    assert decision.code == code
    reason = next(each for each in decision.reasons if each.rule.startswith(f"{rule}@"))
    assert reason.source
    assert reason.url.startswith("http")
    assert reason.pointer.startswith("/consignment/items/0/")


def test_a_permit_that_is_declared_is_not_asked_for() -> None:
    guitar = holding(GB_POST, "rosewood guitar", "920290", departs=LATER)
    rule = next(
        each.rule
        for each in walk(guitar, DESK, now=NOW, on=ON).findings
        if each.severity == "permit"
    )
    permit = next(
        each.permit
        for layer, _ in DESK.screening.screened((("GB", "import"),), ("US", "GB"), ON).screen.layers
        for each in layer.restrictions
        if each.citation.rule == rule
    )
    assert permit is not None
    document = Document(type=permit.documents[0], number="C-1")
    with_permit = msgspec.structs.replace(guitar, documents=(document,))
    decision = walk(with_permit, DESK, now=NOW, on=ON)
    assert decision.code != "RFI"
    told = next(each for each in decision.findings if each.rule == rule)
    assert told.severity == "note"
    assert "C-1" in told.message


def test_conditions_are_told_and_change_nothing() -> None:
    plain = walk(holding(FR_POST, "cotton gloves", "851830"), DESK, now=NOW, on=ON)
    told = walk(holding(FR_POST, "wireless earphones", "851830"), DESK, now=NOW, on=ON)
    assert told.code == plain.code
    assert [each.rule for each in told.findings] == [
        "post/restriction/lithium_in_equipment@2020-01-01"
    ]


def test_a_block_is_decided_as_one_by_one_whatever_is_in_it() -> None:
    drawn = [
        d
        for d, _ in generate(
            11, 1200, on=ON, fault_share=0.1, destinations=("GB", "DE", "AA", "QN", "NO", "AU")
        )
    ]
    restricted = []
    for number, each in enumerate(drawn):
        row = SENTENCES[number % len(SENTENCES)]
        items = each.consignment.items
        changed = msgspec.structs.replace(
            items[0], description=row["description"], hs_code=row["hs"] or items[0].hs_code
        )
        goods = msgspec.structs.replace(each.consignment, items=(changed, *items[1:]))
        documents = (Document(type="911", number=f"K-{number}"),) if number % 5 == 0 else ()
        restricted.append(
            msgspec.structs.replace(
                each, consignment=goods, documents=(*each.documents, *documents)
            )
        )
    quick, total = differences(restricted, Alike(DESK, NOW, ON), ON)
    assert total // 10 < quick < total


def test_rows_of_columns_are_stopped_as_the_same_rows_decided_one_by_one(tmp_path: Path) -> None:
    codes = ["360410", "850760", "930200", "610910", "821110", "710231", "950300", "30", "240220"]
    drawn = []
    for number, (each, _) in enumerate(
        generate(4, 300, on=ON, fault_share=0, destinations=("GB", "DE", "AA", "SG", "FJ", "US"))
    ):
        items = each.consignment.items
        changed = msgspec.structs.replace(items[0], hs_code=codes[number % len(codes)])
        goods = msgspec.structs.replace(each.consignment, items=(*items[1:], changed))
        on = ON if number % 7 else date(2013, 5, 1)
        drawn.append(msgspec.structs.replace(each, consignment=goods, accepted_on=on))
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.Table.from_batches([to_arrow(drawn)]), path)
    for on in (None, ON):
        task = Task(evidence=EVIDENCE, on=on, now=NOW)
        outcomes = [
            outcome
            for block in assess_parquet(path, task)
            for outcome in block.column("outcome").to_pylist()
        ]
        lines = b"".join(block.decisions for block in decide_parquet(path, task)).splitlines()
        decided = [msgspec.json.decode(line)["decision"] for line in lines]
        assert outcomes == decided
        assert {"CONTROL", "DNL", "RFI", "MANUAL"} <= set(outcomes)
        assert {"RELEASED", "ASSESSED"} & set(outcomes)
