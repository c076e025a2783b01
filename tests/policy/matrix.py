"""Cells of the matrix of access, ours held against Cedar's: what differs, cell by cell."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pratique.model.agreement import Lane
from pratique.policy.access import Asked, shipped_access
from pratique.policy.agreements import read_agreement
from pratique.policy.elements import catalogue
from pratique.policy.roles import shipped_roles
from pratique.policy.views import Views
from tests.policy import cedar

ON = date(2026, 11, 25)
CHANNELS = ("post", "express", "cargo")
LANES = (("AA", "QN", "post"), ("QN", "AA", "post"), ("AA", "QN", "express"), ("CN", "AA", "cargo"))


def operation_cells(operations: Iterable[str], phases: Iterable[str], purposes: Iterable[str]):
    """Every role and relation with these operations, phases and purposes."""
    return [
        Asked(role=role, operation=operation, relation=relation, phase=phase, purpose=purpose)
        for role, operation, relation, phase, purpose in itertools.product(
            shipped_roles().roles, operations, shipped_access().relations, phases, purposes
        )
    ]


def operation_differences(cells: list[Asked]) -> list[Asked]:
    """Cells that Cedar decides otherwise."""
    requests = [
        cedar.request(
            each.role,
            each.operation,
            ("Parcel", "any"),
            {"relation": each.relation, "phase": each.phase, "purpose": each.purpose},
        )
        for each in cells
    ]
    theirs = cedar.decide(requests, cedar.access_policies(ON), cedar.access_entities())
    return [
        each
        for each, other in zip(cells, theirs, strict=True)
        if shipped_access().decide(each, ON).allowed != other
    ]


def element_differences(phase: str, channel: str, paths: Iterable[str]):
    """(role, purpose, path) that Cedar shows otherwise in that phase and channel."""
    paths = list(paths)
    cells, ours, requests = [], [], []
    lane = Lane(from_="CN", to="DE", channel=channel)
    context = {"phase": phase, "channel": channel, "agreement": ""}
    for role, purpose in itertools.product(shipped_roles().roles, shipped_roles().purposes):
        seen = Views().view(role, purpose, lane, phase, ON).elements
        for path in paths:
            cells.append((role, purpose, path))
            ours.append(path in seen)
            asked = {**context, "purpose": purpose}
            requests.append(cedar.request(role, "see", ("Element", path), asked))
    theirs = cedar.decide(requests, cedar.element_policies(ON, []), entities())
    return different(cells, ours, theirs)


def agreement_differences(file: Path, paths: Iterable[str]):
    """Cells under an agreement that Cedar shows otherwise, on four lanes in two phases."""
    paths = list(paths)
    agreement = read_agreement(file.read_bytes(), file.name)
    views, cells, ours, requests = Views(), [], [], []
    for (start, end, channel), phase in itertools.product(LANES, ("before_loading", "released")):
        lane = Lane(from_=start, to=end, channel=channel)
        for role, purpose in itertools.product(shipped_roles().roles, shipped_roles().purposes):
            seen = views.view(role, purpose, lane, phase, ON, agreement).elements
            context = {
                "purpose": purpose, "phase": phase, "channel": channel, "from": start, "to": end,
                "agreement": agreement.id,
            }  # fmt: skip
            for path in paths:
                cells.append((start, end, channel, phase, role, purpose, path))
                ours.append(path in seen)
                requests.append(cedar.request(role, "see", ("Element", path), context))
    raw = tomllib.loads(file.read_text())
    assert any(ours)
    return different(
        cells, ours, cedar.decide(requests, cedar.element_policies(ON, [raw]), entities())
    )


def entities() -> str:
    return cedar.element_entities({path: each.privacy for path, each in catalogue().items()})


def different(cells, ours, theirs):
    return [cell for cell, mine, other in zip(cells, ours, theirs, strict=True) if mine != other]
