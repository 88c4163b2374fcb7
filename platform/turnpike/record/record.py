"""The record on its branch: appended to by compare-and-swap, read by digest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.errors import CannotDecide, Defect, InputError, IntegrityError
from turnpike.evidence.envelope import ENVELOPE, Envelope
from turnpike.git.objects import EMPTY_TREE, Identity
from turnpike.git.reading import LARGEST
from turnpike.git.repository import Repository
from turnpike.judge.decision import Decision
from turnpike.record import layout

if TYPE_CHECKING:
    from turnpike.judge.facts import RecordTip

RECORD_REF = "refs/heads/turnpike/record"


@dataclass(frozen=True, slots=True)
class Record:
    """The record in one repository; ``ref`` is where it is read and, by the gate, moved.

    ``pinned`` is the one commit at which all is read; without it, the newest at each reading.
    """

    repository: Repository
    ref: str = RECORD_REF
    pinned: ObjectId | None = None

    def at(self, commit: ObjectId) -> Record:
        """Return the record as it is at one of its commits, whatever is appended meanwhile."""
        return Record(self.repository, self.ref, commit)

    def at_tip(self) -> Record:
        """Return the record as it is now; one without any commit stays as it is."""
        commit = self.commit()
        return self.at(commit) if commit else self

    def commit(self) -> ObjectId | None:
        """Return the record's newest commit; None where there is no record yet."""
        return self.pinned or self.repository.refs.get(self.ref)

    def tip(self) -> RecordTip:
        """Return where the record stands: its commit, its last decision and that one's clock."""
        # The host's hook reads the record for every push and needs no facts.
        from turnpike.judge.facts import RecordTip

        commit = self.commit()
        state = self.state_at(commit)
        return RecordTip(tip=commit, previous=state.decision, last_clock=state.clock)

    def state_at(self, commit: ObjectId | None) -> layout.Tip:
        """Return what ``tip.json`` says at a commit of the record."""
        if commit is None:
            return layout.START
        content = self.repository.read(commit, layout.TIP_PATH)
        try:
            return layout.TIP.validate_json(content or b"")
        except ValidationError as error:
            raise _broken(layout.TIP_PATH, commit, "it is not a tip") from error

    # --- reading ----------------------------------------------------------------------------

    def decision(self, digest: Digest) -> Envelope:
        """Return the envelope of a decision; raises InputError where the record has none such."""
        path = layout.path_of("decisions", digest)
        return _envelope(path, self._content(path, digest))

    def facts(self, digest: Digest) -> bytes:
        """Return the canonical bytes of facts; raises InputError where the record has none such."""
        return self._content(layout.path_of("facts", digest), digest)

    def statements(self, digests: Iterable[Digest]) -> tuple[Envelope, ...]:
        """Return those of the statements that are on the record, in the order given."""
        return self._envelopes("statements", digests, self.commit())

    def statements_about(self, artifacts: Iterable[Digest]) -> tuple[Envelope, ...]:
        """Return all statements about any of the artifacts, in the order of their digests."""
        folders = (layout.subject_folder("artifacts", a.removeprefix("sha256:")) for a in artifacts)
        return self._indexed("statements", folders)

    def outcomes_of(self, decision: Digest) -> tuple[Envelope, ...]:
        """Return what is recorded about the carrying out of a decision."""
        folder = layout.subject_folder("outcomes", decision.removeprefix("sha256:"))
        return self._indexed("outcomes", (folder,))

    def decisions_about(self, model: str) -> tuple[Envelope, ...]:
        """Return all decisions about ``team/model``, oldest first."""
        found = self._indexed("decisions", (layout.model_folder(model),))
        return tuple(sorted(found, key=_moment_and_digest))

    def debts_of(self, teams: Iterable[str]) -> tuple[Envelope, ...]:
        """Return all decisions that left a debt to any of the teams, in the order of digests."""
        return self._indexed("decisions", (layout.debt_folder(team) for team in sorted(set(teams))))

    def index(self) -> tuple[str, ...]:
        """Return the paths of the whole index, in order; none where there is no record yet."""
        commit = self.commit()
        return self.repository.paths(commit, [layout.INDEX]) if commit else ()

    def by_digest(self, folder: str, digests: Iterable[Digest]) -> dict[Digest, Envelope]:
        """Return the envelopes that the index names in ``statements`` or ``decisions``.

        Raises IntegrityError where one of them is not there.
        """
        commit, wanted = self.commit(), sorted(set(digests))
        found = self._envelopes(folder, wanted, commit)
        if len(found) != len(wanted):
            raise _broken(layout.INDEX, commit or "its start", f"it names {folder} not there")
        return dict(zip(wanted, found, strict=True))

    def _indexed(self, folder: str, index_folders: Iterable[str]) -> tuple[Envelope, ...]:
        commit = self.commit()
        if commit is None:
            return ()
        listed = [self.repository.names(commit, wanted) for wanted in index_folders]
        digests = sorted({Digest(f"sha256:{name}") for names in listed for name in names})
        found = self._envelopes(folder, digests, commit)
        if len(found) != len(digests):
            raise _broken(layout.INDEX, commit, f"it names {folder} that are not there")
        return found

    def _envelopes(
        self, folder: str, digests: Iterable[Digest], commit: ObjectId | None
    ) -> tuple[Envelope, ...]:
        wanted = {layout.path_of(folder, digest): digest for digest in digests}
        if commit is None or not wanted:
            return ()
        contents = self.repository.read_all(commit, wanted)
        checked = ((path, _checked(path, wanted[path], c)) for path, c in contents.items())
        return tuple(_envelope(path, content) for path, content in checked)

    def _content(self, path: str, digest: Digest) -> bytes:
        commit = self.commit()
        content = self.repository.read(commit, path) if commit else None
        if content is None:
            raise InputError(
                f"The record has no {path}, at {commit or 'its start'}.",
                solution="Bring the record up to date: git fetch origin.",
                code="record.unknown",
            )
        return _checked(path, digest, content)

    # --- appending --------------------------------------------------------------------------

    def append(
        self,
        envelopes: Iterable[Envelope],
        expected_tip: ObjectId | None,
        committer: Identity,
        when: datetime,
        sign: Callable[[bytes], str],
        *,
        facts: bytes | None = None,
    ) -> ObjectId:
        """Append and move the branch from ``expected_tip``; raises RepositoryChanged if it moved.

        Takes what ``build`` takes. Nothing new means no new commit.
        """
        commit = self.build(envelopes, expected_tip, committer, when, sign, facts=facts)
        if commit != expected_tip:
            self.repository.update_ref(self.ref, commit, expected_tip)
        return commit

    def build(
        self,
        envelopes: Iterable[Envelope],
        expected_tip: ObjectId | None,
        committer: Identity,
        when: datetime,
        sign: Callable[[bytes], str],
        *,
        facts: bytes | None = None,
    ) -> ObjectId:
        """Write the commit that appends the envelopes, to be pushed; no branch moves.

        At most one of the envelopes is a decision, and ``facts`` are the canonical bytes that it
        names. What the record has already is left out. ``sign`` is the gate's ``sign_commit``.
        Raises CannotDecide for what nobody could read again.
        """
        added = self._additions(tuple(envelopes), facts, expected_tip)
        _require_readable(added)
        if not added and expected_tip is not None:
            return expected_tip
        tree, new = self.repository.tree_with(expected_tip or EMPTY_TREE, added)
        parents = (expected_tip,) if expected_tip else ()
        message = _message(added)
        return self.repository.write_commit(
            tree, parents, committer, committer, message, when, sign, new=new
        )

    def _additions(
        self, envelopes: tuple[Envelope, ...], facts: bytes | None, tip: ObjectId | None
    ) -> dict[str, bytes]:
        added: dict[str, bytes] = {} if facts is None else {layout.facts_path(facts): facts}
        state = self.state_at(tip)
        for envelope in envelopes:
            digest, statement = envelope.digest(), layout.statement_of(envelope)
            folder = layout.folder_of(statement)
            if tip and self.repository.blob_id(tip, layout.path_of(folder, digest)):
                continue
            added[layout.path_of(folder, digest)] = layout.content_of(envelope)
            added |= dict.fromkeys(layout.index_paths(digest, statement), layout.EMPTY)
            if decision := layout.decision_in(statement):
                _require_next(decision, state, facts)
                state = state.after(digest, decision)
        if added or tip is None:
            added[layout.TIP_PATH] = state.content()
        return added


