"""Which elements does this reader see, and did the originator sign them? Selective disclosure: SD-JWT, RFC 9901.

The originator signs once: each element that may be hidden is replaced by the digest of a disclosure, a short text of salt, name
and value. Whoever holds the signed text presents it with the disclosures of a view and no others; the reader verifies the
originator's signature all the same. What travels is a text, ``<JWT>~<disclosure>~…~``; ``Held`` is one whose disclosures were
found their places, from which views are presented without reading it again.

Elements are named by JSON Pointers; a step ``*`` stands for every place in a list, as in ``/items/*/value``. Salts have 128
bits and come from the source of randomness given; digests of nothing (decoys) fill each object up to a multiple, so that the
number of hidden elements is told only roughly. Refused: disclosures that are foreign, cut or doubled, digests that stand twice, names
the format needs for itself, hashes other than SHA-256, key binding (the envelope says who presents), and what is too large or deep.

Sources: RFC 9901, 4 (format), 7.1 (verification), 9 (security); RFC 6901 (pointers).
"""

from pratique.exchange.disclosure.form import Disclosed, Held, Place, digest, leaves, walk
from pratique.exchange.disclosure.issuing import issue
from pratique.exchange.disclosure.reading import hold, present, verify

__all__ = [
    "Disclosed",
    "Held",
    "Place",
    "digest",
    "hold",
    "issue",
    "leaves",
    "present",
    "verify",
    "walk",
]
