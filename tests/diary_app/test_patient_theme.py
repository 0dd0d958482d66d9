"""Colors that can be read, and levels that are told by more than color."""

import itertools

import flet as ft
import pytest

from diary_app.figures.palette import contrast
from diary_app.theme import (
    BODY,
    DARK,
    LIGHT,
    LOOKS,
    TARGET,
    UNGRADED,
    dark_theme,
    light_theme,
    look,
)

PAIRS = [
    ("on_primary", "primary"),
    ("on_primary_container", "primary_container"),
    ("on_secondary_container", "secondary_container"),
    ("on_tertiary_container", "tertiary_container"),
    ("on_error", "error"),
    ("on_error_container", "error_container"),
    ("on_surface", "surface"),
    ("on_surface", "surface_container"),
    ("on_surface_variant", "surface"),
    ("on_surface_variant", "surface_container"),
    ("primary", "surface"),
    ("primary", "surface_container"),
    ("primary", "tertiary_container"),
    ("primary", "error_container"),
    ("tertiary", "surface_container"),
]


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_its_ground(colors: dict[str, str], ink: str, ground: str) -> None:
    # WCAG 2.2, 1.4.3: at least 4.5 to 1 for text of this size.
    assert contrast(colors[ink], colors[ground]) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_of_buttons_can_be_seen(colors: dict[str, str]) -> None:
    # WCAG 2.2, 1.4.11: at least 3 to 1 for the edges of controls.
    for ground in ("surface", "surface_container"):
        assert contrast(colors["outline"], colors[ground]) >= 3


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_the_focus_of_the_keyboard_can_be_seen(colors: dict[str, str]) -> None:
    # WCAG 2.2, 1.4.11: at least 3 to 1 for what shows where the focus is. The edge of a filled
    # button lies on its own color, that of the others on the ground of a card or the screen.
    assert contrast(colors["inverse_primary"], colors["primary"]) >= 3
    for ground in ("surface", "surface_container", "primary_container"):
        assert contrast(colors["primary"], colors[ground]) >= 3
    for style in (
        (light_theme() if colors is LIGHT else dark_theme()).filled_button_theme,
        (light_theme() if colors is LIGHT else dark_theme()).outlined_button_theme,
    ):
        assert style is not None
        assert style.style is not None
        edge = style.style.side
        assert isinstance(edge, dict)
        assert edge[ft.ControlState.FOCUSED].width >= 3


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_marks_of_the_body_map_can_be_told_from_what_is_not_marked(
    colors: dict[str, str],
) -> None:
    for ground in ("surface", "surface_container"):
        assert contrast(colors["error"], colors[ground]) >= 3
        assert contrast(colors["outline"], colors[ground]) >= 3


def test_every_level_has_its_own_icon_and_word() -> None:
    looks = [*LOOKS.values(), UNGRADED]

    for one, other in itertools.combinations(looks, 2):
        assert one.icon != other.icon
        assert one.word() != other.word()


def test_an_unknown_level_is_shown_as_not_graded() -> None:
    assert look(None) is UNGRADED
    assert look("unheard of") is UNGRADED


def test_text_has_a_color_of_its_own_in_both_themes() -> None:
    for theme, colors in ((light_theme(), LIGHT), (dark_theme(), DARK)):
        assert theme.text_theme is not None
        for style in (theme.text_theme.body_medium, theme.text_theme.label_large):
            assert style is not None
            assert style.color == colors["on_surface"]


def test_type_and_targets_are_large() -> None:
    assert BODY >= 18
    assert TARGET >= 56
