"""The soak that an emergency went past: seen healthy for as long, before its debt is paid.

Asked is what stands there by the emergency still. What came in its place by the ordinary road has
soaked before it came, and what a rollback brought back stood there before. It may have been seen
where it stands by now as well as in the stages before: time that observers saw it healthy, for
which nobody waited then.
"""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.judge.decision import Finding
from turnpike.judge.emergencies import settled_by, settlements_in
from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.soak import healthy_seconds
from turnpike.judge.testimony import Hearing, Testimony, by_artifact, debts_in
from turnpike.manifest.release import Release
from turnpike.topology.environment import Environment

_SKIPPED = "soak-incomplete"
"""How the rule calls it that an emergency may go past, and a waiver excuse."""


def soaks_owed(facts: Facts, hearing: Hearing) -> Iterator[Finding]:
    """Yield each place of a settled incident where what it brought was not seen for long enough."""
    debts = settled_by([one for _, one in settlements_in(facts)], debts_in(facts))
    heard = by_artifact(hearing.testimony) if debts else {}
    for place, incident in sorted({(debt.deployment, debt.incident) for debt in debts}):
        key = DeploymentKey.parse(place)
        release = facts.base.releases.get(key.path("release.yaml"))
        environment = facts.base.environments.get(key.environment)
        if release is None or environment is None or _is_excused(facts, key):
            continue
        if release.emergency is None or release.emergency.incident != incident:
            continue
        seen = _seen(facts, key, release, environment, heard.get(release.artifact, ()))
        if seen < environment.soak_seconds:
            yield _finding(key, environment, seen)


def _is_excused(facts: Facts, key: DeploymentKey) -> bool:
    waivers = facts.base.waivers.values()
    subjects = (str(key), str(key.model_key))
    return any(one.excuses(_SKIPPED, each, facts.clock) for one in waivers for each in subjects)


def _seen(
    facts: Facts,
    key: DeploymentKey,
    release: Release,
    environment: Environment,
    about: tuple[Testimony, ...],
) -> int:
    """Return for how long it was seen healthy: there, or in the stages that it had to soak in."""
    model = facts.head.model_blobs.get(release.manifest)

    def at(name: str, target: str) -> int:
        place = DeploymentKey(name, target, key.team, key.model)
        return healthy_seconds(place, release, model, about, facts.clock)

    before = []
    for name in environment.promotes_from:
        stage = facts.base.environments.get(name)
        before.append(
            max((at(name, one.name) for one in (stage.targets if stage else ())), default=0)
        )
    soaked = (min if environment.fan_in == "all" else max)(before, default=0)
    return max(at(key.environment, key.target), soaked)


def _finding(key: DeploymentKey, environment: Environment, seen: int) -> Finding:
    wanted = environment.soak_seconds
    return Finding(
        code="settlement.soak-incomplete",
        subject=str(key),
        expected=f"{wanted} seconds seen healthy, there or in the stages before",
        actual=f"{seen} seconds",
        message="The soak that an emergency went past is made up for before its debt is paid.",
        solution=f"Let it run on, watched by `turnpike observe`: {wanted - seen} more seconds must"
        " be seen healthy. Or return to another release with `turnpike rollback`; then settle.",
    )
