"""The words of a claim's reading and of what is safe to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from longevity.findings.finding import Finding
from longevity.stats.comparison import Comparison, Outcome
from longevity.text import change_wording, wording
from longevity.text.claims.form import Amount, Says, Size, Way
from longevity.text.claims.verdict import ClaimAnswer

BEYOND = "That is more than chance alone would explain."
CHANCE = f"{wording.start_sentence(change_wording.BY_CHANCE)}."
CHANCE_EACH = "Chance alone could explain each difference."
TESTED_ON = "Chance is tested on incidents, for several people can be shot in one."
SYNTHETIC = "SYNTHETIC demonstration data, not to be quoted: "
SO_FAR = " Late records may still raise this count."
ACCEPTED = "An error in these data was accepted when they were published."
NOT_WHY = "Before and after do not tell why: a difference is not the effect of the program."
RANK_IS_NO_TEST = "A rank says nothing about chance: the figures stand beside it."
WAYS = {
    Way.UP: "more",
    Way.DOWN: "fewer",
    Way.SAME: "as many",
    Way.UNCLEAR: "no more different than chance would make them",
    Way.LOWEST: "the fewest",
    Way.HIGHEST: "the most",
}


def format_size(size: Size | None) -> str:
    """Format a size as it was meant: " by about 40%"; empty without one."""
    if size is None:
        return ""
    return f", {size}," if size.amount is Amount.LEVEL else f" by {size}"


def describe_says(says: Says) -> str:
    """Return "not more", "fewer by 40%", "fewer by more than chance"."""
    text = f"{'not ' if says.is_negated else ''}{WAYS[says.way]}{format_size(says.size)}"
    return f"{text}, by more than chance would explain," if says.beyond_chance else text


def describe_difference(finding: Finding, note: str = "") -> str:
    """Return "12 fewer than in the same days of 2025 (−25%)", never a percentage too small.

    `note` is put into the brackets with the percentage.
    """
    text, when = change_wording.describe_finding(finding), finding.against.days
    average = " on average" if len(finding.against.windows) > 1 else ""
    if finding.difference == 0:
        return f"as many as{average} in {when}"
    inside = "; ".join(filter(None, (text.percentage, note)))
    return f"{text.difference} than{average} in {when}{f' ({inside})' if inside else ''}"


def describe_rates(finding: Finding) -> str:
    """Return "23 in the 59 days from …, by the day 54% fewer" for times of unequal length."""
    text = change_wording.describe_finding(finding)
    way = "more" if (finding.difference or 0) > 0 else "fewer"
    size = f"{text.percentage.strip('+−')} " if text.percentage else ""
    by_day = f"{size}{way}" if finding.difference else "as many"
    before = wording.format_number(finding.tested.previous or 0)
    return f"{before} in {finding.against.days}, by the day {by_day}"


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


def render_answer(answer: ClaimAnswer, source: str, examples: Sequence[str]) -> str:
    """Write an answer as plain text: reading, verdict, figures, source, what is safe to say."""
    lines = [f"{answer.verdict.value.upper()}", answer.why, *answer.errors]
    if answer.reading:
        lines.insert(0, answer.reading)
    if not answer.figures.empty:
        for row in answer.figures.to_dict("records"):
            cells = [
                f"{name}: {value}"
                for name, value in row.items()
                if str(value) and value is not pd.NA
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
    return {
        "form": dict(codes),
        "verdict": answer.verdict.value,
        "reading": answer.reading,
        "why": answer.why,
        "safe": answer.safe,
        "figures": answer.figures.astype("object")
        .where(answer.figures.notna(), None)
        .to_dict("records"),
        "errors": list(answer.errors),
        "remarks": list(answer.remarks),
        "source": source if answer.from_release else "",
        "published": list(answer.sources),
    }
