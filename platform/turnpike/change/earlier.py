"""Read what stood at a release's path on main, then and at any time before."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.documents.identifiers import ObjectId
from turnpike.git.repository import Repository
from turnpike.judge.facts import EarlierRelease
from turnpike.manifest.release import Release, former_release


def stood_at(git: Repository, base: ObjectId, path: str) -> Iterator[EarlierRelease]:
    """Yield each release that stood at a path, newest first.

    What today's schema cannot read is left out, so that nothing counts as a return to it.
    """
    versions = git.history_of(path, base)
    blobs = git.blobs(one.object for one in versions if one.object)
    commits = git.commits(one.commit for one in versions)
    for version, commit in zip(versions, commits, strict=True):
        release = former_release(blobs[version.object], path) if version.object else None
        if isinstance(release, Release):
            at = commit.committer.time
            yield EarlierRelease(path=path, commit=version.commit, release=release, at=at)
