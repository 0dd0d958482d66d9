"""Nothing of one person reaches another, and nobody touches what is not shown to them."""

import logging
from contextvars import ContextVar
from pathlib import Path

import flet as ft
import pytest

from diary_app.ground.signed_in import SignedIn, signed_in
from tests.ground.diary import FIRED, PAGES, main, showing
from tests.ground.raw import Raw
from tests.ground.serving import run, serving


def test_sends_a_live_update_to_the_screen_it_belongs_to(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana, ben = await Raw(port, "ana").open(), await Raw(port, "ben").open()
            await ana.see("s-ana counts 0")
            await ben.see("s-ben counts 0")

            await ana.click("tell")

            await ana.see("s-ana counts 0, saw 1")
            await ben.see("s-ben counts 0, saw 1")
            assert "s-ben" not in repr(ana.inbox)
            assert "s-ana" not in repr(ben.inbox)
            await ana.close()
            await ben.close()

    run(story)


def test_gives_each_socket_a_context_that_its_handlers_inherit(tmp_path: Path) -> None:
    language: ContextVar[str] = ContextVar("language", default="none")

    @ft.component
    def Reader() -> ft.Control:
        words, set_words = ft.use_state(language.get())
        return ft.Column(
            [
                ft.Text(f"reads {words}"),
                ft.Button("ask", on_click=lambda: set_words(f"again {language.get()}")),
            ]
        )

    async def story() -> None:
        def arrive(person: SignedIn) -> None:
            language.set(f"the words of {person.sign_in_id}")

        async with serving(showing(Reader), tmp_path, arrive=arrive) as port:
            ana, ben = await Raw(port, "ana").open(), await Raw(port, "ben").open()
            await ana.see("reads the words of s-ana")
            await ben.see("reads the words of s-ben")

            await ana.click("ask")

            await ana.see("reads again the words of s-ana")
            await ana.close()
            await ben.close()

    run(story)


def test_sends_a_state_set_in_anothers_handler_to_its_owner_alone(tmp_path: Path) -> None:
    setters = {}

    async def story() -> None:
        @ft.component
        def Shared(name: str) -> ft.Control:
            words, set_words = ft.use_state("nothing")
            setters[name] = set_words
            return ft.Column(
                [
                    ft.Text(f"{name} reads {words}"),
                    ft.Button("cross", on_click=lambda: setters["s-ben"]("a letter for Ben")),
                ]
            )

        def show(page: ft.Page) -> None:
            page.render(Shared, signed_in(page).sign_in_id)

        async with serving(show, tmp_path) as port:
            ana, ben = await Raw(port, "ana").open(), await Raw(port, "ben").open()
            await ana.see("s-ana reads")
            await ben.see("s-ben reads")

            await ana.click("cross")

            await ben.see("s-ben reads a letter for Ben")
            assert "a letter for Ben" not in repr(ana.inbox)
            await ana.close()
            await ben.close()

    run(story)


@pytest.mark.parametrize("button", ["hidden", "off", "inside hidden"])
def test_ignores_a_click_on_what_cannot_be_clicked(tmp_path: Path, button: str) -> None:
    async def story() -> None:
        FIRED.clear()
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")

            await ana.click(button)
            await ana.click("open")
            await ana.settle()

            assert FIRED == [("s-ana", "entry-1")]
            await ana.close()

    run(story)


@pytest.mark.parametrize(
    "tampering",
    [{"data": "entry-2"}, {"visible": True}, {"disabled": False}, {"_values": {"visible": True}}],
)
def test_ignores_properties_no_person_can_enter(
    tmp_path: Path, tampering: dict[str, object]
) -> None:
    async def story() -> None:
        FIRED.clear()
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")

            for button in ("hidden", "off", "open"):
                await ana.set(ana.find(content=button)[-1]["_i"], **tampering)
                await ana.click(button)
            await ana.settle()

            assert FIRED == [("s-ana", "entry-1")]
            await ana.close()

    run(story)


def test_accepts_what_a_person_enters(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")
            field = ana.find(label="Words")[-1]["_i"]

            await ana.set(field, value="38,2", data="entry-2")
            await ana.event(field, "change", "38,2")

            await ana.see("wrote 38,2")
            await ana.close()

    run(story)


def test_lets_the_browser_tell_its_size_but_not_who_it_is(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open(client_ip="10.0.0.1", title="forged")
            await ana.see("s-ana counts 0")

            await ana.set(1, width=1280.0, client_user_agent="forged", data="forged")
            await ana.settle()

            page = PAGES["s-ana"]
            assert page.width == 1280.0
            assert (page.client_ip, page.title, page.data) == ("", None, None)
            assert page.client_user_agent != "forged"
            await ana.close()

    run(story)


def test_ignores_a_client_that_pretends_its_session_has_closed(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")

            await ana.event(1, "close")
            await ana.click("tell")

            await ana.see("saw 1")
            await ana.close()

    run(story)


def test_keeps_words_off_the_wire_and_out_of_the_log_when_a_handler_fails(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")

            await ana.click("fail")
            await ana.see("Something went wrong. Nothing you saved is lost. Please try again.")
            await ana.click("more")

            await ana.see("s-ana counts 1")
            assert "words of a patient" not in repr(ana.inbox)
            assert ana.actions(6) == []
            await ana.close()

    with caplog.at_level(logging.DEBUG):
        run(story)

    assert "ValueError in" in caplog.text
    assert "words of a patient" not in caplog.text


def test_keeps_the_rest_of_the_screen_alive_when_a_part_cannot_be_drawn(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("screen is whole")

            await ana.click("break")
            await ana.see("This part could not be shown.")
            await ana.click("more")

            await ana.see("s-ana counts 1")
            assert "words of a patient" not in repr(ana.inbox)
            await ana.close()

    run(story)

    assert "words of a patient" not in caplog.text
