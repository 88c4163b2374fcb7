"""A root of Terraform with a module that it calls, and what is none of its inputs."""

from __future__ import annotations

from turnpike.judge.layout import RootKey
from unit.infrastructure.test_lock import GOOD

ROOT = RootKey("dev", "aws")
FILES: dict[str, bytes | None] = {
    f"{ROOT}/main.tf": b'module "a" {\n  source = "../../../modules/a/aws"\n}\n',
    f"{ROOT}/.terraform.lock.hcl": GOOD.encode(),
    "terraform/modules/a/aws/main.tf": b"",
    "terraform/modules/b/aws/main.tf": b"",
    "policies/secret.rego": b"",
}
