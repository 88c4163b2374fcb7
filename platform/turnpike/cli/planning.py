"""An outlook of one instance: read main and the record once, then plan purely."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from turnpike.cli.surveying import Survey
from turnpike.cli.wiring import House
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, Problem
from turnpike.judge.decision import Debt
from turnpike.judge.layout import ModelKey, deployment_of
from turnpike.promotion.calendar import Event, EvidenceEnd, Stretch, events_in
from turnpike.promotion.candidates import entering, replacing, soaking_artifacts, unreleased
from turnpike.promotion.debts import accounts_of
from turnpike.promotion.evidence import evidence_about
from turnpike.promotion.ground import Fleet, Ground
from turnpike.promotion.group import companions
from turnpike.promotion.move import Move
from turnpike.promotion.outlook import Asking, Outlook
from turnpike.promotion.plan import Standing, environment_named, targets_named
from turnpike.promotion.revalidation import ends_of
from turnpike.promotion.rolled_back import rolled_back
from turnpike.promotion.soundness import doubtful
from turnpike.promotion.survey import Listing, ground_on
from turnpike.promotion.testimony import admitted_among, together
from turnpike.record.keys import keys_at
from turnpike.record.record import Record
from turnpike.reporting.status import status_lines


@dataclass(frozen=True, slots=True)
class Planned:
    """What can move on a main and when; ``problems`` name what of main can't be read or meant.

    ``unknown`` are models that were asked about and that main neither has nor releases.
    """

    main: ObjectId
    now: datetime
    moves: tuple[Move, ...]
    problems: tuple[Problem, ...]
    unknown: tuple[ModelKey, ...]


def planned(house: House, asking: Asking, now: datetime) -> Planned:
    """Plan what is asked, on main as it stands; raises InputError for what main does not list."""
    ground, fleet, moves = _looked_ahead(house, asking, now)
    if asking.models:
        moves = _with_since(house, ground.main, fleet, moves)
    return Planned(ground.main, now, moves, ground.problems, _unknown(fleet, asking))


@dataclass(frozen=True, slots=True)
class Overview:
    """What a calendar shows is taken from: main and the record, read once, and all moves as of now.

    Of one environment, or of all.
    """

    house: House
    ground: Ground
    fleet: Fleet
    moves: tuple[Move, ...]
    now: datetime

    def events(self, stretch: Stretch) -> tuple[Event, ...]:
        """Return what happens in a stretch; raises InputError for a team that main has not."""
        organisation = self.ground.organisation
        if stretch.team and organisation.team(stretch.team) is None:
            known = ", ".join(team.name for team in organisation.teams)
            raise InputError(
                f"--team: expected one of {known}, got {stretch.team}",
                code="team.unknown",
                solution="Name a team of policies/data/organisation.yaml.",
            )
        return events_in(stretch, self.ground, self.moves, self._evidence_ends(stretch))

    def _evidence_ends(self, stretch: Stretch) -> Iterator[EvidenceEnd]:
        """Yield when the evidence ends of what is released where the calendar looks."""
        releases = {
            path: release
            for path, release in self.fleet.releases.items()
            if (place := deployment_of(path))
            and stretch.environment in (None, place.environment)
            and stretch.team in (None, place.team)
        }
        versions = [one.what for one in releases.values()]
        host, record = self.house.host, self.house.record.at_tip()
        evidence = evidence_about(host, record, versions, self.ground.keys, self.now)
        standing = Standing(self.ground.environments, releases, {})
        for place, version, end, _ in ends_of(standing, evidence):
            if end is not None:
                yield EvidenceEnd(place, version, end)


def overview(house: House, environment: str | None, now: datetime) -> Overview:
    """Look at one environment, or all; raises InputError for one that main does not list."""
    return Overview(house, *_looked_ahead(house, Asking(environment=environment), now), now)


def _looked_ahead(
    house: House, asking: Asking, now: datetime
) -> tuple[Ground, Fleet, tuple[Move, ...]]:
    main = house.main
    record = house.record.at_tip()
    ground = ground_on(house.host, main, keys_at(house.host, main))
    ground = replace(ground, debts=_unpaid(house, record, ground))
    _require_listed(ground, asking)
    survey = Survey.begun(house, ground, record, now)
    whole = survey.listing()
    asking = _with_companions(survey, whole, asking)
    listing = _asked_of(whole, asking)
    fleet = survey.fleet(listing)
    soaking = soaking_artifacts(ground, fleet)
    versions = entering(ground, fleet)
    recorded = survey.heard(soaking | {artifact for artifact, _ in versions})
    if not asking.models:
        survey.keep(listing, fleet, recorded)
    heard = together(recorded.said, survey.published(soaking))
    close = doubtful(versions, recorded.sounds, ground.environments.values(), now)
    asked = unreleased(fleet)
    admitted = admitted_among(record, asked, fleet.briefs)
    outlook = Outlook(
        ground,
        fleet,
        heard,
        lambda m, _: m not in asked or m in admitted,
        now,
        _since_on(house, main),
        evidence_about(house.host, record, close, ground.keys, now),
        rolled_back(house.host, main, replacing(ground, fleet)),
    )
    return ground, fleet, outlook.moves(asking)


def _since_on(house: House, main: ObjectId) -> Callable[[str], datetime | None]:
    """Return what tells when the release at a path of main went in."""

    def since(path: str) -> datetime | None:
        history = house.host.history_of(path, main)
        return house.host.commit(history[0].commit).committer.time if history else None

    return since


def _unpaid(house: House, record: Record, ground: Ground) -> tuple[Debt, ...]:
    teams = [team.name for team in ground.organisation.teams]
    accounts = accounts_of(house.host, record, ground.main, teams)
    return tuple(account.debt for account in accounts if not account.is_paid)


def _require_listed(ground: Ground, asking: Asking) -> None:
    """An environment that main does not list is closed, and so is a target."""
    if asking.environment is None:
        return
    environment = environment_named(Standing(ground.environments, {}, {}), asking.environment)
    targets_named(environment, asking.targets)


def _with_companions(survey: Survey, listing: Listing, asking: Asking) -> Asking:
    """Ask about the rest of each release group as well: it moves as one, or not at all."""
    if not asking.models:
        return asking
    near = survey.fleet(_of_teams(listing, {key.team for key in asking.models}))
    return replace(asking, models=companions(near, asking.models))


def _of_teams(listing: Listing, teams: Collection[str]) -> Listing:
    manifests = {key: blob for key, blob in listing.manifests.items() if key.team in teams}
    releases = {
        path: blob
        for path, blob in listing.releases.items()
        if (place := deployment_of(path)) and place.team in teams
    }
    return Listing(manifests, releases)


def _asked_of(listing: Listing, asking: Asking) -> Listing:
    """Return what is listed of the models that are named; all where none is."""
    if not asking.models:
        return listing
    manifests = {key: blob for key, blob in listing.manifests.items() if key in asking.models}
    releases = {
        path: blob
        for path, blob in listing.releases.items()
        if (place := deployment_of(path)) and place.model_key in asking.models
    }
    return Listing(manifests, releases)


def _unknown(fleet: Fleet, asking: Asking) -> tuple[ModelKey, ...]:
    """Return the named models that main neither has nor releases."""
    released = {place.model_key for path in fleet.releases if (place := deployment_of(path))}
    return tuple(key for key in asking.models if key not in fleet.manifests.keys() | released)


def _with_since(
    house: House, main: ObjectId, fleet: Fleet, moves: tuple[Move, ...]
) -> tuple[Move, ...]:
    """Look up since when each origin serves what would move; for few models, as it walks main."""
    lines = status_lines(house.host, main, fleet.releases.items())
    since: dict[tuple[str, str, str], datetime] = {}
    for line in lines:
        place = (str(line.key.model_key), line.key.environment, line.artifact)
        since[place] = min(line.since, since.get(place, line.since))
    return tuple(
        replace(move, since=since.get((str(move.model), move.origin, move.artifact or "")))
        for move in moves
    )
