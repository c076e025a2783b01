"""Declarations of every shape the model allows, drawn from the model itself: new elements need no line here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
from hypothesis import strategies as st

from pratique.messages.strict import hazard
from pratique.model import declaration
from pratique.model.declaration import Declaration
from pratique.model.element import Noun
from pratique.model.money import Money

NOUNS = [
    each
    for each in vars(declaration).values()
    if isinstance(each, type) and issubclass(each, Noun) and each is not Noun
]

WORDS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
    | st.sampled_from("\n\t\u200c\u200d\ufe0f یक❤"),
    max_size=40,
).filter(lambda text: not hazard(text))
PLAIN = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 .&'/-]{0,20}[A-Za-z0-9]", fullmatch=True)
DECIMALS = st.decimals(0, 10**9, places=3) | st.decimals(-99, 99, places=0)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5))])
MOMENTS = st.builds(
    lambda moment, zone: moment.replace(microsecond=0, tzinfo=zone),
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)),
    ZONES,
)


def declarations(words: st.SearchStrategy[str] = WORDS) -> st.SearchStrategy[Declaration]:
    """Any declaration, its texts drawn from ``words``."""
    return _of(msgspec.inspect.type_info(Declaration), words)


def _of(kind: Any, words: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Values of a type as msgspec describes it."""
    if isinstance(kind, msgspec.inspect.Metadata):
        return _of(kind.type, words)
    if isinstance(kind, msgspec.inspect.StructType):
        return _struct(kind, words)
    if isinstance(kind, msgspec.inspect.UnionType):
        return st.one_of([_of(each, words) for each in kind.types])
    if isinstance(kind, msgspec.inspect.VarTupleType):
        most = min(kind.max_length or 2, 2)
        return st.lists(
            _of(kind.item_type, words), min_size=kind.min_length or 0, max_size=most
        ).map(tuple)
    if isinstance(kind, msgspec.inspect.StrType):
        return _text(kind, words)
    if isinstance(kind, msgspec.inspect.LiteralType):
        return st.sampled_from(sorted(kind.values))
    if isinstance(kind, msgspec.inspect.IntType):
        return st.integers(kind.ge, kind.le)
    return {
        msgspec.inspect.NoneType: st.none(),
        msgspec.inspect.DecimalType: DECIMALS,
        msgspec.inspect.DateTimeType: MOMENTS,
        msgspec.inspect.DateType: st.dates(
            datetime(2000, 1, 1).date(), datetime(2099, 1, 1).date()
        ),
        msgspec.inspect.DictType: st.just({}),
    }[type(kind)]


def _struct(
    kind: msgspec.inspect.StructType, words: st.SearchStrategy[str]
) -> st.SearchStrategy[Any]:
    if kind.cls is Money:
        return st.builds(Money, DECIMALS, st.sampled_from(["EUR", "USD", "GBP", "JPY"]))
    needed = {f.name: _of(f.type, words) for f in kind.fields if f.required}
    optional = {f.name: _of(f.type, words) for f in kind.fields if not f.required}
    return st.fixed_dictionaries(needed, optional=optional).map(lambda given: kind.cls(**given))


def _text(kind: msgspec.inspect.StrType, words: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    least, most = kind.min_length or 0, kind.max_length or 40
    if (least, most) == (2, 2):
        return st.sampled_from(["DE", "CN", "GB", "US"])
    if most <= 3:
        return st.text("0123456789", min_size=max(least, 1), max_size=most)
    return words.map(lambda text: text[:most]).filter(
        lambda text: len(text) >= max(least, 1) and not hazard(text)
    )
