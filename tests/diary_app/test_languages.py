"""Screens, reasons, mails and calendars in the reader's language."""

import asyncio
import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from alerts.delivery.message import reminder_message
from alerts.grading.assess import assess_course
from alerts.grading.counterfactual import Change, Counterfactual, Counterfactuals
from alerts.grading.reasons import Reason
from alerts.grading.terms import Level
from bench.random_courses import random_course
from diary_app.ground.fallback_fonts import FAMILY, FOLDER, font_file, slices_of, truetype_for
from diary_app.screens.patient.app import PatientApp
from diary_app.services.languages import choose_language
from diary_app.services.reason_words import call_if_words, patient_words
from diary_app.state.calendar import day_words
from diary_app.state.typed_temperature import read_temperature
from diary_app.state.wording import milligrams
from diary_app.text import _, _n, in_language, language, speak, speak_with, spoken
from diary_app.text.languages import best_of
from diary_app.text.phrases import phrase
from diary_app.text.voices import voice_of
from tests.diary_app.patient_house import Desk, desk_for
from tests.grading.every_code import EXAMPLES
from tests.ground.screen import Screen
from tests.people import House


@pytest.fixture(autouse=True)
def afterwards_english() -> Iterator[None]:
    with spoken("en"):
        yield


def stored(reason: Reason) -> dict[str, object]:
    """A reason as it lies in an assessment."""
    kept = {
        "code": reason.code,
        "level": reason.level.word,
        "patient_sentence": reason.patient_sentence,
        "values": dict(reason.values),
    }
    return json.loads(json.dumps(kept, default=list))


def reason_of(code: str) -> dict[str, object]:
    example = EXAMPLES[code]
    *_earlier, last = assess_course(example.where, list(example.entries))
    return stored(next(reason for reason in last.reasons if reason.code == code))


# Two people at once.


def test_two_sessions_of_different_languages_never_mix(house: House, tmp_path: Path) -> None:
    desk = desk_for(house, tmp_path)
    ana, ben = house.ana.actor_id, house.ben.actor_id

    async def helped(person: object, tag: str, turn: asyncio.Event, done: asyncio.Event) -> list:
        speak_with(voice_of(str(person), tag))
        screen = Screen(PatientApp, desk.diary(), 0.0, views=True, route="/help")
        await screen.until(lambda: screen.shows("PIN"))
        seen = [text for text in screen.texts() if "PIN" in text]
        if tag == "ko":
            choose_language(desk.kit, house.ana, "es")
            assert not screen.shows("Cambiar mi PIN")
            from diary_app.ground import live

            live.publish(f"language:{ana}")
            await screen.until(lambda: screen.shows("Cambiar mi PIN"))
            turn.set()
            await done.wait()
        else:
            await turn.wait()
            await screen.settle(0.05)
            done.set()
        seen += [text for text in screen.texts() if "PIN" in text]
        assert screen.apologies() == []
        await screen.close()
        return seen

    async def story() -> tuple[list, list]:
        turn, done = asyncio.Event(), asyncio.Event()
        return await asyncio.gather(
            asyncio.create_task(helped(ana, "ko", turn, done)),
            asyncio.create_task(helped(ben, "en", turn, done)),
        )

    first, second = asyncio.run(story())
    assert first == ["PIN 바꾸기", "Cambiar mi PIN"]
    assert second == ["Change my PIN", "Change my PIN"]
    assert language() == "en"


def test_the_help_page_offers_the_languages_and_keeps_the_choice(
    house: House, tmp_path: Path
) -> None:
    desk: Desk = desk_for(house, tmp_path)

    async def story() -> None:
        speak_with(voice_of(str(house.ana.actor_id), "en"))
        screen = Screen(PatientApp, desk.diary(), 0.0, views=True, route="/help")
        await screen.until(lambda: "language-ko" in set(screen.keys()))
        assert all(screen.shows(name) for name in ("English", "한국어", "Español"))
        await screen.click("language-ko")
        await screen.until(lambda: f"language:{house.ana.actor_id}" in desk.rung)
        assert language() == "ko"
        await screen.close()

    asyncio.run(story())


# Reasons of the rules.


@pytest.mark.parametrize("tag", ["ko", "es"])
def test_every_reason_for_patients_is_told_in_their_language(tag: str) -> None:
    chance = random.Random(11)
    courses = [(each.where, list(each.entries)) for each in EXAMPLES.values()]
    courses += [random_course(chance) for _each in range(150)]
    told = {}
    for context, entries in courses:
        for assessment in assess_course(context, entries):
            for reason in assessment.reasons:
                kept = stored(reason)
                with spoken(tag):
                    told[kept["patient_sentence"]] = patient_words(kept)
    assert len(told) > 300
    same = [english for english, words in told.items() if words[:12] == english[:12]]
    assert same == []


