"""Contexts are found as kubectl finds them, and nothing that a file holds is repeated."""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from turnpike.errors import InputError
from turnpike.loopback.kubeconfig import Context, context_named, files_of

SECRET = "a-token-that-nobody-may-see"  # noqa: S105 - the test's own


def entry(
    more: Mapping[str, object] | None = None, server: str = "https://127.0.0.1:1"
) -> Mapping[str, object]:
    """Return what a kubeconfig says of a cluster, trusted by some certificate."""
    trusted = base64.b64encode(b"some certificate").decode()
    return {"server": server, "certificate-authority-data": trusted, **(more or {})}


def kubeconfig(
    file: Path,
    *names: str,
    cluster: Mapping[str, object] | None = None,
    user: Mapping[str, object] | None = None,
) -> Path:
    """Write a kubeconfig with a context of each name, all of one cluster and one user."""
    context = {"cluster": "c", "user": "u"}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": cluster or entry()}],
        "users": [{"name": "u", "user": {"token": SECRET} if user is None else user}],
        "contexts": [{"name": name, "context": context} for name in names],
        "current-context": names[0] if names else "",
    }
    file.write_text(yaml.safe_dump(document), "utf-8")
    return file


def chosen(name: str, *files: Path) -> Context:
    """Look for a context in some files."""
    return context_named(name, os.pathsep.join(map(str, files)), files[0].parent / "credentials")


def refused(name: str, *files: Path) -> InputError:
    with pytest.raises(InputError) as raised:
        chosen(name, *files)
    assert raised.value.exit_code == 2
    assert SECRET not in f"{raised.value} {raised.value.solution}"
    return raised.value


@pytest.mark.parametrize(
    ("name", "names", "found"),
    [
        ("work", ("other", "work"), "work"),
        ("dev", ("other", "kind-dev"), "kind-dev"),
        ("dev", ("other", "k3d-dev"), "k3d-dev"),
        ("dev", ("kind-dev", "dev", "k3d-dev"), "dev"),  # the name as it stands is nobody else's
    ],
)
def test_a_name_is_a_context_or_a_cluster_of_kind_or_k3d(
    tmp_path: Path, name: str, names: tuple[str, ...], found: str
) -> None:
    file = kubeconfig(tmp_path / "config", *names)
    context = chosen(name, file)
    assert (context.name, context.server) == (found, "https://127.0.0.1:1")
    assert context.certificate.read_bytes() == b"some certificate"


def test_an_unknown_name_is_told_what_there_is(tmp_path: Path) -> None:
    message = refused("dev", kubeconfig(tmp_path / "config", "work", "kind-two")).message
    assert "--context dev" in message
    assert "found none; there are: kind-two, work" in message


def test_an_ambiguous_name_is_told_what_it_may_mean(tmp_path: Path) -> None:
    file = kubeconfig(tmp_path / "config", "k3d-dev", "kind-dev", "work")
    assert "found several: kind-dev, k3d-dev; there are" in refused("dev", file).message


def test_without_any_file_there_are_none(tmp_path: Path) -> None:
    assert "there are: none" in refused("dev", tmp_path / "missing").message


def test_several_files_are_one_and_the_first_counts(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "ca.crt").write_bytes(b"beside its file")
    far = {"server": "https://far.example.org", "certificate-authority": "ca.crt"}
    first = kubeconfig(tmp_path / "one", "work")
    second = tmp_path / "two" / "config"
    document = {
        "clusters": [{"name": "far", "cluster": far}, {"name": "c", "cluster": far}],
        "users": [{"name": "u", "user": {"token": "of the second"}}],
        "contexts": [
            {"name": "far", "context": {"cluster": "far", "user": "u"}},
            {"name": "work", "context": {"cluster": "far", "user": "u"}},
        ],
    }
    second.write_text(yaml.safe_dump(document), "utf-8")
    work, there = (chosen(name, first, second) for name in ("work", "far"))
    assert (work.server, there.server) == ("https://127.0.0.1:1", "https://far.example.org")
    assert there.certificate.read_bytes() == b"beside its file"
    assert there.settings.api_key["BearerToken"] == f"Bearer {SECRET}"


def test_the_files_are_those_of_kubeconfig_wherever_the_story_goes_on(tmp_path: Path) -> None:
    named = files_of({"KUBECONFIG": f"one{os.pathsep}/etc/two{os.pathsep}"}, tmp_path)
    assert named == f"{tmp_path}/one{os.pathsep}/etc/two"
    assert files_of({}, tmp_path) == str(Path("~/.kube/config").expanduser())


