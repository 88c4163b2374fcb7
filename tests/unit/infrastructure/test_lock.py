"""Before anything of a change is installed, each locked provider is one that main names."""

from __future__ import annotations

import pytest

from turnpike.errors import InputError
from turnpike.infrastructure.lock import require_known_providers
from unit.infrastructure.plans import AWS, table

GOOD = f"""\
# This file is maintained automatically by "terraform init".
provider "{AWS}" {{
  version     = "5.100.0"
  hashes = [
    "h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0=",
  ]
}}
"""


def test_a_known_provider_with_hashes_passes() -> None:
    require_known_providers(GOOD, "lock", table())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        GOOD.replace("hashicorp/aws", "hashicorp/external"),
        GOOD.replace("hashicorp/aws", "evil/aws"),
        GOOD.replace('    "h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0=",\n', ""),
        GOOD + GOOD.replace("hashicorp/aws", "hashicorp/null"),
        GOOD + 'provider "registry.terraform.io/hashicorp/null" {}\n',
        GOOD + "provider registry {\n}\n",
        GOOD + 'provider "registry.terraform.io/hashicorp/null"\n{\n  version = "1"\n}\n',
        GOOD + '/* */ provider "registry.terraform.io/hashicorp/null" {\n}\n',
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        require_known_providers(text, "lock", table())
    assert refused.value.code == "terraform.provider-refused"
