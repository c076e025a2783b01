"""Write the part of the UN/EDIFACT directory D.24A that Pratique uses, as one compact file.

python tools/edifact_directory.py FOLDER     a folder like pydifact/syntax/d24a/data of nerdocs/pydifact (MIT), with
                                             messages/, segments, composite_data_elements and codes as XML, gzipped or not

The directory's content is by UNECE. The segment PCI lacks its composite C210 in that folder; it is put back from the list
of composites. Codes come without their descriptions.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path
from typing import Any

from lxml import etree

OUT = Path(__file__).parent.parent / "src/pratique/messages/edifact/d24a.json"
MESSAGES = ("CUSCAR", "CUSRES")


def read(folder: Path, name: str) -> Any:
    packed = folder / f"{name}.xml.gz"
    data = (
        gzip.decompress(packed.read_bytes())
        if packed.exists()
        else (folder / f"{name}.xml").read_bytes()
    )
    return etree.fromstring(data)


def structure(node: Any) -> list[Any]:
    """[segment, most, mandatory] or [group, most, mandatory, [what is in it]]."""
    found: list[Any] = []
    for each in node:
        if each.tag in ("segment", "group"):
            row = [each.get("id"), int(each.get("maxrepeat")), each.get("required") == "true"]
            found.append([*row, structure(each)] if each.tag == "group" else row)
    return found


def element(node: Any) -> list[Any]:
    """[element, mandatory, type, most characters]."""
    return [
        node.get("id"),
        node.get("required") == "true",
        node.get("type"),
        int(node.get("maxlength")),
    ]


def segment(node: Any, composites: dict[str, Any]) -> list[Any]:
    """Elements and composites in order: [id, mandatory, times, [its elements]]."""
    found: list[Any] = []
    for each in node:
        if each.tag == "data_element":
            inner, times = [element(each)], int(each.get("repeat") or 1)
        elif each.tag == "composite_data_element":
            inner, times = [element(part) for part in each], int(each.get("repeat") or 1)
        else:
            continue
        found.append([each.get("id"), each.get("required") == "true", times, inner])
    if node.get("id") == "PCI" and all(each[0] != "C210" for each in found):
        found.insert(1, ["C210", False, 1, [element(part) for part in composites["C210"]]])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    messages = {name: structure(read(folder / "messages", name.lower())) for name in MESSAGES}
    composites = {each.get("id"): each for each in read(folder, "composite_data_elements")}
    segments = {each.get("id"): each for each in read(folder, "segments") if each.get("id")}
    tags = sorted(_tags([row for each in messages.values() for row in each]) & set(segments))
    used = {tag: segment(segments[tag], composites) for tag in tags}
    ids = {part[0] for rows in used.values() for row in rows for part in row[3]}
    codes = {
        each.get("id"): " ".join(code.get("id") for code in each)
        for each in read(folder, "codes")
        if each.get("id") in ids and each.get("id") != "6411"
    }
    OUT.write_text(
        json.dumps({"messages": messages, "segments": used, "codes": codes}, separators=(",", ":"))
        + "\n"
    )
    print(f"{OUT}: {len(used)} segments, {len(codes)} code lists, {OUT.stat().st_size} bytes")


def _tags(rows: list[Any]) -> set[str]:
    return {tag for row in rows for tag in (_tags(row[3]) if len(row) == 4 else {row[0]})}


if __name__ == "__main__":
    main()
