"""A stand-in for GitHub: the part of its REST API that Turnpike asks, on a real repository.

Each answer is made from the models of GitHub's own description (``samples.py``). Pages are small,
pushes are real, and rulesets are enforced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from githubkit_schemas.v2026_03_10 import models

from contracts.fake_host import (
    Account,
    Answer,
    FakeHost,
    Refused,
    Request,
    bare_repository,
    served,
)
from contracts.samples import sample
from turnpike.forge.refs import NOTHING

PAGE = 2
_API = "/api/v3"
_LONGEST_DESCRIPTION = 140


@dataclass
class PullRow:
    number: int
    title: str
    author: Account
    branch: str
    head: str
    state: str = "open"
    merged_at: datetime | None = None
    base: str = "main"
    aimed: list[tuple[str, datetime]] = field(default_factory=list)


@dataclass
class ReviewRow:
    id: int
    pull: int
    account: Account
    state: str
    commit: str | None
    at: datetime


@dataclass
class CommentRow:
    id: int
    pull: int
    account: Account
    body: str


@dataclass
class GitHubFake:
    """The state of one repository at GitHub, and the routes by which it is asked."""

    host: FakeHost
    repository: str
    members: set[str]
    pulls: dict[int, PullRow] = field(default_factory=dict)
    reviews: list[ReviewRow] = field(default_factory=list)
    comments: list[CommentRow] = field(default_factory=list)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    rulesets: dict[int, dict[str, Any]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    """Refs whose activities GitHub does not tell."""

    def __post_init__(self) -> None:
        self.host.on_push = self._follow
        self.host.locked_for = self._locked_for
        self.host.kept = self._kept

    # --- requests ---------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        with self.host.lock:
            self.host.asked.append(request)
            if fault := self.host.fault_for(request):
                return fault
        if request.path.startswith(f"/{self.repository}.git/"):
            return self.host.serve_git(
                request, request.path.removeprefix(f"/{self.repository}.git")
            )
        with self.host.lock:
            try:
                return self._routed(request)
            except Refused as refused:
                return refused.answer

    def _routed(self, request: Request) -> Answer:
        secret = request.headers.get("authorization", "").removeprefix("token ")
        account = self.host.account_of(secret)
        if account is None:
            raise Refused(401, "Bad credentials")
        if request.headers.get("x-github-api-version") != "2026-03-10":
            raise Refused(400, "The version header is missing.")
        path = request.path.removeprefix(_API)
        if (request.method, path) == ("GET", "/user"):
            return Answer(200, sample(models.PrivateUser, login=account.name, id=account.id))
        if (request.method, path.rpartition("/")[0]) == ("GET", "/users"):
            return self._user(path.rpartition("/")[2])
        if account.name not in self.members and not account.admin:
            raise Refused(404, "Not Found")
        place = path.removeprefix(f"/repos/{self.repository}")
        for method, pattern, handler in self._routes():
            found = re.fullmatch(pattern, place)
            if method == request.method and found:
                return handler(account, request, *found.groups())
        raise Refused(404, "Not Found")

    def _routes(self) -> Sequence[tuple[str, str, Callable[..., Answer]]]:
        return (
            ("POST", "/pulls", self._open),
            ("GET", "/pulls", self._list),
            ("GET", r"/pulls/(\d+)", self._get),
            ("PATCH", r"/pulls/(\d+)", self._update),
            ("PUT", r"/pulls/(\d+)/merge", self._merge),
            ("GET", r"/pulls/(\d+)/reviews", self._list_reviews),
            ("POST", r"/pulls/(\d+)/reviews", self._review),
            ("PUT", r"/pulls/(\d+)/reviews/(\d+)/dismissals", self._dismiss),
            ("GET", r"/issues/(\d+)/events", self._list_events),
            ("GET", r"/issues/(\d+)/comments", self._list_comments),
            ("POST", r"/issues/(\d+)/comments", self._comment),
            ("PATCH", r"/issues/comments/(\d+)", self._edit_comment),
            ("POST", r"/statuses/([0-9a-f]{40})", self._report),
            ("GET", r"/commits/([0-9a-f]{40})/statuses", self._list_statuses),
            ("GET", r"/collaborators/([^/]+)", self._collaborator),
            ("GET", r"/git/ref/(.+)", self._ref),
            ("GET", "/activity", self._activity),
            ("GET", "/rulesets", self._list_rulesets),
            ("POST", "/rulesets", self._make_ruleset),
            ("GET", r"/rulesets/(\d+)", self._get_ruleset),
            ("PUT", r"/rulesets/(\d+)", self._change_ruleset),
            ("GET", r"/rules/branches/(.+)", self._branch_rules),
        )

    # --- pull requests ----------------------------------------------------------------------

    def _pull(self, number: str) -> PullRow:
        if int(number) not in self.pulls:
            raise Refused(404, "Not Found")
        return self.pulls[int(number)]

    def _open(self, account: Account, request: Request) -> Answer:
        said = request.json
        head = self.host.refs().get(f"refs/heads/{said['head']}")
        if head is None or said["base"] != "main":
            raise Refused(422, "Validation Failed: head or base is invalid")
        if self.host.is_ancestor(head, self.host.refs()["refs/heads/main"]):
            raise Refused(422, "No commits between main and the branch")
        number = len(self.pulls) + 1
        row = PullRow(number, said["title"], account, said["head"], head)
        self.pulls[number] = row
        self._follow()
        return Answer(201, self._shown(models.PullRequest, row))

    def _list(self, _: Account, request: Request) -> Answer:
        wanted = request.query.get("state", "open")
        rows = [r for r in reversed(self.pulls.values()) if wanted in {"all", r.state}]
        return self._paged(request, [self._shown(models.PullRequestSimple, row) for row in rows])

    def _get(self, _: Account, __: Request, number: str) -> Answer:
        return Answer(200, self._shown(models.PullRequest, self._pull(number)))

    def _update(self, _: Account, request: Request, number: str) -> Answer:
        row = self._pull(number)
        if "state" in request.json and row.merged_at is None:
            row.state = request.json["state"]
        row.title = request.json.get("title", row.title)
        return Answer(200, self._shown(models.PullRequest, row))

    def _merge(self, account: Account, _: Request, number: str) -> Answer:
        self._pull(number)
        if "refs/heads/main" in self._locked_for(account):
            raise Refused(405, "Repository rule violations found")
        raise Refused(409, "The stand-in merges nothing by itself.")

    def _shown(self, model: Any, row: PullRow) -> dict[str, Any]:
        merged = {"merged": row.merged_at is not None} if model is models.PullRequest else {}
        home = {"full_name": self.repository}
        return sample(
            model,
            number=row.number,
            title=row.title,
            user={"login": row.author.name, "id": row.author.id},
            state=row.state,
            head={"ref": row.branch, "sha": row.head, "repo": home},
            base={"ref": row.base},
            merged_at=row.merged_at.isoformat() if row.merged_at else None,
            **merged,
        )

    def aim(self, number: int, base: str, by: str = "base_ref_changed") -> None:
        """Let somebody choose another branch to merge into, or GitHub by itself."""
        row = self.pulls[number]
        row.base = base
        row.aimed.append((by, self.host.now()))

    def _list_events(self, _: Account, request: Request, number: str) -> Answer:
        row = self._pull(number)
        shown = [
            sample(models.IssueEvent, event=event, created_at=at.isoformat())
            for event, at in [("labeled", self.host.now()), *row.aimed]
        ]
        return self._paged(request, shown)

    def _follow(self) -> None:
        """Do what GitHub does after a push: heads move, and what main has is merged."""
        refs = self.host.refs("refs/heads/")
        for row in self.pulls.values():
            head = refs.get(f"refs/heads/{row.branch}")
            if row.state != "open":
                continue
            if head is None:
                row.state = "closed"
                continue
            row.head = head
            self.host.git("update-ref", f"refs/pull/{row.number}/head", head)
            if self.host.is_ancestor(head, refs["refs/heads/main"]):
                row.state, row.merged_at = "closed", self.host.now()

    # --- what people say --------------------------------------------------------------------

    def _list_reviews(self, _: Account, request: Request, number: str) -> Answer:
        row = self._pull(number)
        return self._paged(request, [self._told(r) for r in self.reviews if r.pull == row.number])

    def _review(self, account: Account, request: Request, number: str) -> Answer:
        row, said = self._pull(number), request.json
        if row.state != "open":
            raise Refused(422, "Can not review a pull request that is not open")
        if account == row.author:
            raise Refused(422, "Can not approve your own pull request")
        state = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED"}[said["event"]]
        if state == "CHANGES_REQUESTED" and not said.get("body"):
            raise Refused(422, "A body is needed")
        review = ReviewRow(
            len(self.reviews) + 1, row.number, account, state, said["commit_id"], self.host.now()
        )
        self.reviews.append(review)
        return Answer(200, self._told(review))

    def _dismiss(self, _: Account, request: Request, number: str, id_: str) -> Answer:
        self._pull(number)
        review = self.reviews[int(id_) - 1]
        if not request.json.get("message"):
            raise Refused(422, "A message is needed")
        review.state = "DISMISSED"
        return Answer(200, self._told(review))

    def _told(self, row: ReviewRow) -> dict[str, Any]:
        return sample(
            models.PullRequestReview,
            id=row.id,
            user={"login": row.account.name, "id": row.account.id},
            state=row.state,
            commit_id=row.commit,
            submitted_at=row.at.isoformat(),
        )

    def _list_comments(self, _: Account, request: Request, number: str) -> Answer:
        row = self._pull(number)
        mine = [self._spoken(c) for c in self.comments if c.pull == row.number]
        return self._paged(request, mine)

    def _comment(self, account: Account, request: Request, number: str) -> Answer:
        row = CommentRow(
            len(self.comments) + 1, self._pull(number).number, account, request.json["body"]
        )
        self.comments.append(row)
        return Answer(201, self._spoken(row))

    def _edit_comment(self, account: Account, request: Request, id_: str) -> Answer:
        row = self.comments[int(id_) - 1]
        if row.account != account:
            raise Refused(403, "Must have admin rights to Repository.")
        row.body = request.json["body"]
        return Answer(200, self._spoken(row))

    def _spoken(self, row: CommentRow) -> dict[str, Any]:
        user = {"login": row.account.name, "id": row.account.id}
        return sample(models.IssueComment, id=row.id, user=user, body=row.body)

    def _report(self, account: Account, request: Request, commit: str) -> Answer:
        said = request.json
        if len(said.get("description") or "") > _LONGEST_DESCRIPTION:
            raise Refused(422, "description is too long (maximum is 140 characters)")
        if self.host.git("cat-file", "-t", commit) != "commit":
            raise Refused(422, "No commit found for SHA")
        status = sample(
            models.Status, id=len(self.statuses) + 1, state=said["state"],
            context=said.get("context", "default"), description=said.get("description"),
            creator={"login": account.name, "id": account.id},
        )  # fmt: skip
        self.statuses.append({"commit": commit, "shown": status})
        return Answer(201, status)

    def _list_statuses(self, _: Account, request: Request, commit: str) -> Answer:
        found = [s["shown"] for s in reversed(self.statuses) if s["commit"] == commit]
        return self._paged(request, found)

    # --- who may, and who did ---------------------------------------------------------------

    def _user(self, name: str) -> Answer:
        account = self.host.accounts.get(name)
        if account is None:
            raise Refused(404, "Not Found")
        shown = sample(
            models.PublicUser, login=account.name, id=account.id, user_view_type="public"
        )
        return Answer(200, shown)

    def _collaborator(self, _: Account, __: Request, name: str) -> Answer:
        if name not in self.members:
            raise Refused(404, "Not Found")
        return Answer(204)

    def _ref(self, _: Account, __: Request, name: str) -> Answer:
        commit = self.host.refs().get(f"refs/{name}")
        if commit is None:
            raise Refused(404, "Not Found")
        object_ = {"sha": commit, "type": "commit"}
        return Answer(200, sample(models.GitRef, ref=f"refs/{name}", object_=object_))

    def _activity(self, _: Account, request: Request) -> Answer:
        """Tell who pushed, newest first, by cursors as GitHub does."""
        ref = request.query["ref"]
        rows = [] if ref in self.hidden else [p for p in self.host.pushes if p.ref == ref]
        newest = list(reversed(rows))
        start = int(request.query.get("after", "c0").removeprefix("c"))
        shown = [
            sample(
                models.Activity, before=p.before, after=p.after, ref=p.ref,
                timestamp=p.at.isoformat(),
                activity_type="branch_creation" if p.before == NOTHING else "push",
                actor={"login": p.account.name, "id": p.account.id},
            )
            for p in newest[start : start + PAGE]
        ]  # fmt: skip
        more = start + PAGE < len(newest)
        link = f'<https://elsewhere.invalid/activity?after=c{start + PAGE}>; rel="next"'
        return Answer(200, shown, headers={"Link": link} if more else {})

    # --- rulesets ---------------------------------------------------------------------------

    def _list_rulesets(self, _: Account, request: Request) -> Answer:
        rows = [
            {key: value for key, value in one.items() if key not in {"rules", "conditions"}}
            for one in self.rulesets.values()
        ]
        return self._paged(request, rows)

    def _make_ruleset(self, account: Account, request: Request) -> Answer:
        return self._put_ruleset(account, request, len(self.rulesets) + 1, 201)

    def _change_ruleset(self, account: Account, request: Request, id_: str) -> Answer:
        return self._put_ruleset(account, request, int(id_), 200)

    def _put_ruleset(self, account: Account, request: Request, id_: int, status: int) -> Answer:
        if not account.admin:
            raise Refused(403, "Must have admin rights to Repository.")
        said = request.json
        self.rulesets[id_] = sample(
            models.RepositoryRuleset, id=id_, name=said["name"], target=said["target"],
            source_type="Repository", source=self.repository, enforcement=said["enforcement"],
        ) | {
            "bypass_actors": said.get("bypass_actors", []),
            "conditions": said.get("conditions", {}),
            "rules": said["rules"],
        }  # fmt: skip
        return Answer(status, self.rulesets[id_])

    def _get_ruleset(self, account: Account, _: Request, id_: str) -> Answer:
        """Show a ruleset; who may pass it only to administrators, as GitHub does."""
        found = self.rulesets.get(int(id_))
        if found is None:
            raise Refused(404, "Not Found")
        hidden = set() if account.admin else {"bypass_actors"}
        return Answer(200, {key: value for key, value in found.items() if key not in hidden})

    def _branch_rules(self, _: Account, request: Request, branch: str) -> Answer:
        rules = [
            {"type": rule["type"], "ruleset_id": one["id"]}
            for one in self._rulesets_of(f"refs/heads/{branch}")
            for rule in one["rules"]
        ]
        return self._paged(request, rules)

    def _rulesets_of(self, ref: str) -> list[dict[str, Any]]:
        return [
            one
            for one in self.rulesets.values()
            if one["enforcement"] == "active" and ref in one["conditions"]["ref_name"]["include"]
        ]

    def _locked_for(self, account: Account) -> frozenset[str]:
        return frozenset(
            ref
            for one in self.rulesets.values()
            for ref in one["conditions"]["ref_name"]["include"]
            if one["enforcement"] == "active"
            and {"update", "creation"} & {rule["type"] for rule in one["rules"]}
            and account.id not in {actor["actor_id"] for actor in one["bypass_actors"]}
        )

    def _kept(self) -> frozenset[str]:
        return frozenset(
            ref
            for one in self.rulesets.values()
            for ref in one["conditions"]["ref_name"]["include"]
            if one["enforcement"] == "active"
            and "non_fast_forward" in {rule["type"] for rule in one["rules"]}
        )

    def _paged(self, request: Request, rows: list[Any]) -> Answer:
        page = int(request.query.get("page", "1"))
        size = min(PAGE, int(request.query.get("per_page", "30")))
        shown = rows[(page - 1) * size : page * size]
        more = page * size < len(rows)
        link = f'<https://elsewhere.invalid/x?page={page + 1}>; rel="next"'
        return Answer(200, shown, headers={"Link": link} if more else {})


@contextmanager
def github_fake(
    folder: Path, people: Sequence[str], repository: str
) -> Iterator[tuple[str, GitHubFake]]:
    """Serve a stand-in whose people all belong to the repository, besides an administrator."""
    accounts = {
        name: Account(100 + index, name, f"secret-of-{name}") for index, name in enumerate(people)
    }
    accounts["owner"] = Account(1, "owner", "secret-of-owner", admin=True)
    host = FakeHost(bare_repository(folder / "github.git"), accounts)
    fake = GitHubFake(host, repository, set(people))
    with served(fake.answer) as address:
        yield address, fake
