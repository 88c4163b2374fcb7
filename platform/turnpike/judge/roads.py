"""Every way in which somebody's own change can reach production, as the changes that it takes.

A way is one change of their own, and for a model the releases that carry it from stage to stage.
The paths of own changes are found by proof (``approvals.language``): for each rule of CODEOWNERS
and each kind of path one that this rule decides, so that every outcome of the file is among them.
In Gitea's dialect, whose rules are regular expressions, one path of each kind and team stands
for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product

from turnpike.approvals.dialects import LOCATIONS, parsed
from turnpike.approvals.glob import Glob, Many, literal
from turnpike.approvals.interface import Rule
from turnpike.approvals.language import Automaton, automaton_of, before, layout, witness
from turnpike.approvals.owners import members_of
from turnpike.approvals.required import Need, merged
from turnpike.judge.arrangement import Arrangement
from turnpike.judge.decision import ChangeClass
from turnpike.judge.layout import (
    CLOUDS_PATH,
    ORGANISATION_PATH,
    SCHEDULE_PATH,
    DeploymentKey,
    key_path,
)
from turnpike.judge.needs import needs_on

_MOST_ROUTES = 64
_MOST_SETS = 256
"""Of rules that decide a path together, in sections side by side."""
_SETTINGS, _MANIFESTS = "/settings.yaml", "/manifests.yaml"
_PAGE = Glob(((Many(), *(literal(char) for char in ".md")),), "file")
_KEYS = key_path("{name}")
_NOT_PLATFORM = (
    "models/{rest}", "policies/{rest}", "terraform/{rest}", "docs/{rest}", "runbooks/{rest}",
    "environments/{name}/environment.yaml", SCHEDULE_PATH, CLOUDS_PATH,
    "environments/stops/{name}.yaml", "environments/debts/{name}.yaml",
    "environments/{name}/{name}/{name}/{name}/release.yaml",
    "environments/{name}/{name}/{name}/{name}/manifests.yaml",
    "environments/{name}/{name}/{name}/{name}/settings.yaml",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quorum:
    """A need, and the people who could meet it."""

    need: Need
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class Leg:
    """One change of a way; ``own`` is written by whoever takes the way, others are derived."""

    change_class: ChangeClass
    path: str
    own: bool
    quorums: tuple[Quorum, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """The changes that bring something of one's own into an environment."""

    environment: str
    high_risk: bool
    legs: tuple[Leg, ...]


def ways_to_production(arrangement: Arrangement) -> tuple[Way, ...]:
    """Return every way, the shortest first; of those that need the same people only one."""
    found = [
        way
        for environment in production_of(arrangement)
        for way in (*_direct(arrangement, environment), *_by_model(arrangement, environment))
    ]
    different: dict[object, Way] = {}
    for way in sorted(found, key=lambda way: (len(way.legs), way.legs[0].path)):
        asked = tuple((leg.own, frozenset(_asked(leg))) for leg in way.legs)
        different.setdefault((way.high_risk, frozenset(asked)), way)
    return tuple(different.values())


def _asked(leg: Leg) -> Iterator[tuple[frozenset[str], int]]:
    for quorum in leg.quorums:
        yield quorum.people, quorum.need.count


def production_of(arrangement: Arrangement) -> tuple[str, ...]:
    """Return the environments that are production: declared, else those nothing moves on from."""
    declared = arrangement.organisation.segregation.production
    if declared:
        return tuple(sorted(set(declared) & set(arrangement.environments)))
    sources = {s for e in arrangement.environments.values() for s in e.promotes_from}
    return tuple(sorted(set(arrangement.environments) - sources))


def _direct(arrangement: Arrangement, environment: str) -> Iterator[Way]:
    """Yield the single changes that act on production: its settings, or what rules over it."""
    for change_class, kinds, others in _kinds(arrangement, environment):
        for kind in kinds:
            split = _split(arrangement, kind) if change_class == "settings" else ()
            for path in (*_paths(arrangement, kind, others), *split):
                yield Way(environment, False, (_own_leg(arrangement, change_class, path),))


