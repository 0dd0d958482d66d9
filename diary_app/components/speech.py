"""The language of the screens: followed everywhere at once, and chosen by its own name."""

import asyncio

import flet as ft

from diary_app.components.buttons import main_button, other_button
from diary_app.components.heading import quiet
from diary_app.ground.live import use_topic
from diary_app.state.speech import Speech
from diary_app.text import _, language
from diary_app.text.languages import ENGLISH, LANGUAGES


def use_language(speech: Speech) -> str:
    """Return the language of this session, and draw again when it changes; a hook."""
    drawn, draw = ft.use_state(language())

    def changed() -> None:
        draw(language())

    use_topic(speech.topic, changed)
    return drawn


def language_buttons(speech: Speech) -> list[ft.Control]:
    """Return one button for each language, and the note that a translation carries."""
    spoken = language()

    def button(tag: str, name: str) -> ft.Control:
        async def choose() -> None:
            await asyncio.to_thread(speech.choose, tag)

        make = main_button if tag == spoken else other_button
        icon = ft.Icons.CHECK if tag == spoken else None
        return make(name, choose, key=f"language-{tag}", icon=icon)

    shown: list[ft.Control] = [
        ft.Row(
            [button(tag, name) for tag, name in LANGUAGES.items()],
            wrap=True,
            spacing=12,
            run_spacing=12,
        )
    ]
    if spoken != ENGLISH:
        shown.append(
            quiet(_("This text was translated and is not yet checked by a native clinician."))
        )
    return shown
