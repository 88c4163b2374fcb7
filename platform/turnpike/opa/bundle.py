"""The policies of one commit to a folder that OPA loads: checked once, kept by its digest.

What decides is hashed: rules, library, gate, data, schemas and capabilities. Tests decide nothing,
and the organisation and the keys reach the rules by their input. A kept folder is compared with
the commit's own bytes before it is used, so that a cache that lies is written anew.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from pydantic import JsonValue

from turnpike.documents.canonical import canonical
from turnpike.documents.dates import dates_in
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.documents.strict_yaml import Source, parse
from turnpike.errors import InvalidDocument, Problem, Unavailable
from turnpike.opa.bundle_file import packed
from turnpike.opa.program import Program, clean_environment

POLICIES = "policies/"
CAPABILITIES = "policies/capabilities.json"
INPUT_SCHEMA = "policies/schemas/input.schema.json"
QUERY = "data.turnpike.gate.batch"
ROOTS = ("turnpike/data", "turnpike/gate", "turnpike/library", "turnpike/rules")

_RULE = re.compile(r"policies/(?P<rule>[a-z][a-z0-9_]*)/(?P=rule)\.rego$")
_DATA = re.compile(r"policies/data/(?P<name>[a-z][a-z0-9_]*)\.yaml$")
_DATA_SCHEMA = re.compile(r"policies/data/schemas/(?P<name>[a-z][a-z0-9_]*)\.schema\.json$")
_NO_RULES = frozenset(("gate", "library", "testing"))
_ELSEWHERE = frozenset(("policies/data/organisation.yaml",))
_CHECKED = ".checked"
_PATIENCE_SECONDS = 60.0
_ATTEMPTS = 5

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Checked policies in a folder; ``digest`` names everything that decides."""

    digest: Digest
    capabilities: Digest
    folder: Path
    rules: tuple[str, ...]

    @property
    def policies(self) -> Path:
        """Return the folder that OPA loads as a bundle."""
        return self.folder / "bundle"

    @property
    def schemas(self) -> Path:
        """Return the folder of the schemas that OPA checks paths against."""
        return self.folder / "schemas"

    @property
    def capabilities_file(self) -> Path:
        """Return the file of the built-in functions that policies may call."""
        return self.folder / "capabilities.json"


def policies_in(checkout: Path) -> Files:
    """Return every file below ``policies/`` of a checkout, by its path from the root."""
    found = sorted((checkout / POLICIES).rglob("*"))
    return {str(p.relative_to(checkout)): p.read_bytes() for p in found if p.is_file()}


