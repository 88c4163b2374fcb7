"""The folders of terraform/ and what their names mean."""

import re
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
TREE = CHECKOUT / "terraform"
CLOUDS = ("aws", "gcp", "azure")


@dataclass(frozen=True, slots=True)
class Module:
    """One entity on one cloud: modules/<entity>/<cloud>."""

    entity: str
    cloud: str
    folder: Path

    @property
    def name(self) -> str:
        """How a person names it."""
        return f"{self.entity}/{self.cloud}"


def entities(tree: Path) -> list[str]:
    """Every entity with a contract, by name."""
    return sorted(file.parent.name for file in tree.glob("modules/*/contract.yaml"))


def modules(tree: Path, only: frozenset[str] = frozenset()) -> list[Module]:
    """Every module of every entity; `only` holds entities, clouds or entity/cloud names."""
    found = (
        Module(entity, cloud, tree / "modules" / entity / cloud)
        for entity in entities(tree)
        for cloud in CLOUDS
    )
    return [at for at in found if not only or only & {at.entity, at.cloud, at.name}]


@dataclass(frozen=True, slots=True, order=True)
class UsedType:
    """A type that a .tf file uses: its provider, `resource` or `data`, and its name."""

    provider: str
    kind: str
    name: str


def used_types(tree: Path) -> set[UsedType]:
    """The types of all .tf files; one that says `provider =` is that provider's."""
    texts = (file.read_text(encoding="utf-8") for file in sorted(tree.rglob("*.tf")))
    return {at for text in texts for at in _types(text)}


def _types(text: str) -> list[UsedType]:
    found = []
    for block in re.split(r"^(?=\w)", text, flags=re.MULTILINE):
        if head := re.match(r'(resource|data) "(\w+)"', block):
            said = re.search(r"^  provider\s*=\s*([\w-]+)", block, re.MULTILINE)
            provider = said[1] if said else head[2].partition("_")[0]
            found.append(UsedType(provider, head[1], head[2]))
    return found


def roots(tree: Path, only: frozenset[str] = frozenset()) -> list[Path]:
    """Every environment's root for every cloud, by path."""
    found = sorted(file.parent for file in tree.glob("environments/*/*/main.tf"))
    return [at for at in found if not only or only & _names(at)]


def _names(root: Path) -> set[str]:
    cloud, environment = root.name, root.parent.name
    return {cloud, environment, f"{environment}/{cloud}", "environments"}
