"""Bytes that are hostile or merely odd: name, form, content. All must be refused with a typed error."""

from __future__ import annotations

import bz2
import gzip
import io
import json
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
    yield from _ens()
    yield from _csv()
    yield from _cuscar()
    yield from _postal()


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
        "backspace as a short escape": _with("cotton", "cot\\bton"),
        "form feed as a short escape": _with("cotton", "cot\\fton"),
        "keys twice at two depths": _with('"id":"A"', '"id":"A","id":"A","x":{"y":1,"y":1}'),
        "lone surrogate in a key over a float": _with('"id":"A"', '"id":"A","\\ud800":1.5'),
        "minus zero": _with('"id":"A"', '"id":"A","x":-0'),
        "18 digits in the extension": _with(
            '"id":"A"', '"id":"A","extension":{"x":123456789012345678}'
        ),
        "float in the extension": _with('"id":"A"', '"id":"A","extension":{"x":1.5}'),
        "100 deep in the extension": _with(
            '"id":"A"', '"id":"A","extension":{"x":' + "[" * 100 + "]" * 100 + "}"
        ),
        "elements smuggled as set aside": _with(
            '"id":"A"', '"id":"A","extension":{"aed":{"/payment/reference":"P"}}'
        ),
        "set aside that is no object": _with('"id":"A"', '"id":"A","x":1,"extension":{"aed":5}'),
        "zero-width space inside a word": _with("cotton", "cot\u200bton"),
        "joiner between Latin letters": _with("cotton", "cot\u200dton"),
        "soft hyphen": _with("cotton", "cot\xadton"),
        "word joiner": _with("cotton", "cot\u2060ton"),
        "byte order mark inside": _with("cotton", "cot\ufeffton"),
        "variation selector on a Latin letter": _with("cotton", "c\ufe0fotton"),
        "run of variation selectors": _with("cotton", "❤\ufe0f\ufe0f\ufe0e"),
        "ideographic selector on a Latin letter": _with("cotton", "c\U000e0100otton"),
        "tag characters": _with("cotton", "cotton\U000e0067\U000e0075"),
        "Hangul filler": _with("cotton", "\u3164"),
        "Arabic letter mark": _with("cotton", "\u061ccotton"),
        "line separator": _with("cotton", "cotton\u2028silk"),
        "paragraph separator": _with("cotton", "cotton\u2029silk"),
        "next line": _with("cotton", "cotton\x85silk"),
        "no character": _with("cotton", "cotton\ufdd0"),
        "leading zeros": _with("1.00", "001.00"),
        "plus sign": _with("1.00", "+1.00"),
        "decimal comma": _with("1.00", "1,00"),
        "fraction without a whole": _with("1.00", ".5"),
        "17 digits as text": _with("1.00", "12345678901234567"),
        "16 digits and six decimals": _with("1.00", "1234567890123456.123456"),
        "full-width digits": _with("1.00", "\uff11"),
        "moment without offset": _with('"id":"A"', '"id":"A","lodged_at":"2026-07-01T12:00:00"'),
        "moment of nanoseconds": _with(
            '"id":"A"', '"id":"A","lodged_at":"2026-07-01T12:00:00.123456789Z"'
        ),
        "moment of the 30th of February": _with(
            '"id":"A"', '"id":"A","lodged_at":"2026-02-30T12:00:00Z"'
        ),
        "day as a number": _with('"id":"A"', '"id":"A","accepted_on":20260701'),
        "513 characters of description": _with("cotton shirt", "x" * 513),
        "country of three letters": _with('"DE"', '"DEU"'),
        "100 parties": _with(
            '"id":"A"', '"id":"A","parties":[' + ",".join(['{"roles":["buyer"]}'] * 100) + "]"
        ),
        "party without a role": _with('"id":"A"', '"id":"A","parties":[{"roles":[]}]'),
        "role nobody plays": _with('"id":"A"', '"id":"A","parties":[{"roles":["king"]}]'),
        "truncated inside a character": _with("cotton", "é").partition(b"\xa9")[0],
        "NUL in two bytes": _GOOD.encode().replace(b"cotton", b"\xc0\x80"),
        "surrogates in six bytes": _GOOD.encode().replace(b"cotton", b"\xed\xa0\xbd\xed\xb8\x80"),
        "UTF-16 without a mark": _GOOD.encode("utf-16-le"),
        "UTF-7": b"+AHsAIg-id+ACI:+ACI-A+ACIAfQ-",
        "Zstandard": b"\x28\xb5\x2f\xfd\x04\x00",
        "xz": b"\xfd7zXZ\x00\x00",
        "two declarations and a carriage return": _GOOD.encode() + b"\r" + _GOOD.encode(),
        "written over many lines and cut off": json.dumps(json.loads(_GOOD), indent=2)[
            :-9
        ].encode(),
        "list of declarations": f"[{_GOOD},\n{_GOOD}]".encode(),
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
        "XInclude": _XML.format(
            '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
        ),
        "element without a namespace": _XML.format('<TypeCode xmlns="">IMA</TypeCode>'),
        "text between elements": _XML.format("<GoodsShipment>x<UCR/>y</GoodsShipment>"),
        "text behind an element": _XML.format("<GoodsShipment><UCR/>y</GoodsShipment>"),
        "another type": _XML.format(
            '<TypeCode xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="x">IMA</TypeCode>'
        ),
        "thirteen deep": _XML.format("<Agent>" * 13 + "</Agent>" * 13),
        "300 deep": _XML.format("<Agent>" * 300 + "</Agent>" * 300),
        "zero-width space": _XML.format("<ID>2\u200b4</ID>"),
        "hidden character in CDATA": _XML.format("<ID><![CDATA[2\u202e4]]></ID>"),
        "hidden character in an attribute": _XML.format('<ID schemeName="\u202ex">24</ID>'),
        "hidden character in the envelope": '<m:MetaData xmlns:m="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">'
        "<m:WCOTypeName>\u202eDEC</m:WCOTypeName>" + _XML.format("") + "</m:MetaData>",
        "mass in grams": _XML.format(
            '<TotalGrossMassMeasure unitCode="GRM">500</TotalGrossMassMeasure>'
        ),
        "mass with an exponent": _XML.format("<TotalGrossMassMeasure>1e5</TotalGrossMassMeasure>"),
        "mass in Arabic digits": _XML.format("<TotalGrossMassMeasure>١٢</TotalGrossMassMeasure>"),
        "mass that is no number": _XML.format("<TotalGrossMassMeasure>NaN</TotalGrossMassMeasure>"),
        "amount of 17 digits": _XML.format(
            '<InvoiceAmount currencyID="EUR">12345678901234567</InvoiceAmount>'
        ),
        "currency of four letters": _XML.format(
            '<InvoiceAmount currencyID="EURO">1</InvoiceAmount>'
        ),
        "packages that are no number": _XML.format(
            "<TotalPackageQuantity>two</TotalPackageQuantity>"
        ),
        "513 characters of description": _XML.format(
            "<GoodsShipment><GovernmentAgencyGoodsItem><Commodity><Description>"
            + "x" * 513
            + "</Description></Commodity></GovernmentAgencyGoodsItem></GoodsShipment>"
        ),
        "1,000 items": _XML.format(
            "<GoodsShipment>" + "<GovernmentAgencyGoodsItem/>" * 1000 + "</GoodsShipment>"
        ),
        "country of three letters": _XML.format(
            "<GoodsShipment><Destination><CountryCode>DEU</CountryCode></Destination></GoodsShipment>"
        ),
        "blank before the XML declaration": ' <?xml version="1.0"?>' + _XML.format(""),
        "says it is Latin-1": '<?xml version="1.0" encoding="ISO-8859-1"?>' + _XML.format(""),
        "namespace with a brace": '<x:D xmlns:x="urn}y"/>',
        "element of a namespace with a brace": _XML.format('<x:D xmlns:x="{urn}y"/>'),
        "attribute of a namespace with a brace": _XML.format('<TypeCode xmlns:x="u}y" x:z="1"/>'),
        "60,000 attributes": _XML.format(
            "<TypeCode " + " ".join(f'a{n}="1"' for n in range(60_000)) + "/>"
        ),
        "DOCTYPE in small letters": "<!doctype x>" + _XML.format(""),
        "entity declaration in a comment": "<!-- <!ENTITY x 'y'> -->" + _XML.format(""),
    }.items():
        yield f"xml: {name}", "wco", content.encode()
    yield "xml: UTF-16", "wco", _XML.format("").encode("utf-16")
    yield "xml: Latin-1", "wco", _XML.format("<ID>é</ID>").encode("latin-1")
    yield "xml: UTF-7", "wco", b"+ADw-Declaration+AC8APg-"
    yield "xml: gzip", "wco", gzip.compress(_XML.format("").encode())


