"""The same parcels under two laws: what differs is what the reference evaluator says differs."""

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from pratique.assessment import assess
from pratique.cli import main
from pratique.errors import LawError
from pratique.jurisdictions import Library, read_patch
from pratique.model.arrow import to_arrow
from pratique.office.desk import library_with
from pratique.office.generate import generate
from pratique.office.sample_rates import sample_evidence
from pratique.office.simulate import band_ends, band_name, simulate

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = date(2026, 6, 30)
PARCELS = [d for d, _ in generate(11, 700, on=DAY, destinations=("DE", "PL", "GB", "AA", "ZW"))]


def patch(name: str) -> bytes:
    return (EXAMPLES / "patches" / f"{name}.toml").read_bytes()


@pytest.fixture(scope="module")
def libraries() -> tuple[Library, Library]:
    library = library_with([EXAMPLES / "tariff"])
    content = patch("eu-relief-0")
    return library, library.patched([(read_patch(content, "eu-relief-0.toml"), content)])


@pytest.mark.parametrize(("form", "workers"), [("ndjson", 1), ("parquet", 1), ("parquet", 2)])
def test_what_differs_is_what_the_reference_says(
    tmp_path: Path, libraries: tuple[Library, Library], form: str, workers: int
) -> None:
    file = tmp_path / f"day.{form}"
    if form == "ndjson":
        file.write_bytes(b"".join(msgspec.json.encode(d) + b"\n" for d in PARCELS))
    else:
        with pq.ParquetWriter(file, to_arrow(PARCELS[:1]).schema) as writer:
            for start in range(0, len(PARCELS), 100):
                writer.write_batch(to_arrow(PARCELS[start : start + 100]))
    today, patched = libraries
    evidence = sample_evidence()
    found = simulate(file, today, patched, on=DAY, evidence=evidence, workers=workers)

    kinds: dict[str, Decimal] = defaultdict(Decimal)
    payers: dict[tuple[str, str, int], Decimal] = defaultdict(Decimal)
    touched = asked = without = 0
    for declaration in PARCELS:
        if declaration.destination == "ZW":
            without += 1
            continue
        both = [
            assess(
                declaration,
                law.law_in_force(declaration.destination, DAY),
                on=DAY,
                evidence=evidence,
            )
            for law in libraries
        ]
        for side, each in enumerate(both):
            for charge in each.charges:
                kinds[f"{side} {each.currency} {charge.kind}"] += charge.amount
                payers[each.currency, charge.payer, side] += charge.amount
        touched += both[0].total() != both[1].total() or bool(both[0].needs_human) != bool(
            both[1].needs_human
        )
        asked += bool(both[0].needs_human)
    assert (found.parcels, found.no_law) == (len(PARCELS), without)
    assert sum(cell.touched for cell in found.by_currency) == touched > 100
    assert sum(cell.asked_today for cell in found.by_currency) == asked > 0
    for cell in found.by_currency:
        for kind in ("duty", "tax", "fee"):
            assert cell.today[kind] == kinds[f"0 {cell.currency} {kind}"]
            assert cell.patched[kind] == kinds[f"1 {cell.currency} {kind}"]
    for currency, payer, before, after in found.by_payer:
        assert (before, after) == (payers[currency, payer, 0], payers[currency, payer, 1])
    for cells in (found.by_destination, found.by_band, found.by_origin):
        assert sum(cell.parcels for cell in cells) == len(PARCELS) - without
        assert sum(cell.touched for cell in cells) == touched
    assert {cell.currency for cell in found.by_currency if cell.touched} == {"EUR", "PLN"}


def test_a_patch_stands_in_place_of_what_it_changes_from_its_first_day(
    libraries: tuple[Library, Library],
) -> None:
    today, patched = libraries

    def relieved(library: Library, on: date) -> bool:
        return any(entry.name == "low_value_duty" for entry in library.law_in_force("de", on).order)

    for day in (date(2021, 6, 30), date(2020, 1, 1)):
        assert relieved(today, day)
        assert relieved(patched, day)
    assert relieved(today, date(2021, 7, 1))
    assert not relieved(patched, date(2021, 7, 1))
    assert today.digest("de") != patched.digest("de")
    assert today.digest("gb") == patched.digest("gb")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('code = "eu"\nname = "x"\n', "changes nothing"),
        ('code = "eu"\nremove = { "charge/nothing" = 2026-01-01 }\nname = "x"\n', "charge/nothing"),
        ('code = "ww"\nname = "x"\nremove = { "charge/x" = 2026-01-01 }\n', "no ww.toml"),
        ('code = "eu"\nname = "x"\n[[parameter.a]]\nfrom = 2026-01-01\nvalue = "1"\n', "source"),
        (
            'code = "eu"\nname = "x"\n[[parameter.a]]\nfrom = 2026-01-01\nvalue = "1"\nsource = " "\n',
            "no source",
        ),
        ("code = ", "p.toml"),
        ('code = "eu"\nname = "x"\n[[charges.a]]\n', "charges"),
    ],
)
def test_a_patch_that_cannot_be_meant_is_refused(text: str, says: str) -> None:
    library = library_with([])
    with pytest.raises(LawError, match=says):
        library.patched([(read_patch(text.encode(), "p.toml"), text.encode())])


def test_price_bands_follow_the_currency() -> None:
    ends = band_ends("EUR", sample_evidence(), DAY)
    assert band_ends("PLN", sample_evidence(), DAY)[0] == ends[0] * 10
    assert [band_name(ends, number) for number in (0, len(ends), len(ends) + 1)] == [
        "up to 10", "over 1,000", "price not known"
    ]  # fmt: skip


def test_the_command_shows_and_publishes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRATIQUE_LAW", str(EXAMPLES / "tariff"))
    file = tmp_path / "day.parquet"
    assert (
        main(["generate", "--parcels", "300", "--on", "2026-07-02", "--to", "DE", "-o", str(file)])
        == 0
    )
    ask = [
        "simulate",
        str(EXAMPLES / "patches/eu-relief-150.toml"),
        "--parcels",
        str(file),
        "--on",
        "2026-07-02",
    ]
    rates = ["--fx=USD/EUR=0.92", "--fx=GBP/EUR=1.17", "--fx=CNY/EUR=0.128"]
    assert main([*ask, *rates]) == 0
    shown = capsys.readouterr().out
    assert "Relief up to EUR 150 kept" in shown
    assert "who pays" in shown
    assert main([*ask, *rates, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (euro,) = told["by_currency"]
    assert Decimal(euro["difference"]) < 0
    assert euro["cheaper"] == euro["touched"] > 0
    assert main([*ask[:2], "--parcels", "nowhere.parquet"]) == 2
