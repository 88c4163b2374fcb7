"""The sync windows of a project of Argo CD, which are all that is derived in its file.

What else the file says, an instance writes: the address of its repository, the key of its gate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from turnpike.topology.sync_window import SyncWindow

_HEAD = "  # Derived by `turnpike access render` from windows and freezes; do not edit.\n"
_DERIVED = re.compile(rf"(?m)^{re.escape(_HEAD)}  syncWindows:\n(?:^    .*\n)*")
_BY_HAND = re.compile(r"(?m)^[^#\n]*\bsyncWindows\b.*$")
_TOP = re.compile(r"(?m)^[^\s#].*$")


def with_sync_windows(project: str, environment: str, windows: Iterable[SyncWindow]) -> str:
    """Return a project's text with these sync windows in place of those that were derived.

    They are the last of its ``spec``, which is the last of the file.
    """
    rest = _DERIVED.sub("", project)
    lines = [line for window in windows for line in _lines(environment, window)]
    if not lines:
        return rest
    end = "" if rest.endswith("\n") else "\n"
    return "".join((rest, end, _HEAD, "  syncWindows:\n", *lines))


def misfit(project: str) -> tuple[str, str] | None:
    """Return what keeps a project's text from taking derived sync windows: expected, and found."""
    rest = _DERIVED.sub("", project)
    if written := _BY_HAND.search(rest):
        return "no sync windows but the derived ones", written[0].strip()
    last = _TOP.findall(rest)[-1:]
    if last != ["spec:"]:
        return "spec: as the last of the file, in lines of its own", "".join(last) or "nothing"
    return None


def _lines(environment: str, window: SyncWindow) -> Iterator[str]:
    # The ApplicationSet calls them <environment>.<target>.<team>.<model>.
    applications = ", ".join(f'"{environment}.*.{team}.{model}"' for team, model in window.subjects)
    yield f"    - kind: {window.kind}\n"
    yield f"      description: {window.name}\n"
    yield f'      schedule: "{window.schedule}"\n'
    yield f"      duration: {_duration(window.length)}\n"
    yield f"      timeZone: {window.timezone}\n"
    yield f"      applications: [{applications}]\n"
    # A rollback and an emergency, which the gate lets in at any time, can be brought by hand.
    yield "      manualSync: true\n"


def _duration(length: timedelta) -> str:
    """Return a length as Go reads it, in hours and minutes: it knows no days."""
    hours, minutes = divmod(length // timedelta(minutes=1), 60)
    return f"{hours}h{minutes}m"
