"""Published forms of tariffs, in small."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pratique.cli import main
from pratique.errors import UsageError
from pratique.jurisdictions.reader import read_tariff
from pratique.jurisdictions.tariffs import Told, forms, read, write

TOLD = Told(since=date(2025, 1, 1), source="Schedule (invented)")
HEAD = (
    "HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,"
    "Column 2 Rate of Duty,Quota Quantity,Additional Duties\n"
)
HTS = (
    HEAD
    + '"0101",0,"Live horses:",,,,,,\n'
    + '"6109.10.00",1,"Of cotton",,"16.5%","Free (AU,BH,S,\nKR) 3.2% (PA) See 9822.05 (P)","90%",,\n'
    + '"6109.10.00.12",2,"White",,,,,,\n'
    + '"2009.11.00",1,"Orange juice",,"7.85¢/liter","Free(A+) (S)","7.85¢/liter",,\n'
    + '"9904.00.00",1,"Other",,"The rate of the article",,,,\n'
)


def lines(content: bytes) -> list[tuple[str, str, str, bool]]:
    return [
        (each.hs, each.duty.text, " ".join(sorted(each.origins)), each.preference)
        for each in read_tariff("xx.tariff.csv", content)
    ]


def test_the_schedule_of_the_united_states() -> None:
    content, imported = write(read("us-hts", HTS.encode(), TOLD))
    assert lines(content) == [
        ("61091000", "16.5%", "", False),
        ("61091000", "Free", "AU BH CA KR MX", True),
        ("61091000", "3.2%", "PA", True),
        ("61091000", "See 9822.05", "CR DO GT HN NI SV", True),
        ("61091000", "90%", "BY CU KP RU", False),
        ("20091100", "7.85¢/liter", "", False),
        ("20091100", "Free", "CA MX", True),
        ("99040000", "The rate of the article", "", False),
    ]
    assert imported.general == {"ad valorem": 1, "specific": 1, "text": 1}
    assert imported.in_words == (("99040000", "The rate of the article"),)


def test_its_json_gives_the_same() -> None:
    row = {"htsno": "6109.10.00", "indent": "1", "general": "16.5%", "special": "Free (AU)", "other": "90%",
           "units": ["doz."], "footnotes": None}  # fmt: skip
    content, _ = write(read("us-hts", json.dumps([row, {"htsno": "0101"}]).encode(), TOLD))
    assert [each[:3] for each in lines(content)] == [
        ("61091000", "16.5%", ""),
        ("61091000", "Free", "AU"),
        ("61091000", "90%", "BY CU KP RU"),
    ]


def measure(number: str, kind: str, area: str, duty: str, **more: Any) -> list[dict[str, Any]]:
    def to(name: str, id: str) -> dict[str, Any]:
        return {"data": {"id": id, "type": name}}

    related = {"measure_type": to("measure_type", kind), "geographical_area": to("geographical_area", area),
               "duty_expression": to("duty_expression", f"{number}-duty"), **more}  # fmt: skip
    attributes = {
        "import": True,
        "effective_start_date": "2021-01-01T00:00:00.000Z",
        "effective_end_date": None,
    }
    return [
        {"id": number, "type": "measure", "attributes": attributes, "relationships": related},
        {"id": f"{number}-duty", "type": "duty_expression", "attributes": {"base": duty}},
    ]


def commodity(*measures: list[dict[str, Any]], code: str = "0406901300") -> dict[str, Any]:
    group = {"id": "2027", "type": "geographical_area", "attributes": {},
             "relationships": {"children_geographical_areas": {"data": [{"id": "VN"}, {"id": "KH"}, {"id": "NZ"}]}}}  # fmt: skip
    return {
        "data": {
            "id": "1",
            "type": "commodity",
            "attributes": {"goods_nomenclature_item_id": code},
        },
        "included": [group, *(each for found in measures for each in found)],
    }


def test_the_tariff_of_the_united_kingdom() -> None:
    document = commodity(
        measure("1", "103", "1011", "139.00 GBP / 100 kg"),
        measure("2", "142", "NZ", "0.00 %"),
        measure(
            "3",
            "142",
            "2027",
            "8.00 % MAX 1.20 GBP / kg",
            excluded_countries={"data": [{"id": "NZ", "type": "geographical_area"}]},
        ),
        measure("4", "552", "CN", "30.00 %"),
        measure("5", "305", "1011", "20.00 %"),
        measure("6", "143", "NZ", "0.00 %", order_number={"data": {"id": "050001"}}),
    )
    for content in (json.dumps(document), json.dumps([document])):
        made, imported = write(read("uk-json", content.encode(), TOLD))
        assert lines(made) == [
            ("0406901300", "139.00 GBP / 100 kg", "", False),
            ("0406901300", "0.00 %", "NZ", True),
            ("0406901300", "8.00 % MAX 1.20 GBP / kg", "KH VN", True),
            ("0406901300", "additional duty 30.00 %", "CN", False),
        ]
        assert imported.special == {"free": 1, "bounded": 1, "text": 1}


def test_the_harmonized_system_is_a_tariff_to_fill_in() -> None:
    content = b"section,hscode,description,parent,level\nI,01,Animals,,2\nI,010121,Horses,0101,6\n"
    made, _ = write(read("hs", content, TOLD))
    assert lines(made) == [("010121", "not entered yet: Horses", "", False)]


def test_a_tariff_by_hand() -> None:
    content = b"hs,rate,from,origins,preference\n61,12%,,,\n6109.10,Free,2026-01-01,NO IS,yes\n85,by weight,,,\n"
    made, imported = write(read("csv", content, TOLD))
    assert lines(made) == [
        ("61", "12%", "", False),
        ("610910", "Free", "IS NO", True),
        ("85", "by weight", "", False),
    ]
    assert imported.in_words == (("85", "by weight"),)


@pytest.mark.parametrize(
    ("form", "content", "says"),
    [
        ("tsv", b"", "there are csv, hs, uk-json, us-hts"),
        ("us-hts", b"a,b\n1,2\n", "no column HTS Number"),
        ("us-hts", b"\xff\xfe", "not UTF-8"),
        ("us-hts", b"[{", "not the JSON"),
        ("us-hts", HEAD.encode() + b'x,1,d,,"5%",,,,\n', "without a number"),
        ("uk-json", b"{}", "Commodity 1"),
        ("uk-json", b"[1]", "Commodity 1"),
        ("uk-json", json.dumps(commodity(code="04")).encode(), "Commodity 1"),
        (
            "uk-json",
            json.dumps(commodity(measure("1", "142", "9999", "0 %"))).encode(),
            "area 9999",
        ),
        ("uk-json", b"{", "not JSON"),
        ("csv", b"hs,rate,colour\n", "Name the columns"),
        ("csv", b"hs,rate\nxx,5%\n", "Line 2"),
        ("csv", b"hs,rate\n61,\n", "Line 2"),
        ("csv", b"hs,rate,from\n61,5%,soon\n", "Line 2"),
        ("hs", b"a\n", "hscode"),
    ],
)
def test_what_is_not_of_the_form_is_refused(form: str, content: bytes, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        write(read(form, content, TOLD))
    assert says in str(refused.value)
    assert set(forms()) == {"csv", "hs", "uk-json", "us-hts"}


def test_a_tariff_brought_in_is_reckoned_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hts.csv").write_text(HTS, "utf-8")
    law = tmp_path / "law"
    bring = [
        "tariff",
        "import",
        str(tmp_path / "hts.csv"),
        "--form",
        "us-hts",
        "--to",
        "US",
        "--from",
        "2025-01-01",
    ]
    assert main([*bring, "--directory", str(law), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lines"] == 8
    monkeypatch.setenv("PRATIQUE_LAW", str(law))
    assert main(["tariff", "show", "US", "6109100012", "--on", "2025-03-01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rate"] == "16.5%"
    assert main(["tariff", "show", "US", "9504", "--on", "2025-03-01"]) == 1
    capsys.readouterr()
    ask = [
        "quote",
        "--to",
        "US",
        "--from",
        "VN",
        "--on",
        "2025-03-01",
        "--currency",
        "USD",
        "--channel",
        "express",
    ]
    line = "hs=6109100012,value=1200.00,qty=10,origin=VN,what=cotton T-shirt"
    assert main([*ask, "--line", line, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["totals"]["duty"] == "198.00"
    assert "us.tariff/61091000@2025-01-01" in {step["rule"] for step in told["trace"]}
