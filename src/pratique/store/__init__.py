"""What did we know, and when? An append-only journal on SQLite or PostgreSQL."""

from pratique.store.database import open_database, refuse_unsafe
from pratique.store.entry import Entry, EntryKind, Outcome, Receipt, Record
from pratique.store.journal import Journal, open_journal
from pratique.store.writer import Writer

__all__ = [
    "Entry",
    "EntryKind",
    "Journal",
    "Outcome",
    "Receipt",
    "Record",
    "Writer",
    "open_database",
    "open_journal",
    "refuse_unsafe",
]
