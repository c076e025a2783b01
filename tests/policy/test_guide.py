"""The guide to agreements, as written."""

import json
import re
import shlex
from pathlib import Path

from pratique import cli

GUIDE = Path(__file__).parent.parent.parent / "docs/guides/agreements.md"


def test_the_guide_works_as_written(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    ids = {}
    for party, folder in (("aa", "keys"), ("qn", "other")):
        assert cli.main(["keys", "new", "--out", folder, "--json"]) == 0
        ids[party] = json.loads(capsys.readouterr().out)["key_id"]
        Path(f"{party}.pem").write_bytes(Path(folder, "public.pem").read_bytes())
    blocks = re.findall(r"```console\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    lines = [line for block in blocks for line in block.strip().splitlines()]
    assert len(lines) == 7
    for line in lines:
        words = shlex.split(line.replace("2027-01-01", "2020-01-01"))
        ended = "--revocation" in words
        assert cli.main(words[1:]) == (1 if ended else 0), line
        if words[2] == "new":
            text = (
                Path("dsa-7.toml").read_text().replace('key_id = ""', f'key_id = "{ids["aa"]}"', 1)
            )
            Path("dsa-7.toml").write_text(text.replace('key_id = ""', f'key_id = "{ids["qn"]}"', 1))
        if words[2] == "sign":
            theirs = ["--by", "post-qn", "--key", "other/private.pem", "-o", "dsa-7.post-qn.json"]
            assert cli.main(["agreement", "sign", "dsa-7.post-aa.json", *theirs]) == 0
    assert "revoked" in capsys.readouterr().out
