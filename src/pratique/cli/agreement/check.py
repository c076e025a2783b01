"""``pratique agreement check``: everything that can be wrong with an agreement."""

from __future__ import annotations

import argparse

from pratique.cli.arguments import read_bytes
from pratique.cli.output import print_json, say
from pratique.errors import MessageError, PolicyError, SealError
from pratique.office.agreements import read_file

EPILOG = """
Takes TOML files and signed copies; of these it does not verify the signature (pratique agreement show does).
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("files", nargs="+", metavar="FILE")


def run(args: argparse.Namespace) -> int:
    """Say of each file that it is sound, or what is wrong; 1 when anything is."""
    told = []
    for name in args.files:
        try:
            agreement = read_file(read_bytes(name), name)
        except (MessageError, PolicyError, SealError) as error:
            told.append({"file": name, "sound": False, "error": str(error)})
        else:
            told.append(
                {"file": name, "sound": True, "id": agreement.id, "version": agreement.version}
            )
    if args.json:
        print_json(told)
    else:
        for each in told:
            said = f"{each['id']}, version {each['version']}" if each["sound"] else each["error"]
            say(f"{each['file']}: {said}", "green" if each["sound"] else "bold red")
    return 0 if all(each["sound"] for each in told) else 1
