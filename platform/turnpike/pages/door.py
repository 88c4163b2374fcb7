"""The door of the pages: it lets in who signed in, and answers nothing but pages.

Statuses: 200 a page, 302 to the provider or back, 400 not what was begun there, 403 nothing to see
for this person, 404 no such page, 405 no reading, 421 another host's name, 503 nobody could say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

from turnpike.errors import InputError, TurnpikeError
from turnpike.html_page import CLOSED, opened
from turnpike.judge.sight import Sight
from turnpike.pages.interface import Site, Visitor
from turnpike.signon.login import SECONDS as LOGIN_SECONDS
from turnpike.signon.login import Logins
from turnpike.signon.refusal import refused
from turnpike.signon.session import SECONDS as SESSION_SECONDS
from turnpike.signon.session import Sessions

CALLBACK = "/sign-in/callback"
SIGN_OUT = "/sign-out"
_LONGEST_TARGET = 8 * 1024
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "Content-Type": "text/html; charset=utf-8",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What came in; the names of headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """What goes out; ``headers`` may name one more than once."""

    status: HTTPStatus
    body: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SignOn:
    """How people come in: logins at the provider, sessions, and the claim that is an account."""

    logins: Logins
    sessions: Sessions
    claim: str


@dataclass(frozen=True, slots=True)
class Door:
    """What a request meets; without ``sign_on`` whoever reaches it sees everything.

    ``hosts`` are the names by which it may be asked for: any other is a page of somebody else's
    that makes a browser ask here.
    """

    site: Site
    hosts: frozenset[str]
    sign_on: SignOn | None
    is_secure: bool

    def answer(self, request: Request) -> Response:
        """Return what a request is told; every failure is an answer."""
        try:
            return self._answer(request)
        except InputError as error:
            is_known = error.code != "sign-in.unknown-account"
            return _told(HTTPStatus.BAD_REQUEST if is_known else HTTPStatus.FORBIDDEN, error)
        except TurnpikeError as error:
            return _told(HTTPStatus.SERVICE_UNAVAILABLE, error)

    def _answer(self, request: Request) -> Response:
        path = request.target.partition("?")[0]
        if request.headers.get("host", "").lower() not in self.hosts:
            return _said(HTTPStatus.MISDIRECTED_REQUEST, "These pages have another address.")
        if (request.method, path) == ("POST", SIGN_OUT):
            left = ("Set-Cookie", self._cookie("session", "", 0))
            return _said(HTTPStatus.OK, "You are signed out here; not at the provider.", left)
        if request.method != "GET":
            return _said(HTTPStatus.METHOD_NOT_ALLOWED, "These pages are only read.")
        if self.sign_on is not None and path == CALLBACK:
            return self._back(self.sign_on, request)
        if path not in self.site.paths or len(request.target) > _LONGEST_TARGET:
            return _said(HTTPStatus.NOT_FOUND, "No such page.")
        return self._page(path, request)

    def _page(self, path: str, request: Request) -> Response:
        if self.sign_on is None:
            return self._shown(path, Visitor("", Sight(whole=True)))
        try:
            account = self.sign_on.sessions.account_in(self._brought("session", request))
        except InputError:  # no session, or one that is over: it begins with who it is
            begun = self.sign_on.logins.begin(path)
            return _went(begun.address, self._cookie("login", begun.binding, int(LOGIN_SECONDS)))
        return self._shown(path, self.site.visitor(account))

    def _shown(self, path: str, visitor: Visitor) -> Response:
        page = None if visitor.sight.is_none else self.site.page(path, visitor)
        if page is None:
            return _said(HTTPStatus.FORBIDDEN, "No group of yours may see this page.")
        return Response(HTTPStatus.OK, page, tuple(_HEADERS.items()))

    def _back(self, sign_on: SignOn, request: Request) -> Response:
        """Take a browser back from the provider: a session where all is as it was begun."""
        binding = self._brought("login", request)
        identity = sign_on.logins.finish(_parameters(request.target), binding)
        account = identity.claims.get(sign_on.claim)
        if not isinstance(account, str) or not account:
            raise InputError(
                f"sign-in: expected the claim {sign_on.claim}, found none",
                code="sign-in.claim",
                solution="Let signOn in organisation.yaml name a claim that the provider gives.",
            )
        self.site.visitor(account)
        return _went(
            identity.page,
            self._cookie("login", "", 0),
            self._cookie("session", sign_on.sessions.cookie_for(account), SESSION_SECONDS),
        )

    def _name(self, purpose: str) -> str:
        """Over TLS the name keeps other hosts from setting the cookie (RFC 6265bis, 4.1.3.2)."""
        return f"__Host-turnpike-{purpose}" if self.is_secure else f"turnpike-{purpose}"

    def _cookie(self, purpose: str, value: str, seconds: int) -> str:
        # Lax, not Strict: the provider's redirect must bring them along.
        secure = "; Secure" if self.is_secure else ""
        name = self._name(purpose)
        return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"

    def _brought(self, purpose: str, request: Request) -> str:
        try:
            cookies = SimpleCookie(request.headers.get("cookie", ""))
        except CookieError:
            return ""
        found = cookies.get(self._name(purpose))
        return found.value if found else ""


def _parameters(target: str) -> dict[str, str]:
    """Return the parameters of a target; raises InputError where there are too many."""
    try:
        return dict(parse_qsl(target.partition("?")[2], max_num_fields=20))
    except ValueError as error:
        raise refused("sign-in.unreadable", "20 parameters at most", "more") from error


def _went(address: str, *cookies: str) -> Response:
    told = (*_HEADERS.items(), ("Location", address), *(("Set-Cookie", one) for one in cookies))
    return Response(HTTPStatus.FOUND, "", told)


def _said(status: HTTPStatus, text: str, *more: tuple[str, str]) -> Response:
    title = "Signed out" if status == HTTPStatus.OK else f"{status.value} {status.phrase}"
    body = (
        f'{opened(title)}<p>{escape(text)}</p><p><a href="/">First page</a></p>'
        f'<form method="post" action="{SIGN_OUT}"><button>Sign out</button></form>{CLOSED}'
    )
    return Response(status, body, (*_HEADERS.items(), *more))


def _told(status: HTTPStatus, error: TurnpikeError) -> Response:
    return _said(status, f"{error.code}: {error.message}. {error.solution}")
