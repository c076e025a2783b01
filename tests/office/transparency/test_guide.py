"""Every command of the guide to reading the law can be given as it stands there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from pratique import cli

GUIDE = Path(__file__).parents[3] / "docs/guides/reading-the-law.md"
COMMANDS = re.findall(r"^pratique (law [^#\n]*)", GUIDE.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_guide_answers(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(shlex.split(command)) == 0
    assert len(capsys.readouterr().out) > 100


def test_the_guide_has_a_command_for_every_action_that_reads() -> None:
    told = {command.split()[1] for command in COMMANDS}
    assert told == {"show", "diff", "compare", "changes", "check", "harmonisation"}
