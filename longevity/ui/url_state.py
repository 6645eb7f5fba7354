"""Keep the choices of filters in the link (the URL's query), so that a link shows the same view.

Streamlit's own binding writes the words of an option into the URL, and forgets them on the way to
another screen. Here the link has ids, and the session keeps the choices for other screens. A value
in a link that is not offered is named in a warning.

Link and session can differ, so a widget's value is found so (docs/decisions/0010):
- on the first run of a page: the link's, else what was picked on a screen before, else the default;
- later, where the visitor followed a link: the link's, else the default;
- else, as after a choice while the browser still sends the old link: the widget's own.
A visitor followed a link where it differs from the one we wrote, no widget changed since the last
run, and the browser had time to catch up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import streamlit as st

from longevity.ui.markdown import escape_markdown

# A browser may still send the link of before the last choice; after this many
# seconds a link that differs is one the visitor went to.
SETTLES_IN = 0.75
LONGEST_SHOWN = 40
# Keys in the session.
CHOICES = "link.choices"  # the values of widgets at the end of the last run, by key
# What a person picked or a link asked for, by key, for other screens: {"city": "hartford"}.
PICKED = "link.picked"
WRITTEN = "link.written"  # the link that we wrote last, and when
REFUSED = "link.refused"  # by key, the values in the link that are not offered
# The page of the last run; whether this run is the first on its page; whether it reads the link.
PAGE, JUST_ARRIVED, READS_LINK = "link.page", "link.just-arrived", "link.reads-link"


def begin_run(page: str) -> None:
    """Find out, at the start of a run, whether the visitor followed a link or made a choice.

    Where the link is only behind (the session has newer choices), it is written again.
    """
    memory, link = st.session_state, st.query_params.to_dict()
    written, when = memory.get(WRITTEN, ({}, 0.0))
    choices = memory.setdefault(CHOICES, {})
    memory.setdefault(PICKED, {})
    # A widget's value is another than at the end of the last run.
    has_chosen = any(memory.get(key, choice) != choice for key, choice in choices.items())
    is_behind = has_chosen or time.monotonic() - when < SETTLES_IN
    memory[JUST_ARRIVED] = memory.get(PAGE) != page
    memory[READS_LINK] = memory[JUST_ARRIVED] or (link != written and not is_behind)
    memory[PAGE] = page
    if memory[READS_LINK] or has_chosen:
        memory[REFUSED] = {}
    if not memory[READS_LINK] and link != written:
        st.query_params.from_dict(written)


def has_just_arrived() -> bool:
    """Return whether this run is the first on this page since the visitor was on another."""
    return bool(st.session_state.get(JUST_ARRIVED))


def adopt_choice(label: str, key: str, usual: str, is_offered: Callable[[str], bool]) -> None:
    """Set the widget `key`, before it is drawn, to what the link or the session says.

    `label`: its name in a warning; `usual`: its default; `is_offered`: whether it has a value.
    """
    memory, asked = st.session_state, st.query_params.get(key)
    kept = memory[PICKED].get(key)
    if has_just_arrived() and asked is None and kept and is_offered(kept):
        memory[key] = kept
    elif memory[READS_LINK]:
        is_right = asked is None or is_offered(asked)
        memory[key] = asked if asked is not None and is_right else usual
        memory[REFUSED][key] = "" if is_right else asked
        if asked is not None and is_right:
            memory[PICKED][key] = asked
        elif not has_just_arrived():  # as by Back: what was picked since is undone
            memory[PICKED].pop(key, None)
    elif key not in memory or not is_offered(memory[key]):
        memory[key] = usual
    refused = memory[REFUSED].get(key)
    if refused:
        st.warning(
            f"The link asks for “{escape_markdown(refused[:LONGEST_SHOWN])}” as {label.lower()}. "
            "That is not offered here, so it was left out."
        )


def put_choice(key: str, value: str) -> None:
    """Set the widget `key`, before it is drawn, to a value that the page found itself."""
    memory = st.session_state
    memory[key] = memory[CHOICES][key] = memory[PICKED][key] = value


def keep_choices(choices: Mapping[str, tuple[str, bool]]) -> None:
    """Write choices into the link, once their widgets are drawn; keep them for other screens.

    Several go in at once, so that the Back button undoes them together. `choices`: by key, the
    choice and whether it is the default, which stays out of the link: {"city": ("east", False)}.
    """
    memory, link = st.session_state, st.query_params.to_dict()
    for key, (choice, _) in choices.items():
        # A default that nobody asked for is of this screen alone.
        if not memory[READS_LINK] and memory[CHOICES].get(key, choice) != choice:
            memory[PICKED][key] = choice
        memory[CHOICES][key] = choice
    new = {key: value for key, value in link.items() if key not in choices}
    new |= {key: choice for key, (choice, is_default) in choices.items() if not is_default}
    _, when = memory.get(WRITTEN, ({}, 0.0))
    # Sent also where it is as it was: for somebody who goes to and fro without waiting, Streamlit's
    # own script may write a screen's address without its query, and no run hears of it.
    st.query_params.from_dict(new)
    memory[WRITTEN] = new, time.monotonic() if new != link else when
