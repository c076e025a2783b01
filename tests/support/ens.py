"""An invented entry summary declaration, clean by every rule, and others made from it by changing single elements."""

from pratique.messages.ens_tree import NAMESPACE, Limits, schema

CLEAN = {
    "MesSenMES3": "GB000000000001/0000000001",
    "DatOfPreMES9": "261125",
    "TimOfPreMES10": "1030",
    "MesIdeMES19": "EXAMPLE-1",
    "MesTypMES20": "CC315A",
    "HEAHEA/RefNumHEA4": "EXAMPLE-ENS-1",
    "HEAHEA/TraModAtBorHEA76": "3",
    "HEAHEA/IdeOfMeaOfTraCroHEA85": "EX 12 AMP",
    "HEAHEA/NatOfMeaOfTraCroHEA87": "FR",
    "HEAHEA/TotNumOfIteHEA305": "1",
    "HEAHEA/TotNumOfPacHEA306": "2",
    "HEAHEA/TotGroMasHEA307": "1.25",
    "HEAHEA/ComRefNumHEA": "EXAMPLE-ORDER",
    "HEAHEA/ConRefNumHEA": "EXAMPLE-TRIP",
    "HEAHEA/PlaLoaGOOITE334": "CNEXAMPLE",
    "HEAHEA/PlaUnlGOOITE334": "GBDVR",
    "HEAHEA/DecDatTimHEA114": "202611251030",
    "TRACONCO1/NamCO17": "Example Seller",
    "TRACONCO1/StrAndNumCO122": "1 Example Road",
    "TRACONCO1/PosCodCO123": "000000",
    "TRACONCO1/CitCO124": "Exampletown",
    "TRACONCO1/CouCO125": "CN",
    "TRACONCE1/TINCE159": "GB000000000002",
    "GOOITEGDS/IteNumGDS7": "1",
    "GOOITEGDS/GooDesGDS23": "knitted cotton shirt",
    "GOOITEGDS/GroMasGDS46": "1.25",
    "GOOITEGDS/COMCODGODITM/ComNomCMD1": "610910",
    "GOOITEGDS/PACGS2/KinOfPacGS23": "PK",
    "GOOITEGDS/PACGS2/NumOfPacGS24": "2",
    "GOOITEGDS/PACGS2/MarNumOfPacGSL21": "EXAMPLE 1-2",
    "ITI/CouOfRouCodITI1": "FR",
    "ITI[2]/CouOfRouCodITI1": "GB",
    "PERLODSUMDEC/TINPLD1": "GB000000000001",
    "CUSOFFFENT730/RefNumCUSOFFFENT731": "GB000060",
    "CUSOFFFENT730/ExpDatOfArrFIRENT733": "202611261030",
}
_AMENDED = {
    "HEAHEA/RefNumHEA4": ("HEAHEA/DocNumHEA5", "26GB00000000000001"),
    "HEAHEA/DecDatTimHEA114": ("HEAHEA/DatTimAmeHEA113", "202611251130"),
    "MesTypMES20": ("MesTypMES20", "CC313A"),
}


def message(changes: dict[str, str | None] | None = None, kind: str = "CC315A") -> bytes:
    """The clean declaration with elements set, or taken out (None), in the order of the schema."""
    texts: dict[str, str | None] = {}
    for path, text in CLEAN.items():
        own, said = _AMENDED.get(path, (path, text)) if kind == "CC313A" else (path, text)
        texts[own] = said
    texts |= changes or {}
    tree: dict = {}
    for path, said in texts.items():
        if said is None:
            continue
        above = tree
        *steps, last = path.split("/")
        for step in steps:
            above = above.setdefault(step, {})
        above[last] = said
    inner = _xml(tree, schema(kind))
    return f'<ie:{kind} xmlns:ie="{NAMESPACE}{kind}">{inner}</ie:{kind}>'.encode()


def _xml(tree: dict, limits: Limits) -> str:
    ranks = {name: rank for rank, name in enumerate(limits.parts)}

    def rank(step: str) -> tuple[int, int]:
        name, _, count = step.partition("[")
        return ranks.get(name, len(ranks)), int(count.rstrip("]") or 1)

    parts = []
    for step in sorted(tree, key=rank):
        name = step.partition("[")[0]
        held = tree[step]
        below = held if isinstance(held, str) else _xml(held, limits.parts[name])
        parts.append(f"<{name}>{below}</{name}>")
    return "".join(parts)
