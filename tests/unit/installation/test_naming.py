"""What an installation is called follows from what is in it, and from nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.installation.naming import cache_folder, folder_for


def test_a_name_follows_from_the_content_and_not_from_its_order() -> None:
    first = {"platform": "1" * 40, "turnpike": "2" * 40}
    assert folder_for(first) == folder_for(dict(reversed(first.items())))
    assert folder_for(first) != folder_for({**first, "turnpike": "3" * 40})


def test_the_cache_is_where_the_person_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNPIKE_CACHE", "/a/b")
    assert cache_folder() == Path("/a/b")
    monkeypatch.delenv("TURNPIKE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/c")
    assert cache_folder() == Path("/c/turnpike")
