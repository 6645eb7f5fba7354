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


def begin() -> None:
    """At the start of a run, before anything of this module: see whether a choice began it."""
    memory = st.session_state
    seen = memory.get(SEEN, {})
    new = [key for key, held in seen.items() if key in memory and memory[key] not in held]
    memory[CHOSEN] = bool(new)
    for key in new:
        _note(key)


def adopt(
    label: str, key: str, choices: Sequence[str], elsewhere: Mapping[str, str] | None = None
) -> None:
    """Before the widget `key` is drawn: give it what the link or the session says.

    `elsewhere`: choices of other screens that this one does not offer, and what is said of each.
    """
    memory = st.session_state
    memory[f"default.{key}"] = choices[0]
    asked = st.query_params.get(key)
    arrived = page_context.just_arrived()
    if asked is None and arrived and memory.get(f"kept.{key}") in choices:
        memory[key] = memory[f"kept.{key}"]
    elif arrived or _gone_to(key, asked):
        memory[key] = asked if asked in choices else choices[0]
        memory[f"refused.{key}"] = asked if asked is not None and asked not in choices else None
    elif memory.get(key) not in choices:
        memory[key] = choices[0]
    _note(key)
    refused = memory.get(f"refused.{key}")
    if refused is not None and elsewhere and refused in elsewhere:
        st.caption(elsewhere[refused])
    elif refused is not None:
        st.warning(
            f"The link asks for “{escape_markdown(refused[:LONGEST_SHOWN])}” as {label.lower()}. "
            "There is no such choice, so it was left out."
        )


def adopt_text(label: str, key: str, longest: int) -> None:
    """Before the text box `key` is drawn: the same for free text of up to `longest` signs."""
    memory = st.session_state
    asked = st.query_params.get(key)
    arrived = page_context.just_arrived()
    if asked is None and arrived and memory.get(f"kept.{key}"):
        memory[key] = memory[f"kept.{key}"]
    elif arrived or _gone_to(key, asked):
        fits = asked is None or len(asked) <= longest
        memory[key] = (asked or "") if fits else ""
        memory[f"refused.{key}"] = None if fits else asked
    _note(key)
    refused = memory.get(f"refused.{key}")
    if refused is not None:
        st.warning(
            f"The {label.lower()} in the link (“{escape_markdown(refused[:LONGEST_SHOWN])}…”) is "
            "longer than "
            f"{longest} signs, so it was left out."
        )


def put(key: str, value: str) -> None:
    """Before the widget `key` is drawn: give it what the page itself made of another choice."""
    st.session_state[key] = value
    _note(key)


def keep(key: str, choice: str, is_default: bool) -> None:
    """After the widget: write the choice into the link and remember it for other screens."""
    keep_together({key: (choice, is_default)})


def keep_together(choices: Mapping[str, tuple[str, bool]]) -> None:
    """After several widgets: the same for all, in one step, so that Back undoes them together.

    `choices`: by key the choice, and whether it is the default, which stays out of the link.
    """
    written = {key: None if default else choice for key, (choice, default) in choices.items()}
    for key, (choice, _) in choices.items():
        st.session_state[f"kept.{key}"] = choice
    new = {key: value for key, value in written.items() if _is_new(key, value)}
    if not new:
        return
    others = {key: each for key, each in st.query_params.to_dict().items() if key not in new}
    st.query_params.from_dict(
        others | {key: value for key, value in new.items() if value is not None}
    )


def _is_new(key: str, written: str | None) -> bool:
    """Return whether the link has to be written, and note what it holds by then."""
    memory = st.session_state
    if memory.get(f"linked.{key}", (None, 0.0))[0] != written:
        memory[f"refused.{key}"] = None
    if st.query_params.get(key) == written:
        memory.setdefault(f"linked.{key}", (written, 0.0))
        if memory[f"linked.{key}"][0] != written:
            memory[f"linked.{key}"] = (written, 0.0)  # the link led: nothing is on its way
        return False
    memory[f"linked.{key}"] = (written, time.monotonic())
    return True


def along(keys: Sequence[str], arriving: bool) -> dict[str, str]:
    """What the links to other screens carry: the choices the page about to run will hold.

    The link of this page alone would be one choice behind: the page writes it later.
    """
    carried = {}
    for key in keys:
        asked = st.query_params.get(key)
        chosen = st.session_state.get(key)
        if chosen is None or arriving or _gone_to(key, asked):
            chosen = asked
        elif chosen == st.session_state.get(f"default.{key}"):
            chosen = None
        if chosen is not None:
            carried[key] = str(chosen)
    return carried


def _note(key: str) -> None:
    memory = st.session_state
    seen, value = memory.get(SEEN, {}), memory.get(key)
    held = tuple(one for one in seen.get(key, ()) if one != value)
    memory[SEEN] = {**seen, key: (*held, value)[-REMEMBERED:]}


def _gone_to(key: str, asked: str | None) -> bool:
    """Whether the visitor went to another link since the last choice was written."""
    if st.session_state.get(CHOSEN):
        return False
    written, when = st.session_state.get(f"linked.{key}", (None, 0.0))
    return bool(asked != written and time.monotonic() - when > SETTLES_IN)
