"""Which sets were compared with whom, how large, in which case? Rows in the node's own database, never changed.

A row says sizes and grounds and holds no element. A run is kept before it is reckoned, in the transaction in which the runs
of the day are counted: what cannot be counted is not answered.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from pratique.errors import StoreError
from pratique.store.database import Database

Kept = Literal["kept", "again", "too many"]


class IntersectionRow(NamedTuple):
    """One step of a run: ``requested``, ``answered`` or ``learned``; the partner, the grounds, the sizes of both sets.

    ``found`` is how many elements both have: None but for ``learned``. ``at`` is ISO 8601, UTC.
    """

    run: str
    step: str
    at: str
    partner: str
    agreement: str
    purpose: str
    case_number: str
    kind: str
    reveals: str
    rule: str
    own_size: int
    partner_size: int
    found: int | None = None


_COLUMNS = ("sequence", *IntersectionRow._fields)


class IntersectionRuns:
    """Runs of one node. Not for several threads at once."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def keep(self, row: IntersectionRow, per_day: int) -> Kept:
        """Keep a step, once per run, and no more than ``per_day`` of them with one partner. Raises ``StoreError``."""
        try:
            with self.database.writing():
                if self.database.query(
                    "SELECT 1 FROM intersection_run WHERE run = %s AND step = %s",
                    (row.run, row.step),
                ):
                    return "again"
                (today,) = self.database.query(
                    "SELECT COUNT(*) FROM intersection_run "
                    "WHERE partner = %s AND step = %s AND at >= %s AND at < %s",
                    (row.partner, row.step, row.at[:10], f"{row.at[:10]}U"),
                )[0]
                if today >= per_day:
                    return "too many"
                (last,) = self.database.query(
                    "SELECT COALESCE(MAX(sequence), 0) FROM intersection_run"
                )[0]
                self.database.insert(
                    f"INSERT INTO intersection_run ({', '.join(_COLUMNS)}) "  # noqa: S608
                    f"VALUES ({', '.join(['%s'] * len(_COLUMNS))})",
                    [(last + 1, *row)],
                )
        except self.database.errors as error:
            raise StoreError(f"The run cannot be kept: {error}.") from error
        return "kept"

    def all(self) -> list[IntersectionRow]:
        """Every step that was kept, the oldest first."""
        rows = self.database.query(
            f"SELECT {', '.join(IntersectionRow._fields)} FROM intersection_run ORDER BY sequence"  # noqa: S608
        )
        return [IntersectionRow(*row) for row in rows]
