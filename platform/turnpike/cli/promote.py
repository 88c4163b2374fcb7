"""``turnpike promote``: open the change that moves releases to the next environment."""

from __future__ import annotations

import click

from turnpike.cli.acting import as_option
from turnpike.cli.output import json_option
from turnpike.cli.wiring import house_here


@click.command()
@click.argument("models", nargs=-1, required=True, metavar="TEAM/MODEL...")
@click.option("--to", "environment", required=True, help="Environment to promote to.")
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
    """Open a pull request that promotes what an earlier environment serves.

    The same artifact digest and the same manifest move on; only release.yaml and manifests.yaml
    of the environment's targets change.
    """
    from turnpike.cli.releasing import model_keys, open_plans
    from turnpike.promotion.plan import ReleasePlan, plan_promotion
    from turnpike.promotion.standing import manifests_of, standing_of

    house = house_here()

    def plans() -> tuple[ReleasePlan, ...]:
        keys = model_keys(models)
        standing = standing_of(house.host, house.main, keys)
        manifests = manifests_of(house.host, standing.releases.values())
        return tuple(plan_promotion(key, manifests, standing, environment, targets) for key in keys)

    open_plans(house, person, plans, as_json)
