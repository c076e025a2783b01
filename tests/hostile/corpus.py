"""Bytes that are hostile or merely odd: name, form, content. All must be refused with a typed error."""

from __future__ import annotations

import bz2
import gzip
import io
import zipfile
from collections.abc import Iterator

_ITEM = '{"description":"cotton shirt","price":{"amount":"1.00","currency":"EUR"}}'
_GOOD = f'{{"id":"A","destination":"DE","consignment":{{"items":[{_ITEM}]}}}}'
_DEC = "urn:wco:datamodel:WCO:DEC-DMS:2"
_XML = f'<Declaration xmlns="{_DEC}"><FunctionCode>9</FunctionCode><FunctionalReferenceID>A</FunctionalReferenceID>{{}}</Declaration>'
_HEAD = "declaration_id,destination,description,price,currency\n"


def corpus() -> Iterator[tuple[str, str, bytes]]:
    """Every hostile file: (name, form, content)."""
    yield from _json()
    yield from _xml()
    yield from _csv()


def _with(old: str, new: str) -> bytes:
    assert old in _GOOD
    return _GOOD.replace(old, new).encode("utf-8", "surrogatepass")


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("../../etc/passwd", "x")
    return out.getvalue()


def _json() -> Iterator[tuple[str, str, bytes]]:
    amount = '"amount":"1.00"'
    for name, content in {
        "duplicate key": _with('"id":"A"', '"id":"A","id":"B"'),
        "duplicate key deep inside": _with(amount, f'{amount},"amount":"9.00"'),
        "duplicate key written with an escape": _with('"id":"A"', '"id":"A","\\u0069d":"B"'),
        "NaN": _with(amount, '"amount":NaN'),
        "Infinity": _with(amount, '"amount":Infinity'),
        "NaN as text": _with("1.00", "NaN"),
        "1e400": _with(amount, '"amount":1e400'),
        "exponent as text": _with("1.00", "1E+5"),
        "float amount": _with(amount, '"amount":1.1'),
        "integer amount": _with(amount, '"amount":1'),
        "5,000 digits": _with(amount, f'"amount":{"9" * 5000}'),
        "5,000 digits as text": _with("1.00", "9" * 5000),
        "seven decimals": _with("1.00", "1.0000001"),
        "underscores": _with("1.00", "1_000"),
        "blanks in an amount": _with("1.00", " 1 "),
        "Arabic digits": _with("1.00", "١"),
        "empty amount": _with("1.00", ""),
        "lone surrogate escaped": _with("cotton", "\\ud800"),
        "lone surrogate in bytes": _with("cotton", "\ud800"),
        "NUL escaped": _with("cotton", "\\u0000"),
        "NUL in bytes": _with("cotton", "\0"),
        "bidirectional override": _with("cotton", "\u202ecotton"),
        "bidirectional override escaped": _with("cotton", "\\u202ecotton"),
        "bidirectional isolate": _with("cotton", "\u2066cotton"),
        "right-to-left mark in a key": _with('"id":"A"', '"id":"A","\u200fid":"B"'),
        "escape sequence of a terminal": _with("cotton", "\\u001b[31m"),
        "carriage return and line feed as raw control": _with("cotton", "a\r\nb"),
        "200,000 deep arrays": b"[" * 200_000,
        "200,000 deep objects": b'{"a":' * 200_000,
        "deep inside the extension": _with('"id":"A"', '"id":"A","x":' + "[" * 500 + "]" * 500),
        "truncated": _GOOD[:-20].encode(),
        "trailing data": _GOOD.encode() + b"{}",
        "empty": b"",
        "null": b"null",
        "a number": b"5",
        "an array": b"[]",
        "byte order mark": b"\xef\xbb\xbf" + _GOOD.encode(),
        "UTF-16": _GOOD.encode("utf-16"),
        "UTF-32": _GOOD.encode("utf-32"),
        "Latin-1": _with("cotton", "caf\u00e9").decode().encode("latin-1"),
        "overlong UTF-8": _GOOD.encode().replace(b"cotton", b"\xc0\xaf"),
        "gzip": gzip.compress(_GOOD.encode()),
        "gzip bomb": gzip.compress(b"0" * 50_000_000),
        "bzip2": bz2.compress(_GOOD.encode()),
        "zip with a path": _zip(),
        "two megabytes": _with("cotton", "x" * 2_000_000),
        "100,000 items": _with(_ITEM, ",".join([_ITEM] * 100_000)),
        "1,500 items": _with(_ITEM, ",".join(["{}"] * 1500)),
        "1,000 unknown elements": _with(
            '"id":"A"', '"id":"A",' + ",".join(f'"x{n}":1' for n in range(1000))
        ),
        "wrong types everywhere": b'{"id":[],"destination":{},"consignment":"x"}',
        "comments": b"/* x */" + _GOOD.encode(),
        "single quotes": _GOOD.replace('"', "'").encode(),
    }.items():
        yield f"json: {name}", "aed", content


