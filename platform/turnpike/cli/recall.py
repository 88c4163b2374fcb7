"""``turnpike recall``: how far something bad reached, and the changes that take it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.acting import as_option
from turnpike.cli.output import emit, json_option, table
from turnpike.cli.wiring import House, house_here
from turnpike.errors import CannotDecide, InputError, UsageError
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from turnpike.documents.identifiers import ObjectId
    from turnpike.judge.layout import ModelKey
    from turnpike.judge.suspect import Suspect
    from turnpike.promotion.former import Unexamined
    from turnpike.promotion.plan import ReleasePlan
    from turnpike.promotion.recall import BlastRadius, Ground


@click.command()
@click.option("--data", metavar="SOURCE|DIGEST", help="A data set, by its source or its digest.")
@click.option("--base-model", metavar="PROVIDER/MODEL[@REVISION]", help="A provider's model.")
@click.option("--signer", metavar="KEY", help="A key of a role, by its name or its id.")
@click.option("--package", metavar="NAME[==VERSION]", help="A package, by the bill of materials.")
@click.option("--open", "opens", is_flag=True, help="Open the changes: one for each team.")
@click.option("--together", is_flag=True, help="With --open or --rehearse: one for all teams.")
@click.option("--rehearse", is_flag=True, help="Carry it out in a copy, and say how long it took.")
@click.option("--serve", is_flag=True, help="With --rehearse: until nothing serves it any more.")
@as_option
@json_option
def command(
    data: str | None,
    base_model: str | None,
    signer: str | None,
    package: str | None,
    opens: bool,
    together: bool,
    rehearse: bool,
    serve: bool,
    person: str | None,
    as_json: bool,
) -> None:
    """Show the blast radius of something bad; with --open, take it out of every environment.

    It is looked for in manifests, and in every statement on the record about their artifacts. Each
    deployment that it reached goes back to the newest earlier release that it did not reach, or is
    retired where there is none; the changes are judged like all others. A retirement asks the
    model's consumers, unless a stop on main says that this is recalled (`turnpike stop set
    --recalls`). Exit code 1 where something is reached.

    What stood at a place before, or a manifest of it, that cannot be read any more is named, and is
    never gone back to; all others are gone through. Exit code 3 where nothing that can be read is
    reached.

    With --rehearse nothing is opened here: the recall is carried out in a throw-away copy of main
    and the record, by the real judge and real merges, with keys made for it. Everybody whose
    approval is needed gives it there at once, so that what is measured is the machinery, and what
    it would ask of people is told. With --serve each local target that was reached has a model
    server on this machine meanwhile, as `turnpike serve` starts it, which follows main. Exit code 1
    where something bad is still released, or still served, at its end.
    """
    suspect = _suspect(data, base_model, signer, package)
    if together and not (opens or rehearse):
        raise UsageError("--together: expected --open or --rehearse beside it, got neither")
    if opens and rehearse:
        raise UsageError("--rehearse: expected it without --open, got both")
    if serve and not rehearse:
        raise UsageError("--serve: expected --rehearse beside it, got none")
    if rehearse:
        _rehearse(suspect, by_team=not together, serve=serve, as_json=as_json)
        return
    from turnpike.promotion.recall import blast_radius, passed_over, plan_recall
    from turnpike.promotion.stopping import stops_on

    house = house_here()
    main = house.main
    ground = ground_of(house, main)
    _require_known(suspect, ground)
    radius = blast_radius(suspect, ground)
    plans = plan_recall(suspect, radius, ground, by_team=not together) if opens else ()
    opened = _opened(house, person, plans, main)
    asked = passed_over(suspect, radius, ground, stops_on(house.host, main).values())
    lost = ground.unexamined
    lines = [*_lines(radius, opened), *_next(suspect, asked), *unexamined_lines(lost)]
    emit(as_json, _value(radius, opened, asked, lost), lines)
    _end(lost, found=bool(radius.models or radius.deployments))


def _end(lost: tuple[Unexamined, ...], *, found: bool) -> None:
    """End with 1 for what is bad, with 3 where nobody can say: only what was seen whole is 0."""
    if found or lost:
        raise SystemExit(1 if found else CannotDecide.exit_code)


def _require_known(suspect: Suspect, ground: Ground) -> None:
    from turnpike.promotion.recall import unknown_signer

    if unknown_signer(suspect, ground):
        raise InputError(
            f"--signer: expected one of {', '.join(sorted(ground.signers.values()))}, or the id of "
            f"one, got {suspect.name}",
            code="recall.unknown-signer",
            solution="policies/keys/ on main has a file of each key, those that are revoked too.",
        )


def _suspect(
    data: str | None, base_model: str | None, signer: str | None, package: str | None
) -> Suspect:
    from turnpike.judge.suspect import Suspect, wanted_of

    named: list[Suspect] = []
    if data is not None:
        named.append(Suspect("data", data))
    if base_model is not None:
        named.append(Suspect("base-model", base_model))
    if signer is not None:
        named.append(Suspect("signer", signer))
    if package is not None:
        named.append(Suspect("package", package))
    if len(named) != 1:
        raise UsageError(
            f"expected one of --data, --base-model, --signer and --package, got {len(named)}",
            solution="turnpike recall --help",
        )
    (suspect,) = named
    if (wanted := wanted_of(suspect)) is not None:
        raise UsageError(
            f"--{suspect.kind}: expected {wanted}, got {suspect.name or 'nothing'}",
            solution="turnpike recall --help",
        )
    return suspect


def _rehearse(suspect: Suspect, *, by_team: bool, serve: bool, as_json: bool) -> None:
    from turnpike.cli.rehearsing import rehearsed, rehearsed_lines
    from turnpike.promotion.rehearsal import rehearsal_value

    steps, places, lost = rehearsed(house_here(), suspect, by_team=by_team, serve=serve)
    value = {**rehearsal_value(steps, places), "unexamined": [one.value() for one in lost]}
    emit(as_json, value, [*rehearsed_lines(steps, places), *unexamined_lines(lost)])
    _end(lost, found=any(one.seconds is None or one.still_serves for one in places))


def ground_of(house: House, main: ObjectId) -> Ground:
    """Read all that a recall is worked out from, each kind in one go."""
    from turnpike.promotion.inventory import earlier_releases, manifests_named, models_on
    from turnpike.promotion.recall import Ground
    from turnpike.promotion.standing import standing_of_all
    from turnpike.record.keys import keys_at

    standing, models = standing_of_all(house.host, main), models_on(house.host, main)
    past = earlier_releases(house.host, main, standing.releases)
    former = [release for releases in past.releases.values() for release in releases]
    manifests, lost = manifests_named(house.host, [*standing.releases.values(), *former])
    artifacts = {m.artifact.digest for m in (*models.values(), *manifests.values()) if m.artifact}
    statements = {one: house.record.statements_about([one]) for one in sorted(artifacts)}
    signers = {key.id: key.name for key in keys_at(house.host, main)}
    unexamined = (*past.unexamined, *lost)
    return Ground(standing, models, manifests, past.releases, statements, signers, unexamined)


def _opened(
    house: House, person: str | None, plans: Iterable[ReleasePlan], main: ObjectId
) -> list[tuple[int, str]]:
    from turnpike.cli.releasing import open_plan
    from turnpike.cli.wiring import acting

    opened = [open_plan(house, acting(house, person), plan, main) for plan in plans]
    return [(one.number, one.title) for one in opened]


def _lines(radius: BlastRadius, opened: list[tuple[int, str]]) -> list[str]:
    rows = [("main", str(m.key), m.version, m.why, "") for m in radius.models]
    rows += [
        (
            f"{d.key.environment}/{d.key.target}",
            str(d.key.model_key),
            d.release.version,
            d.why,
            f"back to {d.back_to.version}" if d.back_to else "retire",
        )
        for d in radius.deployments
    ]
    if not rows:
        return ["Nothing on main, in its environments or on the record says that it was reached."]
    lines = table(("where", "model", "version", "reached by", "remedy"), rows)
    return [*lines, *(line for one in opened for line in _opened_lines(*one))]


def _opened_lines(number: int, title: str) -> tuple[str, str]:
    return (
        for_terminal(f"Opened pull request {number}: {title}"),
        f"next: turnpike gate --pr {number}, then turnpike pr merge {number}",
    )


def _next(suspect: Suspect, asked: tuple[ModelKey, ...]) -> list[str]:
    """Say how the recall waits for nobody: its ground must stand on main."""
    if not asked:
        return []
    named = " ".join(f"--model {key}" for key in asked)
    ground = f"--recalls {suspect.kind}={suspect.name}"
    return [
        f"{len(asked)} of them would ask their consumers first, until a stop on main recalls it:",
        f"next: turnpike stop set NAME --incident ID --reason TEXT {ground} {named}",
    ]


def unexamined_lines(lost: Collection[Unexamined]) -> list[str]:
    """Say what of main's past could not be examined, and how a person looks at it."""
    if not lost:
        return []
    return [
        f"{len(lost)} of main's past could not be examined, and nothing goes back to them:",
        *(for_terminal(f"  {one}") for one in lost),
        "next: look whether they were reached: `git show COMMIT:FILE`, or of a manifest its blob",
    ]


def _value(
    radius: BlastRadius,
    opened: list[tuple[int, str]],
    asked: tuple[ModelKey, ...],
    lost: tuple[Unexamined, ...],
) -> JsonValue:
    return {
        "models": [
            {"model": str(m.key), "version": m.version, "why": m.why} for m in radius.models
        ],
        "deployments": [
            {
                "deployment": str(d.key),
                "version": d.release.version,
                "artifact": d.release.artifact,
                "why": d.why,
                "remedy": d.remedy,
                "backTo": d.back_to.version if d.back_to else None,
            }
            for d in radius.deployments
        ],
        "consumersAsked": [str(key) for key in asked],
        "opened": [{"number": number, "title": title} for number, title in opened],
        "unexamined": [one.value() for one in lost],
    }