def _require_readable(added: dict[str, bytes]) -> None:
    """What is too large to be read from Git would make every audit fail, for ever."""
    path, content = max(added.items(), key=lambda entry: len(entry[1]), default=("", b""))
    if len(content) > LARGEST:
        raise CannotDecide(
            f"{path.split('/')[0]}: expected at most {LARGEST} bytes in one entry of the record,"
            f" found {len(content)}",
            code="record.entry-too-large",
            solution="Change less at once: open several pull requests, each of a part of it.",
        )


def _require_next(decision: Decision, state: layout.Tip, facts: bytes | None) -> None:
    if decision.previous != state.decision:
        raise Defect(
            f"A decision must follow {state.decision}, this one follows {decision.previous}."
        )
    if facts is None or digest_of(facts) != decision.facts:
        raise Defect(f"A decision is recorded with its facts, {decision.facts}.")


def _message(added: dict[str, bytes]) -> str:
    counts = {f: sum(path.startswith(f + "/") for path in added) for f in layout.FOLDERS}
    said = ", ".join(f"{count} {folder}" for folder, count in counts.items() if count)
    return f"Record {said or 'nothing yet'}\n"


def _moment_and_digest(envelope: Envelope) -> tuple[datetime, Digest]:
    return layout.decision_of(envelope).decided_at, envelope.digest()


def _checked(path: str, digest: Digest, content: bytes) -> bytes:
    if digest_of(content) != digest:
        raise _broken(path, "the record", f"its content has the digest {digest_of(content)}")
    return content


def _envelope(path: str, content: bytes) -> Envelope:
    try:
        return ENVELOPE.validate_json(content)
    except ValidationError as error:
        raise _broken(path, "the record", "it is no envelope") from error


def _broken(path: str, where: str, why: str) -> IntegrityError:
    return IntegrityError(
        f"The record is broken: {path} at {where}: {why}.",
        solution="Run `turnpike verify`; it names everything that was changed.",
        code="record.broken",
    )
