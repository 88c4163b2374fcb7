"""The committed schemas hold what the modules use, and nothing else."""

import re
from pathlib import Path

from turnpike_terraform.programs import schemas, stand_in_versions
from turnpike_terraform.results import Failure
from turnpike_terraform.tree import UsedType, used_types


def check_schemas(tree: Path) -> str:
    """Compare the types in schemas.json with those that .tf files use, and versions with pins."""
    used, held = _used(tree), _held()
    problems = [f"{_named(at)}: used, not in schemas.json: `tools/terraform/check --derive`"
                for at in sorted(used - held)]  # fmt: skip
    problems += [f"{_named(at)}: in schemas.json, used by no module" for at in sorted(held - used)]
    problems += _other_pins(tree)
    if problems:
        raise Failure("\n".join(problems))
    return f"{len(held)} types"


def _named(at: UsedType) -> str:
    return f"{at.provider}: {at.kind} {at.name}"


def _used(tree: Path) -> set[UsedType]:
    return {at for at in used_types(tree) if at.provider in schemas()}


def _held() -> set[UsedType]:
    kinds = (("resources", "resource"), ("data", "data"))
    return {
        UsedType(provider, kind, name)
        for provider, parts in schemas().items()
        for key, kind in kinds
        for name in parts[key]
    }


def _other_pins(tree: Path) -> list[str]:
    problems = []
    for name, version in stand_in_versions().items():
        form = re.compile(rf'"hashicorp/{name}"\s+version\s*=\s*"([^"]+)"')
        for file in sorted(tree.rglob("versions.tf")):
            problems += [
                f"{file}: expected {name} {version}, as schemas.json, found {pin}"
                for pin in form.findall(file.read_text(encoding="utf-8"))
                if pin != version
            ]
    return problems
