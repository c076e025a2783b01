"""A small law file that holds, to be spoilt one line at a time."""

from __future__ import annotations

from pathlib import Path

LAW = """
code = "xx"
name = "Nowhere (invented)"
scheme = "XSS"

[[money]]
from = 2020-01-01
currency = "XTS"
conversion_step = 0.01
source = "s. 1"

[[parameter.vat]]
from = 2020-01-01
value = "10%"
source = "s. 2"

[[parameter.vat]]
from = 2022-01-01
value = "12%"
source = "s. 2 as amended"

[[list.excise]]
from = 2020-01-01
codes = ["2203-2205"]
source = "s. 3"

[[measure.goods]]
from = 2020-01-01
value = "total(price)"
source = "s. 4"

[[regime.excise]]
from = 2020-01-01
when = "any(hs in list.excise)"
needs_human = "ask"
source = "s. 5"

[[regime.standard]]
from = 2020-01-01
when = 'direction == "import"'
source = "s. 6"

[[charge.duty]]
from = 2020-01-01
kind = "duty"
regimes = ["standard"]
base = "price"
rate = "duty_rate"
round = "half_up 0.01"
payer = "importer"
collector = "customs"
moment = "border"
source = "s. 7"

[[charge.tax]]
from = 2020-01-01
kind = "tax"
regimes = ["standard"]
base = "price + duty"
rate = "vat"
round = "half_up 0.01"
payer = "importer"
collector = "customs"
moment = "border"
source = "s. 8"

[[threshold.small]]
from = 2020-01-01
until = 2021-01-01
holds = "goods <= XTS 20"
charges = ["duty", "tax"]
because = "small"
source = "s. 9"
"""
TARIFF = """hs,rate,from,until,source,url
61,12%,2020-01-01,2021-07-01,"annex",https://law.example/1
61,10%,2021-07-01,,"annex",
6109,8.5%,2020-01-01,,"annex",
"""


def folder(at: Path, law: str = LAW, **more: str) -> Path:
    """A folder with ``xx.toml`` and further files, named with ``__`` for the dot."""
    at.mkdir(exist_ok=True)
    (at / "xx.toml").write_text(law, encoding="utf-8")
    for name, content in more.items():
        (at / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return at
