"""Who pushed, as Gitea's activities tell it; their form was seen at a real one."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest

from turnpike.forge.gitea_answers import ACTIVITY, Activity, pushes_in
from turnpike.forge.pushes import Pushed, pushers_of

OLD, FIRST, SECOND = "0" * 40, "1" * 40, "2" * 40
BRANCH = "change/one"


def activity(who: str, content: str, **bent: Any) -> Activity:
    said = {"id": 1, "op_type": "commit_repo", "act_user": {"login": who}, "content": content}
    return ACTIVITY.validate_python(said | {"ref_name": f"refs/heads/{BRANCH}"} | bent)


def pushed(number: int, who: str, before: str, after: str, **bent: Any) -> Activity:
    address = f"aurora/monorepo/compare/{before}...{after}" if before else ""
    content = json.dumps({"HeadCommit": {"Sha1": after}, "CompareURL": address})
    return activity(who, content, id=number, **bent)


MADE = activity("maria", "", id=8)
BEGUN, MOVED = pushed(7, "maria", OLD, FIRST), pushed(9, "tom", FIRST, SECOND)
TOLD = [Pushed("tom", FIRST, SECOND), Pushed("maria", OLD, FIRST)]


@pytest.mark.parametrize("order", list(permutations((MOVED, MADE, BEGUN, MOVED))))
def test_moves_are_told_newest_first_and_once_whatever_the_order(
    order: tuple[Activity, ...],
) -> None:
    assert list(pushes_in(order, BRANCH)) == TOLD


def test_other_branches_and_other_happenings_are_left_aside() -> None:
    other = pushed(10, "nora", FIRST, SECOND, ref_name="refs/heads/other")
    mirrored = pushed(11, "nora", FIRST, SECOND, op_type="mirror_sync_push")
    assert list(pushes_in((mirrored, other, MOVED, BEGUN), BRANCH)) == TOLD


def test_what_is_not_said_whole_is_nobodys() -> None:
    for last in (activity("tom", "no JSON"), activity("tom", "{}"), pushed(1, "tom", "", SECOND)):
        (push,) = pushes_in((last,), BRANCH)
        assert push.account is None
        assert pushers_of(SECOND, (push, Pushed("maria", None, FIRST))) == ()
