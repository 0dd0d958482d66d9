"""The diary behind the proxies of deploy/, with TLS: what docs/operations.md says they must do."""

import asyncio
import io
import re
import ssl
from pathlib import Path

import httpx
import pytest
from PIL import Image

from diary_app.commands.check_address import address_lines
from diary_app.services.doors import COOKIE
from diary_app.settings import Settings
from tests.deploy.proxies import HOST, Authority, Ports, needed, proxy
from tests.ground.raw import Raw
from tests.ground.serving import free_port, run
from tests.people import House
from tests.stories.test_nothing_crosses import Wire, wire

TOKEN = "one-time-token-of-nobody"


def photo() -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, "JPEG")
    return file.getvalue()


@pytest.fixture(params=["nginx", "caddy"])
def name(request: pytest.FixtureRequest) -> str:
    needed(request.param)
    return str(request.param)


def test_the_diary_behind_a_proxy_with_tls(
    name: str, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, folder = Authority(tmp_path), tmp_path / "proxy"
    folder.mkdir(mode=0o777)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    papers, https = authority.certificate(), free_port()
    origin = f"https://{HOST}:{https}"

    async def story() -> None:
        async with wire(house, tmp_path / "data", public_url=origin) as server:
            ports = Ports(free_port(), https, server.port)
            with proxy(name, folder, ports, papers):
                await port_80(ports.http)
                await shown(origin)
                await asyncio.to_thread(checked, origin)
                await live(server, origin)
                await large(server, origin)
        with proxy(name, folder, ports, papers):  # the diary is down now
            async with httpx.AsyncClient(base_url=origin) as client:
                answer = await client.get(f"/a/{TOKEN}")
        assert answer.status_code == 502
        assert answer.headers.get_list("strict-transport-security") == ["max-age=31536000"]

    run(story)
    written = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert written
    assert [path for path, content in written.items() if TOKEN.encode() in content] == []


async def port_80(port: int) -> None:
    """Nothing but the way to https."""
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://{HOST}:{port}/a/{TOKEN}")
    assert answer.status_code in {301, 308}
    assert re.match(rf"https://{HOST}(:\d+)?/a/{TOKEN}$", answer.headers["location"])


async def shown(origin: str) -> None:
    """Headers of the diary's pages; the figures are hidden from everybody."""
    async with httpx.AsyncClient(base_url=origin) as client:
        assert (await client.get(f"/a/{TOKEN}")).status_code == 404
        page = await client.get("/sign-in")
        assert page.status_code == 200
        assert page.headers.get_list("strict-transport-security") == ["max-age=31536000"]
        assert not re.search(r"\d", page.headers.get("server", ""))
        assert (await client.get("/metrics")).status_code == 404


def checked(origin: str) -> None:
    """`diary check` finds what a proxy ought to do, as it ought to be."""
    lines = list(address_lines(Settings(public_url=origin)))
    assert {line.what for line in lines} >= {"Certificate", "Public address", "Live screens"}
    assert [line for line in lines if line.state != "ok" and line.what != "Health"] == []


async def live(server: Wire, origin: str) -> None:
    """The nurse's screen shows the patient's entry while she looks, over the WebSocket."""
    ben = Raw(server.port, server.tokens["ben"], origin)
    ben.url = f"{origin.replace('https', 'wss')}/ws"
    await ben.open()
    await ben.settle()
    before = len(ben.inbox)
    form = {"temperature": "39.7", "unit": "C", "site": "oral", "medicine": "no", "no_signs": "yes"}
    page = await send(server, origin, form, [("photos", ("arm.jpg", photo(), "image/jpeg"))])
    assert "15 MB" not in page
    await ben.wait(lambda: "P-001" in repr(ben.inbox[before:]), timeout=20)
    await ben.close()


async def large(server: Wire, origin: str) -> None:
    """A file of 150 MB comes through: it is the diary that says it is too large."""
    files = [("photos", ("arm.jpg", bytes(150_000_000), "image/jpeg"))]
    page = await send(server, origin, {"words": "both arms", "no_signs": "yes"}, files)
    assert "15 MB" in page


async def send(server: Wire, origin: str, form: dict[str, str], files: object) -> str:
    async with httpx.AsyncClient(
        base_url=origin, cookies={COOKIE: server.tokens["ana"]}, timeout=120,
        headers={"Origin": origin}, follow_redirects=True, verify=ssl.create_default_context(),
    ) as phone:  # fmt: skip
        page = (await phone.get("/now")).text
        report = re.search(r'name="report" value="([0-9a-f-]{36})"', page)[1]
        answer = await phone.post("/now", data=form | {"report": report}, files=files)
    assert answer.status_code == 200, answer.text
    assert "/now/sent/" in str(answer.url)
    return answer.text
