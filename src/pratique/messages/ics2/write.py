"""Which messages of ICS2 does a decision give rise to? One function each, from values of ours alone.

The interface names code lists whose values are not in the schemas and were not found in public text: whoever exchanges
gives them (``Codes``), and a message whose code is not given is refused rather than guessed. Written are: a request for
information, or for an amendment (IE4Q04), and for screening (IE4Q05); a decision to control (IE4N09, and IE4N11 to an
authorised operator); the result of the risk analysis, with what may not be loaded (IE4S02); errors (IE3N99, IE4N99); an
arrival (IE4N07); and the result of a control (IE4S03).

Source: schemas and service operations of the common repository interface V2 (hmrc/import-control-wsdls, fcc4691).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from pratique.errors import MessageError
from pratique.messages.ics2.document import Content, document
from pratique.messages.strict import refuse
from pratique.model.declaration import Declaration, Party, party
from pratique.model.outcomes import Decision, DecisionCode, Reason


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes to whom, when, and for which office and member state."""

    sender: str
    recipient: str
    message_id: str
    at: datetime
    member_state: str
    office: str
    place_of_examination: str = ""
    reply_to: str = ""


class Codes(msgspec.Struct, frozen=True, kw_only=True):
    """Values of the code lists of ICS2, as the partners agreed them; the list is named beside each.

    ``requests`` are CL735 by our decision (RFI, RFA, RFS), ``transport_document`` CL754 of the house document,
    ``category`` CL736, ``analysis`` CL739, ``error`` CL723, ``function`` CL727, ``control`` CL712 by our decision.
    """

    requests: dict[str, str] = {}
    transport_document: str = ""
    category: str = ""
    analysis: str = ""
    error: str = ""
    function: str = ""
    control: dict[str, str] = {}


class Message(msgspec.Struct, frozen=True):
    """A message: its name, and its XML."""

    name: str
    data: bytes


class _Case(msgspec.Struct, frozen=True):
    decision: Decision
    declaration: Declaration
    envelope: Envelope
    codes: Codes


def messages_of(
    decision: Decision, declaration: Declaration, envelope: Envelope, codes: Codes
) -> tuple[Message, ...]:
    """The messages a decision gives rise to. Raises ``MessageError`` when the interface has none for it, or an
    element or code it needs is not given.
    """
    written = _WRITERS.get(decision.code, {})
    if not written:
        raise refuse(
            "no-message",
            f"The interface has no message for {decision.code}.",
            hint=f"There are some for {', '.join(_WRITERS)}.",
        )
    case = _Case(decision, declaration, envelope, codes)
    return tuple(Message(name, document(name, build(case))) for name, build in written.items())


def errors(
    error: MessageError, envelope: Envelope, codes: Codes, reference: str = ""
) -> tuple[Message, ...]:
    """What was wrong with a message that could not be read, every fault with its place, as IE3N99 and IE4N99."""
    told = [_error(each.message, each.pointer, codes) for each in error.faults]
    content: dict[str, Any] = {"notificationDate": _date(envelope.at), "error": told}
    if reference:
        content["functionalReference"] = reference[:35]
    return (
        Message("IE3N99", document("IE3N99", content)),
        Message("IE4N99", document("IE4N99", {"MessageHeader": _header(envelope), **content})),
    )


def arrival(declaration: Declaration, envelope: Envelope, *, registered: datetime) -> Message:
    """The arrival of the means of transport, told to the member states (IE4N07)."""
    transport = declaration.consignment.transport
    if transport is None or not transport.mode or transport.arrives_at is None:
        raise _lacking("an arrival", "/consignment/transport", "mode and moment of arrival")
    content = {
        "MessageHeader": _header(envelope),
        "documentIssueDate": _date(envelope.at),
        "MRN": _mrn(declaration),
        "registrationDate": _date(registered),
        "activeBorderTransportMeans": {
            "ModeOfTransport": transport.mode,
            "actualDateAndTimeOfArrival": _date(transport.arrives_at),
        },
        "actualCustomsOfficeOfFirstEntry": {"referenceNumber": envelope.office},
    }
    return Message("IE4N07", document("IE4N07", content))


