from __future__ import annotations

from turnpike.git.objects import EMPTY_TREE
from turnpike.git.pack import object_id


def test_the_empty_tree_is_the_tree_without_entries() -> None:
    assert object_id("tree", b"") == EMPTY_TREE