def rules_in(policies: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the ids of the rules: every folder that holds a rule of its own name."""
    matches = (_RULE.match(path) for path in policies)
    return tuple(sorted({match["rule"] for match in matches if match} - _NO_RULES))


def digest_of_policies(policies: Mapping[str, bytes]) -> Digest:
    """Return the digest of everything that decides: that of its file, see ``packed_policies``."""
    return digest_of(packed_policies(policies))


def packed_policies(policies: Mapping[str, bytes]) -> bytes:
    """Return everything that decides as the bytes of one file; see ``bundle_file.packed``."""
    return packed({path: content for path, content in policies.items() if _decides(path)})


def tested(policies: Mapping[str, bytes]) -> Files:
    """Return what tests of the policies may depend on: all but keys and the organisation.

    Those two the gate reads by itself; OPA is never given them.
    """
    return {path: content for path, content in policies.items() if not _is_read_elsewhere(path)}


def policy_dates(policies: Mapping[str, bytes]) -> tuple[datetime, ...]:
    """Return every date that rules and their data name, at which an answer may change."""
    named = (p for p in policies if _decides(p) and p.endswith((".rego", ".yaml")))
    text = "\n".join(policies[path].decode("utf-8", "replace") for path in named)
    return dates_in(text)


def compile_bundle(policies: Mapping[str, bytes], program: Program, cache: Path) -> Bundle:
    """Return the bundle of these policies; ``policies`` maps paths from the root to bytes.

    Raises InvalidDocument where a rule, its data or a schema is wrong, Unavailable where OPA does
    not run. Folders are kept below ``cache/policies/``.
    """
    digest = digest_of_policies(policies)
    folder = cache / "policies" / f"{digest.removeprefix('sha256:')[:32]}-{program.version}"
    capabilities = digest_of(_required(policies, CAPABILITIES))
    bundle = Bundle(digest, capabilities, folder, rules_in(policies))
    wanted = bundle_files(policies)
    if not _holds(folder, wanted):
        require_valid_data(policies)
        _build(bundle, wanted, program)
    return bundle


def bundle_files(policies: Mapping[str, bytes], *, with_tests: bool = False) -> Files:
    """Return the files of a bundle's folder, by their path in it."""
    rego = {p: c for p, c in policies.items() if p.endswith(".rego")}
    if not with_tests:
        rego = {path: content for path, content in rego.items() if _decides(path)}
    files = {f"bundle/{path.removeprefix(POLICIES)}": content for path, content in rego.items()}
    roots = (*ROOTS, "turnpike/gate_test", "turnpike/testing") if with_tests else ROOTS
    files["bundle/.manifest"] = canonical({"roots": [*roots], "rego_version": 1})
    files["bundle/data.json"] = canonical({"turnpike": {"data": _data(policies)}})
    files["capabilities.json"] = _required(policies, CAPABILITIES)
    return files | _schemas(policies)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def check_folder(folder: Path, program: Program) -> None:
    """Have OPA check a bundle's folder: strictly, against its schemas and capabilities."""
    command = program.command("check", "--strict", "--bundle", "--format", "json")
    command += ["--schema", "schemas", "--capabilities", "capabilities.json", "bundle"]
    try:
        checked = subprocess.run(
            command,
            cwd=folder,
            env=clean_environment(),
            capture_output=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"expected `opa check` to end, got: {error}"
        raise Unavailable(message, solution="Run it again.", code="opa.missing") from error
    if checked.returncode != 0:
        raise InvalidDocument(_complaints(checked.stderr))


def _build(bundle: Bundle, wanted: Files, program: Program) -> None:
    parent = bundle.folder.parent
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix=".new-") as name:
        fresh = Path(name) / "folder"
        write_files(fresh, wanted)
        check_folder(fresh, program)
        (fresh / _CHECKED).write_bytes(b"")
        _replace(fresh, bundle.folder, Path(name) / "old", wanted)


def _replace(fresh: Path, folder: Path, aside: Path, wanted: Files) -> None:
    """Put the fresh folder in place; what another process puts there meanwhile is as good.

    Others do the same at any moment: what stood there may be gone, and what is right may come.
    Raises OSError where something else stands in the way.
    """
    aside.mkdir()
    for number in range(_ATTEMPTS):
        if _holds(folder, wanted):
            return
        with suppress(FileNotFoundError):
            folder.rename(aside / str(number))
        try:
            fresh.rename(folder)
        except OSError:
            if number == _ATTEMPTS - 1:
                raise
        else:
            return


def _holds(folder: Path, wanted: Files) -> bool:
    """Tell whether a kept folder was checked, and holds these very files and no others."""
    if not (folder / _CHECKED).is_file():
        return False
    found = {str(p.relative_to(folder)): p for p in folder.rglob("*") if not p.is_dir()}
    if found.keys() != wanted.keys() | {_CHECKED}:
        return False
    return all((folder / path).read_bytes() == content for path, content in wanted.items())


def _is_read_elsewhere(path: str) -> bool:
    is_key = path.startswith("policies/keys/") and not path.endswith(".rego")
    return is_key or path in _ELSEWHERE


def _decides(path: str) -> bool:
    if path in _ELSEWHERE or path.startswith(("policies/keys/", "policies/testing/")):
        return False
    if path.endswith(".rego"):
        return not path.endswith("_test.rego")
    named = path in (CAPABILITIES, INPUT_SCHEMA)
    return named or any(pattern.match(path) for pattern in (_DATA, _DATA_SCHEMA))


def _required(policies: Mapping[str, bytes], path: str) -> bytes:
    if path not in policies:
        raise InvalidDocument((Problem(path, 0, "", "the file", "nothing"),))
    return policies[path]


def _data(policies: Mapping[str, bytes]) -> dict[str, JsonValue]:
    """Return each data document under its name."""
    return {name: source.value for name, source in _sources(policies)}


def _sources(policies: Mapping[str, bytes]) -> Iterator[tuple[str, Source]]:
    for path in sorted(policies):
        match = _DATA.match(path)
        if match and path not in _ELSEWHERE:
            yield match["name"], parse(policies[path], path)


def require_valid_data(policies: Mapping[str, bytes]) -> None:
    """Raise InvalidDocument where a data document breaks the schema of its name, or has none."""
    for name, source in _sources(policies):
        schema = _required(policies, f"policies/data/schemas/{name}.schema.json")
        _require_valid(source, json.loads(schema))


def _require_valid(source: Source, schema: dict[str, JsonValue]) -> None:
    from jsonschema.validators import Draft7Validator

    problems = []
    for error in Draft7Validator(schema).iter_errors(source.value):
        field = ".".join(str(step) for step in error.absolute_path)
        line = source.line_of(field)
        problems.append(Problem(source.name, line, field, "what its schema says", error.message))
    if problems:
        raise InvalidDocument(tuple(problems))


def _schemas(policies: Mapping[str, bytes]) -> Files:
    rule_input = json.loads(_required(policies, INPUT_SCHEMA))
    batch: JsonValue = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"batch": {"type": "array", "items": rule_input}},
    }
    files = {
        "schemas/input.json": policies[INPUT_SCHEMA],
        "schemas/batch.json": json.dumps(batch).encode(),
    }
    for path, content in policies.items():
        match = _DATA_SCHEMA.match(path)
        if match:
            files[f"schemas/data/{match['name']}.json"] = content
    return files


def _complaints(stderr: bytes) -> tuple[Problem, ...]:
    """Return what ``opa check --format json`` complains about, as places in our own tree."""
    try:
        errors = json.loads(stderr)["errors"]
    except (ValueError, KeyError, TypeError):
        text = stderr.decode(errors="replace").strip()
        return (Problem(POLICIES, 0, "", "Rego that passes opa check --strict", text),)
    return tuple(_complaint(error) for error in errors)


def _complaint(error: dict[str, JsonValue]) -> Problem:
    place = error.get("location")
    location = place if isinstance(place, dict) else {}
    file = PurePosixPath(str(location.get("file", "")))
    inside = file.relative_to("bundle") if file.is_relative_to("bundle") else file
    row = location.get("row")
    details = error.get("details")
    found = f"{error.get('message')}" + (f" {json.dumps(details)}" if details else "")
    line = row if isinstance(row, int) else 0
    return Problem(f"{POLICIES}{inside}", line, "", "Rego that passes opa check --strict", found)
