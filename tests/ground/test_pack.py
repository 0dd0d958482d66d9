"""Packing the browser's files."""

import gzip
import io
from pathlib import Path

import brotli
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from diary_app.ground.emblem import emblem
from diary_app.ground.glyphs import BUILT_IN, code_points, icons_used, subset
from diary_app.ground.pack import BEST, LIGHT, Package, pack, web_dir
from diary_app.settings import Settings

SOURCE = Path("diary_app")
ICON_FONT = web_dir() / "assets" / "fonts" / "MaterialIcons-Regular.otf"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A small web client."""
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "main.js").write_text("let words = 'again and again';\n" * 100, encoding="utf-8")
    (folder / "picture.png").write_bytes(emblem(16))
    (folder / "secret.txt").write_text("not loaded by browsers", encoding="utf-8")
    return folder


LOADED = ("main.js", "picture.png")


def test_packs_files_so_that_they_unpack_to_themselves(web: Path, tmp_path: Path) -> None:
    package = pack(tmp_path / "cache", source=web, loaded=LOADED)

    packed = package.files["main.js"]
    plain = (web / "main.js").read_bytes()
    assert packed.br is not None
    assert packed.gz is not None
    assert brotli.decompress(packed.br.read_bytes()) == plain
    assert gzip.decompress(packed.gz.read_bytes()) == plain


def test_packs_nothing_that_browsers_do_not_load(web: Path, tmp_path: Path) -> None:
    package = pack(tmp_path / "cache", source=web, loaded=LOADED)

    assert "secret.txt" not in package.files


def test_leaves_pictures_as_they_are(web: Path, tmp_path: Path) -> None:
    package = pack(tmp_path / "cache", source=web, loaded=LOADED)

    assert (package.files["picture.png"].br, package.files["picture.png"].gz) == (None, None)


def test_packs_a_file_once(web: Path, tmp_path: Path) -> None:
    first: list[tuple[int, int]] = []
    second: list[tuple[int, int]] = []

    pack(tmp_path / "cache", lambda *now: first.append(now), source=web, loaded=LOADED)
    pack(tmp_path / "cache", lambda *now: second.append(now), source=web, loaded=LOADED)

    assert first == [(0, 2), (1, 2), (2, 2)]  # main.js and the font manifest
    assert second == [(0, 0)]


def test_packs_as_hard_as_it_can_and_takes_that_when_less_is_asked_for(
    web: Path, tmp_path: Path
) -> None:
    light = pack(tmp_path / "light", quality=LIGHT, source=web, loaded=LOADED)
    best = pack(tmp_path / "cache", source=web, loaded=LOADED)
    asked: list[tuple[int, int]] = []

    again = pack(
        tmp_path / "cache", lambda *now: asked.append(now), quality=LIGHT, source=web, loaded=LOADED
    )

    sizes = [br_of(package).stat().st_size for package in (best, light)]
    assert sizes[0] < sizes[1]
    assert (again.version, again.files) == (light.version, best.files)
    assert asked == [(0, 0)]


def test_packs_harder_what_was_packed_lightly(web: Path, tmp_path: Path) -> None:
    light = pack(tmp_path / "cache", quality=LIGHT, source=web, loaded=LOADED)

    best = pack(tmp_path / "cache", source=web, loaded=LOADED)

    assert br_of(best).stat().st_size < br_of(light).stat().st_size


def test_packs_for_patients_as_hard_as_it_can() -> None:
    assert Settings().web_quality == BEST


def br_of(package: Package) -> Path:
    packed = package.files["main.js"].br
    assert packed is not None
    return packed


def test_changes_the_version_when_a_file_changes(web: Path, tmp_path: Path) -> None:
    before = pack(tmp_path / "cache", source=web, loaded=LOADED)

    (web / "main.js").write_text("let words = 'new';", encoding="utf-8")
    after = pack(tmp_path / "cache", source=web, loaded=LOADED)

    assert before.version != after.version


def test_packs_again_what_was_cut_off_by_a_crash(web: Path, tmp_path: Path) -> None:
    package = pack(tmp_path / "cache", source=web, loaded=LOADED)
    packed = package.files["main.js"].br
    assert packed is not None
    packed.rename(packed.with_name(packed.name + "left-over"))

    pack(tmp_path / "cache", source=web, loaded=LOADED)

    assert brotli.decompress(packed.read_bytes()) == (web / "main.js").read_bytes()


def test_keeps_every_icon_that_the_source_names() -> None:
    names = icons_used(SOURCE) | BUILT_IN
    with TTFont(ICON_FONT) as font:
        assert sorted(names - set(code_points(font, names))) == []


def test_cuts_the_icon_font_down_to_the_icons_used() -> None:
    cut = subset(ICON_FONT, {"FAVORITE_OUTLINED"})

    with TTFont(io.BytesIO(cut)) as small, TTFont(ICON_FONT) as whole:
        assert code_points(small, {"FAVORITE_OUTLINED", "ALARM"}).keys() == {"FAVORITE_OUTLINED"}
        assert code_points(small, ["CHECK"]) == code_points(whole, ["CHECK"])
    assert len(cut) < 20_000


@pytest.mark.parametrize(("size", "maskable"), [(32, False), (192, False), (512, True)])
def test_draws_the_emblem_at_the_size_asked_for(size: int, maskable: bool) -> None:
    picture = Image.open(io.BytesIO(emblem(size, maskable=maskable)))

    assert picture.size == (size, size)
    corner = picture.convert("RGBA").getpixel((0, 0))
    assert isinstance(corner, tuple)
    assert (corner[3] == 255) is maskable
