"""Changes that no honest verb writes: the gate refuses each by its own code, whoever brings it."""

from __future__ import annotations

import pytest

from end_to_end.changes import DESCRIPTION, Bench
from end_to_end.evidence import GOOD, Findings
from end_to_end.forgery import EXECUTABLE, LINK, SUBMODULE, RawEntry, raw_commit
from end_to_end.people import BOT
from end_to_end.releases import opened, released
from end_to_end.world import World

FOLDER = b"models/endocrinology/diabetes-progression"
AUTHOR = "jonas-weber"


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """A live model in dev, and a merged route that is released nowhere."""
    bench = merged.copied()
    bench.admitted(bench.draft("summary"), Findings())
    released(bench.world, bench.draft("diabetes"), "dev", "--target", "local")
    return bench


def codes(world: World, number: int) -> set[str]:
    told = world.gate(number)
    assert told.code == 1, str(told)
    return {finding["code"] for finding in told.json()["findings"]}


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (RawEntry(FOLDER + b"/BUILD", b"turnpike_model()\nfiles()\n"), "change.build-differs"),
        (RawEntry(FOLDER + b"/conftest.py", b"import os\n"), "change.file-not-allowed"),
        (RawEntry(FOLDER + b"/Dockerfile", b"FROM scratch\n"), "change.file-not-allowed"),
        (RawEntry(b"docs/$(id)'.md", b"# Quoted\n"), "change.path-not-plain"),
        (RawEntry(FOLDER + b"/pants.toml", b"[GLOBAL]\n"), "change.file-not-allowed"),
        (RawEntry(FOLDER + b"/checks/BUILD", b"turnpike_model()\n"), "change.file-not-allowed"),
        (RawEntry(b"models/BUILD", b"turnpike_model()\n"), "change.file-not-allowed"),
        (RawEntry(FOLDER + b"/card.md", b"/etc/passwd", LINK), "change.file-kind"),
        (RawEntry(FOLDER + b"/train.py", b"x = 1\n", EXECUTABLE), "change.file-kind"),
        (RawEntry(FOLDER + b"/data.py", b"1" * 40, SUBMODULE), "change.file-kind"),
        (RawEntry(FOLDER + b"/card.md", b"#" * 300_000), "change.file-too-large"),
        (RawEntry(FOLDER + b"/CARD.md", b"# Card\n"), "change.case-twins"),
        (RawEntry(b"docs/ARCHITECTURE.md", b"# Not the other one\n"), "change.case-twins"),
        (RawEntry(b"Docs/page.md", b"# In another folder\n"), "change.case-twins"),
        (RawEntry(b"docs/\xff\xfe.md", b"# No text\n"), "change.path-not-plain"),
        (RawEntry(b"docs/new\nline.md", b"# Two lines\n"), "change.path-not-plain"),
        (RawEntry("docs/gpj.\u202edm.md".encode(), b"# Backwards\n"), "change.path-not-plain"),
        (RawEntry(b"docs/" + b"long/" * 180 + b"x.md", b"# Far away\n"), "change.path-not-plain"),
        (RawEntry(b"docs/trailing.", b"# A dot\n"), "change.path-not-plain"),
        (RawEntry(b"docs/.gitattributes", b"* -diff\n"), "change.path-not-plain"),
    ],
    ids=lambda value: repr(value.path[-20:]) if isinstance(value, RawEntry) else value,
)  # fmt: skip
def test_an_odd_file_is_refused(bench: Bench, entry: RawEntry, code: str) -> None:
    world = bench.world
    number = world.open(raw_commit(world, AUTHOR, entry), AUTHOR)
    assert code in codes(world, number)


@pytest.mark.parametrize("path", [b".gitmodules", b"docs/.GIT/config", b"models/../pants.toml"])
def test_the_host_takes_no_path_that_git_could_follow(bench: Bench, path: bytes) -> None:
    world = bench.world
    content = b'[submodule "x"]\n\tpath = x\n\turl = --upload-pack=touch /tmp/owned\n'
    commit = raw_commit(world, AUTHOR, RawEntry(path, content))
    told = world.call("pr", "open", "--head", commit, "--as", AUTHOR, "--json")
    assert told.code == 3


