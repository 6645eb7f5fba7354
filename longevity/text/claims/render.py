"""The words of a claim's answer: how it was read, why, and what is safe to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from longevity.findings import change_wording
from longevity.findings import places as neighbourhoods
from longevity.findings.finding import Finding
from longevity.measures import wording
from longevity.measures.say import say
from longevity.stats import rates
from longevity.stats.comparison import Comparison, Outcome
from longevity.text.claims.form import NOUNS, PROGRAM, STATE, Base, Way, require_part
from longevity.text.claims.question import Question
from longevity.text.claims.truths import (
    choose_way,
    list_true_changes,
    list_true_numbers,
    list_true_ranks,
)
from longevity.text.claims.verdict import ClaimAnswer, Fit, Held, Tally, Verdict
from longevity.text.claims.when import Unit

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
    period = "so far" if form.when.unit is Unit.ALL else wording.format_period(*question.span)
    says = require_part(form.says.size).text if form.says.way is Way.IS else form.says.code
    read = f"{NOUNS[form.what]} in {question.name_place(form.where)}, {period}: {says}"
    sources = [case.address for case in held if case.address]
    is_counted = not (held and held[0].address)
    is_said = is_counted and (verdict is not Verdict.CANNOT or safe)
    return ClaimAnswer(
        verdict,
        f"{read}{f', against {against}' if against else ''}.",
        why or explain(held),
        _mark_safe(safe, question) if is_counted and safe else safe,
        tabulate(held),
        (*(_list_remarks(question) if is_said else []), *remarks),
        tuple(dict.fromkeys(sources)),
        is_counted,
        truths=tuple(truths),
        meant=say("claim.meant", noun=NOUNS[form.what], counts=held[0].summary) if held else "",
    )


def explain(held: Sequence[Held]) -> str:
    """Write "Against last year: it holds (60 against 100 in the same days of 2023).", by fit."""
    by_fit: dict[Fit, list[Held]] = {}
    for case in held:
        by_fit.setdefault(case.fit, []).append(case)
    parts = []
    for fit, group in by_fit.items():
        names = wording.join_phrases([*dict.fromkeys(case.name for case in group)])
        names = f"all {len(group)} others" if len(group) > MOST_NAMED else names
        counts = [group[0].counts]
        if (text := group[0].text) and fit is not Fit.MISSING:
            counts += [text.percentage] if text.percentage and fit is not Fit.EQUAL else []
            counts += [f"{text.interval} fits them"] if text.interval and fit is Fit.OPEN else []
        parts.append(f"Against {names}: {fit.value} ({'; '.join(counts)}).")
    return " ".join(parts)


def _mark_safe(text: str, question: Question) -> str:
    """Add to a safe wording that it may still grow, and that it is a demonstration."""
    start, until = question.span
    is_short = question.form.what not in PROGRAM and (until - start).days < 32
    # Of so few days what is recorded late can be much.
    late = SO_FAR if is_short and question.is_provisional else ""
    mark = SYNTHETIC if question.evidence.synthetic else ""
    return f"{mark}{' '.join(filter(None, [text, _describe_unlocated(question)]))}{late}"


def _list_remarks(question: Question) -> list[str]:
    """Say what to know with any answer about these counts."""
    what, is_new = question.form.what, question.is_provisional
    if question.form.where == STATE or what in PROGRAM:
        return []
    remarks = [PROVISIONAL] if is_new else []
    remarks += [MAY_DIE] if is_new and what in ("fatal", "homicides") else []
    remarks += [NOT_COUNTED] if what != "incidents" else []
    return [*remarks, *filter(None, [_describe_unlocated(question)])]


def _describe_unlocated(question: Question) -> str:
    """Say how many more there were of whom the neighbourhood is not known, or nothing."""
    unlocated = question.count_unlocated()
    city = question.evidence.names.cities.get(question.form.city)
    more = f"{unlocated:,} more in {city} could not be placed in any neighbourhood."
    return more if unlocated else ""


def join_answers(answers: Sequence[ClaimAnswer], errors: Sequence[str]) -> ClaimAnswer:
    """Make one answer of several: it is so where all of them are. `errors`: that were accepted."""
    verdict = next((v for v in ORDER if any(a.verdict is v for a in answers)), Verdict.SUPPORTED)
    shown = [answer for answer in answers if answer.verdict is verdict][:3]
    readings = [answer.reading for answer in answers if answer.reading]
    ends = readings if len(readings) < 4 else [*readings[:2], f"… {readings[-1]}"]
    texts = [answer.safe for answer in shown if answer.safe]
    mark = SYNTHETIC if any(text.startswith(SYNTHETIC) for text in texts) else ""
    safe = mark + " ".join(text.removeprefix(SYNTHETIC) for text in texts)

    def gather(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for answer in answers for text in getattr(answer, name)))

    return ClaimAnswer(
        verdict,
        f"Read as: {' And: '.join(ends)}" if ends else "",
        " ".join(dict.fromkeys(answer.why for answer in shown)),
        f"{safe} {ACCEPTED}" if safe and errors else safe,
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
        if text := case.text:
            too_few = change_wording.TOO_FEW if case.fit is not Fit.MISSING else ""
            row |= {
                "In percent": text.percentage or too_few,
                "Interval (95%)": text.interval,
                "Change": f"{text.arrow} {text.verdict}",
            }
        rows.append(row | ({"Source url": case.address} if case.address and not text else {}))
    return pd.DataFrame(rows).fillna("")


# --- a number, or a share ----------------------------------------------------------------


def write_number(
    question: Question, verdict: Verdict, held: Sequence[Held], first: Tally
) -> ClaimAnswer:
    """Answer a claim of a number or a share: by each source, how many it is."""
    form = question.form
    why = explain(held).replace("Against", "By")
    if form.what in PROGRAM:
        return _write_program(question, verdict, held, first)
    text, against, place = _describe_count(question, first.part), "", form.against.place
    if first.whole is not None:
        whole = f"all of {question.name_place(place or STATE)}" if place != "victims" else ""
        text += f", of {first.whole:,} {f'in {whole}' if whole else 'people shot there'}"
        against = whole or "all people shot there"
    text += ", by a published figure" if first.address else ""
    others = dict.fromkeys(f"{o.counts} by {o.name}" for o in held if o.count != first.part)
    text += f"; {wording.join_phrases([*others])}" if others else ""
    why += f" {_describe_unlocated(question)}" if first.unknown else ""
    # "0 people were shot in …" would be quoted without the others.
    safe = "" if first.unknown and not first.part else f"{text}."
    truths = [*list_true_numbers(question, first)]
    return answer(question, verdict, held, safe, why=why, against=against, truths=truths)


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
    form, evidence = question.form, question.evidence
    known = [case for case in held if case.fit is not Fit.MISSING]
    findings = [require_part(case.finding) for case in known]
    remarks = [TESTED_ON] if form.what == "victims" and form.where != STATE else []
    if form.against.base in (Base.PLACE, Base.RATE):
        people = [evidence.find_residents(place) for place in (form.where, form.against.place)]
        numbers = wording.join_words([f"{number:,}" for number in people if number])
        remarks.append(BY_COUNT if None in people else f"Residents: {numbers}. {RESIDENTS}")
    elif not findings[0].against.is_alike:
        remarks.append("The two times are not as long, so daily rates are compared.")
    if form.against.base is Base.PROGRAM or form.when.unit is Unit.LAUNCH:
        remarks.append(NOT_WHY)
    published = ", by a published figure" if held[0].address else ""
    # Of two places the rate is what is safe to say, where it is known.
    shown = findings if verdict is Verdict.DEPENDS else findings[:1]
    shown = findings[-1:] if findings[-1].against.exposures else shown
    now = _describe_count(question, require_part(findings[0].tested.current))
    joint = ", and" if shown[0].against.exposures else ":"
    safe = f"{now}{published}{joint} {_describe_differences(shown)}"
    truths = [text for finding in findings for text in list_true_changes(question, finding)]
    of = name_against(question, held)
    return answer(
        question,
        verdict,
        held,
        safe,
        why=explain(known),
        against=of,
        remarks=remarks,
        truths=truths,
    )


def name_against(question: Question, held: Sequence[Held]) -> str:
    """Name what a change is held against: "each of last year and …", "the same days of 2025"."""
    names = wording.join_words([case.name for case in held])
    if question.form.against.base is Base.EACH:
        return f"each of {names}"
    if len(held) == 1 and held[0].finding and held[0].finding.against.is_alike:
        earlier = held[0].finding.against
        return earlier.days + (" on average" if len(earlier.windows) > 1 else "")
    return names


def _describe_differences(findings: Sequence[Finding]) -> str:
    """Write the differences, and of each whether it is more than chance would explain."""
    chances = [describe_chance(finding.tested) for finding in findings]
    is_one = len({*chances}) == 1
    notes = ["" if is_one else NOTES[chance] for chance in chances]
    parts = [*map(_describe_difference, findings, notes)]
    end = chances[0] if is_one else ""
    end = end.replace("the difference", "each difference") if len(findings) > 1 else end
    return f"{wording.join_phrases(parts)}. {end}".rstrip()


def _describe_difference(finding: Finding, note: str) -> str:
    """Return "12 fewer than in the same days of 2025 (−25%)", never a percentage too small.

    Of rates: "23 in the 59 days from …, by the day 54% fewer".
    """
    text, against = change_wording.describe_finding(finding), finding.against
    percent = text.percentage if finding.difference else ""
    if against.exposures:
        return _describe_rates(finding, against.exposures)
    if not against.is_alike:
        by = "by the day"
        size = f"{percent.strip('+−')} " if percent else ""
        rate = f"{size}{choose_way(finding, 'more', 'fewer', 'as many')}"
        return f"{finding.tested.previous or 0:,} in {against.days}, {by} {rate}"
    joint = "than" if finding.difference else "as"
    average = " on average" if len(against.windows) > 1 else ""
    inside = "; ".join(filter(None, (percent, note)))
    return f"{text.difference} {joint}{average} in {against.days}{f' ({inside})' if inside else ''}"


def _describe_rates(finding: Finding, residents: tuple[float, float]) -> str:
    """Return "82 in B: 70.4 against 69.1 per 100,000 residents a year"."""
    years = (finding.window[1] - finding.window[0]).days / rates.YEAR
    counts = (finding.tested.current or 0, finding.tested.previous or 0)
    of = zip(counts, residents, strict=True)
    here, there = (f"{count * rates.PER / people / years:.1f}" for count, people in of)
    rate = f"{here} against {there} per {rates.PER:,} residents a year"
    return f"{counts[1]:,} in {finding.against.days}: {rate}"


def describe_chance(comparison: Comparison) -> str:
    """Say whether it is more than chance, as a sentence; empty where nothing differs."""
    if comparison.difference in (0, None) or comparison.outcome is Outcome.UNKNOWN:
        return ""
    return CHANCE if comparison.outcome is Outcome.UNCLEAR else BEYOND


# --- a rank ------------------------------------------------------------------------------


def write_rank(
    question: Question, verdict: Verdict, why: str, own: Held, kind: str, rivals: Sequence[Held]
) -> ClaimAnswer:
    """Answer a claim of a rank: the first three, and whether chance could explain the nearest."""
    form = question.form
    sign, most = (1, "fewest") if form.says.way is Way.LOWEST else (-1, "most")
    order = sorted([own, *rivals], key=lambda case: sign * case.count)
    # Of those alike all are named or none.
    fourth = order[3].count if len(order) > 3 else None
    first = [case for case in order[:3] if case.count != fourth]
    every = {("", case.name): case.count for case in order}
    said = [("", case.name) for case in first]
    is_sure = neighbourhoods.is_rank_sure(every, said, {"": question.count_unlocated()})
    placed = "" if is_sure else f", {neighbourhoods.OF_THOSE_PLACED}"
    shown = wording.join_words([f"{case.name} {case.count:,}" for case in first])
    safe = f"{_describe_count(question, own.count)}."
    safe += f" Of {kind}{placed}, the {most}: {shown}." if first else ""
    near = sorted(rivals, key=lambda case: abs(case.count - own.count))
    nearest = next((case for case in near if case.finding), None)
    if verdict is not Verdict.NOT_SUPPORTED and nearest and nearest.finding:
        is_chance = nearest.finding.tested.outcome is Outcome.UNCLEAR
        by = f" Chance alone could explain the difference from {nearest.name} ({nearest.count:,})."
        safe += by if is_chance else ""
    ranked = [case for case in order if case.fit is not Fit.HOLDS] or near
    why = why or explain(sorted(ranked, key=lambda case: (case.fit, sign * case.count)))
    return answer(
        question,
        verdict,
        near if "years" not in kind else rivals[::-1],
        "" if verdict is Verdict.CANNOT else safe,
        why=why,
        against=kind,
        remarks=(*([TESTED_ON] if form.what == "victims" else []), RANK_IS_NO_TEST),
        truths=[*list_true_ranks(question, own.count, rivals, most)],
    )


# --- as text and as data -----------------------------------------------------------------


def introduce_offer(answer: ClaimAnswer) -> str:
    """Say what was counted, where the words were not a measure's, and that what follows is so."""
    return f"{answer.meant} Say it so:".strip()


