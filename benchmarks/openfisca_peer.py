"""The EU rules of July 2026 in OpenFisca-core, for comparison; run by ``columnar.py`` in its own environment.

Reads in.npz in the folder given, prints CPU seconds of the best round (from columns to amounts: the simulation
built, its inputs set, the amounts calculated; ``formulas`` without the building) and how many totals differ by
over a cent.
"""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Consignment = build_entity(
    key="consignment",
    plural="consignments",
    label="consignment",
    roles=[{"key": "goods", "plural": "goods", "label": "goods item"}],
)
Item = build_entity(key="item", plural="items", label="goods item", is_person=True)
PERIOD = "2026-07-01"


def variable(name, entity, formula=None, kind=float):
    """One variable of the system."""
    members = {
        "value_type": kind,
        "entity": entity,
        "definition_period": DateUnit.DAY,
        "label": name,
    }
    if formula is not None:
        members["formula"] = formula
    return type(name, (Variable,), members)


def excise(item, period):
    heading = item("hs6", period) // 100
    return (
        ((heading >= 2203) & (heading <= 2208))
        | ((heading >= 2401) & (heading <= 2404))
        | (heading == 3303)
    )


def intrinsic_value(consignment, period):
    return consignment.sum(consignment.members("price", period)) - consignment("discount", period)


def customs_value(item, period):
    of = item.consignment
    price = item("price", period)
    total = of.sum(of.members("price", period))
    extra = of("freight", period) + of("insurance", period) - of("discount", period)
    return price + np.round(extra * price / np.where(total == 0, 1, total), 4)


def low_value(consignment, period):
    any_excise = consignment.any(consignment.members("excise", period))
    limit = 150 * consignment("per_euro", period)
    return (
        (consignment("flow", period) == 0)
        & (consignment("intrinsic_value", period) <= limit)
        & ~any_excise
    )


def ioss(consignment, period):
    return consignment("low_value", period) & consignment("scheme", period)


def flat_duty(item, period):
    of = item.consignment
    due = (of("flow", period) == 0) & (
        of("intrinsic_value", period) <= 150 * of("per_euro", period)
    )
    owner = of.members_entity_id
    key = owner.astype(np.int64) * 1_000_000 + item("hs6", period)
    _, first = np.unique(key, return_index=True)
    leads = np.zeros(owner.shape, dtype=bool)
    leads[first] = True
    return np.where(due & leads, np.floor(3 * of("per_euro", period) * 100 + 0.5) / 100, 0.0)


def gift_relief(item, period):
    of = item.consignment
    price = item("price", period)
    limit = 45 * of("per_euro", period)
    owner = of.members_entity_id
    before = np.cumsum(price) - price
    start = before[np.searchsorted(owner, owner)]
    return (of("flow", period) == 2) & (before - start + price <= limit)


def import_duty(item, period):
    of = item.consignment
    due = ~(
        (of("flow", period) == 0) & (of("intrinsic_value", period) <= 150 * of("per_euro", period))
    )
    duty = item("customs_value", period) * item("duty_rate", period)
    return np.where(due & ~item("gift_relief", period), np.floor(duty * 100 + 0.5) / 100, 0.0)


def vat(item, period):
    of = item.consignment
    base = item("customs_value", period) + item("import_duty", period) + item("flat_duty", period)
    tax = np.floor(base * of("vat_rate", period) * 100 + 0.5) / 100
    return np.where(item("gift_relief", period), 0.0, tax)


def duty(consignment, period):
    items = consignment.members
    return consignment.sum(items("import_duty", period) + items("flat_duty", period))


def tax_at_sale(consignment, period):
    return np.where(
        consignment("ioss", period), consignment.sum(consignment.members("vat", period)), 0
    )


def tax_at_border(consignment, period):
    return np.where(
        consignment("ioss", period), 0, consignment.sum(consignment.members("vat", period))
    )


def system() -> TaxBenefitSystem:
    found = TaxBenefitSystem([Item, Consignment])
    for name in ("freight", "insurance", "discount", "vat_rate", "per_euro"):
        found.add_variable(variable(name, Consignment))
    found.add_variable(variable("flow", Consignment, kind=int))
    found.add_variable(variable("scheme", Consignment, kind=bool))
    for name in ("price", "duty_rate"):
        found.add_variable(variable(name, Item))
    found.add_variable(variable("hs6", Item, kind=int))
    for formula in (customs_value, flat_duty, import_duty, vat):
        found.add_variable(variable(formula.__name__, Item, formula))
    for formula in (excise, gift_relief):
        found.add_variable(variable(formula.__name__, Item, formula, bool))
    for formula in (intrinsic_value, duty, tax_at_sale, tax_at_border):
        found.add_variable(variable(formula.__name__, Consignment, formula))
    for formula in (low_value, ioss):
        found.add_variable(variable(formula.__name__, Consignment, formula, bool))
    return found


def main() -> None:
    data = np.load(Path(sys.argv[1]) / "in.npz")
    rows, items = data["rows"], data["items"]
    count = len(rows)
    law = system()
    owner = items[:, 0].astype(np.int64)
    seconds, formulas, total = [], [], None
    for _ in range(int(sys.argv[2])):
        begun = time.process_time()
        builder = SimulationBuilder()
        builder.create_entities(law)
        builder.declare_person_entity("item", np.arange(len(items)))
        group = builder.declare_entity("consignment", np.arange(count))
        builder.join_with_persons(group, owner, np.array(["goods"] * len(items)))
        simulation = builder.build(law)
        columns = {
            "freight": rows[:, 0], "insurance": rows[:, 1], "discount": rows[:, 2], "vat_rate": rows[:, 3],
            "scheme": rows[:, 4] > 0, "per_euro": rows[:, 5], "flow": rows[:, 6].astype(np.int32),
            "price": items[:, 1], "hs6": items[:, 2].astype(np.int32), "duty_rate": items[:, 3],
        }  # fmt: skip
        started = time.process_time()
        for name, values in columns.items():
            simulation.set_input(name, PERIOD, values)
        wanted = [simulation.calculate(n, PERIOD) for n in ("duty", "tax_at_sale", "tax_at_border")]
        formulas.append(time.process_time() - started)
        seconds.append(time.process_time() - begun)
        total = sum(wanted)
    differ = int((np.abs(total - data["total"]) > 0.011)[data["answered"]].sum())
    told = {"seconds": min(seconds), "formulas": min(formulas), "differ": differ}
    print(json.dumps({**told, "version": version("OpenFisca-Core")}))


if __name__ == "__main__":
    main()
