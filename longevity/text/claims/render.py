"""The words of a claim's answer: how it was read, why, and what is safe to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from longevity.findings.finding import Finding
from longevity.stats.comparison import Comparison, Outcome
from longevity.text import change_wording, neighbourhoods, wording
from longevity.text.claims import against
from longevity.text.claims.change_fit import Fit
from longevity.text.claims.form import NOUNS, PROGRAM, STATE, Amount, Base, Kind, Way, require_part
from longevity.text.claims.question import Question
from longevity.text.claims.ranks import Ranked
from longevity.text.claims.verdict import ClaimAnswer, Held, Rival, Tally, Verdict
from longevity.text.claims.when import Unit

BEYOND = "That is more than chance alone would explain."
CHANCE = f"{wording.start_sentence(change_wording.BY_CHANCE)}."
CHANCE_EACH = "Chance alone could explain each difference."
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
AGAINST_IT = "The claim's days against it"
ORDER = (Verdict.NOT_SUPPORTED, Verdict.CANNOT, Verdict.DEPENDS, Verdict.BY_COUNT)
WAYS = {
    Way.UP: "more",
    Way.DOWN: "fewer",
    Way.SAME: "as many",
    Way.UNCLEAR: "no more different than chance would make them",
    Way.LOWEST: "the fewest",
    Way.HIGHEST: "the most",
}


# --- every answer ------------------------------------------------------------------------


def mark_safe(answer: ClaimAnswer, question: Question) -> ClaimAnswer:
    """Add to a safe wording that it may still grow, and that it is a demonstration."""
    if not answer.safe or not answer.from_release:
        return answer
    start, until = question.span
    is_short = question.form.what not in PROGRAM and (until - start).days < 32
    # Of so few days what is recorded late can be much.
    late = SO_FAR if is_short and question.is_provisional else ""
    text = " ".join(filter(None, [answer.safe, question.describe_unlocated()]))
    mark = SYNTHETIC if question.evidence.synthetic else ""
    return replace(answer, safe=f"{mark}{text}{late}")


def finish_answer(answer: ClaimAnswer, errors: Sequence[str]) -> ClaimAnswer:
    """Add how it was read, and the errors that were accepted."""
    reading = f"Read as: {answer.reading}" if answer.reading else ""
    safe = f"{answer.safe} {ACCEPTED}" if answer.safe and errors else answer.safe
    return replace(answer, reading=reading, safe=safe, errors=tuple(errors))


def join_answers(answers: Sequence[ClaimAnswer]) -> ClaimAnswer:
    """Make one answer of several: it is so where all of them are."""
    verdict = next((v for v in ORDER if any(a.verdict is v for a in answers)), Verdict.SUPPORTED)
    shown = [answer for answer in answers if answer.verdict is verdict]
    readings = [answer.reading for answer in answers if answer.reading]
    frames = [answer.figures for answer in answers if len(answer.figures)]
    safe = [answer.safe.removeprefix(SYNTHETIC) for answer in shown if answer.safe]
    mark = SYNTHETIC if any(answer.safe.startswith(SYNTHETIC) for answer in shown) else ""
    return ClaimAnswer(
        verdict,
        " And: ".join([*readings[:2], *([readings[-1]] if len(readings) > 2 else [])]),
        " ".join(dict.fromkeys(answer.why for answer in shown[:3])),
        f"{mark}{' '.join(safe[:3])}" if safe else "",
        pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(),
        tuple(dict.fromkeys(remark for answer in answers for remark in answer.remarks)),
        tuple(dict.fromkeys(source for answer in answers for source in answer.sources)),
        any(answer.from_release for answer in answers),
    )


def _list_remarks(question: Question) -> list[str]:
    remarks = question.list_remarks()
    if question.form.what == "victims" and question.form.where != STATE:
        remarks.append(TESTED_ON)
    return remarks


# --- a number, or a share ----------------------------------------------------------------


def read_number(question: Question) -> str:
    """Write how a claim of a number was read."""
    size = require_part(question.form.says.size)
    return f"{question.describe_subject()}: {size.text}{_name_whole(question)}."


def _name_whole(question: Question) -> str:
    form = question.form
    if form.kind is not Kind.SHARE:
        return ""
    if form.against.place == "victims":
        return " of the people shot"
    whole = form.against.place or STATE
    return f" of all in {question.name_place(whole)}"


def write_number(question: Question, tallies: Sequence[Tally], verdict: Verdict) -> ClaimAnswer:
    """Answer a claim of a number or a share: by each source, how many it is."""
    form, first = question.form, tallies[0]
    figures = _tabulate(question, tallies)
    least_base = question.evidence.least_base
    counts_text = wording.join_phrases([*dict.fromkeys(_describe_source(t) for t in tallies)])
    if form.what in PROGRAM:
        return write_share(question, first, verdict)
    why = f"That is {'' if verdict is Verdict.SUPPORTED else 'not '}the count: {counts_text}."
    if verdict is Verdict.DEPENDS:
        why = f"The sources disagree, so it depends on the source: {counts_text}."
    elif verdict is Verdict.CANNOT:
        most = wording.format_number(first.part + first.unknown)
        why = f"{question.describe_unlocated()} It is {counts_text} to {most}."
        why = why if first.whole != 0 else "There was nothing of that to count, so no share."
    text = question.describe_count(first.part)
    if first.whole is not None:
        text += f", {wording.format_share(first.part, first.whole, least_base)}"
        text += f" of {wording.format_number(first.whole)}{_name_whole(question)}"
    if first.address:
        text += ", by a published figure"
    others = [other for other in tallies[1:] if other.part != first.part]
    if others:
        text += f"; {wording.join_phrases([*dict.fromkeys(map(_describe_source, others))])}"
    return ClaimAnswer(
        verdict,
        read_number(question),
        why,
        # "0 people were shot in …" would be quoted without the others.
        "" if first.unknown and not first.part else f"{text}.",
        figures,
        tuple(question.list_remarks()) if not first.address else (),
        tuple(dict.fromkeys(tally.address for tally in tallies if tally.address)),
        not first.address,
    )


def _describe_source(tally: Tally) -> str:
    part = wording.format_number(tally.part)
    if tally.whole:
        share = 100 * tally.part / tally.whole
        part = f"{part} of {wording.format_number(tally.whole)} ({share:.1f}%)"
    return f"{part} by {tally.source}"


def _tabulate(question: Question, tallies: Sequence[Tally]) -> pd.DataFrame:
    release = "this release, SYNTHETIC" if question.evidence.synthetic else "this release"
    rows = [
        {
            "By": "published" if tally.address else release,
            "When": tally.days,
            "Count": tally.part,
            "Of": tally.whole,
            "Not known": tally.unknown or None,
            "Share": None if not tally.whole else _format_share(question, tally),
            "Source url": tally.address,
        }
        for tally in tallies
    ]
    frame = pd.DataFrame(rows).dropna(axis=1, how="all")
    return frame.loc[:, [any(value not in ("", None) for value in frame[name]) for name in frame]]


def _format_share(question: Question, tally: Tally) -> str:
    return wording.format_share(tally.part, tally.whole or 0, question.evidence.least_base)


def write_share(question: Question, tally: Tally, verdict: Verdict) -> ClaimAnswer:
    """Answer a claim of what the program counts."""
    why = f"{describe_tally(question, tally)} ({_format_share(question, tally)})."
    if tally.unknown:
        rest = wording.format_number(tally.unknown)
        more = LUMPED.format(rest) if tally.is_public else f"Of {rest} more it is not known."
        why = f"{why} {more}"
    if not tally.whole:
        why = "There was nothing of that to count, so there is no share."
    safe = why if tally.whole else ""
    reading = f"{NOUNS[question.form.what]} in {question.place_name}, {tally.days}: "
    reading += f"{require_part(question.form.says.size).text}."
    answer = ClaimAnswer(verdict, reading, why, safe, _tabulate(question, [tally]))
    return keep_inside(answer, tally)


def describe_tally(question: Question, tally: Tally) -> str:
    """Return "6 of 10 people reached are known to have come to a call-in in East, in 2023"."""
    part, whole = f"{tally.part:,}", f"{tally.whole or 0:,}"
    sentence = PROGRAM[question.form.what]["sentence"]
    text = sentence.format(part=part, whole=whole, hours=tally.hours)
    return f"{wording.start_sentence(text)} in {question.place_name}, {tally.days}"


def keep_inside(answer: ClaimAnswer, tally: Tally) -> ClaimAnswer:
    """Leave out what would be safe to say where the counts are not in the public tables."""
    if tally.is_public:
        return answer
    return replace(answer, safe="", remarks=(*answer.remarks, INSIDE))


def write_program_change(
    question: Question, verdict: Verdict, now: Tally, before: Tally
) -> ClaimAnswer:
    """Answer a claim of a rise or fall of a share."""
    unknown = now.unknown + before.unknown
    of_them = f", or the {unknown:,} of whom it is not known," if unknown else ""
    why = {
        Verdict.SUPPORTED: "The share did, by more than chance would explain.",
        Verdict.NOT_SUPPORTED: "The share did not go that way.",
        Verdict.BY_COUNT: f"The share did; chance{of_them} could explain the difference.",
        Verdict.CANNOT: f"The {unknown:,} of whom it is not known could turn it round."
        if now.whole and before.whole
        else "One of the two times has nothing to count.",
    }[verdict]
    said = f"{wording.format_number(before.part)} of {wording.format_number(before.whole or 0)}"
    safe = f"{describe_tally(question, now)}; {before.days} it was {said}."
    way = question.form.says.way
    reading = f"{NOUNS[question.form.what]} in {question.place_name}, {now.days}, {way} from "
    figures = _tabulate(question, [now, before])
    return keep_inside(ClaimAnswer(verdict, f"{reading}{before.days}.", why, safe, figures), now)


# --- a change ----------------------------------------------------------------------------


def _read_change(question: Question, findings: Sequence[Finding]) -> str:
    form = question.form
    says, size = form.says, form.says.size
    text = f"{question.describe_subject()}, {'not ' if says.is_negated else ''}{WAYS[says.way]}"
    if size:
        text += f", {size.text}," if size.amount is Amount.LEVEL else f" by {size.text}"
    if says.beyond_chance:
        text += ", by more than chance would explain,"
    joint = {Way.SAME: "as in", Way.UNCLEAR: "from"}.get(says.way, "than in")
    names = wording.join_words([finding.against.name for finding in findings])
    if form.against.base in (Base.PLACE, Base.RATE):
        return f"{text} {joint} {names}."
    if form.against.base is Base.EACH:
        return f"{text} {joint} earlier years. No baseline is named, so each is tried: {names}."
    earlier = findings[0].against
    return f"{text} {joint} {earlier.days}{' on average' if len(earlier.windows) > 1 else ''}."


def write_missing(question: Question, results: Sequence[Held]) -> ClaimAnswer:
    """Say that there is no count to compare."""
    finding = results[0].finding
    why = question.explain_not_covered()
    if finding.now is not None:
        earlier = finding.against
        covered = question.explain_not_covered(earlier.windows[0])
        why = f"There is no count of {earlier.days}. {covered}"
    reading = _read_change(question, [result.finding for result in results])
    return ClaimAnswer(Verdict.CANNOT, reading, why, figures=_tabulate_changes(results))


def write_change(question: Question, verdict: Verdict, results: Sequence[Held]) -> ClaimAnswer:
    """Answer a claim of a change, or of one place against another."""
    form, known = question.form, [result for result in results if result.is_known]
    remarks = _list_remarks(question)
    is_place = form.against.base in (Base.PLACE, Base.RATE)
    for result in results:
        earlier = result.finding.against
        if not earlier.is_alike and not is_place:
            of, than = (
                (until - start).days for start, until in (question.span, earlier.windows[0])
            )
            remarks.append(
                f"The two times are {of} and {than} days long, so daily rates are compared."
            )
    if form.against.base is Base.PROGRAM or form.when.unit is Unit.LAUNCH:
        remarks.append(NOT_WHY)
    if is_place:
        remarks.append(_describe_residents(question))
    source = question.evidence.find_main_source(form.what)[0] if form.where == STATE else ""
    return ClaimAnswer(
        verdict,
        _read_change(question, [result.finding for result in results]),
        _explain_change(verdict, question, known),
        _write_safe_change(
            verdict, question, known, by=", by a published figure" if source else ""
        ),
        _tabulate_changes(results),
        tuple(remarks),
        (source,) if source else (),
        not source,
    )


def _describe_residents(question: Question) -> str:
    places = (question.form.where, question.form.against.place)
    residents = [question.evidence.find_residents(place) for place in places]
    if None in residents:
        return BY_COUNT
    names = [question.name_place(place) for place in places]
    each = [f"{people:,} in {name}" for people, name in zip(residents, names, strict=True)]
    return f"Residents: {wording.join_words(each)}. {RESIDENTS}"


def _explain_change(verdict: Verdict, question: Question, known: Sequence[Held]) -> str:
    holds = [result.name for result in known if result.fit is Fit.HOLDS]
    by_fit: dict[Fit, list[Held]] = {}
    for result in known:
        if result.fit is not Fit.HOLDS:
            by_fit.setdefault(result.fit, []).append(result)
    if verdict is Verdict.SUPPORTED:
        return f"It holds against {wording.join_words(holds)}."
    if verdict is not Verdict.DEPENDS:
        reasons = [_explain_fit(question, fit, results) for fit, results in by_fit.items()]
        return " ".join(reasons)
    if holds:
        reasons = [
            f"{wording.join_words([result.name for result in results])} ({fit.value})"
            for fit, results in by_fit.items()
        ]
        return (
            f"It holds against {wording.join_words(holds)}, not against "
            f"{', nor against '.join(reasons)}."
        )
    parts = [
        f"{word} than {wording.join_words(names)}"
        for sign, word in ((1, "more"), (-1, "fewer"))
        if (names := [r.name for r in known if sign * (r.finding.difference or 0) > 0])
    ]
    return f"{change_wording.DEPENDS}: there are {' and '.join(parts)}."


def _explain_fit(question: Question, fit: Fit, results: Sequence[Held]) -> str:
    """Say why it does not hold, with the figure that does."""
    finding = results[0].finding
    text = change_wording.describe_finding(finding)
    if fit is Fit.OPEN:
        fits = describe_open_changes(finding.tested, finding.least_base)
        earlier = finding.against
        when = earlier.name if against.is_per_resident(finding) else earlier.days
        return f"These counts cannot show that: against {when} {fits}."
    if fit is Fit.SIZE:
        size = question.form.says.size
        percent = text.percentage if size and size.amount is Amount.PERCENT else None
        right = percent or text.difference
        return f"The direction is right, the size is not: {right} ({text.counts})."
    names = wording.join_words([result.name for result in results])
    return f"Against {names}: {fit.value} ({text.counts})."


def _write_safe_change(verdict: Verdict, question: Question, known: Sequence[Held], by: str) -> str:
    beginning = question.describe_count(require_part(known[0].finding.now))
    is_place = question.form.against.base is Base.PLACE
    shown = known if verdict is Verdict.DEPENDS or is_place else known[:1]
    tested = [result.finding for result in (shown[-1:] if is_place else shown)]
    chances = {describe_chance(finding.tested) for finding in tested}
    is_apart = len(chances) > 1
    if chances == {CHANCE} and len(tested) > 1:
        chances = {CHANCE_EACH}
    parts = [_describe_result(result.finding, is_apart) for result in shown]
    ends = [] if is_apart else [sentence for sentence in chances if sentence]
    return " ".join([f"{beginning}{by}: {wording.join_phrases(parts)}.", *ends])


def _describe_result(finding: Finding, with_chance: bool) -> str:
    """Return "12 fewer than in the same days of 2025 (−25%)", never a percentage too small.

    Of times of unequal length, and of two places' rates: "23 in the 59 days from …, by the day 54%
    fewer".
    """
    text, earlier = change_wording.describe_finding(finding), finding.against
    if not earlier.is_alike:
        way = "more" if (finding.difference or 0) > 0 else "fewer"
        size = f"{text.percentage.strip('+−')} " if text.percentage else ""
        rate = f"{size}{way}" if finding.difference else "as many"
        by = against.PER_RESIDENT if against.is_per_resident(finding) else "by the day"
        return f"{finding.tested.previous or 0:,} in {earlier.days}, {by} {rate}"
    average = " on average" if len(earlier.windows) > 1 else ""
    if finding.difference == 0:
        return f"as many as{average} in {earlier.days}"
    sentence = describe_chance(finding.tested) if with_chance else ""
    notes = {
        BEYOND: "more than chance alone would explain",
        CHANCE: "chance alone could explain it",
    }
    inside = "; ".join(filter(None, (text.percentage, notes.get(sentence))))
    return f"{text.difference} than{average} in {earlier.days}{f' ({inside})' if inside else ''}"


def describe_open_changes(comparison: Comparison, least_base: int) -> str:
    """Say which changes fit: "anything from 24% fewer to 73% more fits them"."""
    low, high = comparison.low, comparison.high
    if low is None or high is None or comparison.previous is None:
        return "nearly anything fits them"
    if comparison.base is not None and comparison.base < least_base:
        return f"anything from {change_wording.format_interval(comparison)} fits them"
    return f"anything from {_format_ratio(low)} to {_format_ratio(high)} fits them"


def _format_ratio(ratio: float) -> str:
    """Format a ratio as a percentage of change, "24% fewer"."""
    percent = 100 * abs(ratio - 1)
    percent_text = f"{percent:,.0f}" if percent >= 0.5 else "under 1"
    return f"{percent_text}% {'more' if ratio > 1 else 'fewer'}"


def describe_chance(comparison: Comparison) -> str:
    """Say whether it is more than chance, as a sentence; empty where nothing differs."""
    if comparison.difference in (0, None) or comparison.outcome is Outcome.UNKNOWN:
        return ""
    return CHANCE if comparison.outcome is Outcome.UNCLEAR else BEYOND


def _tabulate_changes(results: Sequence[Held]) -> pd.DataFrame:
    rows = []
    for result in results:
        text = change_wording.describe_finding(result.finding)
        name, days = result.name, result.finding.against.days
        holds = "holds" if result.fit is Fit.HOLDS else "does not hold"
        too_few = change_wording.TOO_FEW if result.is_known else ""
        rows.append(
            {
                "Against": name if days in name else f"{name}, {days}",
                "The claim": holds if result.is_known else "not known",
                # Its days are in the first column, which is wide on a phone too.
                "Counts": text.counts.removesuffix(f" in {days}"),
                "In percent": text.percentage or too_few,
                "Interval (95%)": text.interval,
                "Change": f"{text.arrow} {text.verdict}",
            }
        )
    return pd.DataFrame(rows)


# --- a rank ------------------------------------------------------------------------------


def read_rank(question: Question, kind: str) -> str:
    """Write how a claim of a rank was read."""
    of = f" of {kind}" if kind else ""
    return f"{question.describe_subject()}, {WAYS[question.form.says.way]}{of}."


def _count_words(question: Question) -> tuple[str, str]:
    lowest = question.form.says.way is Way.LOWEST
    return ("fewer", "fewest") if lowest else ("more", "most")


def explain_above(question: Question, ranked: Ranked, above: Sequence[Rival]) -> str:
    """Say which has more, or fewer, or as many."""
    first = above[0]
    if first.count == ranked.count:
        names = wording.join_words([rival.name for rival in above])
        return f"{names} had as many: a tie."
    placed = _say_placed(ranked, [first.name])
    against_it = f"{first.count:,}, against {ranked.count:,}"
    return f"{first.name} had {_count_words(question)[0]}{placed}: {against_it}."


def explain_arguable(question: Question, ranked: Ranked, above: Sequence[Rival]) -> str:
    """Say of which it depends on whether it is counted."""
    names = wording.join_words([f"{rival.name} ({rival.count:,})" for rival in above])
    are = "is" if len(above) == 1 else "are"
    return f"It holds but for {names}: it depends on whether {names.split(' (')[0]} {are} counted."


def explain_rank(question: Question, ranked: Ranked) -> str:
    """Say which comes next."""
    sign = -1 if question.form.says.way is Way.LOWEST else 1
    second = max(ranked.rivals, key=lambda rival: (sign * rival.count, rival.name))
    more = _count_words(question)[0]
    return (
        f"{ranked.name} had {more} than any other of {ranked.kind}: {ranked.count:,}, then "
        f"{second.name} with {second.count:,}."
    )


def _say_placed(ranked: Ranked, names: Sequence[str]) -> str:
    """Return ", of those placed" where those not placed might change the order of these."""
    counts = {("", rival.name): rival.count for rival in ranked.rivals}
    counts["", ranked.name] = ranked.count
    said = [("", name) for name in names]
    is_sure = neighbourhoods.is_rank_sure(counts, said, {"": ranked.unplaced})
    return "" if is_sure else f", {neighbourhoods.OF_THOSE_PLACED}"


def write_rank(question: Question, ranked: Ranked, verdict: Verdict, why: str) -> ClaimAnswer:
    """Answer a claim of a rank: the first three, and whether chance could explain the nearest."""
    sign = -1 if question.form.says.way is Way.LOWEST else 1
    every = [Rival(ranked.name, ranked.count, None), *ranked.rivals]
    order = sorted(every, key=lambda rival: -sign * rival.count)
    # Of those alike all are named or none.
    fourth = order[3].count if len(order) > 3 else None
    first = [rival for rival in order[:3] if rival.count != fourth]
    safe = f"{question.describe_count(ranked.count)}."
    if first and ranked.rivals:
        placed = _say_placed(ranked, [rival.name for rival in first])
        shown = wording.join_words([f"{rival.name} {rival.count:,}" for rival in first])
        safe += f" Of {ranked.kind}{placed}, the {_count_words(question)[1]}: {shown}."
    if verdict in (Verdict.SUPPORTED, Verdict.DEPENDS):
        safe += _describe_nearest(ranked)
    source = question.evidence.find_main_source(question.form.what)[0]
    source = source if question.form.where == STATE else ""
    is_place = question.form.against.base in (Base.CITIES, Base.AREAS)
    return ClaimAnswer(
        verdict,
        read_rank(question, ranked.kind),
        why,
        "" if verdict is Verdict.CANNOT else safe,
        _tabulate_rank(order if is_place else sorted(every, key=lambda r: r.name)[::-1], is_place),
        (*_list_remarks(question), RANK_IS_NO_TEST),
        (source,) if source else (),
        not source,
    )


def _describe_nearest(ranked: Ranked) -> str:
    """Say whether chance could explain the difference from what comes nearest."""
    tested = [rival for rival in ranked.rivals if rival.finding]
    if not tested:
        return ""
    nearest = min(tested, key=lambda rival: (abs(rival.count - ranked.count), rival.name))
    finding = require_part(nearest.finding)
    if finding.tested.outcome is not Outcome.UNCLEAR:
        return ""
    return f" Chance alone could explain the difference from {nearest.name} ({nearest.count:,})."


def _tabulate_rank(rivals: Sequence[Rival], is_place: bool) -> pd.DataFrame:
    rows = []
    for rival in rivals:
        text = change_wording.describe_finding(rival.finding) if rival.finding else None
        rows.append(
            {
                "Place" if is_place else "When": rival.name,
                "Count": rival.count,
                AGAINST_IT: f"{text.arrow} {text.verdict}" if text else "",
                "Interval (95%)": text.interval if text else "",
            }
        )
    return pd.DataFrame(rows)


# --- as text and as data -----------------------------------------------------------------


def render_answer(answer: ClaimAnswer, source: str, examples: Sequence[str]) -> str:
    """Write an answer as plain text: reading, verdict, figures, source, what is safe to say."""
    lines = [f"{answer.verdict.value.upper()}", answer.why, *answer.errors]
    if answer.reading:
        lines.insert(0, answer.reading)
    for row in answer.figures.to_dict("records"):
        cells = [
            f"{name}: {value}" for name, value in row.items() if not pd.isna(value) and value != ""
        ]
        lines.append(f"  {'; '.join(cells)}")
    lines += answer.remarks
    if answer.safe:
        lines.append(f"Safe to say: {answer.safe}")
    if not answer.reading:
        lines.append("It reads claims such as:")
        lines += [f"  {example}" for example in examples]
    if answer.from_release:
        lines.append(source)
    lines += [f"Published: {address}" for address in answer.sources]
    return "\n".join(lines)


def describe_answer(
    answer: ClaimAnswer, codes: Mapping[str, str], source: str
) -> dict[str, object]:
    """Return an answer as plain data: the form, the verdict, its figures, what is safe to say."""
    figures = answer.figures.astype("object").where(answer.figures.notna(), None)
    return {
        "form": dict(codes),
        "verdict": answer.verdict.value,
        "reading": answer.reading,
        "why": answer.why,
        "safe": answer.safe,
        "figures": figures.to_dict("records"),
        "errors": list(answer.errors),
        "remarks": list(answer.remarks),
        "source": source if answer.from_release else "",
        "published": list(answer.sources),
    }
