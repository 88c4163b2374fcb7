"""Who acts is who the call names, else the environment, else nobody yet."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from turnpike.cli.acting import as_option


@click.command()
@as_option
def whoever(person: str | None) -> None:
    """Say who acts."""
    click.echo(repr(person), nl=False)


@pytest.mark.parametrize(
    ("words", "environ", "person"),
    [
        ((), {}, None),
        ((), {"TURNPIKE_AS": "maria-lopez"}, "maria-lopez"),
        (("--as", "tom-becker"), {"TURNPIKE_AS": "maria-lopez"}, "tom-becker"),
        ((), {"TURNPIKE_AS": ""}, None),
    ],
)
def test_the_call_stands_above_the_environment(
    words: tuple[str, ...], environ: dict[str, str], person: str | None
) -> None:
    assert CliRunner().invoke(whoever, words, env=environ).output == repr(person)


def test_a_name_is_never_taken_from_the_next_option() -> None:
    assert CliRunner().invoke(whoever, ["--as"]).exit_code == 2
