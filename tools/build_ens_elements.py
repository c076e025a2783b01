"""Derive the elements of an entry summary declaration (IE315, IE313), their order and their limits from the schemas.

    python tools/build_ens_elements.py ../shared/samples/hmrc-ens-rules/xsds

Writes src/pratique/messages/ens_elements.csv, one line an element in schema order. Only names, order, limits, meanings and
the names of conditions and code lists are taken. Source: hmrc/import-control-entry-declaration-store, conf/xsds, v11.2.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
DOC = "{http://ics.dgtaxud.ec/doc}"
TARGET = Path(__file__).parent.parent / "src/pratique/messages/ens_elements.csv"
COLUMNS = (
    "path message least most blanks patterns min_length max_length digits decimals values "
    "meaning conditions code_list"
).split()
MESSAGES = ("CC315A", "CC313A")
Types = dict[tuple[str, str], etree._Element]


def read_types(folder: Path) -> Types:
    """Every named type and group, by the prefix it is referred to with and its name."""
    files = {
        **{name: f"{name}-v11-2-New.xsd" for name in MESSAGES},
        "complex_ics": "complex_types_ics-v11-2.xsd",
        "simple": "simple_types-v11-2.xsd",
        "tcl": "tcl-v11-2.xsd",
    }
    return {
        (prefix, each.get("name")): each
        for prefix, name in files.items()
        for each in etree.parse(folder / name).getroot()
        if isinstance(each.tag, str) and each.get("name") and each.tag != f"{XS}element"
    }


def form(types: Types, prefix: str, name: str) -> dict[str, str]:
    """The limits of a simple type and of those it restricts."""
    restriction = types[prefix, name].find(f"{XS}restriction")
    base = restriction.get("base").split(":")
    found = (
        {"blanks": "keep" if base[1] == "string" else "collapse"}
        if base[0] == "xs"
        else form(types, *base)
    )
    if base == ["xs", "decimal"]:
        found["patterns"] = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    names = {"minLength": "min_length", "maxLength": "max_length", "totalDigits": "digits"}
    for facet in restriction:
        kind = etree.QName(facet).localname if isinstance(facet.tag, str) else ""
        value = facet.get("value")
        if kind == "pattern":
            pattern = value.replace(r"\p{IsBasicLatin}", r"[\x00-\x7f]")
            found["patterns"] = "\t".join(filter(None, (found.get("patterns", ""), pattern)))
        elif kind == "length":
            found |= {"min_length": value, "max_length": value}
        elif kind == "fractionDigits":
            found["decimals"] = value
        elif kind == "enumeration":
            found["values"] = " ".join(filter(None, (found.get("values", ""), value)))
        elif kind in names:
            found[names[kind]] = value
    return found


def walk(types: Types, home: str, prefix: str, name: str, above: str) -> Iterator[dict[str, str]]:
    """The elements of a type, each followed by its own, in order."""
    for each in types[prefix, name].iter(f"{XS}element", f"{XS}group"):
        if each.tag == f"{XS}group":
            if each.get("ref"):
                yield from walk(types, home, prefix, each.get("ref").partition(":")[2], above)
            continue
        said = [(x.tag, x) for x in each.iter() if isinstance(x.tag, str) and x.tag.startswith(DOC)]
        row = {
            "path": f"{above}{each.get('name')}",
            "least": each.get("minOccurs", "1"),
            "most": each.get("maxOccurs", "1").replace("unbounded", ""),
            "meaning": " ".join(x.get("value") for tag, x in said if tag == f"{DOC}description"),
            "conditions": " ".join(
                x.get("name") for tag, x in said if tag in (f"{DOC}rule", f"{DOC}condition")
            ),
            "code_list": " ".join(x.get("name") for tag, x in said if tag == f"{DOC}codeList"),
        }
        kind, _, type_name = each.get("type").partition(":")
        if kind in ("simple", "tcl"):
            yield row | form(types, kind, type_name)
        else:
            yield row
            below = home if kind == "ie" else kind
            yield from walk(types, home, below, type_name, row["path"] + "/")


def merged(first: list[dict[str, str]], second: list[dict[str, str]]) -> list[dict[str, str]]:
    """Both messages in one list; what only one has names it."""
    paths = {row["path"]: row for row in second}
    found, held = [], {row["path"] for row in first}
    for row in first:
        found.append(row if row["path"] in paths else row | {"message": MESSAGES[0]})
        assert row == paths.get(row["path"], row), row
    for at, row in enumerate(second):
        if row["path"] not in held:
            before = second[at - 1]["path"]
            place = next(i for i, each in enumerate(found) if each["path"] == before)
            found.insert(place + 1, row | {"message": MESSAGES[1]})
    return found


def main() -> None:
    types = read_types(Path(sys.argv[1]))
    rows = [list(walk(types, name, name, f"{name}Type", "")) for name in MESSAGES]
    with TARGET.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(merged(*rows))


if __name__ == "__main__":
    main()
