"""What an entry means: estimated grades, how soon a person must know, and why.

A pure floor. Everything comes in as an argument and goes out as a frozen value: no clock, no
database, no settings, no logs, so the same rules run at the clinic and on the patient's phone,
and a stored entry can be graded again under other rules.

    terms, limits      levels, words, ranges, comparisons with a tolerance
    course             one patient's context and entries, as told
    rules              every tunable threshold, as data with a version
    thermometer, temperature, rash, rash_alert,         one clinical idea each: its grade, its
    pruritus, symptoms, labs, neutropenic_fever,        reasons, its source
    red_flags, recurrence, doses, silence
    windows            days after a start, a step up, or less steroid
    reasons, level     why, in words for the nurse and for the patient; how soon
    case, catalogue    one entry beside everything it is compared with; all reason codes
    assess             the one way in: an entry and what came before, to an Assessment
    vignette(_fields)  the same for the vignette files of tests and of ``diary grade``
    body_surface       a body map or handprints, to percent of the skin

Two numbers, never one: a grade says how bad, a level says how soon. Grades are estimates from
what a patient can observe, in the words of CTCAE 5.0; a clinician assigns grades. Unknown is
never normal: a field that was not asked gives no grade. ``docs/rules.md`` lists every clause
with its function and its test.
"""
