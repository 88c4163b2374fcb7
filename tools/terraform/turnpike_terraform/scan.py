"""Checkov over everything; each skip stands beside what it skips, with its reason."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from turnpike_terraform.results import Failure

SKIP = re.compile(r"#\s*checkov:skip=([A-Z0-9_]+)(?::(.*))?")
SHORTEST_REASON = 25  # letters: less explains nothing


def check_skips(tree: Path) -> str:
    """Every skip names one check and says why."""
    found = [
        (file, name, (reason or "").strip())
        for file in sorted(tree.rglob("*.tf"))
        for name, reason in SKIP.findall(file.read_text(encoding="utf-8"))
    ]
    bad = [
        f"{at}: {name}: expected a reason" for at, name, why in found if len(why) < SHORTEST_REASON
    ]
    settings = [*tree.rglob(".checkov.y*ml"), *tree.rglob(".checkov.baseline")]
    bad += [f"{file}: skips stand beside the code, not in a file of settings" for file in settings]
    if bad:
        raise Failure("\n".join(bad))
    return f"{len(found)} skips, each with its reason"


def scan(tree: Path, config: Path) -> str:
    """No failed check in any module or root."""
    done = subprocess.run(
        [Path(sys.executable).with_name("checkov"), "--directory", tree, "--framework", "terraform",
         "--output", "json", "--quiet", "--compact", "--skip-download"],
        cwd=config, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env=os.environ | {"LOG_LEVEL": "ERROR", "PYTHONHASHSEED": "0"},  # the same twice
    )  # fmt: skip
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise Failure(f"checkov gave no report: {done.stderr[-2000:]}") from None
    summary = report.get("summary", report)
    failed = report.get("results", {}).get("failed_checks", [])
    lines = [_line(each) for each in failed]
    if lines or summary.get("parsing_errors") or not summary.get("passed"):
        errors = report.get("results", {}).get("parsing_errors", [])
        raise Failure("\n".join([*lines, *map(str, errors)]) or "checkov looked at nothing")
    return f"{summary['passed']} checks passed, {summary['skipped']} skipped"


def _line(each: dict[str, object]) -> str:
    return (
        f"{each['file_path']}:{each['file_line_range']}: {each['resource']}: "
        f"{each['check_id']} {each['check_name']}"
    )