def _ens() -> Iterator[tuple[str, str, bytes]]:
    space = 'xmlns:ie="http://ics.dgtaxud.ec/CC315A"'
    whole = f"<ie:CC315A {space}><HEAHEA>{{}}</HEAHEA><GOOITEGDS/></ie:CC315A>"
    contents = {
        "external entity": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + whole.format("&b;"),
        "billion laughs": '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>' + whole.format("&c;"),
        "entity nobody declared": whole.format("&b;"),
        "include of another file": whole.format('<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="a"/>'),
        "type changed": whole.format('<RefNumHEA4 xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="a"/>'),
        "text between elements": whole.format("text<RefNumHEA4>A</RefNumHEA4>"),
        "very deep": whole.format("<a>" * 500 + "</a>" * 500),
        "reading direction": whole.format("<RefNumHEA4>A\u202eB</RefNumHEA4>"),
        "too many elements": whole.format("<a/>" * 60_000),
        "other namespace": whole.format("").replace("ics.dgtaxud.ec", "ics.example"),
        "other message": whole.format("").replace("CC315A", "CC328A"),
        "cut off": whole.format("")[:-4],
        "no goods": f"<ie:CC315A {space}/>",
        "mass that is none": whole.format("<TotGroMasHEA307>1e400</TotGroMasHEA307>"),
    }  # fmt: skip
    for name, content in contents.items():
        yield f"ens: {name}", "ens", content.encode()


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
        "a line cut inside a character": f"A,DE,x{'é' * 200_000},1.00,EUR",
        "no reference": ",DE,shirt,1.00,EUR",
        "price without currency": "A,DE,shirt,1.00,",
        "long country": "A,GERMANY,shirt,1.00,EUR",
        "full-width formula": "A,DE,\uff1d1+1,1.00,EUR",
        "formula behind blanks": "A,DE,  =1+1,1.00,EUR",
        "formula in quotation marks": 'A,DE,"=1+1",1.00,EUR',
        "field over two lines": 'A,DE,"shirt\nof cotton",1.00,EUR',
        "doubled quotation mark outside a field": 'A,DE,15"" screen,1.00,EUR',
        "text behind a quoted field": 'A,DE,"shirt" blue,1.00,EUR',
        "carriage return inside": "A,DE,shirt\rB,1.00,EUR",
        "line separator": "A,DE,shirt\u2028A,1.00,EUR",
        "next line": "A,DE,shirt\x85A,1.00,EUR",
        "vertical tab": "A,DE,shirt\x0bA,1.00,EUR",
        "zero-width space": "A,DE,gi\u200bft,1.00,EUR",
        "Arabic digits": "A,DE,shirt,١,EUR",
        "leading zeros": "A,DE,shirt,001.00,EUR",
        "thousands separator": 'A,DE,shirt,"1,000.00",EUR',
        "17 digits": "A,DE,shirt,12345678901234567,EUR",
        "currency without price": "A,DE,shirt,,EUR",
        "nothing but separators": ",,,,",
        "a row that breaks its declaration": "A,DE,shirt,1.00,EUR\nA,DE,sock\nA,DE,hat,1.00,EUR",
        "rows that disagree": "A,DE,shirt,1.00,EUR\nA,FR,sock,1.00,EUR",
    }.items():
        yield f"csv: {name}", "csv", (_HEAD + row + "\n").encode()
    for name, text in {
        "header twice the same": "declaration_id,destination,description,price,currency,price\nA,DE,x,1,EUR,2\n",
        "unknown column": "declaration_id,destination,description,price,currency,secret\nA,DE,x,1,EUR,2\n",
        "missing column": "declaration_id,description\nA,x\n",
        "100,000 columns": ",".join(["declaration_id", *(f"c{n}" for n in range(100_000))]) + "\n",
        "30,000 columns": "declaration_id," + "a," * 30_000 + "\n",
        "header alone": _HEAD,
        "header over two lines": '"declaration_id\n",destination,description,price,currency\nA,DE,x,1,EUR\n',
        "carriage returns alone": (_HEAD + "A,DE,shirt,1.00,EUR\n").replace("\n", "\r"),
        "moment without offset": "lodged_at," + _HEAD + "2026-07-01 12:00:00,A,DE,shirt,1.00,EUR\n",
        "scheme without a number": "scheme," + _HEAD + "IOSS,A,DE,shirt,1.00,EUR\n",
        "HTML": "<html><body>Bad gateway</body></html>",
        "1,200 items": _HEAD + "A,DE,shirt,1.00,EUR\n" * 1200,
    }.items():
        yield f"csv: {name}", "csv", text.encode()
    yield "csv: UTF-16", "csv", _HEAD.encode("utf-16")
    yield "csv: Latin-1", "csv", (_HEAD + "A,DE,caf\u00e9,1.00,EUR\n").encode("latin-1")
    yield "csv: a zip", "csv", _zip()


