"""How is a message written? Plain content in, XML in the order of its schema out, held to that schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from pratique.errors import Fault, MessageError
from pratique.messages.ics2.schema import NAMESPACE, Structure, root_of, type_of, validator
from pratique.messages.strict import MAX_BYTES, decode_text, hazard, refuse

Content = Mapping[str, Any]
"""Elements and attributes by name: text, content below, or a list of either where an element may repeat."""


def document(name: str, content: Content) -> bytes:
    """A message as XML. Raises ``MessageError`` when it is not valid against the schema, with every fault."""
    root = etree.Element(f"{{{NAMESPACE}}}{root_of(name).name}", nsmap={None: NAMESPACE})
    _fill(root, root_of(name).type, content, name)
    wrong = _wrong(name, root)
    if wrong:
        raise MessageError("invalid", f"{name} would not be valid: {wrong[0].message}", wrong)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def faults(name: str, data: bytes) -> tuple[Fault, ...]:
    """What is wrong with a message by its schema; hostile bytes raise ``MessageError``."""
    text = decode_text(data, MAX_BYTES)
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        raise refuse("doctype", "The XML holds a document type.", hint="Remove it.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise refuse(
            "not-xml", f"This is no XML: {str(error)[:200]}.", hint="Send it whole, as UTF-8."
        ) from error
    return _wrong(name, root)


def _wrong(name: str, root: Any) -> tuple[Fault, ...]:
    schema = validator(name)
    if schema.validate(root):
        return ()
    return tuple(
        Fault(
            pointer=str(error.path or ""),
            message=error.message.replace(f"{{{NAMESPACE}}}", "")[:300],
            hint=f"See the schema of {name}.",
        )
        for error in schema.error_log
    )


def _fill(node: Any, type_name: str, content: Any, message: str) -> None:
    kind = type_of(type_name, message)
    if not isinstance(kind, Structure):
        text = str(content)
        if hazard(text):
            raise refuse("unsafe-value", f"{node.tag.rpartition('}')[2]} holds {hazard(text)}.")
        node.text = text
        return
    unknown = set(content) - {part.name for part in kind.parts}
    assert not unknown, f"{type_name} has no {', '.join(sorted(unknown))}"
    for part in kind.parts:
        if part.name not in content:
            continue
        value = content[part.name]
        if part.attribute:
            node.set(part.name, str(value))
            continue
        several = isinstance(value, Sequence) and not isinstance(value, str)
        for each in value if several else (value,):
            child = etree.SubElement(node, f"{{{NAMESPACE}}}{part.name}")
            _fill(child, part.type, each, message)
