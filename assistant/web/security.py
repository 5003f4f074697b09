"""The outer wall of the service: who calls from where, and what every reply carries."""

import hashlib
import hmac
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.settings import Settings

Networks = tuple[IPv4Network | IPv6Network, ...]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
STATIC = "/static/"
UPLOAD = "/library/upload"
SOCKET = "/socket.io"
# Longest body of a request that is no upload. A message has at most 2,000 characters; a referral
# a few thousand; JSON may spell each as six bytes.
BODY_LIMIT_BYTES = 64 * 1024
# The other fields and the boundaries of an upload form, beside the file itself.
FORM_ROOM_BYTES = 64 * 1024
# Beyond the limit we still read this many times as much before we answer: a browser that is cut
# off while sending shows a network failure instead of our message.
PATIENCE = 4

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: that makes browsers send "Origin: null" with our own forms, and the check
    # of the origin would have nothing to look at. Other sites learn nothing either way.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}


def csrf_token(session_token: str, secret: bytes) -> str:
    """Return the token that proves a form was made for this sign-in."""
    return hmac.new(secret, session_token.encode(), hashlib.sha256).hexdigest()


def same_text(given: str, expected: str) -> bool:
    """Return whether two secrets are equal, in a time that does not tell how far they agree."""
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def comes_from_here(request: Request) -> bool:
    """Return whether the request was started by one of our own pages.

    Browsers say so in Sec-Fetch-Site, older ones in Origin; programs send neither, and they hold
    no cookie that another site could borrow.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    return origin is None or address_parts(origin).netloc == request.headers.get("host")


def address_parts(address: str) -> SplitResult:
    """Return the parts of an address that a client sent; all empty when it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def networks(addresses: Sequence[str]) -> Networks:
    """Return addresses such as 10.0.0.1 or 10.0.0.0/8 as networks.

    Raises:
        ValueError: One of them is no address; better at the start than at the first request.
    """
    return tuple(ip_network(one, strict=False) for one in addresses)


def client_address(request: Request, trusted: Networks) -> str:
    """Return the address the request really came from.

    X-Forwarded-For is believed only as far as trusted proxies wrote it: from its end, up to the
    first address that is no trusted proxy. What stands before that a client may have invented.
    """
    peer = request.client.host if request.client else ""
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",")]
    address = peer
    for hop in reversed(hops):
        try:
            known = any(ip_address(address) in network for network in trusted)
            ip_address(hop)
        except ValueError:
            return address
        if not known:
            return address
        address = hop
    return address


def local_path(target: str, fallback: str = "/") -> str:
    r"""Return `target` when it is a path on this service, else `fallback`.

    A browser reads "//x" and "/\x" as another host, and drops tabs and line ends.
    """
    plain = target.isprintable() and "\\" not in target
    return target if plain and target.startswith("/") and target[1:2] != "/" else fallback


class Wall:
    """Answers HEAD like GET without a body, and puts the security headers on every reply."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        static = scope["path"].startswith(STATIC)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                owner = "cross-origin" if static else "same-origin"
                headers.setdefault("Cross-Origin-Resource-Policy", owner)
                headers.setdefault("Cache-Control", "no-cache" if static else "no-store")
            elif head:
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"} if head else scope, receive, guarded)


class FileTooLong(HTTPException):
    """An upload is longer than any file may be."""


class BodyLimit:
    """Refuses bodies that are longer than their route may need (413)."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Stand before `app` with the upload limit of `settings`."""
        self._app = app
        self._upload_bytes = settings.upload_limit_mb * 1024 * 1024 + FORM_ROOM_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        upload = scope["path"] == UPLOAD
        limit = self._upload_bytes if upload else BODY_LIMIT_BYTES
        too_long = FileTooLong(413) if upload else HTTPException(413)
        declared = Headers(scope=scope).get("content-length", "")
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            if declared.isdecimal() and int(declared) > limit * PATIENCE:
                raise too_long
            message = await receive()
            seen += len(message.get("body", b""))
            while limit < seen <= limit * PATIENCE and message.get("more_body"):
                message = await receive()
                seen += len(message.get("body", b""))
            if seen > limit:
                raise too_long
            return message

        async def refusing(message: Message) -> None:
            # The socket's library answers 200 to whatever goes wrong while it reads.
            if seen > limit and message["type"] == "http.response.start":
                message = {**message, "status": 413}
            await send(message)

        long_poll = scope["path"].startswith(SOCKET) and declared.isdecimal()
        app = _refuse if long_poll and int(declared) > limit else self._app
        await app(scope, counted, refusing)


async def _refuse(scope: Scope, read: Receive, send: Send) -> None:
    """Refuse a body that is too long for the socket, whose library would wait for a poll first."""
    with suppress(HTTPException):
        await read()
    await PlainTextResponse(status_code=413)(scope, read, send)
