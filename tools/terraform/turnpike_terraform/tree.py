"""The folders of terraform/ and what their names mean."""

from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
TREE = CHECKOUT / "terraform"
CLOUDS = ("aws", "gcp", "azure")
PROVIDERS = {"aws": "aws", "gcp": "google", "azure": "azurerm"}


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


def roots(tree: Path, only: frozenset[str] = frozenset()) -> list[Path]:
    """Every environment's root for every cloud, by path."""
    found = sorted(file.parent for file in tree.glob("environments/*/*/main.tf"))
    return [at for at in found if not only or only & {at.name, at.parent.name, "environments"}]
