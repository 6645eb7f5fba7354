"""What an import brought that is in no count: said aloud, or it would be missed by nobody."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.ingest.contract import COUNTED_CIRCUMSTANCES


def describe_uncounted(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return a sentence each: events without a victim, other weapons, circumstances left out.

    `frames`: the extracts of one source, by name. Of events and victims that come in files
    of their own nothing is said here: only together do they tell.
    """
    sentences = []
    incidents, victims = frames.get("incidents"), frames.get("victims")
    if incidents is not None and victims is not None:
        sentences += _describe_without_victim(incidents, victims)
    if victims is not None:
        sentences += _describe_other_weapons(victims)
    if incidents is not None:
        sentences += _describe_circumstances(incidents)
    return sentences


def _describe_without_victim(incidents: pd.DataFrame, victims: pd.DataFrame) -> list[str]:
    without = int((~incidents["incident_id"].isin(victims["incident_id"])).sum())
    if not without:
        return []
    have = "has" if without == 1 else "have"
    are = "is" if without == 1 else "are"
    return [
        f"{without:,} of {len(incidents):,} events {have} no victim and {are} in no count of "
        "shootings."
    ]


def _describe_other_weapons(victims: pd.DataFrame) -> list[str]:
    weapons, fatal = victims["weapon"].astype("str"), victims["outcome"].astype("str") == "fatal"
    sentences = []
    other = ~weapons.isin(["firearm", "unknown"])
    for those, what in ((other, "a weapon other than a firearm"), (weapons == "unknown", "")):
        many = int(those.sum())
        if not many:
            continue
        killed = int((those & fatal).sum())
        how = (
            f"were hurt by {what} ({_count_each(weapons[those])})"
            if what
            else "have weapon `unknown`"
        )
        sentences.append(
            f"{many:,} of {len(victims):,} victims {how} and are in no count of people shot: "
            f"{killed:,} killed, in homicides only; {many - killed:,} wounded, in no count."
        )
    return sentences


def _describe_circumstances(incidents: pd.DataFrame) -> list[str]:
    circumstances = incidents["circumstance"].astype("str")
    if len(circumstances) and (circumstances == "unknown").all():
        return [
            "The circumstance of no event is known, so all are counted: also accidents, suicides "
            "and shootings by the police, where the file holds any. Map `circumstance` if it does."
        ]
    left_out = circumstances[~circumstances.isin(COUNTED_CIRCUMSTANCES)]
    if left_out.empty:
        return []
    are = "is" if len(left_out) == 1 else "are"
    return [
        f"{len(left_out):,} of {len(incidents):,} events {are} in no count because of the "
        f"circumstance ({_count_each(left_out)})."
    ]


def _count_each(words: pd.Series) -> str:
    return ", ".join(f"`{word}` {count:,}" for word, count in words.value_counts().items())