def _kinds(
    arrangement: Arrangement, environment: str
) -> Iterator[tuple[ChangeClass, tuple[Automaton, ...], tuple[Automaton, ...]]]:
    """Yield the classes with the kinds of path that they have, and those that they have not."""
    settings = f"environments/{environment}/{{target}}/{{team}}/{{name}}/settings.yaml"
    targets = tuple(target.name for target in arrangement.environments[environment].targets)
    organisation = (layout(ORGANISATION_PATH), layout(arrangement.codeowners_path), layout(_KEYS))
    waivers = layout("policies/waivers/{name}.yaml")
    yield "settings", _team_layouts(arrangement, settings, targets), ()
    own = f"environments/{environment}/environment.yaml"
    yield "environment", (layout(own), layout(SCHEDULE_PATH), layout(CLOUDS_PATH)), ()
    yield "organisation", organisation, ()
    yield "policy", (layout("policies/{rest}"),), (*organisation, waivers)
    yield "waiver", (waivers,), ()
    yield "terraform", (layout("terraform/{rest}"),), ()
    others = (*(layout(text) for text in _NOT_PLATFORM), automaton_of(_PAGE))
    owners = tuple(layout(place) for place in LOCATIONS)
    yield "platform", (layout("{rest}"),), (*others, *owners)


def _team_layouts(
    arrangement: Arrangement, text: str, targets: tuple[str, ...] = ()
) -> tuple[Automaton, ...]:
    """Return a kind of path for all teams at once; one for each where rules prove nothing."""
    teams = tuple(team.name for team in arrangement.organisation.teams)
    if arrangement.organisation.codeowners_dialect == "gitea":
        return tuple(layout(text, (team,), targets) for team in teams)
    return (layout(text, teams, targets),)


def _by_model(arrangement: Arrangement, environment: str) -> Iterator[Way]:
    """Yield the ways of a model that is merged, released and promoted up to an environment."""
    risk = Need((arrangement.organisation.roles.risk,), 1, "riskTier high")
    routes = list(islice(_routes(arrangement, environment, ()), _MOST_ROUTES))
    for kind in _team_layouts(arrangement, "models/{team}/{name}/model.yaml"):
        for path in _paths(arrangement, kind, ()):
            _, team, model, _ = path.split("/")
            for route, more in product(routes, ((), (risk,))):
                own = _own_leg(arrangement, "model", path, *more)
                releases = tuple(_release_leg(arrangement, one, team, model) for one in route)
                urgent = tuple(_by_emergency(arrangement, leg) for leg in releases)
                yield Way(environment, bool(more), (own, *releases))
                yield Way(environment, bool(more), (own, *urgent))


