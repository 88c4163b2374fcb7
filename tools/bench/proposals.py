"""Pull requests of the workload: a word in the description of so many models."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from workload import samples

from turnpike.cli.wiring import House
from turnpike.forge.interface import Opening
from turnpike.git.objects import Identity
from turnpike.git.repository import Repository
from turnpike.instance.locate import open_instance


def propose(instance: Path, count: int) -> int:
    """Open a pull request that edits that many models, all of them there; return its number."""
    house = House(open_instance(instance))
    person = "team-a0-author"
    author = Identity(person, f"{person}@bench.example")
    with Repository(instance / "monorepo") as clone:
        clone.fetch("origin", "+refs/heads/main:refs/remotes/origin/main")
        main = clone.resolve("refs/remotes/origin/main")
        edits = {
            f"{one.folder}/model.yaml": one.manifest.replace(b"within thirty days", b"in 30 days")
            for one in samples(count)
        }
        tree = clone.write_tree_with(main, edits)
        title = f"Edit {count} models"
        head = clone.write_commit(tree, (main,), author, author, title, datetime.now(UTC))
    forge = house.forge(person, instance / "monorepo")
    return forge.open(Opening(head=head, title=title, body=""))
