"""``turnpike release``: open the change that releases merged models into a first environment."""

from __future__ import annotations

import click

from turnpike.cli.acting import as_option
from turnpike.cli.output import json_option
from turnpike.cli.wiring import house_here


@click.command()
@click.argument("models", nargs=-1, required=True, metavar="TEAM/MODEL...")
@click.option("--to", "environment", default="dev", show_default=True, help="First environment.")
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
    """Open a pull request that releases what main's manifests name.

    The change holds release.yaml and manifests.yaml of each target and nothing else; the gate
    admits it when both equal what it derives itself.
    """
    from turnpike.cli.releasing import model_keys, open_plans
    from turnpike.promotion.admission import admitted_on
    from turnpike.promotion.plan import ReleasePlan, plan_release
    from turnpike.promotion.standing import standing_of

    house = house_here()

    def plans() -> tuple[ReleasePlan, ...]:
        keys, main = model_keys(models), house.main
        standing = standing_of(house.host, main, keys)
        admitted = {key: admitted_on(house.host, house.record, main, key) for key in keys}
        return tuple(
            plan_release(key, admitted[key], standing, environment, targets) for key in keys
        )

    open_plans(house, person, plans, as_json)
