"""A model server in one file that stands in for MLServer; it passes the same contract tests.

It takes MLServer's settings files and speaks the same calls. A model is a folder with a file
``MLmodel``: its inputs, and what it adds to the sum of a row.
"""

from __future__ import annotations

import json
import signal
import stat
import sys
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any
from urllib.parse import unquote

BROKEN = "broken.json"
_NEEDED = (
    "mlserver_mlflow.py", "mlflow/__init__.py", "mlflow/sklearn.py", "onnxruntime.py",
    "mlserver/__init__.py",
)  # fmt: skip


def install(folder: Path) -> Path:
    """Make an interpreter in whose environment this file is MLServer, and return it."""
    for name in _NEEDED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (folder / "mlserver" / "cli.py").write_text("from small_server import main\n", "utf-8")
    python = folder / "python"
    here = Path(__file__).parent
    python.write_text(
        f'#!/bin/sh\nPYTHONPATH="{folder}:{here}" exec "{sys.executable}" "$@"\n', "utf-8"
    )
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    return python


def write_model(folder: Path, columns: tuple[str, ...], added: float) -> Path:
    """Write a model whose prediction for a row is the sum of its columns and a constant."""
    folder.mkdir(parents=True)
    (folder / "MLmodel").write_text(json.dumps({"columns": columns, "added": added}), "utf-8")
    return folder


@dataclass(slots=True)
class _Model:
    name: str
    version: str
    columns: list[str]
    added: float

    def describe(self) -> dict[str, Any]:
        inputs = [{"name": c, "datatype": "FP64", "shape": [-1, 1]} for c in self.columns]
        return {"name": self.name, "versions": [], "platform": "", "inputs": inputs}

    def infer(self, request: dict[str, Any]) -> dict[str, Any]:
        columns = [tensor["data"] for tensor in request["inputs"]]
        sums = [sum(row) + self.added for row in zip(*columns, strict=True)]
        output = {"name": "output-1", "shape": [len(sums), 1], "datatype": "FP64", "data": sums}
        return {"model_name": self.name, "model_version": self.version, "outputs": [output]}


@dataclass(slots=True)
class _Repository:
    folder: Path
    models: dict[str, _Model] = field(default_factory=dict)

    def load_all(self) -> None:
        for file in sorted(self.folder.glob("*/model-settings.json")):
            self.load(file.parent.name)

    def load(self, name: str) -> None:
        settings = json.loads((self.folder / name / "model-settings.json").read_text("utf-8"))
        parameters = settings["parameters"]
        found = json.loads((Path(parameters["uri"]) / "MLmodel").read_text("utf-8"))
        self.models[name] = _Model(name, parameters["version"], found["columns"], found["added"])

    def index(self) -> list[dict[str, str]]:
        """Tell what the files say, as MLServer does, whatever is loaded."""
        files = sorted(self.folder.glob("*/model-settings.json"))
        found = [json.loads(file.read_text("utf-8")) for file in files]
        return [
            {"name": one["name"], "version": one["parameters"]["version"], "state": "READY"}
            for one in found
        ]

    def serves(self, name: str, version: str) -> bool:
        return name in self.models and self.models[name].version == version


class QuickServer(ThreadingHTTPServer):
    """A server that does not look up its own name, which takes seconds where no one knows it."""

    def server_bind(self) -> None:
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]


class _Handler(BaseHTTPRequestHandler):
    repository: _Repository

    def do_GET(self) -> None:
        match self.path.split("/")[2:]:
            case ["health", "live" | "ready"]:
                self._answer(200, {})
            case ["models", name, "versions", version, "ready"] if self.repository.serves(
                unquote(name), unquote(version)
            ):
                self._answer(200, {})
            case ["models", name] if unquote(name) in self.repository.models:
                self._answer(200, self.repository.models[unquote(name)].describe())
            case _:
                self._answer(404, {"error": f"{self.path} not found"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        models = self.repository.models
        match self.path.split("/")[2:]:
            case ["repository", "index"]:
                self._answer(200, self.repository.index())
            case ["repository", "models", name, "load"]:
                self.repository.load(unquote(name))
                self._answer(200, None)
            case ["repository", "models", name, "unload"] if models.pop(unquote(name), None):
                self._answer(200, None)
            case ["models", name, "infer"] if unquote(name) in models:
                self._answer(200, models[unquote(name)].infer(body))
            case _:
                self._answer(404, {"error": f"{self.path} not found"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""

    def _answer(self, status: int, value: object) -> None:
        content = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    """Serve the folder that the command line names, until a signal."""
    folder = Path(sys.argv[2])
    settings = json.loads((folder / "settings.json").read_text("utf-8"))
    if (folder.parent / BROKEN).exists():
        sys.exit("this server is broken on purpose")
    repository = _Repository(folder)
    repository.load_all()
    handler = type("Handler", (_Handler,), {"repository": repository})
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    QuickServer((settings["host"], settings["http_port"]), handler).serve_forever()
