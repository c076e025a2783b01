"""The four gates as people and scripts meet them, on invented orders whose key is known."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pratique import cli


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(["scenario", "four-gates", *words])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_everything_planted_is_found_and_nothing_else(folder: Path, capsys) -> None:
    assert run(capsys, "--generate", "3000", "--seed", "11", "-o", "orders.csv")[0] == 0
    assert run(capsys, "orders.csv", "-o", "results")[0] == 0
    key = {each["order_id"]: each["planted"] for each in table(folder / "orders.key.csv")}
    orders = table(folder / "orders.csv")
    assert len({each["order_id"] for each in orders}) == 3000
    assert set(key.values()) == {"split", "spelling", "address", "P1", "P2", "P4", "P5", "vague"}
    days = table(folder / "results/importer_days.csv")
    split = {
        (each["importer_name"], each["delivery_address"]) for each in days if each["split"] == "yes"
    }
    linked = {each["importer_name"] for each in days if "G1-LINK" in each["reason_codes"]}
    flags: dict[str, set[str]] = {}
    for item in table(folder / "results/items.csv"):
        flags.setdefault(item["order_id"], set()).update(item["reason_codes"].split())
    folded = {name.replace(",", "").lower().split()[-1] for name, _ in split}
    for order in orders:
        planted = key.get(order["order_id"], "")
        number = order["importer_name"].replace(",", "").split()[-1]
        assert (number in folded) == (planted in ("split", "spelling")), order
        assert (order["importer_name"] in linked) == (planted == "address"), order
        for profile in ("P1", "P2", "P4", "P5"):
            assert (f"G4-{profile}" in flags[order["order_id"]]) == (planted == profile), order
        assert ("G2-INSUFFICIENT" in flags[order["order_id"]]) == (planted == "vague"), order
        assert "G2-AMBIGUOUS" not in flags[order["order_id"]], order
        assert not {"G1-ORDER-TOTAL", "G1-ITEM-COUNT"} & flags[order["order_id"]]


def test_the_same_seed_gives_the_same_file(folder: Path, capsys) -> None:
    for name, seed in (("a", "5"), ("b", "5"), ("c", "6")):
        run(capsys, "--generate", "50", "--seed", seed, "-o", f"{name}.csv", "--json")
    a, b, c = ((folder / f"{name}.csv").read_bytes() for name in "abc")
    assert a == b != c


def numbers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from numbers(inner)
    else:
        yield value


def test_the_summary_states_rules_settings_and_sums(folder: Path, capsys) -> None:
    run(capsys, "--generate", "200", "-o", "orders.csv")
    code, out, _ = run(
        capsys, "orders.csv", "-o", "results", "--time-zone", "Asia/Kolkata", "--json"
    )
    told = json.loads(out)
    assert code == 0
    assert told == json.loads((folder / "results/summary.json").read_text())
    assert told["settings"]["time_zone"] == "Asia/Kolkata"
    assert set(told["settings"]) == {
        "time_zone", "timestamps_without_offset", "summed", "split", "compared", "rounding", "rounding_step",
        "profile_value", "plurals", "tariff_rate_unit",
    }  # fmt: skip
    assert told["threshold"] == {
        "value": "1000",
        "source": "brief, gate L3: daily total up to 1,000 dirham free of duty, over it duty line by line",
    }
    assert told["exchange_rate"]["value"] == "0.044"
    assert not any(isinstance(each, float) for each in numbers(told))
    assert told["totals"]["orders"] == 200


def test_people_see_counts_reasons_and_the_largest_splits(folder: Path, capsys) -> None:
    run(capsys, "--generate", "500", "-o", "orders.csv")
    _, out, _ = run(capsys, "orders.csv", "-o", "results")
    assert "the law of no place" in out
    assert "G1-SPLIT" in out
    assert "Splits, the largest first" in out
    assert "time_zone Asia/Dubai" in out


def test_what_acts_on_a_terminal_is_not_shown(folder: Path, capsys) -> None:
    run(capsys, "--generate", "500", "-o", "orders.csv")
    path = folder / "orders.csv"
    path.write_text(path.read_text().replace("Example Importer", "\x1b[31mExample Importer"))
    _, out, _ = run(capsys, "orders.csv", "-o", "results")
    assert "\x1b[31mExample" not in out
    assert "?[31mExample" in out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["-o", "results"], 2, "--generate"),
        (["none.csv", "-o", "results"], 2, "no file"),
        (["orders.csv", "-o", "orders.csv"], 2, "is a file"),
        (["orders.csv", "-o", "results", "--time-zone", "Mars/Base"], 2, "no time zone"),
        (["orders.csv", "-o", "results", "--time-zone", "../etc/passwd"], 2, "no time zone"),
        (["orders.csv", "-o", "results", "--tariff", "orders.csv"], 2, "no tariff"),
        (["orders.csv", "-o", "results", "--profiles", "orders.csv"], 2, "not TOML"),
        (["orders.key.csv", "-o", "results"], 1, "lacks"),
        (["--generate", "0", "-o", "x.csv"], 2, "1 to"),
        (["orders.csv", "--generate", "5", "-o", "x.csv"], 2, "no files"),
        (["--generate", "5", "-o", "."], 2, "is a folder"),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path, capsys, words: list[str], code: int, says: str
) -> None:
    run(capsys, "--generate", "5", "-o", "orders.csv")
    told = run(capsys, *words)
    assert told[0] == code
    assert says in told[2]


def test_the_example_shows_a_split_a_permit_and_a_question(folder: Path, capsys) -> None:
    example = Path(__file__).parent.parent.parent / "examples/four_gates.csv"
    _, out, _ = run(capsys, str(example), "-o", "results", "--json")
    totals = json.loads(out)["totals"]
    assert (totals["splits"], totals["duty"], totals["open_lines"]) == (1, "124.96", 1)
    (gift,) = [each for each in table(folder / "results/orders.csv") if each["order_id"] == "C-1"]
    assert (gift["duty_aed"], gift["duty_known_aed"], gift["open_lines"]) == ("", "0.00", "1")
    assert totals["actions"] == {"hold_for_permit": 1, "inspection": 1, "physical_examination": 1}
