"""``turnpike predict``: ask a served model for a prediction."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from turnpike.cli.output import emit, json_option, table
from turnpike.cli.wiring import House, house_here
from turnpike.errors import InputError
from turnpike.judge.layout import DeploymentKey

if TYPE_CHECKING:
    from turnpike.manifest.release import Release


@click.command()
@click.argument("model", metavar="TEAM/MODEL")
@click.option("--environment", default="production", show_default=True, help="Where it serves.")
@click.option("--target", default="local", show_default=True, help="Target in the environment.")
@click.option(
    "--rows",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="JSON file with a list of rows, each an object of named values; default: the example"
    " that was registered with the model.",
)
@json_option
def command(model: str, environment: str, target: str, rows: Path | None, as_json: bool) -> None:
    """Predict by the Open Inference Protocol, and name the artifact that answered."""
    from turnpike.cli.releasing import model_key
    from turnpike.delivery.predict import infer

    house, key = house_here(), model_key(model)
    release = _release(house, DeploymentKey(environment, target, key.team, key.model))
    asked = _rows(rows) if rows else _example(house, release)
    prediction = infer(_endpoint(house, environment, target), model, asked)
    value = {
        "model": model,
        "artifact": prediction.artifact,
        "predictions": list(prediction.values),
        "seconds": prediction.seconds,
    }
    found = [(str(i + 1), str(v)) for i, v in enumerate(prediction.values)]
    lines = [
        f"{model} {prediction.artifact} answered in {prediction.seconds * 1000:.0f} ms",
        *table(("row", "prediction"), found),
    ]
    emit(as_json, value, lines)


def _endpoint(house: House, environment: str, target: str) -> str:
    file = house.instance.folder / "serving" / f"{environment}-{target}" / "endpoint"
    if not file.exists():
        raise InputError(
            f"{environment}/{target}: expected a server that runs, found none",
            code="serving.not-running",
            solution=f"Start it: turnpike serve --environment {environment} --target {target}",
        )
    return file.read_text(encoding="utf-8").strip()


def _rows(file: Path) -> list[dict[str, float | int | str | bool]]:
    try:
        rows = json.loads(file.read_bytes())
    except ValueError as error:
        raise InputError(f"{file}: expected JSON, got: {error}", code="input.rows") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(
            f"{file}: expected a list of objects, one a row, got something else",
            code="input.rows",
            solution='Write it like [{"age": 61, "glucose": 5.4}].',
        )
    return rows


def _release(house: House, key: DeploymentKey) -> Release:
    """Return the release of a model that answers here; raises InputError where none does."""
    from turnpike.documents.reading import read
    from turnpike.manifest.model import GenerativeModel
    from turnpike.manifest.release import RELEASE
    from turnpike.promotion.standing import manifests_of

    path = key.path("release.yaml")
    content = house.host.read(house.main, path)
    if content is None:
        raise InputError(
            f"{path}: expected a release on main, found none",
            code="release.not-released",
            solution="`turnpike status` shows what is released where.",
        )
    release = read(RELEASE, content, path)
    if isinstance(manifests_of(house.host, [release])[release.manifest], GenerativeModel):
        raise InputError(
            f"{key.model_key}: expected a predictive model, found a generative one, which the"
            " shared gateway serves",
            code="serving.by-gateway",
            solution=f"Ask the gateway of {key.environment} for the route {key.model}.",
        )
    return release


def _example(house: House, release: Release) -> list[dict[str, float | int | str | bool]]:
    """Return the input example that was registered with the released artifact."""
    from turnpike.cli.example_rows import example_rows
    from turnpike.registry.store import ArtifactStore

    return example_rows(ArtifactStore(house.instance.store()).path_of(release.artifact))
