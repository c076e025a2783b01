"""Every published example beside the law files comes out as published."""

from __future__ import annotations

import pytest

from pratique.errors import LawError
from pratique.jurisdictions import Library
from pratique.jurisdictions.cases import Case, cases_in, read_cases
from pratique.office.desk import Desk
from pratique.office.transparency.published import request_of as request_of
from pratique.office.transparency.published import run_case

DESK = Desk()
PUBLISHED = [
    (code, case)
    for folder in Library.shipped_folders()
    for code, cases in cases_in(folder)
    for case in cases
]


@pytest.mark.parametrize(("code", "case"), PUBLISHED, ids=[f"{c}: {k.title}" for c, k in PUBLISHED])
def test_published_example_comes_out_as_published(code: str, case: Case) -> None:
    assert run_case(DESK.library, code, case).differs == ()


def test_there_are_published_examples_to_run() -> None:
    assert {"aa", "qn", "zz"} <= {code for code, _ in PUBLISHED}
    assert len(PUBLISHED) >= 30


GOOD = """
[[case]]
title = "Shoes"
source = "Somebody, page 3"
on = 2024-01-01
currency = "XTS"
lines = ["hs=640399,value=10.00"]
expect = { total = "1.00" }
"""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('source = "Somebody, page 3"', 'source = " "'), "no source"),
        (("value=10.00", "price=10.00"), "is not key=value"),
        (("hs=640399,value=10.00", "hs=640399"), "has no value="),
        (('"1.00"', '"one"'), "is not a number"),
        (("total", "sum"), "no key is called 'sum' in expect"),
        (('lines = ["hs=640399,value=10.00"]', "lines = []"), "no lines of goods"),
        (("2024-01-01", '"soon"'), "on is no day. Write it as 2024-07-01"),
        (("[[case]]", "[[case"), "Expected"),
    ],
)
def test_a_case_file_that_cannot_be_trusted_is_refused(change: tuple[str, str], says: str) -> None:
    assert len(read_cases(GOOD.encode(), "xx.cases.toml")) == 1
    with pytest.raises(LawError, match=r"xx\.cases\.toml") as refused:
        read_cases(GOOD.replace(*change).encode(), "xx.cases.toml")
    assert says.lower() in str(refused.value).lower()
