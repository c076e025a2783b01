"""A file of descriptions, row by row; one plain error for a file that cannot be read."""

import csv
import io
import json

import pytest

from pratique.errors import MessageError
from pratique.office.classify import COLUMNS, classify, read_descriptions, written


def texts(data: bytes) -> list[str]:
    return [each.text for each in read_descriptions(data)]


def test_a_column_of_descriptions() -> None:
    assert texts('\ufeffCode,Description\n1,cotton socks\n\n2,"lamp, LED"\n'.encode()) == [
        "cotton socks",
        "lamp, LED",
    ]


def test_listings_as_csv_and_as_json_lines_read_the_same() -> None:
    attributes = {"Material": "Silver", "Origin": "CN"}
    line = {"title": "Ring", "category": "Jewelry > Rings", "attributes": attributes}
    out = io.StringIO()
    csv.writer(out).writerows([line, ["Ring", "Jewelry > Rings", json.dumps(attributes)]])
    assert texts(out.getvalue().encode()) == texts(json.dumps(line).encode())
    assert texts(json.dumps(line).encode()) == ["Ring . Rings . Silver"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "columns"),
        (b"words,code\nsocks,1\n", "columns"),
        (b"description\n\xff\n", "encoding"),
        (b'{"title": "a"}\n{"title"\n', "json"),
        (b"[" * 100_000, "columns"),
        (b'{"title": ' + b"[" * 100_000, "json"),
        (b"title,attributes\nring,silver\n", "attributes"),
        (b"description\n" + b"a" * 70_000, "too-long"),
        (b'description\n"' + b"a" * 200_000, "csv"),
    ],
)
def test_what_cannot_be_read_is_one_error_with_a_hint(data: bytes, code: str) -> None:
    with pytest.raises(MessageError) as raised:
        texts(data)
    assert raised.value.code == code
    assert raised.value.faults[0].hint


def test_answers_are_lines_best_first_and_no_formula() -> None:
    rows = list(read_descriptions(b"description\nmen's cotton t-shirt\n=1+1\n"))
    lines = list(
        csv.reader(io.StringIO("".join(written((row, classify(row.text, top=3)) for row in rows))))
    )
    assert tuple(lines[0]) == COLUMNS
    assert lines[1][:3] == ["1", "1", "610910"]
    assert [line[1] for line in lines[1:4]] == ["1", "2", "3"]
    assert lines[-1][:2] == ["2", "0"]
    assert lines[-1][-1] == "'=1+1"