def _routes(
    arrangement: Arrangement, last: str, passed: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """Yield the chains of stages that end at an environment, each from a first stage."""
    environment = arrangement.environments.get(last)
    if environment is None or last in passed:
        return
    if not environment.promotes_from:
        yield (last,)
    for source in environment.promotes_from:
        for route in _routes(arrangement, source, (*passed, last)):
            yield (*route, last)


def _paths(
    arrangement: Arrangement, kind: Automaton, others: tuple[Automaton, ...]
) -> Iterator[str]:
    """Yield paths of a kind such that every rule that decides one of them decides one of these.

    Where sections decide side by side, a path of as few of them as can be goes first, and others
    follow: of every set of rules that decide together, as long as there are not too many.
    """
    file = parsed(arrangement.organisation.codeowners_dialect, arrangement.codeowners)
    if all(rule.glob is None for rule in file.rules):
        path = witness([kind], others)
        if path is not None:
            yield path
        return
    for number, rule in enumerate(file.rules):
        if rule.glob is None or rule.excludes:
            continue
        wanted = [kind, automaton_of(rule.glob)]
        beside, after = _rivals(file.rules, number)
        path = witness(wanted, [*others, *after, *beside]) or witness(wanted, [*others, *after])
        if path is not None:
            yield path
    sections = _sections(file.rules)
    if len(sections) > 1:
        yield from islice(_side_by_side(sections, [kind], [*others]), _MOST_SETS)


def _sections(rules: tuple[Rule, ...]) -> list[list[tuple[Automaton, bool]]]:
    """Return each section's patterns in their order, and whether each excludes its paths."""
    names = dict.fromkeys(rule.section for rule in rules)
    return [
        [(automaton_of(r.glob), r.excludes) for r in rules if r.glob and r.section == name]
        for name in names
    ]


def _side_by_side(
    sections: list[list[tuple[Automaton, bool]]], wanted: list[Automaton], avoided: list[Automaton]
) -> Iterator[str]:
    """Yield a path for each way in which every section is decided, or does not apply."""
    path = witness(wanted, avoided)
    if path is None:
        return
    if not sections:
        yield path
        return
    for more, less in _outcomes(sections[0]):
        yield from _side_by_side(sections[1:], [*wanted, *more], [*avoided, *less])


def _outcomes(
    section: list[tuple[Automaton, bool]],
) -> Iterator[tuple[list[Automaton], list[Automaton]]]:
    """Yield what paths match and what not, where a section does not apply or a rule decides it."""
    rules = [one for one, excludes in section if not excludes]
    exclusions = [one for one, excludes in section if excludes]
    yield [], rules
    for exclusion in exclusions:
        yield [exclusion], []
    for number, rule in enumerate(rules):
        yield [rule], [*rules[number + 1 :], *exclusions]


def _split(arrangement: Arrangement, kind: Automaton) -> Iterator[str]:
    """Yield settings for each two rules of which one decides them, the other their manifests.

    They differ only where some rule tells files of one folder apart, by their names; mostly none
    does.
    """
    rules = parsed(arrangement.organisation.codeowners_dialect, arrangement.codeowners).rules
    known = [(number, rule) for number, rule in enumerate(rules) if rule.glob is not None]
    folders = before(kind, _SETTINGS)
    apart = {n for n, rule in known if rule.glob and _tells_apart(folders, automaton_of(rule.glob))}
    everywhere = any(rules[number].excludes for number in apart)
    deciding = [number for number, rule in known if not rule.excludes]
    for one, other in product(deciding, deciding) if apart else ():
        if everywhere or one == other or apart & {one, other}:
            path = _decided(rules, folders, one, other)
            if path is not None:
                yield path + _SETTINGS


def _tells_apart(folders: Automaton, rule: Automaton) -> bool:
    """Tell whether, in some folder, a rule matches the settings or the manifests alone."""
    settings, manifests = before(rule, _SETTINGS), before(rule, _MANIFESTS)
    return (
        witness([folders, settings], [manifests]) is not None
        or witness([folders, manifests], [settings]) is not None
    )


def _decided(rules: tuple[Rule, ...], folders: Automaton, one: int, other: int) -> str | None:
    """Return a folder whose settings one rule decides, and whose manifests the other does."""
    wanted, alone, avoided = [folders], [], []
    for number, name in ((one, _SETTINGS), (other, _MANIFESTS)):
        glob = rules[number].glob
        if glob is None:
            return None
        beside, after = _rivals(rules, number)
        wanted.append(before(automaton_of(glob), name))
        alone += [before(rival, name) for rival in beside]
        avoided += [before(rival, name) for rival in after]
    return witness(wanted, [*avoided, *alone]) or witness(wanted, avoided)


def _rivals(rules: tuple[Rule, ...], number: int) -> tuple[list[Automaton], list[Automaton]]:
    """Return the rules of other sections, and those of its own that go before a rule."""
    beside, after = [], []
    for other, rule in enumerate(rules):
        if rule.glob is None:
            continue
        if rule.section != rules[number].section:
            beside += [automaton_of(rule.glob)] if not rule.excludes else []
        elif other > number or rule.excludes:
            after.append(automaton_of(rule.glob))
    return beside, after


def _own_leg(arrangement: Arrangement, change_class: ChangeClass, path: str, *more: Need) -> Leg:
    """Return a change of one's own; settings bring the manifests that they change along."""
    paths = [path]
    if change_class == "settings":
        paths.append(path.removesuffix(_SETTINGS) + _MANIFESTS)
    needs = merged((*needs_on(arrangement, change_class, paths), *more))
    return Leg(change_class, path, True, _quorums(arrangement, needs))


def _release_leg(arrangement: Arrangement, environment: str, team: str, model: str) -> Leg:
    targets = arrangement.environments[environment].targets
    path = DeploymentKey(environment, targets[0].name, team, model).path("release.yaml")
    needs = merged(needs_on(arrangement, "release", (path,)))
    return Leg("release", path, False, _quorums(arrangement, needs))


def _by_emergency(arrangement: Arrangement, leg: Leg) -> Leg:
    """Return a release as it goes in by an emergency, on an incident commander's word alone."""
    glass = arrangement.organisation.break_glass
    if glass is None or not leg.quorums:
        return leg
    need = Need((glass.commanders,), 1, "emergency")
    return replace(leg, quorums=_quorums(arrangement, (need,)))


def _quorums(arrangement: Arrangement, needs: tuple[Need, ...]) -> tuple[Quorum, ...]:
    return tuple(Quorum(need, people_of(arrangement, need)) for need in needs)


def people_of(arrangement: Arrangement, need: Need) -> frozenset[str]:
    """Return who could meet a need."""
    members = (members_of(arrangement.organisation, group) for group in need.groups)
    return frozenset(person for group in members for person in group) - set(need.barred)
