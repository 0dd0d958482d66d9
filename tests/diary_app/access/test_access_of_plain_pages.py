"""The pages that are plain HTML, looked at with axe-core: all rules of WCAG 2.2 A and AA."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from diary_app.services import passwords
from diary_app.services.acknowledge_links import link_url
from diary_app.services.people import invite_patient
from tests.browser import FletPage, browsing
from tests.diary_app.access.stage import PHONE, axe
from tests.diary_app.doors.house import QUICK, Doors, build_doors, served
from tests.people import House


@pytest.fixture
def doors(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doors]:
    monkeypatch.setattr(passwords, "_hasher", QUICK)
    built = build_doors(house, tmp_path)
    yield built
    built.close()


def test_axe_finds_nothing_on_any_plain_page_in_light_and_dark(doors: Doors) -> None:
    house = doors.house
    join = invite_patient(doors.kit, house.ben, house.ana.actor_id, doors.clock()).url
    seen = link_url(doors.kit.key, doors.kit.origin, doors.alert_for(house.ben))
    cookie = doors.signed_in(house.ana).cookies["diary"]
    open_to_all = [
        "/welcome",
        "/sign-in",
        "/now",
        *(url.removeprefix(doors.kit.origin) for url in (join, seen)),
    ]
    of_ana = ["/now", "/my-diary", "/pin/choose", "/welcome"]
    found: dict[str, list[str]] = {}
    titles = []
    with served(doors) as address, browsing() as browser:
        schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
        for scheme in schemes:
            for paths, is_ana in ((open_to_all, False), (of_ana, True)):
                context = browser.new_context(**PHONE, color_scheme=scheme, bypass_csp=True)
                if is_ana:
                    context.add_cookies([{"name": "diary", "value": cookie, "url": address}])
                screen = FletPage(context.new_page())
                for path in paths:
                    answer = screen.page.goto(f"{address}{path}")
                    assert answer is not None
                    assert answer.status == 200, path
                    titles.append(screen.page.title())
                    found[f"{path} {scheme} {is_ana}"] = axe(screen)
                context.close()

    assert {path: faults for path, faults in found.items() if faults} == {}
    assert all(titles)
