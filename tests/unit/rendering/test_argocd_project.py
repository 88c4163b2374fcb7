"""Of a project's file only the sync windows are derived; all else stays as somebody wrote it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import yaml

from turnpike.rendering.argocd_project import misfit, with_sync_windows
from turnpike.topology.sync_window import SyncWindow

PROJECT = "# By hand.\nkind: AppProject\nspec:\n  description: Models  # of production\n"
OFFICE = SyncWindow("allow", "0 9 * * 1", timedelta(hours=56, minutes=5), "UTC", (("*", "*"),), "a")
CLOSE = SyncWindow(
    "deny", "0 0 1 12 *", timedelta(hours=1), "Europe/Berlin",
    (("oncology", "*"), ("cardiology", "heart")), "close",
)  # fmt: skip


def test_windows_are_written_as_argo_cd_reads_them() -> None:
    text = with_sync_windows(PROJECT, "production", [OFFICE, CLOSE])
    assert text.startswith(PROJECT)
    assert yaml.safe_load(text)["spec"] == {
        "description": "Models",
        "syncWindows": [
            {
                "kind": "allow", "description": "a", "schedule": "0 9 * * 1", "duration": "56h5m",
                "timeZone": "UTC", "applications": ["production.*.*.*"], "manualSync": True,
            },
            {
                "kind": "deny", "description": "close", "schedule": "0 0 1 12 *",
                "duration": "1h0m", "timeZone": "Europe/Berlin", "manualSync": True,
                "applications": ["production.*.oncology.*", "production.*.cardiology.heart"],
            },
        ],
    }  # fmt: skip


def test_deriving_again_replaces_and_none_leaves_nothing() -> None:
    once = with_sync_windows(PROJECT, "production", [OFFICE, CLOSE])
    assert with_sync_windows(once, "production", [OFFICE, CLOSE]) == once
    assert with_sync_windows(once, "production", [CLOSE]) == with_sync_windows(
        PROJECT, "production", [CLOSE]
    )
    assert with_sync_windows(once, "production", []) == PROJECT


def test_a_last_line_without_an_end_is_ended() -> None:
    text = with_sync_windows(PROJECT.rstrip("\n"), "production", [OFFICE])
    assert yaml.safe_load(text)["spec"]["syncWindows"][0]["kind"] == "allow"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (PROJECT + "  syncWindows: []\n", "syncWindows: []"),
        (PROJECT + '  "syncWindows": []\n', '"syncWindows": []'),
        (PROJECT + "metadata: {}\n", "metadata: {}"),
        ("spec: {description: Models}\n", "spec: {description: Models}"),
        ("", "nothing"),
    ],
)
def test_what_takes_no_derived_windows_is_named(text: str, found: str) -> None:
    fault = misfit(text)
    assert fault is not None
    assert fault[1] == found


def test_what_was_derived_is_not_by_hand() -> None:
    assert misfit(with_sync_windows(PROJECT, "production", [OFFICE])) is None
    assert misfit(PROJECT + "  # syncWindows are derived\n") is None
