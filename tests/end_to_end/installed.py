"""Finds the code that judges in an instance of the product's HEAD, and lets the tests run it.

An instance is judged by an installation of its own base (invariant 3), and the verbs replace their
process where they are not that. So the tests import Turnpike from there, and a verb can be called
without a process of its own. Only the standard library: nothing of Turnpike may be imported before.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PRODUCT = Path(__file__).resolve().parents[2]
_LOCATE = (
    '. "$0/tools/setup/find.sh"; locate "$0"; printf "%s\\n%s\\n" "$TURNPIKE_CACHE" "$TURNPIKE_OPA"'
)
_INSTALL = """
import sys
from pathlib import Path
from turnpike.git.repository import Repository
from turnpike.installation.installation import installation_of
product = Repository(Path(sys.argv[1]))
print(installation_of(product, product.resolve("HEAD")) / "platform")
"""


def use_installation() -> Path:
    """Make ``import turnpike`` find the installation of HEAD; return its source root.

    Sets the cache folder and the pinned OPA as the launcher does, and no setting of the machine's
    Git counts from here on.
    """
    if "turnpike" in sys.modules:
        raise RuntimeError(
            "run tests/end_to_end alone: turnpike is imported from elsewhere already"
        )
    set_up_environment()
    source = _said(sys.executable, "-P", "-c", _INSTALL, str(PRODUCT))
    sys.path.insert(0, source)
    return Path(source)


def told_of_source(source: Path) -> str:
    """Say which code is tested; what is not committed is not."""
    left = len(_said("git", "-C", str(PRODUCT), "status", "--porcelain").splitlines())
    return f"turnpike from {source}; {left} files that are not committed are not tested"


def set_up_environment() -> None:
    """Set cache and pinned OPA as the launcher does; the machine's own Git settings count not."""
    cache, opa = _said("bash", "-c", _LOCATE, str(PRODUCT)).splitlines()
    os.environ["TURNPIKE_CACHE"] = cache
    os.environ["TURNPIKE_OPA"] = opa
    os.environ["PYTHONPATH"] = str(PRODUCT / "platform")
    os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
    os.environ["GIT_CONFIG_NOSYSTEM"] = "1"
    for name in ("TURNPIKE_INSTANCE", "TURNPIKE_AS", "TURNPIKE_TRACE"):
        os.environ.pop(name, None)


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])}: {done.stderr.strip()}")
    return done.stdout.strip()
