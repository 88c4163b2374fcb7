"""A sync window of Argo CD: when a project's Applications may be synced by themselves, or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class SyncWindow:
    """One window, as an AppProject has it.

    ``schedule`` is a cron expression on the clock's face of ``timezone``; a ``length`` of nothing
    never holds. ``subjects`` are ``(team, model)``, each ``*`` where it is any. ``name`` is that of
    the window or freeze that it says.
    """

    kind: Literal["allow", "deny"]
    schedule: str
    length: timedelta
    timezone: str
    subjects: tuple[tuple[str, str], ...]
    name: str