def _xml() -> Iterator[tuple[str, str, bytes]]:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    for name, content in {
        "document type": "<!DOCTYPE x>" + _XML.format(""),
        "external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        + _XML.format("&e;"),
        "external entity over the network": '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">'
        + _XML.format(""),
        "parameter entity": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hosts"> %p;]>'
        + _XML.format(""),
        "billion laughs": f"<!DOCTYPE x [{laughs}]>" + _XML.format("&a9;"),
        "quadratic blow-up": f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]>'
        + _XML.format("&a;" * 5_000),
        "unknown entity": _XML.format("<TypeCode>&nobody;</TypeCode>"),
        "200,000 deep": "<a>" * 200_000,
        "100,000 elements": _XML.format("<TypeCode>IMA</TypeCode>" * 100_000),
        "truncated": _XML.format("<TypeCode>IM"),
        "two roots": _XML.format("") * 2,
        "no declaration": "<x/>",
        "declaration of another namespace": '<Declaration xmlns="urn:other"/>',
        "declaration of no namespace": "<Declaration/>",
        "bidirectional override": _XML.format("<TypeCode>\u202eAMI</TypeCode>"),
        "bidirectional override as a reference": _XML.format("<TypeCode>&#x202e;AMI</TypeCode>"),
        "NUL as a reference": _XML.format("<TypeCode>&#0;</TypeCode>"),
        "control character as a reference": _XML.format("<TypeCode>&#8;</TypeCode>"),
        "unclosed attribute": _XML.format('<TypeCode x="1>IMA</TypeCode>'),
        "attribute twice": _XML.format('<TypeCode x="1" x="2">IMA</TypeCode>'),
        "prefix without namespace": _XML.format("<a:TypeCode>IMA</a:TypeCode>"),
        "two megabytes": _XML.format(f"<TypeCode>{'x' * 2_000_000}</TypeCode>"),
        "says it is UTF-16": '<?xml version="1.0" encoding="UTF-16"?>' + _XML.format(""),
        "says it is UTF-7": '<?xml version="1.0" encoding="UTF-7"?>' + _XML.format(""),
        "empty reference after blanks": " ",
    }.items():
        yield f"xml: {name}", "wco", content.encode()
    yield "xml: UTF-16", "wco", _XML.format("").encode("utf-16")


def _csv() -> Iterator[tuple[str, str, bytes]]:
    for name, row in {
        "formula with =": "A,DE,=cmd|' /C calc'!A0,1.00,EUR",
        "formula with +": "A,DE,+1+1,1.00,EUR",
        "formula with @": "A,DE,@SUM(A1),1.00,EUR",
        "formula with -": "A,DE,-2+3,1.00,EUR",
        "decimal comma": 'A,DE,shirt,"1,00",EUR',
        "exponent": "A,DE,shirt,1e5,EUR",
        "NaN": "A,DE,shirt,NaN,EUR",
        "too few fields": "A,DE,shirt",
        "too many fields": "A,DE,shirt,1.00,EUR,x,y",
        "unclosed quote": 'A,DE,"shirt,1.00,EUR',
        "quote inside a field": 'A,DE,shi"rt",1.00,EUR',
        "NUL": "A,DE,sh\0irt,1.00,EUR",
        "bidirectional override": "A,DE,\u202eshirt,1.00,EUR",
        "100,000 characters": f"A,DE,{'x' * 100_000},1.00,EUR",
        "no reference": ",DE,shirt,1.00,EUR",
        "price without currency": "A,DE,shirt,1.00,",
        "long country": "A,GERMANY,shirt,1.00,EUR",
    }.items():
        yield f"csv: {name}", "csv", (_HEAD + row + "\n").encode()
    for name, text in {
        "header twice the same": "declaration_id,destination,description,price,currency,price\nA,DE,x,1,EUR,2\n",
        "unknown column": "declaration_id,destination,description,price,currency,secret\nA,DE,x,1,EUR,2\n",
        "missing column": "declaration_id,description\nA,x\n",
        "100,000 columns": ",".join(["declaration_id", *(f"c{n}" for n in range(100_000))]) + "\n",
        "1,200 items": _HEAD + "A,DE,shirt,1.00,EUR\n" * 1200,
    }.items():
        yield f"csv: {name}", "csv", text.encode()
    yield "csv: UTF-16", "csv", _HEAD.encode("utf-16")
    yield "csv: Latin-1", "csv", (_HEAD + "A,DE,caf\u00e9,1.00,EUR\n").encode("latin-1")
    yield "csv: a zip", "csv", _zip()
