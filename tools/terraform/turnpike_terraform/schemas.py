"""The committed schemas hold what the modules use, and nothing else."""

import re
from pathlib import Path

from turnpike_terraform.programs import schemas, stand_in_versions
from turnpike_terraform.results import Failure


def check_schemas(tree: Path) -> str:
    """Compare the types in schemas.json with those that .tf files use, and versions with pins."""
    used, held = _used(tree), _held()
    problems = [f"{name}: used, not in schemas.json: `tools/terraform/check --derive`"
                for name in sorted(used - held)]  # fmt: skip
    problems += [f"{name}: in schemas.json, used by no module" for name in sorted(held - used)]
    problems += _other_pins(tree)
    if problems:
        raise Failure("\n".join(problems))
    return f"{len(held)} types"


def _used(tree: Path) -> set[str]:
    texts = [file.read_text(encoding="utf-8") for file in tree.rglob("*.tf")]
    found = {
        at for text in texts for at in re.findall(r'^(resource|data) "(\w+)"', text, re.MULTILINE)
    }
    return {f"{kind} {name}" for kind, name in found if name.partition("_")[0] in schemas()}


def _held() -> set[str]:
    kinds = (("resources", "resource"), ("data", "data"))
    return {
        f"{kind} {name}"
        for parts in schemas().values()
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
