"""How one data element is defined: its meaning, WCO id, privacy class and limits, in one place.

Everything else (decoding, JSON Schema, documentation, masking of personal data) is read from here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec

PrivacyClass = Literal["public", "commercial", "fiscal", "personal", "special-security"]

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment with its offset from UTC: without one it could not be compared with another."""

MASK: Final = "•••"


def element(
    meaning: str,
    *,
    wco: str = "",
    privacy: PrivacyClass,
    max_length: int | None = None,
    min_length: int | None = None,
    ge: int | None = None,
    le: int | None = None,
) -> msgspec.Meta:
    """Definition of one data element, for use inside ``Annotated``.

    ``privacy`` is the class by which access and retention are ruled (``policy``): an element without one cannot be
    defined. Lengths are those of text, or the number of entries of a list.
    ``wco`` is the WCO Data Model id where one is known, or those of the places where the noun can
    stand (source: WCO_DEC_2_DMS.xsd, WCO DM 3.6).
    """
    schema: dict[str, Any] = {"x-privacy": privacy}
    if wco:
        schema["x-wco-id"] = wco
    limits: dict[str, Any] = {
        "max_length": max_length,
        "min_length": min_length,
        "ge": ge,
        "le": le,
    }
    return msgspec.Meta(description=meaning, extra_json_schema=schema, **limits)


class Noun(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """A frozen value of the declaration model; elements classed personal are masked in ``repr``.

    Nouns hold values and never each other in a circle: the search for garbage need not look at them.
    """

    def __repr__(self) -> str:
        personal = _personal_fields(type(self))
        shown = []
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if value is None or value in ((), {}, ""):
                continue
            shown.append(f"{name}={MASK if name in personal else repr(value)}")
        return f"{type(self).__name__}({', '.join(shown)})"


_PERSONAL: dict[type, frozenset[str]] = {}


def _personal_fields(noun: type[Noun]) -> frozenset[str]:
    found = _PERSONAL.get(noun)
    if found is None:
        found = frozenset(e.name for e in elements(noun) if e.privacy == "personal")
        _PERSONAL[noun] = found
    return found


class ElementInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one element: name, meaning, WCO id and privacy class."""

    name: str
    meaning: str
    wco: str
    privacy: str


def elements(noun: type[msgspec.Struct]) -> tuple[ElementInfo, ...]:
    """Every element of a noun, in order, as defined by ``element``; class and meaning are empty where nothing defines them."""
    info = msgspec.inspect.type_info(noun)
    assert isinstance(info, msgspec.inspect.StructType)
    return tuple(_describe(field) for field in info.fields)


def _describe(field: msgspec.inspect.Field) -> ElementInfo:
    meaning, wco, privacy = "", "", ""
    candidate: Any = field.type
    if isinstance(candidate, msgspec.inspect.UnionType):
        tagged = [t for t in candidate.types if isinstance(t, msgspec.inspect.Metadata)]
        candidate = tagged[0] if tagged else candidate
    if isinstance(candidate, msgspec.inspect.Metadata):
        schema = candidate.extra_json_schema or {}
        meaning = schema.get("description", "")
        wco = schema.get("x-wco-id", "")
        privacy = schema.get("x-privacy", "")
    return ElementInfo(name=field.encode_name, meaning=meaning, wco=wco, privacy=privacy)
