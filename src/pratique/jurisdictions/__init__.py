"""What is the law there, that day? Dated, cited law files, and their reader."""

from pratique.jurisdictions.check import LawFault, check_folders, check_library, read_folders
from pratique.jurisdictions.patch import Patch, read_patch
from pratique.jurisdictions.reader import Library, shipped, snapshots, template

__all__ = [
    "LawFault",
    "Library",
    "Patch",
    "check_folders",
    "check_library",
    "read_folders",
    "read_patch",
    "shipped",
    "snapshots",
    "template",
]
