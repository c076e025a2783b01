"""The whole matrix (S1): every operation and every element cell, held against Cedar; and sixty decisions by hand."""

from datetime import date
from pathlib import Path

import pytest

from pratique.model.agreement import Lane
from pratique.policy.access import Asked, shipped_access
from pratique.policy.elements import catalogue
from pratique.policy.roles import shipped_roles
from pratique.policy.views import Views
from tests.policy import cedar, matrix

ON = date(2026, 11, 25)
WORDS = shipped_roles()
FILES = sorted((Path(__file__).parent.parent.parent / "examples/agreements").glob("*.toml"))

# Written by hand from what the roles are for, not drawn from the rules; `own` and friends as in access.toml.
OPERATIONS = """
allow seller            declare           own          ordered         clearance
allow platform          declare           own          ordered         clearance
allow post_of_origin    declare           own          before_loading  security
allow broker            declare           own          at_destination  clearance
allow broker            declare           counterparty before_loading  clearance
deny  seller            declare           counterparty before_loading  clearance
deny  customs_officer   declare           own          before_loading  clearance
deny  consignee         declare           own          before_loading  clearance
deny  statistician      declare           own          ordered         statistics
deny  seller            declare           own          closed          clearance
deny  seller            declare           own          ordered         statistics
deny  broker            declare           revoked      before_loading  clearance
deny  broker            declare           third        before_loading  clearance
allow seller            amend             own          released        returns
allow broker            amend             counterparty under_way       clearance
deny  broker            amend             counterparty released        clearance
deny  auditor           amend             own          released        audit
deny  seller            amend             own          closed          clearance
deny  carrier           amend             third        under_way       security
allow customs_officer   show              own          at_destination  clearance
allow customs_officer   show              counterparty under_way       risk
allow risk_analyst      show              own          under_way       risk
allow auditor           show              own          closed          audit
allow consignee         show              own          released        subject_access
allow post_of_destination show            counterparty under_way       delivery
deny  statistician      show              own          released        statistics
deny  consignee         show              counterparty released        subject_access
deny  consignee         show              third        released        subject_access
deny  customs_officer   show              revoked      at_destination  clearance
deny  auditor           show              counterparty closed          audit
deny  operator          show              own          released        audit
deny  seller            show              counterparty released        revenue
deny  customs_officer   show              own          released        statistics
allow statistician      simulate          own          released        statistics
allow risk_analyst      simulate          own          under_way       risk
deny  seller            simulate          own          ordered         risk
deny  risk_analyst      simulate          counterparty under_way       risk
allow customs_officer   agreement_sign own          ordered         clearance
deny  seller            agreement_sign own          ordered         clearance
deny  customs_officer   agreement_sign third        ordered         clearance
allow operator          keys_new          own          ordered         clearance
deny  customs_officer   keys_new          own          ordered         clearance
allow consignee         quote             third        ordered         subject_access
allow seller            law_show          revoked      closed          returns
""".strip()
ELEMENTS = """
allow customs_officer     clearance      before_loading post    parties.consignee.name
deny  customs_officer     clearance      closed         post    parties.consignee.name
deny  customs_officer     statistics     released       post    parties.consignee.name
allow post_of_destination delivery       at_destination post    parties.consignee.phone
deny  post_of_destination delivery       before_loading post    parties.consignee.phone
deny  post_of_destination delivery       at_destination express parties.consignee.phone
deny  post_of_destination clearance      under_way      post    payment.reference
deny  carrier             transport      under_way      post    parties.consignee.name
allow carrier             transport      under_way      express parties.consignee.name
deny  carrier             transport      under_way      express consignment.items.price
allow statistician        statistics     released       cargo   consignment.items.hs_code
deny  statistician        statistics     released       cargo   id
deny  risk_analyst        risk           under_way      post    parties.consignee.name
allow risk_analyst        risk           under_way      post    parties.consignee.address.postcode
allow other_agency        permits        at_destination express consignment.items.description
deny  other_agency        permits        at_destination express consignment.items.price
allow seller              revenue        released       post    payment.reference
deny  seller              clearance      released       post    consignment.items.price
allow consignee           subject_access closed         cargo   consignment.items.price
deny  consignee           subject_access closed         cargo   parties.seller.address.line
deny  auditor             audit          released       post    parties.consignee.name
deny  operator            audit          released       post    destination
""".strip()


def test_sixty_decisions_and_more_by_hand() -> None:
    assert len(OPERATIONS.splitlines()) + len(ELEMENTS.splitlines()) >= 60


@pytest.mark.parametrize("line", OPERATIONS.splitlines())
def test_an_operation_is_decided_as_by_hand(line) -> None:
    effect, role, operation, relation, phase, purpose = line.split()
    operation = operation.replace("_", " ")
    asked = Asked(role=role, operation=operation, relation=relation, phase=phase, purpose=purpose)
    answer = shipped_access().decide(asked, ON)
    assert answer.allowed == (effect == "allow")
    assert answer.rule
    assert answer.because


@pytest.mark.parametrize("line", ELEMENTS.splitlines())
def test_an_element_is_shown_as_by_hand(line) -> None:
    effect, role, purpose, phase, channel, path = line.split()
    assert path in catalogue()
    lane = Lane(from_="CN", to="DE", channel=channel)
    view = Views().view(role, purpose, lane, phase, ON)
    assert (path in view.elements) == (effect == "allow")


def test_operation_cells_are_decided_as_cedar_decides() -> None:
    """One operation of each act in every phase for every purpose, and every operation in one; the rest is soaked."""
    of_each_act = {act: operation for operation, act in shipped_access().operations.items()}
    cells = matrix.operation_cells(of_each_act.values(), WORDS.phases, list(WORDS.purposes)[::3])
    cells += matrix.operation_cells(shipped_access().operations, ["released"], ["returns"])
    assert matrix.operation_differences(cells) == []


def test_element_cells_are_shown_as_cedar_decides() -> None:
    paths = list(catalogue())[::7]
    assert len(WORDS.roles) * len(WORDS.purposes) * len(paths) >= 7_200
    assert matrix.element_differences("at_destination", "post", paths) == []


@pytest.mark.parametrize("channel", matrix.CHANNELS)
def test_a_sample_of_elements_in_every_phase_is_shown_as_cedar_decides(channel) -> None:
    for phase in WORDS.phases:
        assert matrix.element_differences(phase, channel, list(catalogue())[::83]) == []


def test_a_planted_difference_is_found(monkeypatch) -> None:
    """The comparison can fail: a grant that Cedar does not know makes differences."""
    grants = [each for each in cedar.ROLES["grant"] if each["id"] != "V041"]
    monkeypatch.setitem(cedar.ROLES, "grant", grants)
    found = matrix.element_differences("at_destination", "post", ["parties.consignee.phone"])
    assert found == [
        ("post_of_destination", purpose, "parties.consignee.phone")
        for purpose in ("transport", "delivery", "returns")
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_under_an_agreement_cells_are_shown_as_cedar_decides(path) -> None:
    assert matrix.agreement_differences(path, list(catalogue())[::61]) == []
