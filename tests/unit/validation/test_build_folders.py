"""A program in the cache is whole, without tests to run, and compiled for whom cannot compile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.validation.build_folders import folder_of, keep_libraries, keep_program


def built(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x = 1\n")
    return folder


def test_other_inputs_and_another_kind_have_another_place(tmp_path: Path) -> None:
    one, two = digest_of(b"one"), digest_of(b"two")
    places = {
        folder_of(tmp_path, kind, inputs)
        for kind in ("program", "libraries")
        for inputs in (one, two)
    }
    assert len(places) == 4
    assert not any(place.exists() for place in places)


def test_a_program_is_kept_with_its_links_and_everybody_may_enter_it(tmp_path: Path) -> None:
    pex = built(tmp_path / "pex", "__main__.py", "source/predict.py")
    (pex / "predict.py").symlink_to("source/predict.py")
    folder = folder_of(tmp_path / "cache", "program", digest_of(b"one"))
    keep_program(pex, folder)
    assert (folder / "predict.py").is_symlink()
    assert (folder / "predict.py").read_text() == "x = 1\n"
    assert folder.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_libraries_are_kept_compiled_and_without_their_tests(tmp_path: Path) -> None:
    pex = built(
        tmp_path / "pex", ".deps/a.whl/a/b.py", ".deps/a.whl/a/tests/test_b.py", "source/c.py"
    )
    folder = tmp_path / "cache" / "libraries"
    keep_libraries(pex, folder)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert ".deps/a.whl/a/b.py" in names
    assert not [name for name in names if "tests" in name or "source" in name]
    (compiled,) = (name for name in names if name.endswith(".pyc"))
    # Unchecked: inside nobody can compare it with its source, or write another one.
    assert (folder / compiled).read_bytes()[4:8] == (1).to_bytes(4, "little")


@pytest.mark.parametrize("keep", [keep_program, keep_libraries])
def test_what_was_never_built_leaves_nothing_behind(
    tmp_path: Path, keep: Callable[[Path, Path], None]
) -> None:
    folder = tmp_path / "cache" / "program"
    with pytest.raises(OSError, match="missing"):
        keep(tmp_path / "missing", folder)
    assert list(folder.parent.iterdir()) == []


def test_what_another_process_kept_first_stays(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "program"
    keep_program(built(tmp_path / "one", "one.py"), folder)
    keep_program(built(tmp_path / "two", "two.py"), folder)
    assert [path.name for path in folder.iterdir()] == ["one.py"]
