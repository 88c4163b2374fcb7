"""One small company and its changes, as facts: what the judge's tests start from and vary."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import settings
from pydantic import JsonValue

from turnpike.documents.canonical import to_json
from turnpike.documents.document import Part
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.evidence.envelope import Envelope, encode_for_signing, envelope_of
from turnpike.evidence.predicates import Check, ValidationResult
from turnpike.evidence.statement import PAYLOAD_TYPE, Statement, payload_of, statement_about
from turnpike.judge.consistency import BUILD_TEXT
from turnpike.judge.facts import (
    Change,
    Commit,
    Documents,
    Entry,
    Facts,
    Merge,
    PullRequest,
    RecordTip,
    RegistryAnswer,
    Review,
    Tools,
)
from turnpike.manifest.model import MODEL, PredictiveModel
from turnpike.topology.environment import ENVIRONMENT, Environment
from turnpike.topology.key import Key, Role
from turnpike.topology.organisation import ORGANISATION, Organisation

UNHURRIED = settings(deadline=None, max_examples=25)
"""For properties whose every example decides or renders: few of them, however busy the machine."""

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ARTIFACT = digest_of(b"the trained bytes")
RULES = ("approvals_given", "metrics_met")


def object_id(text: str) -> ObjectId:
    """Return an object id that stands for the text."""
    return ObjectId(digest_of(text.encode()).removeprefix("sha256:")[:40])


BASE, HEAD, TREE = object_id("base"), object_id("head"), object_id("tree")

CODEOWNERS = """\
* @platform-owners
/models/oncology/ @oncology
/policies/ @platform-owners @risk-quorum
"""


def organisation() -> Organisation:
    """Return a company of six people."""
    people: list[JsonValue] = [
        {"id": name, "name": name, "email": f"{name}@example.org", "accounts": {"embedded": name}}
        for name in ("maria", "tom", "nora", "grace", "sam", "ida")
    ]
    return ORGANISATION.validate_python(
        {
            "apiVersion": "turnpike.dev/v1",
            "kind": "Organisation",
            "name": "Example",
            "codeownersDialect": "github",
            "people": people,
            "groups": [
                {"name": "oncology", "members": ["maria", "tom"]},
                {"name": "risk-quorum", "members": ["nora"]},
                {"name": "release-managers", "members": ["grace"]},
                {"name": "platform-owners", "members": ["sam", "ida"]},
            ],
            "teams": [
                {
                    "name": "oncology",
                    "group": "oncology",
                    "onCallRotations": ["oncology-models"],
                    "quota": {"cpuMillicores": 100_000, "memoryMebibytes": 200_000},
                }
            ],
            "roles": {
                "platformOwners": "platform-owners",
                "risk": "risk-quorum",
                "releaseManagers": "release-managers",
            },
        },
        strict=False,
    )


def model(risk_tier: str = "high", team: str = "oncology", name: str = "triage") -> PredictiveModel:
    """Return a registered classifier."""
    data: dict[str, JsonValue] = {
        "source": "sklearn:breast_cancer",
        "licence": "CC-BY-4.0",
        "classification": "public",
        "residency": ["EU"],
    }
    manifest = MODEL.validate_python(
        {
            "apiVersion": "turnpike.dev/v1",
            "kind": "predictive",
            "name": name,
            "team": team,
            "description": "Sorts.",
            "intendedUse": "Sorting.",
            "outOfScopeUse": "Anything else.",
            "riskTier": risk_tier,
            "contacts": [{"person": "maria", "role": "owner"}],
            "artifact": {
                "registryModel": f"{team}.{name}",
                "version": "1",
                "digest": ARTIFACT,
                "format": "skops",
            },
            "signature": {
                "inputs": [{"name": "x", "type": "double"}],
                "outputs": [{"name": "y", "type": "long"}],
            },
            "data": {
                "label": "target",
                "training": data,
                "validation": data,
                "validationFraction": 0.3,
                "splitSeed": 1,
            },
            "validation": {
                "task": "binary-classification",
                "thresholds": {"roc_auc": 0.9},
                "margin": {"roc_auc": 0.01},
                "seed": 1,
                "budget": {"latencyMilliseconds": 50, "memoryMebibytes": 512},
            },
            "serving": {
                "runtime": "mlserver",
                "resources": {"cpuMillicores": 500, "memoryMebibytes": 512},
            },
        },
        strict=False,
    )
    assert isinstance(manifest, PredictiveModel)
    return manifest


def environment(name: str, promotes_from: tuple[str, ...] = (), approvals: int = 0) -> Environment:
    """Return an environment with one local target."""
    image = {"repository": "turnpike/image", "tag": "v1"}
    groups = [{"group": "release-managers", "count": approvals}] if approvals else []
    return ENVIRONMENT.validate_python(
        {
            "apiVersion": "turnpike.dev/v1",
            "kind": "Environment",
            "name": name,
            "promotesFrom": list(promotes_from),
            "promotion": "automatic",
            "approvals": groups,
            "soakSeconds": 0,
            "classifications": ["public"],
            "requiresSlo": False,
            "defaults": {"replicas": {"minimum": 1, "maximum": 2}},
            "runtimes": [
                {
                    "family": "mlserver",
                    "servingRuntime": "kserve-mlserver",
                    "modelFormat": "mlflow",
                    "modelFormatVersion": "2",
                    "server": image,
                    "download": image,
                    "verify": image,
                }
            ],
            "targets": [
                {
                    "name": "local",
                    "cloud": "local",
                    "region": "local",
                    "cluster": f"{name}-local",
                    "residency": "EU",
                    "storage": "pvc://artifacts",
                    "images": "registry.local",
                }
            ],
        },
        strict=False,
    )


class RoleKey:
    """A key of one role, held in the test."""

    def __init__(self, role: Role, until: datetime = NOW + timedelta(days=365)) -> None:
        """Make a new key that is valid from a day ago."""
        self._private = Ed25519PrivateKey.generate()
        raw = self._private.public_key().public_bytes_raw()
        self.public = Key(
            api_version="turnpike.dev/v1",
            kind="Key",
            name=f"{role}-1",
            id=digest_of(raw),
            role=role,
            public=base64.b64encode(raw).decode(),
            valid_from=NOW - timedelta(days=1),
            valid_until=until,
        )

    @property
    def key(self) -> Key:
        """Return the public key, as every signer does."""
        return self.public

    def sign(self, statement: Statement) -> Envelope:
        """Return the envelope of a statement."""
        signature = self._private.sign(encode_for_signing(PAYLOAD_TYPE, payload_of(statement)))
        return envelope_of(statement, self.public.id, signature)

    def state(self, predicate_type: str, said: Part, artifact: Digest = ARTIFACT) -> Envelope:
        """Return the envelope of what is said about an artifact, by default the example's."""
        value = to_json(said)
        assert isinstance(value, dict)
        return self.sign(statement_about("oncology/triage", artifact, predicate_type, value))