_CUSCAR = (
    "UNB+UNOW:4+S+R+20261125:0800+1'UNH+1+CUSCAR:D:24A:UN'BGM+785+A'CNI+1'RFF+ABE:A'LOC+28+DE'GID+1'"
    "FTX+AAA+++cotton shirt'MOA+77:1.00:EUR'QTY+47:1:C62'UNT+10+1'UNZ+1+1'"
)


def _cuscar() -> Iterator[tuple[str, str, bytes]]:
    def edited(old: str, new: str) -> bytes:
        assert old in _CUSCAR
        return _CUSCAR.replace(old, new).encode("utf-8", "surrogatepass")

    for name, content in {
        "nothing": b"",
        "UNA alone": b"UNA:+.? '",
        "UNA cut": b"UNA:+",
        "UNA with one mark for all": b"UNA++++++" + _CUSCAR.encode(),
        "UNA with letters": b"UNAABCDEF" + _CUSCAR.encode(),
        "no UNB": edited("UNB+UNOW:4+S+R+20261125:0800+1'", ""),
        "no UNZ": edited("UNZ+1+1'", ""),
        "no UNT": edited("UNT+10+1'", ""),
        "no UNH": edited("UNH+1+CUSCAR:D:24A:UN'", ""),
        "UNZ counts two": edited("UNZ+1", "UNZ+2"),
        "UNZ counts nothing": edited("UNZ+1+1", "UNZ"),
        "UNZ of another": edited("UNZ+1+1", "UNZ+1+2"),
        "UNT counts nine": edited("UNT+10", "UNT+9"),
        "UNT counts minus one": edited("UNT+10", "UNT+-1"),
        "UNT counts five thousand digits": edited("UNT+10", "UNT+" + "9" * 5000),
        "UNT of another": edited("UNT+10+1", "UNT+10+2"),
        "cut behind a release character": _CUSCAR[:-1].encode() + b"?",
        "every byte released": b"".join(b"?" + bytes([each]) for each in _CUSCAR.encode()),
        "release characters alone": b"UNB+UNOW:4" + b"?" * 100_001,
        "unended": _CUSCAR[:-1].encode(),
        "text behind the end": _CUSCAR.encode() + b"more",
        "two interchanges": _CUSCAR.encode() * 2,
        "a group": edited("UNH+1", "UNG+1'UNH+1"),
        "another directory": edited("D:24A", "D:96B"),
        "another message": edited("CUSCAR", "CUSDEC"),
        "another character set": edited("UNOW", "UNOZ"),
        "UTF-8 said to be ASCII": edited("UNOW", "UNOA").replace(b"shirt", "é".encode()),
        "no UTF-8": edited("shirt", "\ud800"),
        "tag of four letters": edited("LOC+", "LOCA+"),
        "tag in small letters": edited("LOC+", "loc+"),
        "nesting in a tag": edited("GID+", "GID:1:1+"),
        "33 elements": edited("LOC+28+DE", "LOC+28+DE" + "+" * 40),
        "17 components": edited("LOC+28+DE", "LOC+28+DE" + ":" * 20),
        "100,000 segments": edited("LOC+28+DE'", "LOC+28+DE'" * 100_000),
        "2 MiB": edited("cotton", "x" * 2_097_152),
        "100,000 segments of nothing": b"UNB+UNOW:4+S+R+20261125:0800+1" + b"'" * 100_000,
        "513 characters": edited("cotton", "x" * 513),
        "NUL": edited("cotton", "cot\0ton"),
        "bidirectional override": edited("cotton", "\u202ecotton"),
        "exponent": edited("77:1.00", "77:1e5"),
        "NaN": edited("77:1.00", "77:NaN"),
        "decimal comma": edited("77:1.00", "77:1,00"),
        "Arabic digits": edited("77:1.00", "77:\u0661"),
        "17 digits": edited("77:1.00", "77:12345678901234567"),
        "long currency": edited("EUR", "EURO"),
        "no country": edited("LOC+28+DE'", "").replace(b"UNT+10", b"UNT+9"),
        "two destinations": edited("LOC+28+DE'", "LOC+28+DE'LOC+28+FR'").replace(
            b"UNT+10", b"UNT+11"
        ),
        "two prices": edited("QTY", "MOA+77:2.00:EUR'QTY"),
        "no item": edited(
            "GID+1'FTX+AAA+++cotton shirt'MOA+77:1.00:EUR'QTY+47:1:C62'UNT+10", "UNT+6"
        ),
        "no reference of the declarant": edited("ABE", "AAE"),
        "a segment of no message": edited("LOC+28+DE'", "LOC+28+DE'QQQ+1'").replace(
            b"UNT+10", b"UNT+11"
        ),
        "XML inside": edited("cotton shirt", "<!DOCTYPE x>").replace(b"UNT+10", b"UNT+99"),
        "zipped": b"PK\x03\x04" + _CUSCAR.encode(),
    }.items():
        yield f"cuscar: {name}", "cuscar", content


