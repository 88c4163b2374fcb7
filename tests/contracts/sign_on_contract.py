"""What a login by any provider does: the one provider in our tests must pass what Gitea passes."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from contracts.browsers import Browser, Pages


@dataclass
class SignOnWorld:
    """Pages, and a browser in which maria-lopez is known to the provider."""

    pages: Pages
    browser: Browser


class SignOnContract:
    """Subclasses give ``world``: pages that are a client of a provider, and who has an account."""

    def test_a_login_leads_to_the_page_that_was_asked_for(self, world: SignOnWorld) -> None:
        page = world.browser.signed_in(world.pages.url, "/models")
        assert (page.status_code, page.text) == (200, "/models for maria-lopez")

    def test_the_session_lasts_without_the_provider(self, world: SignOnWorld) -> None:
        world.browser.signed_in(world.pages.url)
        assert world.browser.get(f"{world.pages.url}/").status_code == 200

    def test_the_flow_is_a_code_with_pkce_state_and_nonce(self, world: SignOnWorld) -> None:
        first, second = (
            parse_qs(urlsplit(world.browser.sent_to_provider(f"{world.pages.url}/")).query)
            for _ in range(2)
        )
        assert first["response_type"] == ["code"]
        assert first["code_challenge_method"] == ["S256"]
        for secret in ("state", "nonce", "code_challenge"):
            assert first[secret] != second[secret]

    def test_a_state_is_good_for_one_answer(self, world: SignOnWorld) -> None:
        pages, browser = world.pages, world.browser
        back = browser.back_from(browser.sent_to_provider(f"{pages.url}/"), pages.url)
        assert browser.get(back).status_code == 302
        again = browser.get(back)
        assert again.status_code == 400
        assert "sign-in.state" in again.text

    def test_another_browser_cannot_finish_a_login(self, world: SignOnWorld) -> None:
        pages, browser = world.pages, world.browser
        back = browser.back_from(browser.sent_to_provider(f"{pages.url}/"), pages.url)
        other = browser.fresh().get(back)
        assert other.status_code == 400
        assert "sign-in.browser" in other.text
        assert "set-cookie" not in other.headers

    def test_a_code_of_one_login_is_of_no_use_in_another(self, world: SignOnWorld) -> None:
        pages, browser = world.pages, world.browser
        stolen = browser.back_from(browser.sent_to_provider(f"{pages.url}/"), pages.url)
        victim = browser.fresh()
        begun = parse_qs(urlsplit(victim.sent_to_provider(f"{pages.url}/")).query)
        code = parse_qs(urlsplit(stolen).query)["code"][0]
        answer = victim.get(f"{pages.url}/sign-in/callback?code={code}&state={begun['state'][0]}")
        assert answer.status_code == 400
        assert "sign-in.code" in answer.text

    def test_who_leaves_a_group_sees_nothing_at_the_next_request(self, world: SignOnWorld) -> None:
        pages, browser = world.pages, world.browser
        assert browser.signed_in(pages.url).status_code == 200
        for group in sorted(pages.site.organisation.groups_of("maria-lopez")):
            pages.site.leave(group, "maria-lopez")
        assert browser.get(f"{pages.url}/").status_code == 403

    def test_the_cookie_is_short_lived_and_no_scripts(self, world: SignOnWorld) -> None:
        pages, browser = world.pages, world.browser
        back = browser.back_from(browser.sent_to_provider(f"{pages.url}/"), pages.url)
        told = browser.get(back).headers.get_list("set-cookie")
        (session,) = [one for one in told if one.startswith("turnpike-session=")]
        assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=900"} <= set(session.split("; "))
