"""Security headers: what a browser may load, embed and tell for our pages."""

import base64
import hashlib
import re
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BASE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")


def source_hash(text: str) -> str:
    """Return the CSP source that allows exactly this inline script or style."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def app_policy(script_hashes: Iterable[str], hosts: Iterable[str]) -> str:
    """Return the content security policy of the page that runs the Flet app.

    Flutter compiles WebAssembly, starts workers from blobs and writes inline styles. Its client
    asks a foreign host for an animation runtime that we do not use; this policy refuses.

    Args:
        script_hashes: Of the page's inline scripts.
        hosts: Where the websocket may go, such as ``"diary.example.org"``; malformed ones are
            left out.
    """
    sockets = " ".join(
        f"ws://{host} wss://{host}" for host in dict.fromkeys(hosts) if _HOST.fullmatch(host)
    )
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' blob: {' '.join(script_hashes)}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' blob: data:",
            "font-src 'self' data:",
            f"connect-src 'self' blob: data: {sockets}".rstrip(),
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


def plain_policy(*styles: str) -> str:
    """Return the policy of a page without scripts.

    Args:
        styles: The texts of the page's ``<style>`` elements, exactly as they are sent.
    """
    allowed = " ".join(("'self'", *(source_hash(style) for style in styles)))
    return (
        f"default-src 'none'; style-src {allowed}; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


class SecurityHeaders:
    """Adds the headers to every response that does not set them itself."""

    def __init__(self, app: ASGIApp, https: bool = False) -> None:
        self.app = app
        self._headers = dict(BASE_HEADERS)
        if https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of its response."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("Content-Security-Policy", plain_policy())
            await send(message)

        await self.app(scope, receive, complete if scope["type"] == "http" else send)
