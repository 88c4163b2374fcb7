"""A gateway as Turnpike renders it: a real oauth2-proxy, before an ingress that says what it sees.

What the proxy reads is what ``turnpike access render`` writes, byte for byte but for where it
listens and where its files lie.
"""

from __future__ import annotations

import json
import os
import secrets
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import yaml

from contracts.browsers import Browser
from contracts.serving import serving
from servers.gitea_world import set_up
from turnpike.free_ports import free_ports
from turnpike.loopback.addresses import answers
from turnpike.loopback.gitea import Tls
from turnpike.loopback.processes import Processes
from turnpike.rendering.access_files import access_files
from turnpike.rendering.gateway_sign_on import (
    CERTIFICATE_FOLDER,
    CONFIGURATION_FOLDER,
    PORT,
    PROVIDER_FILE,
    SECRETS_FOLDER,
    SETTINGS_FILE,
)
from turnpike.signon.provider import Client
from turnpike.topology.organisation import Access, Organisation, SignOn

DOMAIN = "models.aurora.test"
MODEL = f"https://triage.{DOMAIN}/v2/models/triage"
SIGN_IN = f"https://sign-in.{DOMAIN}"
CALLBACK = f"{SIGN_IN}/oauth2/callback"
CALLERS = "clinic-applications"
_FILE = "platform/access/gateway/dev/local.yaml"
_FOLDERS = (CONFIGURATION_FOLDER, SECRETS_FOLDER, CERTIFICATE_FOLDER)
_SECONDS = 120.0


@dataclass
class Ingress:
    """What stands behind a gateway; ``seen`` are the headers of each request that came through."""

    url: str
    seen: list[Mapping[str, str]] = field(default_factory=list)


@contextmanager
def ingress() -> Iterator[Ingress]:
    """Serve one model on loopback until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    made = Ingress(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"ingress": made})
    with serving(server):
        yield made


_DOUBLING = """\
from mlserver import MLModel
from mlserver.types import InferenceResponse, ResponseOutput


class Doubling(MLModel):
    async def load(self):
        return True

    async def predict(self, payload):
        (asked,) = payload.inputs
        told = ResponseOutput(
            name="doubled",
            shape=asked.shape,
            datatype=asked.datatype,
            data=[2 * value for value in asked.data],
        )
        return InferenceResponse(model_name=self.name, outputs=[told])
