"""The schemas of what a deployment may hold: other people's text, so kept in the cache only."""

import re
from pathlib import Path

from turnpike_setup.building import Workshop, held
from turnpike_setup.environments import PYTHON, ensure_environment
from turnpike_setup.errors import SetupError
from turnpike_setup.go import ensure_go
from turnpike_setup.layout import CHECKOUT, Layout
from turnpike_setup.progress import step

PIN = CHECKOUT / "platform" / "turnpike" / "rendering" / "conformance.py"
PROGRAM = CHECKOUT / "tools" / "crds" / "extract_schemas.py"


def schemas_path(layout: Layout) -> Path:
    """The file of the schemas, named after the digest that the code pins."""
    pin = re.search(
        r'^SCHEMAS_DIGEST = Digest\("sha256:([0-9a-f]{64})"\)$',
        PIN.read_text("utf-8"),
        re.MULTILINE,
    )
    if pin is None:
        raise SetupError(f"expected a line SCHEMAS_DIGEST in {PIN}", f"git checkout -- {PIN}")
    return layout.cache / "schemas" / f"{pin[1]}.json"


def ensure_schemas(layout: Layout) -> Path:
    """Extract the schemas from their pinned sources unless they are there; return the file."""
    file = schemas_path(layout)
    if not file.exists():
        with held(file) as lock:
            _extract(layout, Workshop(file.parent, lock))
    return file


def _extract(layout: Layout, workshop: Workshop) -> None:
    python = ensure_environment(layout, "core") / PYTHON
    go = ensure_go(layout)
    with step("schemas", "extracting the schemas of Kubernetes, KServe and Prometheus"):
        workshop.run([python, PROGRAM, "--go", go, layout.cache], layout.environ)
