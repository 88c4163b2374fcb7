"""The monorepo that is measured: N models as teams would write them, each like no other.

Everything follows from the number of a model, so that two runs write the same manifests, cards,
statements and releases; only keys, and so signatures, are the instance's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from string import Template

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.documents.reading import read
from turnpike.git.pack import object_id
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel

TEAMS = 40
TIERS = ("low", "medium", "high")
FEATURES = ("age", "systolic pressure", "resting heart rate", "body mass index", "creatinine",
            "haemoglobin", "platelets", "prior admissions")  # fmt: skip
TARGETS = ("aws-eu", "gcp-eu", "azure-eu")
BUILD = b"turnpike_model()\n"
CHECK = b'''"""Predictions may not move when a record is asked about twice."""


def check(predict, records):
    first, second = predict(records), predict(records)
    assert (first == second).all()
'''
TRAIN = b'''"""Train the model on the split that the platform hands over."""

from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def train(features, labels, seed):
    model = make_pipeline(StandardScaler(), LogisticRegression(random_state=seed))
    return model.fit(features, labels)
'''


def team_name(number: int) -> str:
    """Return the name of a team."""
    return f"team-{chr(ord('a') + number // 10)}{number % 10}"


_MANIFEST = Template("""\
# yaml-language-server: $$schema=../../../docs/schemas/model.schema.json
apiVersion: turnpike.dev/v1
kind: predictive
name: $name
team: $team
description: >-
  Estimates the risk of readmission within thirty days for cohort $cohort.
intendedUse: >-
  A hint for the discharge nurse, who decides alone.
outOfScopeUse: Children, intensive care, insurance.
riskTier: $tier # as agreed with clinical risk
lifecycle: active
contacts:
  - person: ${team}-author
    role: data scientist
onCall:
  rotation: ${team}-on-call
  channel: "#$team"
artifact:
  registryModel: ${team}.$name
  version: "1"
  digest: $artifact
  format: skops
signature:
  inputs:
$columns
  outputs:
    - { name: readmitted, type: long, minimum: 0.0, maximum: 1.0 }
data:
  label: readmitted
$sets
  validationFraction: 0.3
  splitSeed: $number
validation:
  task: binary-classification
  thresholds:
    roc_auc: 0.9
    balanced_accuracy: 0.85
  slices:
    - name: elderly
      column: age
      operator: ">="
      value: 65.0
      thresholds: { balanced_accuracy: 0.8 }
  margin:
    roc_auc: 0.01
    balanced_accuracy: 0.02
  seed: $number
  budget:
    latencyMilliseconds: 50.0
    memoryMebibytes: 1024.0
  checks: [repeatability]
serving:
  runtime: mlserver
  resources:
    cpuMillicores: 500
    memoryMebibytes: 1024
slo:
  availabilityPercent: 99.5
  latencyP95Milliseconds: 200.0
monitoring:
  drift:
    - feature: age
      statistic: psi
      threshold: 0.2
  decay:
    metric: balanced_accuracy
    threshold: 0.8
    labelDelayDays: 28
consumers:
  - application: discharge-planner
    contact: ${team}-author
    purpose: Sorts the morning list.
""")


@dataclass(frozen=True)
class Sample:
    """One model of the workload, by its number."""

    number: int

    @property
    def team(self) -> str:
        """Return the team that owns it."""
        return team_name(self.number % TEAMS)

    @property
    def name(self) -> str:
        """Return its name, like no other's."""
        return f"risk-score-{self.number:05}"

    @property
    def key(self) -> str:
        """Return ``team/model``."""
        return f"{self.team}/{self.name}"

    @property
    def tier(self) -> str:
        """Return its risk tier."""
        return TIERS[self.number % len(TIERS)]

    @property
    def artifact(self) -> Digest:
        """Return the digest that its artifact would have."""
        return Digest("sha256:" + sha256(f"artifact {self.number}".encode()).hexdigest())

    @property
    def folder(self) -> str:
        """Return the folder of its files."""
        return f"models/{self.key}"

    @cached_property
    def manifest(self) -> bytes:
        """Return the bytes of its manifest."""
        return manifest_text(self).encode()

    @property
    def blob(self) -> ObjectId:
        """Return the Git blob of its manifest."""
        return object_id("blob", self.manifest)

    @cached_property
    def model(self) -> PredictiveModel | GenerativeModel:
        """Return its manifest as the judge reads it."""
        return read(MODEL, self.manifest, f"{self.folder}/model.yaml")

    def places(self) -> Iterator[tuple[str, str]]:
        """Yield where it is deployed: all in dev, a tenth also in staging, half of these live."""
        target = TARGETS[self.number % len(TARGETS)]
        yield "dev", target
        if self.number % 10 == 0:
            yield "staging", target
        if self.number % 20 == 0:
            yield "production", target

    def files(self) -> Mapping[str, bytes]:
        """Return the files of its folder, by path."""
        files = {
            "model.yaml": self.manifest,
            "card.md": card_text(self).encode(),
            "BUILD": BUILD,
            "train.py": TRAIN,
            "checks/repeatability.py": CHECK,
        }
        return {f"{self.folder}/{name}": content for name, content in files.items()}


