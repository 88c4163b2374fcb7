"""Credentials are found by their form, and what only looks like one is left alone."""

from __future__ import annotations

import pytest

from turnpike.change.secrets import leaks_in

# Put together here, so that no scanner takes this file for a leak.
FORMS = {
    "a private key": "-----BEGIN " + "OPENSSH PRIVATE KEY-----",
    "an AWS access key": "key: AKIA" + "ABCDEFGHIJKLMNOP",
    "a GitHub token": "ghp_" + "a1" * 18,
    "a GitLab token": "glpat-" + "a1B2" * 5,
    "a Google API key": "AIza" + "B" * 35,
    "a Slack token": "xoxb-" + "123456789012-abc",
    "an Azure account key": "AccountKey=" + "A" * 86 + "==",
    "a provider's API key": "sk-ant-" + "a1" * 20,
    "a Stripe key": "sk_live_" + "a1" * 12,
    "a Hugging Face token": "hf_" + "a1" * 17,
    "a package index's token": "npm_" + "a1" * 18,
    "a JSON web token": "eyJhbGciOiJI.eyJzdWIiOiIx".replace(".", "AA.") + "AA.c2lnbmF0dXJl",
    "a password in an address": "uri: postgresql://turnpike:" + "hunter2@db/registry",
    "a random value under a telling name": "apiKey: 9f8" + "Q2xLp7Zk4Vb1Nw6Td",
}


@pytest.mark.parametrize("kind", FORMS)
def test_a_credential_is_named_by_its_kind_and_line(kind: str) -> None:
    (leak,) = leaks_in("models/a/b/model.yaml", f"name: b\n{FORMS[kind]}\n".encode())
    assert (leak.path, leak.line, leak.secret) == ("models/a/b/model.yaml", 2, kind)


@pytest.mark.parametrize(
    "text",
    [
        "digest: sha256:" + "0f" * 32,
        "source: https://example.com/data",
        "password: <from the vault>",
        "secretName: registry-credentials-of-the-team",
        "token: ${TOKEN}",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPq1 maria@laptop",
        "tokensPerMinute: 100000",
        "maxTokens: 1000",
    ],
)
def test_what_is_no_credential_is_left_alone(text: str) -> None:
    assert list(leaks_in("docs/page.md", text.encode())) == []


EVERY_FORM = {
    "a GitHub token": [f"gh{kind}_" + "a1" * 18 for kind in "pousr"] + ["github_pat_" + "a1" * 20],
    "a GitLab token": [f"gl{kind}-" + "a1B2" * 5 for kind in ("pat", "dt", "rt", "ptt", "cbt")],
    "an AWS access key": ["AKIA" + "B" * 16, "ASIA" + "B" * 16],
    "a Stripe key": [f"{who}k_{where}_" + "a1" * 10 for who in "rs" for where in ("live", "test")],
    "a package index's token": ["pypi-AgEI" + "a1" * 25, "npm_" + "a1" * 18],
    "a provider's API key": [f"sk-{who}" + "a1" * 16 for who in ("", "ant-", "proj-", "live-")],
    "a Slack token": [f"xox{kind}-" + "1234567890" for kind in "abeoprs"],
    "a random value under a telling name": [
        f"{name}: 9f8Q2xLp7Zk4Vb1Nw6Td"
        for name in ("PASSWORD", "db_passwd", "clientSecret", "Access-Token", "API_KEY", "apikey",
                     "access-key", "Credentials", "to\u212aen", "credent\u0131al")
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", EVERY_FORM)
def test_no_form_is_passed_over_for_how_its_line_begins(kind: str) -> None:
    content = "\n".join(EVERY_FORM[kind])
    assert [leak.secret for leak in leaks_in("a.yaml", content.encode())] == [kind] * len(
        EVERY_FORM[kind]
    )


def test_bytes_that_are_no_text_are_searched_as_well() -> None:
    content = b"\xff\xfe\n" + FORMS["a private key"].encode()
    assert [leak.line for leak in leaks_in("docs/x.bin", content)] == [2]
