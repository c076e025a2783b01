"""The tariff of the United Kingdom as its service publishes it: commodities in JSON:API, one or an array of them.

Third-country duty (measure types 103, 105) and tariff preferences (142, 145) become rates. Suspensions and other relief
are not read, as they hang on conditions; additional, anti-dumping and countervailing duties become words, for a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from pratique.errors import UsageError
from pratique.jurisdictions.tariffs import IN_WORDS, Row, Told

NAME: Final = "uk-json"
ABOUT: Final = "commodities of the UK trade tariff service, JSON"
_ALL: Final = "1011"
_GENERAL: Final = {"103", "105"}
_PREFERENCE: Final = {"142", "145"}
_ADDED: Final = {"551", "552", "553", "554", "555", "561", "562", "564", "695", "696"}
"""Anti-dumping, countervailing, safeguard and other additional duties."""


def read(content: bytes, told: Told) -> Iterator[Row]:
    """The rates of the commodities in a file, each from the day the service gives."""
    try:
        decoded = msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        raise UsageError(f"The tariff is not JSON: {error}") from error
    for number, document in enumerate(decoded if isinstance(decoded, list) else [decoded], start=1):
        try:
            yield from _Commodity(document, told).rows()
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise UsageError(
                f"Commodity {number} is not as the service writes it (JSON:API with measures included): {error}"
            ) from error


class _Commodity:
    """One commodity with what it includes."""

    def __init__(self, document: dict[str, Any], told: Told) -> None:
        self.told = told
        self.code: str = document["data"]["attributes"]["goods_nomenclature_item_id"]
        if len(self.code) != 10 or not self.code.isdigit():
            raise ValueError(f"goods_nomenclature_item_id {self.code!r}")
        self.included = {(each["type"], each["id"]): each for each in document["included"]}

    def rows(self) -> Iterator[Row]:
        for (kind, _), measure in self.included.items():
            if kind == "measure" and measure["attributes"].get("import") is not False:
                yield from self.measure(measure)

    def measure(self, measure: dict[str, Any]) -> Iterator[Row]:
        kind, area = (
            self.related(measure, "measure_type"),
            self.related(measure, "geographical_area"),
        )
        if kind not in _GENERAL | _PREFERENCE | _ADDED or measure["relationships"].get(
            "order_number", {}
        ).get("data"):
            return
        expression = self.included["duty_expression", self.related(measure, "duty_expression")]
        text = " ".join(str(expression["attributes"]["base"]).split())
        if not text:
            return
        begins = measure["attributes"].get("effective_start_date")
        ends = measure["attributes"].get("effective_end_date")
        yield Row(
            hs=self.code,
            rate=f"{IN_WORDS}additional duty {text}" if kind in _ADDED else text,
            since=_day(begins) if begins else self.told.since,
            until=_day(ends) + timedelta(days=1) if ends else None,
            origins=self.countries(measure, area),
            preference=kind in _PREFERENCE,
            source=f"{self.told.source or 'UK Integrated Online Tariff'}, measure {measure['id']}",
            url=self.told.url or f"https://www.trade-tariff.service.gov.uk/commodities/{self.code}",
        )

    def countries(self, measure: dict[str, Any], area: str) -> tuple[str, ...]:
        if area == _ALL:
            return ()
        excluded = measure["relationships"].get("excluded_countries", {}).get("data") or []
        without = {each["id"] for each in excluded}
        group = self.included.get(("geographical_area", area), {}).get("relationships", {})
        children = group.get("children_geographical_areas", {}).get("data") or []
        members = {each["id"] for each in children} or {area}
        countries = sorted(each for each in members - without if len(each) == 2 and each.isalpha())
        if not countries:
            raise ValueError(f"geographical area {area} has no countries among what is included")
        return tuple(countries)

    @staticmethod
    def related(measure: dict[str, Any], name: str) -> str:
        found: str = measure["relationships"][name]["data"]["id"]
        return found


def _day(moment: str) -> date:
    return date.fromisoformat(moment[:10])
