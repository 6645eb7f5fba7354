"""Custom notifications and the days after a shooting, in words.

Direct is a message to the member, collateral one to the family. An attempt that
met nobody is no notification. A shooting whose groups are not on file can be
neither notified nor not: it is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.text import wording


def direct(frame: pd.DataFrame, cities: Mapping[str, str], least_base: int) -> list[str]:
    """A sentence a city of `custom_notifications`: direct ÷ attempted, and the rest."""
    said = []
    for city, name in cities.items():
        own = frame[frame["city"] == city]
        if own.empty:
            continue
        row = own.iloc[0]
        attempted = int(row.attempted)
        if not attempted:
            said.append(f"{name}: no custom notification was attempted in the twelve months.")
            continue
        sentence = (
            f"{name}: {wording.number(int(row.direct))} of {wording.number(attempted)} attempted "
            f"were direct"
        )
        if attempted >= least_base:
            sentence += f" ({wording.share(int(row.direct), attempted, least_base)})"
        sentence += (
            f", {wording.number(int(row.collateral))} through family, "
            f"{wording.number(int(row.no_contact))} met nobody; "
            f"{wording.counted(int(row.people_direct), 'member')} spoken to directly"
        )
        if row.group_unknown:
            sentence += f"; the group is not on file for {wording.number(int(row.group_unknown))}"
        said.append(f"{sentence}.")
    return said


def window_title(frame: pd.DataFrame) -> str:
    """The title of the picture of `retaliation_window`."""
    columns = ("notified", "incidents", "group_unknown")
    notified, incidents, unknown = (int(frame[column].sum()) for column in columns)
    said = (
        f"A group was told within 72 hours of {wording.number(notified)} of "
        f"{wording.counted(incidents, 'group-member-involved shooting')}"
    )
    return f"{said}; unknown for {wording.number(unknown)}" if unknown else said


def direct_title(frame: pd.DataFrame) -> str:
    """The title of the picture of `custom_notifications`."""
    direct_, attempted = (int(frame[column].sum()) for column in ("direct", "attempted"))
    return (
        f"{wording.number(direct_)} of {wording.counted(attempted, 'attempted notification')} "
        "spoke to the member"
    )


def in_time(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """A sentence a city of `retaliation_window`: notified in three days ÷ such shootings."""
    said = []
    for city, name in cities.items():
        own = frame[frame["city"] == city]
        if own.empty:
            continue
        row = own.iloc[0]
        if not row.incidents:
            said.append(f"{name}: no shooting confirmed as group-member-involved.")
            continue
        sentence = (
            f"{name}: after {row.notified} of "
            f"{wording.counted(int(row.incidents), 'group-member-involved shooting')} an involved "
            "group was notified within 72 hours"
        )
        more = []
        if row.group_unknown:
            more.append(f"for {row.group_unknown} no group is on file, so it is unknown")
        if row.attempted_only:
            more.append(f"after {row.attempted_only} an attempt met nobody")
        if row.suspected:
            more.append(
                f"{row.suspected} more are only suspected and counted apart "
                f"({row.suspected_notified} notified)"
            )
        if row.gmi_unknown:
            more.append(f"involvement is unknown for {row.gmi_unknown} more")
        said.append(f"{'; '.join([sentence, *more])}.")
    return said
