"""What does a match say? Result codes for the whole and for each document, with every comparison made."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pratique.model.outcomes import Finding, Outcome

Document = Literal["order", "payment", "logistics"]
Outcomes = Literal["agree", "within", "part", "differ", "unknown"]
"""agree: the same · within: apart by no more than the tolerance · part: the declaration is part of the order ·
differ: contradicts · unknown: one side does not say."""
ResultCode = Literal[
    "MATCHED", "WITHIN", "PART", "PARTIAL", "LATE", "AWAITED", "MISSING", "CONTRADICTED"
]
"""What each means, and what follows from it, is data (``three_documents.toml``)."""


class Compared(Outcome, frozen=True, kw_only=True):
    """One comparison: by which rule, what was found, and why, without the personal data compared."""

    rule: str
    document: Document
    outcome: Outcomes
    because: str
    source: str


class DocumentResult(Outcome, frozen=True, kw_only=True):
    """How one kind of record fares: its code, how many records, and until when they may come."""

    document: Document
    code: ResultCode
    records: int
    due: datetime | None = None


class MatchResult(Outcome, frozen=True, kw_only=True):
    """The match of one declaration: the gravest code of its documents, in words, with all reasons."""

    declaration: str
    code: ResultCode
    words: str
    at: datetime
    documents: tuple[DocumentResult, ...]
    compared: tuple[Compared, ...]
    findings: tuple[Finding, ...] = ()
    rules: str