def test_a_client_certificate_given_as_data_is_kept_where_nobody_else_reads(tmp_path: Path) -> None:
    data = {f"client-{part}-data": base64.b64encode(part.encode()).decode()
            for part in ("certificate", "key")}  # fmt: skip
    context = chosen("work", kubeconfig(tmp_path / "config", "work", user=data))
    for file, content in ((context.settings.cert_file, b"certificate"),
                          (context.settings.key_file, b"key")):  # fmt: skip
        kept = Path(str(file))
        assert kept.is_relative_to(tmp_path / "credentials")
        assert kept.read_bytes() == content
        assert kept.stat().st_mode & 0o777 == 0o600
    assert stat.S_IMODE((tmp_path / "credentials").stat().st_mode) == 0o700


def test_a_client_certificate_in_files_is_used_where_it_is(tmp_path: Path) -> None:
    for name in ("one.crt", "one.key"):
        (tmp_path / name).write_bytes(b"x")
    user: Mapping[str, object] = {"client-certificate": "one.crt", "client-key": "one.key"}
    context = chosen("work", kubeconfig(tmp_path / "config", "work", user=user))
    assert Path(str(context.settings.cert_file)) == tmp_path / "one.crt"
    assert Path(str(context.settings.key_file)) == tmp_path / "one.key"


def test_a_plugin_is_asked_for_a_token(tmp_path: Path) -> None:
    version = "client.authentication.k8s.io/v1"
    said = {"apiVersion": version, "kind": "ExecCredential", "status": {"token": "of the plugin"}}
    plugin = tmp_path / "plugin"
    plugin.write_text(f"#!/bin/sh\necho '{json.dumps(said)}'\n", "utf-8")
    plugin.chmod(0o755)
    user: Mapping[str, object] = {"exec": {"apiVersion": version, "command": str(plugin)}}
    context = chosen("work", kubeconfig(tmp_path / "config", "work", user=user))
    assert context.settings.api_key["BearerToken"] == "Bearer of the plugin"


def test_reading_changes_no_kubeconfig(tmp_path: Path) -> None:
    file = kubeconfig(tmp_path / "config", "work")
    before = file.read_bytes()
    file.chmod(0o400)
    chosen("work", file)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("cluster", "found"),
    [
        (entry({"insecure-skip-tls-verify": True}), "found insecure-skip-tls-verify"),
        (entry({"proxy-url": "socks5://127.0.0.1:1"}), "found proxy-url"),
        (entry(server="http://127.0.0.1:1"), "found the server 'http://127.0.0.1:1'"),
        ({"server": "https://127.0.0.1:1"}, "found no certificate-authority"),
    ],
)
def test_a_cluster_that_nobody_can_trust_is_refused(
    tmp_path: Path, cluster: Mapping[str, object], found: str
) -> None:
    error = refused("work", kubeconfig(tmp_path / "config", "work", cluster=cluster))
    assert found in error.message
    assert error.solution


def test_a_harmless_setting_of_the_same_name_is_taken(tmp_path: Path) -> None:
    cluster = entry({"insecure-skip-tls-verify": False, "tls-server-name": "one.example.org"})
    context = chosen("work", kubeconfig(tmp_path / "config", "work", cluster=cluster))
    assert context.tls_name == "one.example.org"


def test_a_user_who_acts_as_somebody_else_is_refused(tmp_path: Path) -> None:
    user: Mapping[str, object] = {"token": SECRET, "as": "root"}
    error = refused("work", kubeconfig(tmp_path / "config", "work", user=user))
    assert "found one who impersonates" in error.message


@pytest.mark.parametrize(
    "text",
    [
        f"{{{SECRET}",
        "- a\n- list",
        f"users: [{{name: u, user: {{token: {SECRET}}}}}]\ncontexts: [{{name: work}}]\n",
        f"contexts: [{{context: {{user: {SECRET}}}}}]\n",
    ],
)
def test_what_a_broken_file_says_is_not_repeated(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config"
    file.write_text(text, "utf-8")
    refused("work", file)


def test_a_file_that_the_context_names_and_that_is_missing_is_told(tmp_path: Path) -> None:
    missing: dict[str, Any] = {"server": "https://127.0.0.1:1", "certificate-authority": "gone.crt"}
    error = refused("work", kubeconfig(tmp_path / "config", "work", cluster=missing))
    assert "that the files exist" in error.solution
