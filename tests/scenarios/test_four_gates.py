"""The four gates: the acceptance checks FG1 to FG13 of the scenario, each by its name."""

import csv
import itertools
import json
import random
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import LawError, MessageError
from pratique.office import four_gates
from pratique.office.four_gates import Totals, run_four_gates
from pratique.scenarios.four_gates.classify import Classification, TableOfWords, Texts
from pratique.scenarios.four_gates.gates import DayResult, Gates, ItemResult
from pratique.scenarios.four_gates.orders import COLUMNS, an_amount
from pratique.scenarios.four_gates.rules import read_rules, read_tariff, shipped
from pratique.scenarios.four_gates.words import folded, loosened

DUBAI = ZoneInfo("Asia/Dubai")
JEANS = {"product_title": "Men's jeans", "hs_code": "6203.42"}
SHOES = {"product_title": "Leather shoes", "hs_code": "6403.99"}
CASE = {"product_title": "Phone case", "hs_code": "3926.90"}


def row(order: str, price: str, **other: str) -> dict[str, str]:
    """A line of one item, as most of these cases have it."""
    return {
        "order_id": order, "timestamp": "2026-01-20 10:00:00", "importer_name": "Example Buyer",
        "delivery_address": "1 Sample Street", "pid": f"{order}-p", "product_category": "Other",
        "product_title": "Cotton socks", "description": "", "image_url": "", "item_price_inr": price,
        "total_order_value_inr": price, "number_of_items": "1", "hs_code": "", **other,
    }  # fmt: skip


def gates(**changed: Any) -> Gates:
    rules, _ = read_rules()
    rules = msgspec.structs.replace(
        rules, settings=msgspec.structs.replace(rules.settings, **changed)
    )
    tariff = read_tariff(shipped("tariff.csv"), "tariff.csv", rules.settings.tariff_rate_unit)
    return Gates(rules, tariff, TableOfWords())


def write(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*COLUMNS, "hs_code"])
        writer.writeheader()
        writer.writerows(rows)
    return path


