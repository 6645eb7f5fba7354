"""A claim about the program: a part of a whole, as far as the viewer may know it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from longevity.stats.comparison import Comparison, compare
from longevity.text import change_wording, wording
from longevity.text.claims.change_fit import CLEAR, is_number_match
from longevity.text.claims.form import NOUNS, Amount, Size, Way
from longevity.text.claims.verdict import ClaimAnswer, Verdict

LUMPED = "The other {} did not come, or it is not known: the public table does not say which."
INSIDE = "Not for release: the public tables do not hold this count."
# Each, with how many and of how many put in.
SENTENCES = {
    "attendance": "{part} of {whole} people reached are known to have come to a call-in",
    "services": "{part} of {whole} people at a call-in began a service within 30 days",
    "follow_up_30": "enforcement followed within 30 days in {part} of {whole} cases",
    "follow_up_60": "enforcement followed within 60 days in {part} of {whole} cases",
    "follow_up_90": "enforcement followed within 90 days in {part} of {whole} cases",
    "stopped": "{part} of {whole} groups with notice had stopped shooting for a year",
    "met_home": "{part} of {whole} people coming home were met within {hours} hours",
    "money": "${part} of ${whole} allocated were spent",
}


@dataclass(frozen=True)
class Tally:
    """How many of how many, and of how many of these it is not known.

    `days` says which time it is of, as the words of a sentence; `is_public` whether anybody may
    know it; `hours` within how many it had to be, where the configuration says that.
    """

    part: int
    whole: int
    unknown: int = 0
    days: str = ""
    is_public: bool = False
    hours: int | None = None


def evaluate_program(
    what: str, place: str, now: Tally, says_size: Size, least_base: int
) -> ClaimAnswer:
    """Hold a number or a share against how many it is, whatever is unknown."""
    text = _describe(what, place, now)
    reading = f"{NOUNS[what]} in {place}, {now.days}: {says_size}."
    if not now.whole:
        why = "There was nothing of that to count, so there is no share."
        return ClaimAnswer(Verdict.CANNOT, reading, why)
    counts = range(now.part, now.part + now.unknown + 1)
    fits = {_is_match(says_size, count, now.whole) for count in counts}
    share = wording.format_share(now.part, now.whole, least_base)
    figures = pd.DataFrame(
        [{"Count": now.part, "Of": now.whole, "Not known": now.unknown, "Share": share}]
    )
    why = f"{wording.start_sentence(text)} ({share})."
    if now.unknown:
        rest = wording.format_number(now.unknown)
        why = (
            f"{why} {LUMPED.format(rest) if now.is_public else f'Of {rest} more it is not known.'}"
        )
    verdict = Verdict.SUPPORTED if True in fits else Verdict.NOT_SUPPORTED
    if len(fits) > 1:
        verdict = Verdict.CANNOT
    return _keep_inside(ClaimAnswer(verdict, reading, why, why, figures), now)


def _is_match(size: Size, part: int, whole: int) -> bool:
    if size.amount is Amount.OF:
        return (part, whole) == (size.value, size.other)
    if size.amount is Amount.PERCENT:
        observed = 100 * part / whole
        rounds = abs(observed - size.value) <= 0.5 * 10.0**-size.decimals + 1e-9
        return rounds if size.bound == "exactly" else is_number_match(size, observed)
    return is_number_match(size, part)


def evaluate_program_change(
    what: str, place: str, now: Tally, before: Tally, way: Way, least_base: int
) -> ClaimAnswer:
    """Hold a rise or fall of a share against two times, at the worst of what is unknown."""
    reading = f"{NOUNS[what]} in {place}, {now.days}, {way} from {before.days}."
    rising = way is Way.UP
    comparison = compare(
        now.part + (0 if rising else now.unknown),
        before.part + (before.unknown if rising else 0),
        float(now.whole),
        float(before.whole),
    )
    if not now.whole or not before.whole:
        why = "One of the two times has nothing to count."
        return ClaimAnswer(Verdict.CANNOT, reading, why)
    figures = pd.DataFrame(
        [
            {
                "When": one.days,
                "Count": one.part,
                "Of": one.whole,
                "Not known": one.unknown,
                "Share": wording.format_share(one.part, one.whole, least_base),
            }
            for one in (now, before)
        ]
    )
    verdict, why = _choose_verdict(way, comparison, now, before)
    interval = change_wording.format_interval(comparison)
    remarks = (f"The share is {interval} (95% interval).",) if interval else ()
    safe = (
        f"{wording.start_sentence(_describe(what, place, now))}; {before.days} it was "
        f"{wording.format_number(before.part)} of {wording.format_number(before.whole)}."
    )
    return _keep_inside(ClaimAnswer(verdict, reading, why, safe, figures, remarks), now)


def _keep_inside(answer: ClaimAnswer, tally: Tally) -> ClaimAnswer:
    """Leave out what would be safe to say where the counts are not in the public tables."""
    if tally.is_public:
        return answer
    return replace(answer, safe="", remarks=(*answer.remarks, INSIDE))


def _choose_verdict(
    way: Way, comparison: Comparison, now: Tally, before: Tally
) -> tuple[Verdict, str]:
    sign = 1 if way is Way.UP else -1
    if sign * (now.part * before.whole - before.part * now.whole) <= 0:
        return Verdict.NOT_SUPPORTED, "The share did not go that way."
    if comparison.outcome is CLEAR[way]:
        return Verdict.SUPPORTED, "The share did, by more than chance would explain."
    unknown = now.unknown + before.unknown
    if sign * (comparison.difference or 0) <= 0:
        return Verdict.CANNOT, (
            f"The {wording.format_number(unknown)} of whom it is not known could turn it round."
        )
    of_them = (
        f", or the {wording.format_number(unknown)} of whom it is not known," if unknown else ""
    )
    return Verdict.BY_COUNT, f"The share did; chance{of_them} could explain the difference."


def _describe(what: str, place: str, tally: Tally) -> str:
    sentence = SENTENCES[what].format(
        part=f"{tally.part:,}", whole=f"{tally.whole:,}", hours=tally.hours
    )
    return f"{sentence} in {place}, {tally.days}"
