"""A claim of a number or a share, against every source that has one."""

from __future__ import annotations

from longevity.absent import Absent
from longevity.claims import render
from longevity.claims.form import PROGRAM, STATE, Base, ClaimKind
from longevity.claims.question import Question
from longevity.claims.verdict import ClaimAnswer, Held, NoAnswerError, Tally, judge
from longevity.claims.when import ALL
from longevity.findings.finding import TOGETHER
from longevity.measures import wording


def answer_number(question: Question) -> ClaimAnswer:
    """Hold a number or a share against every source that has one, whatever is unknown."""
    evidence, is_share = question.evidence, question.kind is ClaimKind.SHARE
    if question.what in PROGRAM:
        days = None if question.when.code == ALL else question.span
        evidence.counted.add((question.where, days, False))
        cities = evidence.list_cities(question.where)
        tallies = [evidence.count_program(question.what, cities, days)]
    else:
        tallies = _list_shares(question) if is_share else _list_counts(question)
    if not tallies:
        raise NoAnswerError(question.explain_not_covered())
    first = tallies[0]
    if first.whole == 0:
        raise NoAnswerError("There was nothing of that to count, so there is no share.")
    held = [
        Held(
            "a published figure" if tally.address else "this release",
            tally.find_fit(question.says),
            str(tally),
            count=tally.part,
            address=tally.address,
        )
        for tally in tallies
    ]
    verdict = judge(case.fit for case in held)
    if question.what in PROGRAM:
        why = _describe_program(question, first)
        return render.answer(question, verdict, held, why if first.is_public else "", why=why)
    place = question.against.place or STATE
    of = "" if place == "victims" else question.name_place(place)
    others = {f"{case.counts} by {case.name}": None for case in held if case.count != first.part}
    # "0 people were shot in …" would be quoted without the others.
    is_safe = first.part or not first.unknown
    safe = question.say(
        "safe_count",
        n=first.part,
        whole=first.whole,
        of=of,
        is_share=is_share,
        published=first.address,
        others=wording.join_phrases([*others]),
    )
    end = "died" if question.what == "fatal" else "survived"
    share = question.say("share", part=first.part, whole=first.whole, of=of, end=end)
    return render.answer(
        question,
        verdict,
        held,
        safe if is_safe else "",
        why=f"{render.explain(held, 'By')} {question.more}".strip(),
        against=(f"all of {of}" if of else "all people shot there") if is_share else "",
        truths=[share if is_share else say_count(question, first.part)],
    )


def say_count(question: Question, count: int) -> str:
    """Say the number, or the least that it is where the neighbourhood of some is not known."""
    return question.say("counted", n=count, least=question.unplaced > 0)


def _list_counts(question: Question) -> list[Tally]:
    """Return how many it is by each source."""
    where = question.where
    tallies = [Tally(n, address=url) for url, n in question.list_published(where)]
    count = Absent.NOT_COVERED if where == STATE else question.count()
    if not isinstance(count, Absent):
        return [Tally(count, unknown=question.unplaced), *tallies]
    why = question.evidence.explain_not_held(question.what, [where]) if where != STATE else ""
    if why and not tallies:
        raise NoAnswerError(why)
    return tallies


def _list_shares(question: Question) -> list[Tally]:
    """Return the part and the whole by each source that counts both alike."""
    evidence, span = question.evidence, question.span
    where, place = question.where, question.against.place
    if question.against.base is Base.WHOLE or place == STATE:
        return [
            Tally(part, whole, address=url)
            for url, part in question.list_published(where)
            for of, whole in question.list_published(STATE)
            if url == of and where != STATE
        ]
    of_people = place == "victims" and question.what in ("fatal", "nonfatal")
    is_part = where not in (place, TOGETHER, STATE) and place in (TOGETHER, question.city)
    if not of_people and not is_part:
        raise NoAnswerError(f"{question.name_place(where)} is no part of that whole.")
    of = (where, "victims") if of_people else (place, question.what)
    part, whole = question.count(), evidence.count(*of, span)
    return [] if isinstance(part, Absent) or isinstance(whole, Absent) else [Tally(part, whole)]


def _describe_program(question: Question, tally: Tally) -> str:
    """Say what the program counts, and of how many it is not known."""
    part, whole = f"{tally.part:,}", f"{tally.whole or 0:,}"
    sentence = PROGRAM[question.what]["sentence"]
    return question.say(
        "program",
        tally=tally,
        sentence=sentence.format(part=part, whole=whole, hours=question.evidence.names.met_hours),
        share=wording.format_share(tally.part, tally.whole or 0, question.evidence.least_base),
    )
