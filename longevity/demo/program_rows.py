"""Rows of the program itself: groups, people, call-ins, notifications, enforcement."""

from __future__ import annotations

import numpy as np

from longevity.demo.enforcement import Actions
from longevity.demo.extract_tables import CodeColumn, ExtractRows, WordColumn
from longevity.demo.notice import ANNOUNCED, ATTENDED, CONTACTS, ROUTES
from longevity.demo.plan import Plan
from longevity.demo.roster import SUPERVISED
from longevity.demo.simulate_episodes import ENFORCEMENT_BEHIND
from longevity.demo.streams import NEVER, Ints, draw_between

# Code names of groups: stones and metals, so that none is taken for a person's.
LABELS = (
    "Granite",
    "Basalt",
    "Slate",
    "Quartz",
    "Marble",
    "Gravel",
    "Copper",
    "Nickel",
    "Cobalt",
    "Zinc",
    "Chalk",
    "Flint",
    "Gypsum",
    "Pumice",
    "Shale",
    "Schist",
    "Gneiss",
    "Bauxite",
    "Feldspar",
    "Dolomite",
    "Limestone",
    "Sandstone",
    "Obsidian",
    "Titanium",
    "Tungsten",
)
REVIEWED_EVERY = 5 * 365  # days; a listing must be reviewed within five years
REVIEW_DONE = 0.96