def render_answer(answer: ClaimAnswer, source: str, examples: Sequence[str]) -> str:
    """Write an answer as plain text: reading, verdict, figures, source, what is safe to say."""
    lines = [*filter(None, [answer.reading]), answer.verdict.upper(), answer.why, *answer.errors]
    lines += [f"{introduce_offer(answer)} “{answer.offered}”"] if answer.offered else []
    for row in answer.figures.to_dict("records"):
        lines.append(f"  {'; '.join(f'{name}: {value}' for name, value in row.items() if value)}")
    lines += answer.remarks
    lines += [f"Safe to say: {answer.safe}"] if answer.safe else []
    if not answer.reading:
        lines += ["It reads claims such as:", *(f"  {example}" for example in examples)]
    lines += [source] if answer.from_release else []
    return "\n".join([*lines, *(f"Published: {address}" for address in answer.sources)])


def describe_answer(
    answer: ClaimAnswer, codes: Sequence[Mapping[str, str]], source: str
) -> dict[str, object]:
    """Return an answer as plain data: the form, the verdict, its figures, what is safe to say.

    `codes`: of the form, and of others claimed in the same breath.
    """
    said = ("reading", "why", "safe", "offered")
    return {
        "form": dict(codes[0]) if codes else {},
        "also": [dict(other) for other in codes[1:]],
        "verdict": answer.verdict.value,
        **{name: getattr(answer, name) for name in said},
        "figures": answer.figures.to_dict("records"),
        "errors": list(answer.errors),
        "remarks": list(answer.remarks),
        "source": source if answer.from_release else "",
        "published": list(answer.sources),
    }
