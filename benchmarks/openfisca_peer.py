"""The EU rules of July 2026 in OpenFisca-core, for comparison; run by ``columnar.py`` in its own environment.

Reads the same Arrow batch (batch.arrow) as the columnar evaluator, and the parameters of the day (parameters.json):
VAT rates and limits of the 27 members, and exchange rates. Written as OpenFisca systems are: entities, enumerations,
dated parameters looked up by enumeration, formulas over columns. Duty rates are given as input, which is its best
case; HS codes are given as whole numbers and the members as codes, which spares it reading text. Prints CPU seconds of
the best round: ``seconds`` from Arrow to amounts (columns read, the simulation built, inputs set, amounts
calculated), ``formulas`` for the last two of these alone, and how many totals differ by over a cent.
"""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.parameters import ParameterNode
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
MONEYS = ("freight", "insurance", "discount")


def variable(name, entity, formula=None, kind=float, choices=None):
    """One variable of the system."""
    members = {
        "value_type": Enum if choices else kind,
        "entity": entity,
        "definition_period": DateUnit.DAY,
        "label": name,
    }
    if choices:
        members |= {"possible_values": choices, "default_value": next(iter(choices))}
    if formula is not None:
        members["formula"] = formula
    return type(name, (Variable,), members)


def half_up(values, places):
    """Rounded half up, as the law says; OpenFisca has no rounding of its own."""
    return np.floor(values * 10**places + 0.5) / 10**places


def rate(entity, currency, destination, parameters, period):
    """Units of the member's currency for one of another: a table by currency, then by member."""
    return parameters(period).exchange[currency(entity, period)][destination(entity, period)]


def excise(item, period):
    heading = item("hs6", period) // 100
    return ((heading >= 2203) & (heading <= 2208)) | ((heading >= 2401) & (heading <= 2404))


def destination_of_item(item, period):
    return item.consignment("destination", period)


def price(item, period, parameters):
    exchange = parameters(period).exchange[item("currency", period)]
    return half_up(
        item("declared_price", period) * exchange[item("destination_of_item", period)], 4
    )


def converted(name):
    """Freight, insurance or discount in the member's currency."""

    def formula(consignment, period, parameters):
        exchange = parameters(period).exchange[consignment(f"{name}_currency", period)]
        place = consignment("destination", period)
        return half_up(consignment(f"declared_{name}", period) * exchange[place], 4)

    formula.__name__ = name
    return formula


def intrinsic_value(consignment, period):
    return consignment.sum(consignment.members("price", period)) - consignment("discount", period)


def customs_value(item, period):
    """Price and its share of the costs; shares are cut by cumulative rounding, so that they sum to the whole."""
    of = item.consignment
    price = item("price", period).astype(np.float64)
    total = of.sum(of.members("price", period))
    extra = of("freight", period) + of("insurance", period) - of("discount", period)
    owner = of.members_entity_id
    running = np.cumsum(price)
    start = np.searchsorted(owner, np.arange(owner[-1] + 1))
    running -= (running[start] - price[start])[owner]
    upto = half_up(extra * running / np.where(total == 0, 1, total), 4)
    before = np.concatenate(([0.0], upto[:-1]))
    before[start] = 0.0
    return price + upto - before


def low_value_limit(consignment, period, parameters):
    return parameters(period).low_value_limit[consignment("destination", period)]


def euro(consignment, period, parameters):
    return parameters(period).euro[consignment("destination", period)]


def small(consignment, period):
    return consignment("intrinsic_value", period) <= consignment("low_value_limit", period)


def distance_sale(consignment, period):
    return consignment("flow", period) == Flow.b2c


def ioss(consignment, period):
    any_excise = consignment.any(consignment.members("excise", period))
    sold = consignment("distance_sale", period) & consignment("scheme", period)
    return sold & consignment("small", period) & ~any_excise


def flat_duty(item, period):
    of = item.consignment
    due = of("distance_sale", period) & of("small", period)
    owner = of.members_entity_id
    key = owner.astype(np.int64) * 1_000_000 + item("hs6", period)
    _, first = np.unique(key, return_index=True)
    leads = np.zeros(owner.shape, dtype=bool)
    leads[first] = True
    return np.where(due & leads, half_up(3 * of("euro", period), 2), 0.0)


def gift_relief(item, period):
    """Items are allocated to the limit in turn; one that does not fit is passed over."""
    of = item.consignment
    gift = of("flow", period) == Flow.c2c
    price, position, owner = item("price", period), of.members_position, of.members_entity_id
    start = np.searchsorted(owner, np.arange(owner[-1] + 1))
    left = 45 * of("euro", period)[start].astype(np.float64)
    fits = np.zeros(price.shape, dtype=bool)
    for turn in range(int(position.max()) + 1):
        items = np.flatnonzero(position == turn)
        fit = price[items] <= left[owner[items]]
        fits[items] = fit
        left[owner[items]] -= np.where(fit, price[items], 0.0)
    return gift & fits


def import_duty(item, period):
    of = item.consignment
    due = ~(of("distance_sale", period) & of("small", period))
    duty = half_up(item("customs_value", period) * item("duty_rate", period), 2)
    return np.where(due & ~item("gift_relief", period), duty, 0.0)


def vat(item, period, parameters):
    standard = parameters(period).vat_standard[item("destination_of_item", period)]
    flat = np.where(item.consignment("ioss", period), 0.0, item("flat_duty", period))
    base = item("customs_value", period) + item("import_duty", period) + flat
    return np.where(item("gift_relief", period), 0.0, half_up(base * standard, 2))


def duty(consignment, period):
    items = consignment.members
    return consignment.sum(items("import_duty", period) + items("flat_duty", period))


def tax_at_sale(consignment, period):
    taxed = consignment.sum(consignment.members("vat", period))
    return np.where(consignment("ioss", period), taxed, 0.0)


