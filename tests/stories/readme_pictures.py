"""Shrink two screenshots of the last test run for the README; run it as a module."""

from pathlib import Path

from PIL import Image

from tests.stories.people_at_screens import SCREENSHOTS

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
PICTURES = {"patient": ("patient-9-saved", 360), "nurse": ("nurse-4-alert", 900)}


def main() -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    for name, (screenshot, width) in PICTURES.items():
        with Image.open(SCREENSHOTS / f"{screenshot}.png") as picture:
            small = picture.convert("RGB").resize(
                (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
            )
        small.quantize(64).save(SCREENS / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
