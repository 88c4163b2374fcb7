"""Where things are: the checkout, the cache, and the name of each part in it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
LOCKS = CHECKOUT / "tools" / "locks"
OPA_MODULE = CHECKOUT / "tools" / "opa"


def cache_folder(environ: Mapping[str, str]) -> Path:
    """The folder that holds all that is built, by `TURNPIKE_CACHE`, then the XDG convention."""
    if named := environ.get("TURNPIKE_CACHE"):
        return Path(named).absolute()
    base = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME", "~"), ".cache")
    return Path(base).expanduser().absolute() / "turnpike"


def digest_of(*files: Path) -> str:
    """First 16 hexadecimal digits of the SHA-256 of the files' bytes, one after the other."""
    together = hashlib.sha256()
    for file in files:
        together.update(file.read_bytes())
    return together.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Layout:
    """The cache of one run of the set-up, and the environment it runs in."""

    cache: Path
    environ: Mapping[str, str]

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Layout":
        """Read the layout from a process environment."""
        return cls(cache_folder(environ), environ)

    def environment(self, family: str, python: str) -> Path:
        """Folder of a family's environment; the launchers compute the same name in shell."""
        return self.cache / "environments" / f"{family}-{lock_digest(family)}-py{python}"

    def opa(self) -> Path:
        """Where the pinned OPA is, once built."""
        return self.cache / "opa" / digest_of(OPA_MODULE / "go.sum") / "opa"

    def pex(self) -> Path:
        """Folder of the Pex command-line program that Pants uses, and of its description."""
        return self.cache / "pex" / lock_digest("pex")

    def rootfs(self) -> Path:
        """Folder of the base file systems from which validation images are made."""
        return self.cache / "rootfs"


def lock_of(family: str) -> Path:
    """The lock file of a family."""
    return LOCKS / f"{family}.lock"


def lock_digest(family: str) -> str:
    """The digest that names everything built from a family's lock."""
    return digest_of(lock_of(family))
