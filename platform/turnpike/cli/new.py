"""``turnpike new``: scaffold the folder of a new model."""

from __future__ import annotations

from typing import Literal

import click

from turnpike.cli.output import emit, json_option
from turnpike.cli.wiring import clone_here, house_here
from turnpike.errors import InputError


@click.command()
@click.argument("model", metavar="TEAM/MODEL")
@click.option(
    "--kind",
    type=click.Choice(["predictive", "generative"]),
    default="predictive",
    show_default=True,
    help="A trained model, or a provider's model behind the shared gateway.",
)
@click.option(
    "--format",
    "artifact_format",
    type=click.Choice(["skops", "onnx"]),
    default="skops",
    show_default=True,
    help="How a trained model is kept.",
)
@json_option
def command(
    model: str,
    kind: Literal["predictive", "generative"],
    artifact_format: Literal["skops", "onnx"],
    as_json: bool,
) -> None:
    """Write models/TEAM/MODEL: manifest, card, training, a check and BUILD, ready to be trained.

    It trains on a data set that a package ships, so that the road can be walked at once; then put
    your own data, thresholds and words in its place. Nothing that exists is overwritten.
    """
    from turnpike.cli.releasing import model_key
    from turnpike.scaffold.scaffold import Request, scaffold

    house = house_here()
    clone, key = clone_here(house), model_key(model)
    files = scaffold(Request(key.team, key.model, kind, artifact_format), house.organisation)
    taken = sorted(path for path in files if (clone / path).exists())
    if taken:
        raise InputError(
            f"{taken[0]}: expected no such file yet, found one",
            code="new.exists",
            solution="Choose another name, or delete the folder first.",
        )
    for path, text in files.items():
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_text(text, encoding="utf-8")
    lines = [*(f"  + {path}" for path in files), f"next: turnpike register {key.folder}"]
    emit(as_json, {"model": str(key), "files": list(files)}, lines)
