"""A token in software (SoftHSM) for the tests, in a temporary folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

PIN = "8271"
LABEL = "pratique tests"
_MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


class NoTokenError(Exception):
    """SoftHSM cannot be run here; the message says why and what to do."""


def module() -> str:
    """The library of SoftHSM."""
    for each in _MODULES:
        if Path(each).exists() and shutil.which("softhsm2-util"):
            return each
    raise NoTokenError("SoftHSM is not installed: bash tools/softhsm.sh")


def new_token(folder: Path) -> str:
    """An empty token; gives its module. SoftHSM reads its settings once per process: one token for all tests."""
    found = module()
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    words = ["--init-token", "--free", "--label", LABEL, "--so-pin", "1111", "--pin", PIN]
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)
    return found
