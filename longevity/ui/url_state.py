"""Filters in the URL, so that a link reproduces the view and Back goes back.

Streamlit can bind a widget to the URL itself, but writes the option's words
there and forgets them on the way to another screen. Here the URL holds ids,
which stay true when words change, and a session's choices go along.
A value in a link that cannot be accepted is named, never dropped silently.

On a slow network the browser sends the link of before the last choice. A run that
brings a new choice was begun by it, not by a link: then what the session holds counts.
See docs/decisions/0010.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from longevity.measures.wording import escape_markdown

# A browser may still send the link of before the last choice; after this many
# seconds a link that differs is one the visitor went to.
SETTLES_IN = 0.75
LONGEST_SHOWN = 40
SEEN = "link.seen"  # what each widget held of late, by a visitor's hand or by ours
REMEMBERED = 4  # values; a browser that lags behind sends again what it held before
CHOSEN = "link.chosen"
PAGE, JUST_ARRIVED = "link.page", "link.just-arrived"


def begin_run() -> None:
    """See whether a choice began this run: at its start, before anything of this module."""
    memory = st.session_state
    new = [
        key
        for key, values in memory.get(SEEN, {}).items()
        if key in memory and memory[key] not in values
    ]
    memory[CHOSEN] = bool(new)
    for key in new:
        _note_value(key)


def note_page(title: str) -> None:
    """Note which page runs now, and whether the visitor was on another until this run."""
    memory = st.session_state
    memory[JUST_ARRIVED] = memory.get(PAGE) != title
    memory[PAGE] = title


def has_just_arrived() -> bool:
    """Return whether this run is the first on this page since the visitor was on another."""
    return bool(st.session_state.get(JUST_ARRIVED))


def adopt_choice(label: str, key: str, choices: Sequence[str]) -> None:
    """Give the widget `key`, before it is drawn, what the link or the session says."""
    refused = _adopt_value(key, choices[0], lambda value: value in choices)
    if refused:
        st.warning(
            f"The link asks for “{_show_value(refused)}” as {label.lower()}. "
            "That is not offered here, so it was left out."
        )


def adopt_text(label: str, key: str, longest: int) -> None:
    """Give the text box `key` the same, before it is drawn, of up to `longest` signs."""
    refused = _adopt_value(key, "", lambda value: len(value) <= longest)
    if refused:
        st.warning(
            f"The {label.lower()} in the link (“{_show_value(refused)}…”) is longer than "
            f"{longest} signs, so it was left out."
        )


def _adopt_value(key: str, usual: str, is_offered: Callable[[str], bool]) -> str:
    """Give a widget its value; return what the link asked for in vain, or ""."""
    memory, link_value = st.session_state, st.query_params.get(key)
    kept, arrived = memory.get(f"kept.{key}"), has_just_arrived()
    if link_value is None and arrived and kept and is_offered(kept):
        memory[key] = kept
    elif arrived or _has_gone_to(key, link_value):
        is_right = link_value is None or is_offered(link_value)
        memory[key] = link_value if link_value is not None and is_right else usual
        memory[f"refused.{key}"] = "" if is_right else link_value
    elif key not in memory or not is_offered(memory[key]):
        memory[key] = usual
    _note_value(key)
    return str(memory.get(f"refused.{key}") or "")


def _show_value(value: str) -> str:
    return escape_markdown(value[:LONGEST_SHOWN])


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
    if new:
        written = st.query_params.to_dict() | new
        st.query_params.from_dict({key: v for key, v in written.items() if v is not None})


def _is_new(key: str, link_value: str | None) -> bool:
    """Return whether the link has to be written, and note what it holds by then."""
    memory = st.session_state
    last, when = memory.get(f"linked.{key}", (None, 0.0))
    if last != link_value:
        memory[f"refused.{key}"] = ""
        when = 0.0  # where the link led nothing is on its way
    is_new = st.query_params.get(key) != link_value
    memory[f"linked.{key}"] = link_value, time.monotonic() if is_new else when
    return is_new


def _note_value(key: str) -> None:
    memory = st.session_state
    earlier_values, value = memory.get(SEEN, {}), memory.get(key)
    earlier = tuple(v for v in earlier_values.get(key, ()) if v != value)
    memory[SEEN] = {**earlier_values, key: (*earlier, value)[-REMEMBERED:]}


def _has_gone_to(key: str, link_value: str | None) -> bool:
    """Return whether the visitor went to another link since the last choice was written."""
    if st.session_state.get(CHOSEN):
        return False
    last_written, when = st.session_state.get(f"linked.{key}", (None, 0.0))
    return bool(link_value != last_written and time.monotonic() - when > SETTLES_IN)
