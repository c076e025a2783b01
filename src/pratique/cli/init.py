"""``pratique init``: a folder with settings and an empty store."""

from __future__ import annotations

import argparse
from pathlib import Path

from pratique.cli.output import print_json, say
from pratique.store import open_journal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("folder", nargs="?", default=".", metavar="DIR")


def run(args: argparse.Namespace) -> int:
    """Make the folder, a settings file that a shell can read, and the store."""
    folder = Path(args.folder).resolve()
    (folder / "law").mkdir(parents=True, exist_ok=True)
    store = f"sqlite:///{folder / 'pratique.db'}"
    settings = folder / "pratique.env"
    if not settings.exists():
        settings.write_text(
            f"export PRATIQUE_STORE={store}\nexport PRATIQUE_LAW={folder / 'law'}\nexport PRATIQUE_SENDER=local\n"
        )
    open_journal(store).close()
    if args.json:
        print_json({"folder": str(folder), "settings": str(settings), "store": store})
    else:
        say(f"Ready in {folder}. Next: . {settings} && pratique doctor")
    return 0