"""


def model_server(folder: Path, processes: Processes) -> str:
    """Start a real MLServer with one model, ``triage``, which doubles; return where it answers."""
    http, grpc, metrics = free_ports(3)
    folder.mkdir()
    (folder / "doubling.py").write_text(_DOUBLING, "utf-8")
    settings = {
        "host": "127.0.0.1", "http_port": http, "grpc_port": grpc, "metrics_port": metrics,
        "parallel_workers": 0, "environments_dir": str(folder / "environments"),
        "metrics_dir": str(folder / "metrics"),
    }  # fmt: skip
    (folder / "settings.json").write_text(json.dumps(settings), "utf-8")
    model = {"name": "triage", "implementation": "doubling.Doubling"}
    (folder / "model-settings.json").write_text(json.dumps(model), "utf-8")
    programs = set_up("serving") / "bin"
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    processes.start("mlserver", [programs / "mlserver", "start", folder], environ)
    url = f"http://127.0.0.1:{http}"
    processes.wait_until("mlserver", lambda: answers(f"{url}/v2/models/triage/ready"))
    return url


class _Handler(BaseHTTPRequestHandler):
    ingress: Ingress

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.ingress.seen.append({name.casefold(): value for name, value in self.headers.items()})
        body = json.dumps({"name": "triage", "platform": "test"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_OPTIONS = do_GET  # noqa: N815 - the base's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's word
        pass


def declared(
    organisation: Organisation, issuer: str, client: str, ingress: str, prefix: str | None = None
) -> Organisation:
    """Return an organisation with a gateway in dev, and one group that calls models there."""
    gateway = {
        "environment": "dev", "target": "local", "client": client, "domain": DOMAIN,
        "ingress": ingress, "image": f"registry.local/oauth2-proxy@sha256:{'0' * 64}",
    }  # fmt: skip
    value = {
        "issuer": issuer, "host": "gitea", "groupPrefix": prefix,
        "clients": {"pages": {"id": "pages"}}, "gateways": [gateway],
    }  # fmt: skip
    sign_on = SignOn.model_validate_json(json.dumps(value))
    access = (Access(group=CALLERS, role="caller"),)
    return organisation.model_copy(update={"sign_on": sign_on, "access": access})


@dataclass(frozen=True)
class Gateway:
    """A running proxy; ``url`` is where it answers on loopback."""

    name: str
    port: int
    tls: Tls

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def web(self) -> httpx.Client:
        """Return a client to which every name below the domain is this gateway's."""
        return httpx.Client(
            timeout=_SECONDS,
            mounts={f"all://*.{DOMAIN}": _Loopback(self.port, self.tls)},
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def ask(self, token: str = "", method: str = "GET", place: str = MODEL, **headers: str) -> int:
        """Return with which status a program's request is answered."""
        said = {"Authorization": f"Bearer {token}"} if token else {}
        with httpx.Client(transport=_Loopback(self.port, self.tls), timeout=_SECONDS) as web:
            return web.request(method, place, headers={**said, **headers}).status_code


@dataclass(frozen=True)
class Given:
    """What a gateway runs by beside what is rendered."""

    folder: Path
    client: Client
    tls: Tls
    cookie_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    environ: Mapping[str, str] = field(default_factory=dict)


def start_gateway(
    name: str, organisation: Organisation, given: Given, processes: Processes,
    changes: Mapping[str, str] | None = None,
) -> Gateway:  # fmt: skip
    """Start a proxy by what is rendered of an organisation, and return once it is well.

    ``changes`` are texts of its settings to put in place of others. Raises Unavailable where it
    does not come up.
    """
    (port,) = free_ports(1)
    folder = given.folder / name
    places = {place: folder / Path(place).name for place in _FOLDERS}
    for place in places.values():
        place.mkdir(parents=True)
    _secrets(places, given)
    own = {place: str(found) for place, found in places.items()}
    moved = {f"0.0.0.0:{PORT}": f"127.0.0.1:{port}", **own, **(changes or {})}
    for file, text in configuration(organisation).items():
        for old, new in moved.items():
            text = text.replace(old, new)  # noqa: PLW2901 - one after the other
        (places[CONFIGURATION_FOLDER] / file).write_text(text, "utf-8")
    configured = places[CONFIGURATION_FOLDER]
    command: list[str | Path] = [
        set_up("oauth2-proxy") / "oauth2-proxy",
        f"--config={configured / SETTINGS_FILE}", f"--alpha-config={configured / PROVIDER_FILE}",
    ]  # fmt: skip
    processes.start(name, command, given.environ)
    made = Gateway(name, port, given.tls)
    trusted = given.tls.certificate
    processes.wait_until(name, lambda: answers(f"{made.url}/healthz", certificate=trusted))
    return made


def configuration(organisation: Organisation) -> dict[str, str]:
    """Return what the proxy reads, by name, out of the file that Turnpike renders."""
    documents: list[Any] = list(yaml.safe_load_all(access_files(organisation, ("dev",))[_FILE]))
    (found,) = [one["data"] for one in documents if one["kind"] == "ConfigMap"]
    return {str(name): str(text) for name, text in found.items()}


def _secrets(places: Mapping[str, Path], given: Given) -> None:
    (places[SECRETS_FOLDER] / "client-secret").write_text(given.client.secret, "utf-8")
    (places[SECRETS_FOLDER] / "cookie-secret").write_text(given.cookie_secret, "utf-8")
    (places[CERTIFICATE_FOLDER] / "tls.crt").write_bytes(given.tls.certificate.read_bytes())
    (places[CERTIFICATE_FOLDER] / "tls.key").write_bytes(given.tls.key.read_bytes())


def started(browser: Browser, model: str = MODEL) -> str:
    """Begin to sign in for a model, and return where the browser is sent to."""
    return browser.sent_to_provider(f"{SIGN_IN}/oauth2/start?rd={model}")


def finished(browser: Browser, model: str = MODEL) -> httpx.Response:
    """Walk a whole login for a model, and return what its end is answered with."""
    return browser.get(browser.back_from(started(browser, model), SIGN_IN))


class _Loopback(httpx.BaseTransport):
    """Brings a request for any name to one port of this machine, as private names do."""

    def __init__(self, port: int, tls: Tls) -> None:
        self._port = port
        trust = ssl.create_default_context(cafile=tls.certificate)
        alone = httpx.Limits(max_keepalive_connections=0)
        self._within = httpx.HTTPTransport(verify=trust, limits=alone)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        place = request.url.copy_with(host="127.0.0.1", port=self._port)
        return self._within.handle_request(
            httpx.Request(request.method, place, headers=request.headers, stream=request.stream)
        )