def control_result(
    declaration: Declaration,
    code: DecisionCode,
    envelope: Envelope,
    codes: Codes,
    *,
    ended: datetime,
    reason: str = "",
) -> Message:
    """The result of a control that has ended with ``code`` (released, denied, seized), as IE4S03."""
    decided = {
        "controlDecision": _given(codes.control.get(code, ""), f"control of {code}", "CL712")
    }
    if reason:
        decided["reasonText"] = _line(reason)
    content = {
        "MessageHeader": _header(envelope),
        "messageFunction": _given(codes.function, "function", "CL727"),
        "functionalReference": declaration.id[:35],
        "documentIssueDate": _date(envelope.at),
        "MRN": _mrn(declaration),
        "controlResultDate": _date(ended),
        "controlDecision": decided,
        "customsOfficeOfControl": {"referenceNumber": envelope.office},
    }
    return Message("IE4S03", document("IE4S03", content))


def _request(case: _Case) -> Content:
    details = [
        {
            **_asked(case, number),
            **_house(case),
            "additionalInformation": {"text": _line(f"{reason.rule}: {reason.text}")},
            **_place(reason),
        }
        for number, reason in enumerate(case.decision.reasons, start=1)
    ]
    return {**_referral(case), "referralRequestDetails": details}


def _screening(case: _Case) -> Content:
    house = _house(case)
    if not house:
        raise _lacking(
            "a request for screening", "/consignment/transport", "a house waybill, or a parcel"
        )
    return {**_referral(case), "referralRequestDetails": {**_asked(case, 1), **house}}


def _referral(case: _Case) -> dict[str, Any]:
    found: dict[str, Any] = {
        "MessageHeader": _header(case.envelope),
        "documentIssueDate": _date(case.envelope.at),
        "riskAnalysisRequestReference": case.declaration.id[:35],
        "responsibleMemberState": {"country": case.envelope.member_state},
    }
    if case.declaration.mrn:
        found["MRN"] = _mrn(case.declaration)
    found.update(_person("declarant", party(case.declaration, "declarant")))
    return found


def _asked(case: _Case, number: int) -> dict[str, Any]:
    code = case.decision.code
    return {
        "referralRequestReference": f"{case.decision.version}-{number}",
        "requestType": _given(case.codes.requests.get(code, ""), f"request of {code}", "CL735"),
    }


def _control(case: _Case) -> Content:
    place = (
        {"placeOfExamination": case.envelope.place_of_examination[:256]}
        if case.envelope.place_of_examination
        else {"referenceNumber": case.envelope.office}
    )
    return {
        "MessageHeader": _header(case.envelope),
        "MRN": _mrn(case.declaration),
        "notificationDate": _date(case.envelope.at),
        "customsOfficeOfControl": {"referenceNumber": case.envelope.office},
        "control": {"examinationPlace": place, "controlSubject": {"consignmentMasterLevel": {}}},
        **_person("declarant", party(case.declaration, "declarant")),
    }


def _risk(case: _Case) -> Content:
    found: dict[str, Any] = {
        "MessageHeader": _header(case.envelope),
        "messageFunction": _given(case.codes.function, "function", "CL727"),
        "functionalReference": case.declaration.id[:35],
        "documentIssueDate": _date(case.envelope.at),
        "responsibleMemberState": {"country": case.envelope.member_state},
        "riskAnalysis": {
            "riskAnalysisRequestReference": case.declaration.id[:35],
            "category": _given(case.codes.category, "category", "CL736"),
            "riskAnalysisResult": [
                {
                    "riskAnalysisType": _given(case.codes.analysis, "analysis", "CL739"),
                    "resultText": _line(f"{reason.rule}: {reason.text}"),
                    "dateAndTimeOfCompletion": _date(case.decision.decided_at),
                    **_place(reason),
                }
                for reason in case.decision.reasons
            ],
        },
    }
    if case.decision.code == "DNL":
        found["doNotLoadDetails"] = _not_to_load(case)
    return found