_POSTAL = (
    '{"postal_item":"pratique-1","reference":"A","number":"RA473124829DE","addressee":{"country":"NO"},'
    '"contents":[{"description":"cotton shirt","value":{"amount":"1.00","currency":"EUR"}}]}'
)


def _postal() -> Iterator[tuple[str, str, bytes]]:
    def edited(old: str, new: str) -> bytes:
        assert old in _POSTAL
        return _POSTAL.replace(old, new).encode("utf-8", "surrogatepass")

    for name, content in {
        "nothing": b"",
        "a list": f"[{_POSTAL}]".encode(),
        "another version": edited("pratique-1", "pratique-9"),
        "a standard it is not": edited("pratique-1", "ITMATT"),
        "not said": edited('"postal_item":"pratique-1",', ""),
        "duplicate key": edited('"reference":"A"', '"reference":"A","reference":"B"'),
        "wrong check digit": edited("RA473124829DE", "RA473124820DE"),
        "no such country of the post": edited("RA473124829DE", "RA473124829ZY"),
        "Cyrillic letter in the number": edited("RA4", "R\u04104"),
        "full-width digits in the number": edited("47312482", "\uff147312482"),
        "a number of blanks": edited("RA473124829DE", " " * 13),
        "no country": edited('{"country":"NO"}', "{}"),
        "a long country": edited('"NO"', '"NOR"'),
        "no contents": edited(
            '"contents":[{"description":"cotton shirt","value":{"amount":"1.00","currency":"EUR"}}]',
            '"contents":[]',
        ),
        "float": edited('"1.00"', "1.00"),
        "NaN": edited('"1.00"', "NaN"),
        "exponent": edited("1.00", "1e5"),
        "seven decimals": edited("1.00", "1.0000001"),
        "bidirectional override": edited("cotton", "\u202ecotton"),
        "NUL escaped": edited("cotton", "\\u0000"),
        "lone surrogate": edited("cotton", "\ud800"),
        "an element it has not": edited('"reference"', '"colour":"red","reference"'),
        "cut": _POSTAL[:-5].encode(),
        "text behind": _POSTAL.encode() + b"x",
        "deep": edited('"A"', "[" * 60 + "]" * 60),
        "1 MiB and more": edited("cotton", "x" * 1_100_000),
        "UTF-16": _POSTAL.encode("utf-16"),
        "zipped": b"PK\x03\x04" + _POSTAL.encode(),
    }.items():
        yield f"postal: {name}", "postal", content
