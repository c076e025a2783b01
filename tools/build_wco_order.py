"""Derive the order and the limits of the elements of a WCO declaration from its schema.

    python tools/build_wco_order.py ../shared/samples/hmrc-wco-dec/schemas/wco/declaration/WCO_DEC_2_DMS.xsd

Writes src/pratique/messages/wco_order.json: each element with the elements it may hold, in schema order, or with
the form of its text as an..70, n..16,3 (WCO Data Model 3.6, DEC-DMS:2). Only names, order and limits are taken.
"""

import json
import sys
from pathlib import Path

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
TARGET = Path(__file__).parent.parent / "src/pratique/messages/wco_order.json"
Types = dict[str, etree._Element]


def children(node: etree._Element, types: Types, simple: Types) -> dict[str, object]:
    """Elements a type may hold, in order; nested types are followed."""
    found: dict[str, object] = {}
    for part in node.iterchildren(f"{XS}sequence", f"{XS}choice", f"{XS}complexType"):
        found.update(children(part, types, simple))
    for element in node.iterchildren(f"{XS}element"):
        inner = element.find(f"{XS}complexType")
        if inner is None:
            inner = types.get(element.get("type", ""))
        if inner is not None:
            found[element.get("name")] = children(inner, types, simple)
        else:
            found[element.get("name")] = form(simple[element.get("type").partition(":")[2]])
    return found


def form(kind: etree._Element) -> str:
    """The form of a text as the WCO writes it: an..70 letters and digits, a2 two letters, n..16,3 a number; or 9|13."""

    def limit(name: str) -> str:
        return next((each.get("value") for each in kind.iter(f"{XS}{name}")), "")

    if limit("enumeration"):
        return "|".join(each.get("value") for each in kind.iter(f"{XS}enumeration"))
    if limit("totalDigits"):
        return f"n..{limit('totalDigits')},{limit('fractionDigits') or 0}"
    letters = {"([0-9])*": "n", "([a-zA-Z])*": "a"}.get(limit("pattern"), "an")
    return letters + (limit("length") or f"..{limit('maxLength')}")


def main() -> None:
    schema = Path(sys.argv[1])
    root = etree.parse(schema).getroot()
    texts = etree.parse(schema.parent / "WCO_DS/WCO_DEC_DS_2_DMS.xsd").getroot()
    types = {each.get("name"): each for each in root.iterchildren(f"{XS}complexType")}
    simple = {each.get("name"): each for each in texts.iterchildren()}
    TARGET.write_text(
        json.dumps(children(types["Declaration"], types, simple), separators=(",", ":")) + "\n"
    )


if __name__ == "__main__":
    main()
