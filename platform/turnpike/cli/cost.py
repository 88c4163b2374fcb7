"""``turnpike cost``: what the deployments cost a month, by the price table in Git."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from turnpike.cli.output import emit, json_option, table, write_file
from turnpike.cli.wiring import House, house_here
from turnpike.errors import InputError, UsageError
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.documents.identifiers import ObjectId
    from turnpike.git.repository import Repository
    from turnpike.judge.layout import DeploymentKey
    from turnpike.rendering.deployment import Deployment
    from turnpike.reporting.cost import Cost
    from turnpike.topology.clouds import Clouds

_BY = ("deployment", "environment", "target", "team", "model")


@click.command()
@click.option("--environment", "environments", multiple=True, help="Only this one; default: all.")
@click.option("--team", "teams", multiple=True, help="Only this one; default: all.")
@click.option(
    "--by", type=click.Choice(_BY), default="deployment", show_default=True, help="What to sum up."
)
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page with all sums to this file as well.",
)
@json_option
def command(
    environments: tuple[str, ...],
    teams: tuple[str, ...],
    by: str,
    html: Path | None,
    as_json: bool,
) -> None:
    """Reckon a month of what is released, with replicas at their least and at their most.

    Prices stand in environments/clouds.yaml, by cloud. What has none there is named, and is in no
    sum. Storage, traffic, a provider's tokens and the clusters themselves are not reckoned.
    """
    from turnpike.reporting.cost import amount, costs_of, page_of, sums_of

    house = house_here()
    main = house.main
    _require_teams(house, teams)
    clouds = _clouds(house.host, main)
    costs = costs_of(_released(house.host, main, environments, teams), clouds)
    if html:
        write_file(html, page_of(costs, clouds.currency, main).encode())
    sums = sums_of(costs, lambda one: _name(one, by))
    value = {
        "currency": clouds.currency,
        "by": by,
        "costs": [asdict(one) for one in (costs if by == "deployment" else sums)],
        "unpriced": [asdict(one) for one in costs if one.missing],
    }
    money = (f"at least, {clouds.currency}", f"at most, {clouds.currency}")
    if by == "deployment":
        lines = table(("environment", "target", "model", *money), map(_row, _priced(costs)))
    else:
        rows = ((s.name, str(s.deployments), amount(s.least), amount(s.most)) for s in sums)
        lines = table((by, "deployments", *money), rows)
    emit(as_json, value, [*lines, *_notes(costs)])


def _require_teams(house: House, teams: tuple[str, ...]) -> None:
    known = [team.name for team in house.organisation.teams]
    unknown = next((name for name in teams if name not in known), None)
    if unknown is not None:
        raise UsageError(f"--team: expected one of {', '.join(sorted(known))}, found {unknown}")


def _released(
    host: Repository, main: ObjectId, environments: tuple[str, ...], teams: tuple[str, ...]
) -> Iterator[Deployment]:
    """Return what main releases; raises UsageError for an environment that it does not know."""
    from turnpike.promotion.standing import deployments_of, standing_of_all

    standing = standing_of_all(host, main)
    unknown = next((name for name in environments if name not in standing.environments), None)
    if unknown is not None:
        known = ", ".join(sorted(standing.environments))
        raise UsageError(f"--environment: expected one of {known}, found {unknown}")

    def wanted(key: DeploymentKey) -> bool:
        here = not environments or key.environment in environments
        return here and (not teams or key.team in teams)

    return deployments_of(host, standing, wanted)


def _clouds(host: Repository, main: ObjectId) -> Clouds:
    from turnpike.documents.reading import read
    from turnpike.judge.layout import CLOUDS_PATH
    from turnpike.topology.clouds import CLOUDS

    content = host.read(main, CLOUDS_PATH)
    if content is None:
        raise InputError(
            f"expected {CLOUDS_PATH} with prices on main, found no such file",
            code="cost.no-prices",
            solution="Bring the file from the product by a pull request.",
        )
    return read(CLOUDS, content, CLOUDS_PATH)


def _name(cost: Cost, by: str) -> str:
    """Return what a deployment's cost is summed up under."""
    place = f"{cost.environment}/{cost.target}"
    return {
        "deployment": f"{place}/{cost.model}",
        "environment": cost.environment,
        "target": place,
        "team": cost.model.partition("/")[0],
        "model": cost.model,
    }[by]


def _priced(costs: Iterable[Cost]) -> Iterator[Cost]:
    return (one for one in costs if not one.missing)


def _row(one: Cost) -> tuple[str, ...]:
    from turnpike.reporting.cost import amount, place_row

    return (*place_row(one), amount(one.least), amount(one.most))


def _notes(costs: Iterable[Cost]) -> Iterator[str]:
    """Say what is in no sum, by the price that is missing."""
    places: dict[str, list[str]] = {}
    for one in costs:
        for price in one.missing:
            places.setdefault(price, []).append(f"{one.environment}/{one.target}/{one.model}")
    for price, named in sorted(places.items()):
        more = f" and {len(named) - 3} more" if len(named) > 3 else ""
        yield for_terminal(f"not reckoned, no {price}: {', '.join(named[:3])}{more}")
