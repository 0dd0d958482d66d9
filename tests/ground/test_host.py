"""The app's pages and files over real HTTP."""

import base64
import functools
import hashlib
import re
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from diary_app.ground.pack import Package, pack
from tests.ground.diary import main
from tests.ground.serving import packed, run, serving


@functools.cache
def small_package() -> Package:
    """Files enough for the host: one script."""
    web = Path(tempfile.mkdtemp())
    (web / "main.dart.js").write_text("let words = 'again and again';\n" * 100, encoding="utf-8")
    return pack(web / "cache", source=web, loaded=("main.dart.js",))


def ask(
    tmp_path: Path, question: Callable[[httpx.AsyncClient], Awaitable[None]], **options: Any
) -> None:
    async def story() -> None:
        package = small_package()
        async with serving(main, tmp_path, package=package, **options) as port:
            base = f"http://127.0.0.1:{port}"
            async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
                await question(client)

    run(story)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None)],
)
def test_serves_files_packed_and_for_ever(
    tmp_path: Path, accepted: str, encoding: str | None
) -> None:
    version = small_package().version

    async def question(client: httpx.AsyncClient) -> None:
        answer = await client.get(
            f"/_v/{version}/main.dart.js", headers={"Accept-Encoding": accepted}
        )

        assert answer.text.startswith("let words")
        assert answer.headers.get("content-encoding") == encoding
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["vary"] == "Accept-Encoding"

    ask(tmp_path, question)


def test_serves_no_file_of_another_version(tmp_path: Path) -> None:
    async def question(client: httpx.AsyncClient) -> None:
        answer = await client.get("/_v/000000000000/main.dart.js")

        assert answer.status_code == 404

    ask(tmp_path, question)


@pytest.mark.parametrize(
    "path",
    [
        "/_v/{version}/main.js.map",
        "/_v/{version}/../../../pyproject.toml",
        "/_v/{version}/%2e%2e/%2e%2e/pyproject.toml",
        "/_v/{version}/..%2f..%2fpyproject.toml",
        "/_v/{version}//etc/passwd",
        "/_v/{version}/assets/fonts/notosanskr/v1/%2e%2e%2f%2e%2e%2fsecret.woff2",
        "/favicon.ico",
        "/main.dart.js",
        "/invite/abc.def",
        "/api/v1/nothing",
        "/assets/anything",
        "/docs.html",
    ],
)
def test_does_not_know_other_paths(tmp_path: Path, path: str) -> None:
    fonts = tmp_path / "fonts"
    (fonts / "notosanskr").mkdir(parents=True)
    (tmp_path / "secret.woff2").write_bytes(b"secret")
    version = small_package().version

    async def question(client: httpx.AsyncClient) -> None:
        answer = await client.get(path.format(version=version))

        assert answer.status_code == 404

    ask(tmp_path, question, fonts_dir=fonts)


def test_serves_fonts_for_letters_roboto_lacks(tmp_path: Path) -> None:
    (tmp_path / "fonts" / "notosanskr").mkdir(parents=True)
    (tmp_path / "fonts" / "notosanskr" / "a1.7.woff2").write_bytes(b"letters")
    version = small_package().version

    async def question(client: httpx.AsyncClient) -> None:
        answer = await client.get(f"/_v/{version}/assets/fonts/notosanskr/v1/a1.7.woff2")

        assert (answer.content, answer.headers["content-type"]) == (b"letters", "font/woff2")

    ask(tmp_path, question, fonts_dir=tmp_path / "fonts")


def test_answers_for_letters_that_no_font_has_so_that_browsers_stop_asking(tmp_path: Path) -> None:
    roboto = packed().files["assets/fonts/roboto.woff2"].plain.read_bytes()

    async def story() -> None:
        async with serving(main, tmp_path, package=packed()) as port:
            base = f"http://127.0.0.1:{port}/_v/{packed().version}/assets/fonts"
            async with httpx.AsyncClient(trust_env=False) as client:
                answer = await client.get(f"{base}/notosanssymbols/v43/a1.woff2")

                assert (answer.content, answer.headers["content-type"]) == (roboto, "font/woff2")
                assert (await client.get(f"{base}/notosanssymbols/a1.txt")).status_code == 404

    run(story)


