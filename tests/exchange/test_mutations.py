"""The quick version of soak/exchange_mutations.py, and that it would notice."""

import pytest

from soak import exchange_mutations


@pytest.mark.parametrize("form", ["jws", "assertion", "access token", "jwe", "hpke", "sd-jwt"])
def test_nothing_altered_is_taken_for_what_was_signed_or_encrypted(form: str) -> None:
    told = exchange_mutations.run(form, 600, 1)
    assert told["good one read"] == 6
    assert told["refused"] > 300
    assert not told["accepted wrongly"] + told["good one refused"]
    assert form in ("jwe", "hpke", "sd-jwt") or not told["same content"]


def test_a_reader_that_verifies_nothing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    good = "{}.e30.AAAA"
    careless = {"jws": (good, lambda text: text, False)}
    monkeypatch.setattr(exchange_mutations, "forms", lambda: careless)
    assert exchange_mutations.run("jws", 200, 1)["accepted wrongly"] > 150
