"""Real Git hosts; the code that is tested is that of HEAD, as an instance of it is judged by it."""

from __future__ import annotations

from end_to_end.installed import told_of_source, use_installation

SOURCE = use_installation()


def pytest_report_header() -> str:
    """Say which code is tested."""
    return told_of_source(SOURCE)
