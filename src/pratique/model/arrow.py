"""Declarations and decisions in Arrow, so that any tool can read and write them.

Amounts, quantities, masses and rates are decimals; codes are text; goods items are a list of records. What the
columnar evaluator needs is taken out without going through Python values.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa

from pratique.model.batch import (
    ITEM_TEXTS,
    MASS_PLACES,
    MISSING,
    MODES,
    MONEYS,
    PLACES,
    TEXTS,
    Batch,
    Bools,
    Codes,
    Ints,
    Numbers,
    Words,
)
from pratique.model.declaration import (
    Consignment,
    Declaration,
    GoodsItem,
    SchemeNumber,
    Transport,
    consignee_in,
    order_on,
    sold_on,
    subdivision,
)
from pratique.model.money import Money

AMOUNT: Final = pa.decimal128(18, PLACES)
MASS: Final = pa.decimal128(18, MASS_PLACES)
CODE: Final = pa.dictionary(pa.int32(), pa.string())
"""Codes come again and again: they are written once and numbered."""
ITEM: Final = pa.struct(
    [
        ("description", pa.string()),
        ("hs", CODE),
        ("origin", CODE),
        ("price", AMOUNT),
        ("currency", CODE),
        ("intrinsic", AMOUNT),
        ("quantity", AMOUNT),
        ("net_mass_kg", MASS),
        ("preference", pa.bool_()),
        ("duty_rate", AMOUNT),
    ]
)
SCHEMA: Final = pa.schema(
    [
        ("id", pa.string()),
        *((name, CODE) for name in TEXTS),
        ("on", pa.date32()),
        *((name, AMOUNT) for name in MONEYS),
        *((f"{name}_currency", CODE) for name in MONEYS),
        ("gross_mass_kg", MASS),
        ("sold_on", pa.date32()),
        ("items", pa.list_(ITEM)),
    ]
)
"""A declaration as a row; ``scheme`` is the kind of the registration for tax at sale, empty if none."""
OPTIONAL: Final = frozenset({"subdivision", "sold_on"})
"""Columns that a file may lack: then nobody said."""
CODES: Final = (
    *TEXTS,
    *(f"{name}_currency" for name in MONEYS),
    *(f"items.list.element.{name}" for name in ITEM_TEXTS),
)
"""Columns of codes, as Parquet names them."""


def without(schema: pa.Schema, name: str) -> pa.Schema:
    """The schema with one column of the goods items left out."""
    at = schema.get_field_index("items")
    kind = schema.field(at).type.value_type
    kept = [kind.field(i) for i in range(kind.num_fields) if kind.field(i).name != name]
    return schema.set(at, pa.field("items", pa.list_(pa.struct(kept))))


def to_arrow(declarations: Iterable[Declaration]) -> pa.RecordBatch:
    """Declarations as rows; what the form has no column for is left out."""
    rows = []
    for declaration in declarations:
        goods = declaration.consignment
        row: dict[str, Any] = {
            "id": declaration.id,
            "destination": declaration.destination,
            "dispatch_country": declaration.dispatch_country,
            "channel": declaration.channel,
            "flow": declaration.flow,
            "direction": declaration.direction,
            "dataset": declaration.dataset,
            "scheme": declaration.schemes[0].kind if declaration.schemes else "",
            "mode": MODES.get(goods.transport.mode) if goods.transport else None,
            "on": declaration.accepted_on
            or (declaration.lodged_at.date() if declaration.lodged_at else None),
            "gross_mass_kg": goods.gross_mass_kg,
            "subdivision": subdivision(declaration),
            "sold_on": sold_on(declaration),
            "items": [_item(item) for item in goods.items],
        }
        for name in MONEYS:
            money: Money | None = getattr(goods, name)
            row[name] = money.amount if money else None
            row[f"{name}_currency"] = money.currency if money else None
        rows.append(row)
    return pa.RecordBatch.from_pylist(rows, schema=SCHEMA)


def _item(item: GoodsItem) -> dict[str, Any]:
    return {
        "description": item.description,
        "hs": item.hs_code,
        "origin": item.origin,
        "price": item.price.amount if item.price else None,
        "currency": item.price.currency if item.price else None,
        "intrinsic": item.intrinsic_value.amount if item.intrinsic_value else None,
        "quantity": item.quantity,
        "net_mass_kg": item.net_mass_kg,
        "preference": bool(item.preference),
        "duty_rate": item.duty_rate,
    }


def declaration_at(rows: pa.RecordBatch, index: int) -> Declaration:
    """One row as a declaration, for the reference evaluator."""
    row = rows.slice(index, 1).to_pylist()[0]
    money = {
        name: Money(row[name], row[f"{name}_currency"])
        for name in MONEYS
        if row[name] is not None and row[f"{name}_currency"]
    }
    scheme = row["scheme"]
    return Declaration(
        id=row["id"] or "none",
        destination=row["destination"] or "ZZ",
        dispatch_country=row["dispatch_country"],
        channel=row["channel"] or "post",
        flow=row["flow"] or "b2c",
        direction=row["direction"] or "import",
        dataset=row["dataset"] or "",
        accepted_on=row["on"],
        schemes=(SchemeNumber(kind=scheme, number="as declared"),) if scheme else (),
        parties=consignee_in(row["subdivision"]),
        order=order_on(row["sold_on"]),
        consignment=Consignment(
            items=tuple(_goods_item(each) for each in row["items"] or ()),
            gross_mass_kg=row["gross_mass_kg"],
            transport=_transport(row["mode"]),
            freight=money.get("freight"),
            insurance=money.get("insurance"),
            discount=money.get("discount"),
        ),
    )


def _transport(mode: str | None) -> Transport | None:
    code = next((code for code, word in MODES.items() if word == mode), "")
    return Transport(mode=code) if code else None


def _goods_item(row: dict[str, Any]) -> GoodsItem:
    currency, price, intrinsic = row["currency"], row["price"], row["intrinsic"]
    return GoodsItem(
        description=row.get("description") or "",
        hs_code=row["hs"],
        origin=row["origin"],
        price=Money(price, currency) if price is not None and currency else None,
        intrinsic_value=Money(intrinsic, currency) if intrinsic is not None and currency else None,
        quantity=row["quantity"] if row["quantity"] is not None else Decimal(1),
        net_mass_kg=row["net_mass_kg"],
        preference="claimed" if row["preference"] else "",
        duty_rate=row["duty_rate"],
    )


def batch_from_arrow(rows: pa.RecordBatch) -> Batch:
    """Rows as a batch, through their buffers: no Python value is made for any of them."""
    lists = rows.column("items")
    starts = lists.offsets.to_numpy().astype(np.int64)
    items = lists.values
    first = int(starts[0]) if len(starts) else 0
    last = int(starts[-1]) if len(starts) else 0
    fields = {name: items.field(name).slice(first, last - first) for name in _names(items.type)}
    lengths = np.diff(starts)
    price = _numbers(fields["price"])
    alone = _numbers(fields["intrinsic"])
    intrinsic = price
    if alone.unknown is None:
        intrinsic = alone
    elif not alone.unknown.all():
        intrinsic = Numbers(np.where(alone.unknown, price.values, alone.values), price.unknown)
    quantity = _numbers(fields["quantity"])
    exact = lengths == 0
    negative: Bools = np.zeros(last - first, dtype=np.bool_)
    for numbers in (price, intrinsic, quantity):
        negative |= numbers.values < 0
    if negative.any():
        owner = np.repeat(np.arange(len(lengths)), lengths)
        exact = exact.copy()
        exact[owner[negative]] = True
    one = 10**PLACES
    return Batch(
        size=rows.num_rows,
        starts=starts[:-1] - first,
        items=last - first,
        texts={name: _codes(rows.column(name)) for name in TEXTS},
        money={name: _numbers(rows.column(name)).values for name in MONEYS},
        currencies={name: _codes(rows.column(f"{name}_currency")) for name in MONEYS},
        gross_mass=_numbers(rows.column("gross_mass_kg")),
        sold_on=_dates(rows.column("sold_on")),
        item_texts={name: _codes(fields[name]) for name in ITEM_TEXTS},
        price=price,
        intrinsic=intrinsic,
        quantity=quantity.values
        if quantity.unknown is None
        else np.where(quantity.unknown, one, quantity.values),
        net_mass=_numbers(fields["net_mass_kg"]),
        preference=_flags(fields["preference"]),
        duty_rate=_numbers(fields["duty_rate"]),
        on=_days(rows.column("on")),
        exact=exact,
    )


def _names(kind: pa.DataType) -> list[str]:
    return [kind.field(index).name for index in range(kind.num_fields)]


def _codes(column: pa.Array) -> Codes:
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    indices = coded.indices
    if indices.null_count:
        indices = indices.fill_null(MISSING)
    words = Words(coded.dictionary.to_pylist())
    return Codes(indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False), words)


def _numbers(column: pa.Array) -> Numbers:
    """Decimals as integers: the low eight of their sixteen bytes, since 18 digits fit in them."""
    size = len(column)
    if size == 0:
        return Numbers(np.zeros(0, dtype=np.int64))
    unknown = None
    if column.null_count == size:
        return Numbers(np.zeros(size, dtype=np.int64), np.ones(size, dtype=np.bool_))
    if column.null_count:
        unknown = column.is_null().to_numpy(zero_copy_only=False)
    pairs = np.frombuffer(column.buffers()[1], dtype="<i8").reshape(-1, 2)
    values: Ints = np.ascontiguousarray(pairs[column.offset : column.offset + size, 0])
    if unknown is not None:
        values[unknown] = 0
    return Numbers(values, unknown)


def _flags(column: pa.Array) -> Bools:
    if column.null_count:
        column = column.fill_null(False)
    flags: Bools = column.to_numpy(zero_copy_only=False)
    return flags.astype(np.bool_, copy=False)


def _days(column: pa.Array) -> Any:
    if column.null_count == len(column):
        return None
    found = column.cast(pa.int32())
    if found.null_count:
        found = found.fill_null(MISSING)
    return found.to_numpy(zero_copy_only=False)


def _dates(column: pa.Array) -> Numbers:
    values = _days(column)
    if values is None:
        return Numbers(np.zeros(len(column), dtype=np.int64), np.ones(len(column), dtype=np.bool_))
    unknown = values < 0 if column.null_count else None
    return Numbers(np.where(values < 0, 0, values).astype(np.int64), unknown)


def decimals(values: Ints, scale: int = PLACES) -> pa.Array:
    """Integers of units of the ``scale``-th decimal place as decimals, by their bytes."""
    pairs = np.empty((len(values), 2), dtype="<i8")
    pairs[:, 0] = values
    pairs[:, 1] = values >> 63
    return pa.Array.from_buffers(pa.decimal128(18, scale), len(values), [None, pa.py_buffer(pairs)])
