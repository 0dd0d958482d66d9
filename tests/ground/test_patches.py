"""The cures for Flet 1.0.5: each is needed, and each works."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

import flet as ft
import pytest
from flet.controls.object_patch import DiffBuilder

from diary_app.ground import live, patches
from diary_app.ground.boundary import screen_component
from diary_app.ground.signed_in import NotSignedInError, signed_in
from tests.ground.screen import Screen
from tests.ground.serving import ANA, BEN, run


@pytest.fixture
def stock_flet() -> Iterator[None]:
    """Flet without the cures; ``Screen`` must not put them back."""
    patches.uninstall()
    install, patches.install = patches.install, lambda: None
    yield
    patches.install = install
    patches.install()


SETTERS: dict[str, Callable[[Any], None]] = {}


@ft.component
def Reader(name: str) -> ft.Control:
    words, set_words = ft.use_state("nothing")
    SETTERS[name] = set_words
    return ft.Column(
        [
            ft.Text(f"{name} reads {words}"),
            ft.Button("cross", key="cross", on_click=lambda: SETTERS["ben"]("a letter")),
        ]
    )


@ft.component
def Clock() -> ft.Control:
    time, set_time = ft.use_state(0)
    broken, set_broken = ft.use_state(False)
    if broken:
        set_broken(False)
        raise ValueError("words of a patient")
    return ft.Column(
        [
            ft.Text(f"it is {time}"),
            ft.Button("tick", key="tick", on_click=lambda: set_time(lambda t: t + 1)),
            ft.Button("break", key="break", on_click=lambda: set_broken(True)),
        ]
    )


async def _cross() -> tuple[Screen, Screen]:
    ana = Screen(Reader, "ana", signed_in=ANA)
    ben = Screen(Reader, "ben", signed_in=BEN)
    await ana.settle()
    await ana.click("cross")
    await ben.settle()
    return ana, ben


def test_gives_a_state_to_the_screen_that_owns_it() -> None:
    async def story() -> None:
        ana, ben = await _cross()

        assert b"a letter" in ben.connection.wire
        assert b"a letter" not in ana.connection.wire

    run(story)


@pytest.mark.usefixtures("stock_flet")
def test_stock_flet_gives_a_state_to_whoever_set_it() -> None:
    async def story() -> None:
        ana, ben = await _cross()

        assert b"a letter" in ana.connection.wire
        assert b"a letter" not in ben.connection.wire

    run(story)


def test_sets_state_from_a_thread() -> None:
    async def story() -> None:
        ben = Screen(Reader, "ben", signed_in=BEN)
        await ben.settle()

        await asyncio.to_thread(SETTERS["ben"], "news from a thread")

        await ben.until(lambda: ben.shows("ben reads news from a thread"))

    run(story)


async def _break_then_tick() -> Screen:
    screen = Screen(Clock)
    await screen.settle()
    await screen.click("break")
    await screen.click("tick")
    return screen


def test_keeps_drawing_after_a_component_could_not_be_drawn_once() -> None:
    async def story() -> None:
        screen = await _break_then_tick()

        assert screen.shows("it is 1")
        assert len(screen.apologies()) == 1

    run(story)


@pytest.mark.usefixtures("stock_flet")
def test_stock_flet_never_draws_again_after_an_error() -> None:
    async def story() -> None:
        screen = await _break_then_tick()

        assert not screen.shows("it is 1")

    run(story)


@pytest.mark.parametrize("kind", ["sync", "async", "cleanup"])
def test_tells_about_a_failed_effect_without_its_words(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    @ft.component
    def Effect() -> ft.Control:
        shown, set_shown = ft.use_state(0)

        def fail() -> None:
            raise ValueError("words of a patient")

        async def fail_later() -> None:
            fail()

        setup = {"sync": fail, "async": fail_later, "cleanup": lambda: None}[kind]
        ft.use_effect(setup, [shown], cleanup=fail if kind == "cleanup" else None)
        return ft.Button("again", key="again", on_click=lambda: set_shown(1))

    async def story() -> None:
        screen = Screen(Effect)
        await screen.settle()
        if kind == "cleanup":
            await screen.click("again")

        assert len(screen.apologies()) == 1
        assert b"words of a patient" not in screen.connection.wire

    run(story)

    assert "effect failed: ValueError" in caplog.text
    assert "words of a patient" not in caplog.text


def test_apologizes_once_while_the_sentence_is_still_shown() -> None:
    @ft.component
    def Failing() -> ft.Control:
        def fail() -> None:
            raise ValueError("words of a patient")

        return ft.Button("fail", key="fail", on_click=fail)

    async def story() -> None:
        screen = Screen(Failing)
        await screen.settle()

        for _ in range(3):
            await screen.click("fail")

        assert screen.apologies() == [
            "Something went wrong. Nothing you saved is lost. Please try again."
        ]

    run(story)


@screen_component
def BrokenView() -> ft.View:
    raise ValueError("words of a patient")


@screen_component
def BrokenPart() -> ft.Control:
    raise ValueError("words of a patient")


def test_replaces_a_view_that_cannot_be_drawn_by_a_view() -> None:
    @ft.component
    def App() -> list[ft.View]:
        return [BrokenView()]

    async def story() -> None:
        screen = Screen(App, views=True)
        await screen.settle()

        (view,) = screen.find(ft.View)
        assert "could not be shown" in str(view.controls)

    run(story)


def test_replaces_a_part_that_cannot_be_drawn_by_a_sentence() -> None:
    @ft.component
    def Page() -> ft.Control:
        return ft.Column([BrokenPart(), ft.Text("the rest")])

    async def story() -> None:
        screen = Screen(Page)
        await screen.settle()

        assert screen.shows("This part could not be shown.")
        assert screen.shows("the rest")

    run(story)


def test_shows_a_sentence_while_a_screen_cannot_be_drawn_and_the_screen_again_after() -> None:
    @screen_component
    def Moody() -> ft.Control:
        broken, set_broken = ft.use_state(False)
        SETTERS["moody"] = set_broken
        if broken:
            raise ValueError("words of a patient")
        return ft.Text("in a good mood")

    async def story() -> None:
        screen = Screen(Moody)
        await screen.settle()

        SETTERS["moody"](True)
        await screen.settle()
        assert screen.shows("This part could not be shown.")
        SETTERS["moody"](False)
        await screen.settle()

        assert screen.shows("in a good mood")

    run(story)


def test_replaces_a_component_without_a_boundary_that_cannot_be_drawn_at_first() -> None:
    @ft.component
    def Bare() -> ft.Control:
        raise ValueError("words of a patient")

    @ft.component
    def Page() -> ft.Control:
        return ft.Column([Bare(), ft.Text("the rest")])

    async def story() -> None:
        screen = Screen(Page)
        await screen.settle()

        assert screen.shows("This part could not be shown.")
        assert screen.shows("the rest")

    run(story)


@pytest.mark.parametrize("version", ["1.0.4", "1.1.0"])
def test_refuses_another_flet_in_one_sentence(version: str) -> None:
    with pytest.raises(patches.UnknownFletError) as refusal:
        patches.check(version)

    assert str(refusal.value).startswith(f"The diary needs flet 1.0.5, but found {version}")
    assert "\n" not in str(refusal.value)


def test_refuses_a_flet_whose_inner_parts_have_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("flet.components.component.Component._schedule_effect")

    with pytest.raises(patches.UnknownFletError, match=r"Component\._schedule_effect"):
        patches.check()


def test_installs_the_cures_once() -> None:
    from flet.components.component import Component

    patches.install()
    first = Component.update

    patches.install()

    assert Component.update is first


def test_tells_nobody_who_owns_a_session_that_was_closed() -> None:
    async def story() -> None:
        screen = Screen(Clock, signed_in=ANA)
        assert signed_in(screen.page) is ANA

        await screen.close()

        with pytest.raises(NotSignedInError):
            signed_in(screen.page)

    run(story)


@ft.component
def Listener(topic: str) -> ft.Control:
    heard, set_heard = ft.use_state(0)
    live.use_topic(topic, lambda: set_heard(lambda n: n + 1))
    return ft.Text(f"heard {heard}")


@ft.component
def Switch() -> ft.Control:
    topic, set_topic = ft.use_state("ward-1")
    return ft.Column(
        [
            ft.Button("move", key="move", on_click=lambda: set_topic("ward-2")),
            ft.Button("leave", key="leave", on_click=lambda: set_topic("")),
            Listener(topic) if topic else ft.Text("left"),
        ]
    )


def test_draws_again_when_a_thread_publishes() -> None:
    async def story() -> None:
        screen = Screen(Listener, "ward-1")
        await screen.until(lambda: live.listeners("ward-1") == 1)

        await asyncio.to_thread(live.publish, "ward-1")

        await screen.until(lambda: screen.shows("heard 1"))
        await screen.close()

    run(story)


def test_stops_listening_when_the_topic_changes_or_the_screen_goes() -> None:
    async def story() -> None:
        screen = Screen(Switch)
        await screen.until(lambda: live.listeners("ward-1") == 1)

        await screen.click("move")
        await screen.until(lambda: (live.listeners("ward-1"), live.listeners("ward-2")) == (0, 1))
        await screen.click("leave")

        await screen.until(lambda: live.listeners("ward-2") == 0)
        await screen.close()

    run(story)


def test_ends_topics_and_effects_when_the_session_closes() -> None:
    @ft.component
    def Ticking() -> ft.Control:
        async def forever() -> None:
            while True:
                await asyncio.sleep(3600)

        ft.use_effect(forever, [])
        live.use_topic("ward-1", lambda: None)
        return ft.Text("ticking")

    async def story() -> None:
        before = asyncio.all_tasks()
        screen = Screen(Ticking)
        await screen.until(lambda: live.listeners("ward-1") == 1)

        await screen.close()

        await screen.settle()
        assert live.listeners("ward-1") == 0
        assert asyncio.all_tasks() <= before

    run(story)


def test_goes_on_listening_after_a_message_could_not_be_followed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard: list[int] = []

    @ft.component
    def Clumsy() -> ft.Control:
        def follow() -> None:
            heard.append(1)
            raise ValueError("words of a patient")

        live.use_topic("ward-1", follow)
        return ft.Text("clumsy")

    async def story() -> None:
        screen = Screen(Clumsy)
        await screen.until(lambda: live.listeners("ward-1") == 1)

        live.publish("ward-1")
        await screen.until(lambda: len(heard) == 1)
        live.publish("ward-1")

        await screen.until(lambda: len(heard) == 2)
        await screen.close()

    with caplog.at_level(logging.ERROR):
        run(story)

    assert "words of a patient" not in caplog.text


def test_publishes_to_nobody_without_a_server() -> None:
    live.bind_loop(None)

    live.publish("ward-1")

    assert live.listeners("ward-1") == 0


def _screen_with_corners() -> ft.Control:
    """A tree with controls in properties, lists, cells, and in values that are no controls."""
    menu = ft.PopupMenuButton(icon=ft.Icon(ft.Icons.MENU), items=[ft.PopupMenuItem(ft.Text("one"))])
    cell = ft.DataCell(ft.Text("cell"))
    return ft.Column(
        [
            ft.Container(ft.Text("inside"), border=ft.Border.all(1), tooltip=ft.Tooltip("help")),
            ft.TextField(prefix=ft.Text("+"), suffix=ft.Icon(ft.Icons.CLOSE), hint_text="hint"),
            ft.DataTable(columns=[ft.DataColumn(ft.Text("head"))], rows=[ft.DataRow([cell])]),
            ft.NavigationBar(
                [
                    ft.NavigationBarDestination(icon=ft.Icon(i))
                    for i in (ft.Icons.HOME, ft.Icons.EDIT)
                ]
            ),
            ft.Semantics(menu, label="menu"),
            ft.Text(spans=[ft.TextSpan("a", spans=[ft.TextSpan("b")])]),
            ft.Stack(),
        ]
    )


def test_the_quick_walk_finds_every_control_that_flet_finds(stock_flet: None) -> None:
    def walks() -> tuple[list[str], list[str], list[str]]:
        tree = _screen_with_corners()
        builder = DiffBuilder(None, None, control_cls=ft.BaseControl)
        added = [type(c).__name__ for c in builder._configure_dataclass(tree, None, False)]
        parents = [type(c.parent).__name__ for c in builder._configure_dataclass(tree, None, False)]
        removed = [type(c).__name__ for c in builder._removed_controls(tree, True)]
        return sorted(added), sorted(parents), sorted(removed)

    theirs = walks()
    for name in ("_configure_dataclass", "_removed_controls"):
        patches._replace(DiffBuilder, name, patches._quick(getattr(DiffBuilder, name)))
    ours = walks()
    patches.uninstall()

    assert ours == theirs
    assert len(ours[0]) > 20