def tax_at_border(consignment, period):
    taxed = consignment.sum(consignment.members("vat", period))
    return np.where(consignment("ioss", period), 0.0, taxed)


def fee(consignment, period, parameters):
    each = parameters(period).parcel_fee[consignment("destination", period)]
    under = consignment("intrinsic_value", period) < consignment("low_value_limit", period)
    return np.where(under & (consignment("flow", period) != Flow.c2c), each, 0.0)


Flow = Enum("Flow", {name: name for name in ("b2c", "b2b", "c2c")})


def system(told) -> TaxBenefitSystem:
    """Variables and parameters; ``told`` has tables by member, and exchange rates by currency and member."""
    places = Enum("Destination", {name: name for name in told["members"]})
    currencies = Enum("Currency", {name: name for name in told["currencies"]})
    found = TaxBenefitSystem([Item, Consignment])

    def dated(table):
        return {
            key: dated(value) if isinstance(value, dict) else {"values": {"2026-07-01": value}}
            for key, value in table.items()
        }

    found.parameters = ParameterNode("", data=dated(told["parameters"]))
    found.add_variable(variable("destination", Consignment, choices=places))
    found.add_variable(variable("destination_of_item", Item, destination_of_item, choices=places))
    found.add_variable(variable("flow", Consignment, choices=Flow))
    found.add_variable(variable("scheme", Consignment, kind=bool))
    found.add_variable(variable("hs6", Item, kind=int))
    for name in ("declared_price", "duty_rate"):
        found.add_variable(variable(name, Item))
    found.add_variable(variable("currency", Item, choices=currencies))
    for name in MONEYS:
        found.add_variable(variable(f"declared_{name}", Consignment))
        found.add_variable(variable(f"{name}_currency", Consignment, choices=currencies))
        found.add_variable(variable(name, Consignment, converted(name)))
    for formula in (price, customs_value, flat_duty, import_duty, vat):
        found.add_variable(variable(formula.__name__, Item, formula))
    for formula in (excise, gift_relief):
        found.add_variable(variable(formula.__name__, Item, formula, bool))
    for formula in (intrinsic_value, low_value_limit, euro, duty, tax_at_sale, tax_at_border, fee):
        found.add_variable(variable(formula.__name__, Consignment, formula))
    for formula in (small, distance_sale, ioss):
        found.add_variable(variable(formula.__name__, Consignment, formula, bool))
    return found


def codes(column, choices):
    """A text column as the codes of an enumeration."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    order = {each.name: number for number, each in enumerate(choices)}
    table = np.array([order[word] for word in coded.dictionary.to_pylist()] or [0], dtype=np.uint8)
    indices = coded.indices.fill_null(0).to_numpy(zero_copy_only=False)
    return EnumArray(table[indices], choices)


def amounts(column):
    return pc.fill_null(column.cast(pa.float64()), 0).to_numpy(zero_copy_only=False)


def columns(batch, law):
    """What the rules read, from Arrow."""
    lists = batch.column("items")
    items = lists.values
    choices = {
        name: each.possible_values
        for name, each in law.variables.items()
        if each.value_type is Enum
    }
    scheme = batch.column("scheme").dictionary_encode()
    registered = np.array([word == "IOSS" for word in scheme.dictionary.to_pylist()])
    hs = items.field("hs").dictionary_encode()
    six = np.array([int(word[:6]) for word in hs.dictionary.to_pylist()], dtype=np.int32)
    found = {
        "destination": codes(batch.column("destination"), choices["destination"]),
        "flow": codes(batch.column("flow"), choices["flow"]),
        "scheme": registered[scheme.indices.to_numpy()],
        "declared_price": amounts(items.field("price")),
        "currency": codes(items.field("currency"), choices["currency"]),
        "hs6": six[hs.indices.to_numpy()],
        "duty_rate": amounts(items.field("duty_rate")),
    }
    for name in MONEYS:
        found[f"declared_{name}"] = amounts(batch.column(name))
        found[f"{name}_currency"] = codes(
            batch.column(f"{name}_currency"), choices[f"{name}_currency"]
        )
    starts = lists.offsets.to_numpy()
    return found, np.repeat(np.arange(batch.num_rows), np.diff(starts))


def main() -> None:
    folder = Path(sys.argv[1])
    told = json.loads((folder / "parameters.json").read_text())
    with pa.OSFile(str(folder / "batch.arrow")) as file:
        batch = pa.ipc.open_file(file).get_batch(0)
    known = np.load(folder / "known.npz")
    law = system(told)
    count, seconds, formulas, total = batch.num_rows, [], [], None
    for _ in range(int(sys.argv[2])):
        begun = time.process_time()
        inputs, owner = columns(batch, law)
        builder = SimulationBuilder()
        builder.create_entities(law)
        builder.declare_person_entity("item", np.arange(len(owner)))
        group = builder.declare_entity("consignment", np.arange(count))
        builder.join_with_persons(group, owner, np.array(["goods"] * len(owner)))
        simulation = builder.build(law)
        started = time.process_time()
        for name, values in inputs.items():
            simulation.set_input(name, PERIOD, values)
        wanted = [
            simulation.calculate(n, PERIOD) for n in ("duty", "tax_at_sale", "tax_at_border", "fee")
        ]
        formulas.append(time.process_time() - started)
        seconds.append(time.process_time() - begun)
        total = sum(each.astype(np.float64) for each in wanted)
    differ = int((np.abs(total - known["total"]) > 0.011)[known["answered"]].sum())
    told = {"seconds": min(seconds), "formulas": min(formulas), "differ": differ}
    print(json.dumps({**told, "version": version("OpenFisca-Core")}))


if __name__ == "__main__":
    main()
