"""Law files once read are kept, and never trusted when anything changed."""

from datetime import date
from pathlib import Path

import pytest

from pratique.errors import LawError
from pratique.jurisdictions import Library
from pratique.jurisdictions.reader import Library as Reader
from pratique.office.kept_law import KeptLaw
from tests.jurisdictions.written import LAW, folder


def test_what_is_kept_is_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = KeptLaw(tmp_path / "cache")
    law = folder(tmp_path / "law")
    first = Library([law], keep)
    monkeypatch.setattr(Reader, "_read", lambda *_: pytest.fail("read again"))
    again = Library([law], keep)
    assert again.files == first.files
    assert again.digest("xx") == first.digest("xx")
    assert again.law_in_force("xx", date(2022, 1, 1)).currency == "XTS"


def test_a_change_of_one_byte_is_read_anew(tmp_path: Path) -> None:
    keep = KeptLaw(tmp_path / "cache")
    law = folder(tmp_path / "law")
    before = Library([law], keep).digest("xx")
    (law / "xx.toml").write_text(LAW.replace("10%", "11%"), "utf-8")
    after = Library([law], keep)
    assert after.digest("xx") != before
    assert after.files["xx"].parameter["vat"][0].value == "11%"


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x81\xa2xx\x01", b"\xc1" * 100])
def test_what_was_damaged_is_read_anew(tmp_path: Path, content: bytes) -> None:
    keep = KeptLaw(tmp_path / "cache")
    law = folder(tmp_path / "law")
    Library([law], keep)
    (kept,) = (tmp_path / "cache").glob("law-*.msgpack")
    kept.write_bytes(content)
    assert Library([law], keep).files == Library([law]).files


def test_law_that_is_not_sound_is_not_kept(tmp_path: Path) -> None:
    keep = KeptLaw(tmp_path / "cache")
    law = folder(tmp_path / "law", LAW.replace('source = "s. 7"', 'source = " "'))
    for _ in range(2):
        with pytest.raises(LawError):
            Library([law], keep)
    assert not (tmp_path / "cache").exists()


def test_without_a_place_to_keep_it_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Library([folder(tmp_path / "law")], KeptLaw(tmp_path / "file" / "below")).codes() == (
        "xx",
    )


def test_few_versions_are_kept(tmp_path: Path) -> None:
    keep = KeptLaw(tmp_path / "cache")
    for number in range(8):
        keep.put(f"{number}", b"x")
    assert len(list((tmp_path / "cache").iterdir())) == 4