def test_says_whom_to_call_before_the_app_has_started(tmp_path: Path) -> None:
    async def question(client: httpx.AsyncClient) -> None:
        page = (await client.get("/")).text

        assert "<h1>Example Clinic</h1>" in page
        assert 'feel very ill: call <a href="tel:911">911</a> now.' in page
        assert 'Your clinic: <a href="tel:555-0100">555-0100</a>' in page
        assert "{{" not in page

    ask(tmp_path, question)


def test_allows_exactly_the_inline_scripts_of_the_page(tmp_path: Path) -> None:
    async def question(client: httpx.AsyncClient) -> None:
        answer = await client.get("/")

        policy = answer.headers["content-security-policy"]
        scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
        assert len(scripts) == 2
        for script in scripts:
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
        script_src = next(p for p in policy.split("; ") if p.startswith("script-src"))
        assert "unsafe-inline" not in script_src
        assert "http" not in policy

    ask(tmp_path, question)


@pytest.mark.parametrize("path", ["/", "/healthz", "/offline.html", "/sw.js", "/nothing.txt"])
def test_sends_the_security_headers_with_everything(tmp_path: Path, path: str) -> None:
    async def question(client: httpx.AsyncClient) -> None:
        headers = (await client.get(path)).headers

        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-embedder-policy"] == "require-corp"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "access-control-allow-origin" not in headers

    ask(tmp_path, question)


def test_asks_for_https_for_ever_only_when_it_is_served_so(tmp_path: Path) -> None:
    async def with_https(client: httpx.AsyncClient) -> None:
        headers = (await client.get("/")).headers
        assert headers["strict-transport-security"] == "max-age=31536000"
        assert "wss://diary.example.org" in headers["content-security-policy"]

    async def without(client: httpx.AsyncClient) -> None:
        assert "strict-transport-security" not in (await client.get("/")).headers

    ask(tmp_path, with_https, public_origin="https://diary.example.org")
    ask(tmp_path, without)


def test_lets_a_page_without_scripts_load_nothing_but_its_style(tmp_path: Path) -> None:
    async def question(client: httpx.AsyncClient) -> None:
        answer = await client.get("/offline.html")

        style = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)[0]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert answer.headers["content-security-policy"] == (
            f"default-src 'none'; style-src 'self' 'sha256-{digest}'; img-src 'self'; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        )
        assert "555-0100" in answer.text

    ask(tmp_path, question)


def test_answers_that_the_page_has_not_changed(tmp_path: Path) -> None:
    async def question(client: httpx.AsyncClient) -> None:
        first = await client.get("/")
        again = await client.get("/", headers={"If-None-Match": first.headers["etag"]})

        assert first.headers["cache-control"] == "no-cache"
        assert (again.status_code, again.content) == (304, b"")

    ask(tmp_path, question)


def test_answers_head_requests_without_a_body(tmp_path: Path) -> None:
    version = small_package().version

    async def question(client: httpx.AsyncClient) -> None:
        for path in ("/", f"/_v/{version}/main.dart.js"):
            answer = await client.head(path)

            assert (answer.status_code, answer.content) == (200, b"")
            assert int(answer.headers["content-length"]) > 0

    ask(tmp_path, question)


@pytest.mark.parametrize("path", ["/", "/entry/3", "/docs", "/redoc"])
def test_sends_people_who_may_not_enter_to_the_door(tmp_path: Path, path: str) -> None:
    async def question(client: httpx.AsyncClient) -> None:
        answer = await client.get(path)

        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert "flutter" not in answer.text

    ask(tmp_path, question, door=lambda _request: "/sign-in")


def test_names_no_foreign_host(tmp_path: Path) -> None:
    async def question(client: httpx.AsyncClient) -> None:
        for path in ("/", "/sw.js", "/manifest.json", "/offline.html"):
            assert not re.search(r"https?://", (await client.get(path)).text)

    ask(tmp_path, question)


def test_refuses_a_host_header_that_would_change_the_policy(tmp_path: Path) -> None:
    async def question(client: httpx.AsyncClient) -> None:
        answer = await client.get("/", headers={"Host": "evil; script-src *"})

        assert "script-src *" not in answer.headers["content-security-policy"]

    ask(tmp_path, question)
