"""Call a verb of a checkout in this process."""

from __future__ import annotations

from pathlib import Path

import click
from click.testing import CliRunner


def ran(command: click.Command, checkout: Path, *words: str) -> tuple[int, str]:
    """Return the exit code and what was printed; failures are raised as they are."""
    runner = CliRunner(catch_exceptions=False)
    result = runner.invoke(command, ["--checkout", str(checkout), *words])
    return result.exit_code, result.output
