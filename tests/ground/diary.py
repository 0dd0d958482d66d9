"""A small app for the tests of the ground: one screen with everything that can go wrong."""

import asyncio
from collections.abc import Callable

import flet as ft

from diary_app.ground.boundary import screen_component
from diary_app.ground.live import publish, use_topic
from diary_app.ground.signed_in import signed_in

PAGES: dict[str, ft.Page] = {}
FIRED: list[tuple[str, object]] = []


@ft.component
def Fragile(broken: bool) -> ft.Control:
    """Cannot be drawn when broken."""
    if broken:
        raise ValueError("words of a patient")
    return ft.Text("whole")


@screen_component
def Screen(broken: bool) -> ft.Control:
    """Cannot be drawn when broken, inside a boundary."""
    if broken:
        raise ValueError("words of a patient")
    return ft.Text("screen is whole")


@ft.component
def Diary(name: str) -> ft.Control:
    """One person's screen."""
    count, set_count = ft.use_state(0)
    words, set_words = ft.use_state("")
    broken, set_broken = ft.use_state(False)
    seen, set_seen = ft.use_state(0)
    use_topic("inbox", lambda: set_seen(lambda n: n + 1))

    def fire(event: ft.ControlEvent) -> None:
        FIRED.append((name, event.control.data))

    def fail() -> None:
        raise ValueError("words of a patient")

    return ft.Column(
        [
            ft.Text(f"{name} counts {count}, saw {seen}, wrote {words}"),
            ft.Button("more", on_click=lambda: set_count(lambda n: n + 1)),
            ft.Button("tell", on_click=lambda: publish("inbox")),
            ft.Button("hidden", visible=False, data="entry-1", on_click=fire),
            ft.Button("off", disabled=True, data="entry-1", on_click=fire),
            ft.Container(visible=False, content=ft.Button("inside hidden", on_click=fire)),
            ft.Button("open", data="entry-1", on_click=fire),
            ft.Button("fail", on_click=fail),
            ft.Button("break", on_click=lambda: set_broken(True)),
            ft.TextField(
                label="Words", value=words, on_change=lambda e: set_words(e.control.value)
            ),
            Fragile(broken),
            Screen(broken),
        ],
        key="diary",
    )


@ft.component
def Slow() -> ft.Control:
    """A screen whose handler takes its time."""
    time, set_time = ft.use_state("early")

    async def slowly() -> None:
        await asyncio.sleep(0.3)
        set_time("late")

    return ft.Column([ft.Text(f"it is {time}"), ft.Button("slowly", on_click=slowly)])


def main(page: ft.Page) -> None:
    """Show the person's own screen."""
    person = signed_in(page)
    PAGES[person.sign_in_id] = page
    page.render(Diary, person.sign_in_id)


def showing(component: Callable[..., ft.Control]) -> Callable[[ft.Page], None]:
    """Return a main that shows one component."""

    def show(page: ft.Page) -> None:
        page.render(component)

    return show
