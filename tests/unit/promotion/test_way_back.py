"""After a failed analysis each place goes back to what last had it all, and the change says why."""

from __future__ import annotations

from pathlib import Path

from turnpike.documents.reading import read
from turnpike.git.objects import EMPTY_TREE, Identity
from turnpike.git.repository import Repository
from turnpike.manifest.release import RELEASE
from turnpike.promotion.plan import Standing
from turnpike.promotion.way_back import former_releases, plan_way_back
from turnpike.rendering.release import release_bytes
from unit.judge.examples import NOW
from unit.promotion.outlooks import release
from unit.promotion.test_steps import TARGETS, Rolling, path
from unit.promotion.world import MANIFESTS

AUTHOR = Identity("bot", "bot@example.org")


def test_every_place_of_the_candidate_goes_back_to_what_had_it_all(tmp_path: Path) -> None:
    failed = Rolling("rollback", targets=TARGETS).stepped().seen(15, error_rate=0.5)
    places = [path("staging", name) for name in TARGETS]
    with Repository.create(tmp_path / "host.git") as host:
        first = {place: release_bytes(release(1, "dev")) for place in places}
        tree = host.write_tree_with(EMPTY_TREE, first)
        one = host.write_commit(tree, (), AUTHOR, AUTHOR, "first\n", NOW)
        second = {place: release_bytes(failed.releases[place]) for place in places}
        tree = host.write_tree_with(one, second)
        main = host.write_commit(tree, (one,), AUTHOR, AUTHOR, "second\n", NOW)
        standing = Standing(failed.environments, failed.releases, {})  # type: ignore[arg-type]
        move = failed.move()
        found = former_releases(host, main, standing, move)
    plan = plan_way_back(move, found, MANIFESTS, standing)
    assert plan.title.startswith("Roll back oncology/triage in staging: the analysis of step 1")
    assert "50.00% of 300 requests failed" in plan.title
    for place in places:
        content = plan.files[place]
        assert content is not None
        back = read(RELEASE, content, place)
        assert (back.version, back.traffic, back.rest) == ("1", 100, None)
