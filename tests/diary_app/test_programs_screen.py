"""An administrator gives a program its token on the desk, once, and takes it back."""

from pathlib import Path

import pytest

from db.errors import AccessDeniedError
from db.models import ApiToken
from diary_app.services.doors import hash_of
from diary_app.services.programs import Programs, recognized
from tests.alerts.test_worker import rows
from tests.diary_app.care_house import beat, kit_for
from tests.diary_app.test_care_screens import on_screen
from tests.ground.screen import Screen
from tests.people import NOW, House


def test_a_token_is_made_shown_once_and_withdrawn(house: House, tmp_path: Path) -> None:
    beat(house)
    kit = kit_for(house, tmp_path)
    seen: list[str] = []

    async def story(screen: Screen) -> None:
        assert screen.shows("No program has a token.")
        await screen.click("add-token")
        await screen.click("token-make")
        await screen.until(lambda: screen.shows("Please name the program"))
        await screen.enter("token-name", "Ward board")
        await screen.click("token-make")
        await screen.until(lambda: screen.shows("Please tick at least one thing"))
        await screen.fire(screen.key("scope-alerts:read"), "change", True)
        await screen.click("token-make")
        await screen.until(lambda: screen.shows("Copy the token now; it is not shown again."))
        seen.append(str(screen.key("token-text").value))
        assert screen.shows("It may: read alerts.")
        assert screen.shows("Never used.")
        program = recognized(kit, seen[0], NOW)
        assert program is not None
        assert program.scopes == {"alerts:read"}

        await screen.click("token-gone")
        await screen.until(lambda: not screen.shows("Copy the token now"))
        assert seen[0] not in " ".join(screen.texts())
        await screen.click("end-Ward board")
        await screen.until(lambda: screen.shows("Withdraw the token?"))
        await screen.click("sure-Ward board")
        await screen.until(lambda: screen.shows("Withdrawn"))

    on_screen(house, tmp_path, house.admin, "/admin/programs", story)
    (kept,) = rows(house, ApiToken)
    assert kept.token_hash == hash_of(seen[0])
    assert recognized(kit, seen[0], NOW) is None


@pytest.mark.parametrize("who", ["ana", "ben", "dora", "cleo"])
def test_nobody_but_an_administrator_sees_makes_or_withdraws_tokens(
    house: House, tmp_path: Path, who: str
) -> None:
    kit = kit_for(house, tmp_path)
    token = Programs(kit, house.admin).make("Ward board", ["alerts:read"], 30)
    theirs = Programs(kit, getattr(house, who))
    (kept,) = rows(house, ApiToken)

    for act in (
        theirs.page,
        lambda: theirs.make("Mine", ["alerts:read"], 30),
        lambda: theirs.end(kept.id),
    ):
        with pytest.raises(AccessDeniedError):
            act()
    assert recognized(kit, token, NOW) is not None
