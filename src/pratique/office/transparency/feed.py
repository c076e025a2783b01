"""How is a list of changes of law followed? As an Atom feed (RFC 4287), whose ids stay the same (RFC 4151)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from urllib.parse import quote

from lxml import etree

from pratique.office.transparency.changes import Change
from pratique.office.transparency.words import Part, written

ATOM: Final = "http://www.w3.org/2005/Atom"
YEAR: Final = 2026
"""The year of the ids: they stay the same for as long as the name of who publishes is theirs since then."""
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_URL_KEPT: Final = ":/?#[]@!$&'()*+,;=%~"


def feed(
    changes: Iterable[Change],
    moment: datetime,
    *,
    authority: str = "pratique.invalid",
    author: str = "Pratique",
    at: str = "",
) -> bytes:
    """An Atom feed of the changes, written at ``moment``, as UTF-8.

    ``authority`` is the domain of who publishes it, of which the ids are made, ``at`` the address it is published at.
    """
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _text(root, "id", f"tag:{authority},{YEAR}:law/changes")
    _text(root, "title", "Changes of law")
    _text(root, "updated", moment.isoformat())
    if at:
        _link(root, "self", at)
    _text(etree.SubElement(root, f"{{{ATOM}}}author"), "name", author)
    for change in changes:
        _entry(root, change, authority)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content


def sentence(change: Change) -> str:
    """A change in one line: what begins, ends or is otherwise."""
    what = change.what
    if what.kind == "came":
        return f"{what.title}: begins"
    if what.kind == "went":
        return f"{what.title}: ends"
    if what.kind == "restated":
        return f"{what.title}: the same, otherwise cited"
    first = what.parts[0]
    if len(what.parts) == 1 and first.old and first.new and len(first.old + first.new) < 60:
        return f"{what.title}: {first.old} → {first.new}"
    return f"{what.title}: changes"


def _entry(root: etree._Element, change: Change, authority: str) -> None:
    what = change.what
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    _text(entry, "id", f"tag:{authority},{YEAR}:law/{change.code}/{what.key}/{change.on}")
    _text(entry, "title", f"{change.on} {change.place}: {sentence(change)}")
    _text(entry, "updated", _instant(change.updated))
    if what.url:
        _link(entry, "alternate", what.url)
    for term in (change.code, what.key.partition("/")[0]):
        etree.SubElement(entry, f"{{{ATOM}}}category", term=term)
    _text(entry, "content", "\n".join(_lines(change)), type="text")


def _lines(change: Change) -> Iterable[str]:
    what = change.what
    for part in what.parts:
        yield _part(part)
    if what.until and what.kind != "went":
        yield f"until {what.until}"
    yield written(what.source, what.confidence, what.rule)


def _part(part: Part) -> str:
    between = " → " if part.old and part.new else ""
    return f"{part.what}: {part.old}{between}{part.new}"


def _text(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}", **attributes).text = _NOT_XML.sub("\ufffd", text)


def _link(parent: etree._Element, rel: str, address: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=quote(address, safe=_URL_KEPT))


def _instant(day: date) -> str:
    return f"{day}T00:00:00Z"
