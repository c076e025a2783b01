"""What a use case needs at hand: the law, the evidence, and the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from pratique import assessment, checks, clearance
from pratique.clearance.lifecycle import Life
from pratique.errors import NoRuleInForceError
from pratique.jurisdictions import Library, shipped
from pratique.model.declaration import Declaration, place_of_law
from pratique.model.evidence import NO_EVIDENCE, Evidence
from pratique.model.outcomes import Assessment, Decision, Finding
from pratique.office.doubts import doubts
from pratique.office.kept_law import KeptLaw
from pratique.office.screen import Screening
from pratique.rules.law import Law
from pratique.store import Journal, Writer, open_journal


class Desk:
    """The law and evidence in use, as known on ``known_on`` (None: now); with a store, the journal and its writer.

    One that ``compares_words`` asks of each item whether its code fits its description, which takes its time.
    """

    def __init__(
        self,
        library: Library | None = None,
        evidence: Evidence = NO_EVIDENCE,
        store: str | None = None,
        known_on: date | None = None,
        *,
        compares_words: bool = False,
    ) -> None:
        self.library = library or shipped()
        self.known_on = known_on
        self.screening = Screening(self.library, known_on)
        self.evidence = evidence
        self.compares_words = compares_words
        self.store = store
        self._writer: Writer | None = None

    @property
    def writer(self) -> Writer:
        """The one writer of this process, opened when first needed."""
        if self._writer is None:
            self._writer = Writer(self.journal)
        return self._writer

    def journal(self) -> Journal:
        """A journal of its own for reading. Raises ``StoreError``."""
        assert self.store is not None, "this desk has no store"
        return open_journal(self.store)

    def law_in_force(self, code: str, on: date) -> Law:
        """The law at a place on that day, as known on this desk's day. Raises ``NoRuleInForceError``."""
        return self.library.law_in_force(code, on, self.known_on)

    def law(self, declaration: Declaration, on: date) -> Law | None:
        """The law at the destination, or of its territory, on that day; None when none is loaded."""
        try:
            return self.law_in_force(place_of_law(declaration), on)
        except NoRuleInForceError:
            return None

    def assess(
        self, declaration: Declaration, on: date, *, trace: bool = True
    ) -> tuple[Assessment | None, Law | None]:
        """What is owed under the law of the destination, and that law; None each where there is none.

        Parcels that leave (direction export) owe nothing here: no law is applied to them.
        """
        law = self.law(declaration, on) if declaration.direction == "import" else None
        if law is None:
            return None, None
        assessed = assessment.assess(declaration, law, on=on, evidence=self.evidence, trace=trace)
        return assessed, law

    def close(self) -> None:
        """Let everything that waits be written, then stop."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def law_date(declaration: Declaration, now: datetime) -> date:
    """The day whose law applies: of acceptance if stated, else of lodgement, else today."""
    if declaration.accepted_on is not None:
        return declaration.accepted_on
    return (declaration.lodged_at or now).date()


def walk(
    declaration: Declaration,
    desk: Desk,
    *,
    now: datetime,
    on: date | None = None,
    life: Life | None = None,
    trace: bool = True,
    noticed: Sequence[Finding] | None = None,
) -> Decision:
    """A declaration's way through the rooms: assessed, checked, screened, decided. Nothing is kept.

    ``life`` is where the parcel stands with this version lodged; without one it is a first filing. ``noticed`` is
    what ``notice`` gave, where that was asked before.
    """
    day = on or law_date(declaration, now)
    assessed, law = desk.assess(declaration, day, trace=trace)
    found: Sequence[Finding] = (
        notice(declaration, desk, now=now, on=day) if noticed is None else noticed
    )
    if desk.compares_words:
        found = (*found, *doubts(declaration))
    if law is not None and assessed is not None:
        found = (*found, *checks.missing(declaration, law.requirements, assessed.regime))
    return clearance.decide(declaration, tuple(found), assessed, now=now, life=life)


def notice(declaration: Declaration, desk: Desk, *, now: datetime, on: date) -> list[Finding]:
    """What checks find whatever the law of charges, and what screening of the goods finds."""
    found = checks.general(declaration, now)
    screened = desk.screening.findings(declaration, on)
    return [*found, *screened] if screened else found


def library_with(folders: Sequence[Path], cache: Path | None = None) -> Library:
    """The law files shipped, and those of further folders, kept in the folder ``cache`` once read."""
    keep = KeptLaw(cache) if cache is not None else None
    return Library([*Library.shipped_folders(), *folders], keep)
