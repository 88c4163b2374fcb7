"""``turnpike equivalence``: does one manifest mean the same on every cloud?"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import click

from turnpike.cli.checkout import checkout_option
from turnpike.cli.output import emit, json_option, numbered
from turnpike.errors import InvalidDocument, UsageError
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.reporting.equivalence import Comparison
    from turnpike.topology.clouds import Clouds
    from turnpike.topology.environment import Environment

_PART = 100


@click.command()
@click.argument("models", nargs=-1, metavar="[MODEL]...")
@click.option("--environment", "only", multiple=True, help="Only this one; default: all of them.")
@checkout_option
@json_option
def command(models: tuple[str, ...], only: tuple[str, ...], checkout: Path, as_json: bool) -> None:
    """Render models on every target, and show that only declared differences remain.

    MODEL is TEAM/MODEL; without any, all models are compared, drafts as if they were registered.
    Within each environment every target is held against the first. Where they may differ, and
    why, stands in environments/clouds.yaml: at a path, or only in one text of the target. The gate
    refuses releases for which another difference remains.

    Exit code 1: something else differs, or a target lacks what a model asks for and its cloud does
    not declare to lack. Exit code 2: an unknown cloud, region, environment or model, or a target
    that is not what environments/clouds.yaml asks of its cloud.
    """
    clouds = _clouds(checkout)
    environments = _environments(checkout, clouds, only)
    found = _compared(_manifests(checkout, models), environments, clouds)
    emit(as_json, _value(found), _lines(found))
    sys.exit(0 if found.is_equivalent else 1)


def _clouds(checkout: Path) -> Clouds:
    from turnpike.documents.reading import read
    from turnpike.judge.layout import CLOUDS_PATH
    from turnpike.topology.clouds import CLOUDS

    file = checkout / CLOUDS_PATH
    if not file.is_file():
        raise UsageError(
            f"expected {CLOUDS_PATH} in {checkout.absolute()}, found no such file",
            solution="Go to the root of a monorepo, or bring the file from the product.",
        )
    return read(CLOUDS, file.read_bytes(), CLOUDS_PATH)


def _environments(checkout: Path, clouds: Clouds, only: tuple[str, ...]) -> list[Environment]:
    """Return the environments asked for; raises InvalidDocument where a target cannot be."""
    from turnpike.cli.arrangement_here import environments_in
    from turnpike.topology.target import target_problems

    found = [*environments_in(checkout).values()]
    problems = tuple(one for item in found for one in target_problems(item, clouds))
    if problems:
        raise InvalidDocument(problems)
    names = [item.name for item in found]
    _require_known("--environment", only, names)
    return [item for item in found if not only or item.name in only]


def _manifests(checkout: Path, wanted: tuple[str, ...]) -> list[tuple[str, Path]]:
    """Return the manifests asked for, by what messages call them."""
    files = {f"{f.parts[-3]}/{f.parts[-2]}": f for f in checkout.glob("models/*/*/model.yaml")}
    _require_known("MODEL", wanted, sorted(files))
    return [(f"models/{key}/model.yaml", files[key]) for key in sorted(set(wanted) or files)]


def _compared(
    manifests: list[tuple[str, Path]], environments: list[Environment], clouds: Clouds
) -> Comparison:
    """Compare in as many processes as there are cores, where there is much to do."""
    from turnpike.reporting.equivalence import together

    parts = [manifests[at : at + _PART] for at in range(0, len(manifests), _PART)]
    if len(parts) < 2:
        return _of_part(environments, clouds, manifests)
    compare = partial(_of_part, environments, clouds)
    ending = (signal.SIGTERM, signal.SIG_DFL)  # a worker has nothing to tidy up
    with ProcessPoolExecutor(None, get_context("fork"), signal.signal, ending) as pool:
        return together(tuple(pool.map(compare, parts)))


def _of_part(
    environments: list[Environment], clouds: Clouds, manifests: list[tuple[str, Path]]
) -> Comparison:
    from turnpike.documents.reading import read
    from turnpike.manifest.model import MODEL
    from turnpike.reporting.equivalence import compared

    models = [read(MODEL, file.read_bytes(), name) for name, file in manifests]
    return compared(models, environments, clouds)


def _require_known(what: str, wanted: tuple[str, ...], known: list[str]) -> None:
    unknown = next((name for name in wanted if name not in known), None)
    if unknown is not None:
        raise UsageError(
            f"{what}: expected one of {', '.join(known) or 'none'}, found {unknown}",
            solution="Name one of these, or go to the root of another checkout.",
        )


def _lines(found: Comparison) -> Iterator[str]:
    for one in found.unequal:
        yield for_terminal(f"{one.environment}  {one.model}  {one.difference.path}")
        for target, value in one.difference.values.items():
            yield for_terminal(f"    {target}: {value}")
    for problem in found.lacking:
        yield for_terminal(str(problem))
    yield (
        f"{numbered(found.models, 'model')} on {numbered(found.targets, 'target')},"
        f" {numbered(found.renderings, 'rendering')}:"
        f" {numbered(len(found.unequal), 'undeclared difference')},"
        f" {len(found.lacking)} capabilities missing"
    )


def _value(found: Comparison) -> dict[str, object]:
    return {
        "equivalent": found.is_equivalent,
        "models": found.models,
        "targets": found.targets,
        "renderings": found.renderings,
        "differences": [
            {
                "environment": one.environment,
                "model": one.model,
                "path": one.difference.path,
                "values": dict(one.difference.values),
            }
            for one in found.unequal
        ],
        "lacking": [
            {
                "file": problem.file,
                "field": problem.field,
                "expected": problem.expected,
                "actual": problem.actual,
            }
            for problem in found.lacking
        ],
    }