class Runner:
    """Runs rows through the gates, as a file in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "results"

    def files(self, *paths: Path, through: Gates | None = None) -> tuple[list[DayResult], Totals]:
        days: list[DayResult] = []
        totals = run_four_gates(paths, through or gates(), DUBAI, self.out, watch=days.append)
        return days, totals

    def __call__(self, *rows: dict[str, str], through: Gates | None = None) -> list[DayResult]:
        return self.files(write(self.folder / "orders.csv", rows), through=through)[0]

    def item(self, **parts: str) -> ItemResult:
        ((item,),) = [day.items for day in self(row("O-1", **parts))]
        return item

    def written(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.out.iterdir() if path.is_file()}


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def codes(result: Any) -> list[str]:
    return [each.code for each in result.reasons]


def inr(aed: str) -> str:
    """A price that is that many dirham, exactly or to the sixth place."""
    price = Decimal(aed) / Decimal("0.044")
    return str(price if price == price.to_integral() else round(price, 6))


def test_fg1_three_orders_under_the_threshold_are_one_day_over_it(run: Runner) -> None:
    (day,) = run(
        row("O-1", "8000", **JEANS), row("O-2", "8000", **SHOES), row("O-3", "8000", **CASE)
    )
    assert [each.value for each in day.items] == [Decimal("352.000")] * 3
    assert day.total == Decimal("1056.00")
    assert day.is_split
    assert day.each_under
    assert [each.duty for each in day.items] == [
        Decimal("42.24"),
        Decimal("59.84"),
        Decimal("22.88"),
    ]
    assert [each.duty for each in day.orders] == [
        Decimal("42.24"),
        Decimal("59.84"),
        Decimal("22.88"),
    ]
    assert day.duty == Decimal("124.96")
    told = next(each for each in day.reasons if each.code == "G1-SPLIT")
    assert told.inputs == {
        "daily_total": "1056.00 AED", "threshold": "1000.00 AED", "orders": "3", "each_alone_under": "yes",
    }  # fmt: skip


def test_fg1_holds_from_the_words_alone(run: Runner) -> None:
    goods = [{**each, "hs_code": ""} for each in (JEANS, SHOES, CASE)]
    (day,) = run(*(row(f"O-{n}", "8000", **each) for n, each in enumerate(goods)))
    assert [each.hs_code for each in day.items] == ["620342", "640399", "392690"]
    assert day.duty == Decimal("124.96")


def test_fg2_two_days_are_two_totals(run: Runner) -> None:
    days = run(row("O-1", inr("600")), row("O-2", inr("600"), timestamp="2026-01-21 10:00:00"))
    assert [(each.is_split, each.duty) for each in days] == [(False, 0), (False, 0)]


def test_fg3_two_addresses_are_two_importer_days_linked_as_indicator_only(run: Runner) -> None:
    days = run(row("O-1", inr("600")), row("O-2", inr("600"), delivery_address="2 Sample Street"))
    assert len(days) == 2
    assert [(each.is_split, each.duty, each.is_dutiable) for each in days] == [
        (False, 0, False)
    ] * 2
    for day in days:
        link = next(each for each in day.reasons if each.code == "G1-LINK")
        assert link.inputs["importer_days"] == "2"
        assert link.inputs["over_threshold_together"] == "yes"


@pytest.mark.parametrize("price", ["22727.27", "22,727.27", "₹22,727.27", "INR 22727.27"])
def test_fg4_just_under_the_threshold_is_free(run: Runner, price: str) -> None:
    (day,) = run(row("O-1", price, **SHOES))
    assert day.total == Decimal("999.99988")
    assert (day.duty, codes(day.items[0])) == (0, ["G2-GIVEN", "G3-FREE"])


def test_fg5_the_total_is_compared_unrounded(run: Runner) -> None:
    (day,) = run(row("O-1", "22727.28", **SHOES))
    assert day.total == Decimal("1000.00032")
    assert day.duty == Decimal("170.00")
    (rounded,) = run(row("O-1", "22727.28", **SHOES), through=gates(compared="rounded"))
    assert rounded.duty == 0


def test_exactly_the_threshold_is_free(run: Runner) -> None:
    (day,) = run(row("O-1", "12500", **SHOES), row("O-2", "10227.272727", **SHOES))
    assert day.total < 1000
    assert not day.is_dutiable
    (day,) = run(row("O-1", "22727.272727", **SHOES), row("O-2", "0.000001", **SHOES))
    assert day.is_dutiable  # 22727.272728 * 0.044 = 1000.000000032


def test_fg6_one_large_order_is_dutiable_and_no_split(run: Runner) -> None:
    (day,) = run(row("O-1", inr("1200"), **SHOES))
    assert day.is_dutiable
    assert not day.is_split
    assert "G1-SPLIT" not in codes(day)


def test_fg7_a_cheap_drone_owes_nothing_and_is_held_for_its_permit(run: Runner) -> None:
    item = run.item(price=inr("300"), product_title="Drone with camera")
    assert item.duty == 0
    assert item.actions == ("hold_for_permit",)
    assert "G4-P4" in codes(item)


def test_fg8_a_cookie_cutter_is_examined_and_not_seized(run: Runner) -> None:
    item = run.item(price="500", product_title="Cookie cutter set")
    assert item.actions == ("physical_examination",)
    flag = item.reasons[-1]
    assert flag.code == "G4-P2"
    assert (flag.inputs["word"], flag.inputs["field"]) == ("cutter", "product_title")
    assert "Kitchenware, or a prohibited weapon?" in flag.says


@pytest.mark.parametrize(
    ("title", "aed", "actions"),
    [
        ("Gold-plated ring", "200", ()),
        ("Diamond ring", "6000", ("valuation_alert",)),
        ("Diamond ring", "5000", ()),
        ("Diamond ring", "5000.05", ("valuation_alert",)),
        ("Silver tray", "5060", ("valuation_alert",)),
    ],
)
def test_fg9_precious_metals_are_flagged_above_their_value_only(
    run: Runner, title: str, aed: str, actions: tuple[str, ...]
) -> None:
    assert run.item(price=inr(aed), product_title=title).actions == actions


@pytest.mark.parametrize(
    "title", ["Golden retriever plush", "Goldfish bowl", "Bladed", "Swordfish steak", "Battersea mug", "Silverware"]
)  # fmt: skip
def test_fg10_only_whole_words_count(run: Runner, title: str) -> None:
    assert run.item(price=inr("6000"), product_title=title).actions == ()


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("KNIVES", "physical_examination"), ("kitchen-knife", "physical_examination"), ("blades", "physical_examination"),
        ("two quadcopter", "hold_for_permit"), ("power  BANKS", "inspection"), ("AA batteries", "inspection"),
        ("Li-Ion cell", "inspection"), ("hidden_camera", "hold_for_permit"), ("hiddencamera", ""), ("hidden camera", "hold_for_permit"),
        ("ｋｎｉｆｅ", "physical_examination"), ("kni\u200bfe", "physical_examination"), ("pocket-uav!", "hold_for_permit"),
    ],
)  # fmt: skip
def test_keywords_are_whole_words_in_folded_case_with_their_plurals(
    run: Runner, text: str, action: str
) -> None:
    for field in ("product_category", "product_title", "description"):
        found = run.item(**{"price": "10", "product_title": "", field: text}).actions
        assert found == ((action,) if action else ())


def test_fg11_a_gift_has_no_code_and_no_guessed_rate(run: Runner) -> None:
    (day,) = run(row("O-1", inr("1200"), product_title="Gift", description="gift"))
    (item,) = day.items
    assert codes(item) == ["G2-INSUFFICIENT", "G3-NO-RATE"]
    assert (item.hs_code, item.rate, item.duty) == ("", None, None)
    assert (day.duty, day.open_lines, day.orders[0].open_lines) == (0, 1, 1)
    cheap = run.item(price="100", product_title="Gift", description="gift")
    assert codes(cheap) == ["G2-INSUFFICIENT", "G3-FREE"]


def many(count: int = 60, seed: int = 3) -> list[dict[str, str]]:
    chance = random.Random(seed)
    titles = [
        "Men's jeans",
        "Gift",
        "Drone",
        "Leather shoes",
        "Gold ring",
        "T-shirt",
        "Kitchen knife",
    ]
    rows = []
    for number in range(count):
        who = chance.choice(
            ["Ann Example", "ann  example", "Example, Ann", "Bo Example", "Ánn Example"]
        )
        rows.append(
            row(
                f"O-{number // 2}", str(chance.randint(1, 900_000)), importer_name=who,
                delivery_address=chance.choice(["1 Sample St.", "1 sample st", "2 Sample St."]),
                product_title=chance.choice(titles), timestamp=f"2026-01-2{chance.randint(0, 2)} 10:00:00",
                description=chance.choice(["", "gift"]),
            )
        )  # fmt: skip
    return rows


def test_fg12_shuffled_lines_give_the_same_bytes(
    run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = many()
    run(*rows)
    before = run.written()
    for seed in range(3):
        monkeypatch.setattr(four_gates, "RUN_LINES", 7 if seed else 100_000)
        random.Random(seed).shuffle(rows)
        run(*rows)
        assert run.written() == before
    assert len(before["items.csv"].splitlines()) == len(rows) + 1


def test_fg12_a_file_sent_twice_changes_nothing(
    run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [*many(), *many()[:5]]  # lines that one file has twice stay two
    run(*rows)
    before = run.written()
    monkeypatch.setattr(four_gates, "RUN_LINES", 11)
    path = run.folder / "orders.csv"
    again = write(run.folder / "again.csv", list(reversed(rows)))
    part = write(run.folder / "part.csv", rows[:20])
    run.files(path, again, part)
    assert run.written() == before


def test_fg13_every_flag_and_duty_has_a_reason_with_rule_and_inputs_and_lines_sum(
    run: Runner,
) -> None:
    days, totals = run.files(write(run.folder / "orders.csv", many(400)))
    assert totals.lines == 400
    known = {each.code for each in read_rules()[0].reason} | {f"G4-P{n}" for n in (1, 2, 4, 5)}
    for day in days:
        assert sum(each.duty for each in day.orders) == day.duty
        assert sum(each.duty for each in day.items if each.duty is not None) == day.duty
        assert sum(each.value or 0 for each in day.items) == day.total
        for result in (day, *day.orders, *day.items):
            assert any(each.code.startswith("G3") for each in result.reasons)
            for reason in result.reasons:
                assert reason.code in known
                assert reason.says
                assert reason.source
                assert reason.inputs
        for order in day.orders:
            of_order = [each for each in day.items if each.line.order_id == order.order_id]
            assert sum(each.duty for each in of_order if each.duty is not None) == order.duty
        for item in day.items:
            assert len(item.actions) == len(
                {r.inputs["action"] for r in item.reasons if r.code.startswith("G4")}
            )
            assert (item.duty is None) == ("G3-NO-RATE" in codes(item))
    assert sum(day.duty for day in days) == totals.duty
    written = list(csv.DictReader((run.out / "items.csv").read_text().splitlines()))
    full = [json.loads(line) for line in (run.out / "items.ndjson").read_bytes().splitlines()]
    assert [each["reason_codes"].split() for each in written] == [
        [r["code"] for r in each["reasons"]] for each in full
    ]
    assert sum(Decimal(each["duty_aed"] or 0) for each in written) == totals.duty


# What the brief leaves open


@pytest.mark.parametrize(
    ("stamp", "changed", "day"),
    [
        ("2026-01-20 23:30:00", {}, "2026-01-20"),
        ("2026-01-20 23:30:00", {"timestamps_without_offset": "utc"}, "2026-01-21"),
        ("2026-01-20T23:30:00Z", {}, "2026-01-21"),
        ("2026-01-20T19:59:59+00:00", {}, "2026-01-20"),
        ("2026-01-20T20:00:00+00:00", {}, "2026-01-21"),
        ("2026-01-20", {}, "2026-01-20"),
        ("20/01/2026 10:00", {}, ""), ("01-20-2026", {}, ""), ("yesterday", {}, ""), ("", {}, ""),
        ("2026-02-30 10:00:00", {}, ""), ("0001-01-01T00:00:00+14:00", {}, ""), ("9999-12-31T23:59:59Z", {}, ""),
    ],
)  # fmt: skip
def test_the_day_is_that_of_the_importing_place(
    run: Runner, stamp: str, changed: dict[str, str], day: str
) -> None:
    (found,) = run(row("O-1", "30000", timestamp=stamp, **SHOES), through=gates(**changed))
    assert found.day == day
    if not day:
        assert codes(found.items[0]) == ["G2-GIVEN", "G1-NO-DAY"]
        assert found.items[0].duty is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,00,000.50", "100000.50"), ("100,000.50", "100000.50"), ("Rs. 999", "999"), ("rs 5", "5"), ("7 INR", "7"),
        ("₹1,234", "1234"), ("0", "0"),
        ("1.234,56", None), ("1,23", None), ("12,34,5", None), ("-5", None), ("1e5", None), ("$5", None), ("5 AED", None),
        ("", None), ("NaN", None), ("٣", None), ("1 000", None), ("1.1234567", None), ("9" * 16, None), (".5", None),
    ],
)  # fmt: skip
def test_amounts_are_read_strictly(text: str, amount: str | None) -> None:
    assert an_amount(text) == (Decimal(amount) if amount else None)


def test_a_price_nobody_can_read_is_asked_about_and_never_zero(run: Runner) -> None:
    (day,) = run(row("O-1", "1.234,56", **SHOES), row("O-2", "100", **SHOES))
    assert day.is_dutiable is None
    assert [codes(each)[-1] for each in day.items] == ["G3-NO-VALUE", "G3-TOTAL-UNKNOWN"]
    (day,) = run(row("O-1", "1.234,56", **SHOES), row("O-2", "30000", **SHOES))
    assert day.is_dutiable  # whatever the other price is
    assert [each.duty for each in day.items] == [None, Decimal("224.40")]


def test_an_order_that_disagrees_with_its_lines_is_told_and_its_lines_count(run: Runner) -> None:
    stated = {"total_order_value_inr": "20000", "number_of_items": "3"}
    (day,) = run(row("O-1", "8000", **stated, **SHOES), row("O-1", "9000", **stated, **CASE))
    assert codes(day.orders[0]) == ["G1-ORDER-TOTAL", "G1-ITEM-COUNT", "G3-FREE"]
    (other,) = run(
        row("O-1", "8000", total_order_value_inr="30000", **SHOES),
        through=gates(summed="order_totals"),
    )
    assert (other.total, other.duty) == (Decimal("1320.000"), Decimal("59.84"))


def test_a_split_may_be_read_as_orders_each_under_the_threshold(run: Runner) -> None:
    rows = [row("O-1", inr("1200"), **SHOES), row("O-2", "100", **SHOES)]
    (day,) = run(*rows)
    assert (day.is_split, day.each_under) == (True, False)
    assert not run(*rows, through=gates(split="each_under"))[0].is_split


def test_a_profile_may_be_compared_with_the_day(run: Runner) -> None:
    rows = [row("O-1", inr("3000"), product_title="Gold ring"), row("O-2", inr("3000"), **SHOES)]
    assert run(*rows)[0].flagged_lines == 0
    assert run(*rows, through=gates(profile_value="importer_day"))[0].flagged_lines == 1


def test_names_are_folded_and_no_more(run: Runner) -> None:
    same = ["Ann  Example", "ANN EXAMPLE", "ann-example", "Ａｎｎ Example."]
    assert len(run(*(row(f"O-{n}", "10", importer_name=name) for n, name in enumerate(same)))) == 1
    other = ["Ann Example", "Example Ann", "Ánn Example", "Ann B Example"]
    days = run(*(row(f"O-{n}", "10", importer_name=name) for n, name in enumerate(other)))
    assert len(days) == 4
    assert all("G1-LINK" in codes(day) for day in days)
    assert folded("किरण") != folded("करण")  # vowel signs are part of the word
    assert loosened(folded("Dr Ann B. Example")) == "ann dr example"


def test_a_missing_importer_is_told_and_linked_with_nobody(run: Runner) -> None:
    days = run(
        row("O-1", "10", importer_name=" "),
        row("O-2", "10", importer_name="", delivery_address="2 Street"),
    )
    assert [codes(each) for each in days] == [["G1-NO-IMPORTER", "G3-FREE"]] * 2


@pytest.mark.parametrize(
    ("title", "hs_code", "reason"),
    [
        ("Men's jeans, slim", "620342", "G2-KEYWORD"), ("T-shirt", "6109", "G2-HEADING"),
        ("cotton t-shirts", "610910", "G2-KEYWORD"), ("Leather shoes and leather belt", "", "G2-AMBIGUOUS"),
        ("Various", "", "G2-INSUFFICIENT"), ("", "", "G2-INSUFFICIENT"),
    ],
)  # fmt: skip
def test_words_tell_a_code_or_nothing(run: Runner, title: str, hs_code: str, reason: str) -> None:
    item = run.item(price="100", product_title=title)
    assert (item.hs_code, codes(item)[0]) == (hs_code, reason)


@pytest.mark.parametrize(("given", "code", "first"), [
    ("6403.99.05", "640399", "G2-GIVEN"), ("6403", "6403", "G2-GIVEN"), ("shoe", "611595", "G2-INVALID"), ("64", "611595", "G2-INVALID"),
])  # fmt: skip
def test_a_code_in_the_file_is_taken_when_it_is_one(
    run: Runner, given: str, code: str, first: str
) -> None:
    item = run.item(price="100", hs_code=given)
    assert (item.hs_code, codes(item)[0]) == (code, first)


def test_another_classifier_takes_the_place_of_the_table(run: Runner) -> None:
    def always(texts: Texts) -> Classification:
        return Classification("930700", "G2-KEYWORD", {"title": texts.title})

    own = gates()
    (day,) = run(row("O-1", "30000"), through=Gates(own.rules, own.tariff, always))
    assert (day.items[0].hs_code, day.duty) == ("930700", Decimal("132.00"))


@pytest.mark.parametrize(
    ("table", "unit", "rate"),
    [
        (b"hs_code,tariff_rate\n6403,17\n64,5\n", "percent", "0.17"),
        (b"hs_code,tariff_rate\n6403,0.17\n", "fraction", "0.17"),
        (b"hs_code,tariff_rate\n6403,17%\n", "fraction", "0.17"),
        (b"hs_code,tariff_rate\n6404,17\n", "percent", None),
        (shipped("tariff.csv"), "percent", "0.17"),
    ],
)
def test_a_tariff_comes_in_either_shape(table: bytes, unit: str, rate: str | None) -> None:
    found = read_tariff(table, "t.csv", unit).rate("640399")
    assert (found.rate if found else None) == (Decimal(rate) if rate else None)


@pytest.mark.parametrize(
    "table",
    [
        b"", b"a,b\n1,2\n", b"hs_code,tariff_rate\n", b"hs_code,tariff_rate\n6403,x\n", b"hs_code,tariff_rate\n6403,-1\n",
        b"hs_code,tariff_rate\n6403,1\n6403,2\n", b"hs_code,tariff_rate\nab,1\n", b"hs_code,tariff_rate\n6403\n", b"\xff\xfe",
        b"hs_code,tariff_rate\n6403,1,2\n", b"Chapter_Start,Chapter_End,Simplified_Duty_Rate\n9,1,2\n",
    ],
)  # fmt: skip
def test_a_tariff_that_cannot_be_relied_on_is_refused(table: bytes) -> None:
    with pytest.raises(LawError):
        read_tariff(table, "t.csv", "percent")


@pytest.mark.parametrize(
    "text",
    [
        "[", "more = 1", "settings = 1", "[settings]\nsplit = 'sometimes'", "[settings]\nmore = 1", "profile = 1",
        "[settings]\nrounding_step = '0.03'", "[settings]\nrounding_step = 'NaN'",
        "[[profile]]\nid='P'\ntitle='t'\nkeywords=['-']\naction='inspection'\nask='?'\nsource='s'",
        "[[profile]]\nid='P'\ntitle='t'\nkeywords=['x']\naction='seizure'\nask='?'\nsource='s'",
    ],
)  # fmt: skip
def test_a_rule_file_that_cannot_be_relied_on_is_refused(text: str) -> None:
    with pytest.raises(LawError, match=r"p\.toml"):
        read_rules(text.encode(), "p.toml")


def test_other_profiles_and_settings_take_the_place_of_the_briefs() -> None:
    rules, digest = read_rules(
        b"[settings]\nplurals = false\n[[profile]]\nid='X'\ntitle='Toys'\nkeywords=['toy']\naction='inspection'\nask='?'\nsource='me'\n"
    )
    assert [each.id for each in rules.profile] == ["X"]
    assert (rules.settings.plurals, rules.settings.time_zone) == (False, "Asia/Dubai")
    assert digest != read_rules()[1]


# Hostile files


def test_rows_that_are_no_lines_are_set_aside_and_the_rest_goes_on(run: Runner) -> None:
    path = write(run.folder / "orders.csv", [row("O-1", "10")])
    path.write_text(path.read_text() + "only,three,cells\n\n")
    days, totals = run.files(path)
    assert (len(days), totals.unreadable_rows) == (1, 1)
    assert "3 cells" in (run.out / "unreadable.csv").read_text()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "columns"), (b"order_id,timestamp\n", "columns"), (b"\xff\xfe\x00", "encoding"),
        ((",".join([*COLUMNS, "pid"]) + "\n").encode(), "columns"),
        ((",".join(COLUMNS) + '\n"a"b,c\n').encode(), "not-csv"),
        ((",".join(COLUMNS) + '\n"' + "a" * 200_000).encode(), "not-csv"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_order_file_is_refused(run: Runner, data: bytes, code: str) -> None:
    path = run.folder / "orders.csv"
    path.write_bytes(data)
    with pytest.raises(MessageError) as refused:
        run.files(path)
    assert refused.value.code == code
    assert not list(run.out.glob(".runs-*"))


def test_a_name_with_more_lines_than_fit_is_refused(
    run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(four_gates, "MOST_LINES_OF_A_NAME", 3)
    with pytest.raises(MessageError, match="too-many-lines"):
        run(*(row(f"O-{n}", "10") for n in range(4)))


def test_no_cell_is_a_formula(run: Runner) -> None:
    run(row("=1+1", "10", importer_name="@evil", product_title="+1", delivery_address="-2"))
    for name in ("items.csv", "orders.csv", "importer_days.csv"):
        rows = csv.reader((run.out / name).read_text().splitlines())
        assert not [
            each for each in itertools.chain.from_iterable(rows) if each[:1] in tuple("=+-@")
        ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=13, max_size=13), max_size=6))
def test_hostile_cells_never_stop_a_file_and_sums_hold(
    tmp_path_factory, cells: list[list[str]]
) -> None:
    run = Runner(tmp_path_factory.mktemp("hostile"))
    clean = [
        [text.replace("\x00", "").encode("utf-8", "ignore").decode() for text in each]
        for each in cells
    ]
    days = run(*(dict(zip([*COLUMNS, "hs_code"], each, strict=True)) for each in clean))
    assert sum(len(day.items) for day in days) == len(clean)
    for day in days:
        assert sum(each.duty for each in day.items if each.duty is not None) == day.duty
