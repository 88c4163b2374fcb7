"""The roots of environments/: locked providers, remote locked state, a valid whole."""

import re
from pathlib import Path

from turnpike_terraform.modules import require_aws
from turnpike_terraform.programs import Programs, stand_in_versions
from turnpike_terraform.results import Failure

BACKENDS = {
    "aws": (
        r'backend "s3" \{',
        r"encrypt\s*=\s*true",
        r"use_lockfile\s*=\s*true",
        r"kms_key_id\s*=",
    ),
    "gcp": (r'backend "gcs" \{', r"kms_encryption_key\s*="),  # this backend always locks
    "azure": (r'backend "azurerm" \{', r"use_oidc\s*=\s*true", r"use_azuread_auth\s*=\s*true"),
}


def check_state(root: Path) -> str:
    """The state is remote, locked, encrypted, its own, and reached without a long-lived key."""
    text = (root / "backend.tf").read_text(encoding="utf-8")
    own = f"{root.parent.name}/{root.name}"
    forms = (*BACKENDS[root.name], rf'(key|prefix)\s*=\s*"{own}"')
    missing = [form for form in forms if not re.search(form, text)]
    if missing:
        raise Failure(f"{root}/backend.tf: expected {', '.join(missing)}")
    if found := re.search(r"access_key|secret_key|sas_token|credentials\s*=|client_secret", text):
        raise Failure(f"{root}/backend.tf: expected no long-lived key, found {found[0]}")
    return ""


def check_locked(root: Path) -> str:
    """Every provider has one exact version, here and in the lock file, with at least one hash."""
    pins = dict(
        re.findall(r'source\s*=\s*"(hashicorp/[\w-]+)"\s+version\s*=\s*"([^"]+)"', _texts(root))
    )
    lock = (root / ".terraform.lock.hcl").read_text(encoding="utf-8")
    locked = _locked(lock)
    for name, version in pins.items():
        found, hashes = locked.get(name, ("nothing", 0))
        if not re.fullmatch(r"\d+\.\d+\.\d+", version) or found != version or not hashes:
            raise Failure(
                f"{root}/.terraform.lock.hcl: {name}: expected {version} with hashes, found {found}"
            )
    if set(locked) != set(pins):
        raise Failure(f"{root}: pins {sorted(pins)}, lock file has {sorted(locked)}")
    return f"{len(pins)} providers"


def validate_root(programs: Programs, root: Path, scratch: Path) -> str:
    """Initialise a copy without its backend and validate the whole configuration."""
    require_aws(programs, root.name)
    _unlock_stand_ins(root / ".terraform.lock.hcl")
    settings = programs.settings(scratch, overriding=False)
    for command in (["init", "-backend=false", "-no-color"], ["validate", "-no-color"]):
        code, said = programs.run(command, root, **settings)
        if code != 0:
            raise Failure(said[-4000:])
    return ""


def _texts(root: Path) -> str:
    return "\n".join(file.read_text("utf-8") for file in sorted(root.glob("*.tf")))


def _locked(lock: str) -> dict[str, tuple[str, int]]:
    blocks = re.findall(
        r'^provider "registry\.terraform\.io/(\S+)" \{\n\s+version\s+= "(\S+)"(.*?)^\}',
        lock, re.MULTILINE | re.DOTALL,
    )  # fmt: skip
    return {
        name: (version, len(re.findall(r'"(?:h1|zh):', rest))) for name, version, rest in blocks
    }


def _unlock_stand_ins(lock: Path) -> None:
    """A stand-in has other bytes than the provider it plays; AWS' own stays locked by its hash."""
    text = lock.read_text(encoding="utf-8")
    for name in stand_in_versions():
        block = rf'^provider "[^"]+/hashicorp/{name}" \{{\n.*?^\}}\n*'
        text = re.sub(block, "", text, flags=re.MULTILINE | re.DOTALL)
    lock.write_text(text, encoding="utf-8")
