"""Colors of figures by role, light and dark. No meaning is carried by color alone."""

from collections.abc import Mapping
from types import MappingProxyType

Palette = Mapping[str, str]

LIGHT: Palette = MappingProxyType(
    {
        "background": "#ffffff",
        "text": "#1b1f24",
        "muted": "#4f5862",
        "grid": "#d5dae0",
        "axis": "#6b7580",
        "gap": "#ebedf0",
        "threshold": "#7a4f00",
        "step": "#3d4650",
        "imatinib": "#1f4e8c",
        "imatinib_area": "#d3e1f3",
        "prednisolone": "#6a3d8f",
        "prednisolone_area": "#e6d9f0",
        "grade_0": "#6b7580",
        "grade_1": "#f2c46d",
        "grade_2": "#e58a3a",
        "grade_3": "#bf3b2b",
        "grade_4": "#7d1020",
        "itch": "#0f6b5c",
        "temperature": "#a3261b",
        "rash": "#bf3b2b",
        "rash_unsized": "#e58a3a",
        "urgent": "#a5121f",
        "prompt": "#8a5000",
        "former": "#6b7580",
        "lab": "#134f78",
        "photo": "#1b1f24",
        "lens": "#ffffff",
    }
)
DARK: Palette = MappingProxyType(
    {
        "background": "#14181d",
        "text": "#eef1f4",
        "muted": "#b3bcc6",
        "grid": "#333b44",
        "axis": "#8b96a2",
        "gap": "#252b32",
        "threshold": "#e6b450",
        "step": "#c3ccd6",
        "imatinib": "#8ab8f2",
        "imatinib_area": "#22364f",
        "prednisolone": "#c9a3ea",
        "prednisolone_area": "#38294a",
        "grade_0": "#8b96a2",
        "grade_1": "#d9a63f",
        "grade_2": "#e5823a",
        "grade_3": "#ee6a5a",
        "grade_4": "#ff9aa6",
        "itch": "#5cc9b4",
        "temperature": "#ff8f80",
        "rash": "#ee6a5a",
        "rash_unsized": "#e5823a",
        "urgent": "#ff8a8f",
        "prompt": "#f0b35a",
        "former": "#8b96a2",
        "lab": "#8fc7ee",
        "photo": "#eef1f4",
        "lens": "#14181d",
    }
)

# Every role a text is written in, and every role it may stand on.
TEXT_ROLES = (
    "text",
    "muted",
    "threshold",
    "imatinib",
    "prednisolone",
    "urgent",
    "prompt",
    "lab",
    "photo",
)
GROUND_ROLES = ("background", "gap", "imatinib_area", "prednisolone_area")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two ``#rrggbb`` colors, 1 to 21.

    Source:
        W3C, WCAG 2.2, "contrast ratio" and "relative luminance".
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
