"""Does an entry summary declaration have the form its schema asks for? Nodes in, what does not fit out.

Source: ICS schemas CC315A and CC313A, v11.2; facets as XML Schema 1.0 part 2 reads them.
"""

from __future__ import annotations

from collections.abc import Iterator

from pratique.errors import Fault
from pratique.messages.ens_tree import Limits, Node


def misfits(root: Node) -> Iterator[Fault]:
    """Everything in which a message departs from its schema, each with its location, in document order."""
    yield from _children(root)
    for each in root.order:
        if each.limits is not None:
            yield from misfits(each)


def _children(node: Node) -> Iterator[Fault]:
    limits = node.limits
    assert limits is not None
    for stray in node.strays:
        yield Fault(pointer=node.location, message=f"{node.name} holds {stray}.", hint="Remove it.")
    if not limits.parts:
        if node.order:
            yield Fault(pointer=node.location, message=f"{node.name} holds elements, not text.")
        else:
            said = misfit(node.text, limits)
            if said:
                yield Fault(pointer=node.location, message=f"{node.name} {said}.")
        return
    ranks = {name: rank for rank, name in enumerate(limits.parts)}
    highest = -1
    for each in node.order:
        rank = ranks.get(each.name)
        if rank is None:
            said = f"{each.name} is no element of {node.name}."
            yield Fault(pointer=each.location, message=said, hint="Remove it.")
        elif rank < highest:
            said = f"{each.name} stands too late in {node.name}."
            yield Fault(pointer=each.location, message=said, hint="Keep the order of the schema.")
        else:
            highest = rank
    for name, part in limits.parts.items():
        count = len(node.parts.get(name, ()))
        if count < part.least:
            said = f"{node.name} has no {name} ({part.meaning.lower()})."
            yield Fault(pointer=node.location, message=said, hint="Add it.")
        elif part.most is not None and count > part.most:
            said = f"{name} stands {count} times in {node.name}; the most are {part.most}."
            yield Fault(pointer=node.location, message=said)


def misfit(text: str, limits: Limits) -> str:
    """Why a text is not of the form asked for, as the rest of a sentence; empty when it is."""
    if not all(pattern.fullmatch(text) for pattern in limits.patterns):
        return "is empty" if not text else "is not written in the form asked for"
    if len(text) < limits.min_length:
        return f"has {len(text)} characters; the fewest are {limits.min_length}"
    if limits.max_length is not None and len(text) > limits.max_length:
        return f"has {len(text)} characters; the most are {limits.max_length}"
    if limits.digits is not None and limits.decimals is not None:
        whole, _, part = text.lstrip("+-").partition(".")
        whole, part = whole.lstrip("0"), part.rstrip("0")
        if len(part) > limits.decimals:
            return f"has {len(part)} decimals; the most are {limits.decimals}"
        if len(whole) + len(part) > limits.digits:
            return f"has {len(whole) + len(part)} digits; the most are {limits.digits}"
    if limits.values and text not in limits.values:
        return "is no code of its list"
    return ""
