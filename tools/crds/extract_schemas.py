"""Puts the schemas of every kind that a deployment may hold into the cache, filed by digest.

Custom kinds come from the CRDs in Go modules pinned by go.sum, Kubernetes' own kinds from the
kubernetes-validate package pinned by the core lock. Both are other people's text, so neither is
committed: what is pinned is the digest of the result.

Usage: python tools/crds/extract_schemas.py [--go GO] CACHE
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.resources
import json
import subprocess
import sys
from pathlib import Path

import yaml
from narrowing import Schema, narrowed

HERE = Path(__file__).resolve().parent
KUBERNETES = "v1.37.0-local-strict"
CUSTOM_KINDS = {
    "github.com/kserve/kserve": ("config/crd/full/serving.kserve.io_inferenceservices.yaml",),
    "github.com/prometheus-operator/prometheus-operator": (
        "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
        "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
    ),
}
OWN_KINDS = {
    "v1/ConfigMap": "configmap-v1",
    "v1/Service": "service-v1",
    "v1/ServiceAccount": "serviceaccount-v1",
    "networking.k8s.io/v1/NetworkPolicy": "networkpolicy-networking-v1",
    "rbac.authorization.k8s.io/v1/Role": "role-rbac-v1",
    "rbac.authorization.k8s.io/v1/RoleBinding": "rolebinding-rbac-v1",
}


def main() -> int:
    """Write the schemas, unless they are there; print where they are."""
    arguments = _arguments()
    wanted = _pinned_digest()
    place: Path = arguments.cache / "schemas" / f"{wanted}.json"
    if not place.exists():
        content = json.dumps(_schemas(arguments.go), sort_keys=True, separators=(",", ":")).encode()
        found = hashlib.sha256(content).hexdigest()
        if found != wanted:
            print(
                f"schemas: expected sha256:{wanted}, got sha256:{found}.\n  next: if go.sum or "
                "the core lock was changed on purpose, set SCHEMAS_DIGEST in "
                "platform/turnpike/rendering/conformance.py to the new digest.",
                file=sys.stderr,
            )
            return 1
        _write(place, content)
    print(place)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--go", default="go", help="the go command (default: go on PATH)")
    parser.add_argument("cache", type=Path, help="the cache folder; schemas/ is made in it")
    return parser.parse_args()


def _pinned_digest() -> str:
    sys.path.insert(0, str(HERE.parent.parent / "platform"))
    from turnpike.rendering.conformance import SCHEMAS_DIGEST

    return SCHEMAS_DIGEST.removeprefix("sha256:")


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(place)


def _schemas(go: str) -> dict[str, Schema]:
    definitions = _definitions()
    metadata: Schema = {"$ref": "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
    found = {kind: _own(file, definitions) for kind, file in OWN_KINDS.items()}
    for folder, files in _modules(go):
        for file in files:
            found |= _custom((folder / file).read_text("utf-8"), metadata, definitions)
    return found


def _modules(go: str) -> list[tuple[Path, tuple[str, ...]]]:
    """Return each module's folder in Go's cache; Go itself compares what it gets with go.sum."""
    command = [go, "mod", "download", "-json", *CUSTOM_KINDS]
    answer = subprocess.run(command, cwd=HERE, check=True, stdout=subprocess.PIPE, text=True)
    decoder, text, folders = json.JSONDecoder(), answer.stdout.strip(), {}
    while text:
        module, end = decoder.raw_decode(text)
        folders[module["Path"]] = Path(module["Dir"])
        text = text[end:].lstrip()
    return [(folders[path], files) for path, files in CUSTOM_KINDS.items()]


def _custom(text: str, metadata: Schema, definitions: dict[str, Schema]) -> dict[str, Schema]:
    """Return the served versions of a CRD, each as ``group/version/kind``."""
    spec = yaml.load(text, Loader=yaml.CSafeLoader)["spec"]
    found: dict[str, Schema] = {}
    for version in spec["versions"]:
        if not version["served"]:
            continue
        schema: Schema = version["schema"]["openAPIV3Schema"]
        key = f"{spec['group']}/{version['name']}/{spec['names']['kind']}"
        found[key] = _whole(schema, metadata, definitions)
    return found


def _own(file: str, definitions: dict[str, Schema]) -> Schema:
    schema = _package_file(f"{file}.json")
    return _whole(schema, _part(_part(schema, "properties"), "metadata"), definitions)


def _whole(schema: Schema, metadata: Schema, definitions: dict[str, Schema]) -> Schema:
    """Return the schema of a whole object as it may stand in Git: named, and without a status."""
    inner = _part(schema, "properties")
    properties = {key: value for key, value in inner.items() if key != "status"}
    whole: Schema = {**schema, "properties": {**properties, "metadata": metadata}}
    required = sorted({"apiVersion", "kind", "metadata", *({"spec"} & set(properties))})
    return {**narrowed(whole, definitions), "required": [*required]}


def _part(schema: Schema, key: str) -> Schema:
    part = schema[key]
    if not isinstance(part, dict):
        raise TypeError(f"expected a mapping at {key}, found {type(part).__name__}")
    return part


def _definitions() -> dict[str, Schema]:
    found = _part(_package_file("_definitions.json"), "$defs")
    return {name: _part(found, name) for name in found}


def _package_file(name: str) -> Schema:
    folder = importlib.resources.files("kubernetes_validate") / "kubernetes-json-schema"
    schema: Schema = json.loads((folder / KUBERNETES / name).read_text("utf-8"))
    return schema


if __name__ == "__main__":
    sys.exit(main())
