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
from collections.abc import Callable, Mapping

import streamlit as st

from longevity.measures.wording import escape_markdown

# A browser may still send the link of before the last choice; after this many
# seconds a link that differs is one the visitor went to.
SETTLES_IN = 0.75
LONGEST_SHOWN = 40
CHOICES = "link.choices"  # by key what was chosen last, on this screen or another
WRITTEN = "link.written"  # the link as it was written last, and when
REFUSED = "link.refused"  # by key what the link asks for in vain
PAGE, JUST_ARRIVED, WENT = "link.page", "link.just-arrived", "link.went"


def begin_run(page: str) -> None:
    """See, at the start of a run, whether the visitor went to another link or chose something."""
    memory, link = st.session_state, st.query_params.to_dict()
    written, when = memory.get(WRITTEN, ({}, 0.0))
    choices = memory.setdefault(CHOICES, {})
    has_chosen = any(memory.get(key, choice) != choice for key, choice in choices.items())
    is_behind = has_chosen or time.monotonic() - when < SETTLES_IN
    memory[JUST_ARRIVED] = memory.get(PAGE) != page
    memory[WENT] = memory[JUST_ARRIVED] or (link != written and not is_behind)
    memory[PAGE] = page
    if memory[WENT] or has_chosen:
        memory[REFUSED] = {}
    if not memory[WENT] and link != written:
        st.query_params.from_dict(written)


def has_just_arrived() -> bool:
    """Return whether this run is the first on this page since the visitor was on another."""
    return bool(st.session_state.get(JUST_ARRIVED))


def adopt_choice(label: str, key: str, usual: str, is_offered: Callable[[str], bool]) -> None:
    """Give the widget `key`, before it is drawn, what the link or the session says."""
    memory, asked = st.session_state, st.query_params.get(key)
    kept = memory[CHOICES].get(key)
    if has_just_arrived() and asked is None and kept and is_offered(kept):
        memory[key] = kept
    elif memory[WENT]:
        is_right = asked is None or is_offered(asked)
        memory[key] = asked if asked is not None and is_right else usual
        memory[REFUSED][key] = "" if is_right else asked
    elif key not in memory or not is_offered(memory[key]):
        memory[key] = usual
    refused = memory[REFUSED].get(key)
    if refused:
        st.warning(
            f"The link asks for “{escape_markdown(refused[:LONGEST_SHOWN])}” as {label.lower()}. "
            "That is not offered here, so it was left out."
        )


def put_choice(key: str, value: str) -> None:
    """Give the widget `key`, before it is drawn, what the page made of another choice."""
    st.session_state[key] = st.session_state[CHOICES][key] = value


def keep_choice(key: str, choice: str, is_default: bool) -> None:
    """Write the choice, after its widget, into the link; remember it for other screens."""
    keep_choices({key: (choice, is_default)})


def keep_choices(choices: Mapping[str, tuple[str, bool]]) -> None:
    """Write several choices, after their widgets, in one step, so that Back undoes them together.

    `choices`: by key the choice, and whether it is the default, which stays out of the link.
    """
    memory, link = st.session_state, st.query_params.to_dict()
    memory[CHOICES] |= {key: choice for key, (choice, _) in choices.items()}
    new = {key: value for key, value in link.items() if key not in choices}
    new |= {key: choice for key, (choice, is_default) in choices.items() if not is_default}
    _, when = memory.get(WRITTEN, ({}, 0.0))
    if new != link:
        st.query_params.from_dict(new)
        when = time.monotonic()
    memory[WRITTEN] = new, when
