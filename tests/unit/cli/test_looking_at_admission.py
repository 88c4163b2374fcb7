"""``turnpike delivery admission`` reads main and each cluster, and its exit code tells of both."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from turnpike.cli.delivery import command
from turnpike.delivery.admission_gaps import FOLDER
from turnpike.git.repository import Repository
from unit.cluster.small_server import QuickServer
from unit.delivery.released import ENVIRONMENT_TEXT
from unit.delivery.test_wanted import committed

POLICY = (
    b"apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"
    b"metadata: {name: one}\nspec: {failurePolicy: Fail}\n"
)
POLICIES = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, lists: dict[str, Any], *rest: Any) -> None:
        self.lists = lists
        super().__init__(*rest)

    def do_GET(self) -> None:
        items = self.lists.get(self.path.split("?")[0])
        content = json.dumps({"items": items}).encode()
        self.send_response(404 if items is None else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def lists() -> dict[str, Any]:
    """What the cluster of the target ``local`` has, by path; all else is not served there."""
    return {POLICIES: [{"metadata": {"name": "one"}, "spec": {"failurePolicy": "Fail"}}]}


@pytest.fixture
def words(tmp_path: Path, lists: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """A clone, and a kubeconfig in which one of the two targets' clusters is never there."""
    with Repository.create(tmp_path / "host.git") as made:
        files = {
            "environments/production/environment.yaml": ENVIRONMENT_TEXT,
            f"{FOLDER}/one.yaml": POLICY,
        }
        commit = committed(made, files)
        for branch in ("main", "turnpike/record"):
            made.update_ref(f"refs/heads/{branch}", commit, None)
    server = QuickServer(("127.0.0.1", 0), partial(_Handler, lists))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    addresses = {"production-local": server.server_port, "production-other": 9}
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(_kubeconfig(addresses)), "utf-8")
    yield (
        "admission", "--environment", "production", "--clone", str(tmp_path / "host.git"),
        "--kubeconfig", str(file),
    )  # fmt: skip
    server.shutdown()
    server.server_close()


def _kubeconfig(ports: dict[str, int]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "users": [{"name": "u", "user": {"token": "a-token"}}],
        "clusters": [
            {"name": name, "cluster": {"server": f"http://127.0.0.1:{port}"}}
            for name, port in ports.items()
        ],
        "contexts": [{"name": name, "context": {"cluster": name, "user": "u"}} for name in ports],
    }


def told(*words: str) -> tuple[int, str]:
    result = CliRunner(catch_exceptions=False).invoke(command, words)
    return result.exit_code, result.output


def test_a_cluster_that_has_mains_admission_is_as_main_has_it(words: tuple[str, ...]) -> None:
    assert told(*words, "--target", "local") == (0, "production/local  as main has it\n")


def test_what_differs_is_told_with_the_next_step(
    words: tuple[str, ...], lists: dict[str, Any]
) -> None:
    lists[POLICIES][0]["spec"]["matchConditions"] = [{"name": "never", "expression": "false"}]
    code, said = told(*words, "--target", "local")
    assert code == 1
    assert "admission-changed: ValidatingAdmissionPolicy/one: expected no spec.match" in said
    assert "next: " in said
    lists[POLICIES].clear()
    code, said = told(*words, "--target", "local", "--json")
    assert [gap["code"] for gap in json.loads(said)[0]["gaps"]] == ["admission-missing"]


def test_what_is_known_to_change_objects_is_no_finding(
    words: tuple[str, ...], lists: dict[str, Any]
) -> None:
    rules = [{"apiGroups": ["*"], "resources": ["*"]}]
    one = {"metadata": {"name": "sidecars"}, "webhooks": [{"name": "inject", "rules": rules}]}
    lists["/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"] = [one]
    assert told(*words, "--target", "local")[0] == 1
    assert told(*words, "--target", "local", "--known", "sidecars")[0] == 0


def test_a_cluster_that_cannot_be_read_is_no_yes_and_keeps_nobody_from_the_others(
    words: tuple[str, ...],
) -> None:
    code, said = told(*words)
    assert code == 3
    assert "production/local  as main has it\n" in said
    assert "production/other  could not be read\n" in said
