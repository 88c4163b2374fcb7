from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.errors import UsageError
from turnpike.notifying.addressing import sink_at
from unit.notifying.samples import patience


def test_a_url_comes_from_a_file_or_a_variable_and_is_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("https://hooks.example/secret\n")
    for text in (f"slack:@{file}", "teams:$HOOK", "webhook:$HOOK"):
        sink = sink_at(text, {"HOOK": "https://hooks.example/secret"}, patience())
        assert str(sink) == f"{text.partition(':')[0]}:https://hooks.example"


def test_a_secret_that_is_renewed_leaves_the_sink_its_place() -> None:
    keys = {
        sink_at("webhook:$HOOK", {"HOOK": url}, patience()).key for url in ("http://a", "http://b")
    }
    assert keys == {"webhook:$HOOK"}


@pytest.mark.parametrize(
    "text",
    [
        "mail:me", "file:", "slack:", "slack:$NONE", "webhook:@/none", "webhook:ftp://secret",
        "webhook:https://", "webhook:http://[secret", "webhook:http://h:secret/", "secret",
        "webhook:http://h/se cret",
    ],
)  # fmt: skip
def test_what_is_no_sink_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(UsageError, match="--to") as raised:
        sink_at(text, {}, patience())
    assert "cret" not in raised.value.message
