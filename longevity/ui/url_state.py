"""Filters in the URL, so that a link reproduces the view and Back goes back.

Streamlit can bind a widget to the URL itself, but writes the option's words
there and forgets them on the way to another screen. Here the URL holds ids,
which stay true when words change, and a session's choices go along.
A value in a link that cannot be accepted is named, never dropped silently.

On a slow network the browser sends the link of before the last choice. A run that
brings a new choice was begun by it, not by a link: then what the session holds counts.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import streamlit as st

from longevity.text.wording import escape_markdown
from longevity.ui import page_context

# A browser may still send the link of before the last choice; after this many
# seconds a link that differs is one the visitor went to.
SETTLES_IN = 0.75
LONGEST_SHOWN = 40
SEEN = "link.seen"  # what each widget held of late, by a visitor's hand or by ours
REMEMBERED = 4  # values; a browser that lags behind sends again what it held before
CHOSEN = "link.chosen"


def begin_run() -> None:
    """See whether a choice began this run: at its start, before anything of this module."""
    memory = st.session_state
    earlier_values = memory.get(SEEN, {})
    new = [
        key for key, values in earlier_values.items() if key in memory and memory[key] not in values
    ]
    memory[CHOSEN] = bool(new)
    for key in new:
        _note_value(key)


def adopt_choice(
    label: str, key: str, choices: Sequence[str], elsewhere: Mapping[str, str] | None = None
) -> None:
    """Give the widget `key`, before it is drawn, what the link or the session says.

    `elsewhere`: choices of other screens that this one does not offer, and what is said of each.
    """
    memory = st.session_state
    memory[f"default.{key}"] = choices[0]
    link_value = st.query_params.get(key)
    arrived = page_context.has_just_arrived()
    if link_value is None and arrived and memory.get(f"kept.{key}") in choices:
        memory[key] = memory[f"kept.{key}"]
    elif arrived or _has_gone_to(key, link_value):
        memory[key] = link_value if link_value in choices else choices[0]
        memory[f"refused.{key}"] = (
            link_value if link_value is not None and link_value not in choices else None
        )
    elif memory.get(key) not in choices:
        memory[key] = choices[0]
    _note_value(key)
    refused = memory.get(f"refused.{key}")
    if refused is not None and elsewhere and refused in elsewhere:
        st.caption(elsewhere[refused])
    elif refused is not None:
        st.warning(
            f"The link asks for “{escape_markdown(refused[:LONGEST_SHOWN])}” as {label.lower()}. "
            "There is no such choice, so it was left out."
        )


def adopt_text(label: str, key: str, longest: int) -> None:
    """Give the text box `key` the same, before it is drawn, of up to `longest` signs."""
    memory = st.session_state
    link_value = st.query_params.get(key)
    arrived = page_context.has_just_arrived()
    if link_value is None and arrived and memory.get(f"kept.{key}"):
        memory[key] = memory[f"kept.{key}"]
    elif arrived or _has_gone_to(key, link_value):
        fits = link_value is None or len(link_value) <= longest
        memory[key] = (link_value or "") if fits else ""
        memory[f"refused.{key}"] = None if fits else link_value
    _note_value(key)
    refused = memory.get(f"refused.{key}")
    if refused is not None:
        st.warning(
            f"The {label.lower()} in the link (“{escape_markdown(refused[:LONGEST_SHOWN])}…”) is "
            "longer than "
            f"{longest} signs, so it was left out."
        )


def put_choice(key: str, value: str) -> None:
    """Give the widget `key`, before it is drawn, what the page made of another choice."""
    st.session_state[key] = value
    _note_value(key)


def renew_words(key: str, names: Mapping[str, str]) -> None:
    """Have the select box `key`, before it is drawn, show what its choice is called by now.

    A browser keeps the words it showed: of another chart's title, where the kind is the same.
    """
    memory = st.session_state
    choice = memory[key]
    if memory.get(f"words.{key}") not in (None, names[choice]):
        memory[key] = choice  # given anew, it is sent with the box
    memory[f"words.{key}"] = names[choice]


def keep_choice(key: str, choice: str, is_default: bool) -> None:
    """Write the choice, after its widget, into the link; remember it for other screens."""
    keep_choices({key: (choice, is_default)})


def keep_choices(choices: Mapping[str, tuple[str, bool]]) -> None:
    """Write several choices, after their widgets, in one step, so that Back undoes them together.

    `choices`: by key the choice, and whether it is the default, which stays out of the link.
    """
    link_values = {key: None if default else choice for key, (choice, default) in choices.items()}
    for key, (choice, _) in choices.items():
        st.session_state[f"kept.{key}"] = choice
    new = {key: value for key, value in link_values.items() if _is_new(key, value)}
    if not new:
        return
    others = {key: each for key, each in st.query_params.to_dict().items() if key not in new}
    st.query_params.from_dict(
        others | {key: value for key, value in new.items() if value is not None}
    )


def _is_new(key: str, link_value: str | None) -> bool:
    """Return whether the link has to be written, and note what it holds by then."""
    memory = st.session_state
    if memory.get(f"linked.{key}", (None, 0.0))[0] != link_value:
        memory[f"refused.{key}"] = None
    if st.query_params.get(key) == link_value:
        memory.setdefault(f"linked.{key}", (link_value, 0.0))
        if memory[f"linked.{key}"][0] != link_value:
            memory[f"linked.{key}"] = (link_value, 0.0)  # the link led: nothing is on its way
        return False
    memory[f"linked.{key}"] = (link_value, time.monotonic())
    return True


def carry_choices(keys: Sequence[str], arriving: bool) -> dict[str, str]:
    """Return what links to other screens carry: the choices the page about to run will hold.

    The link of this page alone would be one choice behind: the page writes it later.
    """
    carried = {}
    for key in keys:
        link_value = st.query_params.get(key)
        choice = st.session_state.get(key)
        if choice is None or arriving or _has_gone_to(key, link_value):
            choice = link_value
        elif choice == st.session_state.get(f"default.{key}"):
            choice = None
        if choice is not None:
            carried[key] = str(choice)
    return carried


def _note_value(key: str) -> None:
    memory = st.session_state
    earlier_values, value = memory.get(SEEN, {}), memory.get(key)
    earlier = tuple(one for one in earlier_values.get(key, ()) if one != value)
    memory[SEEN] = {**earlier_values, key: (*earlier, value)[-REMEMBERED:]}


def _has_gone_to(key: str, link_value: str | None) -> bool:
    """Return whether the visitor went to another link since the last choice was written."""
    if st.session_state.get(CHOSEN):
        return False
    last_written, when = st.session_state.get(f"linked.{key}", (None, 0.0))
    return bool(link_value != last_written and time.monotonic() - when > SETTLES_IN)
