"""The manifest: rows that belong together, rows that are bad, and everything a spreadsheet does to a file."""

import pytest

from pratique import messages
from pratique.errors import MessageError
from pratique.messages import csv_manifest

HEAD = "declaration_id,destination,description,price,currency\n"


def read(text: str | bytes, head: str = HEAD) -> list[tuple[str, int] | str]:
    """Each row as (id, number of items), or as the code of its error."""
    data = head.encode() + (text if isinstance(text, bytes) else text.encode())
    return [
        (row.declaration.id, len(row.declaration.consignment.items))
        if row.declaration is not None
        else row.error.code
        for row in messages.read(data, "csv")
    ]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("A,DE,shirt,1,EUR\nB,DE,sock,1,EUR\n", [("A", 1), ("B", 1)]),
        ("A,DE,shirt,1,EUR\nA,DE,sock,1,EUR\nB,DE,hat,1,EUR", [("A", 2), ("B", 1)]),
        ("A,DE,shirt,1,EUR\r\n\r\nA ,DE,sock,1,EUR\r\n", [("A", 2)]),
        # a row that cannot be read takes its declaration with it, wherever it stands, and no other
        ("A,DE,shirt,1,EUR\nA,DE,sock\nA,DE,hat,1,EUR\nB,DE,cap,1,EUR\n", ["columns", ("B", 1)]),
        ("A,DE,shirt\nA,DE,sock,1,EUR\nB,DE,cap,1,EUR\n", ["columns", ("B", 1)]),
        ("A,DE,shirt,1,EUR\nB,DE,cap\nC,DE,hat,1,EUR\n", [("A", 1), "columns", ("C", 1)]),
        ('A,DE,shirt,1,EUR\nA,DE,"sock,1,EUR\nB,DE,hat,1,EUR\n', ["quotes", ("B", 1)]),
        # whose row it is cannot be told: neither neighbour is sure
        ('A,DE,shirt,1,EUR\n"x,DE,sock,1,EUR\nB,DE,hat,1,EUR\nC,DE,hat,1,EUR\n', [("A", 1), "quotes", ("B", 1), ("C", 1)]),
        # rows that stand apart could each be taken for the whole
        ("A,DE,shirt,1,EUR\nB,DE,sock,1,EUR\nA,DE,hat,1,EUR\n", ["invalid", ("B", 1), "invalid"]),
        ('"A,1",DE,x y,1,EUR\nB,DE,z,1,EUR\n"A,2",DE,w,1,EUR\n', [("A,1", 1), ("B", 1), ("A,2", 1)]),
        # one row in another encoding
        (b"A,DE,shirt,1,EUR\n" + "B,DE,café,1,EUR\n".encode("latin-1") + "C,DE,hüt,1,EUR".encode(),
         [("A", 1), "encoding", ("C", 1)]),
        ("A,DE,shirt,,\n", [("A", 1)]),
    ],
)  # fmt: skip
def test_rows_form_declarations(rows: str | bytes, found: list[object]) -> None:
    assert read(rows) == found


def test_a_row_of_nobody_makes_its_neighbours_doubtful() -> None:
    head = "destination,declaration_id,description,price,currency\n"
    rows = 'DE,A,shirt,1,EUR\n"DE,A,sock,1,EUR\nDE,B,hat,1,EUR\nDE,C,cap,1,EUR\n'
    assert read(rows, head) == ["quotes", "invalid", ("C", 1)]


def test_a_dash_before_a_description_gets_a_clear_answer() -> None:
    with pytest.raises(MessageError) as refused:
        messages.parse((HEAD + "A,DE,- blue shirt,1,EUR\n").encode(), "csv")
    (fault,) = refused.value.faults
    assert fault.pointer == "line 2, description"
    assert fault.message == "Starts with '-': a spreadsheet would run it as a formula."
    assert fault.hint == "Remove the sign or put a word before it: 'blue shirt'."


def test_a_negative_amount_is_no_formula_but_a_finding() -> None:
    assert read("A,DE,shirt,-1.00,EUR\n") == [("A", 1)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ('"shirt, blue"', "shirt, blue"),
        ('"15"" screen"', '15" screen'),
        ('""""', '"'),
        ('""', ""),
        ("it's", "it's"),
        ("  padded  ", "padded"),
        ('"می\u200cخواهم"', "می\u200cخواهم"),
    ],
)
def test_fields_are_read_as_they_were_meant(field: str, value: str) -> None:
    declaration = messages.parse((HEAD + f"A,DE,{field},1,EUR\n").encode(), "csv")
    assert declaration.consignment.items[0].description == value


def test_all_faults_of_a_declaration_are_told_at_line_and_column() -> None:
    head = HEAD.replace("\n", ",origin,hs_code,seller_country,lodged_at\n")
    rows = "A,DE,shirt,1;5,EUR,CHN,6,XX,2026-07-01\nA,DE,sock,1.50,,CN,61091000000000000,,\n"
    with pytest.raises(MessageError) as refused:
        messages.parse((head + rows).encode(), "csv")
    assert [each.pointer for each in refused.value.faults] == [
        "line 2, price", "line 2, lodged_at", "line 3, currency",
    ]  # fmt: skip
    sound = (
        rows.replace("1;5", "1.5")
        .replace("1.50,,", "1.50,EUR,")
        .replace("07-01", "07-01T00:00:00Z")
    )
    with pytest.raises(MessageError) as refused:
        messages.parse((head + sound).encode(), "csv")
    assert {each.pointer for each in refused.value.faults} == {
        "line 2, origin", "line 2, hs_code", "line 3, hs_code",
    }  # fmt: skip


def test_endless_rows_of_one_declaration_are_one_short_error() -> None:
    (row,) = messages.read((HEAD + "A,DE,shirt,1,EUR\n" * 20_000).encode(), "csv")
    assert row.error is not None
    assert len(row.source) < 30_000


def test_what_a_spreadsheet_would_run_is_not_written_even_behind_blanks() -> None:
    good = messages.parse((HEAD + "A,DE,shirt,1,EUR\n").encode(), "csv")
    for text in ("=1+1", "  =1+1", "\uff1d1", "@x", "a\nb", "a\u202eb"):
        item = {"description": text, "price": {"amount": "1", "currency": "EUR"}}
        odd = csv_manifest.declaration_of(
            {"id": "A", "destination": "DE", "consignment": {"items": [item]}}
        )
        with pytest.raises(MessageError, match="cannot be written safely"):
            csv_manifest.write_many([good, odd])


def test_losses_name_every_part_of_a_party() -> None:
    data = (
        b'{"id":"A","destination":"DE","flow":"c2c","direction":"export","parties":[{"roles":["seller","exporter"],'
        b'"name":"X","contact":"Y","ids":[{"kind":"VAT","number":"DE1"}]},{"roles":["importer"],"name":"Z"}],'
        b'"consignment":{"items":[{"description":" padded "}]}}'
    )
    assert {each.pointer for each in messages.losses(messages.parse(data), "csv")} == {
        "/direction", "/parties/0/roles", "/parties/0/contact", "/parties/0/ids", "/parties/1",
        "/consignment/items/0/description",
    }  # fmt: skip
