"""A stand-in for GitLab: the part of its REST API that Turnpike asks, on a real repository.

Pages are small, pushes are real, protected branches are enforced, and approvals are of a merge
request and not of a commit, as GitLab's are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from contracts.fake_host import (
    Account,
    Answer,
    FakeHost,
    Refused,
    Request,
    bare_repository,
    served,
)
from turnpike.forge.refs import NOTHING

PAGE = 2
_API = "/api/v4"
_PROJECT = 7
_NO_ONE, _MAINTAINERS = 0, 40


@dataclass
class VersionRow:
    id: int
    head: str
    at: datetime


@dataclass
class RequestRow:
    iid: int
    title: str
    author: Account
    branch: str
    state: str = "opened"
    target: str = "main"
    versions: list[VersionRow] = field(default_factory=list)
    approvals: dict[str, datetime] = field(default_factory=dict)
    reviewers: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    @property
    def head(self) -> str:
        return self.versions[-1].head


@dataclass
class NoteRow:
    id: int
    request: int
    account: Account
    body: str
    at: datetime
    system: bool = False


@dataclass
class StatusRow:
    id: int
    commit: str
    name: str
    state: str


@dataclass
class GitLabFake:
    """The state of one project at GitLab, and the routes by which it is asked."""

    host: FakeHost
    repository: str
    members: set[str]
    requests: dict[int, RequestRow] = field(default_factory=dict)
    notes: list[NoteRow] = field(default_factory=list)
    statuses: list[StatusRow] = field(default_factory=list)
    protected: dict[str, dict[str, Any]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    """Branches whose pushes GitLab does not tell."""
    resets: bool | None = False
    """Whether a push takes approvals away; None where the edition has no such setting."""
    tells_when: bool = True
    """Whether approvals carry the moment at which they were given."""
    _ids: int = 100

    def __post_init__(self) -> None:
        self.host.on_push = self._follow
        self.host.locked_for = self._locked_for
        self.host.kept = self._kept
        self._protect("main", [{"access_level": _MAINTAINERS}], [{"access_level": _MAINTAINERS}])

    # --- requests ---------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        with self.host.lock:
            self.host.asked.append(request)
            if fault := self.host.fault_for(request):
                return fault
        if request.path.startswith(f"/{self.repository}.git/"):
            place = request.path.removeprefix(f"/{self.repository}.git")
            return self.host.serve_git(request, place)
        with self.host.lock:
            try:
                return self._routed(request)
            except Refused as refused:
                return refused.answer

    def _routed(self, request: Request) -> Answer:
        account = self.host.account_of(request.headers.get("private-token", ""))
        if account is None:
            raise Refused(401, "401 Unauthorized")
        path = request.path.removeprefix(_API)
        if path == "/user":
            return Answer(200, _user(account))
        if path == "/users":
            found = self.host.accounts.get(request.query["username"])
            return self._paged(request, [_user(found)] if found else [])
        if account.name not in self.members and not account.admin:
            raise Refused(404, "404 Project Not Found")
        place = self._place(path)
        for method, pattern, handler in self._routes():
            found_route = re.fullmatch(pattern, place)
            if method == request.method and found_route:
                return handler(account, request, *map(unquote, found_route.groups()))
        raise Refused(404, "404 Not Found")

    def _place(self, path: str) -> str:
        for name in (quote(self.repository, safe=""), str(_PROJECT)):
            if path.startswith(f"/projects/{name}/"):
                return path.removeprefix(f"/projects/{name}")
        raise Refused(404, "404 Project Not Found")

    def _routes(self) -> Sequence[tuple[str, str, Callable[..., Answer]]]:
        one = r"/merge_requests/(\d+)"
        return (
            ("POST", "/merge_requests", self._open),
            ("GET", "/merge_requests", self._list),
            ("GET", one, self._get),
            ("PUT", one, self._update),
            ("PUT", f"{one}/merge", self._merge),
            ("GET", f"{one}/versions", self._list_versions),
            ("GET", f"{one}/approvals", self._approvals),
            ("POST", f"{one}/approve", self._approve),
            ("POST", f"{one}/unapprove", self._unapprove),
            ("GET", f"{one}/reviewers", self._reviewers),
            ("GET", f"{one}/notes", self._list_notes),
            ("POST", f"{one}/notes", self._note),
            ("PUT", f"{one}/notes/(\\d+)", self._edit_note),
            ("POST", "/statuses/([0-9a-f]{40})", self._report),
            ("GET", "/repository/commits/([0-9a-f]{40})/statuses", self._list_statuses),
            ("GET", "/repository/branches/(.+)", self._branch),
            ("GET", r"/members/all/(\d+)", self._member),
            ("GET", "/events", self._events),
            ("GET", "/protected_branches", self._list_protected),
            ("POST", "/protected_branches", self._make_protected),
            ("PATCH", "/protected_branches/(.+)", self._change_protected),
            ("GET", "/approvals", self._settings),
            ("POST", "/approvals", self._change_settings),
        )

    # --- merge requests ---------------------------------------------------------------------

    def _row(self, iid: str) -> RequestRow:
        if int(iid) not in self.requests:
            raise Refused(404, "404 Not found")
        return self.requests[int(iid)]

    def _open(self, account: Account, request: Request) -> Answer:
        said = request.json
        head = self.host.refs().get(f"refs/heads/{said['source_branch']}")
        if head is None or said["target_branch"] != "main":
            raise Refused(400, "source_branch or target_branch is invalid")
        iid = len(self.requests) + 1
        row = RequestRow(iid, said["title"], account, said["source_branch"])
        self.requests[iid] = row
        self._follow()
        return Answer(201, self._shown(row))

    def _list(self, _: Account, request: Request) -> Answer:
        wanted = request.query.get("state", "all")
        rows = [r for r in reversed(self.requests.values()) if wanted in {"all", r.state}]
        return self._paged(request, [self._shown(row) for row in rows])

    def _get(self, _: Account, __: Request, iid: str) -> Answer:
        return Answer(200, self._shown(self._row(iid)))

    def _update(self, _: Account, request: Request, iid: str) -> Answer:
        row = self._row(iid)
        if request.json.get("state_event") == "close" and row.state == "opened":
            row.state = "closed"
        row.title = request.json.get("title", row.title)
        return Answer(200, self._shown(row))

    def _merge(self, account: Account, _: Request, iid: str) -> Answer:
        self._row(iid)
        if not self._may(account, "main", "merge_access_levels"):
            raise Refused(401, "401 Unauthorized")
        raise Refused(409, "The stand-in merges nothing by itself.")

    def _shown(self, row: RequestRow) -> dict[str, Any]:
        return {
            "id": 1000 + row.iid, "iid": row.iid, "project_id": _PROJECT, "title": row.title,
            "description": "", "author": _user(row.author), "state": row.state,
            "sha": row.head, "source_branch": row.branch, "target_branch": row.target,
            "source_project_id": _PROJECT, "target_project_id": _PROJECT,
        }  # fmt: skip

    def aim(self, iid: int, target: str, *, by_itself: bool = False) -> None:
        """Let somebody choose another branch to merge into, or GitLab by itself."""
        row = self.requests[iid]
        said = f"changed target branch from `{row.target}` to `{target}`"
        if by_itself:
            gone = f"deleted the `{row.target}` branch"
            said = f"{gone}. This merge request now targets the `{target}` branch"
        row.target = target
        self._system_note(row, row.author, said)

    def _follow(self) -> None:
        """Do what GitLab does after a push: a version, perhaps a reset, and what is merged."""
        refs = self.host.refs("refs/heads/")
        for row in self.requests.values():
            head = refs.get(f"refs/heads/{row.branch}")
            if row.state != "opened" or head is None:
                continue
            if not row.versions or row.head != head:
                row.versions.append(VersionRow(self._id(), head, self.host.now()))
                if self.resets:
                    row.approvals.clear()
            self.host.git("update-ref", f"refs/merge-requests/{row.iid}/head", head)
            if self.host.is_ancestor(head, refs["refs/heads/main"]):
                row.state = "merged"

    def _list_versions(self, _: Account, request: Request, iid: str) -> Answer:
        row = self._row(iid)
        shown = [
            {"id": v.id, "head_commit_sha": v.head, "created_at": v.at.isoformat(),
             "merge_request_id": 1000 + row.iid, "state": "collected"}
            for v in reversed(row.versions)
        ]  # fmt: skip
        return self._paged(request, shown)

    # --- what people say --------------------------------------------------------------------

    def _approvals(self, _: Account, __: Request, iid: str) -> Answer:
        row = self._row(iid)
        shown = [
            {"user": _user(self.host.accounts[name])}
            | ({"approved_at": at.isoformat()} if self.tells_when else {})
            for name, at in row.approvals.items()
        ]
        return Answer(200, {"iid": row.iid, "approved": bool(shown), "approved_by": shown})

    def _approve(self, account: Account, request: Request, iid: str) -> Answer:
        row = self._row(iid)
        if row.state != "opened" or account.name in row.approvals:
            raise Refused(401, "401 Unauthorized")
        if request.json.get("sha", row.head) != row.head:
            raise Refused(409, "SHA does not match HEAD of source branch")
        row.approvals[account.name] = self.host.now()
        if account.name in row.reviewers:
            row.reviewers[account.name] = ("approved", self.host.now())
        self._system_note(row, account, "approved this merge request")
        return self._approvals(account, request, iid)

    def _unapprove(self, account: Account, _: Request, iid: str) -> Answer:
        row = self._row(iid)
        if row.approvals.pop(account.name, None) is None:
            raise Refused(404, "404 Not Found")
        return Answer(201, {})

    def _reviewers(self, _: Account, request: Request, iid: str) -> Answer:
        row = self._row(iid)
        shown = [
            {"user": _user(self.host.accounts[name]), "state": state, "created_at": at.isoformat()}
            for name, (state, at) in row.reviewers.items()
        ]
        return self._paged(request, shown)

    def _list_notes(self, _: Account, request: Request, iid: str) -> Answer:
        row = self._row(iid)
        rows = [note for note in self.notes if note.request == row.iid]
        ordered = rows if request.query.get("sort") == "asc" else list(reversed(rows))
        return self._paged(request, [_note(note) for note in ordered])

    def _note(self, account: Account, request: Request, iid: str) -> Answer:
        row, body = self._row(iid), request.json["body"]
        words = body.splitlines()
        for command in [w for w in words if w.startswith("/submit_review ")]:
            state = command.removeprefix("/submit_review ")
            row.reviewers[account.name] = (state, self.host.now())
            if state == "requested_changes":
                row.approvals.pop(account.name, None)
        text = "\n".join(word for word in words if not word.startswith("/submit_review "))
        note = NoteRow(self._id(), row.iid, account, text, self.host.now())
        self.notes.append(note)
        return Answer(201, _note(note))

    def _edit_note(self, account: Account, request: Request, _: str, id_: str) -> Answer:
        note = next(one for one in self.notes if one.id == int(id_))
        if note.account != account:
            raise Refused(403, "403 Forbidden")
        note.body = request.json["body"]
        return Answer(200, _note(note))

    def _system_note(self, row: RequestRow, account: Account, body: str) -> None:
        self.notes.append(NoteRow(self._id(), row.iid, account, body, self.host.now(), system=True))

    def _report(self, _: Account, request: Request, commit: str) -> Answer:
        said = request.json
        if said["state"] not in {"pending", "running", "success", "failed", "canceled"}:
            raise Refused(400, "state does not have a valid value")
        last = self._last(commit, said["name"])
        if last is not None and last.state == "pending":
            if said["state"] == "pending":
                raise Refused(400, "Cannot transition status via :enqueue from :pending")
            last.state = said["state"]
            return Answer(201, _status(last))
        row = StatusRow(self._id(), commit, said["name"], said["state"])
        self.statuses.append(row)
        return Answer(201, _status(row))

    def _last(self, commit: str, name: str) -> StatusRow | None:
        found = [s for s in self.statuses if (s.commit, s.name) == (commit, name)]
        return found[-1] if found else None

    def _list_statuses(self, _: Account, request: Request, commit: str) -> Answer:
        rows = [s for s in self.statuses if s.commit == commit]
        wanted = request.query.get("name")
        return self._paged(request, [_status(s) for s in rows if wanted in {None, s.name}])

    # --- who may, and who did ---------------------------------------------------------------

    def _branch(self, _: Account, __: Request, name: str) -> Answer:
        commit = self.host.refs().get(f"refs/heads/{name}")
        if commit is None:
            raise Refused(404, "404 Branch Not Found")
        return Answer(200, {"name": name, "commit": {"id": commit}})

    def _member(self, _: Account, __: Request, id_: str) -> Answer:
        found = [a for a in self.host.accounts.values() if a.id == int(id_)]
        if not found or found[0].name not in self.members:
            raise Refused(404, "404 Not found")
        return Answer(200, _user(found[0]) | {"access_level": 30})

    def _events(self, _: Account, request: Request) -> Answer:
        shown = [
            {"id": index, "author_username": push.account.name, "action_name": "pushed to",
             "push_data": {
                 "ref_type": "branch", "ref": push.ref.removeprefix("refs/heads/"),
                 "commit_from": None if push.before == NOTHING else push.before,
                 "commit_to": None if push.after == NOTHING else push.after,
             }}
            for index, push in enumerate(self.host.pushes)
            if push.ref.startswith("refs/heads/")
            and push.ref.removeprefix("refs/heads/") not in self.hidden
        ]  # fmt: skip
        if request.query.get("action") != "pushed":
            raise Refused(400, "The stand-in only knows of pushes.")
        return self._paged(request, list(reversed(shown)))

    # --- protected branches -----------------------------------------------------------------

    def _list_protected(self, _: Account, request: Request) -> Answer:
        return self._paged(request, list(self.protected.values()))

    def _make_protected(self, account: Account, request: Request) -> Answer:
        self._require_admin(account)
        said = request.json
        if said["name"] in self.protected:
            raise Refused(409, f"Protected branch '{said['name']}' already exists")
        self._protect(said["name"], said["allowed_to_push"], said["allowed_to_merge"])
        return Answer(201, self.protected[said["name"]])

    def _change_protected(self, account: Account, request: Request, name: str) -> Answer:
        self._require_admin(account)
        rule, said = self.protected[name], request.json
        rule["allow_force_push"] = said["allow_force_push"]
        for word, key in (
            ("allowed_to_push", "push_access_levels"),
            ("allowed_to_merge", "merge_access_levels"),
        ):
            gone = {one["id"] for one in said[word] if one.get("_destroy")}
            new = [self._level(one) for one in said[word] if not one.get("_destroy")]
            rule[key] = [one for one in rule[key] if one["id"] not in gone] + new
        return Answer(200, rule)

    def _protect(self, name: str, push: list[dict[str, Any]], merge: list[dict[str, Any]]) -> None:
        self.protected[name] = {
            "id": self._id(), "name": name, "allow_force_push": False,
            "push_access_levels": [self._level(one) for one in push],
            "merge_access_levels": [self._level(one) for one in merge],
        }  # fmt: skip

    def _level(self, said: dict[str, Any]) -> dict[str, Any]:
        user = said.get("user_id")
        named = [a.name for a in self.host.accounts.values() if a.id == user]
        level = None if user else said["access_level"]
        return {
            "id": self._id(), "access_level": level, "user_id": user, "group_id": None,
            "access_level_description": named[0] if named else f"level {level}",
        }  # fmt: skip

    def _may(self, account: Account, branch: str, key: str) -> bool:
        """Go by the most generous rule that matches, as GitLab does."""
        rules = [one for name, one in self.protected.items() if fnmatchcase(branch, name)]
        levels = [level for one in rules for level in one[key]]
        return not rules or any(
            level["user_id"] == account.id
            or (level["user_id"] is None and level["access_level"] == _MAINTAINERS)
            for level in levels
        )

    def _locked_for(self, account: Account) -> frozenset[str]:
        return frozenset(
            f"refs/heads/{name}"
            for name in self.protected
            if not self._may(account, name, "push_access_levels")
        )

    def _kept(self) -> frozenset[str]:
        return frozenset(
            f"refs/heads/{name}"
            for name, one in self.protected.items()
            if not one["allow_force_push"]
        )

    def _settings(self, _: Account, __: Request) -> Answer:
        if self.resets is None:
            raise Refused(404, "404 Not Found")
        return Answer(200, {"reset_approvals_on_push": self.resets})

    def _change_settings(self, account: Account, request: Request) -> Answer:
        self._require_admin(account)
        self.resets = request.json["reset_approvals_on_push"]
        return Answer(201, {"reset_approvals_on_push": self.resets})

    def _require_admin(self, account: Account) -> None:
        if not account.admin:
            raise Refused(403, "403 Forbidden")

    def _id(self) -> int:
        self._ids += 1
        return self._ids

    def _paged(self, request: Request, rows: list[Any]) -> Answer:
        page = int(request.query.get("page", "1"))
        size = min(PAGE, int(request.query.get("per_page", "20")))
        return Answer(200, rows[(page - 1) * size : page * size])


def _user(account: Account) -> dict[str, Any]:
    return {"id": account.id, "username": account.name, "name": account.name, "state": "active"}


def _note(row: NoteRow) -> dict[str, Any]:
    return {
        "id": row.id, "author": _user(row.account), "body": row.body, "system": row.system,
        "created_at": row.at.isoformat(),
    }  # fmt: skip


def _status(row: StatusRow) -> dict[str, Any]:
    return {"id": row.id, "sha": row.commit, "name": row.name, "status": row.state}


@contextmanager
def gitlab_fake(
    folder: Path, people: Sequence[str], repository: str
) -> Iterator[tuple[str, GitLabFake]]:
    """Serve a stand-in whose people all belong to the project, besides an administrator."""
    accounts = {
        name: Account(100 + index, name, f"secret-of-{name}") for index, name in enumerate(people)
    }
    accounts["owner"] = Account(1, "owner", "secret-of-owner", admin=True)
    host = FakeHost(bare_repository(folder / "gitlab.git"), accounts)
    fake = GitLabFake(host, repository, set(people))
    with served(fake.answer) as address:
        yield address, fake
