"""`diary desktop`: the demo as a patient sees it, in a window or else in the browser."""

import os
import socket
import threading
import time
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from db.access import viewer_for
from diary_app.commands.machine import console, fail, now, settings
from diary_app.services.kit import Kit
from diary_app.settings import Settings

# Where a native build may write; the folder it runs in is read-only.
_OWN_PLACE = "FLET_APP_STORAGE_DATA"


def desktop(
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of the demo data; else demo-data.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port for the browser.")] = 8550,
) -> None:
    """Open the demo as a patient sees it: in a window, or in the browser where there is none."""
    from diary_app.demo import stage  # noqa: PLC0415 - only the demo needs it
    from diary_app.ground.window import why_no_window  # noqa: PLC0415 - Flet takes its time

    folder = data_dir or Path(os.environ.get(_OWN_PLACE, "."), "demo-data")
    chosen = settings(
        host="127.0.0.1", port=port, data_dir=folder.resolve(), demo=True, mail_way="file",
        database_url="", public_url="", key_file=None, key="", key_command="", worker=True,
    )  # fmt: skip
    try:
        stage.prepare(chosen, now(), console, fresh=False)
    except stage.StageError as error:
        fail(str(error), status=2)
    reason = why_no_window()
    if reason is None:
        _in_a_window(chosen)
    else:
        _in_the_browser(chosen, reason)


def _in_a_window(chosen: Settings) -> None:
    from diary_app.app import session_main  # noqa: PLC0415
    from diary_app.demo.pages import invited  # noqa: PLC0415
    from diary_app.ground import live  # noqa: PLC0415
    from diary_app.ground.signed_in import SignedIn  # noqa: PLC0415
    from diary_app.ground.window import open_window  # noqa: PLC0415
    from diary_app.installation import open_installation  # noqa: PLC0415

    opened = open_installation(chosen)
    worker = opened.worker(now, live.publish)
    kit = opened.kit(now, wake_worker=worker.wake, publish=live.publish)
    patient = invited(kit)[0]
    viewer = viewer_for(
        "patient", clinic_id=patient.clinic_id, actor_id=patient.id, name=patient.name,
        patient_id=patient.id,
    )  # fmt: skip
    person = SignedIn("window", "patient", viewer, patient.language, patient.time_zone)
    worker.start()
    try:
        open_window(session_main(kit), person)
    finally:
        worker.stop()
        opened.close()


def _in_the_browser(chosen: Settings, reason: str) -> None:
    from diary_app.ground.window import has_screen  # noqa: PLC0415
    from diary_app.server import serve  # noqa: PLC0415

    def ready(kit: Kit) -> None:
        address = f"{kit.origin}/"
        console.print(f"{reason} Its address is {address}", soft_wrap=True)
        if has_screen():
            threading.Thread(target=_show, args=(chosen, address), daemon=True).start()

    serve(chosen, before=ready)


def _show(chosen: Settings, address: str) -> None:
    """Open the browser as soon as the port answers."""
    while True:
        try:
            socket.create_connection((chosen.host, chosen.port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            webbrowser.open(address)
            return
