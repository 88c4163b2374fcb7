"""Everything that was read about one change: the only input of the judge.

Edges collect it, ``decide`` reads it, the record keeps it, and a replay needs nothing else.
"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import Digest, DigestText, Name, ObjectIdText
from turnpike.documents.moment import Moment
from turnpike.evidence.envelope import Envelope
from turnpike.manifest.model import Model
from turnpike.manifest.release import Release
from turnpike.manifest.settings import Settings
from turnpike.topology.clouds import Clouds
from turnpike.topology.environment import Environment
from turnpike.topology.key import Key
from turnpike.topology.organisation import Organisation
from turnpike.topology.settlement import Settlement
from turnpike.topology.stop import Stop
from turnpike.topology.waiver import Waiver
from turnpike.topology.window import Schedule


class Tools(Part):
    """The versions and digests of what collects, decides and renders.

    ``turnpike`` is the Git tree of the judge's code, ``policies`` the SHA-256 of the bundle's file,
    ``policy_dates`` the moments that the policies' data name, at which a rule may answer otherwise,
    ``waivable`` the codes that yield to a waiver, by what their rules say of themselves.
    ``schemas`` are those of Kubernetes objects that changed deployments were held against; null
    where none changed, or where this machine has no schemas.
    """

    git: str
    opa: str
    turnpike: ObjectIdText
    policies: DigestText
    capabilities: DigestText
    rules: tuple[str, ...]
    policy_dates: tuple[AwareDatetime, ...] = ()
    waivable: tuple[str, ...] = ()
    schemas: DigestText | None = None


class Merge(Part):
    """The commits that are judged and the tree that merging them gives (null on a conflict)."""

    genesis: ObjectIdText
    base: ObjectIdText
    head: ObjectIdText
    base_tree: ObjectIdText
    merge_tree: ObjectIdText | None
    conflicts: tuple[str, ...] = ()


class Commit(Part):
    """Who stands on one commit of the head that the base does not have; addresses, not names."""

    id: ObjectIdText
    author: str
    committer: str
    co_authors: tuple[str, ...]


class Entry(Part):
    """A tree entry: its mode in octal text, its object and, for a blob, its size in bytes."""

    mode: str
    object: ObjectIdText
    size: int


class Change(Part):
    """One path that differs between the base and the merge tree.

    ``path`` is UTF-8 text; a name with other bytes is shown escaped and is never ``plain``.
    ``twin`` is what else the merge tree holds under an added path but for upper and lower case.
    """

    path: str
    plain: bool
    old: Entry | None
    new: Entry | None
    twin: str | None = None


class Unreadable(Part):
    """One place in a changed document that does not parse, on one side of the change."""

    path: str
    side: Literal["base", "head"]
    line: int
    field: str
    expected: str
    actual: str


class Leak(Part):
    """A credential that the change would bring: where it stands and of what kind; never itself."""

    path: str
    line: int
    secret: str


class Documents(Part):
    """The documents of one side that bear on the change, by path.

    ``codeowners`` is the file that the declared dialect's host would read, ``codeowners_path``
    where it stands, ``other_codeowners`` are the files at the other places that some host reads.
    ``keys`` are those that the change writes; main's stand in the facts themselves. ``projects``
    are the texts of Argo CD's projects, by environment.
    """

    models: dict[str, Model] = Field(default_factory=dict)
    cards: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    settings: dict[str, Settings] = Field(default_factory=dict)
    releases: dict[str, Release] = Field(default_factory=dict)
    environments: dict[Name, Environment] = Field(default_factory=dict)
    schedule: Schedule | None = None
    clouds: Clouds | None = None
    stops: dict[Name, Stop] = Field(default_factory=dict)
    waivers: dict[Name, Waiver] = Field(default_factory=dict)
    settlements: dict[Name, Settlement] = Field(default_factory=dict)
    keys: dict[str, Key] = Field(default_factory=dict)
    organisation: Organisation | None = None
    codeowners: str | None = None
    codeowners_path: str | None = None
    other_codeowners: dict[str, str] = Field(default_factory=dict)
    projects: dict[Name, str] = Field(default_factory=dict)
    contents: dict[str, DigestText] = Field(default_factory=dict)
    model_blobs: dict[ObjectIdText, Model] = Field(default_factory=dict)


class Review(Part):
    """What somebody said of a commit, as the Git host tells it; an account, not yet a person.

    ``member`` tells whether the host still lists the account; null where it does not say.
    """

    account: str
    state: Literal["approved", "changes-requested", "dismissed"]
    commit: ObjectIdText
    at: Moment
    member: bool | None = None


class PullRequest(Part):
    """A pull request as its Git host tells it.

    ``pushers`` are all accounts that ever pushed its head; empty where the host does not say who
    pushed the head that is judged.
    """

    host: Name
    number: int
    title: str
    author: str
    head: ObjectIdText
    pushers: tuple[str, ...]
    reviews: tuple[Review, ...]
    unverified: tuple[str, ...] = ()


class RegistryAnswer(Part):
    """What the registry says of one version; ``digest`` is null where it has no such version."""

    model: str
    version: str
    digest: DigestText | None


class EarlierRelease(Part):
    """A release that once stood at a path on main, by which commit it came, and when that was.

    They come newest first: the first one of a path stands there now.
    """

    path: str
    commit: ObjectIdText
    release: Release
    at: Moment | None = None


class RecordTip(Part):
    """Where the record stood: its commit, its last decision, and the clock of that decision."""

    tip: ObjectIdText | None
    previous: DigestText | None
    last_clock: Moment | None


class PastDifference(Part):
    """A decision on the record that the proposed policies would have made otherwise.

    ``before`` and ``after`` are the verdict and the codes of all findings, as one line each.
    """

    decision: DigestText
    subjects: tuple[str, ...]
    before: str
    after: str


class Past(Part):
    """The newest decisions on the record, decided again under the proposed policies.

    ``unread`` counts facts whose shape the judge of today does not read.
    """

    compared: int
    unread: int
    differences: tuple[PastDifference, ...]


class ProposedPolicies(Part):
    """What OPA says of the policies after a change of them: their digest, and all that is wrong.

    ``past`` is null where they can't be asked, or decide by the same bytes as main's.
    """

    digest: DigestText
    problems: tuple[str, ...]
    past: Past | None = None


class ManifestProblem(Part):
    """What the schemas of Kubernetes and of the CRDs have against one object of a manifest."""

    path: str
    problem: str


class RootInputs(Part):
    """A root of Terraform whose inputs the change touches, and their digests on both sides.

    Null where there is no such root. ``lock`` is the digest of the provider lock on the side that
    is planned: after the change, or before one that removes the root.
    """

    path: str
    before: DigestText | None
    after: DigestText | None
    lock: DigestText | None

    @property
    def planned(self) -> Digest | None:
        """Return the digest of the inputs that a plan must be about."""
        return self.after or self.before


class LetIn(Part):
    """A group that a root of Terraform lets in at the registry's server: where, and as what.

    The group is called as the provider of sign-in calls it.
    """

    path: str
    field: str
    kind: Literal["groups", "administrators"]
    group: str


class Facts(Document):
    """Everything that was read about one change, at one reading of the clock.

    ``debts`` are the decisions on the record that left one, of the teams that the change touches.
    ``recorded`` are the digests of that part of the evidence which the record has, all of which is
    read: nobody can leave it out. ``let_in`` are the groups that roots let in after a change of the
    organisation.
    """

    kind: Literal["Facts"]
    clock: Moment
    tools: Tools
    merge: Merge
    commits: tuple[Commit, ...]
    changes: tuple[Change, ...]
    unreadable: tuple[Unreadable, ...]
    base: Documents
    head: Documents
    keys: tuple[Key, ...]
    evidence: tuple[Envelope, ...]
    admissions: tuple[Envelope, ...]
    pull_request: PullRequest | None
    proposed_policies: ProposedPolicies | None
    registry: tuple[RegistryAnswer, ...]
    earlier: tuple[EarlierRelease, ...]
    record: RecordTip
    debts: tuple[Envelope, ...] = ()
    manifest_problems: tuple[ManifestProblem, ...] = ()
    leaks: tuple[Leak, ...] = ()
    roots: tuple[RootInputs, ...] = ()
    recorded: tuple[DigestText, ...] = ()
    let_in: tuple[LetIn, ...] = ()


FACTS: TypeAdapter[Facts] = TypeAdapter(Facts)