def samples(count: int) -> list[Sample]:
    """Return the models of a workload of that size."""
    return [Sample(number) for number in range(count)]


def _digest(text: str) -> str:
    return "sha256:" + sha256(text.encode()).hexdigest()


def manifest_text(one: Sample) -> str:
    """Return a manifest of some seventy lines, with a comment where people put one."""
    columns = (
        f"    - {{ name: {name}, type: double, minimum: 0.0, maximum: {100.0 + one.number % 50} }}"
        for name in FEATURES
    )
    sets = (
        f'  {part}:\n    source: "warehouse:cohort-{one.number:05}"\n'
        f"    digest: {_digest(f'{part} {one.number}')}\n    licence: CC-BY-4.0\n"
        "    classification: internal\n    residency: [EU, US]"
        for part in ("training", "validation")
    )
    return _MANIFEST.substitute(
        name=one.name, team=one.team, tier=one.tier, artifact=one.artifact, number=one.number,
        cohort=f"{one.number:05}", columns="\n".join(columns), sets="\n".join(sets),
    )  # fmt: skip


def card_text(one: Sample) -> str:
    """Return a model card with every section that any tier asks for."""
    sections = ("Intended use", "Out-of-scope use", "Data", "Performance", "Limitations",
                "Ethical considerations", "Contacts")  # fmt: skip
    body = "\n".join(
        f"## {s}\nWhat cohort {one.number:05} needs to be said of it.\n" for s in sections
    )
    return f"# Risk score {one.number:05}\n\n{body}"


def organisation_text() -> bytes:
    """Return an organisation of forty teams of three, and those who answer for the rest."""
    offices = ("risk-quorum", "release-managers", "platform-owners")
    groups: dict[str, tuple[str, ...]] = {name: (f"{name}-one", f"{name}-two") for name in offices}
    for name in map(team_name, range(TEAMS)):
        groups[name] = (f"{name}-author", f"{name}-reviewer", f"{name}-lead")
    lines = [
        "apiVersion: turnpike.dev/v1",
        "kind: Organisation",
        "name: Bench",
        "codeownersDialect: github",
    ]
    lines.append("people:")
    for person in (person for members in groups.values() for person in members):
        lines += [f"  - id: {person}", f"    name: {person}", f"    email: {person}@bench.example",
                  "    accounts:", f"      embedded: {person}"]  # fmt: skip
    lines += ["bots:", "  - id: turnpike-bot", "    email: turnpike-bot@bench.example", "groups:"]
    for group, members in groups.items():
        lines += [
            f"  - name: {group}",
            "    members:",
            *(f"      - {person}" for person in members),
        ]
    lines.append("teams:")
    for name in map(team_name, range(TEAMS)):
        lines += [f"  - name: {name}", f"    group: {name}", "    onCallRotations:",
                  f"      - {name}-on-call", "    quota:", "      cpuMillicores: 100000000",
                  "      memoryMebibytes: 100000000"]  # fmt: skip
    lines += ["roles:", "  platformOwners: platform-owners", "  risk: risk-quorum",
              "  releaseManagers: release-managers"]  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def codeowners_text() -> bytes:
    """Return who owns what: each team its models and the settings of their deployments."""
    teams = [team_name(number) for number in range(TEAMS)]
    lines = ["* @platform-owners", *(f"/models/{name}/ @{name}" for name in teams)]
    lines += ["/environments/ @platform-owners", *(f"/environments/*/*/{n}/ @{n}" for n in teams)]
    lines += [
        "/policies/ @platform-owners @risk-quorum",
        "/CODEOWNERS @platform-owners @risk-quorum",
    ]
    return ("\n".join(lines) + "\n").encode()
