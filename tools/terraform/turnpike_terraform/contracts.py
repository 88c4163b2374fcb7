"""Contracts: every cloud's module of an entity has the same inputs and outputs.

contract.yaml is the source. variables.tf is written from it; the check parses the .tf files and
compares names, types, descriptions, defaults and validations, however they were written.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from hcl2.api import loads
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from turnpike_terraform.results import Failure
from turnpike_terraform.tree import Module

Sentence = Annotated[str, Field(min_length=12, pattern=r"^\S.*\.$")]
STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


class Validation(BaseModel):
    """One condition on a variable, and what to say when it is not met."""

    model_config = STRICT
    condition: str
    message: Sentence


class Input(BaseModel):
    """One variable; without `default` it must be given."""

    model_config = STRICT
    type: str
    description: Sentence
    default: str | None = None  # as HCL
    validations: list[Validation] = Field(default_factory=list)
    of_cloud: dict[str, list[Validation]] = Field(default_factory=dict)

    def conditions(self, cloud: str) -> list[Validation]:
        """What this cloud's module must check."""
        return [*self.validations, *self.of_cloud.get(cloud, [])]


class Output(BaseModel):
    """One output."""

    model_config = STRICT
    description: Sentence


class Contract(BaseModel):
    """What every module of an entity takes and gives."""

    model_config = STRICT
    purpose: Sentence
    inputs: dict[str, Input]
    outputs: dict[str, Output]
    differences: dict[str, Sentence] = Field(default_factory=dict)


class Common(BaseModel):
    """What every module of every entity takes."""

    model_config = STRICT
    inputs: dict[str, Input]


Document = TypeVar("Document", Common, Contract)


def contract_of(folder: Path) -> Contract:
    """The contract of an entity, with the common inputs in front.

    Raises:
        Failure: a file is no YAML, or not of the form of a contract.
    """
    common = _read(folder.parent / "common.yaml", Common)
    own = _read(folder / "contract.yaml", Contract)
    return own.model_copy(update={"inputs": common.inputs | own.inputs})


def _read(file: Path, kind: type[Document]) -> Document:
    try:
        return kind.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise Failure(f"{file}: {error}") from None


def variables_text(contract: Contract, cloud: str) -> str:
    """variables.tf, as the contract says."""
    blocks = [_variable(name, at, cloud) for name, at in contract.inputs.items()]
    return "# Written from ../contract.yaml by `tools/terraform/check --write`.\n\n" + "\n".join(
        blocks
    )


def _variable(name: str, given: Input, cloud: str) -> str:
    lines = [f'variable "{name}" {{', f"type={given.type.strip()}",
             f"description={json.dumps(given.description)}"]  # fmt: skip
    if given.default is not None:
        lines.append(f"default={given.default}")
    lines.append("nullable=false")
    for check in given.conditions(cloud):
        lines += ["\nvalidation {", f"condition={check.condition.strip()}",
                  f"error_message={json.dumps(check.message)}", "}"]  # fmt: skip
    return "\n".join([*lines, "}\n"])


@dataclass(frozen=True, slots=True)
class Declared:
    """A variable or an output as a .tf file declares it; expressions with no spaces."""

    name: str
    facts: tuple[tuple[str, str], ...]
    conditions: tuple[tuple[str, str], ...] = ()


def check_module(module: Module) -> str:
    """Compare a module's .tf files with its contract.

    Raises:
        Failure: every difference, each with file, name, expected and found.
    """
    contract = contract_of(module.folder.parent)
    expected_inputs = {n: _expected(n, at, module.cloud) for n, at in contract.inputs.items()}
    expected_outputs = {
        n: Declared(n, (("description", at.description),)) for n, at in contract.outputs.items()
    }
    found = _parsed(module.folder)
    problems = [
        *_differences("input", expected_inputs, found["variable"]),
        *_differences("output", expected_outputs, found["output"]),
        *_unvalidated(contract, module.cloud),
    ]
    if problems:
        raise Failure("\n".join(f"{module.name}: {problem}" for problem in problems))
    return f"{len(expected_inputs)} inputs, {len(expected_outputs)} outputs"


def _expected(name: str, given: Input, cloud: str) -> Declared:
    facts = [("type", _bare(given.type)), ("description", given.description)]
    if given.default is not None:
        facts.append(("default", _bare(given.default)))
    conditions = tuple((_bare(c.condition), c.message) for c in given.conditions(cloud))
    return Declared(name, tuple(facts), conditions)


def _parsed(folder: Path) -> dict[str, dict[str, Declared]]:
    found: dict[str, dict[str, Declared]] = {"variable": {}, "output": {}}
    for file in sorted(folder.glob("*.tf")):
        for kind, name, body in _blocks(file.read_text(encoding="utf-8")):
            found[kind][name] = _declared(kind, name, body)
    return found


def _blocks(text: str) -> list[tuple[str, str, str]]:
    """Variables and outputs with their bodies, as text; hcl2 proves that the file is whole."""
    loads(text)
    pattern = re.compile(r'^(variable|output) "(\w+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
    return pattern.findall(text)


def _declared(kind: str, name: str, body: str) -> Declared:
    plain, *checks = re.split(r"^  validation \{\n", body, flags=re.MULTILINE)
    wanted = ("type", "description", "default") if kind == "variable" else ("description",)
    facts = tuple((key, value) for key, value in _arguments(plain, "  ") if key in wanted)
    order = {key: place for place, key in enumerate(wanted)}
    conditions = []
    for check in checks:
        parts = dict(_arguments(check, "    "))
        conditions.append((parts.get("condition", ""), parts.get("error_message", "")))
    return Declared(name, tuple(sorted(facts, key=lambda at: order[at[0]])), tuple(conditions))


def _arguments(body: str, indent: str) -> list[tuple[str, str]]:
    following = rf"(?:\n(?!{indent}\w|{indent[2:]}\}}).*)*"
    pattern = re.compile(rf"^{indent}(\w+) *= (.*{following})", re.MULTILINE)
    return [(key, _value(key, value)) for key, value in pattern.findall(body)]


def _value(key: str, written: str) -> str:
    if key in {"description", "error_message"}:
        return str(json.loads(written.strip()))
    return _bare(written)


def _bare(expression: str) -> str:
    return re.sub(r"\s+|,(?=\s*[\])}])", "", expression)


def _differences(kind: str, expected: dict[str, Declared], found: dict[str, Declared]) -> list[str]:
    problems = [
        f"{kind} {n}: expected by the contract, not declared" for n in expected if n not in found
    ]
    problems += [f"{kind} {n}: declared, not in the contract" for n in found if n not in expected]
    problems += [
        f"{kind} {name}: expected {expected[name]}, found {found[name]}"
        for name in expected
        if name in found and expected[name] != found[name]
    ]
    return problems


def _unvalidated(contract: Contract, cloud: str) -> list[str]:
    return [
        f"input {name}: has no validation; type bool is the only one that needs none"
        for name, given in contract.inputs.items()
        if given.type != "bool" and not given.conditions(cloud)
    ]
