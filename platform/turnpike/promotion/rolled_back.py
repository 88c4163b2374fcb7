"""What was rolled back from places of main, by when and by which decision: it waits to be named.

The record is not asked: the commit of each way back names its decision, and the judge, which looks
for itself, denies what a bot would bring again all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.git.objects import CommitObject, PathVersion
from turnpike.git.repository import Repository
from turnpike.judge.again import ROLLED_BACK, told_of
from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.judge.rollback import taken_back
from turnpike.manifest.release import Release, former_release
from turnpike.promotion.move import Blocker
from turnpike.record.layout import DECISION_TRAILER


@dataclass(frozen=True, slots=True)
class WayBack:
    """The commit that took something back: its time, and its decision where it names one."""

    commit: ObjectId
    at: datetime
    decision: str

    def __str__(self) -> str:
        by = f"decision {self.decision[:19]}" if self.decision else f"commit {self.commit[:12]}"
        return f"{told_of(self.at)} by {by}"


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The way back by which bytes left a place, by the path of its release and their digest."""

    ways: Mapping[tuple[str, Digest], WayBack] = field(default_factory=dict)

    def blockers(
        self,
        model: ModelKey,
        environment: str,
        targets: Iterable[str],
        artifact: Digest,
        by_name: str,
    ) -> Iterator[Blocker]:
        """Yield what stands before bytes that would come again to some targets.

        ``by_name`` is the command by which a person brings them all the same.
        """
        found: dict[WayBack, list[str]] = {}
        for target in targets:
            path = DeploymentKey(environment, target, model.team, model.model).path("release.yaml")
            if way := self.ways.get((path, artifact)):
                found.setdefault(way, []).append(target)
        for way, where in found.items():
            yield Blocker(
                code=ROLLED_BACK,
                says=f"{way} in {', '.join(where)}",
                until=None,
                solution=f"Bring a new version; or a person takes it forward by name: {by_name}.",
            )


def rolled_back(repository: Repository, main: ObjectId, paths: Iterable[str]) -> RolledBack:
    """Return what was taken back at the paths of releases, from one walk of main's past."""
    wanted = sorted(set(paths))
    folders = {"/".join(path.split("/")[:4]) for path in wanted}  # each team's, of a target
    histories = repository.histories_of(sorted(folders), main) if wanted else {}
    past = {path: histories[path] for path in wanted if len(histories.get(path, ())) > 1}
    blobs = repository.blobs({one.object for v in past.values() for one in v if one.object})
    found: dict[tuple[str, Digest], ObjectId] = {}
    for path, versions in past.items():
        releases = list(_releases(path, versions, blobs))
        for artifact, number in taken_back([one for _, one in releases]).items():
            found[path, artifact] = releases[number][0]
    by_commit = {one.id: one for one in repository.commits(dict.fromkeys(found.values()))}
    return RolledBack({mark: _way_of(by_commit[commit]) for mark, commit in found.items()})


def _way_of(commit: CommitObject) -> WayBack:
    decision = commit.trailers.get(DECISION_TRAILER, "")
    return WayBack(commit.id, commit.committer.time, decision)


def _releases(
    path: str, versions: Iterable[PathVersion], blobs: Mapping[ObjectId, bytes]
) -> Iterator[tuple[ObjectId, Release]]:
    """Yield what can be read of what stood at a path, as the judge does, newest first."""
    for one in versions:
        found = former_release(blobs[one.object], path) if one.object else None
        if isinstance(found, Release):
            yield one.commit, found
