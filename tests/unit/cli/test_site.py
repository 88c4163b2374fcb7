"""A site has the releases of its own target on main, and nothing that merely begins like it."""

from __future__ import annotations

import pytest

from turnpike.cli.site import Site
from turnpike.cli.wiring import House
from turnpike.documents.identifiers import ObjectId
from unit.instance.aurora import Aurora

HERE = "environments/dev/local"
FILES = {
    f"{HERE}/oncology/triage/release.yaml": b"one",
    f"{HERE}/oncology/triage/manifests.yaml": b"two",
    "environments/dev/local-2/oncology/triage/release.yaml": b"three",
    "environments/staging/local/oncology/triage/release.yaml": b"four",
    "environments/dev/environment.yaml": b"five",
}


@pytest.fixture
def site(aurora: Aurora) -> Site:
    return Site(House(aurora.instance), "dev", "local")


def tree_of(aurora: Aurora, path: str) -> ObjectId | None:
    """Return a folder of a tree that nobody pushed."""
    tree = aurora.host.write_tree_with(aurora.main(), dict(FILES))
    return aurora.host.tree_id(tree, path)


def test_only_the_files_of_the_target_are_its_releases(aurora: Aurora, site: Site) -> None:
    found = site.files(tree_of(aurora, site.folder))
    assert found == {path: text for path, text in FILES.items() if path.startswith(f"{HERE}/")}


def test_where_main_releases_nothing_there_is_nothing(site: Site) -> None:
    assert (site.said(), site.files(site.said())) == (None, {})


def test_two_sites_keep_their_state_apart_and_within_the_instance(site: Site) -> None:
    others = [Site(site.house, e, t) for e, t in (("dev", "local-2"), ("staging", "local"))]
    states = {one.state for one in (site, *others)}
    assert len(states) == 3
    assert all(one.is_relative_to(site.house.instance.folder) for one in states)
    assert str(site) == "dev/local"
