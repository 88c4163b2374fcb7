"""``turnpike retire``: open the change that takes models out of an environment."""

from __future__ import annotations

import click

from turnpike.cli.acting import as_option
from turnpike.cli.output import json_option
from turnpike.cli.wiring import house_here


@click.command()
@click.argument("models", nargs=-1, required=True, metavar="TEAM/MODEL...")
@click.option("--from", "environment", required=True, help="Environment to retire from.")
@click.option("--target", "targets", multiple=True, help="Only this target; default: all.")
@as_option
@json_option
def command(
    models: tuple[str, ...],
    environment: str,
    targets: tuple[str, ...],
    person: str | None,
    as_json: bool,
) -> None:
    """Open a pull request that deletes the models' deployments; nothing stays behind on main.

    Argo CD takes them out of the clusters then. In production they serve on until somebody deletes
    them: `turnpike delivery status` says how.
    """
    from turnpike.cli.releasing import model_keys, open_plans
    from turnpike.promotion.plan import ReleasePlan, plan_retirement
    from turnpike.promotion.standing import standing_of

    house = house_here()

    def plans() -> tuple[ReleasePlan, ...]:
        keys = model_keys(models)
        standing = standing_of(house.host, house.main, keys)
        return tuple(plan_retirement(key, standing, environment, targets) for key in keys)

    open_plans(house, person, plans, as_json)
