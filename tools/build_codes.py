"""Derive the code lists of src/pratique/model/codes from public data sets.

    python tools/build_codes.py ../shared/data ../shared/samples

Countries and currencies: datasets/country-codes, datasets/currency-codes (PDDL). HS 2022: datasets/harmonized-system
(PDDL, UN Comtrade descriptions). Units: datasets/unece-units-of-measure (PDDL), UN/ECE Recommendation 20. Package types
(UN/ECE Recommendation 21) and UN numbers of dangerous goods: hmrc/customs-reference-data (Apache-2.0), codes alone.
"""

import csv
import json
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "src/pratique/model/codes"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, header: tuple[str, ...], lines: list[tuple[str, ...]]) -> None:
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def main() -> None:
    data = Path(sys.argv[1])
    countries = {
        row["ISO3166-1-Alpha-2"]: row["UNTERM English Short"] or row["CLDR display name"]
        for row in rows(data / "codes/country-codes.csv")
        if len(row["ISO3166-1-Alpha-2"]) == 2
    }
    places = rows(data / "codes/unlocode-country-codes.csv")
    for row in places:
        countries.setdefault(row["CountryCode"], row["CountryName"])
    write("countries.csv", ("code", "name"), sorted(countries.items()))

    currencies: dict[str, tuple[str, str, str]] = {}
    for row in rows(data / "codes/currency-codes-all.csv"):
        code = row["AlphabeticCode"]
        if len(code) != 3:
            continue
        digits = row["MinorUnit"] if row["MinorUnit"].isdigit() else ""
        withdrawn = row["WithdrawalDate"]
        told = currencies.get(code)
        if told is None or (told[2] and (not withdrawn or withdrawn > told[2])):
            currencies[code] = (row["Currency"], digits, withdrawn)
    write(
        "currencies.csv",
        ("code", "name", "minor_unit", "withdrawn"),
        sorted((code, *rest) for code, rest in currencies.items()),
    )
    write(
        "hs2022.csv",
        ("code", "text"),
        [
            (row["hscode"], row["description"])
            for row in rows(data / "hs/harmonized-system.csv")
            if row["hscode"].isdigit()
        ],
    )
    write(
        "units.csv",
        ("code", "name", "factor"),
        sorted(
            (row["CommonCode"], row["Name"], row["ConversionFactor"])
            for row in rows(data / "codes/unece-rec20-units-of-measure.csv")
            if row["Status"] not in ("X", "D")
        ),
    )
    lists = Path(sys.argv[2]) / "eu-customs-codelists"
    for name, source in (("packages", "KindOfPackages"), ("undg", "UnDangerousGoodsCode")):
        codes = {each["code"] for each in json.loads((lists / f"{source}.json").read_text("utf-8"))}
        write(f"{name}.csv", ("code",), [(code,) for code in sorted(codes)])


if __name__ == "__main__":
    main()
