"""Serve the browser's files: packed, kept for ever under their version, nothing from elsewhere."""

import functools
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import brotli
from fastapi import FastAPI, Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from diary_app.ground.fallback_fonts import font_file
from diary_app.ground.index import Pages
from diary_app.ground.pack import LETTERS, Package, PackedFile
from diary_app.ground.shell import Shell
from diary_app.text import _

IMMUTABLE = "public, max-age=31536000, immutable"

_TYPES = {
    ".bin": "application/octet-stream",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".otf": "font/otf",
    ".png": "image/png",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
_FALLBACK_FONT = re.compile(
    r"assets/fonts/([a-z0-9]+)/[\w.\-]+/([\w\-]+(?:\.\w+)*\.(?:woff2|ttf|otf))"
)
_NOT_THE_APP = frozenset({"_v", "api", "assets", ".well-known"})


class Host:
    """Answers for the app's pages and files.

    Args:
        package: The packed files.
        shell: What the page says before the app has started, per request.
        door: Where to send a request for the app instead; None lets it in.
        public_origin: Where browsers find the server behind a proxy; None without one.
        fonts_dir: Fonts for letters Roboto lacks, as ``<family>/<file>`` named by Flutter,
            such as ``notosanskr/``; None without.
    """

    def __init__(
        self,
        package: Package,
        shell: Callable[[Request], Shell],
        door: Callable[[Request], str | None],
        public_origin: str | None = None,
        fonts_dir: Path | None = None,
    ) -> None:
        self._package = package
        self._pages = Pages(package.version)
        self._shell = shell
        self._door = door
        self._public = [urlsplit(public_origin).netloc] if public_origin else []
        self._fonts_dir = fonts_dir

    def add_to(self, app: FastAPI) -> None:
        """Add the routes; the last one answers every path that is left."""
        for path, endpoint in (
            ("/_v/{version}/{path:path}", self.file),
            ("/sw.js", self.worker),
            ("/manifest.json", self.manifest),
            ("/offline.html", self.offline),
            ("/{path:path}", self.index),
        ):
            app.add_api_route(
                path, endpoint, methods=["GET", "HEAD"], include_in_schema=False,
                response_model=None,
            )  # fmt: skip

    def file(self, request: Request, version: str, path: str) -> Response:
        """Return one of this version's files, packed as the browser accepts it.

        Former versions are not answered: a page must not run on files of two versions.
        """
        if version != self._package.version:
            return _not_found()
        found = self._package.files.get(path)
        if found is not None:
            return _sent(request, found, path)
        font = self._fallback_font(path)
        if font is not None:
            return FileResponse(
                font, media_type=_TYPES[font.suffix], headers={"Cache-Control": IMMUTABLE}
            )
        letters = self._package.files.get(LETTERS)
        if letters is not None and _FALLBACK_FONT.fullmatch(path):
            # Asked again and again until it is answered, several times a second, on CanvasKit.
            return _sent(request, letters, LETTERS)
        return _not_found()

    def _fallback_font(self, path: str) -> Path | None:
        named = _FALLBACK_FONT.fullmatch(path)
        if named is None or self._fonts_dir is None:
            return None
        return font_file(self._fonts_dir, named[1], named[2])

    def worker(self, request: Request) -> Response:
        """Return the service worker."""
        return _text(request, self._pages.worker, "text/javascript", {})

    def manifest(self, request: Request) -> Response:
        """Return the web app manifest."""
        manifest = self._pages.manifest(self._shell(request))
        return _text(request, manifest, "application/manifest+json", {})

    def offline(self, request: Request) -> Response:
        """Return the page that the service worker shows without a connection."""
        policy = {"Content-Security-Policy": self._pages.offline_policy()}
        return _text(request, self._pages.offline(self._shell(request)), "text/html", policy)

    def index(self, request: Request, path: str) -> Response:
        """Return the page that starts the app, or send to the door."""
        first, last = path.partition("/")[0], path.rpartition("/")[2]
        if first in _NOT_THE_APP or "." in last:
            return _not_found()
        elsewhere = self._door(request)
        if elsewhere is not None:
            return RedirectResponse(elsewhere, 303, headers={"Cache-Control": "no-store"})
        hosts = [request.headers.get("host", ""), *self._public]
        headers = {
            "Content-Security-Policy": self._pages.index_policy(hosts),
            "Diary-Version": self._pages.version,
        }
        return _text(request, self._pages.index(self._shell(request)), "text/html", headers)


def _accepted(request: Request) -> set[str]:
    """Return the encodings that the browser can unpack."""
    offered = request.headers.get("accept-encoding", "").lower().split(",")
    return {part.partition(";")[0].strip() for part in offered}


def _sent(request: Request, file: PackedFile, path: str) -> Response:
    # The same file has the same tag in every version: an update costs what changed.
    tag = f'W/"{file.key[:32]}"'
    headers = {"Cache-Control": IMMUTABLE, "Vary": "Accept-Encoding", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    body = file.plain
    for encoding, packed in (("br", file.br), ("gzip", file.gz)):
        if packed is not None and encoding in _accepted(request):
            body = packed
            headers["Content-Encoding"] = encoding
            break
    media_type = _TYPES.get(Path(path).suffix, "application/octet-stream")
    return FileResponse(body, media_type=media_type, headers=headers)


def _text(request: Request, body: str, media_type: str, more: dict[str, str]) -> Response:
    tag = f'"{hashlib.sha256((body + str(more)).encode()).hexdigest()[:32]}"'
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding", "ETag": tag, **more}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if "br" not in _accepted(request):
        return Response(body, media_type=media_type, headers=headers)
    headers["Content-Encoding"] = "br"
    return Response(_squeezed(body), media_type=media_type, headers=headers)


@functools.lru_cache(maxsize=64)
def _squeezed(body: str) -> bytes:
    return bytes(brotli.compress(body.encode(), quality=9))


def _not_found() -> Response:
    return PlainTextResponse(_("This page does not exist."), 404)
