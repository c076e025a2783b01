"""The policy files as Cedar policies: a second, independent reading of the same data.

Reads the TOML itself and knows nothing of ``pratique.policy`` but the catalogue's list of elements and their classes.
Cedar (cedarpolicy.com) is permit and forbid, deny by default, forbid over permit.
"""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import cedarpy

POLICY = Path(__file__).parent.parent.parent / "src/pratique/policy"
ROLES = tomllib.loads((POLICY / "roles.toml").read_text())
ACCESS = tomllib.loads((POLICY / "access.toml").read_text())


def _in_force(entry: dict[str, Any], on: date) -> bool:
    return entry["from"] <= on and ("until" not in entry or on < entry["until"])


def _among(words: list[str], what: str) -> str:
    return f"{json.dumps(words)}.contains({what})" if words else "true"


def _groups(selectors: list[str]) -> str:
    return " || ".join(f"resource in Group::{json.dumps(each)}" for each in selectors) or "false"


def element_policies(on: date, agreements: list[dict[str, Any]]) -> str:
    """Grants as permits; an agreement, when the context names one, as a forbid of all it does not cover."""
    said = []
    for grant in ROLES["grant"]:
        if _in_force(grant, on):
            said.append(
                f'permit(principal == Role::{json.dumps(grant["role"])}, action == Action::"see", resource)\n'
                f"when {{ {_among(grant['purposes'], 'context.purpose')}"
                f" && {_among(grant.get('phases', []), 'context.phase')}"
                f" && {_among(grant.get('channels', []), 'context.channel')}"
                f" && ({_groups(grant['elements'])}) }};"
            )
    for each in agreements:
        further = [p for allowed in each.get("further", {}).values() for p in allowed]
        lanes = " || ".join(
            "("
            + " && ".join(
                [
                    "true"
                    if lane["from"] == "*"
                    else f"context.from == {json.dumps(lane['from'])}",
                    "true" if lane["to"] == "*" else f"context.to == {json.dumps(lane['to'])}",
                    _among(lane.get("channels", []), "context.channel"),
                ]
            )
            + ")"
            for lane in each["lanes"]
        )
        roles = " || ".join(f"principal == Role::{json.dumps(p['role'])}" for p in each["parties"])
        holds = "true" if each["valid_from"] <= on < each["valid_until"] else "false"
        said.append(
            "forbid(principal, action, resource)\n"
            f"when {{ context.agreement == {json.dumps(each['id'])} }}\n"
            f"unless {{ {holds} && ({roles}) && {_among([*each['purposes'], *further], 'context.purpose')}"
            f" && ({lanes}) && ({_groups(each['elements'])}) }};"
        )
    return "\n".join(said)


def element_entities(classes: dict[str, str]) -> str:
    """Every element (path and class), in a group for each way a selector can name it."""
    found = []
    groups = set()
    for path, privacy in classes.items():
        steps = path.split(".")
        above = [path, f"class:{privacy}"]
        above += [".".join(steps[:count]) + ".*" for count in range(1, len(steps))]
        groups.update(above)
        found.append(
            {
                "uid": {"type": "Element", "id": path},
                "attrs": {},
                "parents": [{"type": "Group", "id": name} for name in above],
            }
        )
    found += [{"uid": {"type": "Group", "id": name}, "attrs": {}, "parents": []} for name in groups]
    return json.dumps(found)


def access_policies(on: date) -> str:
    """Rules of acts as permits and forbids."""
    said = []
    for rule in ACCESS["rule"]:
        if _in_force(rule, on):
            effect = {"allow": "permit", "forbid": "forbid"}[rule["effect"]]
            acts = ", ".join(f"Action::{json.dumps('act:' + act)}" for act in rule["acts"])
            roles = rule.get("roles", [])
            who = " || ".join(f"principal == Role::{json.dumps(role)}" for role in roles) or "true"
            said.append(
                f"{effect}(principal, action in [{acts}], resource)\n"
                f"when {{ ({who}) && {_among(rule.get('relations', []), 'context.relation')}"
                f" && {_among(rule.get('phases', []), 'context.phase')}"
                f" && {_among(rule.get('purposes', []), 'context.purpose')} }};"
            )
    return "\n".join(said)


def access_entities() -> str:
    """Every operation as an action below its act."""
    acts = [
        {"uid": {"type": "Action", "id": f"act:{act}"}, "attrs": {}, "parents": []}
        for act in ACCESS["acts"]
    ]
    return json.dumps(
        acts
        + [
            {
                "uid": {"type": "Action", "id": operation},
                "attrs": {},
                "parents": [{"type": "Action", "id": f"act:{act}"}],
            }
            for operation, act in ACCESS["operations"].items()
        ]
    )


def request(
    role: str, action: str, resource: tuple[str, str], context: dict[str, str]
) -> dict[str, Any]:
    """One question to Cedar."""
    return {
        "principal": {"type": "Role", "id": role},
        "action": {"type": "Action", "id": action},
        "resource": {"type": resource[0], "id": resource[1]},
        "context": context,
    }


def decide(requests: list[dict[str, Any]], policies: str, entities: str) -> list[bool]:
    """Cedar's answers. An evaluation error is no answer, and fails."""
    answers = cedarpy.is_authorized_batch(
        requests,
        cedarpy.PolicySet.from_str(policies),
        cedarpy.Entities.from_json_str(entities),
    )
    for answer in answers:
        assert not answer.diagnostics.errors, answer.diagnostics.errors
    return [answer.allowed for answer in answers]
