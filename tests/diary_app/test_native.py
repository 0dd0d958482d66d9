"""What a native build finds, and where the diary opens on a desktop."""

import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from PIL import Image

from db.keys import load_or_create_master_key
from diary_app.theme import DARK, LIGHT
from tests.people import build_house

ROOT = Path(__file__).parents[2]
FLET = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["flet"]
WEB = ROOT / "diary_app" / "ground" / "web"


def test_a_build_finds_the_entry_point_and_leaves_out_only_what_is_there() -> None:
    app = ROOT / FLET["app"]["path"]

    assert (app / "main.py").is_file()
    made_later = {"demo-data", ".venv"}
    left_out = set(FLET["app"]["exclude"]) - made_later
    assert [name for name in sorted(left_out) if not (app / name).exists()] == []
    assert left_out.isdisjoint({"diary_app", "alerts", "db", "assets"})


@pytest.mark.parametrize(
    ("name", "size", "opaque"),
    [
        ("icon", 1024, False), ("icon_ios", 1024, True), ("icon_android", 1024, True),
        ("splash", 512, False), ("splash_dark", 512, False),
    ],
)  # fmt: skip
def test_a_build_finds_its_pictures(name: str, size: int, opaque: bool) -> None:
    picture = Image.open(ROOT / FLET["app"]["path"] / "assets" / f"{name}.png").convert("RGBA")

    assert picture.size == (size, size)
    corner, middle = picture.getpixel((0, 0)), picture.getpixel((size // 2, size // 4))
    assert isinstance(corner, tuple)
    assert (corner[3] == 255) is opaque
    assert middle == (*bytes.fromhex(LIGHT["primary"][1:]), 255)


def test_all_that_is_shown_before_the_app_has_the_colors_of_the_app() -> None:
    assert (FLET["splash"]["color"], FLET["splash"]["dark_color"]) == (
        LIGHT["surface"], DARK["surface"],
    )  # fmt: skip
    assert FLET["android"]["adaptive_icon_background"] == LIGHT["primary"]
    for name in ("index.css", "offline.css", "index.html", "offline.html"):
        text = (WEB / name).read_text(encoding="utf-8")
        assert LIGHT["surface"] in text
        assert DARK["surface"] in text


# In the place of Flet's desktop client: it speaks its protocol, keeps what it is sent, and closes
# the window when the screen has come.
CLIENT = """
import asyncio, pathlib, msgpack

class Window:
    async def wait(self):
        reader, writer = await asyncio.open_unix_connection(self.address)
        page = {"route": "/", "web": False, "platform": "linux", "width": 412.0, "height": 800.0,
                "media": {}, "platform_brightness": "light"}
        body = {"session_id": None, "page_name": "", "page": page}
        frame = bytes(1) + msgpack.packb([1, body])
        writer.write(len(frame).to_bytes(4, "little") + frame)
        seen = b""
        while b"Today" not in seen:
            seen += await asyncio.wait_for(reader.read(65536), 20)
            pathlib.Path("seen").write_bytes(seen)
        writer.close()

async def open_flet_view_async(address, assets_dir, hidden):
    window = Window()
    window.address = address
    return window, "pid"

def close_flet_view(pid_file):
    pathlib.Path("closed").touch()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a demo lies, and Flet's desktop client to be switched on."""
    client = tmp_path / "client"
    package, facts = client / "flet_desktop", client / "flet_desktop-1.0.5.dist-info"
    package.mkdir(parents=True)
    facts.mkdir()
    (package / "__init__.py").write_text(CLIENT)
    (package / "version.py").write_text('version = "1.0.5"')
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: flet-desktop\nVersion: 1.0.5\n")
    demo = tmp_path / "demo-data"
    demo.mkdir()
    (demo / "demo").write_text("today")
    build_house(demo).database.close()
    load_or_create_master_key(demo / "master.key")
    return tmp_path


def desktop(folder: Path, *words: str, **more: str) -> "subprocess.Popen[str]":
    clean = {k: v for k, v in os.environ.items() if not k.startswith("DIARY_") and k != "DISPLAY"}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), *words],
        env={**clean, "PYTHONPATH": str(ROOT), **more},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_opens_a_window_with_a_patients_diary_when_the_client_is_there(folder: Path) -> None:
    path = os.pathsep.join([str(folder / "client"), str(ROOT)])
    process = desktop(folder, DISPLAY=":99", PYTHONPATH=path)  # as a native build starts it

    _said, wrong = process.communicate(timeout=120)

    assert (process.returncode, wrong) == (0, "")
    assert b"Today" in (folder / "seen").read_bytes()
    assert (folder / "closed").exists()


def test_says_why_it_opens_the_browser_instead(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = desktop(
        folder, "desktop", "--port", str(port), DISPLAY=":99", BROWSER="echo opened %s"
    )
    assert process.stdout is not None

    said = ""
    while f"opened http://127.0.0.1:{port}/" not in said:
        line = process.stdout.readline()
        assert line, f"It ended after saying: {said}"
        said += line
    process.terminate()
    process.communicate(timeout=30)

    assert "Flet's desktop client is not installed, so the diary opens in the browser." in said
    assert f"Its address is http://127.0.0.1:{port}/" in said
