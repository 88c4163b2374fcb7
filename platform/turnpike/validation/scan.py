"""The format allow-list: every file of an artifact must be what its place says, by its content.

The allow-list is the control. A scanner for pickles looks at the same files as a second line: it
knows tricks that we don't, and any answer but "nothing found" fails.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from turnpike.documents.canonical import canonical_document
from turnpike.errors import IntegrityError
from turnpike.evidence.predicates import Check, ScanResult
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.registry.artifact_digest import ROUTE, artifact_files
from turnpike.validation.artifact import artifact_block, view_of
from turnpike.validation.refused_file import RefusedFile
from turnpike.validation.scan_environment import (
    check_conda,
    check_json,
    check_python_env,
    check_requirements,
)
from turnpike.validation.scan_mlmodel import check_mlmodel
from turnpike.validation.scan_onnx import check_onnx
from turnpike.validation.scan_skops import check_skops

_Look = Callable[[bytes], None]
_SCANNER_SECONDS = 600.0
# Its `python -m` form ends with 0 whatever it finds; only the entry point hands on the answer.
_SCANNER = "import sys; from picklescan.cli import main; sys.exit(main())"
_MODEL_FILES: Mapping[str, tuple[str, _Look]] = {
    "skops": ("model.skops", check_skops),
    "onnx": ("model.onnx", check_onnx),
}
_COMPANIONS: Mapping[str, _Look] = {
    "conda.yaml": check_conda,
    "input_example.json": check_json,
    "python_env.yaml": check_python_env,
    "requirements.txt": check_requirements,
    "serving_input_example.json": check_json,
}


def scan(
    model: PredictiveModel | GenerativeModel,
    artifact: Path,
    clock: Callable[[], datetime],
    *,
    preview: bool = False,
) -> ScanResult:
    """Return what the allow-list and the scanner say of an artifact folder.

    Raises InputError for a draft, which has no artifact, and Unavailable where the scanner cannot
    run; whatever the files hold is a check that fails.
    """
    looks = _looks(model, artifact_block(model).format)
    checks = [_names(artifact, set(looks))]
    if checks[0].passed:
        checks += [_check(name, artifact / name, look) for name, look in looks.items()]
        checks.append(_scanned(artifact))
    return ScanResult(
        validation_view=view_of(model), checks=tuple(checks), finished_at=clock(), preview=preview
    )


def _looks(model: PredictiveModel | GenerativeModel, form: str) -> dict[str, _Look]:
    """Return what each file of this model's artifact must be; every one of them must be there."""
    if isinstance(model, GenerativeModel):
        return {ROUTE: lambda content: _check_route(content, model)}
    name, look = _MODEL_FILES[form]
    mlmodel: _Look = lambda content: check_mlmodel(content, form, model.signature)  # noqa: E731
    return {"MLmodel": mlmodel, name: look, **_COMPANIONS}


def _check_route(content: bytes, model: GenerativeModel) -> None:
    if content != canonical_document(model.route):
        raise RefusedFile("the canonical route of the manifest", f"{len(content)} other bytes")


def _names(artifact: Path, expected: set[str]) -> Check:
    try:
        found = {path.name for path in artifact_files(artifact)}
    except IntegrityError as error:
        return _result("files", ", ".join(sorted(expected)), error.message, passed=False)
    listed = ", ".join(sorted(found))
    return _result("files", ", ".join(sorted(expected)), listed, passed=found == expected)


def _check(name: str, path: Path, look: _Look) -> Check:
    try:
        look(path.read_bytes())
    except RefusedFile as refused:
        return _result(f"content of {name}", refused.expected, refused.actual, passed=False)
    return _result(f"content of {name}", "its format and nothing else", "that", passed=True)


def _scanned(artifact: Path) -> Check:
    """Run the scanner over copies whose names make it look inside of everything."""
    with TemporaryDirectory(prefix="turnpike-scan-") as folder:
        for path in artifact_files(artifact):
            content = path.read_bytes()
            suffix = ".zip" if content.startswith(b"PK") else ""
            (Path(folder) / f"{path.name}{suffix}").write_bytes(content)
        code, said = _scanner(folder)
    expected = "picklescan ends with 0: nothing found"
    return _result("scanner", expected, f"it ended with {code}: {said}", passed=code == 0)


def _scanner(folder: str) -> tuple[int, str]:
    command = [sys.executable, "-c", _SCANNER, "--strict", "--path", folder]
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=_SCANNER_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return -1, f"stopped after {_SCANNER_SECONDS:g} s"
    return ended.returncode, " ".join((ended.stdout + ended.stderr).split())


def _result(name: str, expected: str, actual: str, *, passed: bool) -> Check:
    return Check(name=name, passed=passed, expected=_short(expected), actual=_short(actual))


def _short(text: str) -> str:
    printable = "".join(sign if sign.isprintable() else "?" for sign in text)
    return printable if len(printable) <= 500 else printable[:497] + "..."
