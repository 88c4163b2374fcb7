"""Ruff's two halves: `ruff check` in the goal lint, `ruff format` in the goals fmt and lint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pants.backend.python.subsystems.python_tool_base import PythonToolBase
from pants.backend.python.target_types import ConsoleScript, PythonSourceField
from pants.backend.python.util_rules import pex
from pants.backend.python.util_rules.pex import PexRequest, VenvPex, VenvPexProcess
from pants.core.goals.fmt import FmtResult, FmtTargetsRequest
from pants.core.goals.lint import LintResult, LintTargetsRequest
from pants.core.util_rules.partitions import PartitionerType
from pants.core.util_rules.source_files import SourceFiles, SourceFilesRequest
from pants.engine.fs import Digest, MergeDigests, PathGlobs, Snapshot
from pants.engine.process import FallibleProcessResult
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.engine.target import FieldSet
from pants.option.option_types import SkipOption
from pants.util.strutil import pluralize

SETTINGS = "pyproject.toml"


@dataclass(frozen=True)
class PythonFile(FieldSet):
    """A source file that ruff looks at."""

    required_fields = (PythonSourceField,)

    source: PythonSourceField


class Ruff(PythonToolBase):
    """The tool, from the lock of its family."""

    options_scope = "ruff"
    name = "ruff"
    help = "The linter and formatter of Python code."
    default_version = "ruff"
    default_main = ConsoleScript("ruff")
    default_requirements = ["ruff"]
    default_lockfile_resource = ("turnpike_pants", "unused.lock")  # see install_from_resolve
    register_interpreter_constraints = True

    skip = SkipOption("fmt", "lint")


class RuffCheck(LintTargetsRequest):
    """The wish to have files checked."""

    field_set_type = PythonFile
    tool_subsystem = Ruff
    partitioner_type = PartitionerType.DEFAULT_SINGLE_PARTITION


class RuffFormat(FmtTargetsRequest):
    """The wish to have files formatted."""

    field_set_type = PythonFile
    tool_subsystem = Ruff
    partitioner_type = PartitionerType.DEFAULT_SINGLE_PARTITION


@dataclass(frozen=True)
class RuffRun:
    """One run of ruff: its first words, and the files that it is given."""

    words: tuple[str, ...]
    files: Snapshot


@rule
async def run_ruff(run: RuffRun, ruff: Ruff) -> FallibleProcessResult:
    """Run ruff by the settings of pyproject.toml; the files come back as it leaves them."""
    tool, settings = await MultiGet(
        Get(VenvPex, PexRequest, ruff.to_pex_request()),
        Get(Digest, PathGlobs([SETTINGS])),
    )
    inputs = await Get(Digest, MergeDigests((run.files.digest, settings)))
    process = VenvPexProcess(
        tool,
        argv=(*run.words, "--no-cache", "--config", SETTINGS, *run.files.files),
        input_digest=inputs,
        output_files=run.files.files,
        description=f"ruff {run.words[0]} on {pluralize(len(run.files.files), 'file')}",
    )
    return await Get(FallibleProcessResult, VenvPexProcess, process)


@rule(desc="Check with ruff")
async def ruff_check(request: RuffCheck.Batch[PythonFile, object]) -> LintResult:
    """Say what ruff says of some files."""
    sources = await Get(SourceFiles, SourceFilesRequest(file.source for file in request.elements))
    result = await Get(FallibleProcessResult, RuffRun(("check", "--quiet"), sources.snapshot))
    return LintResult.create(request, result, strip_chroot_path=True)


@rule(desc="Format with ruff")
async def ruff_format(request: RuffFormat.Batch) -> FmtResult:
    """Return some files as ruff would format them."""
    result = await Get(FallibleProcessResult, RuffRun(("format", "--quiet"), request.snapshot))
    return await FmtResult.create(request, result, strip_chroot_path=True)


def rules() -> Iterable[object]:
    """Return the rules of this module."""
    return [*collect_rules(), *RuffCheck.rules(), *RuffFormat.rules(), *pex.rules()]
