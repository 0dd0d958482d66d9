"""Pack the browser's files ahead of time: small enough for a phone, kept by content."""

import gzip
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import brotli

from diary_app.ground.emblem import emblem
from diary_app.ground.glyphs import BUILT_IN, icons_used, subset, unhinted

try:
    import fcntl
except ImportError:  # Windows: each process packs for itself
    fcntl = None  # type: ignore[assignment]

# Of Brotli. The best takes three minutes of one core, once; the lighter one seconds, for a quarter
# more bytes.
BEST, LIGHT = 11, 5

_ICON_FONT = "assets/fonts/MaterialIcons-Regular.otf"
_LOADER = "flutter_bootstrap.js"
LETTERS = "assets/fonts/roboto.woff2"
_FONTS = [
    {"family": "MaterialIcons", "fonts": [{"asset": "fonts/MaterialIcons-Regular.otf"}]},
    {"family": "Roboto", "fonts": [{"asset": "fonts/roboto.woff2"}]},
]
# What browsers load of Flet's web client: WebAssembly in Blink, JavaScript elsewhere.
LOADED = (
    "main.dart.js", "main.dart.mjs", "main.dart.wasm",
    "canvaskit/canvaskit.js", "canvaskit/canvaskit.wasm",
    "canvaskit/chromium/canvaskit.js", "canvaskit/chromium/canvaskit.wasm",
    "canvaskit/skwasm.js", "canvaskit/skwasm.wasm",
    "canvaskit/skwasm_heavy.js", "canvaskit/skwasm_heavy.wasm",
    "assets/AssetManifest.bin", "assets/AssetManifest.bin.json", "assets/NOTICES",
    "assets/shaders/ink_sparkle.frag", "assets/shaders/stretch_effect.frag",
    "version.json",
)  # fmt: skip
_ALREADY_PACKED = (".png", ".woff2")


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One file as it lies on disk.

    Attributes:
        plain: The file itself.
        br: Packed with Brotli; None when that gains nothing.
        gz: Packed with gzip, for clients without Brotli; None like ``br``.
        key: SHA-256 of the file, in hexadecimal digits.
    """

    plain: Path
    br: Path | None
    gz: Path | None
    key: str


@dataclass(frozen=True, slots=True)
class Package:
    """All files of the browser's side.

    Attributes:
        version: Twelve hexadecimal digits that change when any file does.
        files: By path without a leading slash, such as ``"canvaskit/skwasm.wasm"``.
    """

    version: str
    files: dict[str, PackedFile]


def web_dir() -> Path:
    """Return the folder of Flet's web client, without importing it.

    Raises:
        FileNotFoundError: If flet-web is not installed.
    """
    spec = find_spec("flet_web")
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    if not places:
        raise FileNotFoundError("The web client is missing; install flet[web] and start again.")
    return Path(places[0]) / "web"


def pack(
    cache_dir: Path,
    progress: Callable[[int, int], None] | None = None,
    *,
    quality: int = BEST,
    source: Path | None = None,
    loaded: Iterable[str] = LOADED,
) -> Package:
    """Pack what is not packed yet, and return where everything lies.

    The first time takes about three minutes of one core; later only changed files are packed.

    Args:
        cache_dir: Where packed files are kept by content; made when missing. Files of former
            versions stay, so that several versions can share it.
        progress: Called with the number of files done and of all files to pack.
        quality: How hard Brotli tries, at least: what lies there already from a harder time is
            taken as it is.
        source: Folder of the web client; None for the installed one.
        loaded: Paths in it that browsers load.
    """
    cache_dir.mkdir(parents=True, exist_ok=True)
    folder = source or web_dir()
    plain = {path: folder / path for path in loaded if (folder / path).is_file()}
    plain |= {path: _keep(cache_dir, data) for path, data in _generated(folder, cache_dir).items()}
    keys = {path: hashlib.sha256(file.read_bytes()).hexdigest() for path, file in plain.items()}
    whole = "".join(f"{path} {keys[path]}\n" for path in sorted(keys))
    files = {
        path: _packed_file(cache_dir, file, keys[path], quality, path.endswith(_ALREADY_PACKED))
        for path, file in plain.items()
    }
    squeezed = [file for file in files.values() if file.br is not None]
    if _missing(squeezed):
        with _alone(cache_dir):
            _squeeze(_missing(squeezed), quality, progress)
    elif progress is not None:
        progress(0, 0)
    return Package(hashlib.sha256(whole.encode()).hexdigest()[:12], files)


def _packed_file(cache_dir: Path, file: Path, key: str, quality: int, as_it_is: bool) -> PackedFile:
    if as_it_is:
        return PackedFile(file, None, None, key)
    good_enough = [cache_dir / f"{key}-{each}.br" for each in range(BEST, quality - 1, -1)]
    br = next((each for each in good_enough if each.exists()), good_enough[-1])
    return PackedFile(file, br, cache_dir / f"{key}.gz", key)


def _missing(files: list[PackedFile]) -> list[PackedFile]:
    """Return those that are not packed yet, each content once."""
    found = {
        file.br: file
        for file in files
        if file.br and file.gz and not (file.br.exists() and file.gz.exists())
    }
    return list(found.values())


@contextmanager
def _alone(cache_dir: Path) -> Iterator[None]:
    """Let one process pack while others, which start at the same time, wait for what it packed."""
    if fcntl is None:
        yield
        return
    with (cache_dir / "packing.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _squeeze(
    files: list[PackedFile], quality: int, progress: Callable[[int, int], None] | None
) -> None:
    largest_first = sorted(files, key=lambda file: -file.plain.stat().st_size)
    if progress is not None:
        progress(0, len(largest_first))
    # Brotli and zlib let go of the interpreter lock: threads use all cores.
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        jobs = [pool.submit(_squeeze_one, file, quality) for file in largest_first]
        for done, job in enumerate(as_completed(jobs), start=1):
            job.result()
            if progress is not None:
                progress(done, len(jobs))


def _squeeze_one(file: PackedFile, quality: int) -> None:
    data = file.plain.read_bytes()
    if file.br is not None and not file.br.exists():
        _write(file.br, brotli.compress(data, quality=quality))
    if file.gz is not None and not file.gz.exists():
        _write(file.gz, gzip.compress(data, 9, mtime=0))


def _generated(folder: Path, cache_dir: Path) -> dict[str, bytes]:
    files = {
        "icons/icon-180.png": emblem(180, maskable=True),
        "icons/icon-192.png": emblem(192),
        "icons/icon-512.png": emblem(512),
        "icons/maskable-192.png": emblem(192, maskable=True),
        "icons/maskable-512.png": emblem(512, maskable=True),
        "assets/FontManifest.json": json.dumps(_FONTS).encode(),
    }
    if (folder / _LOADER).is_file():
        files[_LOADER] = _loader((folder / _LOADER).read_text(encoding="utf-8")).encode()
    names = icons_used(Path(__file__).parent.parent) | BUILT_IN
    fonts: dict[str, tuple[str, Callable[[Path], bytes]]] = {
        _ICON_FONT: (" ".join(sorted(names)), lambda font: subset(font, names)),
        LETTERS: ("unhinted", unhinted),
    }
    for path, (how, make) in fonts.items():
        if (folder / path).is_file():
            files[path] = _font(folder / path, how, make, cache_dir)
    return files


def _loader(text: str) -> str:
    """Return the loader without Flutter's own service worker, which is not there.

    On every later visit the loader would ask for it, and wait for the answer, before it starts.
    """
    return re.sub(r"\s*serviceWorkerSettings: \{.*?\},(?=\n)", "", text, flags=re.DOTALL)


def _font(font: Path, how: str, make: Callable[[Path], bytes], cache_dir: Path) -> bytes:
    key = hashlib.sha256(font.read_bytes() + how.encode()).hexdigest()
    kept = cache_dir / f"{key}{font.suffix}"
    if not kept.exists():
        _write(kept, make(font))
    return kept.read_bytes()


def _keep(cache_dir: Path, data: bytes) -> Path:
    file = cache_dir / f"{hashlib.sha256(data).hexdigest()}.plain"
    if not file.exists():
        _write(file, data)
    return file


def _write(file: Path, data: bytes) -> None:
    """Write the whole file or nothing, even when several processes pack at once."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    with os.fdopen(handle, "wb") as draft:
        draft.write(data)
    Path(name).replace(file)
