"""The derived files of access: which they are, and that what is committed is what is derived."""

from __future__ import annotations

import pytest

from turnpike.documents.reading import read
from turnpike.judge.layout import ACCESS_FILES, ACCESS_FOLDERS, is_access_file
from turnpike.rendering.access_files import access_files
from turnpike.topology.organisation import ORGANISATION, SignOn
from unit.rendering.conftest import ROOT
from unit.rendering.test_gateway_sign_on import gateway

FILE = ROOT / "policies" / "data" / "organisation.yaml"
AURORA = read(ORGANISATION, FILE.read_bytes(), str(FILE))
ENVIRONMENTS = tuple(file.parent.name for file in ROOT.glob("environments/*/environment.yaml"))


def test_what_is_committed_is_what_is_derived_now_and_nothing_else() -> None:
    files = [file for folder in ACCESS_FOLDERS for file in (ROOT / folder).rglob("*.*")]
    files += [ROOT / path for path in ACCESS_FILES]
    committed = {str(file.relative_to(ROOT)): file.read_bytes() for file in files}
    assert committed == access_files(AURORA, ENVIRONMENTS)


def test_every_derived_file_is_known_as_one() -> None:
    sign_on = SignOn.model_validate(
        {
            "issuer": "https://sso.example.org",
            "host": "gitea",
            "clients": {
                "argocd": {"id": "a", "address": "https://cd.example.org"},
                "kubernetes": {"id": "k"},
            },
            "gateways": (gateway("production", "aws-eu"), gateway("nowhere", "aws-eu")),
        }
    )
    files = access_files(AURORA.model_copy(update={"sign_on": sign_on}), ENVIRONMENTS)
    more = {
        "platform/argocd/access/argocd-cm.yaml",
        "platform/access/kubernetes-sign-on.yaml",
        "platform/access/gateway/production/aws-eu.yaml",
    }
    assert more < set(files)
    assert all(is_access_file(path) for path in files)
    assert not [path for path in files if "nowhere" in path]


@pytest.mark.parametrize("path", [
    "platform/argocd/projects/dev.yaml", "platform/turnpike/access/x.yaml",
    "platform/argocd/admission/namespaces.yaml", "x/platform/access/x.yaml",
    "platform/argocd/admission/new-namespaces.yaml/x",
    "platform/access", "platform/accessible/x.yaml",
])  # fmt: skip
def test_other_files_are_none(path: str) -> None:
    assert not is_access_file(path)
