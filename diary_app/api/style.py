"""The stylesheet of the plain pages, their two scripts, and Korean letters where none are."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from diary_app.ground.fallback_fonts import FAMILY, FOLDER, font_file, slices_of, unicode_ranges
from diary_app.text.languages import LANGUAGES

# Fonts of phones and computers that read Korean: with one of them nothing is loaded.
_LOCAL = ",".join(
    f'local("{name}")'
    for name in (
        "NotoSansCJKkr-Regular",
        "Noto Sans CJK KR",
        "Noto Sans KR",
        "AppleSDGothicNeo-Regular",
        "Malgun Gothic",
        "SamsungKorean-Regular",
    )
)
_SHEET = (Path(__file__).parent / "templates" / "pages.css").read_bytes()
_NOSNIFF = {"X-Content-Type-Options": "nosniff"}
_HOUR = {"Cache-Control": "public, max-age=3600", **_NOSNIFF}
_LONG = {"Cache-Control": "public, max-age=604800", **_NOSNIFF}

_CAMERA = (Path(__file__).parent / "templates" / "photo-camera.js").read_bytes()
_PASSKEYS = (Path(__file__).parent / "templates" / "passkeys.js").read_bytes()


def router() -> APIRouter:
    """Return the routes of the stylesheets, of the scripts, and of the letters they name."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/static/pages.css")
    def sheet() -> Response:
        return Response(_sheet(), media_type="text/css", headers=_HOUR)

    @routes.get("/static/korean.css")
    def korean() -> Response:
        return Response(_faces(tuple(unicode_ranges())), media_type="text/css", headers=_HOUR)

    @routes.get("/static/letters/{number}.woff2")
    def letters(number: int) -> Response:
        file = font_file(FOLDER, FAMILY, f"{number}.woff2")
        if file is None:
            return Response(status_code=404, headers=_HOUR)
        return FileResponse(file, media_type="font/woff2", headers=_LONG)

    @routes.get("/static/photo-camera.js")
    def camera() -> Response:
        return Response(_CAMERA, media_type="text/javascript", headers=_HOUR)

    @routes.get("/static/passkeys.js")
    def passkeys() -> Response:
        return Response(_PASSKEYS, media_type="text/javascript", headers=_HOUR)

    return routes


@cache
def _sheet() -> bytes:
    # Every page names the languages in their own letters.
    return _SHEET + _faces(tuple(sorted(slices_of("".join(LANGUAGES.values())))))


@cache
def _faces(numbers: tuple[str, ...]) -> bytes:
    """Return font faces; a browser loads a slice only for a letter that it cannot show itself."""
    return "".join(
        f'@font-face{{font-family:"Diary Korean";src:{_LOCAL},url(/static/letters/{number}.woff2)'
        f' format("woff2");font-display:swap;unicode-range:{unicode_ranges()[number]}}}\n'
        for number in numbers
    ).encode()
