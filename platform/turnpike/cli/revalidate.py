"""``turnpike revalidate``: ask for new evidence about what is released."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.acting import as_option
from turnpike.cli.output import emit, json_option
from turnpike.cli.wiring import House, acting, house_here, now
from turnpike.errors import InputError, UsageError
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.judge.layout import ModelKey
    from turnpike.promotion.opening import Opened
    from turnpike.promotion.revalidation import Due


_EXPIRES = "The evidence expires where it is released."
_FAILED = "A later run found something wrong with what is released."


@click.command()
@click.argument("models", nargs=-1, metavar="[TEAM/MODEL]...")
@click.option("--due", is_flag=True, help="All whose evidence has expired, or was disproved.")
@click.option(
    "--within",
    type=click.IntRange(0, 3650),
    default=0,
    metavar="DAYS",
    help="With --due: also those whose evidence expires in so many days.",
)
@click.option("--reason", help="Why; default: that the evidence expires, or a later run failed.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked for, and open nothing.")
@as_option
@json_option
def command(
    models: tuple[str, ...],
    due: bool,
    within: int,
    reason: str | None,
    dry_run: bool,
    person: str | None,
    as_json: bool,
) -> None:
    """Open a pull request for each model that asks to validate the same version again.

    Its manifest says since when (`revalidation`), and the gate lets it in only with runs that were
    made after that and found nothing: `turnpike validate --pr N`, then the owners' approval. Once
    merged, the new evidence counts wherever the version is released. Where a run fails, the other
    way is `turnpike rollback`. A request that is open already is left as it is.
    """
    if bool(models) == due:
        raise UsageError(
            "expected either TEAM/MODEL or --due, got " + ("both" if due else "neither"),
            solution="turnpike revalidate --help",
        )
    house = house_here()
    found = _due(house, within) if due else ()
    keys = _named(house, models) if models else sorted({one.key for one in found})
    failed = {one.key for one in found if one.failed}
    opened = (
        []
        if dry_run
        else [
            _opened(house, key, person, reason or (_FAILED if key in failed else _EXPIRES))
            for key in keys
        ]
    )
    emit(as_json, _value(keys, found, opened), _lines(keys, found, opened, dry_run))


def _named(house: House, models: tuple[str, ...]) -> list[ModelKey]:
    from turnpike.cli.releasing import model_keys

    keys = model_keys(models)
    for key in keys:
        if house.host.read(house.main, key.manifest_path) is None:
            raise InputError(
                f"{key}: expected a model on main, found no {key.manifest_path}",
                code="model.unknown",
                solution="`turnpike status` shows what is released where.",
            )
    return list(keys)


def _due(house: House, within: int) -> tuple[Due, ...]:
    from turnpike.promotion.evidence import evidence_about
    from turnpike.promotion.revalidation import due_by
    from turnpike.promotion.standing import standing_of_all
    from turnpike.record.keys import keys_at

    main, clock = house.main, now()
    standing = standing_of_all(house.host, main)
    versions = [one.what for one in standing.releases.values()]
    keys = keys_at(house.host, main)
    evidence = evidence_about(house.host, house.record.at_tip(), versions, keys, clock)
    return due_by(standing, evidence, clock + timedelta(days=within))


def _opened(house: House, key: ModelKey, person: str | None, reason: str) -> Opened:
    from turnpike.cli.releasing import open_plan
    from turnpike.manifest.model import Revalidation
    from turnpike.promotion.opening import Opened, standing_changes
    from turnpike.promotion.revalidation import plan_revalidation, train_of

    who, main = acting(house, person), house.main
    changes = standing_changes(house.host, house.forge(who))
    standing = next((one for one in changes if one.train == train_of(key)), None)
    if standing:
        return Opened(standing.number, standing.head, standing.title, "open already")
    content = house.host.read(main, key.manifest_path) or b""
    asked = Revalidation(
        requested_at=now().replace(microsecond=0),
        reason=reason,
    )
    plan = plan_revalidation(key, content.decode("utf-8"), asked)
    return open_plan(house, who, plan, main)


def _value(keys: Iterable[ModelKey], found: Iterable[Due], opened: list[Opened]) -> JsonValue:
    return {
        "models": [str(key) for key in keys],
        "due": [
            {
                "model": str(one.key),
                "version": one.version,
                "deployments": [str(place) for place in one.places],
                "endsAt": one.ends_at.isoformat() if one.ends_at else None,
                "failed": one.failed,
            }
            for one in found
        ],
        "opened": [{"number": one.number, "state": one.state} for one in opened],
    }


def _lines(
    keys: list[ModelKey], found: Iterable[Due], opened: list[Opened], dry_run: bool
) -> Iterable[str]:
    from turnpike.cli.releasing import STATES

    for one in found:
        ends = f"until {one.ends_at:%Y-%m-%d %H:%M} UTC" if one.ends_at else "does not count now"
        ends = "was disproved by a later run" if one.failed else ends
        places = ", ".join(f"{place.environment}/{place.target}" for place in one.places)
        yield for_terminal(f"{one.key} {one.version}: its evidence {ends}, in {places}")
    if not keys:
        yield "The evidence of everything that is released goes on counting."
    for change in opened:
        yield for_terminal(f"{STATES[change.state]} {change.number}: {change.title}")
    if opened:
        numbers = " ".join(f"--pr {one.number}" for one in opened)
        yield f"next: turnpike validate {numbers}; where that fails, turnpike rollback"
    elif keys and dry_run:
        yield "next: the same without --dry-run opens a pull request for each model"
