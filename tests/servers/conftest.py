"""Real Git hosts; the code that is tested is that of HEAD, as an instance of it is judged by it."""

from __future__ import annotations

from end_to_end.installed import uncommitted, use_installation

SOURCE = use_installation()


def pytest_report_header() -> str:
    """Say which code is tested."""
    return f"turnpike from {SOURCE}; {uncommitted()} files that are not committed are not tested"
