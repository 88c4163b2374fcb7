"""Judge the whole of a commit as it stands, by the policies, people and keys on main today.

1 what all judgements share is read from main. 2 the commit and the record's index are listed. 3
what an earlier sweep found in order, and rests on the same, is left out. 4 the rest is judged,
team by team, on every core. 5 what is in order is kept for the next sweep.
"""

from __future__ import annotations

import os
import re
import signal
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from multiprocessing import get_context

from pydantic import JsonValue

from turnpike.approvals.interface import DialectName
from turnpike.change.gate import AskPolicies
from turnpike.change.parsing import Side
from turnpike.change.standing import (
    Place,
    RecordIndex,
    Standing,
    index_of,
    place_of,
    standing_at,
)
from turnpike.change.sweep_cache import Line, SweepCache, listing
from turnpike.change.sweep_judging import Ground, Shelves, Verdict, judge_standing
from turnpike.change.topology import topology_blobs
from turnpike.documents.canonical import canonical, to_json
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.errors import IntegrityError
from turnpike.git.repository import Repository
from turnpike.judge.decision import Finding
from turnpike.judge.facts import Tools
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.record.keys import keys_at

_PART = 150
"""Models a question: OPA's memory stays small, and every core gets some."""
_FEW = 40
"""So many are judged sooner here than by processes that must be started first."""
_COMMENT = re.compile(rb"^\s*#.*$", re.MULTILINE)
_TOLD = re.compile(rb'^\s*sprintf\("[^"]*", \[input\.now\]\),$', re.MULTILINE)
_COMPARED = re.compile(
    rb"(?:^|[{;]|\bif\b)\s*time\.parse_rfc3339_ns\(input\.now\) (?:<|<=|>|>=)"
    rb" time\.parse_rfc3339_ns\([A-Za-z_][A-Za-z0-9_.]*\)\s*(?=[;}\n]|\Z)",
    re.MULTILINE,
)
_CLOCK = re.compile(
    rb"\binput\.now\b|\btime\.(?!parse_rfc3339_ns\b)|(?<!with )\binput\b(?!\.[A-Za-z_])"
)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: what would be denied today, by subject, and how much was judged.

    ``reused`` counts the models that an earlier sweep had found in order, on the same grounds.
    """

    commit: ObjectId
    models: int
    deployments: int
    reused: int
    denied: Mapping[str, tuple[Finding, ...]]


def ground_at(
    repository: Repository, genesis: ObjectId, main: ObjectId, shelves: Shelves, tools: Tools,
    clock: datetime,
) -> Ground:  # fmt: skip
    """Return what all judgements of a sweep share; raises IntegrityError for an unreadable main."""
    side = Side("base")
    blobs = topology_blobs(repository, main)
    contents = repository.blobs(blobs.values())
    side.add_all({path: contents[blob] for path, blob in blobs.items()})
    if side.unreadable:
        worst = side.unreadable[0]
        raise IntegrityError(
            f"{worst.path} on main, {worst.field}: expected {worst.expected}, found {worst.actual}",
            code="base.unreadable",
            solution="Repair it on main by a change of its class; `turnpike verify` says more.",
        )
    return Ground(
        genesis=genesis,
        main=main,
        tree=repository.commit(main).tree,
        clock=clock,
        tools=tools,
        topology=side.documents(_dialect_of(side)),
        keys=keys_at(repository, main),
        tip=shelves.record.tip(),
    )


def _dialect_of(side: Side) -> DialectName:
    if side.organisation is None:
        raise IntegrityError(f"{ORGANISATION_PATH} is not on main", code="base.unreadable")
    return side.organisation.codeowners_dialect


def reads_the_clock(policies: Mapping[str, bytes]) -> bool:
    """Tell whether a rule may answer otherwise at another moment than a date that it is shown.

    A comparison of the clock with such a date is of no account, for what passes is kept until the
    first of them; nor is a clock that only stands in what is told of a denial. Any other use
    counts, and any use of the input but field by field, which could hide one.
    """
    rules = (c for p, c in policies.items() if p.endswith(".rego") and not p.endswith("_test.rego"))
    return any(_CLOCK.search(_without_dates(content)) for content in rules)


def _without_dates(rule: bytes) -> bytes:
    bare = _TOLD.sub(b"", _COMMENT.sub(b"", rule))
    return _COMPARED.sub(b" ", bare)


@dataclass(frozen=True)
class Sweep:
    """One sweep of ``commit``; ``cache`` is None where nothing may be kept or believed.

    ``processes`` is how many judge at once; 0 stands for as many as there are cores.
    """

    ground: Ground
    shelves: Shelves
    commit: ObjectId
    ask: AskPolicies
    cache: SweepCache | None
    processes: int = 0

    def run(self) -> Swept:
        """Judge everything that stands on the commit; raises Unavailable where OPA does not."""
        standing = self._standing
        kept = dict(self._kept(standing))
        fresh = [one for one in standing if str(one.key) not in kept]
        verdicts = self._judged(fresh)
        if self.cache and fresh:
            pairs = zip(fresh, verdicts, strict=True)
            new = (self._line(one, verdict) for one, verdict in pairs if not verdict.denied)
            self.cache.keep((*kept.values(), *new))
        return Swept(
            commit=self.commit,
            models=sum(bool(one.files) for one in standing),
            deployments=sum(len(one.deployments) for one in standing),
            reused=len(kept),
            denied={s: findings for v in verdicts for s, findings in v.denied.items()},
        )

    # --- what an earlier sweep found --------------------------------------------------------------

    def _kept(self, standing: tuple[Standing, ...]) -> Iterator[tuple[str, Line]]:
        """Yield the lines of the cache that rest on exactly what is there now."""
        lines = self.cache.lines() if self.cache else {}
        for one in standing:
            line = lines.get(str(one.key))
            if line is None or self.cache is None or not line.holds_at(self.ground.clock):
                continue
            if self.cache.fits(line, self._rests_on(one, line)):
                yield line.model, line

    def _line(self, one: Standing, verdict: Verdict) -> Line:
        line = Line(
            model=verdict.model,
            artifacts=verdict.artifacts,
            versions=verdict.versions,
            since=self.ground.clock,
            until=verdict.until,
            seal="",
        )
        cache = self.cache
        seal = cache.seal(self._rests_on(one, line)) if cache else ""
        return line.model_copy(update={"seal": seal})

    def _rests_on(self, one: Standing, line: Line) -> JsonValue:
        """Return the digests of everything that the judgement of a model reads, as it is now.

        The line only says which artifacts and versions to look up; were it to name others than the
        judgement did, it would be another line, and its seal another.
        """
        said = self._index
        versions: list[JsonValue] = [
            [name, version, self.shelves.registered(name, version)]
            for name, version in line.versions
        ]
        return {
            "ground": self._ground_digest,
            "model": line.model,
            "since": line.since.isoformat(),
            "until": line.until.isoformat(),
            "files": _listing_of(one),
            "places": [self._places[place] for place in sorted(one.places())],
            "statements": [[a, *said.statements.get(a, ())] for a in line.artifacts],
            "decisions": [*said.decisions.get(line.model, ())],
            "versions": versions,
        }

    @cached_property
    def _index(self) -> RecordIndex:
        return index_of(self.shelves.record)

    @cached_property
    def _standing(self) -> tuple[Standing, ...]:
        return standing_at(self.shelves.repository, self.commit)

    @cached_property
    def _places(self) -> dict[Place, str]:
        """Return a digest of all that counts towards the quota of each place."""
        found: dict[Place, dict[str, tuple[str, str]]] = defaultdict(dict)
        for one in self._standing:
            for key, files in one.deployments.items():
                found[place_of(key)] |= {
                    path: (entry.mode, entry.object)
                    for path, entry in files.items()
                    if not path.endswith("/manifests.yaml")
                }
        return {place: listing(entries) for place, entries in found.items()}

    @cached_property
    def _ground_digest(self) -> JsonValue:
        """Return what all judgements share; of the clock, only which keys and waivers count."""
        ground = self.ground
        valid: list[JsonValue] = [
            to_json(key) for key in ground.keys if key.is_valid_at(ground.clock)
        ]
        waivers = ground.topology.waivers.values()
        valid += [to_json(one) for one in waivers if ground.clock < one.expires_at]
        shared = (to_json(ground.tools), to_json(ground.topology), valid, ground.genesis)
        return digest_of(canonical([*shared]))

    # --- judging ----------------------------------------------------------------------------------

    def _judged(self, fresh: list[Standing]) -> tuple[Verdict, ...]:
        parts = list(_parts(fresh))
        workers = min(len(parts), self.processes or os.cpu_count() or 1)
        if len(fresh) <= _FEW or workers == 1:
            return tuple(v for part in parts for v in self.judge_part(part))
        # Forked, so that what was listed is shared.
        with ProcessPoolExecutor(workers, get_context("fork"), _take_over, (self,)) as pool:
            return tuple(v for part in pool.map(_judge_part, parts) for v in part)

    def judge_part(
        self, part: tuple[Standing, ...], shelves: Shelves | None = None
    ) -> tuple[Verdict, ...]:
        """Judge some models; the others of their teams count towards the same quotas."""
        teams = {one.key.team for one in part}
        neighbours = [one for team in sorted(teams) for one in self._by_team[team]]
        return judge_standing(
            self.ground, shelves or self.shelves, part, neighbours, self._index, self.ask
        )

    @cached_property
    def _by_team(self) -> dict[str, tuple[Standing, ...]]:
        teams: dict[str, list[Standing]] = defaultdict(list)
        for one in self._standing:
            teams[one.key.team].append(one)
        return {team: tuple(models) for team, models in teams.items()}


_worker: list[Sweep] = []


def _take_over(sweep: Sweep) -> None:
    """Keep in a forked process what it shares with the one that forked it."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # what tidies up is the other one's affair
    _worker[:] = [sweep]


def _judge_part(part: tuple[Standing, ...]) -> tuple[Verdict, ...]:
    """Judge with a repository of its own: two processes cannot share what it holds open.

    It is closed each time, for a forked process runs nothing at its end.
    """
    (sweep,) = _worker
    with Repository(sweep.shelves.repository.path) as repository:
        record = replace(sweep.shelves.record, repository=repository)
        shelves = replace(sweep.shelves, repository=repository, record=record)
        return sweep.judge_part(part, shelves)


def _parts(models: Iterable[Standing]) -> Iterator[tuple[Standing, ...]]:
    """Yield at most so many models at once, those of a team together."""
    ordered = sorted(models, key=lambda one: one.key)
    for first in range(0, len(ordered), _PART):
        yield tuple(ordered[first : first + _PART])


def _listing_of(one: Standing) -> str:
    entries = {path: (entry.mode, entry.object) for path, entry in one.files.items()}
    for files in one.deployments.values():
        entries |= {path: (entry.mode, entry.object) for path, entry in files.items()}
    return listing(entries)
