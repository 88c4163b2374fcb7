"""The import contracts of pyproject.toml, checked in the goal lint on the whole package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pants.backend.python.subsystems.python_tool_base import PythonToolBase
from pants.backend.python.target_types import ConsoleScript, PythonSourceField
from pants.backend.python.util_rules import pex
from pants.backend.python.util_rules.pex import PexRequest, VenvPex, VenvPexProcess
from pants.core.goals.lint import LintResult, LintTargetsRequest
from pants.core.util_rules.partitions import Partitions
from pants.engine.fs import Digest, PathGlobs
from pants.engine.process import FallibleProcessResult
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.engine.target import FieldSet, Target
from pants.option.option_types import SkipOption

ROOT = "platform"
SETTINGS = "pyproject.toml"


@dataclass(frozen=True)
class PlatformFile(FieldSet):
    """A source file that the contracts are about."""

    required_fields = (PythonSourceField,)

    source: PythonSourceField

    @classmethod
    def opt_out(cls, target: Target) -> bool:
        """Tell whether a target lies outside of the package."""
        return not target.address.spec_path.startswith(ROOT)


class ImportLinter(PythonToolBase):
    """The tool, from the lock of its family."""

    options_scope = "import-linter"
    name = "import-linter"
    help = "The checker of import contracts."
    default_version = "import-linter"
    default_main = ConsoleScript("lint-imports")
    default_requirements = ["import-linter"]
    default_lockfile_resource = ("turnpike_pants", "unused.lock")  # see install_from_resolve
    register_interpreter_constraints = True

    skip = SkipOption("lint")


class ImportContracts(LintTargetsRequest):
    """The wish to have the contracts checked."""

    field_set_type = PlatformFile
    tool_subsystem = ImportLinter


@rule
async def partition(
    request: ImportContracts.PartitionRequest[PlatformFile], tool: ImportLinter
) -> Partitions[PlatformFile, object]:
    """Put all files into one run: a contract looks across them."""
    if tool.skip:
        return Partitions()
    return Partitions.single_partition(request.field_sets)


@rule(desc="Check the import contracts")
async def check_contracts(
    request: ImportContracts.Batch[PlatformFile, object], import_linter: ImportLinter
) -> LintResult:
    """Check the whole package, whichever of its files were asked for."""
    tool, sources = await MultiGet(
        Get(VenvPex, PexRequest, import_linter.to_pex_request()),
        Get(Digest, PathGlobs([f"{ROOT}/**/*.py", SETTINGS])),
    )
    process = VenvPexProcess(
        tool,
        argv=("--config", SETTINGS, "--no-cache"),
        input_digest=sources,
        extra_env={"PEX_EXTRA_SYS_PATH": ROOT},
        description="Check the import contracts",
    )
    result = await Get(FallibleProcessResult, VenvPexProcess, process)
    answer = LintResult.create(request, result, strip_chroot_path=True)
    return answer if answer.exit_code else replace(answer, stdout="")


def rules() -> Iterable[object]:
    """Return the rules of this module."""
    return [*collect_rules(), *ImportContracts.rules(), *pex.rules()]
