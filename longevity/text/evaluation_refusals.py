"""Why a series has no estimate, in words."""

from __future__ import annotations

from longevity.stats.evaluation import Finding
from longevity.stats.evaluation_checks import Reason, Refusal
from longevity.text.effect_wording import count_units, format_month, name_measure


def describe_finding_without_estimate(finding: Finding) -> str:
    """Return that there is no estimate for a series, and why."""
    if finding.refusal is None:
        raise ValueError(f"{finding.measure} has an estimate")
    why = _explain(finding, finding.refusal)
    return f"There is no estimate for {name_measure(finding.measure)}: {why}."


def _explain(finding: Finding, refusal: Refusal) -> str:
    """Return why a series has no estimate, as a clause."""
    span = finding.span
    match refusal.reason:
        case Reason.ENDS_TOO_EARLY:
            return (
                f"the {span.unit}s judged end in {format_month(span, span.last)}, before the first "
                f"whole {span.unit} of the program, {format_month(span, span.first)}"
            )
        case Reason.TOO_FEW_MONTHS:
            until = f", to {format_month(span, span.last)}," if refusal.side == "after" else ""
            return (
                f"only {refusal.count} {span.unit}{'' if refusal.count == 1 else 's'} "
                f"{refusal.side} the launch{until} can be used, and {refusal.least} are needed"
            )
        case Reason.TOO_FEW_COUNTED:
            return (
                f"only {refusal.count} {name_measure(finding.measure)} are on file in the "
                f"{span.unit}s {refusal.side} the launch, and {refusal.least} are needed"
            )
        case Reason.NOT_REVIEWED:
            return _explain_reviews(finding, refusal)
        case Reason.NOT_SHOWN:
            return "what the reviews found is not shown here"
        case Reason.NOT_SETTLED:
            return "the model does not settle on these counts"


def _explain_reviews(finding: Finding, refusal: Refusal) -> str:
    text = (
        f"{refusal.count} of {count_units(refusal.whole, finding.span)} before the launch are at "
        f"least 80% reviewed, and {refusal.least} are needed; a step in what reviews "
        "confirm may be the reviews starting"
    )
    if refusal.since is None:
        return text
    return f"{text}. They reach that in {format_month(finding.span, refusal.since)}"
