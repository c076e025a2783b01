"""Two nodes in processes of their own, which find each other over TLS on this machine."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from pratique.api.tls import fingerprint
from pratique.exchange.partners import Partner, public_key
from tests.support.keys import ed25519
from tests.support.nodes import certificate, der, free_port

ROOT = Path(__file__).parents[2]


def entry(folder: Path, party: str) -> Partner:
    (folder / party).mkdir()
    shown, _ = certificate(folder / party, party)
    now = datetime.now(UTC)
    held = public_key(
        ed25519(f"http {party}").public_key(),
        "sig",
        now - timedelta(days=1),
        now + timedelta(days=1),
    )
    return Partner(
        id=party,
        name=party,
        place="aa",
        role="post_of_origin",
        keys=(held,),
        reach="push",
        address=f"https://127.0.0.1:{free_port()}",
        certificates=(fingerprint(der(shown)),),
    )


def begun(folder: Path, party: str, count: int) -> subprocess.Popen[str]:
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.support.run_node", str(folder), party, str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said(running, "ready")
    return running


def said(running: subprocess.Popen[str], what: str) -> None:
    """Wait until it has said so."""
    assert running.stdout is not None
    while not (line := running.stdout.readline()).startswith(what):
        assert line, running.communicate()[1]


def ended(running: subprocess.Popen[str]) -> tuple[dict[str, Any], str]:
    running.send_signal(signal.SIGTERM)
    told, noise = running.communicate(timeout=30)
    assert running.returncode == 0, noise
    return json.loads(told.splitlines()[-1]), noise


def test_two_processes_deliver_to_each_other_also_when_one_comes_later(tmp_path: Path) -> None:
    parties = [entry(tmp_path, party) for party in ("post-aa", "customs-bb")]
    (tmp_path / "directory.json").write_bytes(msgspec.json.encode(parties))
    pems = [(tmp_path / each.id / "tls.pem").read_bytes() for each in parties]
    (tmp_path / "clients.pem").write_bytes(b"".join(pems))
    there = [f"ok filing {number}" for number in range(120)]
    back = [f"ok decision {number}" for number in range(3)]
    (tmp_path / "post-aa/outbox.json").write_text(json.dumps({"customs-bb": there}))
    (tmp_path / "customs-bb/outbox.json").write_text(json.dumps({"post-aa": back}))
    first = begun(tmp_path, "post-aa", len(back))
    said(first, "missed")
    second = begun(tmp_path, "customs-bb", len(there))
    said(second, "done")
    said(first, "done")
    (at_bb, noise_bb), (at_aa, noise_aa) = ended(second), ended(first)
    assert at_bb["inbox"] == there
    assert at_aa["inbox"] == back
    assert (at_aa["left"], at_bb["left"]) == (0, 0)
    assert max(at_bb["groups"]) > 1
    assert "Traceback" not in noise_aa + noise_bb
    assert "customs-bb does not answer: no-answer" in noise_aa
