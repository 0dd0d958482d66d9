"""The visit report as PDF: page 1 the whole story, then every entry, value, alert and photo.

The same period lies in it as a FHIR document, without the pictures, for a program to read.
"""

import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from unicodedata import category
from zoneinfo import ZoneInfo

import typst
from PIL import Image

from diary_app.exports.breaking import breakable
from diary_app.exports.bundle import PhotoLine, VisitBundle
from diary_app.exports.code_words import region_words
from diary_app.exports.fhir import fhir_json
from diary_app.exports.pdf_errors import ReportError
from diary_app.exports.report_page import first_page
from diary_app.exports.report_tables import tables
from diary_app.figures.svg import to_svg
from diary_app.figures.timeline import timeline
from diary_app.figures.wording import day_words
from diary_app.ground.fallback_fonts import FAMILY_NAME, truetype_for
from diary_app.text import _

# Laid out at 740 px and printed 499 pt wide: texts of 11 px become 7.4 pt.
FIGURE_WIDTH = 740.0
FONTS = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono", FAMILY_NAME)
# Archivable with a file inside, and accessible: PDF/A-3a and PDF/UA-1.
Standard = Literal["a-3a", "ua-1"]
STANDARDS: tuple[Standard, ...] = ("a-3a", "ua-1")
ATTACHED = "diary.fhir.json"

Progress = Callable[[float, str], None]


def visit_report(bundle: VisitBundle, progress: Progress | None = None) -> bytes:
    """Return the visit report of one period as PDF.

    Fonts are those embedded in the typesetter (Latin, Greek, Cyrillic) and ours for Korean, so the
    same bundle gives the same pages everywhere. Where a text has other characters, the fonts of
    this machine are asked; where these lack them too, the report is made without its accessibility
    and archive marks and says on page 1 that characters are missing.

    Args:
        bundle: The period, with photos as JPEG.
        progress: Called with a share from 0.0 to 1.0 and a few words for the person waiting.

    Raises:
        ReportError: If the pages could not be typeset.
    """
    tell = progress or (lambda _share, _words: None)
    tell(0.05, _("Drawing the timeline"))
    figure = timeline(bundle, width=FIGURE_WIDTH, brief=True)
    tell(0.2, _("Preparing the photos"))
    with TemporaryDirectory(prefix="report-") as folder:
        (Path(folder) / ATTACHED).write_bytes(fhir_json(bundle, pictures=False))
        content = {
            "page": first_page(bundle),
            "tables": tables(bundle),
            "photos": _photos(bundle, Path(folder)),
            "figure_alt": figure.description,
            "made_on": _day_numbers(bundle),
            "footer": _footer(bundle),
            "fonts": FONTS,
            "warning": "",
            "attached": {
                "file": ATTACHED,
                "words": _("The same period as data for another system (FHIR R4), without photos"),
            },
        }
        tell(0.35, _("Setting the pages"))
        made = _typeset(content, to_svg(figure), bundle, Path(folder))
    tell(1.0, _("The report is ready"))
    return made


def _typeset(content: Mapping[str, Any], svg: str, bundle: VisitBundle, root: Path) -> bytes:
    warning = _(
        "Some characters could not be printed with the fonts of this computer. "
        "The diary shows them in full."
    )
    attempts: tuple[tuple[tuple[Standard, ...], bool, str], ...] = (
        (STANDARDS, True, ""),
        (STANDARDS, False, ""),
        ((), False, warning),
    )
    letters = root / "letters"
    letters.mkdir()
    for name, font in truetype_for(json.dumps(content, ensure_ascii=False) + svg).items():
        (letters / name).write_bytes(font)
    template = root / "report.typ"
    template.write_bytes(files("diary_app.exports").joinpath("report.typ").read_bytes())
    for standards, embedded_fonts_only, said in attempts:
        inputs = {"report": json.dumps(_printable({**content, "warning": said})), "timeline": svg}
        try:
            made = typst.compile(
                str(template),
                root=str(root),
                format="pdf",
                font_paths=[str(letters)],
                ignore_system_fonts=embedded_fonts_only,
                sys_inputs=inputs,
                pdf_standards=list(standards),
                timestamp=bundle.made_at.replace(microsecond=0),  # typst refuses microseconds
            )
        except typst.TypstError as error:
            if standards and "could not be displayed" in error.diagnostic:
                continue
            break
        return made
    # The typesetter's own message quotes the text it failed on: it must not travel further.
    raise ReportError(
        _("The report could not be made. Please export the tables instead.")
    ) from None


def _printable(value: Any) -> Any:
    """Return the same value with control characters and broken surrogates left out of texts."""
    if isinstance(value, str):
        return "".join(c for c in value if c == "\n" or category(c) not in {"Cc", "Cs"})
    if isinstance(value, Mapping):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value


def _photos(bundle: VisitBundle, folder: Path) -> dict[str, Any]:
    items = []
    for number, photo in enumerate(sorted(bundle.photos, key=lambda photo: photo.taken_on)):
        name = f"photo-{number}.jpg" if _is_jpeg(photo.thumbnail) else None
        if name is not None:
            (folder / name).write_bytes(photo.thumbnail)
        items.append(
            {
                "file": name,
                "missing": _("This photo could not be read."),
                "day": day_words(photo.taken_on),
                "words": _photo_words(photo),
                "alt": _("Photo of {day}. {words}").format(
                    day=day_words(photo.taken_on), words=_photo_words(photo)
                ),
            }
        )
    return {"heading": _("Photos"), "items": items}


def _photo_words(photo: PhotoLine) -> str:
    region = region_words(photo.region) if photo.region else _("region not given")
    return breakable(f"{region}: {photo.description}" if photo.description else region)


def _is_jpeg(content: bytes) -> bool:
    try:
        with Image.open(BytesIO(content), formats=["JPEG"]) as image:
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def _footer(bundle: VisitBundle) -> dict[str, str]:
    return {
        "who": f"{bundle.patient_code}, {bundle.patient_name}",
        "page": _("Page {page} of {pages}"),
        "note": _("Estimated grades (CTCAE 5.0, rules {version}). Not a diagnosis.").format(
            version=bundle.rules_version
        ),
    }


def _day_numbers(bundle: VisitBundle) -> tuple[int, int, int]:
    made_on = bundle.made_at.astimezone(ZoneInfo(bundle.time_zone)).date()
    return made_on.year, made_on.month, made_on.day
