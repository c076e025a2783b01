"""The command line as people and scripts meet it."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pratique import cli, messages
from pratique.model.arrow import to_arrow

ROOT = Path(__file__).parent.parent.parent
QUOTE = [
    "quote", "--to", "GB", "--from", "CN", "--on", "2025-03-01", "--currency", "GBP",
    "--line", "hs=610910,value=120.00,qty=1,origin=CN,what=cotton T-shirt, printed",
    "--freight", "5.00", "--insurance", "0", "--channel", "post", "--flow", "b2c", "--scheme-number", "yes", "--json",
]  # fmt: skip


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRATIQUE_STORE", f"sqlite:///{tmp_path / 'cli.db'}")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(words)
    out, err = capsys.readouterr()
    return code, out, err


def test_quote_keeps_its_published_form(capsys) -> None:
    code, out, _ = run(capsys, *QUOTE)
    answer = json.loads(out)
    assert code == 0
    assert {
        "destination",
        "on",
        "currency",
        "regime",
        "totals",
        "charges",
        "not_due",
        "needs_human",
        "trace",
    } <= set(answer)
    assert set(answer["totals"]) == {"duty", "tax", "fees", "at_sale", "at_border", "total"}
    (charge,) = answer["charges"]
    assert {
        "kind",
        "name",
        "amount",
        "base",
        "rate",
        "line",
        "payer",
        "collector",
        "rule",
        "source",
        "url",
    } <= set(charge)
    assert (charge["amount"], charge["base"], answer["totals"]["at_sale"]) == (
        "25.00",
        "125.00",
        "25.00",
    )
    assert answer["needs_human"] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (["--to", "ZQ"], "ISO 3166"),
        (["--to", "FJ"], "no law file"),
        (["--on", "yesterday"], "not a day"),
        (["--on", "1999-01-01"], "No law for GB on 1999-01-01"),
        (["--currency", "DEM"], "ISO 4217"),
        (["--line", "value=abc"], "not a number"),
        (["--line", "hs=61"], "value is missing"),
        (["--line", "colour=red"], "keys are"),
        (["--line", "value=NaN"], "plain amount"),
        (["--line", "value=-5"], "plain amount"),
        (["--freight", "1e9"], "plain amount"),
        (["--fx", "USD"], "NAME=AMOUNT"),
        (["--channel", "pigeon"], "invalid choice"),
    ],
)
def test_wrong_words_are_usage_errors_in_words(capsys, change: list[str], says: str) -> None:
    code, out, err = run(capsys, *QUOTE, *change)
    assert code == 2
    assert says in err
    assert out == ""


def test_rates_and_fees_given_are_used_and_in_the_trace(capsys) -> None:
    code, out, _ = run(
        capsys, "quote", "--to", "DE", "--from", "US", "--on", "2025-03-01", "--currency", "USD", "--line",
        "value=100,hs=610910,origin=US", "--scheme-number", "yes", "--fx", "USD=0.9231", "--json",
    )  # fmt: skip
    answer = json.loads(out)
    assert code == 0
    assert answer["charges"][0]["base"] == "92.31"
    assert answer["totals"]["tax"] == "17.54"
    assert any(
        step["name"] == "rate USD to EUR" and step["value"] == "0.9231" for step in answer["trace"]
    )


def test_a_missing_rate_needs_a_human_and_is_never_zero(capsys) -> None:
    code, out, _ = run(
        capsys,
        "quote",
        "--to",
        "DE",
        "--currency",
        "USD",
        "--on",
        "2025-03-01",
        "--line",
        "value=100",
        "--json",
    )
    answer = json.loads(out)
    assert code == 0
    assert "--fx USD=RATE" in answer["needs_human"][0]["because"]


def test_filing_showing_amending_and_withdrawing(capsys, tmp_path: Path) -> None:
    shirt = str(ROOT / "examples/shirt.json")
    code, out, _ = run(capsys, "declare", shirt, "--json")
    first = json.loads(out)[0]
    assert (code, first["repeated"]) == (0, False)
    assert json.loads(run(capsys, "declare", shirt, "--json")[1])[0]["repeated"]
    changed = tmp_path / "changed.json"
    changed.write_text((ROOT / "examples/shirt.json").read_text().replace("24.00", "26.00"))
    code, out, _ = run(capsys, "amend", str(changed), "--json")
    answer = json.loads(out)
    assert answer["changes"][0]["after"] == "26.00"
    assert answer["acknowledgement"]["version"] == 2
    assert run(capsys, "amend", "EX-1", "--withdraw", "sold out")[0] == 0
    code, out, _ = run(capsys, "show", "LX473124829CN", "--json")
    assert [each["kind"] for each in json.loads(out)] == ["filing", "amendment", "invalidation"]


def test_what_a_parcels_life_forbids_is_told_with_what_it_allows(capsys) -> None:
    shirt = str(ROOT / "examples/shirt.json")
    run(capsys, "declare", shirt)
    code, _, err = run(capsys, "amend", "EX-1", "--withdraw", " ")
    assert (code, "for a reason" in err) == (2, True)
    code, out, _ = run(capsys, "amend", "EX-1", "--withdraw", "order [cancelled]")
    assert code == 0
    assert "Withdrawn by its sender: order [cancelled]" in out
    assert "nothing changed" in run(capsys, "amend", "EX-1", "--withdraw", "order [cancelled]")[1]
    code, out, err = run(capsys, "amend", shirt, "--request", "R2")
    assert (code, out) == (1, "")
    assert "'amend' may not happen while CANCELLED; nothing may happen to it any more." in err


def test_exit_codes_tell_usage_from_the_world(capsys, monkeypatch, tmp_path: Path) -> None:
    shirt = str(ROOT / "examples/shirt.json")
    assert run(capsys, "show", "nothing")[0] == 2
    assert run(capsys, "amend", shirt)[0] == 2
    run(capsys, "declare", shirt, "--request", "R")
    assert run(capsys, "amend", shirt, "--follows", "7")[0] == 1
    assert run(capsys, "amend", str(ROOT / "README.md"))[0] == 1
    monkeypatch.setenv("PRATIQUE_STORE", f"sqlite:///{tmp_path}")
    for command in (["declare", shirt], ["amend", shirt], ["show", "EX-1"]):
        code, out, err = run(capsys, *command)
        assert (code, out) == (3, "")
        assert "Cannot open" in err


def test_show_tells_versions_changes_reasons_and_who_must_act(capsys, tmp_path: Path) -> None:
    run(capsys, "declare", str(ROOT / "examples/shirt.json"))
    changed = tmp_path / "changed.json"
    changed.write_text((ROOT / "examples/shirt.json").read_text().replace("24.00", "26.00"))
    assert run(capsys, "amend", str(changed))[0] == 0
    assert "nothing changed" in run(capsys, "amend", str(changed))[1]
    out = run(capsys, "show", "EX-1")[1]
    for words in (
        "EX-1, version 1: filing by local",
        "EX-1, version 2: amendment by local",
        "changed   /consignment/items/0/price/amount: 24.00 -> 26.00",
        "decision  ASSESSED, parcel ASSESSED",
        "to act    importer, by ",
        "[eu/charge/flat_duty@2026-07-01; ",
        "owed      5.23 EUR VAT on the sale (IOSS), by the seller at sale",
        "next      may be amended or withdrawn",
    ):
        assert words in out
    assert "changed   " not in out.partition("version 2")[0]


def test_a_long_file_is_filed_as_it_is_read(capsys, tmp_path: Path, monkeypatch) -> None:
    day = tmp_path / "day.ndjson"
    run(capsys, "generate", "--parcels", "120", "-o", str(day))
    with day.open("ab") as file:
        file.write(b'{"id":\n')
    monkeypatch.setattr("pratique.store.writer.MAX_WAITING", 3)
    code, out, _ = run(capsys, "declare", str(day), "--json")
    answers = json.loads(out)
    assert code == 1
    assert [each["row"] for each in answers] == list(range(1, 122))
    assert [each["row"] for each in answers if "error" in each] == [121]
    code, out, _ = run(capsys, "declare", str(day), "--show", "5")
    assert "120 of 121 kept (120 again: nothing changed)" in out
    assert "these need someone to act" in out
    code, out, _ = run(capsys, "demo", "--parcels", "90", "--json")
    assert (code, len(json.loads(out))) == (0, 90)
    empty = tmp_path / "empty.ndjson"
    empty.write_bytes(b"[]")
    assert json.loads(run(capsys, "declare", str(empty), "--json")[1])[0]["error"]


def test_check_and_translate(capsys) -> None:
    assert run(capsys, "check", str(ROOT / "examples/shirt.json"))[0] == 0
    code, out, _ = run(capsys, "check", str(ROOT / "examples/manifest.csv"), "--json")
    assert code == 1
    assert any(each["rule"] == "C604" for each in json.loads(out)[1]["findings"])
    code, out, err = run(capsys, "translate", str(ROOT / "examples/shirt.json"), "--to", "wco")
    assert messages.parse(out.encode(), "wco").id == "EX-1"
    assert "/order" in err


def test_whole_files_become_decisions_and_bad_rows_come_back(capsys, tmp_path: Path) -> None:
    day, key, out = tmp_path / "day.ndjson", tmp_path / "key.ndjson", tmp_path / "out.ndjson"
    assert run(capsys, "generate", "--parcels", "300", "-o", str(day), "--key", str(key))[0] == 0
    assert key.read_bytes().count(b"\n") > 5
    with day.open("ab") as file:
        file.write(b'{"id":\n')
    code, _, err = run(capsys, "assess", str(day), "-o", str(out), "--workers", "2")
    assert code == 1
    assert "1 UNREADABLE" in err
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(lines) == 300
    assert [line["row"] for line in lines] == list(range(1, 301))
    assert all({"decision", "reasons", "charges", "totals"} <= set(line) for line in lines)
    (bad,) = Path(f"{out}.rejected.ndjson").read_text().splitlines()
    assert json.loads(bad)["row"] == 301
    alone = tmp_path / "alone.ndjson"
    run(capsys, "assess", str(day), "-o", str(alone))
    strip = [{k: v for k, v in line.items() if k not in ("act_by",)} for line in lines]
    again = [
        {k: v for k, v in json.loads(line).items() if k not in ("act_by",)}
        for line in alone.read_text().splitlines()
    ]
    assert strip == again


def test_parquet_gives_the_same_amounts_as_ndjson(capsys, tmp_path: Path) -> None:
    day, source, result, lines = (
        tmp_path / name for name in ("d.ndjson", "d.parquet", "r.parquet", "r.ndjson")
    )
    run(capsys, "generate", "--parcels", "400", "-o", str(day), "--faults", "0")
    declarations = [row.declaration for row in messages.read(day.read_bytes())]
    with pq.ParquetWriter(source, to_arrow(declarations[:1]).schema) as writer:
        writer.write_batch(to_arrow(declarations))
    rates = [
        f"--fx={c}/{h}={r}"
        for h, r in (("EUR", "1"), ("GBP", "0.85"))
        for c in ("USD", "CNY", "EUR")
        if c != h
    ]
    assert run(capsys, "assess", str(source), "-o", str(result), "--workers", "2", *rates)[0] == 0
    assert run(capsys, "assess", str(day), "-o", str(lines), *rates)[0] == 0
    rows = pq.read_table(result).to_pylist()
    wanted = {each["declaration"]: each for each in map(json.loads, lines.read_text().splitlines())}
    assert len(rows) == 400
    for row in rows:
        expected = wanted[row["id"]]
        if expected["needs_human"]:
            assert row["outcome"] == "MANUAL"
        assert row["regime"] == expected["regime"]
        for name in ("duty", "tax", "fees", "at_sale", "at_border"):
            assert row[name] == Decimal(expected["totals"][name])


def test_law_schema_doctor_and_init(capsys, tmp_path: Path) -> None:
    code, out, _ = run(capsys, "law", "show", "DE", "--on", "2020-08-01", "--json")
    assert code == 0
    assert any(each["says"].endswith("16%") for each in json.loads(out)["entries"])
    assert run(capsys, "law", "check")[0] == 0
    assert json.loads(run(capsys, "schema", "declaration")[1])["title"] == "Declaration"
    assert run(capsys, "init", str(tmp_path / "new"))[0] == 0
    assert run(capsys, "doctor")[0] == 0


def test_help_answers_at_once_and_names_every_command() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import pratique.cli"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "numpy" not in done.stderr
    assert "msgspec" in done.stderr


def test_the_demo_prints_decisions_amounts_and_totals(capsys) -> None:
    code, out, _ = run(capsys, "demo", "--parcels", "120")
    assert code == 0
    for word in (
        "Some decisions of every place and kind",
        "Totals by decision",
        "Totals by currency",
        "digests fit",
        "invented",
    ):
        assert word in out


def test_a_new_law_file_passes_the_check_and_answers(capsys, tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "law"
    code, out, _ = run(capsys, "law", "new", "FJ", "--directory", str(folder))
    assert (code, (folder / "fj.toml").exists()) == (0, True)
    assert "law check" in out
    assert run(capsys, "law", "check", "--directory", str(folder))[0] == 0
    monkeypatch.setenv("PRATIQUE_LAW", str(folder))
    line = "hs=420221,value=300.00,duty=20%"
    asked = ("quote", "--to", "FJ", "--on", "2024-05-01", "--currency", "XTS", "--line", line)
    code, out, _ = run(capsys, *asked, "--json")
    assert json.loads(out)["totals"]["duty"] == "60.00"
    assert run(capsys, "law", "new", "FJ", "--directory", str(folder))[0] == 2
    assert run(capsys, "law", "new", "Fiji")[0] == 2