def make_group_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row a group and audit; a group not yet audited has a row without a date."""
    every = plan.roster.groups
    group = np.array([audit[0] for audit in every.audits], dtype=np.int64)
    audited = np.array([audit[1] for audit in every.audits], dtype=np.int64)
    members = np.array([-1 if a[2] is None else a[2] for a in every.audits], dtype=np.int64)
    first = np.append(True, group[1:] != group[:-1])[: group.size]
    labels = [
        LABELS[g % len(LABELS)] + (f" {g // len(LABELS) + 1}" if g >= len(LABELS) else "")
        for g in group.tolist()
    ]
    succeeded = np.where(every.active_until < as_of, every.succeeded_by, -1)[group]
    return ExtractRows(
        "groups",
        np.where(first, every.known_from[group], audited),
        {
            "group_id": CodeColumn(f"{prefix}g", group + 1),
            "label": labels,
            "audited_on": audited,
            "members": np.where(audited <= as_of, members, -1),
            "active_from": every.active_from[group],
            "active_until": every.active_until[group],
            "succeeded_by": CodeColumn(f"{prefix}g", np.where(succeeded >= 0, succeeded + 1, -1)),
        },
    )


def make_people_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row a person; listings are reviewed every five years, some are let slip."""
    roster = plan.roster
    slipped = np.floor(np.log1p(-roster.reviewed_by[:, 0]) / np.log(REVIEW_DONE))
    ends = np.minimum(as_of, roster.delisted)
    reviews = np.minimum(np.maximum(ends - roster.listed_on, 0) // REVIEWED_EVERY, slipped)
    return ExtractRows(
        "people",
        roster.listed_on,
        {
            "person_id": CodeColumn(f"{prefix}p", np.arange(roster.listed_on.size) + 1),
            "listed_on": roster.listed_on,
            "review_by": roster.listed_on + REVIEWED_EVERY * (reviews.astype(np.int64) + 1),
            "delisted_on": roster.delisted,
        },
    )


def make_membership_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row a person, group and time."""
    roster = plan.roster
    return ExtractRows(
        "memberships",
        np.maximum(roster.since, roster.listed_on[roster.member]),
        {
            "person_id": CodeColumn(f"{prefix}p", roster.member + 1),
            "group_id": CodeColumn(f"{prefix}g", roster.group + 1),
            "from_on": roster.since,
            "until_on": roster.until,
        },
    )


def make_supervision_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row a person, kind and time."""
    roster = plan.roster
    return ExtractRows(
        "supervision_spells",
        np.maximum(roster.spell_from, roster.listed_on[roster.supervised]),
        {
            "person_id": CodeColumn(f"{prefix}p", roster.supervised + 1),
            "kind": WordColumn(SUPERVISED, roster.kind),
            "from_on": roster.spell_from,
            "until_on": roster.spell_until,
            "required_contacts_a_month": roster.required,
        },
    )


def make_call_in_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row a session; of one not held only the plan is known."""
    notices, u = plan.notices, plan.notices.session_draws
    was_held = notices.held_on <= as_of

    def draw_count(column: int, least: int, most: int) -> Ints:
        return np.where(was_held, draw_between(u[:, column], least, most), -1)

    return ExtractRows(
        "call_ins",
        notices.scheduled - ANNOUNCED,
        {
            "call_in_id": CodeColumn(f"{prefix}c", np.arange(notices.held_on.size) + 1),
            "scheduled_for": notices.scheduled,
            "held_on": notices.held_on,
            "community_speakers": draw_count(5, 1, 5),
            "family_speakers": draw_count(6, 0, 3),
            "law_enforcement": draw_count(7, 4, 12),
            "service_providers": draw_count(2, 2, 9),
            "cases_prepared": draw_count(3, 0, 4),
        },
    )


def make_invitation_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row a person asked to a session that was held."""
    notices = plan.notices
    return ExtractRows(
        "invitations",
        notices.held_on[notices.session],
        {
            "call_in_id": CodeColumn(f"{prefix}c", notices.session + 1),
            "person_id": CodeColumn(f"{prefix}p", notices.person + 1),
            "route": WordColumn(ROUTES, notices.route),
            "reachable": notices.reachable,
            "attended": WordColumn(ATTENDED, notices.attended),
        },
    )


def make_notification_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row an attempt."""
    notifications = plan.notices.notifications
    after = np.array([each.after for each in notifications], dtype=np.int64)
    number = plan.world.number[after] if after.size else after
    day = np.array([each.day for each in notifications], dtype=np.int64)
    return ExtractRows(
        "custom_notifications",
        day,
        {
            "notification_id": [prefix + each.code for each in notifications],
            "person_id": CodeColumn(
                f"{prefix}p", np.array([each.person for each in notifications], dtype=np.int64) + 1
            ),
            "group_id": CodeColumn(
                f"{prefix}g", np.array([each.group for each in notifications], dtype=np.int64) + 1
            ),
            "attempted_on": day,
            "contact": WordColumn(
                CONTACTS, np.array([each.contact for each in notifications], dtype=np.int64)
            ),
            "trigger_incident_id": CodeColumn(f"{prefix}i", np.where(after >= 0, number, -1)),
        },
    )


def make_action_rows(plan: Plan, actions: Actions, prefix: str, as_of: int) -> ExtractRows:
    """Return one row an action, on file once the record is complete for its day."""
    on_file = actions.day + ENFORCEMENT_BEHIND
    disposed = actions.disposed + ENFORCEMENT_BEHIND <= as_of
    number = plan.world.number[actions.trigger]
    return ExtractRows(
        "enforcement_actions",
        on_file,
        {
            "action_id": [prefix + code for code in actions.code],
            "group_id": CodeColumn(
                f"{prefix}g", np.where(actions.group >= 0, actions.group + 1, -1)
            ),
            "person_id": CodeColumn(
                f"{prefix}p", np.where(actions.person >= 0, actions.person + 1, -1)
            ),
            "trigger_incident_id": CodeColumn(
                f"{prefix}i", np.where(actions.trigger >= 0, number, -1)
            ),
            "acted_on": actions.day,
            "kind": WordColumn(actions.KINDS, actions.kind),
            "agency": WordColumn(actions.AGENCIES, actions.agency),
            "scope": WordColumn(("group", "individual"), actions.scope),
            "disposed_on": np.where(disposed, actions.disposed, NEVER),
            "disposition": WordColumn(
                actions.DISPOSITIONS, np.where(disposed, actions.disposition, actions.PENDING)
            ),
        },
    )