def _not_to_load(case: _Case) -> Content:
    transport = case.declaration.consignment.transport
    if transport is not None and transport.receptacle:
        return {"receptacle": {"receptacleIdentificationNumber": transport.receptacle}}
    house = _house(case).get("transportDocumentHouse")
    if house is None:
        raise _lacking(
            "a do-not-load", "/consignment/transport", "a receptacle, a house waybill, or a parcel"
        )
    return {"transportDocument": house}


def _refused(case: _Case) -> Content:
    return {"MessageHeader": _header(case.envelope), **_refused_alone(case)}


def _refused_alone(case: _Case) -> dict[str, Any]:
    told = [
        _error(f"{each.rule}: {each.text}", each.pointer, case.codes)
        for each in case.decision.reasons
    ]
    return {
        "functionalReference": case.declaration.id[:35],
        "notificationDate": _date(case.envelope.at),
        "error": told,
    }


_WRITERS: Final[dict[DecisionCode, dict[str, Callable[[_Case], Content]]]] = {
    "INVALID": {"IE3N99": _refused_alone, "IE4N99": _refused},
    "RFI": {"IE4Q04": _request},
    "RFA": {"IE4Q04": _request},
    "RFS": {"IE4Q05": _screening},
    "DNL": {"IE4S02": _risk},
    "ASSESSED": {"IE4S02": _risk},
    "RELEASED": {"IE4S02": _risk},
    "CONTROL": {"IE4N09": _control, "IE4N11": _control},
}
"""The messages of each decision."""


def _header(envelope: Envelope) -> dict[str, Any]:
    found = {
        "messageId": envelope.message_id,
        "messageTimestamp": _moment(envelope.at),
        "messageSender": envelope.sender,
        "messageRecipient": envelope.recipient,
    }
    return {**found, "replyToMessageId": envelope.reply_to} if envelope.reply_to else found


def _house(case: _Case) -> dict[str, Any]:
    """The house transport document, else the one parcel."""
    consignment = case.declaration.consignment
    number = consignment.transport.house_waybill if consignment.transport is not None else ""
    if not number and len(consignment.parcels) == 1:
        number = consignment.parcels[0].id
    if not number:
        return {}
    kind = _given(case.codes.transport_document, "transport_document", "CL754")
    return {"transportDocumentHouse": {"documentNumber": number, "type": kind}}


def _person(name: str, found: Party | None) -> dict[str, Any]:
    number = next((each.number for each in found.ids if each.kind == "EORI"), "") if found else ""
    return {name: {"identificationNumber": number}} if number else {}


def _error(text: str, pointer: str, codes: Codes) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": _line(text),
        "validationCode": _given(codes.error, "error", "CL723"),
    }
    return {**found, "pointer": {"messageElementPath": _line(pointer)}} if pointer else found


def _place(reason: Reason) -> dict[str, Any]:
    return {"pointer": {"messageElementPath": _line(reason.pointer)}} if reason.pointer else {}


def _line(text: str) -> str:
    """Text on one line, as long as the interface takes it."""
    return " ".join(text.split())[:512]


def _mrn(declaration: Declaration) -> str:
    if not declaration.mrn:
        raise _lacking("the message", "/mrn", "an MRN")
    return declaration.mrn


def _given(value: str, name: str, code_list: str) -> str:
    if not value:
        raise refuse(
            "no-code",
            f"No code is given for the {name}: it is a value of code list {code_list}.",
            hint="Give the value agreed with the partner; none is guessed.",
        )
    return value


def _lacking(what: str, pointer: str, needed: str) -> MessageError:
    return refuse("lacking", f"For {what} the declaration needs {needed}.", pointer, "Declare it.")


def _date(moment: datetime) -> dict[str, str]:
    return {"DateTime": _moment(moment)}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
