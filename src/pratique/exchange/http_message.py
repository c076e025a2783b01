"""What of this HTTP message is signed? Requests and responses as values, their digest, and the base of a signature.

Values only: whoever speaks HTTP fills them in. Field names are in lower case, values as they came. Known components are the
method, authority, path and query of a request, the status of a response, fields, and one member of a field that is a
dictionary (``key``); those of the request stand in a response's base with ``req``. Everything else is refused.

Sources: RFC 9421, 2 (components and signature base); RFC 9530 (Content-Digest); RFC 9651 (structured fields).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Any, Final

import http_sf
import msgspec

from pratique.errors import ExchangeError

Fields = tuple[tuple[str, str], ...]
"""Fields of a message in their order: name in lower case, value."""
Component = tuple[str, dict[str, Any]]
"""A component's name and its parameters."""
MAX_FIELD: Final = 4096
"""Letters of a structured field at most."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request: path and query as they are sent, without the mark between them; fields and body."""

    method: str
    authority: str
    path: str
    query: str = ""
    fields: Fields = ()
    body: bytes = b""

    def derived(self) -> dict[str, str]:
        """Its components that are no fields."""
        return {
            "@method": self.method,
            "@authority": self.authority.lower(),
            "@path": self.path,
            "@query": f"?{self.query}",
        }


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """A response: status, fields and body."""

    status: int
    fields: Fields = ()
    body: bytes = b""

    def derived(self) -> dict[str, str]:
        """Its components that are no fields."""
        return {"@status": str(self.status)}


Message = Request | Response


def content_digest(body: bytes) -> str:
    """The value of the field ``Content-Digest`` for a body."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def field(message: Message, name: str) -> str | None:
    """A field's value, several of one name joined; None when there is none."""
    found = [value.strip(" \t") for each, value in message.fields if each == name]
    return ", ".join(found) if found else None


def dictionary(message: Message, name: str) -> dict[str, Any]:
    """A field that is a dictionary (RFC 9651), empty when it is missing. Raises ``ExchangeError``."""
    text = field(message, name)
    if text is None:
        return {}
    if len(text) > MAX_FIELD:
        raise ExchangeError("http-field", f"Has more than {MAX_FIELD} letters.", name)
    try:
        read = http_sf.parse(text.encode("ascii"), tltype="dictionary", on_duplicate_key=_refuse)
    except (ValueError, UnicodeEncodeError) as problem:
        raise ExchangeError(
            "http-field", f"No dictionary of RFC 9651: {problem}.", name
        ) from problem
    assert isinstance(read, dict)
    return read


def signature_base(
    message: Message,
    components: Sequence[Component],
    parameters: dict[str, Any],
    request: Request | None = None,
) -> bytes:
    """The bytes a signature over these components is made of. Raises ``ExchangeError`` for one that is not there."""
    written = [http_sf.ser(each) for each in components]
    if len(set(written)) != len(written):
        raise ExchangeError("http-signature", "A component stands twice.", "signature-input")
    lines = [
        f"{name}: {_value(message, each, request)}"
        for name, each in zip(written, components, strict=True)
    ]
    lines.append(f'"@signature-params": {inner_list(components, parameters)}')
    try:
        return "\n".join(lines).encode("ascii")
    except UnicodeEncodeError as problem:
        raise ExchangeError("http-field", "A signed field is not ASCII.", "fields") from problem


def inner_list(components: Sequence[Component], parameters: dict[str, Any]) -> str:
    """Components and parameters as a signature names them."""
    listed: Any = (list(components), parameters)
    return http_sf.ser([listed])


def _value(message: Message, component: Component, request: Request | None) -> str:
    name, parameters = component
    of: Message | None = request if parameters.get("req") is True else message
    if not isinstance(name, str) or of is None or set(parameters) - {"req", "key"}:
        raise ExchangeError(
            "http-signature", "Covers a component that is not read here.", "signature-input"
        )
    if "key" in parameters:
        members = dictionary(of, name)
        value = _member(members, str(parameters["key"]))
    else:
        value = of.derived().get(name) if name.startswith("@") else field(of, name)
    if value is None or "\n" in value or "\r" in value:
        raise ExchangeError(
            "not-covered", f"The message has no {name[:60]!r} to be signed.", "signature-input"
        )
    return value


def _member(members: dict[str, Any], key: str) -> str | None:
    return http_sf.ser([members[key]]) if key in members else None


def _refuse(key: str, _context: str) -> None:
    raise ValueError(f"{key[:40]!r} stands twice")
