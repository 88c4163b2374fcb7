"""A plan becomes one commit on the main that it was made for, and one pull request."""

from __future__ import annotations

import pytest

from turnpike.errors import InputError
from turnpike.promotion.opening import open_change
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
