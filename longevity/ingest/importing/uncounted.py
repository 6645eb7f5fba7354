"""What an import brought that is in no count: said aloud, or it would be missed by nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from longevity.ingest.contract import COUNTED_CIRCUMSTANCES


def describe_uncounted(extracts: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield a sentence each: events without a victim, other weapons, circumstances left out.

    `extracts`: those of one source, by name. Of events and victims that come in files
    of their own nothing is said here: only together do they tell.
    """
    incidents, victims = extracts.get("incidents"), extracts.get("victims")
    if incidents is not None and victims is not None:
        without = int((~incidents["incident_id"].isin(victims["incident_id"])).sum())
        have, are = ("has", "is") if without == 1 else ("have", "are")
        if without:
            yield (
                f"{without:,} of {len(incidents):,} events {have} no victim and {are} in no count "
                "of shootings."
            )
    if victims is not None:
        yield from _describe_other_weapons(victims)
    if incidents is not None:
        yield from _describe_circumstances(incidents["circumstance"])


def _describe_other_weapons(victims: pd.DataFrame) -> Iterator[str]:
    weapons = victims["weapon"]
    other, unknown = weapons[~weapons.isin(["firearm", "unknown"])], weapons[weapons == "unknown"]
    for those, how in (
        (other, f"were hurt by a weapon other than a firearm ({_count_each(other)})"),
        (unknown, "have weapon `unknown`"),
    ):
        killed = int((victims.loc[those.index, "outcome"] == "fatal").sum())
        if len(those):
            yield (
                f"{len(those):,} of {len(victims):,} victims {how} and are in no count of people "
                f"shot: {killed:,} killed, in homicides only; {len(those) - killed:,} wounded, in "
                "no count."
            )


def _describe_circumstances(circumstances: pd.Series) -> Iterator[str]:
    left_out = circumstances[~circumstances.isin(COUNTED_CIRCUMSTANCES)]
    if len(circumstances) and (circumstances == "unknown").all():
        yield (
            "The circumstance of no event is known, so all are counted: also accidents, suicides "
            "and shootings by the police, where the file holds any. Map `circumstance` if it does."
        )
    elif len(left_out):
        yield (
            f"{len(left_out):,} of {len(circumstances):,} events "
            f"{'is' if len(left_out) == 1 else 'are'} in no count because of the circumstance "
            f"({_count_each(left_out)})."
        )


def _count_each(words: pd.Series) -> str:
    return ", ".join(f"`{word}` {count:,}" for word, count in words.value_counts().items())
