"""The policy of access is strictly read; forbids go before allows."""

from datetime import date
from importlib import resources

import pytest

from pratique.errors import PolicyError
from pratique.policy.access import Asked, read_access, shipped_access

ON = date(2026, 11, 25)
TEXT = resources.files("pratique.policy").joinpath("access.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"declare" = "file"', '"declare" = "fly"'),
        ('id = "A020"', 'id = "A010"'),
        ('id = "A020"', 'id = "A000"'),
        ('effect = "forbid"', 'effect = "perhaps"'),
        ('roles = ["operator"]', 'roles = ["spy"]'),
        ('relations = ["third"]', 'relations = ["friend"]'),
        ('acts = ["study"]', "acts = []"),
        ('acts = ["study"]', 'acts = ["fly"]'),
        ('purposes = ["risk", "statistics"', 'purposes = ["curiosity", "statistics"'),
        ('phases = ["ordered"', 'phases = ["lost"'),
    ],
)
def test_a_policy_with_a_word_nobody_knows_is_refused(old, new) -> None:
    assert old in TEXT
    read_access(TEXT.encode())
    with pytest.raises(PolicyError, match=r"access\.toml"):
        read_access(TEXT.replace(old, new, 1).encode())


def test_a_forbid_goes_before_an_allow_wherever_it_stands() -> None:
    asked = Asked(
        role="customs_officer",
        operation="show",
        relation="own",
        phase="released",
        purpose="clearance",
    )
    assert shipped_access().decide(asked, ON).rule == "A040"
    forbid = (
        '\n[[rule]]\nid = "Z999"\neffect = "forbid"\nacts = ["read"]\nroles = ["customs_officer"]\n'
        'because = "test"\nfrom = 2026-11-25\nsource = "test"\n'
    )
    policy = read_access((TEXT + forbid).encode())
    assert policy.decide(asked, ON).rule == "Z999"
    assert not policy.decide(asked, ON).allowed
    assert policy.decide(asked, date(2026, 11, 24)).allowed


def test_every_rule_is_dated_and_cited_and_every_act_is_used() -> None:
    for rule in shipped_access().rule:
        assert rule.source
        assert rule.seen or rule.confidence != "high"
    assert set(shipped_access().operations.values()) == set(shipped_access().acts)
