"""The words of a claim's answer: how it was read, why, what is safe to say, and what is so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from longevity.claims.form import NOUNS, PROGRAM, STATE, Base, Way, require_part
from longevity.claims.question import Question
from longevity.claims.verdict import ClaimAnswer, Fit, Held, Tally, Verdict
from longevity.claims.when import ALL, LAUNCH
from longevity.findings import change_wording, places
from longevity.findings.finding import Finding
from longevity.measures import wording
from longevity.measures.say import say
from longevity.stats import rates
from longevity.stats.comparison import Comparison, Outcome

BEYOND = "That is more than chance alone would explain."
CHANCE = f"{wording.start_sentence(change_wording.BY_CHANCE)}."
NOTES = {BEYOND: "more than chance would explain", CHANCE: "chance alone could explain it", "": ""}
TESTED_ON = "Chance is tested on incidents, for several people can be shot in one."
SYNTHETIC = "SYNTHETIC demonstration data, not to be quoted: "
SO_FAR = " Late records may still raise this count."
ACCEPTED = "An error in these data was accepted when they were published."
NOT_WHY = "Before and after do not tell why: a difference is not the effect of the program."
RANK_IS_NO_TEST = "A rank says nothing about chance: the figures are next to it."
RESIDENTS = "Residents are those who live there; who works in or visits a place is not counted."
BY_COUNT = "How many live in each place is not known, so the counts are compared, not rates."
LUMPED = "The other {} did not come, or it is not known: the public table does not say which."
INSIDE = "Not for release: the public tables do not hold this count."
PROVISIONAL = (
    "The newest weeks are still being entered and usually grow; the count is of what was recorded."
)
MAY_DIE = (
    "Some of those wounded in these days may still die; of earlier years most deaths are recorded."
)
NOT_COUNTED = "Accidents, suicides, self-defence and shootings by police are not counted."
MOST_NAMED = 6
ORDER = (Verdict.NOT_SUPPORTED, Verdict.CANNOT, Verdict.DEPENDS, Verdict.BY_COUNT)


# --- every answer ------------------------------------------------------------------------


def answer(
    question: Question,
    verdict: Verdict,
    held: Sequence[Held] = (),
    safe: str = "",
    *,
    why: str = "",
    against: str = "",
    remarks: Sequence[str] = (),
    truths: Sequence[str] = (),
) -> ClaimAnswer:
    """Answer what was read: why is how it fares against each it is held against, if not `why`.

    `against`: what that is, in the words of the reading; without `held` there is nothing to say.
    """
    form = question.form
    period = "so far" if form.when.code == ALL else wording.format_period(*question.span)
    says = form.says.code.removeprefix("exactly ")
    says = re.sub("[0-9]{4,}", lambda number: f"{int(number[0]):,}", says)
    read = f"{NOUNS[form.what]} in {question.name_place(form.where)}, {period}: {says}"
    is_counted = not (held and held[0].address)
    is_said = is_counted and (verdict is not Verdict.CANNOT or safe)
    return ClaimAnswer(
        verdict,
        f"{read}{f', against {against}' if against else ''}.",
        why or explain(held),
        _mark_safe(safe, question) if is_counted and safe else safe,
        tabulate(held),
        (*(_list_remarks(question) if is_said else ()), *remarks),
        tuple(dict.fromkeys(case.address for case in held if case.address)),
        is_counted,
        truths=tuple(truths),
        meant=say("claim.meant", noun=NOUNS[form.what], counts=held[0].summary) if held else "",
    )


def explain(held: Sequence[Held], by: str = "Against") -> str:
    """Write "Against last year: it holds (60 against 100 in the same days of 2023).", by fit."""
    parts = []
    for fit in dict.fromkeys(case.fit for case in held if case.fit is not Fit.MISSING):
        group = [case for case in held if case.fit is fit]
        names = wording.join_phrases([*dict.fromkeys(case.name for case in group)])
        names = f"all {len(group)} others" if len(group) > MOST_NAMED else names
        counts = group[0].counts if fit is Fit.EQUAL else group[0].summary
        text = group[0].text
        fits = f"; {text.interval} fits them" if text and text.interval and fit is Fit.OPEN else ""
        parts.append(f"{by} {names}: {fit.value} ({counts}{fits}).")
    return " ".join(parts)


def _mark_safe(text: str, question: Question) -> str:
    """Add to a safe wording that it may still grow, and that it is a demonstration."""
    start, until = question.span
    is_short = question.form.what not in PROGRAM and (until - start).days < 32
    # Of so few days what is recorded late can be much.
    late = SO_FAR if is_short and question.is_provisional else ""
    mark = SYNTHETIC if question.evidence.synthetic else ""
    return f"{mark}{f'{text} {_describe_unlocated(question)}'.strip()}{late}"


def _list_remarks(question: Question) -> Iterator[str]:
    """Say what to know with any answer about these counts."""
    what, is_new = question.form.what, question.is_provisional
    remarks = {
        PROVISIONAL: is_new,
        MAY_DIE: is_new and what in ("fatal", "homicides"),
        NOT_COUNTED: what != "incidents",
        _describe_unlocated(question): True,
    }
    is_of_record = question.form.where != STATE and what not in PROGRAM
    yield from (text for text, is_said in remarks.items() if text and is_said and is_of_record)


def _describe_unlocated(question: Question) -> str:
    """Say how many more there were of whom the neighbourhood is not known, or nothing."""
    unlocated = question.count_unlocated()
    city = question.evidence.names.cities.get(question.form.city)
    more = f"{unlocated:,} more in {city} could not be placed in any neighbourhood."
    return more if unlocated else ""


def join_answers(answers: Sequence[ClaimAnswer], errors: Sequence[str]) -> ClaimAnswer:
    """Make one answer of several: it is so where all of them are. `errors`: that were accepted."""
    verdicts = [answer.verdict for answer in answers]
    verdict = next((verdict for verdict in ORDER if verdict in verdicts), Verdict.SUPPORTED)
    shown = [answer for answer in answers if answer.verdict is verdict][:3]
    readings = [answer.reading for answer in answers if answer.reading]
    ends = readings if len(readings) < 4 else [*readings[:2], f"… {readings[-1]}"]
    safe = " ".join(answer.safe for answer in shown if answer.safe)
    mark = SYNTHETIC if SYNTHETIC in safe else ""

    def gather(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for answer in answers for text in getattr(answer, name)))

    return ClaimAnswer(
        verdict,
        f"Read as: {' And: '.join(ends)}" if ends else "",
        " ".join(dict.fromkeys(answer.why for answer in shown)),
        f"{mark}{safe.replace(SYNTHETIC, '')}{f' {ACCEPTED}' if safe and errors else ''}",
        pd.concat([answer.figures for answer in answers], ignore_index=True),
        gather("remarks"),
        gather("sources"),
        any(answer.from_release for answer in answers),
        tuple(errors),
        shown[0].truths,
        shown[0].meant,
    )


def tabulate(held: Sequence[Held]) -> pd.DataFrame:
    """Return the figures of an answer, a row for each thing it is held against."""
    rows = []
    for case in held:
        days = case.finding.against.days if case.finding else case.name
        # Of "2023, the same days of 2023" the longer says both.
        longer = max(case.name, days, key=len)
        is_one = case.name in days or days in case.name
        is_known = case.fit not in (Fit.MISSING, Fit.UNKNOWN)
        holds = "holds" if case.fit is Fit.HOLDS else "does not hold"
        row = {
            "Against": longer if is_one else f"{case.name}, {days}",
            "The claim": holds if is_known else "not known",
            # Its days are in the first column, which is wide on a phone too.
            "Counts": case.counts.removesuffix(f" in {days}"),
        }
        if case.finding:
            cells = change_wording.list_cells(case.finding)
            row["In percent"] = cells["In percent"]
            row |= {"Interval (95%)": cells["Interval"], "Change": cells["Change"]}
        rows.append(row | ({"Source url": case.address} if case.address else {}))
    return pd.DataFrame(rows).fillna("")


def _say_truth(sentence: str, question: Question, **facts: Any) -> str:
    """Say what is so of the measure, place and time of a claim, in words that are read back."""
    place = question.name_place(question.form.where)
    during = wording.format_during(*question.span)
    usual = {"noun": NOUNS[question.form.what], "place": place, "during": during}
    return say(f"claim.{sentence}", usual, **facts)


# --- a number, or a share ----------------------------------------------------------------


def write_number(
    question: Question, verdict: Verdict, held: Sequence[Held], first: Tally
) -> ClaimAnswer:
    """Answer a claim of a number or a share: by each source, how many it is."""
    form = question.form
    if form.what in PROGRAM:
        return _write_program(question, verdict, held, first)
    whole = ""
    if first.whole is not None:
        of_people = form.against.place == "victims"
        place = "" if of_people else question.name_place(form.against.place or STATE)
        whole = "all people shot there" if of_people else f"in all of {place}"
    of = f", of {first.whole:,} {whole.removeprefix('all ')}" if whole else ""
    source = ", by a published figure" if first.address else ""
    others = dict.fromkeys(f"{o.counts} by {o.name}" for o in held if o.count != first.part)
    rest = f"; {wording.join_phrases([*others])}" if others else ""
    # "0 people were shot in …" would be quoted without the others.
    is_safe = first.part or not first.unknown
    return answer(
        question,
        verdict,
        held,
        f"{_describe_count(question, first.part)}{of}{source}{rest}." if is_safe else "",
        why=f"{explain(held, 'By')} {_describe_unlocated(question)}".strip(),
        against=whole.removeprefix("in "),
        truths=[_say_true_number(question, first)],
    )


def _say_true_number(question: Question, tally: Tally) -> str:
    """Say the number, or the least that it is where the neighbourhood of some is not known."""
    what, place = question.form.what, question.form.against.place
    if tally.whole is None:
        clause = say(f"{what}.clause", n=tally.part)
        return _say_truth("counted", question, clause=clause, least=tally.unknown > 0)
    of = "" if place == "victims" else question.name_place(place or STATE)
    end = "died" if what == "fatal" else "survived"
    return _say_truth("share", question, part=tally.part, whole=tally.whole, of=of, end=end)


def _write_program(
    question: Question, verdict: Verdict, held: Sequence[Held], tally: Tally
) -> ClaimAnswer:
    """Answer a claim of what the program counts, which may not be for release."""
    part, whole = f"{tally.part:,}", f"{tally.whole or 0:,}"
    sentence = PROGRAM[question.form.what]["sentence"]
    sentence = sentence.format(part=part, whole=whole, hours=tally.hours)
    share = wording.format_share(tally.part, tally.whole or 0, question.evidence.least_base)
    where = question.name_place(question.form.where)
    why = f"{wording.start_sentence(sentence)} in {where}, {tally.days} ({share})."
    if tally.unknown:
        more = LUMPED if tally.is_public else "Of {} more it is not known."
        why += f" {more.format(f'{tally.unknown:,}')}"
    safe, remarks = (why, ()) if tally.is_public else ("", (INSIDE,))
    return answer(question, verdict, held, safe, why=why, remarks=remarks)


def _describe_count(question: Question, count: int) -> str:
    """Return "36 people were shot in A from January 1 to November 21, 2026"."""
    clause = say(f"{question.form.what}.clause", n=count)
    place = question.name_place(question.form.where)
    return f"{clause} in {place} {wording.format_during(*question.span)}"


# --- a change, or another place ----------------------------------------------------------


def write_change(question: Question, verdict: Verdict, held: Sequence[Held]) -> ClaimAnswer:
    """Answer a claim of a change, or of one place against another."""
    form = question.form
    known = [case for case in held if case.fit is not Fit.MISSING]
    findings = [require_part(case.finding) for case in known]
    remarks = [TESTED_ON] if form.what == "victims" else []
    if form.against.is_place:
        places = (form.where, form.against.place)
        people = [question.evidence.residents.get(place, 0) for place in places]
        numbers = wording.join_words([f"{number:,}" for number in people])
        remarks.append(f"Residents: {numbers}. {RESIDENTS}" if all(people) else BY_COUNT)
    elif not findings[0].against.is_alike:
        remarks.append("The two times are not as long, so daily rates are compared.")
    if form.against.base is Base.PROGRAM or form.when.code == LAUNCH:
        remarks.append(NOT_WHY)
    # Of two places the rate is what is safe to say, where it is known.
    is_rate = findings[-1].against.exposures
    shown = findings[-1:] if is_rate else findings[: None if verdict is Verdict.DEPENDS else 1]
    now = _describe_count(question, require_part(findings[0].tested.current))
    chances = [describe_chance(finding.tested) for finding in shown]
    is_one = len({*chances}) == 1
    notes = ["" if is_one else NOTES[chance] for chance in chances]
    differences = wording.join_phrases([*map(_describe_difference, shown, notes)])
    end = chances[0] if is_one else ""
    end = end.replace("the difference", "each difference") if len(shown) > 1 else end
    return answer(
        question,
        verdict,
        held,
        f"{now}{', and' if is_rate else ':'} {differences}. {end}".rstrip(),
        why=explain(held),
        against=_name_against(question, held),
        remarks=remarks,
        truths=[text for finding in findings for text in _list_true_changes(question, finding)],
    )


def _name_against(question: Question, held: Sequence[Held]) -> str:
    """Name what a change is held against: "each of last year and …", "the same days of 2025"."""
    names = wording.join_words([case.name for case in held])
    if question.form.against.base is Base.EACH:
        return f"each of {names}"
    earlier = require_part(held[0].finding).against
    if len(held) == 1 and earlier.is_alike:
        return earlier.days + (" on average" if len(earlier.windows) > 1 else "")
    return names


def _describe_difference(finding: Finding, note: str) -> str:
    """Return "12 fewer than in the same days of 2025 (−25%)", never a percentage too small.

    Of rates: "23 in the 59 days from …, by the day 54% fewer", "82 in B: 70.4 against 69.1 per
    100,000 residents a year".
    """
    text, against = change_wording.describe_finding(finding), finding.against
    years = (finding.window[1] - finding.window[0]).days / rates.YEAR
    counts = (finding.tested.current or 0, finding.tested.previous or 0)
    people = zip(counts, against.exposures or (), strict=False)
    return say(
        "claim.difference",
        difference=text.difference,
        percent=text.percentage if finding.difference else "",
        days=against.days,
        before=counts[1],
        note=note,
        rates=[f"{count * rates.PER / of / years:.1f}" for count, of in people],
        per=rates.PER,
        is_alike=against.is_alike,
        is_mean=len(against.windows) > 1,
    )


def describe_chance(comparison: Comparison) -> str:
    """Say whether it is more than chance, as a sentence; empty where nothing differs."""
    if comparison.difference in (0, None) or comparison.outcome is Outcome.UNKNOWN:
        return ""
    return CHANCE if comparison.outcome is Outcome.UNCLEAR else BEYOND


def _list_true_changes(question: Question, finding: Finding) -> Iterator[str]:
    """Yield a change that is clear, with its size and without; else both counts, or what is not."""
    against, is_place = finding.against, question.form.against.is_place
    is_one = len(against.windows) == 1
    earlier = against.days if is_one and against.is_alike else against.name
    if finding.direction and is_place:
        sentence = "per_resident" if against.exposures else "two_places"
        way = "more" if finding.direction > 0 else "fewer"
        yield _say_truth(sentence, question, way=way, other=against.days)
    elif finding.direction:
        percent = change_wording.describe_finding(finding).percentage or ""
        facts = {"way": "up" if finding.direction > 0 else "down", "against": earlier}
        for size in dict.fromkeys((percent.strip("+−"), "")):
            yield _say_truth("changed", question, percent=size, **facts)
    if is_one:
        yield _say_two_counts(question, finding)
    if not is_place:
        way = "down" if (finding.difference or 0) > 0 else "up"
        yield _say_truth("unchanged", question, way=way, against=earlier)


def _say_two_counts(question: Question, finding: Finding) -> str:
    (span,), clause = finding.against.windows, say(f"{finding.measure}.clause", n=finding.now)
    is_time = span != question.span
    other = wording.format_during(*span) if is_time else f"in {finding.against.days}"
    before = finding.tested.previous
    return _say_truth("two_counts", question, clause=clause, before=before, other=other)


# --- a rank ------------------------------------------------------------------------------


def write_rank(
    question: Question, verdict: Verdict, why: str, own: Held, kind: str, rivals: Sequence[Held]
) -> ClaimAnswer:
    """Answer a claim of a rank: the first three, and whether chance could explain the nearest."""
    sign, most = (1, "fewest") if question.form.says.way is Way.LOWEST else (-1, "most")
    order = sorted([own, *rivals], key=lambda case: sign * case.count)
    # Of those alike all are named or none.
    fourth = order[3].count if len(order) > 3 else None
    first = [case for case in order[:3] if case.count != fourth]
    safe = f"{_describe_count(question, own.count)}."
    if first:
        every = {("", case.name): case.count for case in order}
        unplaced = {"": question.count_unlocated()}
        is_sure = places.is_rank_sure(every, [("", case.name) for case in first], unplaced)
        placed = "" if is_sure else f", {places.OF_THOSE_PLACED}"
        shown = wording.join_words([f"{case.name} {case.count:,}" for case in first])
        safe += f" Of {kind}{placed}, the {most}: {shown}."
    near = sorted(rivals, key=lambda case: abs(case.count - own.count))
    nearest = next((case for case in near if case.finding), own)
    is_chance = nearest.finding and nearest.finding.tested.outcome is Outcome.UNCLEAR
    if verdict is not Verdict.NOT_SUPPORTED and is_chance:
        safe += f" {CHANCE[:-1]} from {nearest.name} ({nearest.count:,})."
    better = [case for case in order if case.fit is not Fit.HOLDS]
    ranked = sorted(better or near, key=lambda case: (case.fit, sign * case.count))
    return answer(
        question,
        verdict,
        near if "years" not in kind else rivals[::-1],
        "" if verdict is Verdict.CANNOT else safe,
        why=why or explain(ranked),
        against=kind,
        remarks=(*([TESTED_ON] if question.form.what == "victims" else []), RANK_IS_NO_TEST),
        truths=[*_list_true_ranks(question, own, rivals, most)],
    )


def _list_true_ranks(
    question: Question, own: Held, rivals: Sequence[Held], most: str
) -> Iterator[str]:
    """Yield since when it is the first, else it and one that it is not first of, else its count."""
    better = [case for case in rivals if case.fit is not Fit.HOLDS]
    years = [int(case.name[:4]) for case in better if case.name[:4].isdecimal()]
    since = max(years, default=0) + 1
    if 1 < since < question.span[0].year and len(years) == len(better):
        yield _say_truth("since", question, way=most, since=since)
    for finding in [case.finding for case in better if case.finding][-1:]:
        yield _say_two_counts(question, finding)
    yield _say_true_number(question, Tally(own.count, unknown=question.count_unlocated()))


# --- as text -----------------------------------------------------------------------------


def render_answer(answer: ClaimAnswer, source: str, examples: Sequence[str]) -> str:
    """Write an answer as plain text: reading, verdict, figures, source, what is safe to say."""
    lines = [*filter(None, [answer.reading]), answer.verdict.upper(), answer.why, *answer.errors]
    lines += [f"{answer.introduction} “{answer.offered}”"] if answer.offered else []
    for row in answer.figures.to_dict("records"):
        lines.append(f"  {'; '.join(f'{name}: {value}' for name, value in row.items() if value)}")
    lines += answer.remarks
    lines += [f"Safe to say: {answer.safe}"] if answer.safe else []
    if not answer.reading:
        lines += ["It reads claims such as:", *(f"  {example}" for example in examples)]
    lines += [source] if answer.from_release else []
    return "\n".join([*lines, *(f"Published: {address}" for address in answer.sources)])