@pytest.mark.parametrize(
    "path", ["pants.toml", "conftest.py", "tools/pants/macros.py", "policies/gate/gate.rego"]
)
def test_a_model_brings_nothing_that_builds_or_judges_it(bench: Bench, path: str) -> None:
    world = bench.world
    files = {**bench.draft("diabetes").edited(DESCRIPTION).files, path: b"# mine\n"}
    assert "classes-mixed" in codes(world, world.propose(files, AUTHOR, ("lena-fischer",)))


def test_names_that_differ_in_case_alone_are_refused(bench: Bench) -> None:
    world = bench.world
    files = {"docs/guide.md": b"# One\n", "docs/Guide.md": b"# Another\n"}
    assert "change.case-twins" in codes(world, world.propose(files, "sam-rivera", ("ida-berg",)))


def test_a_derived_file_that_somebody_edited_is_refused(bench: Bench) -> None:
    world = bench.world
    number = opened(world, bench.draft("summary"), "dev", "--target", "local")
    head = world.ref(f"refs/pull/{number}/head")
    path = "environments/dev/local/oncology/discharge-summary/manifests.yaml"
    text = world.git("show", f"{head}:{path}", at=world.host) + "\n# A word more.\n"
    world.git("fetch", "--quiet", "origin", f"refs/pull/{number}/head")
    commit = world.commit({path: text.encode()}, BOT, on=head)
    world.done("pr", "push", str(number), "--head", commit, "--as", BOT)
    assert codes(world, number) == {"derived.differs"}


def test_manifests_that_were_edited_alone_are_refused(bench: Bench) -> None:
    world = bench.world
    path = "environments/dev/local/endocrinology/diabetes-progression/manifests.yaml"
    text = world.git("show", f"{world.main}:{path}", at=world.host)
    files = {path: text.replace("registry.local", "registry.evil.example").encode()}
    assert codes(world, world.propose(files, AUTHOR, ("ida-berg",))) == {"derived.differs"}


def test_a_release_of_other_bytes_is_refused(bench: Bench) -> None:
    world = bench.world
    path = "environments/dev/local/endocrinology/diabetes-progression/release.yaml"
    text = world.git("show", f"{world.main}:{path}", at=world.host)
    artifact = bench.draft("better diabetes").model.artifact
    now = bench.draft("diabetes").model.artifact
    assert artifact
    assert now
    assert now.digest in text
    files = {path: (text.replace(now.digest, artifact.digest) + "\n").encode()}
    found = codes(world, world.propose(files, BOT))
    assert {"admission-unknown", "release.artifact-differs"} <= found


def test_a_prompt_that_was_edited_under_the_registered_digest_is_refused(bench: Bench) -> None:
    draft = bench.draft("summary").edited(("Give no diagnosis, dose", "Give a diagnosis, dose"))
    assert codes(bench.world, bench.proposed(draft, GOOD)) == {"artifact.route-differs"}


def test_what_main_has_already_is_no_change(bench: Bench) -> None:
    world = bench.world
    commit = world.commit({}, AUTHOR)
    assert codes(world, world.open(commit, AUTHOR)) == {"change.empty"}


def test_a_merge_conflict_is_refused_by_name(bench: Bench) -> None:
    own = bench.copied()
    world, draft = own.world, own.draft("diabetes")
    late = world.propose(
        draft.edited((DESCRIPTION[0], "Guesses from ten")).files, AUTHOR, ("lena-fischer",)
    )
    own.admitted(draft.edited(DESCRIPTION))
    told = world.gate(late)
    assert told.code == 1
    (finding,) = told.json()["findings"]
    assert finding["code"] == "change.conflict"
    assert draft.path("model.yaml") in finding["subject"]


def test_the_same_release_twice_changes_nothing(bench: Bench) -> None:
    own = bench.copied()
    world, draft = own.world, own.draft("summary")
    first = opened(world, draft, "dev")
    second = opened(world, draft, "dev")
    world.merged(first)
    told = world.call("release", draft.key, "--to", "dev", "--as", BOT, "--json")
    assert (told.code, told.json()["error"]) == (2, "release.nothing-to-do")
    assert codes(world, second) == {"change.empty"}
    assert world.call("verify").code == 0
