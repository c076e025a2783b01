"""What is the law there, that day? Dated, cited law files, and their reader."""

from pratique.jurisdictions.check import LawFault, check_folders, check_library
from pratique.jurisdictions.reader import Library, shipped, snapshots, template

__all__ = [
    "LawFault",
    "Library",
    "check_folders",
    "check_library",
    "shipped",
    "snapshots",
    "template",
]
