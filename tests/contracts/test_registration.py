"""Registering for real: a folder becomes a version in MLflow, bytes in the store, and evidence."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import turnpike
from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError
from turnpike.evidence.envelope import Envelope, encode_for_signing, envelope_of, statement_in
from turnpike.evidence.statement import (
    BILL_OF_MATERIALS,
    PAYLOAD_TYPE,
    PROVENANCE,
    Statement,
    payload_of,
)
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.registration.manifest_file import read_manifest
from turnpike.registration.register import Edges, Registered, register
from turnpike.registration.training import train_into
from turnpike.registry.mlflow import MlflowRegistry
from turnpike.registry.mlflow_sqlite import MlflowSqliteReader
from turnpike.registry.store import ArtifactStore
from turnpike.validation.scan import scan
from unit.registration.manifests import WINE_MANIFEST, route_folder, wine_folder

pytestmark = pytest.mark.filterwarnings("default")  # MLflow's own imports warn

_ONNX = """\
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression


def train(features, labels, seed):
    values = features.to_numpy(dtype="float32")
    model = LogisticRegression(random_state=seed, max_iter=5000).fit(values, labels)
    graph = to_onnx(model, values[:1], options={"zipmap": False})
    del graph.graph.output[1:]
    return graph
"""

_CUSTOM = """\
from sklearn.base import BaseEstimator


class Guess(BaseEstimator):
    def fit(self, features, labels):
        return self

    def predict(self, features):
        return [0] * len(features)


def train(features, labels, seed):
    return Guess().fit(features, labels)
"""

_SHARE = """\
from sklearn.linear_model import LinearRegression


def train(features, labels, seed):
    return LinearRegression().fit(features, labels)
"""


@dataclass(slots=True)
class Home:
    """Where a test registers to, with a registrar's key of its own."""

    root: Path
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    said: list[str] = field(default_factory=list)

    @property
    def store(self) -> ArtifactStore:
        return ArtifactStore(self.root / "store")

    @property
    def reader(self) -> MlflowSqliteReader:
        return MlflowSqliteReader(self.root / "registry")

    def register(self, *folders: Path) -> tuple[Registered, ...]:
        registry = MlflowRegistry.embedded(self.root / "registry")
        now = datetime(2026, 1, 2, tzinfo=UTC)
        edges = Edges(registry, self.store, self._sign, lambda: now, self.said.append)
        return register(folders, edges)

    def _sign(self, statement: Statement) -> Envelope:
        key_id = digest_of(self.key.public_key().public_bytes_raw())
        signed = encode_for_signing(PAYLOAD_TYPE, payload_of(statement))
        return envelope_of(statement, key_id, self.key.sign(signed))


@dataclass(frozen=True, slots=True)
class Done:
    """Three models that were registered together, and then once more."""

    home: Home
    folders: tuple[Path, Path, Path]
    first: tuple[Registered, ...]
    texts: tuple[str, ...]
    second: tuple[Registered, ...]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    root = tmp_path_factory.mktemp("registration")
    home = Home(root)
    onnx = wine_folder(root / "onnx", train=_ONNX)
    onnx = onnx.rename(onnx.parent / "grape")
    (onnx / "model.yaml").write_text(WINE_MANIFEST.replace("name: wine", "name: grape"))
    folders = (wine_folder(root), onnx, route_folder(root))
    first = home.register(*folders)
    texts = tuple((folder / "model.yaml").read_text() for folder in folders)
    return Done(home, folders, first, texts, home.register(*folders))


def test_the_manifest_names_what_registry_and_store_hold(done: Done) -> None:
    for folder, registered in zip(done.folders, done.first, strict=True):
        manifest = read_manifest(folder)
        block = manifest.model.artifact
        assert block is not None
        assert block.registry_model == manifest.registry_model
        found = done.home.reader.find(block.registry_model, block.version)
        assert found == registered.version
        assert found.digest == block.digest
        done.home.store.verify(found.digest)


def test_each_format_follows_from_what_train_returns(done: Done) -> None:
    blocks = [read_manifest(folder).model.artifact for folder in done.folders]
    assert [block.format for block in blocks if block] == ["skops", "onnx", "route"]


def test_what_registering_writes_passes_the_allow_list(done: Done) -> None:
    for folder in done.folders:
        model = read_manifest(folder).model
        assert model.artifact is not None
        artifact = done.home.store.path_of(model.artifact.digest)
        result = scan(model, artifact, lambda: datetime(2026, 1, 2, tzinfo=UTC))
        assert [check for check in result.checks if not check.passed] == []


