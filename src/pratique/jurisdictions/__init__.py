"""What is the law there, that day? Dated, cited law files, and their reader."""

from pratique.jurisdictions.check import check_folders, check_library, read_folders
from pratique.jurisdictions.faults import LawFault
from pratique.jurisdictions.patch import Patch, read_patch
from pratique.jurisdictions.reader import Library, shipped, snapshots, template
from pratique.jurisdictions.restrictions import Restrictions, restrictions_of

__all__ = [
    "LawFault",
    "Library",
    "Patch",
    "Restrictions",
    "check_folders",
    "check_library",
    "read_folders",
    "read_patch",
    "restrictions_of",
    "shipped",
    "snapshots",
    "template",
]
