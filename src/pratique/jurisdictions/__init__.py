"""What is the law there, that day? Dated, cited law files, and their reader."""

from pratique.jurisdictions.reader import Library, shipped, snapshots

__all__ = ["Library", "shipped", "snapshots"]
