"""The webhook service, called by a real Gitea: it merges what is allowed, and believes nobody."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from runbooks import carried_out
from servers.company import Company, gitea_company, shell_of
from servers.webhooks import Messenger, hooked, messenger, service, until


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with gitea_company(tmp_path_factory.mktemp("company")) as made:
        yield made


@pytest.fixture(scope="module")
def letters(company: Company) -> Iterator[Messenger]:
    with messenger() as (made, url):
        hooked(company, url)
        yield made


def queued(company: Company) -> set[str]:
    """Return the pull requests that the service has yet to look at, or looks at now."""
    return {one.name for one in (company.folder / "webhooks").glob("*ing/*")}


def recorded(company: Company) -> int:
    """Return how many commits the record has."""
    count = company.told("verify")["recordCommits"]
    assert isinstance(count, int)
    return count


def test_gitea_calls_and_what_is_allowed_is_merged(company: Company, letters: Messenger) -> None:
    with service(company) as letters.address:
        number, commit = company.opened("called")
        until("the bot's first word", lambda: company.told_of(number) == ("open", "failure"))
        company.world.forge("sam-rivera").review(number, "approved", commit)
        until("the merge", lambda: company.told_of(number) == ("merged", "success"))
        until("the approval's letter", lambda: letters.approval(number))
        came = letters.about(number)  # what comes later finds no service any more
    assert {one.headers["X-Gitea-Event"] for one, _ in came} >= {
        "pull_request", "pull_request_approved",
    }  # fmt: skip
    assert all("X-Gitea-Signature" in one.headers for one, _ in came)
    assert {answer for _, answer in came} == {202}


def test_a_doubled_one_is_known_again_and_a_forged_one_is_refused(
    company: Company, letters: Messenger
) -> None:
    with service(company) as letters.address:
        number, _ = company.opened("doubled")
        until("the bot's first word", lambda: company.told_of(number) == ("open", "failure"))
        until("Gitea's letter", lambda: letters.opening(number))
        until("an empty queue", lambda: not queued(company))
        known, before = letters.opening(number), recorded(company)
        assert known is not None
        assert letters.bring(known.altered(number)) == 401
        assert letters.bring(known.unsigned()) == 401
        assert letters.bring(known) == 202
        until("an empty queue", lambda: not queued(company))
        assert recorded(company) == before


def test_a_lost_one_is_made_up_for_by_hand(company: Company, letters: Messenger) -> None:
    letters.address = "http://127.0.0.1:9/webhooks"  # nobody listens there
    number = company.approved("lost")
    until("Gitea's tries", lambda: letters.opening(number) and letters.approval(number))
    assert {answer for _, answer in letters.about(number)} == {0}
    with service(company) as letters.address:
        values = {
            "number": str(number),
            "service": letters.address.removesuffix("/webhooks"),
        }
        with carried_out("GateWebhookLost", shell_of(company, values)) as page:
            look = page.run("Look")
            assert "401" in look
            assert '"active": true' in look
            assert company.told_of(number)[0] == "open"
            assert "merged as" in page.run("Help")
            page.run("Over when")
    assert company.told_of(number) == ("merged", "success")


def test_what_the_host_was_too_sick_to_answer_is_tried_again(
    company: Company, letters: Messenger
) -> None:
    letters.address = "http://127.0.0.1:9/webhooks"  # the test brings it, when the host is down
    number = company.approved("retried")
    until("Gitea's tries", lambda: letters.opening(number) and letters.approval(number))
    approval = letters.approval(number)
    assert approval is not None
    with service(company) as letters.address:
        with company.world.down():
            assert letters.bring(approval) == 202
            time.sleep(4)  # the service has looked meanwhile, and could not decide
            assert str(number) in queued(company)
        until("the merge", lambda: company.told_of(number) == ("merged", "success"))