def test_a_route_has_the_digest_of_its_manifest(done: Done) -> None:
    model = read_manifest(done.folders[2]).model
    assert isinstance(model, GenerativeModel)
    assert model.artifact is not None
    assert model.artifact.digest == model.route_digest()


def test_the_data_is_pinned_by_digest(done: Done) -> None:
    model = read_manifest(done.folders[0]).model
    assert isinstance(model, PredictiveModel)
    assert model.data.training.digest != model.data.validation.digest
    assert None not in (model.data.training.digest, model.data.validation.digest)


def test_comments_and_order_of_the_manifest_are_kept(done: Done) -> None:
    added = ("artifact:", "registryModel:", "version:", "digest:", "format:")
    kept = [line for line in done.texts[0].splitlines() if not line.strip().startswith(added)]
    original = WINE_MANIFEST.splitlines()
    assert [line for line in kept if line] == [line for line in original if line]


def test_registering_again_gives_the_same_version_and_changes_no_byte(done: Done) -> None:
    assert [one.version for one in done.second] == [one.version for one in done.first]
    assert [one.unchanged for one in done.first] == [False] * 3
    assert [one.unchanged for one in done.second] == [True] * 3
    assert tuple((folder / "model.yaml").read_text() for folder in done.folders) == done.texts
    assert len(done.home.reader.versions("cellar.wine")) == 1


def test_the_registrar_testifies_provenance_and_bill_of_each_artifact(done: Done) -> None:
    for registered in done.first:
        statements = [statement_in(envelope) for envelope in registered.envelopes]
        found = {one.predicate_type for one in statements if one is not None}
        assert found == {PROVENANCE, BILL_OF_MATERIALS}
        assert all(
            one is not None and one.is_about(registered.version.digest) for one in statements
        )


def test_progress_names_the_models_as_they_are_trained(done: Done) -> None:
    assert done.home.said[:2] == ["training wine", "training grape"]


@pytest.mark.parametrize(
    ("train", "code"),
    [
        ("def train(features, labels, seed):\n    return 'model'\n", "training.result"),
        (_CUSTOM, "training.untrusted-type"),
        (_SHARE, "signature.outputs"),
    ],
)
def test_a_model_that_could_not_be_served_is_refused_when_it_is_saved(
    tmp_path: Path, train: str, code: str
) -> None:
    with pytest.raises(InputError) as refusal:
        train_into(wine_folder(tmp_path, train=train), tmp_path / "artifact")
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("train", "code"),
    [
        ("def train(features, labels, seed):\n    return 1 / 0\n", "training.failed"),
        ("import os\nos._exit(7)\n", "training.stopped"),
    ],
)
def test_a_failed_training_leaves_everything_as_it_was(
    tmp_path: Path, train: str, code: str
) -> None:
    home, folder = Home(tmp_path), wine_folder(tmp_path, train=train)
    with pytest.raises(InputError) as refusal:
        home.register(folder, route_folder(tmp_path))
    assert refusal.value.code == code
    assert (folder / "model.yaml").read_text() == WINE_MANIFEST
    assert not home.store.root.exists()
    assert home.reader.versions("cellar.tasting-notes") == ()


_SLOW = """\
import time
from pathlib import Path


def train(features, labels, seed):
    Path(__file__).with_name("began").touch()
    time.sleep(600)
"""
# A shell's background jobs ignore Ctrl-C, and hand that on; a person's foreground does not.
_DRIVER = """\
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
from contracts.test_registration import Home
Home(Path(sys.argv[1])).register(Path(sys.argv[2]))
"""


def test_ctrl_c_in_the_teams_code_stops_it_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    folder = wine_folder(tmp_path, train=_SLOW)
    source = Path(turnpike.__file__ or "").parent.parent
    tests = Path(__file__).parent.parent
    process = subprocess.Popen(
        [sys.executable, "-c", _DRIVER, str(tmp_path), str(folder)],
        env={"PYTHONPATH": f"{source}:{tests}", "PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    _wait_for(folder / "began", process)
    (scratch,) = tmp_path.glob("turnpike-training-*")
    assert _children_of(scratch) != []
    process.send_signal(signal.SIGINT)
    assert process.wait(300) != 0
    assert (folder / "model.yaml").read_text() == WINE_MANIFEST
    assert not scratch.exists()
    assert _children_of(scratch) == []


def _wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 900
    while not path.exists():
        if time.monotonic() > ends or process.poll() is not None:
            pytest.fail(f"no training began; the command ended with {process.poll()}")
        time.sleep(0.2)


def _children_of(scratch: Path) -> list[str]:
    """Return the processes that were started with a folder of the scratch on their command line."""
    lines = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(entry.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return [line for line in lines if str(scratch) in line]
