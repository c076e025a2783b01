"""Derive the order of elements in a WCO declaration from its schema.

    python tools/build_wco_order.py ../shared/samples/hmrc-wco-dec/schemas/wco/declaration/WCO_DEC_2_DMS.xsd

Writes src/pratique/messages/wco_order.json: each element with the elements it may hold, in schema order
(WCO Data Model 3.6, DEC-DMS:2). Only names and their order are taken.
"""

import json
import sys
from pathlib import Path

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
TARGET = Path(__file__).parent.parent / "src/pratique/messages/wco_order.json"


def children(node: etree._Element, types: dict[str, etree._Element]) -> dict[str, object]:
    """Elements a type may hold, in order; nested types are followed."""
    found: dict[str, object] = {}
    for part in node.iterchildren(f"{XS}sequence", f"{XS}choice", f"{XS}complexType"):
        found.update(children(part, types))
    for element in node.iterchildren(f"{XS}element"):
        name = element.get("name")
        inner = element.find(f"{XS}complexType")
        if inner is None:
            inner = types.get(element.get("type", ""))
        found[name] = children(inner, types) if inner is not None else {}
    return found


def main() -> None:
    root = etree.parse(sys.argv[1]).getroot()
    types = {each.get("name"): each for each in root.iterchildren(f"{XS}complexType")}
    TARGET.write_text(
        json.dumps(children(types["Declaration"], types), separators=(",", ":")) + "\n"
    )


if __name__ == "__main__":
    main()