def test_fills_a_reason_with_the_readers_numbers_and_words() -> None:
    kept = reason_of("R4_SITE_ADJUSTED_PLUS_0_5")
    kept["values"] = {"site": "under the arm", "told": "37.6 °C under the arm, which counts as"
                      " 38.1 °C"} | {k: v for k, v in kept["values"].items()
                                     if k not in ("site", "told")}  # fmt: skip
    kept["patient_sentence"] = (
        "Readings under the arm are often too low, so yours counts a little higher:"
        " 37.6 °C under the arm, which counts as 38.1 °C."
    )
    assert patient_words(kept) == kept["patient_sentence"]
    speak("es")
    assert "37,6 °C bajo el brazo, que cuenta como 38,1 °C" in patient_words(kept)
    speak("ko")
    assert "겨드랑이에서 37.6 °C, 38.1 °C로 계산" in patient_words(kept)


def test_a_sentence_that_the_rules_no_longer_say_is_shown_as_it_was_stored() -> None:
    kept = reason_of("R1_BLEEDING") | {"patient_sentence": "You told us about a nosebleed."}
    gone = kept | {"code": "R0_GONE"}
    speak("ko")
    assert patient_words(kept) == "You told us about a nosebleed."
    assert patient_words(gone) == "You told us about a nosebleed."


def test_puts_pieces_of_reasons_together_by_the_language() -> None:
    speak("es")
    assert phrase("3 days after the step from 100 to 200.5 mg") == (
        "3 días después de pasar de 100 a 200,5 mg"
    )
    assert phrase("mouth sores and eye or genital sores and fever") == (
        "llagas en la boca, llagas en los ojos o los genitales y fiebre"
    )
    assert phrase(", itch 4 of 10, shopping, cooking or housework limited") == (
        ", picor 4 de 10, comprar, cocinar o las tareas de la casa con dificultad"
    )
    with pytest.raises(LookupError):
        phrase("a purple dragon")


def test_says_when_to_call_in_the_readers_language() -> None:
    def if_(words: str) -> Counterfactual:
        return Counterfactual((Change("x", 0, 1),), Level.URGENT, "", words, 1.0)

    nearest = Counterfactuals((if_("your temperature reaches 38.0 °C"), if_("you notice hives")))
    assert call_if_words(nearest) == nearest.advice
    speak("es")
    assert call_if_words(nearest) == (
        "Llame de inmediato si su temperatura llega a 38,0 °C o nota ronchas."
    )
    speak("ko")
    assert "체온이 38.0 °C 이상 또는 다음 증상: 두드러기" in call_if_words(nearest)


# Days, numbers, counts.


def test_writes_days_and_numbers_as_the_reader_does() -> None:
    day = date(2026, 3, 2)
    assert (day_words(day), milligrams(7.5)) == ("Monday, March 2", "7.5 mg")
    speak("ko")
    assert (day_words(day, year=True), milligrams(7.5)) == ("2026년 3월 2일 월요일", "7.5 mg")
    speak("es")
    assert (day_words(day), milligrams(7.5)) == ("lunes, 2 de marzo", "7,5 mg")
    assert "37,2" in read_temperature("abc", "C").problem
    assert read_temperature("38,2", "C").value == read_temperature("38.2", "C").value == 38.2


def test_an_untranslated_sentence_and_count_stay_english() -> None:
    speak("es")
    assert _("") == ""
    assert _("Nobody ever wrote this.") == "Nobody ever wrote this."
    assert [_n("{count} zebra", "{count} zebras", n) for n in (1, 2)] == [
        "{count} zebra", "{count} zebras",
    ]  # fmt: skip


def test_prefers_what_the_browser_weighs_most() -> None:
    assert best_of("fr-CH, ko;q=0.4, es-MX;q=0.8") == "es"
    assert best_of("") == best_of("de, ko;q=0") == "en"


# Words that leave the system.


def test_a_reminder_is_in_the_patients_language() -> None:
    message = reminder_message(
        to="ana@example.org",
        message_id="<1@diary>",
        text="entry",
        link="https://diary.example/",
        light_link="https://diary.example/now",
        now=datetime(2026, 3, 2, tzinfo=UTC),
        language="ko",
        say=lambda sentence: in_language("ko", sentence),
    )
    assert message.subject == "일기가 오늘의 기록을 기다리고 있습니다."
    assert "열기: https://diary.example/" in message.text
    assert '<html lang="ko">' in message.html


# Letters.


def test_every_syllable_of_hangul_has_its_slice() -> None:
    syllables = "".join(map(chr, range(0xAC00, 0xD7A4)))
    assert all(slices_of(letter) for letter in syllables)
    for number in slices_of(syllables):
        assert font_file(FOLDER, FAMILY, f"PbyxFmXi.{number}.woff2") is not None
    assert font_file(FOLDER, FAMILY, "PbyxFmXi.999.woff2") is None
    assert truetype_for("plain words, 38.2 °C") == {}
    assert all(font[:4] == b"\0\1\0\0" for font in truetype_for("발진").values())
