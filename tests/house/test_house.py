"""The building holds: floors, citations, documents, and the three faults that must be caught."""

import argparse
import ast
import importlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pratique import cli, messages
from pratique.jurisdictions import check_library, shipped
from pratique.model import declaration
from pratique.model.element import Noun, elements
from pratique.policy.access import shipped_access

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src/pratique"
VENV = Path(sys.executable).parent.parent


def test_every_room_is_on_the_map() -> None:
    text = (ROOT / "docs/map.md").read_text()
    for path in SOURCE.iterdir():
        if path.is_dir() and (path / "__init__.py").exists():
            assert f"`{path.name}`" in text, path


def test_no_code_names_a_country() -> None:
    places = {code.upper() for code in shipped().codes()}
    for path in SOURCE.rglob("*.py"):
        if path.name in ("generate.py", "demo.py", "codelists.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare):
                words = {
                    c.value
                    for c in ast.walk(node)
                    if isinstance(c, ast.Constant) and isinstance(c.value, str)
                }
                assert not words & places, f"{path}:{node.lineno}"


def test_every_element_has_a_meaning_and_a_privacy_class() -> None:
    for noun in vars(declaration).values():
        if isinstance(noun, type) and issubclass(noun, Noun):
            for each in elements(noun):
                assert each.meaning, f"{noun.__name__}.{each.name}"
                assert each.privacy


def test_personal_data_is_masked_when_shown() -> None:
    shown = repr(declaration.Party(roles=("consignee",), name="Example Buyer", phone="+1"))
    assert "Example" not in shown
    assert "+1" not in shown


def test_every_command_has_its_module_and_is_documented() -> None:
    packages = {path.parent.name for path in (SOURCE / "cli").glob("*/__init__.py")}
    modules = packages | {path.stem for path in (SOURCE / "cli").glob("*.py")} - {
        "__init__",
        "arguments",
        "output",
    }
    assert modules == set(cli.COMMANDS)
    reference = (ROOT / "docs/reference/cli.md").read_text()
    for name in cli.COMMANDS:
        assert f"## pratique {name}" in reference
        assert importlib.import_module(f"pratique.cli.{name}").__doc__


def operations_of_the_doors() -> set[str]:
    """Every operation a door offers: each command, or each of its actions, as it is typed."""
    found = set()
    for name in cli.COMMANDS:
        command = importlib.import_module(f"pratique.cli.{name}")
        arguments = cli.parser_of(name, command)._actions
        below = {f"{name} {action}" for action in getattr(command, "ACTIONS", {})}
        for each in arguments:
            if isinstance(each, argparse._SubParsersAction):
                below |= {f"{name} {action}" for action in each.choices}
        only_actions = any(each.dest == "action" for each in arguments)
        found |= below if only_actions else below | {name}
    return found


def test_every_operation_of_a_door_has_its_act_in_the_policy() -> None:
    """A command without one is denied to everybody: say in policy/access.toml which act it is."""
    assert operations_of_the_doors() == set(shipped_access().operations)


def test_shipped_law_has_no_faults() -> None:
    assert check_library(shipped()) == ()


def files_of_the_repository() -> Iterator[Path]:
    """Every text file that is not made by a tool; read from the disk, for not every machine has git."""
    left_out = {"__pycache__", "build", "dist", "out"}
    folders = [ROOT]
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.is_dir():
                hidden = path.name.startswith(".") and path.name != ".ci"
                if not hidden and path.name not in left_out and not path.name.endswith(".egg-info"):
                    folders.append(path)
            elif path.suffix in (".py", ".md", ".toml", ".sh", ".sql", ""):
                yield path


def test_the_repository_speaks_of_pratique_alone() -> None:
    forbidden = re.compile(
        r"/wor"
        r"k/|(?<!self)(?<!hand)(?<!desk)\.lib"
        r"rary/|py"
        r"pi\.org|deb"
        r"ian\.org/|npm"
        r"js\."
    )
    for path in files_of_the_repository():
        if path != ROOT / ".ci/run" and path.name != ".git":
            assert not forbidden.search(path.read_text("utf-8", "replace")), path


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what `make check` looks at, to plant faults in."""
    for name in ("src", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make_check(copy: Path, program: str) -> tuple[int, str]:
    """(exit code, output) of the line of `make check` that begins with ``program``, run on a copy as it stands."""
    asked = ["make", "-n", "check", f"VENV={VENV}", "-o", f"{VENV}/.ready"]
    printed = subprocess.run(asked, cwd=copy, capture_output=True, text=True, check=True).stdout
    (line,) = [each for each in printed.splitlines() if each.startswith(f"{VENV}/bin/{program}")]
    done = subprocess.run(
        ["bash", "-c", line], cwd=copy, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(copy / "src"), "LANG": "C.UTF-8", "COLUMNS": "400"},
    )  # fmt: skip
    return done.returncode, done.stdout


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


@pytest.mark.parametrize("program", ["ruff check", "lint-imports", "pratique law check"])
def test_a_sound_copy_passes(copy: Path, program: str) -> None:
    assert make_check(copy, program)[0] == 0


def test_a_sideways_import_is_caught(copy: Path) -> None:
    append(
        copy / "src/pratique/checks/lists.py",
        "\nfrom pratique.messages import parse as parse\n",
    )
    code, told = make_check(copy, "lint-imports")
    assert code == 1
    assert "pratique.checks.lists -> pratique.messages" in told


@pytest.mark.parametrize(
    ("room", "planted"),
    [
        ("clearance/decide.py", "from datetime import UTC\n\nSTARTED = datetime.now(UTC)\n"),
        ("checks/lists.py", "import datetime as calendar\n\nTODAY = calendar.date.today()\n"),
        ("messages/strict.py", "from time import monotonic\n\nSTARTED = monotonic()\n"),
        ("office/desk.py", "import time\n\nSTARTED = time.time()\n"),
        ("model/money.py", "from datetime import datetime\n\nNOW = datetime.utcnow\n"),
    ],
)
def test_a_clock_in_a_room_is_caught(copy: Path, room: str, planted: str) -> None:
    append(copy / "src/pratique" / room, planted)
    code, told = make_check(copy, "ruff check")
    assert code == 1
    assert "TID251" in told
    assert f"src/pratique/{room}" in told


def test_an_uncited_law_entry_is_caught(copy: Path) -> None:
    law = copy / "src/pratique/jurisdictions/aa.toml"
    text, planted = re.subn(r'\nsource = "[^"]*"', "", law.read_text("utf-8"), count=1)
    assert planted == 1
    law.write_text(text, "utf-8")
    code, told = make_check(copy, "pratique law check")
    assert code == 1
    assert "source" in told
    assert "aa" in told


def test_a_new_file_is_a_new_check_or_form_and_no_line_elsewhere(copy: Path) -> None:
    (copy / "src/pratique/checks/zebra.py").write_text(
        "from pratique.checks.rule import rule\n\n\n"
        '@rule("C999", "accuracy", "note", "nowhere")\n'
        "def stripes(declaration, now):\n"
        '    """Has stripes."""\n'
        "    return iter(())\n"
    )
    (copy / "src/pratique/messages/zebra.py").write_text(
        'FORM = "zebra"\n\n\ndef begins(start):\n    return start.startswith(b"stripes")\n'
    )
    script = (
        "from pratique import checks, messages\n"
        "print(checks.catalogue()[-1].id, messages.detect(b'stripes and more'), *messages.FORMS)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(copy / "src")},
    )  # fmt: skip
    assert done.stdout.split() == ["C999", "zebra", *messages.FORMS, "zebra"]
