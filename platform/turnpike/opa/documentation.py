"""The pages of ``docs/policies/``, made from the rules' METADATA and the names of their tests."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from turnpike.errors import InvalidDocument, Problem, Unavailable
from turnpike.opa.bundle import Bundle
from turnpike.opa.program import Program, clean_environment

FOLDER = "docs/policies"
_TEST = re.compile(rb"^test_([a-z0-9_]+)", re.MULTILINE)


@checked_dataclass(frozen=True, slots=True)
class Step:
    """One step of a path in OPA's own syntax tree."""

    value: str


@checked_dataclass(frozen=True, slots=True)
class Resource:
    """A page that says more."""

    ref: str
    description: str = ""


@checked_dataclass(frozen=True, slots=True)
class Custom:
    """What Turnpike adds to OPA's METADATA: of a rule's package, or of one of its denials."""

    applies_to: tuple[str, ...] = ()
    severity: str = ""
    data: str = ""
    code: str = ""
    solution: str = ""
    yields_to: tuple[str, ...] = ()


@checked_dataclass(frozen=True, slots=True)
class Annotations:
    """The METADATA of a package or of a rule."""

    scope: str
    title: str = ""
    description: str = ""
    related_resources: tuple[Resource, ...] = ()
    custom: Custom = Custom()


@checked_dataclass(frozen=True, slots=True)
class Annotated:
    """METADATA and the path of what it stands on."""

    annotations: Annotations
    path: tuple[Step, ...] = ()

    @property
    def rule(self) -> str:
        """Return the id of the policy rule that it belongs to, or nothing."""
        steps = [step.value for step in self.path]
        return steps[3] if steps[:3] == ["data", "turnpike", "rules"] and len(steps) > 3 else ""


@checked_dataclass(frozen=True, slots=True)
class Inspection:
    """The part of ``opa inspect`` that is read."""

    annotations: tuple[Annotated, ...] = Field(default=())


@dataclass(frozen=True, slots=True)
class Rule:
    """Everything that METADATA says of one policy rule, and what its tests show."""

    id: str
    about: Annotations
    denials: tuple[Annotations, ...]
    tests: tuple[str, ...]


_INSPECTION: TypeAdapter[Inspection] = TypeAdapter(Inspection)


def documentation(
    bundle: Bundle, program: Program, policies: Mapping[str, bytes]
) -> dict[str, str]:
    """Return the text of every page by its path: one a rule, and an index.

    Raises InvalidDocument where a rule lacks a part of its METADATA.
    """
    rules = documented_rules(bundle, program, policies)
    pages = {f"{FOLDER}/{rule.id}.md": _page(rule) for rule in rules}
    return {f"{FOLDER}/README.md": _index(rules), **pages}


def documented_rules(
    bundle: Bundle, program: Program, policies: Mapping[str, bytes]
) -> tuple[Rule, ...]:
    """Return the rules of a bundle with their METADATA; raises InvalidDocument where some lacks."""
    inspected = _inspect(bundle, program)
    return tuple(_rule(name, inspected, policies) for name in bundle.rules)


def _inspect(bundle: Bundle, program: Program) -> tuple[Annotated, ...]:
    command = program.command("inspect", "--annotations", "--format", "json", "bundle")
    said = subprocess.run(
        command, cwd=bundle.folder, env=clean_environment(), capture_output=True, check=False
    )
    try:
        return _INSPECTION.validate_json(said.stdout).annotations
    except ValidationError as error:
        message = f"expected `opa inspect` to list METADATA, got: {said.stderr.decode()[:200]}"
        raise Unavailable(message, code="opa.wrong-shape") from error


def _rule(name: str, inspected: Iterable[Annotated], policies: Mapping[str, bytes]) -> Rule:
    own = [one.annotations for one in inspected if one.rule == name]
    packages = [one for one in own if one.scope == "package"]
    denials = tuple(one for one in own if one.scope == "rule" and one.custom.code)
    path = f"policies/{name}/{name}.rego"
    about = packages[0] if packages else Annotations(scope="package")
    _require(path, "package", about.title, about.description, about.custom.severity)
    _require(path, "applies_to", *(about.custom.applies_to or ("",)))
    _require(path, "a code", *([one.custom.code for one in denials] or [""]))
    _require(
        path, "title and solution", *(t for d in denials for t in (d.title, d.custom.solution))
    )
    tests = _TEST.findall(policies.get(f"policies/{name}/{name}_test.rego", b""))
    return Rule(name, about, denials, tuple(test.decode() for test in tests))


def _require(path: str, place: str, *texts: str) -> None:
    if not all(texts):
        problem = Problem(path, 0, f"METADATA of {place}", "a text", "nothing")
        raise InvalidDocument((problem,))


def _index(rules: Iterable[Rule]) -> str:
    lines = [
        "# Policies",
        "",
        "Every rule that judges a change, generated from the METADATA beside it by",
        "`turnpike policy docs`. A rule denies; what no rule denies still needs its approvals.",
        "",
        "| rule | asks about | codes |",
        "|---|---|---|",
    ]
    for rule in rules:
        codes = ", ".join(f"`{denial.custom.code}`" for denial in rule.denials)
        asked = ", ".join(rule.about.custom.applies_to)
        lines.append(f"| [{rule.about.title}]({rule.id}.md) | {asked} | {codes} |")
    return "\n".join(lines) + "\n"


def _page(rule: Rule) -> str:
    source = f"../../policies/{rule.id}/{rule.id}"
    parts = [
        f"# {rule.about.title}",
        rule.about.description,
        _facts(rule),
        "## What it denies",
        *(_denial(denial) for denial in rule.denials),
        "## What its tests show",
        "\n".join(f"- {test.replace('_', ' ')}" for test in rule.tests),
        f"[The rule]({source}.rego) and [its tests]({source}_test.rego).",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(rule: Rule) -> str:
    custom = rule.about.custom
    rows = [
        ("rule", f"`{rule.id}`"),
        ("asks about", ", ".join(custom.applies_to)),
        ("severity", custom.severity),
        ("reads", f"`{custom.data}`" if custom.data else ""),
        ("see also", ", ".join(_link(one) for one in rule.about.related_resources)),
    ]
    return "\n".join(["| | |", "|---|---|", *(f"| {k} | {v} |" for k, v in rows if v)])


def _link(resource: Resource) -> str:
    target = resource.ref if "://" in resource.ref else f"../../{resource.ref}"
    return f"[{resource.description or resource.ref}]({target})"


def _denial(denial: Annotations) -> str:
    said = f"### `{denial.custom.code}`\n\n{denial.title}.\n\nNext step: {denial.custom.solution}"
    excuses = " or ".join(denial.custom.yields_to)
    return f"{said}\n\nYields to: {excuses}." if excuses else said
