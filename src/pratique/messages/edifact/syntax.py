"""Bytes to segments and back: separators, release characters, counts and references of an interchange.

Source: ISO 9735 (UN/EDIFACT syntax), versions 1 to 3, as published by UNECE. Functional groups (UNG) and interactive or
packaged interchanges are not read. The reader is our own because every count, length and character is bounded here; an
independent one (pydifact) has to agree with it in the tests. Everything is bounded, and every text is held to what ``strict.hazard`` allows.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from pratique.errors import MessageError
from pratique.messages.strict import MAX_BYTES, hazard, refuse

MAX_SEGMENTS: Final = 50_000
MAX_ELEMENTS: Final = 32
MAX_COMPONENTS: Final = 16
_CHARSETS: Final = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "iso8859-1",
    "UNOW": "utf-8",
    "UNOY": "utf-8",
}
"""Character sets of ISO 9735 that are read: UNOW is ISO 10646 in UTF-8."""

Element = tuple[str, ...]
"""One element: its components."""


class Segment(msgspec.Struct, frozen=True):
    """One segment: its tag, its elements, and its place (1-based) in the interchange."""

    tag: str
    elements: tuple[Element, ...]
    number: int = 0

    def get(self, element: int, component: int = 0) -> str:
        """A component by its places, counted from 0; empty when it is not there."""
        if element < len(self.elements) and component < len(self.elements[element]):
            return self.elements[element][component]
        return ""


class Written(msgspec.Struct, frozen=True):
    """One message of an interchange: its type, its reference, and its segments from UNH to UNT."""

    type: str
    reference: str
    segments: tuple[Segment, ...]


class Interchange(msgspec.Struct, frozen=True, kw_only=True):
    """An interchange: who sent it to whom, under which reference, and its messages."""

    sender: str
    recipient: str
    reference: str
    messages: tuple[Written, ...]


class _Marks(msgspec.Struct, frozen=True):
    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    end: str = "'"


def interchange_of(data: bytes) -> Interchange:
    """The interchange in ``data``. Raises ``MessageError``: no EDIFACT, a bound passed, a count or reference wrong."""
    if len(data) > MAX_BYTES:
        raise refuse(
            "too-large",
            f"The interchange has {len(data)} bytes; the limit is {MAX_BYTES}.",
            hint="Send it in several interchanges.",
        )
    text, marks = _decoded(data)
    segments = tuple(_segments(text, marks))
    if not segments or segments[0].tag != "UNB":
        raise _wrong("no-unb", "The interchange does not begin with UNB.", "Send it whole.")
    if segments[-1].tag != "UNZ":
        raise _wrong(
            "no-unz", "The interchange does not end with UNZ.", "It is cut off: send it whole."
        )
    head, end = segments[0], segments[-1]
    messages = tuple(_messages(segments[1:-1]))
    if end.get(0) != str(len(messages)):
        raise _wrong(
            "count",
            f"UNZ counts {end.get(0)[:9] or 'nothing'}, the interchange holds {len(messages)} messages.",
            "It is cut off, or was changed on its way.",
        )
    if end.get(1) != head.get(4):
        raise _wrong(
            "reference", "UNZ has another reference than UNB.", "Send each interchange whole."
        )
    return Interchange(
        sender=head.get(1), recipient=head.get(2), reference=head.get(4), messages=messages
    )


def write_interchange(
    messages: tuple[tuple[str, tuple[Segment, ...]], ...],
    *,
    sender: str,
    recipient: str,
    reference: str,
    at: datetime,
) -> bytes:
    """Messages (type, and segments between UNH and UNT) as an interchange in UTF-8 (UNOW, syntax version 4)."""
    moment = (at.strftime("%Y%m%d"), at.strftime("%H%M"))
    written = [Segment("UNB", (("UNOW", "4"), (sender,), (recipient,), moment, (reference,)))]
    for number, (kind, body) in enumerate(messages, start=1):
        written.append(Segment("UNH", ((str(number),), (kind, "D", "24A", "UN"))))
        written.extend(body)
        written.append(Segment("UNT", ((str(len(body) + 2),), (str(number),))))
    written.append(Segment("UNZ", ((str(len(messages)),), (reference,))))
    return ("UNA:+.? '\n" + "".join(f"{_text(each)}'\n" for each in written)).encode("utf-8")


def _decoded(data: bytes) -> tuple[str, _Marks]:
    """Text after UNA, and the marks that separate. UNB says the character set; it is always in ASCII itself."""
    marks = _Marks()
    body = data.lstrip(b"\r\n ")
    if body.startswith(b"UNA"):
        service = body[3:9].decode("latin-1")
        special = {service[i : i + 1] for i in (0, 1, 3, 5)}
        if (
            len(service) < 6
            or len(special) < 4
            or any(c.isalnum() or not c.isascii() for c in special)
        ):
            raise _wrong(
                "una", "UNA does not name four different marks.", "Use the usual UNA:+.? '"
            )
        marks = _Marks(service[0], service[1], service[2], service[3], service[5])
        body = body[9:].lstrip(b"\r\n ")
    if not body.startswith(b"UNB"):
        raise _wrong(
            "no-unb", "This is no EDIFACT: it does not begin with UNA or UNB.", "Send EDIFACT."
        )
    identifier = body[4:8].decode("latin-1")
    charset = _CHARSETS.get(identifier)
    if charset is None:
        raise _wrong(
            "encoding",
            f"The character set {identifier!r} is not read.",
            f"Send one of {', '.join(_CHARSETS)}.",
        )
    try:
        return body.decode(charset), marks
    except UnicodeDecodeError as error:
        raise _wrong(
            "encoding",
            f"Byte {error.start + 1} after UNA is not of the character set {identifier}.",
            "Send UNOW with UTF-8.",
        ) from error


def _segments(text: str, marks: _Marks) -> list[Segment]:
    found: list[Segment] = []
    elements: list[Element] = []
    components: list[str] = []
    letters: list[str] = []
    released = False

    def close_component() -> None:
        components.append("".join(letters))
        letters.clear()
        if len(components) > MAX_COMPONENTS:
            raise _bound("components in one element", MAX_COMPONENTS, len(found) + 1)

    def close_element() -> None:
        close_component()
        elements.append(tuple(components))
        components.clear()
        if len(elements) > MAX_ELEMENTS:
            raise _bound("elements in one segment", MAX_ELEMENTS, len(found) + 1)

    for letter in text:
        if released:
            letters.append(" " if letter in "\r\n" else letter)
            released = False
        elif letter == marks.release:
            released = True
        elif letter == marks.component:
            close_component()
        elif letter == marks.element:
            close_element()
        elif letter == marks.end:
            close_element()
            found.append(_segment(elements, len(found) + 1))
            elements.clear()
            if len(found) > MAX_SEGMENTS:
                raise _bound("segments", MAX_SEGMENTS, len(found))
        elif letter in "\r\n":
            if letters:
                letters.append(" ") if letters[-1] != " " else None
        else:
            letters.append(letter)
    if released or elements or components or "".join(letters).strip():
        raise _wrong(
            "cut",
            f"The text ends inside segment {len(found) + 1}.",
            "It is cut off: send it whole.",
        )
    return found


def _segment(elements: list[Element], number: int) -> Segment:
    tag = elements[0][0].strip() if elements else ""
    if not (len(tag) == 3 and tag.isascii() and tag.isalnum() and tag.isupper()):
        raise _wrong(
            "tag", f"Segment {number} has no tag of three letters.", "Check the separators.", number
        )
    if len(elements[0]) > 1:
        raise _wrong(
            "tag",
            f"Segment {number} has components in its tag.",
            "Send no nesting indicators.",
            number,
        )
    for element in elements:
        for text in element:
            name = hazard(text)
            if name:
                raise _wrong(
                    "unsafe-value",
                    f"Segment {number} ({tag}) holds the character {name}.",
                    "Remove it.",
                    number,
                )
    return Segment(tag, tuple(elements[1:]), number)


def _messages(segments: tuple[Segment, ...]) -> list[Written]:
    found: list[Written] = []
    start = 0
    while start < len(segments):
        head = segments[start]
        if head.tag in ("UNG", "UNE"):
            raise _wrong(
                "group",
                "Functional groups are not read.",
                "Send messages without UNG.",
                head.number,
            )
        if head.tag != "UNH":
            raise _wrong(
                "no-unh",
                f"Segment {head.number} is {head.tag}; a message begins with UNH.",
                "Check it.",
                head.number,
            )
        end = next(
            (i for i in range(start + 1, len(segments)) if segments[i].tag in ("UNT", "UNH")), None
        )
        if end is None or segments[end].tag != "UNT":
            raise _wrong(
                "no-unt",
                f"The message at segment {head.number} has no UNT.",
                "It is cut off.",
                head.number,
            )
        body = segments[start : end + 1]
        last = body[-1]
        if last.get(0) != str(len(body)):
            raise _wrong(
                "count",
                f"UNT counts {last.get(0)[:9] or 'nothing'}, the message has {len(body)} segments.",
                "It is cut off, or was changed on its way.",
                last.number,
            )
        if last.get(1) != head.get(0):
            raise _wrong(
                "reference", "UNT has another reference than UNH.", "Check it.", last.number
            )
        release = (head.get(1, 1), head.get(1, 2), head.get(1, 3))
        if release != ("D", "24A", "UN"):
            raise _wrong(
                "version",
                f"The message is of {':'.join(release)[:20]}; read is D:24A:UN.",
                "Send D.24A.",
                head.number,
            )
        found.append(Written(head.get(1, 0), head.get(0), body))
        start = end + 1
    return found


def _text(segment: Segment) -> str:
    parts = [segment.tag]
    for element in segment.elements:
        components = [_released(each) for each in element]
        while components and not components[-1]:
            components.pop()
        parts.append(":".join(components))
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return "+".join(parts)


def _released(text: str) -> str:
    for mark in "?:+'":
        text = text.replace(mark, f"?{mark}")
    return " ".join(text.splitlines()) if "\n" in text or "\r" in text else text


def _bound(what: str, most: int, number: int) -> MessageError:
    return _wrong(
        "too-many", f"Segment {number}: more than {most} {what}.", "No message needs that.", number
    )


def _wrong(code: str, message: str, hint: str, number: int = 0) -> MessageError:
    return refuse(code, message, f"segment {number}" if number else "", hint)
