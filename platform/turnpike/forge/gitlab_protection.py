"""The lock on a GitLab's main and record: protected branches that name the bot and nobody else.

Where several protected branches match one name, such as ``*``, GitLab goes by the most generous of
them; so each that matches is looked at. To name an account needs GitLab Premium.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gitlab.v4.objects import Project
from pydantic import TypeAdapter

from turnpike.errors import CannotDecide, InputError, Unavailable
from turnpike.forge.answers import NotThere
from turnpike.forge.gitlab_answers import USER
from turnpike.forge.gitlab_api import GitLabApi
from turnpike.forge.interface import PROTECTED, Problem
from turnpike.forge.web import Seen

_RESET = "reset_approvals_on_push"


class Access(Seen):
    """One entry of who may: a level of membership, an account, a group or a deploy key."""

    id: int
    access_level: int | None
    access_level_description: str
    user_id: int | None = None
    group_id: int | None = None
    deploy_key_id: int | None = None

    def is_of(self, user: int) -> bool:
        """Tell whether it lets in that account, and nobody else."""
        return self.user_id == user and self.group_id is None and self.deploy_key_id is None

    @property
    def is_of_nobody(self) -> bool:
        """Tell whether it lets in nobody at all."""
        named = (self.user_id, self.group_id, self.deploy_key_id)
        return self.access_level == 0 and named == (None, None, None)


class Protected(Seen):
    """A protected branch; its name may have ``*`` in it."""

    name: str
    push_access_levels: tuple[Access, ...]
    merge_access_levels: tuple[Access, ...]
    allow_force_push: bool

    def matches(self, branch: str) -> bool:
        """Tell whether it holds for a branch; only ``*`` stands for more than itself.

        Without a choice to take back: no name that somebody gives a rule takes long to match.
        """
        first, *rest = map(re.escape, self.name.split("*"))
        if not rest:
            return branch == self.name
        between = "".join(f"(?>.*?{part})" for part in rest[:-1])
        return re.fullmatch(f"{first}{between}.*{rest[-1]}", branch) is not None


class Resetting(Seen):
    """Whether a push takes the approvals away."""

    reset_approvals_on_push: bool


PROTECTION: TypeAdapter[Protected] = TypeAdapter(Protected)
RESETTING: TypeAdapter[Resetting] = TypeAdapter(Resetting)


@dataclass(frozen=True, slots=True)
class GitLabLock:
    """The protected branches of one project, as a token of its maintainer sees them."""

    api: GitLabApi
    repository: str
    bot: str

    def protect(self) -> None:
        """Lock the protected branches; raises CannotDecide where refused."""
        bot, rules = self._bot_id(), self._rules()
        for branch in PROTECTED:
            self._put(branch, next((one for one in rules if one.name == branch), None), bot)
        if self._resets() is False:
            call = self._project.approvals.update
            self.api.ask("approval settings", call, new_data={_RESET: True})

    def problems(self) -> tuple[Problem, ...]:
        """Return every setting by which somebody else could move one of them."""
        bot, rules = self._bot_id(), self._rules()
        found = [one for branch in PROTECTED for one in self._problems(branch, rules, bot)]
        if self._resets() is False:
            found.append(Problem("main", _RESET, "True", "False"))
        return tuple(found)

    def _problems(self, branch: str, rules: Sequence[Protected], bot: int) -> Iterator[Problem]:
        matching = [one for one in rules if one.matches(branch)]
        if not any(level.is_of(bot) for one in matching for level in one.push_access_levels):
            seen = ", ".join(one.name for one in matching) or "no protection at all"
            yield Problem(branch, "allowed to push", self.bot, seen)
        for one in matching:
            where = "" if one.name == branch else f" in {one.name}"
            if one.allow_force_push:
                yield Problem(branch, f"allow force push{where}", "False", "True")
            for what, levels in (
                ("push", one.push_access_levels),
                ("merge", one.merge_access_levels),
            ):
                others = [at for at in levels if not (at.is_of(bot) or at.is_of_nobody)]
                if others:
                    shown = ", ".join(at.access_level_description for at in others)
                    yield Problem(branch, f"allowed to {what}{where}", self.bot, shown)

    def _put(self, branch: str, there: Protected | None, bot: int) -> None:
        branches = self._project.protectedbranches
        if there is None:
            wanted = {"allowed_to_push": [{"user_id": bot}], "allowed_to_merge": [{"user_id": bot}]}
            body = {"name": branch, "allow_force_push": False, **wanted}
            self.api.ask("protected branches", branches.create, body)
        else:
            body = {
                "allow_force_push": False,
                "allowed_to_push": _changed(there.push_access_levels, bot),
                "allowed_to_merge": _changed(there.merge_access_levels, bot),
            }
            self.api.ask("protected branches", branches.update, branch, body)

    def _rules(self) -> tuple[Protected, ...]:
        call = self._project.protectedbranches.list
        return tuple(self.api.pages(PROTECTION, "protected branches", call))

    def _resets(self) -> bool | None:
        """Tell whether a push takes approvals away; None where this GitLab does not say."""
        call = self._project.approvals.get
        try:
            return self.api.read(RESETTING, "approval settings", call).reset_approvals_on_push
        except NotThere:
            return None
        except Unavailable:
            raise
        except CannotDecide:
            return None

    def _bot_id(self) -> int:
        call = self.api.client.users.list
        found = list(self.api.pages(USER, "users", call, username=self.bot))
        for one in found:
            if one.username.casefold() == self.bot.casefold():
                return one.id
        raise InputError(
            f"{self.api.address}: expected an account {self.bot}, found none",
            code="forge.no-bot",
            solution="Make the bot's account first, and let it write to the project.",
        )

    @property
    def _project(self) -> Project:
        return self.api.client.projects.get(self.repository, lazy=True)


def _changed(levels: Sequence[Access], bot: int) -> list[dict[str, int | bool]]:
    """Return what makes the bot the only one who may."""
    gone: list[dict[str, int | bool]] = [
        {"id": one.id, "_destroy": True} for one in levels if not one.is_of(bot)
    ]
    return gone if any(one.is_of(bot) for one in levels) else [*gone, {"user_id": bot}]
