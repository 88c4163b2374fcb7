"""The committed files that follow from something else: schema, capabilities, pages."""

from __future__ import annotations

from pathlib import Path

from turnpike.opa.bundle import CAPABILITIES, INPUT_SCHEMA, compile_bundle, policies_in
from turnpike.opa.capabilities import capabilities_text
from turnpike.opa.documentation import FOLDER, documentation
from turnpike.opa.program import Program
from turnpike.opa.schema import input_schema, schema_text


def generated_files(checkout: Path, program: Program, cache: Path) -> dict[str, bytes]:
    """Return what every generated file of the policies must hold now, by its path."""
    sources = {
        CAPABILITIES: capabilities_text(program).encode(),
        INPUT_SCHEMA: schema_text(input_schema()).encode(),
    }
    policies = policies_in(checkout) | sources
    bundle = compile_bundle(policies, program, cache)
    pages = documentation(bundle, program, policies)
    return sources | {path: text.encode() for path, text in pages.items()}


def write_generated(checkout: Path, program: Program, cache: Path) -> tuple[str, ...]:
    """Bring the generated files of a checkout up to date; return the paths that changed."""
    wanted = generated_files(checkout, program, cache)
    changed = [path for path in wanted if _content(checkout / path) != wanted[path]]
    for path in changed:
        (checkout / path).parent.mkdir(parents=True, exist_ok=True)
        (checkout / path).write_bytes(wanted[path])
    stale = stale_pages(checkout, wanted)
    for page in stale:
        (checkout / page).unlink()
    return (*changed, *stale)


def stale_pages(checkout: Path, wanted: dict[str, bytes]) -> tuple[str, ...]:
    """Return the pages of rules that are no more."""
    found = {f"{FOLDER}/{page.name}" for page in (checkout / FOLDER).glob("*.md")}
    return tuple(sorted(found - wanted.keys()))


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
