"""The command line of the checks."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from turnpike_setup.layout import Layout
from turnpike_terraform import contracts, environments, lifecycle, modules, scan, schemas
from turnpike_terraform.programs import Programs, found_programs
from turnpike_terraform.results import Failure, Result, State, Unavailable, result_of
from turnpike_terraform.tree import CHECKOUT, CLOUDS, TREE, Module, entities
from turnpike_terraform.tree import modules as modules_of
from turnpike_terraform.tree import roots as roots_of

STEPS = (
    "format",
    "contract",
    "schema",
    "validate",
    "test",
    "environment",
    "skips",
    "scan",
    "apply",
)
LANES = 2
CANNOT_DECIDE = 3

HELP = """\
Checks terraform/: format, contracts, schemas, `terraform validate` and `terraform test` with mock
providers for every module of every cloud, the environments' roots, checkov, and a real apply of
the AWS modules against moto. Exit codes: 0 passed, 1 failed, 2 bad usage, 3 no Terraform."""


@dataclass(frozen=True, slots=True)
class Job:
    """One check of one subject, not yet run."""

    check: str
    subject: str
    run: Callable[[], str]


def main(arguments: Sequence[str]) -> int:
    """Check, or write what is derived; return the exit code."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if unknown := set(asked.step) - set(STEPS):
        parser.error(f"expected some of {', '.join(STEPS)}, got {', '.join(sorted(unknown))}")
    if asked.write:
        return _write(asked.tree)
    if asked.derive:
        program = CHECKOUT / "tools" / "terraform" / "derive_schemas.py"
        return subprocess.run([sys.executable, program, asked.tree], check=False).returncode
    try:
        programs = found_programs(Layout.of(os.environ))
    except Unavailable as reason:
        sys.stderr.write(f"terraform: {reason}\n")
        return CANNOT_DECIDE
    with tempfile.TemporaryDirectory(prefix="turnpike-terraform-") as scratch:
        return _check(programs, asked, Path(scratch))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tools/terraform/check",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("step", nargs="*", metavar="STEP",
                        help=f"some of {', '.join(STEPS)}; default: all")  # fmt: skip
    parser.add_argument("--only", action="append", default=[], metavar="NAME",
                        help="entity, environment, cloud, or entity/cloud; repeatable")  # fmt: skip
    parser.add_argument("--tree", type=lambda at: Path(at).resolve(), default=TREE, metavar="DIR",
                        help="another terraform/ folder")  # fmt: skip
    parser.add_argument("--write", action="store_true", help="write variables.tf from contracts")
    parser.add_argument("--derive", action="store_true", help="derive schemas.json (needs npm)")
    return parser


def _write(tree: Path) -> int:
    for entity in entities(tree):
        contract = contracts.contract_of(tree / "modules" / entity)
        for cloud in CLOUDS:
            folder = tree / "modules" / entity / cloud
            folder.mkdir(exist_ok=True)
            (folder / "variables.tf").write_text(contracts.variables_text(contract, cloud), "utf-8")
    return subprocess.run(["terraform", "fmt", "-recursive", tree], check=False).returncode


def _check(programs: Programs, asked: argparse.Namespace, scratch: Path) -> int:
    started = time.monotonic()
    programs.write_settings(scratch)
    steps, only = frozenset(asked.step or STEPS), frozenset(asked.only)
    copy = modules.copied(asked.tree, scratch)
    listed = modules_of(copy, only)
    if steps & {"validate", "test"}:
        modules.install_called(programs, listed)
    jobs = [] if only else _jobs_of_all(programs, asked.tree, scratch)
    jobs += [*_jobs_of_roots(programs, roots_of(copy, only), scratch)]
    jobs += [*_jobs_of_modules(programs, listed, scratch)]
    jobs = [job for job in jobs if job.check in steps]
    with ThreadPoolExecutor(max_workers=LANES) as pool:
        results = []
        for result in pool.map(lambda job: result_of(job.check, job.subject, job.run), jobs):
            _print(result)
            results.append(result)
    if failed := [result for result in results if result.state is State.FAILED]:
        print("\nWhat failed:")
        for result in failed:
            _print(result)
    counts = Counter(result.state for result in results)
    print(f"\nTerraform: {time.monotonic() - started:.0f} s, {counts[State.SKIPPED]} skipped")
    print(f"{counts[State.PASSED]} passed, {counts[State.FAILED]} failed")
    return 1 if counts[State.FAILED] or not results else 0


def _jobs_of_roots(programs: Programs, listed: Sequence[Path], scratch: Path) -> Iterator[Job]:
    for root in listed:
        name = f"{root.parent.name}/{root.name}"
        yield Job("environment", f"{name} state", partial(environments.check_state, root))
        yield Job("environment", f"{name} whole", partial(_root, programs, root, scratch))


def _jobs_of_modules(programs: Programs, listed: Sequence[Module], scratch: Path) -> Iterator[Job]:
    for module in listed:
        yield Job("contract", module.name, partial(contracts.check_module, module))
        yield Job("validate", module.name, partial(modules.validate, programs, module, scratch))
        yield Job("test", module.name, partial(modules.test, programs, module, scratch))


def _root(programs: Programs, root: Path, scratch: Path) -> str:
    detail = environments.check_locked(root)
    environments.validate_root(programs, root, scratch)
    return detail


def _jobs_of_all(programs: Programs, tree: Path, scratch: Path) -> list[Job]:
    return [
        Job("apply", "aws, real provider", partial(lifecycle.run, programs, tree, scratch)),
        Job("scan", "checkov", partial(scan.scan, tree, scratch)),
        Job("skips", "all", partial(scan.check_skips, tree)),
        Job("format", "all", partial(_format, programs, tree)),
        Job("schema", "all", partial(schemas.check_schemas, tree)),
    ]


def _format(programs: Programs, tree: Path) -> str:
    code, said = programs.run(["fmt", "-check", "-recursive", "."], tree)
    if code != 0:
        raise Failure(f"not formatted, `terraform fmt -recursive terraform` mends it:\n{said}")
    return ""


def _print(result: Result) -> None:
    head, _, rest = result.detail.partition("\n")
    print(
        f"{result.state:<8} {result.check:<12} {result.subject:<26} {result.seconds:>5.1f} s {head}"
    )
    for line in rest.splitlines():
        print(f"         | {line}")
    sys.stdout.flush()
