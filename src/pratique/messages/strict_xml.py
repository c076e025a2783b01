"""Is this XML safe to read? One strict entry for every form that comes as XML.

Source: the XML security advice of OWASP (document types, entities, expansion) and Unicode TR 36.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from pratique.messages.strict import decode_text, refuse

MAX_ELEMENTS: Final = 50_000
HINTS: Final = tuple(
    f"{{http://www.w3.org/2001/XMLSchema-instance}}{name}"
    for name in ("schemaLocation", "noNamespaceSchemaLocation")
)
"""Attributes that say where a schema lies, and nothing of the goods."""
_ENCODING: Final = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_FORBIDDEN: Final = re.compile(r"<!\s*(doctype|entity|element|attlist|notation)", re.IGNORECASE)


def read_root(data: bytes) -> etree._Element:
    """The root element of an XML text, without comments and processing instructions.

    Raises ``MessageError``: not XML, document types and entities (never needed, often an attack), another
    encoding than UTF-8, or more than a declaration needs.
    """
    text = decode_text(data.removeprefix(b"\xef\xbb\xbf"))
    stated = _ENCODING.match(text)
    if stated and stated.group(1).lower() not in ("utf-8", "utf8", "us-ascii"):
        raise refuse("encoding", f"The XML says it is {stated.group(1)}.", hint="Save it as UTF-8.")
    if _FORBIDDEN.search(text):
        raise refuse(
            "doctype",
            "The XML holds a document type or entity declaration.",
            hint="Remove it: a declaration needs none.",
        )
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        told = str(getattr(error, "msg", error))[:200]
        raise refuse(
            "too-deep" if "depth" in told else "not-xml",
            f"This is no XML that can be read: {told}.",
            f"line {line}" if line else "",
            "Check that the file is whole and is XML.",
        ) from error
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise refuse(
            "too-large",
            f"The document has more than {MAX_ELEMENTS} elements.",
            hint="Send fewer declarations at a time.",
        )
    return root


def split_tag(tag: str) -> tuple[str, str]:
    """The namespace of a tag, empty if none, and its name; a namespace may itself hold braces."""
    namespace, _, name = tag.rpartition("}")
    return namespace.removeprefix("{"), name
