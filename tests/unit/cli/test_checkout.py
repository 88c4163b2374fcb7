"""A checkout is a folder that is there: nothing else is read as one."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from turnpike.cli.checkout import checkout_option
from unit.cli.calling import at


@click.command()
@checkout_option
def where(checkout: Path) -> None:
    """Say which folder is read."""
    click.echo(str(checkout.resolve()), nl=False)


def test_without_a_name_the_current_folder_is_read_wherever_that_is_by_then(
    tmp_path: Path,
) -> None:
    with at(tmp_path):
        assert CliRunner().invoke(where, []).output == str(tmp_path.resolve())


@pytest.mark.parametrize("name", ["missing", "file", "broken-link"])
def test_what_is_no_folder_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "broken-link").symlink_to("nowhere")
    result = CliRunner().invoke(where, ["--checkout", str(tmp_path / name)])
    assert result.exit_code == 2
    assert name in result.output
