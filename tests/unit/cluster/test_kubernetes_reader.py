"""An API server is read with a token of the kubeconfig; whatever it lacks or refuses is told."""

from __future__ import annotations

import json
import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from turnpike.cluster.kubernetes_reader import KubernetesReader
from turnpike.errors import CannotDecide, InputError, Unavailable

NAME = "/api/v1/namespaces/here/pods/one"
LIST = "/api/v1/namespaces/here/pods?labelSelector=a%3Db"
ANSWERS: dict[str, tuple[int, object]] = {
    NAME: (200, {"kind": "Pod"}),
    LIST: (200, {"kind": "PodList", "items": [{"metadata": {"name": "one"}}]}),
    "/api/v1/namespaces/secret/pods/one": (403, {}),
    "/api/v1/namespaces/broken/pods/one": (500, {}),
    "/api/v1/namespaces/odd/pods": (200, {"kind": "PodList"}),
    "/api/v1/namespaces/part/pods": (200, {"items": [], "metadata": {"continue": "more"}}),
    "/api/v1/namespaces/deep/pods": (200, b"[" * 100_000),
}


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = ANSWERS.get(self.path, (404, {}))
        if self.headers["Authorization"] != "Bearer a-token":
            status = 401
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = f"http://127.0.0.1:{server.server_port}"
    yield written(tmp_path, at)
    server.shutdown()
    server.server_close()


def written(folder: Path, server: str, token: str = "a-token") -> str:  # noqa: S107 - a test's own
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": {"token": token}}],
        "contexts": [{"name": "dev-local", "context": {"cluster": "c", "user": "u"}}],
    }
    file = folder / "kubeconfig"
    file.write_text(json.dumps(document), "utf-8")
    return str(file)


def test_an_object_is_found_or_is_none(kubeconfig: str) -> None:
    reader = KubernetesReader(kubeconfig, "dev-local")
    assert reader.find("Pod", "here", "one") == {"kind": "Pod"}
    assert reader.find("Pod", "here", "two") is None


def test_items_of_a_list_say_what_they_are(kubeconfig: str) -> None:
    (one,) = KubernetesReader(kubeconfig, "dev-local").all_of("Pod", "here", {"a": "b"})
    assert one == {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one"}}


def test_a_kind_that_is_not_served_has_no_objects(kubeconfig: str) -> None:
    reader = KubernetesReader(kubeconfig, "dev-local")
    assert reader.all_of("InferenceService", "here", {}) == []


def test_a_refusal_and_a_failure_are_told_apart(kubeconfig: str, tmp_path: Path) -> None:
    reader = KubernetesReader(kubeconfig, "dev-local")
    with pytest.raises(CannotDecide, match="HTTP 403") as refused:
        reader.find("Pod", "secret", "one")
    assert not isinstance(refused.value, Unavailable)
    for namespace in ("broken", "odd", "part", "deep"):
        with pytest.raises(Unavailable):
            reader.find("Pod", namespace, "one") or reader.all_of("Pod", namespace, {})


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    reader = KubernetesReader(written(tmp_path, "http://127.0.0.1:9"), "dev-local")
    with pytest.raises(Unavailable, match="dev-local"):
        reader.find("Pod", "here", "one")


def test_a_server_that_cannot_be_trusted_is_unavailable(kubeconfig: str, tmp_path: Path) -> None:
    at = json.loads(Path(kubeconfig).read_text("utf-8"))["clusters"][0]["cluster"]["server"]
    reader = KubernetesReader(written(tmp_path, at.replace("http:", "https:")), "dev-local")
    with pytest.raises(
        Unavailable, match=r"dev-local.*no connection that can be trusted: SSLError"
    ):
        reader.find("Pod", "here", "one")


def test_a_token_that_no_header_carries_is_refused_unquoted(tmp_path: Path) -> None:
    word = "token".upper()
    file = written(tmp_path, "http://127.0.0.1:9", f"{word}\n{word}")
    with pytest.raises(CannotDecide, match="a token that no header carries") as refused:
        KubernetesReader(file, "dev-local").find("Pod", "here", "one")
    assert word not in "".join(traceback.format_exception(refused.value))


def test_a_context_that_is_not_there_is_named(kubeconfig: str) -> None:
    with pytest.raises(InputError, match="production-local"):
        KubernetesReader(kubeconfig, "production-local")


@pytest.mark.parametrize(
    "content",
    [b"a: [1", b"just text", b"kind: Config\ncontexts: 7\n", b"\xff\xfe", None],
    ids=["cut off", "a text", "a number for a list", "no UTF-8", "no file"],
)
def test_a_file_that_is_no_kubeconfig_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "kubeconfig"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match=str(file)) as refusal:
        KubernetesReader(str(file), "dev-local")
    assert refusal.value.code == "cluster.kubeconfig"
