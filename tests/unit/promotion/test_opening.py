"""A plan becomes one commit on the main that it was made for, and one pull request."""

from __future__ import annotations

from dataclasses import replace

import pytest

from turnpike.errors import InputError
from turnpike.forge.interface import Summary
from turnpike.git.objects import Identity
from turnpike.promotion.opening import key_of, open_change, standing_changes
from turnpike.promotion.plan import ReleasePlan
from unit.instance.aurora import MARIA, Aurora, now

PLACE = "environments/dev/local/oncology/triage"


@pytest.fixture(scope="module")
def aurora(tmp_path_factory: pytest.TempPathFactory) -> Aurora:
    from unit.instance.aurora import new_product

    product = new_product(tmp_path_factory.mktemp("product"))
    return Aurora.made(tmp_path_factory.mktemp("aurora") / "instance", product)


def test_the_plan_is_one_commit_and_one_pull_request(aurora: Aurora) -> None:
    main = aurora.main()
    plan = ReleasePlan("Release a model", {f"{PLACE}/release.yaml": b"kind: Release\n"})
    forge = aurora.forge("maria-lopez")
    opened = open_change(aurora.clone, forge, main, plan, MARIA, now())
    commit = aurora.host.commit(opened.head)
    assert (commit.parents, commit.author.email) == ((main,), MARIA.email)
    assert aurora.host.read(opened.head, f"{PLACE}/release.yaml") == b"kind: Release\n"
    assert len(aurora.host.changes(main, opened.head)) == 1
    request = forge.pull_request(opened.number)
    assert (request.head, request.author, request.title) == (
        opened.head,
        "maria-lopez",
        "Release a model",
    )
    assert aurora.main() == main


def test_a_title_that_is_too_long_is_cut(aurora: Aurora) -> None:
    plan = ReleasePlan("t" * 300, {f"{PLACE}/settings.yaml": b"kind: Settings\n"})
    forge = aurora.forge("maria-lopez")
    opened = open_change(aurora.clone, forge, aurora.main(), plan, MARIA, now())
    assert opened.title == "t" * 197 + "..."


def test_a_plan_that_changes_nothing_opens_nothing(aurora: Aurora) -> None:
    content = aurora.host.read(aurora.main(), "CODEOWNERS")
    plan = ReleasePlan("Nothing", {"CODEOWNERS": content})
    forge = aurora.forge("maria-lopez")
    before = len(forge.pull_requests())
    with pytest.raises(InputError) as error:
        open_change(aurora.clone, forge, aurora.main(), plan, MARIA, now())
    assert error.value.code == "release.nothing-to-do"
    assert len(forge.pull_requests()) == before


def change(text: str, train: str = "") -> ReleasePlan:
    return ReleasePlan("Promote", {f"{PLACE}/release.yaml": text.encode()}, train)


def test_the_same_change_again_is_the_same_pull_request(aurora: Aurora) -> None:
    forge = aurora.forge("maria-lopez")
    first = open_change(aurora.clone, forge, aurora.main(), change("kind: One\n"), MARIA, now())
    again = open_change(aurora.clone, forge, aurora.main(), change("kind: One\n"), MARIA, now())
    assert (again.number, again.head, again.state) == (first.number, first.head, "open already")
    other = open_change(aurora.clone, forge, aurora.main(), change("kind: Two\n"), MARIA, now())
    assert (other.number > first.number, other.state) == (True, "opened")


def test_a_key_is_who_carries_which_files_out() -> None:
    files: dict[str, bytes | None] = {"a": b"1", "b": None}
    assert key_of(MARIA, files) == key_of(MARIA, dict(reversed(files.items())))
    other = Identity("Somebody", "somebody@example.org")
    edited: dict[str, bytes | None] = {"a": b"2", "b": None}
    fewer: dict[str, bytes | None] = {"a": b"1"}
    emptied: dict[str, bytes | None] = {"a": b"1", "b": b""}
    keys = {key_of(MARIA, one) for one in (files, edited, fewer, emptied)}
    keys.add(key_of(other, files))
    assert len(keys) == 5


def test_a_train_is_planned_anew_in_the_place_of_its_earlier_form(aurora: Aurora) -> None:
    forge, main = aurora.forge("maria-lopez"), aurora.main()
    first = open_change(aurora.clone, forge, main, change("kind: Old\n", "dev"), MARIA, now())
    (train,) = [one for one in standing_changes(aurora.clone, forge) if one.train == "dev"]
    assert (train.number, [str(place) for place in train.places(aurora.clone)]) == (
        first.number, ["dev/local/oncology/triage"],
    )  # fmt: skip
    plan = replace(change("kind: New\n", "dev"), title="Promote two")
    anew = open_change(aurora.clone, forge, main, plan, MARIA, now(), instead_of=train)
    assert (anew.number, anew.state) == (first.number, "planned anew")
    told = forge.pull_request(first.number)
    assert told.head == anew.head != first.head
    assert told.title == anew.title == "Promote two"  # what it carries now


def test_of_two_that_were_opened_at_once_the_first_stands(aurora: Aurora) -> None:
    """Another promoter opens the same just before us, after we have looked."""
    forge, main, plan = aurora.forge("maria-lopez"), aurora.main(), change("kind: Both\n")

    class Late:
        """Sees what is open for the first time only after it has opened one itself."""

        seen = 0

        def __getattr__(self, name: str) -> object:
            return getattr(forge, name)

        def pull_requests(self) -> tuple[Summary, ...]:
            self.seen += 1
            return forge.pull_requests() if self.seen > 1 else ()

    first = open_change(aurora.clone, forge, main, plan, MARIA, now())
    second = open_change(aurora.clone, Late(), main, plan, MARIA, now())  # type: ignore[arg-type]
    assert (second.number, second.state) == (first.number, "open already")
    states = {one.number: one.state for one in forge.pull_requests()}
    assert (states[first.number], states[max(states)]) == ("open", "closed")
