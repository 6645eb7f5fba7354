"""The report of a load as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tools.load.run import Outcome, Plan
from tools.load.walk import ARRIVES, STEPS, Seen

MIB = 2**20
SHOWN = 20


def text(plan: Plan, outcome: Outcome) -> str:
    """What was measured, and what was wrong."""
    return "\n".join([*_times(plan, outcome), "", *_memory(outcome), "", *_verdict(outcome)])


def share(values: Sequence[float], of: float) -> float:
    """The value that this share of all do not exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(of * len(ordered)))] if ordered else 0.0


def acting(seen: Iterable[Seen]) -> list[Seen]:
    """The answers to somebody who was there already: a filter, a page, the newer release."""
    return [one for one in seen if one.act not in (ARRIVES, STEPS)]


def _times(plan: Plan, outcome: Outcome) -> list[str]:
    seen = outcome.notes.seen
    acts = [one for one in acting(seen) if one.began >= outcome.steady]
    before = [one for one in acting(seen) if one.began < outcome.steady]
    lines = [
        f"{plan.viewers} viewers acting every {plan.every:g} s for {plan.seconds:g} s, "
        f"{outcome.victims:,} victims, after {plan.warm:g} s in which they came. "
        "Milliseconds from the message to the end of its run.",
        "",
        f"{'':26}{'answers':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'most':>8}",
    ]
    for screen in sorted({one.screen for one in acts}):
        lines.append(_line(screen, [one.seconds for one in acts if one.screen == screen]))
    lines.append(_line("All acts", [one.seconds for one in acts]))
    lines.append(_line("Acts while they came", [one.seconds for one in before]))
    came = [one.seconds for one in seen if one.act in (ARRIVES, STEPS)]
    lines.append(_line("Arriving by a link", came))
    lines.append(_line("Parts run by themselves", outcome.notes.repeated))
    if outcome.published:
        began, ended = outcome.published["began"], outcome.published["ended"]
        while_ = [one.seconds for one in acts if began - one.seconds <= one.began <= ended]
        lines.append(_line("Acts during the publish", while_))
        lines.append(f"The publish took {ended - began:.1f} s beside them.")
    return lines


def _line(name: str, seconds: Sequence[float]) -> str:
    values = [share(seconds, of) * 1000 for of in (0.5, 0.95, 0.99, 1.0)]
    return f"{name:26}{len(seconds):>8}" + "".join(f"{value:>8,.0f}" for value in values)


def _memory(outcome: Outcome) -> list[str]:
    memory = outcome.memory or [0]
    third = max(1, len(memory) // 3)
    middle = memory[third : 2 * third] or memory
    return [
        "Memory of the server's process, MiB: "
        f"{outcome.idle / MIB:,.0f} before anybody came, "
        f"{share(middle, 0.5) / MIB:,.0f} in the middle third, "
        f"{share(memory[-third:], 0.5) / MIB:,.0f} in the last, {max(memory) / MIB:,.0f} at most, "
        f"{outcome.left / MIB:,.0f} when all had left.",
    ]


def _verdict(outcome: Outcome) -> list[str]:
    verdict = outcome.verdict
    own = ", ".join(f"{role} {count}" for role, count in outcome.own.items())
    lines = [
        f"{verdict.answers} answers, {verdict.views} different views each asked for again alone; "
        f"{verdict.counts} counted by hand; {verdict.elements} elements looked through for what "
        f"belongs to another (with their own codes: {own}).",
        f"Releases: {' then '.join(outcome.releases)}.",
        f"Wrong rows: {len(outcome.wrong)}. Errors: {len(outcome.errors)}.",
    ]
    return (
        lines
        + [f"  wrong: {one}" for one in outcome.wrong[:SHOWN]]
        + [f"  error: {one}" for one in outcome.errors[:SHOWN]]
    )
