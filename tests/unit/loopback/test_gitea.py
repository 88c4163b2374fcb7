"""What Gitea's own program prints is read for what was asked, whatever it logs beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.errors import Unavailable
from turnpike.loopback.gitea import Gitea, token_of

TOKEN = "0123456789abcdef" * 2 + "01234567"
SLOW = "2026/11/30 03:00:00 models/db/engine.go:1 [W] Slow SQL Query 5.1s"


def printing(folder: Path, *lines: str) -> Gitea:
    program = folder / "gitea"
    program.write_text("#!/bin/sh\n" + "".join(f"echo '{line}'\n" for line in lines))
    program.chmod(0o700)
    return Gitea("http://127.0.0.1:9", "root-admin", "", program, folder / "app.ini")


@pytest.mark.parametrize("lines", [(TOKEN,), (TOKEN, SLOW), (SLOW, TOKEN, SLOW)])
def test_the_token_is_found_between_complaints(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert token_of(printing(tmp_path, *lines), "maria-lopez", "all") == TOKEN


@pytest.mark.parametrize("lines", [(), (SLOW,), (f"{TOKEN}0",), (TOKEN, TOKEN)])
def test_what_is_no_token_is_told_and_not_taken(tmp_path: Path, lines: tuple[str, ...]) -> None:
    with pytest.raises(Unavailable, match="a token of maria-lopez"):
        token_of(printing(tmp_path, *lines), "maria-lopez", "all")
