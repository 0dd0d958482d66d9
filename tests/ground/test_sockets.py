"""Who gets in, who is kept out, and when a socket ends."""

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import flet as ft
import pytest
from starlette.types import Message
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus

from diary_app.ground.guarded import GuardedSocket, open_sockets
from diary_app.ground.live import listeners
from diary_app.ground.signed_in import SignedIn, sessions_of
from diary_app.ground.socket import comes_from_here, end_sockets
from diary_app.server import heard
from diary_app.services.kit import signed_out_topic
from tests.ground.diary import main, showing
from tests.ground.raw import PAGE, Raw
from tests.ground.serving import QUICK, SignIns, run, serving


def test_shows_a_signed_in_person_their_own_screen(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()

            await ana.see("s-ana counts 0")
            await ana.close()

    run(story)


@pytest.mark.parametrize(
    ("cookie", "origin"),
    [
        ("ana", "https://evil.example"),
        ("ana", None),
        ("ana", "null"),
        ("", "same"),
        ("forged", "same"),
    ],
)
def test_refuses_the_handshake(tmp_path: Path, cookie: str, origin: str | None) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            with pytest.raises(InvalidStatus) as refusal:
                await Raw(port, cookie, origin).open()

            assert refusal.value.response.status_code == 403

    run(story)


def test_accepts_the_public_origin_of_a_proxy(tmp_path: Path) -> None:
    async def story() -> None:
        public = "https://diary.example.org"
        async with serving(main, tmp_path, public_origin=public) as port:
            ana = await Raw(port, "ana", public).open()

            await ana.see("s-ana counts 0")
            await ana.close()

    run(story)


@pytest.mark.parametrize(
    ("origin", "host", "expected"),
    [
        ("https://diary.example.org", "diary.example.org", True),
        ("https://DIARY.example.org", "diary.example.org", True),
        ("https://diary.example.org.evil.example", "diary.example.org", False),
        ("https://diary.example.org:444", "diary.example.org", False),
        ("", "", False),
        ("file://", "", False),
    ],
)
def test_compares_origin_and_host_as_a_whole(origin: str, host: str, expected: bool) -> None:
    assert comes_from_here({"origin": origin, "host": host}, None) is expected


def test_gives_nobody_another_sign_ins_session(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")
            await ana.close()

            ben = await Raw(port, "ben").open(session_id=ana.session_id)
            await ben.see("s-ben counts 0")

            assert ben.session_id != ana.session_id
            assert "s-ana" not in repr(ben.inbox)
            await ben.close()

    run(story)


def test_closes_the_socket_of_a_client_that_registers_again_for_another_session(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")
            await ana.close()
            ben = await Raw(port, "ben").open()
            await ben.see("s-ben counts 0")

            await ben.send(1, {"session_id": ana.session_id, "page_name": "", "page": PAGE})

            assert await ben.closed() == 1002
            assert "s-ana" not in repr(ben.inbox)

    run(story)


def test_gives_a_returning_person_their_session_back(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            first = await Raw(port, "ana").open()
            await first.see("s-ana counts 0")
            await first.click("more")
            await first.see("s-ana counts 1")
            await first.close()

            second = await Raw(port, "ana").open(session_id=first.session_id)

            assert second.session_id == first.session_id
            assert "s-ana counts 1" in repr(second.inbox)
            await second.close()

    run(story)


def test_lets_a_phone_that_changed_networks_take_its_session_over(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path, rhythm=QUICK) as port:
            first = await Raw(port, "ana").open()
            await first.see("s-ana counts 0")

            second = await Raw(port, "ana").open(session_id=first.session_id)

            assert second.session_id == first.session_id
            assert await first.closed() == 4000
            await second.close()

    run(story)


def tell_from_another_process(sign_in_id: str) -> None:
    heard(signed_out_topic(sign_in_id))


@pytest.mark.parametrize("end", [end_sockets, tell_from_another_process])
def test_closes_all_sockets_of_a_sign_in_that_ended_and_drops_its_screens(
    tmp_path: Path, end: Callable[[str], None]
) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            one, two = [await Raw(port, "ana").open() for _ in range(2)]
            ben = await Raw(port, "ben").open()
            await two.see("s-ana counts 0")
            await ben.see("s-ben counts 0")

            await asyncio.to_thread(end, "s-ana")

            assert [await one.closed(), await two.closed()] == [4401, 4401]
            await _until(lambda: sessions_of("s-ana") == [])
            await _until(lambda: listeners("inbox") == 1)
            await ben.click("more")
            await ben.see("s-ben counts 1")
            await ben.close()

    run(story)


def test_keeps_the_screens_of_a_locked_sign_in_for_it_to_come_back_to(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            first = await Raw(port, "ana").open()
            await first.click_when_seen("more", "s-ana counts 0")
            await first.see("s-ana counts 1")

            end_sockets("s-ana", forget=False)
            assert await first.closed() == 4401
            second = await Raw(port, "ana").open(session_id=first.session_id)

            assert "s-ana counts 1" in repr(second.inbox)
            await second.close()

    run(story)


def test_notices_by_itself_that_a_sign_in_has_ended(tmp_path: Path) -> None:
    async def story() -> None:
        sign_ins = SignIns()
        async with serving(main, tmp_path, sign_ins=sign_ins, rhythm=QUICK) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")

            del sign_ins.by_cookie["ana"]

            assert await ana.closed() == 4401

    run(story)


def test_an_open_tab_alone_is_no_sign_of_life(tmp_path: Path) -> None:
    async def story() -> None:
        sign_ins, looks, glances = SignIns(), [], []

        def look(cookies: Mapping[str, str]) -> SignedIn | None:
            looks.append(1)
            return sign_ins(cookies)

        def glance(cookies: Mapping[str, str]) -> SignedIn | None:
            glances.append(1)
            return sign_ins(cookies)

        async with serving(main, tmp_path, sign_ins=look, glance=glance, rhythm=QUICK) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")
            while len(glances) < 4:
                await asyncio.sleep(0.02)
            assert looks == []

            await ana.click("more")
            await ana.see("s-ana counts 1")
            assert looks
            await ana.close()

    run(story)


def test_does_nothing_for_an_ended_sign_in_not_even_once(tmp_path: Path) -> None:
    async def story() -> None:
        sign_ins = SignIns()
        busy = type(QUICK)(recheck=3600, recheck_on_event=0)
        async with serving(main, tmp_path, sign_ins=sign_ins, rhythm=busy) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("s-ana counts 0")

            del sign_ins.by_cookie["ana"]
            await ana.click("more")

            assert await ana.closed() == 4401
            assert "s-ana counts 1" not in repr(ana.inbox)

    run(story)


@pytest.mark.parametrize(
    "frame",
    [b"", b"\x00", b"\x00garbage", b"\x07\x92\x01\x80", b"\x00\x92\x03\x80", b"\x00\x92\x01\xc0",
     b"\x00" * 70_000],
)  # fmt: skip
def test_leaves_no_task_behind_after_a_bad_first_frame(tmp_path: Path, frame: bytes) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            before = len(asyncio.all_tasks())
            clients = [await Raw(port, "ana").open(register=False) for _ in range(5)]

            for client in clients:
                await client.ws.send(frame)

            assert [await client.closed() for client in clients] == [1002] * 5
            await _until(lambda: len(asyncio.all_tasks()) <= before)
            assert open_sockets() == []

    run(story)


def test_ends_a_socket_that_says_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path, rhythm=QUICK) as port:
            before = len(asyncio.all_tasks())
            client = await Raw(port, "ana").open(register=False)

            assert await client.closed() == 1002
            await _until(lambda: len(asyncio.all_tasks()) <= before)

    run(story)


def test_closes_a_socket_that_sends_a_frame_over_one_mebibyte(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            ana = await Raw(port, "ana").open()

            await ana.event(1, "resize", "x" * 1_100_000)

            assert await ana.closed() == 1002

    run(story)


def test_drops_a_frame_that_can_no_longer_be_sent() -> None:
    async def story() -> None:
        sent: list[str] = []

        async def send(message: Message) -> None:
            sent.append(message["type"])
            if message["type"] == "websocket.send":
                raise OSError("the connection is gone")

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        scope = {"type": "websocket", "headers": [(b"cookie", b"diary=ana")]}
        socket = GuardedSocket(WebSocket(scope, receive, send), SignIns(), QUICK)
        assert await socket.welcome()

        await socket.send_bytes(b"news")

        assert sent == ["websocket.accept", "websocket.send"]

    run(story)


def test_one_person_leaves_ten_screens_behind_at_most(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            looked_at = await Raw(port, "ana").open()
            await looked_at.click_when_seen("more", "s-ana counts 0")
            left = []
            for _ in range(12):
                left.append(await Raw(port, "ana").open())
                await left[-1].see("s-ana counts 0")
                await left[-1].close()

            held = sessions_of("s-ana")
            assert len(held) == 10
            assert {looked_at.session_id, *(one.session_id for one in left[-9:])} == set(held)
            await looked_at.see("s-ana counts 1")
            await looked_at.close()

    run(story)


def test_one_person_opens_twenty_sockets_at_most(tmp_path: Path) -> None:
    async def story() -> None:
        async with serving(main, tmp_path) as port:
            silent = [await Raw(port, "ana").open(register=False) for _ in range(21)]

            assert await silent[-1].closed() == 1013
            ben = await Raw(port, "ben").open()
            await ben.see("s-ben counts 0")
            assert len(open_sockets("s-ana")) == 20
            for client in [*silent, ben]:
                await client.close()

    run(story)


def test_a_client_that_sends_thousands_of_touches_keeps_nobody_waiting(tmp_path: Path) -> None:
    at_once: list[int] = [0, 0]

    @ft.component
    def Saving() -> ft.Control:
        async def save() -> None:
            at_once[0] += 1
            at_once[1] = max(at_once)
            await asyncio.to_thread(time.sleep, 0.01)
            at_once[0] -= 1

        return ft.Column([ft.Text("ready"), ft.Button("save", on_click=save)])

    async def story() -> None:
        async with serving(showing(Saving), tmp_path) as port:
            ana = await Raw(port, "ana").open()
            await ana.see("ready")
            button = ana.find(content="save")[-1]["_i"]

            for _ in range(200):
                await ana.event(button)
            await _until(lambda: at_once[0] > 1)
            await ana.close()

        assert 2 <= at_once[1] <= 8

    run(story)


async def _until(ready: Callable[[], bool]) -> None:
    for _ in range(500):
        if ready():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not become true")
