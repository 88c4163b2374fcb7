"""``turnpike schemas``: the JSON Schemas of all documents."""

from __future__ import annotations

from pathlib import Path

import click

from turnpike.cli.output import emit, json_option


@click.command()
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("docs/schemas"),
    show_default=True,
    help="Folder to write to.",
)
@json_option
def command(into: Path, as_json: bool) -> None:
    """Write the JSON Schema of each kind of document, for editors and other programs."""
    from turnpike.schemas.export import export_schemas

    written = export_schemas()
    into.mkdir(parents=True, exist_ok=True)
    for name, text in written.items():
        (into / name).write_text(text, encoding="utf-8")
    emit(as_json, sorted(written), [f"{into / name}" for name in sorted(written)])
