"""What many tests need: both stores, and the sample folder when it is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import Cluster, NoPostgresError
from tests.support.softhsm import NoTokenError, new_token

os.environ["PRATIQUE_CACHE"] = ""  # tests keep nothing outside their own folders
SAMPLES = Path(__file__).parent.parent.parent / "shared" / "samples"
_not_run: list[str] = []


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A private PostgreSQL; without one the tests that need it say so loudly, and fail where CI is set."""
    try:
        running = Cluster()
    except NoPostgresError as error:
        if os.environ.get("CI") == "true" and not os.environ.get("PRATIQUE_WITHOUT_POSTGRES"):
            pytest.fail(f"PostgreSQL tests cannot run: {error}")
        _not_run.append(f"PostgreSQL tests did not run: {error}")
        pytest.skip(str(error))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def token_module(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A token in software; without one the tests that need it say so loudly, and fail where CI is set."""
    try:
        return new_token(tmp_path_factory.mktemp("softhsm"))
    except NoTokenError as error:
        if os.environ.get("CI") == "true" and not os.environ.get("PRATIQUE_WITHOUT_SOFTHSM"):
            pytest.fail(f"Tests of tokens cannot run: {error}")
        _not_run.append(f"Tests of tokens did not run: {error}")
        pytest.skip(str(error))


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store: every test that asks for it runs on both databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return request.getfixturevalue("cluster").new_database()


@pytest.fixture(scope="session")
def samples() -> Path:
    """Published samples, which lie beside the repository and not in it."""
    if not SAMPLES.is_dir():
        _not_run.append(f"Conformance tests did not run: there is no {SAMPLES}")
        pytest.skip(f"no {SAMPLES}")
    return SAMPLES


@pytest.fixture(scope="session")
def data(samples: Path) -> Path:
    """Published data sets, which lie beside the samples."""
    return samples.parent / "data"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what did not run."""
    for line in dict.fromkeys(_not_run):
        terminalreporter.write_line(f"!!! {line}", red=True, bold=True)
