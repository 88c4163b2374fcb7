"""The built-in functions that policies may call: those whose answer follows from their input.

Left out: the network, the clock, chance, the process, the time-zone database of the machine,
certificates (their check reads the clock), and what only prints. Source: OPA documentation,
"Policy Reference", and ``opa capabilities --current``.
"""

from __future__ import annotations

import json
import subprocess

from pydantic import JsonValue

from turnpike.errors import InvalidDocument, Problem, Unavailable
from turnpike.opa.program import Program, clean_environment

ALLOWED = frozenset((
    "abs", "all", "and", "any", "assign", "ceil", "concat", "contains", "count", "div", "endswith",
    "eq", "equal", "floor", "format_int", "gt", "gte", "indexof", "indexof_n", "intersection",
    "is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "lower",
    "lt", "lte", "max", "min", "minus", "mul", "neq", "or", "plus", "product", "rem", "replace",
    "round", "set_diff", "sort", "split", "sprintf", "startswith", "substring", "sum", "to_number",
    "trim", "trim_left", "trim_prefix", "trim_right", "trim_space", "trim_suffix", "type_name",
    "union", "upper", "walk",
))  # fmt: skip
ALLOWED_FAMILIES = ("array.", "bits.", "numbers.", "object.", "regex.", "semver.", "strings.")
ALLOWED_MEMBERS = frozenset((
    "crypto.hmac.sha256", "crypto.sha256", "internal.member_2", "internal.member_3",
    "json.filter", "json.patch", "json.remove", "rego.metadata.chain", "rego.metadata.rule",
    "time.parse_duration_ns", "time.parse_rfc3339_ns",
))  # fmt: skip


def allowed_capabilities(current: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return OPA's own capabilities without every function that is not on the list."""
    builtins = current["builtins"]
    kept = [b for b in builtins if _is_allowed(b)] if isinstance(builtins, list) else []
    return {**current, "allow_net": [], "builtins": [*kept]}


def capabilities_of(program: Program) -> dict[str, JsonValue]:
    """Return what the program itself says that it can do."""
    command = program.command("capabilities", "--current")
    said = subprocess.run(command, env=clean_environment(), capture_output=True, check=False)
    try:
        found = json.loads(said.stdout)
    except ValueError as error:
        message = f"expected {program.path} to list its capabilities, got other text"
        raise Unavailable(message, code="opa.missing") from error
    return {str(key): value for key, value in found.items()}


def capabilities_text(program: Program) -> str:
    """Return the text of ``policies/capabilities.json`` for this version of OPA."""
    return json.dumps(allowed_capabilities(capabilities_of(program)), indent=1) + "\n"


def require_allowed(content: bytes, name: str) -> None:
    """Raise InvalidDocument where capabilities grant more than rules may use; see ``ALLOWED``."""
    try:
        found = json.loads(content)
        granted = [b for b in found["builtins"] if not _is_allowed(b)]
        network = found["allow_net"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        wanted = "OPA capabilities with builtins and allow_net"
        raise InvalidDocument((Problem(name, 0, "", wanted, "other JSON"),)) from error
    if network != []:
        problem = Problem(name, 0, "allow_net", "no network", json.dumps(network)[:80])
        raise InvalidDocument((problem,))
    if granted:
        wanted = "functions whose answer follows from their input"
        raise InvalidDocument((Problem(name, 0, "builtins", wanted, str(granted[0])[:80]),))


def _is_allowed(builtin: JsonValue) -> bool:
    if not isinstance(builtin, dict) or builtin.get("nondeterministic"):
        return False
    name = str(builtin["name"])
    return name in ALLOWED or name in ALLOWED_MEMBERS or name.startswith(ALLOWED_FAMILIES)
