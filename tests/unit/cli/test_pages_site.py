"""Pages are of main as it stands, and each shows a visitor what they may see and no more."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from turnpike.cli.pages_site import InstanceSite
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, Unavailable
from turnpike.judge.layout import CLOUDS_PATH, ORGANISATION_PATH
from turnpike.judge.sight import Sight
from turnpike.pages.interface import Visitor
from unit.instance.aurora import MAIN, ROOT, Aurora, git

SIGN_ON = """
signOn:
  issuer: https://sso.example.org
  host: embedded
  clients: {pages: {id: pages, address: "https://turnpike.example.org"}}
"""
MODELS = ("oncology/tumour-malignancy", "endocrinology/diabetes-progression")
EVERYTHING = Visitor("", Sight(whole=True))


@dataclass
class Company:
    """An instance of its own whose main may be moved behind the gate's back, and its clock."""

    aurora: Aurora
    time: datetime = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)

    def site(self) -> InstanceSite:
        return InstanceSite(self.aurora.instance, lambda: self.time)

    def moves(self, files: dict[str, bytes | None]) -> ObjectId:
        host = self.aurora.host
        tree = host.write_tree_with(self.aurora.main(), files)
        told = git(
            self.aurora.instance.host, "commit-tree", tree, "-p", self.aurora.main(), "-m", "x"
        )
        git(self.aurora.instance.host, "update-ref", MAIN, told.stdout.strip())
        return self.aurora.main()

    def organisation(self) -> str:
        return (self.aurora.host.read(self.aurora.main(), ORGANISATION_PATH) or b"").decode()


@pytest.fixture
def company(aurora: Aurora, tmp_path: Path) -> Company:
    shutil.copytree(aurora.instance.host, tmp_path / "host.git")
    instance = replace(aurora.instance, folder=tmp_path)
    made = Company(replace(aurora, instance=instance, host=type(aurora.host)(instance.host)))
    files = {f"models/{key}/model.yaml": manifest(key) for key in MODELS}
    made.moves({**files, ORGANISATION_PATH: (made.organisation() + SIGN_ON).encode()})
    return made


def manifest(key: str) -> bytes:
    return (ROOT / "models" / key / "model.yaml").read_bytes()


def shown(site: InstanceSite, path: str, visitor: Visitor) -> str:
    page = site.page(path, visitor)
    assert page is not None
    return page


def test_every_page_is_there_for_who_sees_everything_and_no_other_path_is(company: Company) -> None:
    site = company.site()
    assert all(site.page(path, EVERYTHING) for path in site.paths)
    assert site.page("/models/", EVERYTHING) is None
    assert site.page("/../keys", EVERYTHING) is None


def test_a_team_sees_its_own_models_and_no_access_review(company: Company) -> None:
    site = company.site()
    tom = site.visitor("tom-becker")
    assert tom.person == "tom-becker"
    models = shown(site, "/models", tom)
    assert [key in models for key in MODELS] == [True, False]
    assert site.page("/access", tom) is None
    assert "/access" not in shown(site, "/", tom)
    assert "/access" in shown(site, "/", site.visitor("nora-smith"))


def test_an_account_of_nobody_is_let_in_as_nobody(company: Company) -> None:
    with pytest.raises(InputError) as error:
        company.site().visitor("mallory")
    assert error.value.code == "sign-in.unknown-account"


def test_who_leaves_a_group_sees_less_at_the_next_request(company: Company) -> None:
    site = company.site()
    assert not site.visitor("tom-becker").sight.is_none
    without = company.organisation().replace(
        "- {group: oncology, role: viewer, teams: [oncology]}", ""
    )
    company.moves({ORGANISATION_PATH: without.encode()})
    assert site.visitor("tom-becker").sight.is_none


def test_a_page_is_made_once_for_each_main_hour_and_visitor(company: Company) -> None:
    site = company.site()
    first = shown(site, "/calendar", EVERYTHING)
    company.time += timedelta(minutes=29)
    assert site.page("/calendar", EVERYTHING) is first
    company.time += timedelta(minutes=1)
    assert site.page("/calendar", EVERYTHING) != first
    before = shown(site, "/", EVERYTHING)
    main = company.moves({"docs/new.md": b"new"})
    after = shown(site, "/", EVERYTHING)
    assert (main in before, main in after) == (False, True)


def test_a_model_that_was_just_merged_is_shown(company: Company) -> None:
    site = company.site()
    key = "manufacturing/cultivar-identity"
    assert key not in shown(site, "/models", EVERYTHING)
    company.moves({f"models/{key}/model.yaml": manifest(key)})
    assert key in shown(site, "/models", EVERYTHING)


def test_a_manifest_that_cannot_be_read_takes_no_page_away(company: Company) -> None:
    company.moves({f"models/{MODELS[0]}/model.yaml": b"kind: Model\n"})
    site = company.site()
    models = shown(site, "/models", EVERYTHING)
    assert MODELS[1] in models
    assert f"{MODELS[0]}/model.yaml:1: kind: expected" in models
    assert f"{MODELS[0]}/model.yaml" not in shown(site, "/models", site.visitor("lena-fischer"))


def test_without_prices_there_is_no_page_of_costs(company: Company) -> None:
    company.moves({CLOUDS_PATH: None})
    assert company.site().page("/cost", EVERYTHING) is None


def test_another_sign_in_on_main_answers_nobody_until_it_is_started_again(company: Company) -> None:
    site = company.site()
    visitor = site.visitor("maria-lopez")
    other = company.organisation().replace("https://sso.example.org", "https://evil.example.org")
    company.moves({ORGANISATION_PATH: other.encode()})
    for _ in range(2):
        with pytest.raises(Unavailable) as error:
            site.page("/", visitor)
        assert error.value.code == "pages.sign-on-changed"
    assert company.site().page("/", visitor)
