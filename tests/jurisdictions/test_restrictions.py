"""Restrictions by place and day, and what `law check` says of files that cannot be trusted."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from pratique.errors import LawError, NoRuleInForceError
from pratique.jurisdictions import Library, Restrictions, restrictions_of, shipped
from pratique.jurisdictions.check_restrictions import restriction_faults
from pratique.model.outcomes import Citation

GOODS = """
[goods.knife]
words.en = ["knife"]
hints.en = ["blade"]
unless.en = ["knife pattern"]
hs = ["8211"]
hs_partly = ["8208-8210"]
un = ["3480-3481"]
"""
HERE = """
code = "xx"
name = "Nowhere (invented)"
from = 2020-01-01

[[restriction.knives]]
from = 2020-01-01
until = 2024-07-01
effect = "permit"
what = "Knives"
goods = ["knife"]
because = "Knives need a licence."
permit = { name = "licence", authority = "police" }
source = "Knives Act, s. 1"
url = "https://law.example/1"

[[restriction.knives]]
from = 2024-07-01
known = 2024-06-01
effect = "prohibited"
what = "Knives"
goods = ["knife"]
because = "No knives."
source = "Knives Act, s. 2"
"""
THE_PLACES = "AU BR CA CH CL CN EU GB ID IN JP KR MX MY NO NZ PH SG TH TR UA US VN ZA".split()
CONVENTIONS = ("air", "any", "cites", "drugs", "post")


def folder(at: Path, here: str = HERE, goods: str = GOODS) -> Path:
    (at / "xx.restrictions.toml").write_text(here, "utf-8")
    (at / "things.goods.toml").write_text(goods, "utf-8")
    return at


def in_folder(at: Path) -> Restrictions:
    return Restrictions(Library([at]))


def test_what_is_shipped_has_no_faults() -> None:
    assert restriction_faults(Library.shipped_folders()) == ()


def test_every_place_has_its_own_and_conventions_hold_everywhere() -> None:
    found = restrictions_of(shipped())
    assert found.conventions() == CONVENTIONS
    assert sum(len(found.file(code).restriction) for code in CONVENTIONS) >= 12
    for place in THE_PLACES:
        assert len(found.file(place.lower()).restriction) >= 4, place


def test_every_entry_has_an_address_and_is_sure_only_where_it_was_read() -> None:
    found = restrictions_of(shipped())
    for code in found.codes():
        for name, entries in found.file(code).restriction.items():
            for entry in entries:
                assert entry.url.startswith("http"), (code, name)
                assert entry.seen or entry.confidence != "high", (code, name)


@pytest.mark.parametrize(
    ("code", "name", "first"),
    [
        ("gb", "ninja_swords", date(2025, 8, 1)),
        ("gb", "zombie_knives", date(2024, 9, 24)),
        ("gb", "vapes", date(2025, 6, 1)),
        ("au", "vapes", date(2024, 3, 1)),
        ("be", "disposable_vapes", date(2025, 1, 1)),
        ("in", "drones", date(2022, 2, 9)),
        ("br", "e_cigarettes", date(2024, 5, 2)),
        ("vn", "e_cigarettes", date(2025, 1, 1)),
        ("tr", "shoes_toys_leather", date(2025, 10, 20)),
        ("any", "mercury_products", date(2021, 1, 1)),
        ("de", "covert_cameras", date(2021, 12, 1)),
        ("id", "used_clothing", date(2021, 11, 19)),
    ],
)
def test_a_restriction_begins_on_its_day_and_not_before(code: str, name: str, first: date) -> None:
    found = restrictions_of(shipped())
    rule = f"{code}/restriction/{name}@{first}"

    def rules(on: date) -> set[str]:
        return {each.citation.rule for each in found.layer(code, on).restrictions}

    assert rule in rules(first)
    assert rule not in rules(first - timedelta(days=1))


def test_a_union_speaks_before_its_member() -> None:
    found = restrictions_of(shipped())
    assert found.chain("DE") == ("eu", "de")
    assert found.chain("PT") == ("eu",)
    assert found.chain("GB") == ("gb",)
    assert found.chain("PE") == ()


def test_a_layer_says_its_days_and_the_digest_of_its_files(tmp_path: Path) -> None:
    found = in_folder(folder(tmp_path))
    before, after = found.layer("xx", date(2024, 6, 30)), found.layer("xx", date(2024, 7, 1))
    assert (before.valid_from, before.valid_until) == (date(2020, 1, 1), date(2024, 7, 1))
    assert (after.valid_from, after.valid_until) == (date(2024, 7, 1), None)
    assert before.restrictions[0].effect == "permit"
    assert after.restrictions[0].effect == "prohibited"
    assert after.restrictions[0].citation == Citation(
        rule="xx/restriction/knives@2024-07-01", source="Knives Act, s. 2"
    )
    assert len(before.digest) == 64
    (tmp_path / "things.goods.toml").write_text(GOODS.replace("knife", "sabre"), "utf-8")
    (tmp_path / "xx.restrictions.toml").write_text(HERE.replace('"knife"', '"sabre"'), "utf-8")
    assert in_folder(tmp_path).layer("xx", date(2024, 7, 1)).digest != after.digest


def test_what_was_not_yet_known_is_not_told(tmp_path: Path) -> None:
    found = in_folder(folder(tmp_path))
    on = date(2024, 8, 1)
    assert found.layer("xx", on).restrictions[0].effect == "prohibited"
    assert [each.effect for each in found.layer("xx", on, date(2024, 5, 31)).restrictions] == [
        "permit"
    ]


def test_before_a_file_begins_it_answers_nothing(tmp_path: Path) -> None:
    found = in_folder(folder(tmp_path))
    with pytest.raises(NoRuleInForceError, match="before 2020-01-01 are not known"):
        found.layer("xx", date(2019, 12, 31))
    with pytest.raises(NoRuleInForceError, match="no file of restrictions"):
        found.layer("yy", date(2024, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "entry", "says"),
    [
        ('source = "Knives Act, s. 1"\n', "", "xx/restriction/knives@2020-01-01", "has no source"),
        ('"https://law.example/1"', '"law"', "xx/restriction/knives@2020-01-01", "no address"),
        ('effect = "permit"', 'effect = "maybe"', "xx/restriction/knives@2020-01-01", "maybe"),
        ('goods = ["knife"]', "goods = []", "xx/restriction/knives@2020-01-01", "goods is empty"),
        ('goods = ["knife"]', 'goods = ["nife"]', "xx/restriction/knives@2020-01-01", "no goods are named nife"),
        ('because = "Knives need a licence."', 'because = ""', "xx/restriction/knives@2020-01-01", "because"),
        ('permit = { name = "licence", authority = "police" }\n', "", "xx/restriction/knives@2020-01-01", "which"),
        ('effect = "permit"', 'effect = "conditions"', "xx/restriction/knives@2020-01-01", "which: conditions"),
        ('url = "https://law.example/1"', 'origins = ["ZK"]', "xx/restriction/knives@2020-01-01", "ISO 3166"),
        ('url = "https://law.example/1"', 'chanels = ["post"]', "xx/restriction/knives@2020-01-01", "chanels"),
        ("until = 2024-07-01", "until = 2024-08-01", "xx/restriction/knives from 2024-07-01", "overlaps"),
        ("from = 2024-07-01", "from = 2019-07-01", "xx/restriction/knives from 2019-07-01", "oldest first"),
        ('code = "xx"', 'code = "xy"', "xx", "named by them"),
        ("[[restriction.knives]]", "[[restriction.knives]", "xx.restrictions.toml", "cannot be read"),
        ('name = "Nowhere (invented)"\n', "", "xx", "name"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_restrictions_is_told(
    tmp_path: Path, old: str, new: str, entry: str, says: str
) -> None:
    spoilt = HERE.replace(old, new, 1)
    assert spoilt != HERE
    faults = restriction_faults([folder(tmp_path, here=spoilt)])
    assert any(fault.entry == entry and says in fault.message for fault in faults), faults


def test_one_table_is_no_series(tmp_path: Path) -> None:
    first = HERE.rpartition("[[restriction.knives]]")[0].replace("[[", "[").replace("]]", "]")
    faults = restriction_faults([folder(tmp_path, here=first)])
    assert [each.entry for each in faults] == ["xx/restriction/knives"]
    assert "double brackets" in faults[0].message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('source = "Knives Act, s. 1"', 'source = ""'),
        ('effect = "permit"', 'effect = "maybe"'),
        ('goods = ["knife"]', 'goods = ["nife"]'),
        ("until = 2024-07-01", "until = 2024-08-01"),
        ('code = "xx"', 'code = "xy"'),
        ('code = "xx"', "code = "),
    ],
)
def test_a_file_that_cannot_be_trusted_is_not_used(tmp_path: Path, old: str, new: str) -> None:
    folder(tmp_path, here=HERE.replace(old, new, 1))
    with pytest.raises(LawError, match="xx"):
        in_folder(tmp_path).file("xx")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("words.en", "words.english", "no language"),
        ('"knife"', '" "', "empty phrase"),
        ('hs = ["8211"]', 'hs = ["82x"]', "codes are digits"),
        ('"8208-8210"', '"8210-8208"', "ranges"),
        ('"8208-8210"', '"82-8210"', "ranges"),
        ('"3480-3481"', '"348"', "four digits"),
        ("unless.en", "except.en", "except"),
        (
            "[goods.knife]",
            "[goods.sabre]\nwords.en = ['sabre']\n[goods.knife]",
            "no restriction speaks",
        ),
    ],
)
def test_what_is_wrong_with_goods_is_told(tmp_path: Path, old: str, new: str, says: str) -> None:
    spoilt = GOODS.replace(old, new, 1)
    assert spoilt != GOODS
    faults = restriction_faults([folder(tmp_path, goods=spoilt)])
    assert any(says in fault.message for fault in faults), faults


def test_goods_nothing_tells_are_a_fault(tmp_path: Path) -> None:
    faults = restriction_faults([folder(tmp_path, goods="[goods.knife]\nunless.en = ['toy']\n")])
    assert "nothing tells these goods" in faults[0].message


def test_one_file_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    faults = restriction_faults(
        [folder(tmp_path, here="code = ", goods=GOODS.replace('"8211"', '"82x"'))]
    )
    assert {fault.file for fault in faults} == {"xx.restrictions.toml", "things.goods.toml"}


def test_the_same_goods_in_two_files_are_a_fault(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "more.goods.toml").write_text(GOODS, "utf-8")
    (fault,) = restriction_faults([tmp_path])
    assert "is in more.goods.toml already" in fault.message
    with pytest.raises(LawError, match="another file already"):
        in_folder(tmp_path).file("xx")


def test_a_folder_of_ones_own_adds_a_place(tmp_path: Path) -> None:
    folder(tmp_path, here=HERE.replace('code = "xx"', 'code = "pe"'), goods="[goods]\n")
    (tmp_path / "xx.restrictions.toml").rename(tmp_path / "pe.restrictions.toml")
    folders = [*Library.shipped_folders(), tmp_path]
    assert restriction_faults(folders) == ()
    assert Restrictions(Library(folders)).chain("PE") == ("pe",)
