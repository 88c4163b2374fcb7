"""What people try at the Git host who are not the bot, and what the host answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from turnpike.cli.story.git_host import GitHost, api_of
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide, Defect
from turnpike.forge.atomic_push import Move
from turnpike.forge.refs import MAIN, RECORD
from turnpike.forge.remote_git import RemoteGit, authenticated
from turnpike.forge.web import Token, WebApi
from turnpike.git.repository import Repository


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody with a token of the host, and a clone of the repository."""

    host: GitHost
    clone: Repository
    name: str
    token: Token

    def forge_a_status(self, head: ObjectId) -> None:
        """Post the gate's green status on a commit, which Gitea lets every writer do."""
        word = {"state": "success", "context": "turnpike/gate", "description": "forged"}
        path = f"/api/v1/repos/{self.host.repository}/statuses/{head}"
        self._api.send("POST", path, {**word})

    def attempts(self, number: int, head: ObjectId) -> Iterator[str]:
        """Try to bring a pull request to main, and to move the record; yield each refusal.

        Raises Defect where the host lets one through.
        """
        yield f"the merge button: {_refused(lambda: self._merge(number, force=False))}"
        yield f"a forced merge: {_refused(lambda: self._merge(number, force=True))}"
        for ref, words in ((MAIN, "a push to main"), (RECORD, "a push to the record")):
            yield f"{words}: {_refused(partial(self._push, ref, head))}"

    @property
    def _api(self) -> WebApi:
        return api_of(self.host.gitea, self.token)

    def _merge(self, number: int, *, force: bool) -> None:
        path = f"/api/v1/repos/{self.host.repository}/pulls/{number}/merge"
        self._api.send("POST", path, {"Do": "merge", "force_merge": force})

    def _push(self, ref: str, head: ObjectId) -> None:
        remote = RemoteGit(authenticated(self.clone.path, self.name, self.token), self.host.url)
        remote.push(Move(ref, head, remote.refs(ref)[ref]))


def _refused(attempt: Callable[[], None]) -> str:
    try:
        attempt()
    except CannotDecide as error:
        if error.code != "forge.refused":
            raise
        return error.message.splitlines()[-1]
    raise Defect("expected the Git host to refuse it, it did not")
