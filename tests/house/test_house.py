"""The building holds: floors, citations, documents, and the three faults that must be caught."""

import ast
import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pratique import cli
from pratique.jurisdictions import check_library, shipped
from pratique.model import declaration
from pratique.model.element import Noun, elements

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src/pratique"
BIN = Path(sys.executable).parent
ROOMS = (
    "model",
    "rules",
    "messages",
    "jurisdictions",
    "checks",
    "assessment",
    "clearance",
    "office",
)
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}


def clock_readings(tree: ast.AST) -> list[str]:
    """Calls that ask the clock: a room is given the moment instead."""
    return [
        f"line {node.lineno}: {ast.unparse(node.func)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and ast.unparse(node.func.value).split(".")[-1] in {"datetime", "date", "time"}
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_asks_the_clock(room: str) -> None:
    for path in (SOURCE / room).rglob("*.py"):
        assert clock_readings(ast.parse(path.read_text())) == [], path


def test_a_clock_in_a_room_is_caught() -> None:
    assert clock_readings(ast.parse("from datetime import datetime\nx = datetime.now()")) == [
        "line 2: datetime.now"
    ]


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
    modules = {path.stem for path in (SOURCE / "cli").glob("*.py")} - {
        "__init__",
        "arguments",
        "output",
    }
    assert modules == set(cli.COMMANDS)
    reference = (ROOT / "docs/reference/cli.md").read_text()
    for name in cli.COMMANDS:
        assert f"## pratique {name}" in reference
        assert importlib.import_module(f"pratique.cli.{name}").__doc__


def test_shipped_law_has_no_faults() -> None:
    assert check_library(shipped()) == ()


def test_the_repository_speaks_of_pratique_alone() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    forbidden = re.compile(
        r"/wor"
        r"k/|(?<!self)(?<!hand)(?<!desk)\.lib"
        r"rary/|py"
        r"pi\.org|deb"
        r"ian\.org/|npm"
        r"js\."
    )
    for name in listed.splitlines():
        path = ROOT / name
        if (
            path.is_file()
            and path.suffix in (".py", ".md", ".toml", ".sh", ".sql", "")
            and name != ".ci/run"
        ):
            text = path.read_text("utf-8", "replace")
            assert not forbidden.search(text), name


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what `make check` looks at, to plant faults in."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_sideways_import_is_caught(copy: Path) -> None:
    room = copy / "src/pratique/checks/lists.py"
    room.write_text(room.read_text() + "\nfrom pratique.messages import parse as parse\n")
    done = subprocess.run(
        [BIN / "lint-imports", "--no-cache"], cwd=copy, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(copy / "src"), "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "pratique.checks.lists -> pratique.messages" in done.stdout


def test_a_clock_without_zone_is_caught_by_the_linter(copy: Path) -> None:
    room = copy / "src/pratique/clearance/decide.py"
    room.write_text(room.read_text() + "\n\nSTARTED = datetime.now()\n")
    assert clock_readings(ast.parse(room.read_text()))
    done = subprocess.run(
        [BIN / "ruff", "check", "--no-cache", "src"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1


def test_an_uncited_law_entry_is_caught(copy: Path) -> None:
    folder = copy / "law"
    folder.mkdir()
    text = (copy / "src/pratique/jurisdictions/zz.toml").read_text().replace('"zz"', '"xx"')
    first, _, rest = text.partition('source = "Sales Tax Act (invented), s. 5"')
    uncited = first + rest if rest else re.sub(r'\nsource = "[^"]*"', "", text, count=1)
    (folder / "xx.toml").write_text(uncited)
    done = subprocess.run(
        [BIN / "pratique", "law", "check", "--directory", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "source" in done.stdout
    assert "xx" in done.stdout