def run_of(
    view: Digest,
    finished_at: datetime,
    *checks: Check,
    run: Literal["platform", "team"] = "platform",
    isolated: bool = True,
) -> ValidationResult:
    """Return a validation run by its checks, bound to a view of a manifest."""
    return ValidationResult(
        run=run,
        validation_view=view,
        inputs=digest_of(b"image"),
        data=digest_of(b"records"),
        sandbox="container",
        isolated=isolated,
        checks=checks,
        finished_at=finished_at,
    )


def statement(predicate_type: str, predicate: dict[str, JsonValue]) -> Statement:
    """Return a statement about the example's artifact."""
    return statement_about("oncology/triage", ARTIFACT, predicate_type, predicate)


def review(account: str, state: str = "approved", commit: ObjectId = HEAD) -> Review:
    """Return a review, a minute old."""
    return Review.model_validate(
        {
            "account": account,
            "state": state,
            "commit": commit,
            "at": NOW - timedelta(minutes=1),
            "member": True,
        }
    )


def pull_request(*reviews: Review, pushers: tuple[str, ...] = ("maria",)) -> PullRequest:
    """Return maria's pull request."""
    return PullRequest(
        host="embedded",
        number=1,
        title="Add oncology/triage",
        author="maria",
        head=HEAD,
        pushers=pushers,
        reviews=reviews,
    )


def added(path: str, mode: str = "100644", size: int = 100) -> Change:
    """Return a change that adds a file."""
    return Change(
        path=path, plain=True, old=None, new=Entry(mode=mode, object=object_id(path), size=size)
    )


def deleted(path: str) -> Change:
    """Return a change that deletes a file."""
    return Change(
        path=path, plain=True, old=Entry(mode="100644", object=object_id(path), size=9), new=None
    )


def base_documents() -> Documents:
    """Return what stands on main: the company and three environments."""
    return Documents(
        organisation=organisation(),
        codeowners=CODEOWNERS,
        environments={
            "dev": environment("dev"),
            "staging": environment("staging", ("dev",)),
            "production": environment("production", ("staging",), approvals=1),
        },
    )


def model_facts(*reviews: Review, manifest: PredictiveModel | None = None) -> Facts:
    """Return the facts of a pull request that adds one model, with these reviews."""
    chosen = manifest or model()
    folder = f"models/{chosen.key}"
    build = f"{folder}/BUILD"
    return Facts(
        api_version="turnpike.dev/v1",
        kind="Facts",
        clock=NOW,
        tools=Tools(
            git="2.39.5",
            opa="1.0.0",
            turnpike=object_id("platform"),
            policies=digest_of(b"policies"),
            capabilities=digest_of(b"capabilities"),
            rules=RULES,
            schemas=digest_of(b"schemas"),
        ),
        merge=Merge(
            genesis=object_id("genesis"),
            base=BASE,
            head=HEAD,
            base_tree=object_id("base tree"),
            merge_tree=TREE,
        ),
        commits=(
            Commit(
                id=HEAD,
                author="maria@example.org",
                committer="maria@example.org",
                co_authors=(),
            ),
        ),
        changes=(added(f"{folder}/model.yaml"), added(build)),
        unreadable=(),
        base=base_documents(),
        head=Documents(
            models={f"{folder}/model.yaml": chosen},
            contents={build: digest_of(BUILD_TEXT.encode())},
        ),
        keys=(),
        evidence=(),
        admissions=(),
        pull_request=pull_request(*reviews),
        proposed_policies=None,
        registry=(RegistryAnswer(model="oncology.triage", version="1", digest=Digest(ARTIFACT)),),
        earlier=(),
        record=RecordTip(tip=None, previous=None, last_clock=None),
    )


def with_changes(facts: Facts, *changes: Change) -> Facts:
    """Return the facts with other changed paths."""
    return facts.model_copy(update={"changes": changes})
