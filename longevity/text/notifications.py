"""Custom notifications and the days after a shooting, in words.

Direct is a message to the member, collateral one to the family. An attempt that
met nobody is no notification. A shooting whose groups are not on file can be
neither notified nor not: it is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.text import frames, wording


def describe_notifications(
    frame: pd.DataFrame, cities: Mapping[str, str], least_base: int
) -> list[str]:
    """Describe `custom_notifications`, a sentence a city: direct ÷ attempted, and the rest."""
    sentences = []
    for name, rows in frames.split_by_city(frame, cities):
        row = rows.iloc[0]
        attempts = int(row.attempted)
        if not attempts:
            sentences.append(f"{name}: no custom notification was attempted in the twelve months.")
            continue
        sentence = (
            f"{name}: {wording.format_number(int(row.direct))} of "
            f"{wording.format_number(attempts)} attempted were direct"
        )
        if attempts >= least_base:
            sentence += f" ({wording.format_share(int(row.direct), attempts, least_base)})"
        sentence += (
            f", {wording.format_number(int(row.collateral))} through family, "
            f"{wording.format_number(int(row.no_contact))} met nobody; "
            f"{wording.count_noun(int(row.people_direct), 'member')} spoken to directly"
        )
        if row.group_unknown:
            sentence += (
                f"; the group is not on file for {wording.format_number(int(row.group_unknown))}"
            )
        sentences.append(f"{sentence}.")
    return sentences


def write_window_title(frame: pd.DataFrame) -> str:
    """Write the title of the picture of `retaliation_window`."""
    notices, incidents, unknown = frames.sum_columns(
        frame, "notified", "incidents", "group_unknown"
    )
    title = (
        f"A group was told in time of {wording.format_number(notices)} of "
        f"{wording.count_noun(incidents, 'group-member-involved shooting')}"
    )
    return f"{title}; unknown for {wording.format_number(unknown)}" if unknown else title


def write_notifications_title(frame: pd.DataFrame) -> str:
    """Write the title of the picture of `custom_notifications`."""
    messages, attempts = frames.sum_columns(frame, "direct", "attempted")
    return (
        f"{wording.format_number(messages)} of "
        f"{wording.count_noun(attempts, 'attempted notification')} spoke to the member"
    )


def describe_notice_in_time(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """Describe `retaliation_window`, a sentence a city: notified in time ÷ such shootings."""
    sentences = []
    for name, rows in frames.split_by_city(frame, cities):
        row = rows.iloc[0]
        if not row.incidents:
            sentences.append(f"{name}: no shooting confirmed as group-member-involved.")
            continue
        sentence = (
            f"{name}: after {row.notified} of "
            f"{wording.count_noun(int(row.incidents), 'group-member-involved shooting')} an "
            "involved group was notified in time"
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
        sentences.append(f"{'; '.join([sentence, *more])}.")
    return sentences
