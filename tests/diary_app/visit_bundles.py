"""Synthetic periods for the figure, the report and the tables, and the course of Hwang 2010.

The published course (Hwang JE et al., BMC Cancer 2010;10:438) gives doses, symptoms and
laboratory values; the calendar dates, names and times here are made up.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from uuid import UUID

from PIL import Image

from diary_app.exports.bundle import (
    AlertLine,
    EntryLine,
    LabLine,
    PhotoLine,
    PlanStepLine,
    QuestionLine,
    ReasonLine,
    VisitBundle,
)

DAY_0 = date(2009, 1, 12)
RULES = "2026.1"


def day(number: int) -> date:
    return DAY_0 + timedelta(days=number)


def at(on: date, hour: int = 18) -> datetime:
    return datetime.combine(on, time(hour), tzinfo=UTC)


def step(
    on: date, mg: float, every: int = 1, prednisolone: float | None = None, reason: str = ""
) -> PlanStepLine:
    return PlanStepLine(on, mg, every, prednisolone, reason, "Dr Synthetic")


def entry(
    number: int,
    on: date,
    *,
    grades: Mapping[str, int] | None = None,
    level: str | None = "none",
    reasons: tuple[ReasonLine, ...] = (),
    day_since_step: int | None = None,
    v6: int | None = None,
    extent: float | None = None,
    **answers: object,
) -> EntryLine:
    temperature = answers.get("temperature_value")
    return EntryLine(
        id=UUID(int=number + 1),
        version=1,
        kind="full",
        author="patient",
        diary_on=on,
        local_time="19:30",
        received_at=at(on),
        answers=answers,
        temperature_celsius=float(temperature) if isinstance(temperature, int | float) else None,
        extent_percent=extent,
        level=level,
        grades=grades or {},
        v6_rash_maculopapular=v6,
        reasons=reasons,
        rules_version=RULES,
        day_since_step=day_since_step,
    )


def reason(code: str, level: str, sentence: str) -> ReasonLine:
    return ReasonLine(code, level, sentence, "clinic rules")


def alert(code: str, level: str, on: date, *, outcome: str | None = None) -> AlertLine:
    return AlertLine(
        code=code,
        level=level,
        state="open" if outcome is None else "closed",
        raised_at=at(on, 9),
        acknowledged_at=None if outcome is None else at(on, 10),
        acknowledged_by=None if outcome is None else "Nurse Synthetic",
        closed_at=None if outcome is None else at(on, 12),
        outcome=outcome,
        reason_codes=("R5_RASH_G3_LIKE",),
    )


def picture(width: int = 320, height: int = 240, tint: int = 0) -> bytes:
    kept = BytesIO()
    image = Image.effect_noise((width, height), 60).convert("RGB")
    Image.blend(image, Image.new("RGB", image.size, (220, 150 - tint, 140)), 0.7).save(
        kept, "JPEG", quality=78
    )
    return kept.getvalue()


def photo(number: int, on: date, region: str | None, description: str) -> PhotoLine:
    small = picture(tint=number * 5)
    return PhotoLine(
        UUID(int=900 + number), UUID(int=number), on, region, description, small, small
    )


def question(number: int, words: str) -> QuestionLine:
    return QuestionLine(UUID(int=700 + number), words, at(day(number)))


def bundle(
    first_on: date,
    last_on: date,
    *,
    plan: tuple[PlanStepLine, ...] = (),
    entries: tuple[EntryLine, ...] = (),
    labs: tuple[LabLine, ...] = (),
    alerts: tuple[AlertLine, ...] = (),
    photos: tuple[PhotoLine, ...] = (),
) -> VisitBundle:
    return VisitBundle(
        clinic_name="Synthetic Sarcoma Clinic",
        clinic_phone="+82 2 000 0000",
        patient_code="P-0042",
        patient_name="Min-jun Example",
        born_on=date(1938, 3, 2),
        time_zone="Asia/Seoul",
        first_on=first_on,
        last_on=last_on,
        made_at=at(last_on, 8),
        made_by="Dr Synthetic",
        plan=plan,
        entries=entries,
        labs=labs,
        alerts=alerts,
        photos=photos,
        rules_version=RULES,
    )


def empty() -> VisitBundle:
    return bundle(DAY_0, day(6))


def hwang() -> VisitBundle:
    """The first course at 400 mg, the stop, the re-challenge and the recurrence at 200 mg."""
    plan = (
        step(day(0), 400, reason="unresectable GIST"),
        step(day(90), 0, prednisolone=30, reason="exfoliative dermatitis, febrile neutropenia"),
        step(day(120), 100, every=2, prednisolone=0, reason="skin healed"),
        step(day(127), 100, prednisolone=0),
        step(day(141), 200, prednisolone=0),
        step(day(146), 0, prednisolone=30, reason="recurrence"),
    )
    quiet = {"itch_nrs": 0, "bsa_percent": 0.0, "morphology": [], "red_flags": [], "adl": "none"}
    calm = {"pruritus": 0, "rash": 0, "fever": 0}
    nothing = (reason("NO_CRITERIA_MET", "none", "No criterion met."),)
    puffy = {"pruritus": 1, "rash": 0, "fever": 0, "periorbital_edema": 1}
    itchy = (reason("R6_PRURITUS_G1", "digest", "Itch, estimated grade 1."),)
    entries = [
        entry(
            number,
            day(number),
            grades=puffy,
            level="digest",
            reasons=itchy,
            extent=0.0,
            day_since_step=number,
            temperature_value=celsius,
            imatinib_mg_taken=400.0,
            imatinib_mg_prescribed=400.0,
            **{**quiet, "itch_nrs": 2, "periorbital": "soft"},
        )
        for number, celsius in ((28, 36.7), (56, 36.8))
    ]
    entries.append(
        entry(
            90,
            day(90),
            grades={
                "pruritus": 2,
                "rash_maculopapular": 3,
                "rash": 3,
                "fever": 1,
                "mucositis": 0,
                "periorbital_edema": 3,
                "diarrhea": 1,
                "fatigue": 2,
            },
            level="urgent",
            reasons=(
                reason("R1_VISUAL_DISTURBANCE", "urgent", "Sight blurred, double or lost."),
                reason("R4_TEMP_GE_38_3", "urgent", "Temperature 38.6 degrees C, 38.3 or higher."),
                reason("R5_EXTENT_GT_30_PERCENT", "urgent", "Rash on more than 30 % of the skin."),
            ),
            extent=31.0,
            v6=3,
            day_since_step=90,
            temperature_value=38.6,
            temperature_text="38,6",
            temperature_unit="C",
            itch_nrs=5,
            generalized=True,
            morphology=["macules_papules", "scaling_dry"],
            red_flags=["visual_disturbance"],
            adl="self_care",
            adl_due_to=["skin", "eyes"],
            periorbital="cannot_open_or_vision",
            mouth="none",
            stools_over_baseline=2,
            fatigue="not_relieved",
            words="Cannot open my eyes since this morning.",
        )
    )
    doses = ((121, 0, 0), (122, 100, 100), (126, 100, 100), (134, 100, 100), (141, 200, 200))
    doses = (*doses, (142, 200, 200), (144, 200, 200))
    entries += [
        entry(
            number,
            day(number),
            grades=calm,
            reasons=nothing,
            extent=0.0,
            day_since_step=number - (141 if number >= 141 else 127 if number >= 127 else 120),
            temperature_value=36.6,
            imatinib_mg_taken=float(taken),
            imatinib_mg_prescribed=float(planned),
            **quiet,
        )
        for number, taken, planned in doses
    ]
    entries.append(
        entry(
            145,
            day(145),
            grades={
                "pruritus": 1,
                "rash_maculopapular": 1,
                "rash": 1,
                "fever": 0,
                "periorbital_edema": 2,
            },
            level="urgent",
            reasons=(
                reason(
                    "R8_RECURRENCE_AFTER_STEP_UP_MAJOR",
                    "urgent",
                    "Signs of recurrence 4 days after 100 -> 200 mg.",
                ),
            ),
            day_since_step=4,
            temperature_value=36.9,
            itch_nrs=3,
            rash_present=True,
            morphology=["scaling_dry"],
            red_flags=[],
            adl="none",
            periorbital="firm_or_pitting",
            imatinib_mg_taken=200.0,
            imatinib_mg_prescribed=200.0,
        )
    )
    labs = tuple(
        LabLine(day(on), name, value, unit, low, high)
        for on, name, value, unit, low, high in (
            (90, "anc", 0.15, "e9/L", 1.5, None),
            (90, "eosinophils", 1.25, "e9/L", None, 0.5),
            (90, "alt", 161.0, "U/L", None, 43.0),
            (90, "ast", 66.0, "U/L", None, 38.0),
            (90, "bilirubin", 3.9, "mg/dL", None, 1.3),
            (90, "creatinine", 1.4, "mg/dL", None, 1.3),
            (90, "ldh", 498.0, "U/L", None, 472.0),
            (145, "ast", 89.0, "U/L", None, 38.0),
            (145, "alt", 133.0, "U/L", None, 43.0),
            (145, "ldh", 941.0, "U/L", None, 472.0),
            (200, "imatinib_trough", 331.0, "ng/mL", None, None),
        )
    )
    return bundle(
        DAY_0,
        day(150),
        plan=plan,
        entries=tuple(entries),
        labs=labs[:-1],
        alerts=(
            alert("K7Q-4T", "urgent", day(90), outcome="sent_to_emergency"),
            alert("M2X-9R", "urgent", day(145), outcome="dose_held"),
            alert("B4T-6W", "prompt", day(146)),
        ),
        photos=(
            photo(90, day(90), "face_front", "Face and neck"),
            photo(145, day(145), None, "Left arm, new scales"),
        ),
    )


def daily(days: int, photos: int = 0) -> VisitBundle:
    """Daily entries with a step up every quarter, a rash wave after each and some silent days."""
    first_on = date(2025, 2, 3)
    plan = [step(first_on - timedelta(days=30), 0, prednisolone=30, reason="rash, grade 3")]
    ladder = ((100, 2, 30.0), (100, 1, 20.0), (200, 1, 10.0), (300, 1, 5.0), (400, 1, 0.0))
    quarter = max(1, days // len(ladder))
    for number, (mg, every, steroid) in enumerate(ladder):
        on = first_on + timedelta(days=number * quarter)
        plan.append(step(on, mg, every, steroid, reason="stepwise reintroduction"))
    entries = []
    for number in range(days):
        on = first_on + timedelta(days=number)
        if number % 17 in {11, 12}:
            continue
        since = number % quarter
        mg, every, steroid = ladder[min(number // quarter, len(ladder) - 1)]
        wave = max(0, 4 - abs(since - 6) // 2)
        grade = min(3, (wave + 1) // 2)
        planned = float(mg) if since % every == 0 else 0.0
        entries.append(
            entry(
                number,
                on,
                grades={"rash": grade, "pruritus": grade, "fever": 0, "fatigue": 1},
                level=("none", "digest", "prompt", "urgent")[grade],
                reasons=(reason(f"R5_RASH_G{grade}", "digest", f"Rash, estimated grade {grade}."),),
                extent=float(grade * 12),
                day_since_step=since,
                temperature_value=36.4 + (number % 5) / 10 + grade * 0.45,
                itch_nrs=min(10, wave * 2),
                morphology=["macules_papules"] if grade else [],
                red_flags=[],
                bsa_percent=float(grade * 12),
                imatinib_mg_taken=0.0 if number % 29 == 8 else planned,
                imatinib_mg_prescribed=planned,
                prednisolone_mg_taken=steroid,
                prednisolone_mg_prescribed=steroid,
                words="Slept badly, itching on both arms." if number % 40 == 6 else "",
            )
        )
    last_on = first_on + timedelta(days=days - 1)
    raised = [
        alert(f"A{number:02d}-TS", line.level or "", line.diary_on, outcome="advice")
        for number, line in enumerate(entries)
        if line.level in {"prompt", "urgent"} and line.day_since_step in {2, 4}
    ]
    made = bundle(
        first_on,
        last_on,
        plan=tuple(plan),
        entries=tuple(entries),
        alerts=tuple(raised),
        photos=tuple(
            photo(number, first_on + timedelta(days=number), "chest", f"Photo {number + 1}")
            for number in range(photos)
        ),
    )
    return replace(made, patient_code="P-0100")
