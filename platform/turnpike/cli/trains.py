"""The trains of one promotion: who rides, who drops out, and the pull requests that carry them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from turnpike.cli.promoting import Settled
from turnpike.cli.releasing import open_plan
from turnpike.cli.trial import Trial
from turnpike.cli.wiring import House
from turnpike.errors import InputError
from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.promotion.move import Blocker, Move
from turnpike.promotion.opening import Opened, Standing, standing_changes
from turnpike.promotion.plan import ReleasePlan, plan_promotion
from turnpike.promotion.plan import Standing as Stands
from turnpike.promotion.standing import manifests_of, standing_of
from turnpike.promotion.train import board, groups_of
from turnpike.promotion.way_back import former_releases, plan_way_back, way_back


@dataclass(frozen=True, slots=True)
class Train:
    """Moves that ride in one change; ``team`` is empty where all teams ride together.

    What goes back rides in a train of its own: nothing that goes on may hold it up.
    """

    team: str
    rides: tuple[Move, ...]
    plan: ReleasePlan


@dataclass(frozen=True, slots=True)
class DrawnUp:
    """The trains of one promotion, and why the judge would deny the others."""

    trains: tuple[Train, ...]
    dropped: Mapping[ModelKey, tuple[Blocker, ...]] = field(default_factory=dict)


def drawn_up(
    house: House, settled: Settled, targets: Sequence[str], *, anyway: bool, together: bool
) -> DrawnUp:
    """Return one train a team, or one for all, with nobody on it whom the judge would deny.

    ``anyway`` lets everybody ride who could ever move, also to be denied.
    """
    riding = _riding(settled, anyway=anyway)
    plans, dropped = _plans(house, settled, riding, targets)
    riding = [move for move in riding if move.model in plans]
    trains = []
    for (_, team), moves in _by_team(riding, together=together).items():
        rides = moves
        if not anyway:
            rides, denied = _boarded(house, settled, moves, plans)
            dropped |= denied
        if rides:
            trains.append(Train(team, rides, _one(team, rides, plans)))
    return DrawnUp(tuple(trains), dropped)


def _riding(settled: Settled, *, anyway: bool) -> list[Move]:
    """Return what can ride; where nothing asked for ever could, all of it: the plan says why."""
    movable = [move for move in settled.moves if move.version is not None]
    if settled.asked and not movable:
        return list(settled.moves)
    return movable if anyway else [move for move in movable if move.is_ready]


def _by_team(moves: Iterable[Move], *, together: bool) -> dict[tuple[bool, str], tuple[Move, ...]]:
    """Return the moves by direction and team, those that go back first."""
    teams: dict[tuple[bool, str], tuple[Move, ...]] = {}
    for move in sorted(moves, key=lambda one: not one.returns):
        mark = move.returns, "" if together else move.model.team
        teams[mark] = (*teams.get(mark, ()), move)
    return teams


def _plans(
    house: House, settled: Settled, moves: Iterable[Move], targets: Sequence[str]
) -> tuple[dict[ModelKey, ReleasePlan], dict[ModelKey, tuple[Blocker, ...]]]:
    """Return a plan for each move, and why those have none that have nothing to go back to."""
    chosen = tuple(moves)
    standing = standing_of(house.host, settled.main, [move.model for move in chosen])
    manifests = manifests_of(house.host, standing.releases.values())
    plans: dict[ModelKey, ReleasePlan] = {}
    lost: dict[ModelKey, tuple[Blocker, ...]] = {}
    for move in chosen:
        if not move.returns:
            where = move.environment
            plans[move.model] = plan_promotion(
                move.model, manifests, standing, where, targets, move=move
            )
            continue
        try:
            plans[move.model] = _way_back(house, settled, standing, move)
        except InputError as error:  # it holds nobody else up
            lost[move.model] = (Blocker(error.code, error.message, None, error.solution),)
    return plans, lost


def _way_back(house: House, settled: Settled, standing: Stands, move: Move) -> ReleasePlan:
    """Return the change that takes a failed candidate out, as its environment wants it."""
    found = former_releases(house.host, settled.main, standing, move)
    return plan_way_back(move, found, manifests_of(house.host, found.values()), standing)


def _boarded(
    house: House, settled: Settled, moves: tuple[Move, ...], plans: Mapping[ModelKey, ReleasePlan]
) -> tuple[tuple[Move, ...], Mapping[ModelKey, tuple[Blocker, ...]]]:
    files = {p: c for move in moves for p, c in plans[move.model].files.items()}
    trial = Trial.of(house, settled.main, files)
    boarded = board(groups_of(moves), trial.objections)
    return tuple(chain.from_iterable(boarded.rides)), boarded.dropped


def _one(team: str, moves: Sequence[Move], plans: Mapping[ModelKey, ReleasePlan]) -> ReleasePlan:
    """Return the plan of a train; its title says who rides on it."""
    where, returns = moves[0].environment, moves[0].returns
    whose = f"{len(moves)} models of {team or 'all teams'}"
    does = f"Roll back {whose} in {where}" if returns else f"Promote {whose} to {where}"
    title = f"{does}: {_names(team, moves)}"
    if len(moves) == 1:
        title = plans[moves[0].model].title
    files = {p: c for m in moves for p, c in plans[m.model].files.items()}
    return ReleasePlan(title, files, way_back(where) if returns else where)


def _names(team: str, moves: Sequence[Move]) -> str:
    """Return the first of those who ride by name, so that a title stays one line."""
    names = [_name(team, move) for move in moves[:_NAMED]]
    more = len(moves) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _name(team: str, move: Move) -> str:
    whom = move.model.model if team else str(move.model)
    return whom if move.returns or move.version is None else f"{whom} {move.version}"


_NAMED = 4
"""How many of a train its title names."""

Known = Mapping[Standing, frozenset[DeploymentKey]]
"""Open changes that promote, with the deployments that each changes."""


def departed(house: House, who: str, settled: Settled, drawn: DrawnUp) -> tuple[Opened, ...]:
    """Open a pull request for each train, or move the open one whose train this is by now.

    Nobody rides twice: an open train of nothing but what was asked for is planned anew, further
    ones are closed, and so is one of which nothing is left to move.
    """
    known = _asked_about(house, who, settled)
    opened: list[Opened] = []
    used: set[Standing] = set()
    for train in drawn.trains:
        mine = [one for one, places in known.items() if _is_form_of(one, places, train)]
        first = mine[0] if mine else None
        opened.append(open_plan(house, who, train.plan, settled.main, first))
        _close(house, who, (one for one in mine if one.number != opened[-1].number))
        used.update(mine)
    left = {one: places for one, places in known.items() if one not in used}
    _close(house, who, (one for one, places in left.items() if _is_over(one, places, settled)))
    return tuple(opened)


def _asked_about(house: House, who: str, settled: Settled) -> Known:
    """Return the open trains that move nothing but models that were asked for, where they go."""
    models = {move.model for move in settled.moves}
    environments = {move.environment for move in settled.moves}
    where = environments | {way_back(name) for name in environments}
    trains = [one for one in standing_changes(house.host, house.forge(who)) if one.train in where]
    placed = {one: one.places(house.host) for one in trains}
    return {
        one: places
        for one, places in placed.items()
        if places and {place.model_key for place in places} <= models
    }


def _is_form_of(one: Standing, places: frozenset[DeploymentKey], train: Train) -> bool:
    """Tell whether an open train is an earlier form of one: its way, its team, and nobody else."""
    theirs = {place.team for place in places}
    return one.train == train.plan.train and (not train.team or theirs == {train.team})


def _is_over(one: Standing, places: frozenset[DeploymentKey], settled: Settled) -> bool:
    """Tell whether all that a train moves is where it goes by now, or need not go back any more."""
    models = {place.model_key for place in places}
    backs = {way_back(move.environment) for move in settled.moves}
    if one.train in backs:
        return not models & {move.model for move in settled.moves if move.returns}
    return models <= {move.model for move in settled.moves if move.stopped_by("nothing-new")}


def _close(house: House, who: str, changes: Iterable[Standing]) -> None:
    for one in changes:
        house.forge(who).close(one.number)
