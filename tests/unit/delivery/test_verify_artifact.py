from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from turnpike.delivery.verify_artifact import main, verify_artifact
from turnpike.errors import IntegrityError, Unavailable
from turnpike.registry.artifact_digest import artifact_digest


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    folder = tmp_path / "stored"
    folder.mkdir()
    (folder / "MLmodel").write_bytes(b"flavors: {}\n")
    (folder / "model.skops").write_bytes(b"weights")
    return folder


@pytest.fixture
def served(tmp_path: Path) -> Path:
    return tmp_path / "mount" / "models"


def test_the_right_artifact_arrives_whole(stored: Path, served: Path) -> None:
    verify_artifact(artifact_digest(stored), stored, served)
    assert {file.name: file.read_bytes() for file in served.iterdir()} == {
        "MLmodel": b"flavors: {}\n",
        "model.skops": b"weights",
    }


def test_one_other_byte_is_refused_and_nothing_arrives(stored: Path, served: Path) -> None:
    digest = artifact_digest(stored)
    (stored / "model.skops").write_bytes(b"weightz")
    with pytest.raises(IntegrityError, match=f"expected the artifact {digest}, found sha256:"):
        verify_artifact(digest, stored, served)
    assert list(served.iterdir()) == []


def test_a_file_more_is_refused_and_nothing_arrives(stored: Path, served: Path) -> None:
    digest = artifact_digest(stored)
    (stored / "code.py").write_bytes(b"print()")
    with pytest.raises(IntegrityError, match=r"found 'code\.py'"):
        verify_artifact(digest, stored, served)
    assert list(served.iterdir()) == []


def test_a_link_in_the_store_is_not_followed(stored: Path, served: Path, tmp_path: Path) -> None:
    digest = artifact_digest(stored)
    (stored / "model.skops").rename(tmp_path / "elsewhere")
    (stored / "model.skops").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(IntegrityError, match="found a link"):
        verify_artifact(digest, stored, served)


def test_a_missing_artifact_is_refused(stored: Path, served: Path, tmp_path: Path) -> None:
    with pytest.raises(IntegrityError, match="found none there"):
        verify_artifact(artifact_digest(stored), tmp_path / "nothing", served)


def test_a_restarted_step_replaces_what_an_earlier_one_left(stored: Path, served: Path) -> None:
    served.mkdir(parents=True)
    (served / "model.onnx").write_bytes(b"half of another")
    verify_artifact(artifact_digest(stored), stored, served)
    assert artifact_digest(served) == artifact_digest(stored)


def test_a_folder_in_use_for_something_else_is_left_alone(stored: Path, served: Path) -> None:
    served.mkdir(parents=True)
    (served / "thesis.txt").write_bytes(b"years of work")
    with pytest.raises(IntegrityError, match="expected an empty destination"):
        verify_artifact(artifact_digest(stored), stored, served)
    assert (served / "thesis.txt").read_bytes() == b"years of work"


def test_a_destination_that_cannot_be_written_is_no_verdict(stored: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="expected files to copy"):
        verify_artifact(artifact_digest(stored), stored, tmp_path / "file" / "models")


def test_the_program_says_by_exit_code_and_text_what_it_found(stored: Path, served: Path) -> None:
    def run(digest: str) -> subprocess.CompletedProcess[str]:
        arguments = ["--digest", digest, "--source", str(stored), "--destination", str(served)]
        return subprocess.run(
            [sys.executable, "-m", "turnpike.delivery.verify_artifact", *arguments],
            env={"PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )

    good = run(artifact_digest(stored))
    assert (good.returncode, good.stderr) == (0, "")
    bad = run("sha256:" + "0" * 64)
    assert bad.returncode == 1
    assert "artifact.digest-mismatch" in bad.stderr
    assert "next: Nothing is served from it." in bad.stderr


@pytest.mark.parametrize("option", ["--digest", "--dig"])
def test_a_second_digest_or_a_shortened_option_is_bad_usage(
    option: str, stored: Path, served: Path
) -> None:
    places = ["--source", str(stored), "--destination", str(served)]
    digest = artifact_digest(stored)
    with pytest.raises(SystemExit) as caught:
        main(["--digest", "sha256:" + "0" * 64, *places, option, digest])
    assert caught.value.code == 2
    assert not served.exists()


@pytest.mark.parametrize("digest", ["latest", "sha256:abc", "sha1:" + "0" * 40, ""])
def test_a_digest_that_is_none_is_bad_usage(digest: str, stored: Path, served: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--digest", digest, "--source", str(stored), "--destination", str(served)])
    assert caught.value.code == 2
    assert not served.exists()
