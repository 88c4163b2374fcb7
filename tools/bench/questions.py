"""What the peers are asked: the very inputs that a sweep puts to OPA, and main's manifests."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from turnpike.change.conformance import schemas_file
from turnpike.cli.sweeping import sweep_of
from turnpike.cli.wiring import House
from turnpike.documents.canonical import canonical, to_json
from turnpike.installation.naming import cache_folder
from turnpike.instance.locate import open_instance
from turnpike.judge.policy_input import Answer, PolicyInput, SubjectAnswer

MAIN = "refs/heads/main"


@dataclass(frozen=True)
class Asked:
    """Where the peers find what they are asked, and the gate's own OPA."""

    inputs: Path
    manifests: Path
    schemas: Path
    bundle: Path
    opa: Path


@dataclass
class _Writer:
    """Answers like rules that deny nothing, and keeps each question as a file."""

    folder: Path
    rules: tuple[str, ...]
    written: int = 0

    def ask(self, batch: tuple[PolicyInput, ...]) -> Answer:
        """Write the questions of a batch; every rule has nothing against any of them."""
        for one in batch:
            (self.folder / f"{self.written:06}.json").write_bytes(canonical(to_json(one)))
            self.written += 1
        return Answer(results=tuple(SubjectAnswer(rules=self.rules, denials=()) for _ in batch))


def write_questions(instance: Path, folder: Path) -> Asked:
    """Write the inputs, the manifests, the rules and the schemas into a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    house = House(open_instance(instance))
    policies = house.policies()
    asked = Asked(
        folder / "inputs",
        folder / "manifests",
        folder / "schemas",
        folder / "bundle",
        policies.program.path,
    )
    shutil.copytree(policies.bundle.policies, asked.bundle)
    asked.inputs.mkdir()
    writer = _Writer(asked.inputs, policies.bundle.rules)
    replace(sweep_of(house, MAIN), ask=writer.ask, cache=None, processes=1).run()
    paths = [p for p in house.host.files(MAIN, ["environments"]) if p.endswith("manifests.yaml")]
    house.host.materialise(MAIN, paths, asked.manifests)
    _write_schemas(asked.schemas)
    return asked


def _write_schemas(folder: Path) -> None:
    """Write each cached schema under the name by which kubeconform looks for it."""
    folder.mkdir()
    kinds = json.loads(schemas_file(cache_folder()).read_bytes())
    for name, schema in kinds.items():
        version, _, kind = name.rpartition("/")
        file = f"{kind.lower()}_{version.rpartition('/')[2]}.json"
        (folder / file).write_text(json.dumps(schema))
