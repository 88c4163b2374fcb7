"""What the verbs of ``turnpike delivery`` share: looks at the clusters, and how they are told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from pydantic import JsonValue

from turnpike.cli.clone import Monorepo
from turnpike.cli.output import style
from turnpike.cli.wiring import now
from turnpike.cluster.kubernetes_reader import KubernetesReader
from turnpike.delivery.divergence import Divergence, divergences
from turnpike.delivery.fields import Difference
from turnpike.delivery.gap import Gap
from turnpike.delivery.look import Clusters, Seen, look, with_times
from turnpike.delivery.sync_window_gaps import times_on
from turnpike.delivery.wanted import Wanted, wanted_on
from turnpike.errors import InputError, Unavailable
from turnpike.explain.escape import for_terminal
from turnpike.judge.layout import ModelKey
from turnpike.promotion.plan import environment_named, targets_named
from turnpike.promotion.standing import standing_of
from turnpike.topology.environment import Environment

Place = tuple[str | None, str, str]
_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Diverged:
    """What of a deployment's manifests stands otherwise in its cluster."""

    wanted: Wanted
    found: tuple[Divergence, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """Looks at one model in an environment's targets, as often as is asked."""

    monorepo: Monorepo
    key: ModelKey
    environment: str
    targets: tuple[str, ...]
    clusters: Clusters
    clock: Callable[[], datetime] = now

    def now(self) -> tuple[Seen, ...]:
        """Look once, at main as it is now; raises InputError where main releases it nowhere."""
        host, main = self.monorepo.host, self.monorepo.main
        seen = look(host, main, self._wanted(), self.clusters)
        if not seen:
            raise nothing_released(self.key, self.environment)
        environment, _ = places_on(self.monorepo, self.environment, self.targets)
        return with_times(seen, times_on(host, main, environment, self.clock()), self.clusters)

    def until_in_step(self, seconds: float, say: Callable[[str], None]) -> tuple[Seen, ...]:
        """Look until all are in step or the time is over; say whatever is new on the way.

        Who is away may come back: Unavailable is raised only where the Git host or Argo CD's own
        cluster still does not answer when the time is over.
        """
        until, told = time.monotonic() + seconds, ""
        while True:
            is_over = time.monotonic() > until
            try:
                seen = self._looked_again()
            except Unavailable as error:
                if is_over:
                    raise
                waits = error.message
            else:
                if is_over or all(one.is_in_step for one in seen):
                    return seen
                waits = "; ".join(_short(one) for one in seen if not one.is_in_step)
            if waits != told:
                say(waits)
                told = waits
            time.sleep(_POLL_SECONDS)

    def _looked_again(self) -> tuple[Seen, ...]:
        """Look at main as its host has it by now."""
        self.monorepo.refresh()
        return self.now()

    def divergences(self) -> tuple[Diverged, ...]:
        """Compare the manifests of main with the clusters."""
        main = self.monorepo.main
        return tuple(
            Diverged(one, tuple(divergences(self.monorepo.host, main, one, self._open(one))))
            for one in self._wanted()
            if one.release
        )

    def _open(self, wanted: Wanted) -> KubernetesReader:
        reader = self.clusters.open(wanted.cluster)
        assert isinstance(reader, KubernetesReader)  # noqa: S101 - round_of gives no other
        return reader

    def _wanted(self) -> tuple[Wanted, ...]:
        return wanted_at(self.monorepo, self.key, self.environment, self.targets)


def round_of(
    monorepo: Monorepo, key: ModelKey, environment: str, targets: tuple[str, ...], place: Place
) -> Round:
    """Return looks through a kubeconfig; ``place`` is its file, and Argo CD's context in it."""
    # First what was asked for: no kubeconfig mends a name that is wrong.
    places_on(monorepo, environment, targets)
    kubeconfig, context, namespace = place
    argocd = KubernetesReader(kubeconfig, context)
    opened = lru_cache(lambda cluster: KubernetesReader(kubeconfig, cluster))
    return Round(monorepo, key, environment, targets, Clusters(argocd, namespace, opened))


def wanted_at(
    monorepo: Monorepo, key: ModelKey, name: str, targets: tuple[str, ...]
) -> tuple[Wanted, ...]:
    """Return what main wants of a model in an environment's named targets; none named means all."""
    environment, names = places_on(monorepo, name, targets)
    found = wanted_on(monorepo.host, monorepo.main, environment, key)
    return tuple(one for one in found if one.key.target in names)


def nothing_released(key: ModelKey, environment: str) -> InputError:
    """Return that main releases a model nowhere in an environment."""
    return InputError(
        f"{key}: expected a release in {environment}, found none",
        code="delivery.nothing-released",
        solution="`turnpike status` shows what is released where.",
    )


def places_on(
    monorepo: Monorepo, name: str, targets: tuple[str, ...]
) -> tuple[Environment, frozenset[str]]:
    """Return an environment of main and its named targets; raises InputError for unknown ones."""
    environment = environment_named(standing_of(monorepo.host, monorepo.main, ()), name)
    return environment, frozenset(one.name for one in targets_named(environment, targets))


class Told(Protocol):
    """What was looked at: by what it is out of step, and why a part of it could not be read."""

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return by what it is out of step."""
        ...

    @property
    def unread(self) -> str:
        """Return why it could not be read; empty where it could."""
        ...


def code_of(seen: Sequence[Told]) -> int:
    """Return the exit code: what could not be read weighs more than what is out of step."""
    if any(one.unread for one in seen):
        return 3
    return 1 if any(one.gaps for one in seen) else 0


def lines_of(seen: Sequence[Seen]) -> Iterator[str]:
    """Yield what people read."""
    for one in seen:
        yield from _target_lines(one)


def _target_lines(one: Seen) -> Iterator[str]:
    word = style("in step", fg="green") if one.is_in_step else style("out of step", fg="red")
    place, status = f"{one.wanted.key.environment}/{one.wanted.key.target}", one.application
    argocd = f"Argo CD: {status.sync.status}, {status.health.status}" if status else "no Argo CD"
    at = f" at {status.sync.revision[:12]}" if status and status.sync.revision else ""
    yield f"{place}  {word}  {_released(one)}  {for_terminal(argocd + at)}"
    yield from gap_lines(one.gaps, one.unread)


def gap_lines(gaps: Iterable[Gap], unread: str) -> Iterator[str]:
    """Yield what is out of step, each with its next step, and what could not be read."""
    for gap in gaps:
        wait = " (on its way)" if gap.passing else ""
        told = f"{gap.subject}: expected {gap.expected}, found {gap.found}{wait}"
        yield f"  - {gap.code}: {for_terminal(told)}"
        yield f"    next: {for_terminal(gap.solution)}"
    if unread:
        yield f"  - could not be read: {for_terminal(unread)}"


def _released(one: Seen) -> str:
    release = one.wanted.release
    return for_terminal(f"{release.version} {release.artifact[:19]}") if release else "nothing"


def _short(one: Seen) -> str:
    codes = ", ".join(dict.fromkeys(f"{gap.code} {gap.subject}" for gap in one.gaps))
    return f"{one.wanted.key.target}: {codes or one.unread}"


def value_of(seen: Sequence[Seen]) -> JsonValue:
    """Return what machines read."""
    return [_target_value(one) for one in seen]


def _target_value(one: Seen) -> JsonValue:
    status, release = one.application, one.wanted.release
    return {
        "environment": one.wanted.key.environment,
        "target": one.wanted.key.target,
        "cluster": one.wanted.cluster,
        "inStep": one.is_in_step,
        "released": release.artifact if release else None,
        "sync": status.sync.status if status else None,
        "health": status.health.status if status else None,
        "revision": status.sync.revision if status else None,
        "gaps": [gap_value(gap) for gap in one.gaps],
        "unread": one.unread or None,
    }


def gap_value(gap: Gap) -> JsonValue:
    """Return a gap for machines."""
    return {
        "code": gap.code,
        "subject": gap.subject,
        "expected": gap.expected,
        "found": gap.found,
        "solution": gap.solution,
        "passing": gap.passing,
    }


def diff_lines(diverged: Sequence[Diverged]) -> Iterator[str]:
    """Yield the differences for people: what main has after a minus, what runs after a plus."""
    for one in diverged:
        place = f"{one.wanted.key.environment}/{one.wanted.key.target}"
        yield f"{place}  {'differs' if one.found else 'as main has it'}"
        for divergence in one.found:
            missing = ": is not there" if divergence.is_missing else ""
            yield f"  {for_terminal(divergence.subject)}{missing}"
            yield from field_lines(divergence.fields, "    ")


def field_lines(fields: Iterable[Difference], indent: str) -> Iterator[str]:
    """Yield fields that differ: what is wanted after a minus, what is found after a plus."""
    for field in fields:
        yield f"{indent}{for_terminal(field.path)}"
        yield f"{indent}  - {for_terminal(json.dumps(field.wanted))}"
        yield f"{indent}  + {for_terminal(json.dumps(field.found))}"


def field_values(fields: Iterable[Difference]) -> list[JsonValue]:
    """Return fields that differ for machines."""
    return [{"path": one.path, "wanted": one.wanted, "found": one.found} for one in fields]


def diff_value(diverged: Sequence[Diverged]) -> JsonValue:
    """Return the differences for machines."""
    return [
        {
            "environment": one.wanted.key.environment,
            "target": one.wanted.key.target,
            "objects": [
                {
                    "object": divergence.subject,
                    "missing": divergence.is_missing,
                    "fields": field_values(divergence.fields),
                }
                for divergence in one.found
            ],
        }
        for one in diverged
    ]
