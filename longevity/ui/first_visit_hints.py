"""What a screen answers and what to do first: a line for whoever opens it for the first time.

It stands until it is closed or the visitor goes on to another screen, once a session, and is
never printed.
"""

from __future__ import annotations

import streamlit as st

from longevity.text.wording import escape_markdown

OPEN, READ = "hints.open", "hints.read"  # the screen whose hint stands open; those already read
# A hint is for the screen, not for the paper.
UNPRINTED = "<style>@media print { .st-key-hint { display: none; } }</style>"
HINTS = {
    "State briefing": "Whether more people are being shot than last year, and where. Read the "
    "sentence in bold first; the slides and the two pages say the same.",
    "Weekly review": "One city’s last week, for Monday’s meeting. Choose the city and the week "
    "in the sidebar, then take the page as a PDF.",
    "Neighbourhoods": "Where people were shot. Click an area, or choose one in the sidebar, to "
    "open its years and hours.",
    "Compare cities": "Whether a city differs from the others, or from itself before, by more "
    "than chance. Choose in the sidebar what is counted.",
    "Evaluation": "Whether shootings changed when the program came. Choose a city in the sidebar, "
    "and read what the data cannot tell before quoting it.",
    "Call-ins": "Who was invited, who came, and who should be told next. Begin with where members "
    "were lost on the way.",
    "Promises": "Whether each shooting after notice was answered, and whether groups that stopped "
    "were left alone. Begin with the open promises.",
    "Coming home": "Who came home and was met, and who comes next. Each part below stands for "
    "itself: supervision, services, requests, money, lists.",
    "Press charts": "One chart to take along. Pick it, check the picture and its title, then "
    "download it with its source.",
    "Claim check": "Whether a sentence may be said. Write it as you would say it, and take the "
    "wording that is safe.",
    "Sources and checks": "What the figures are made from, how far they go, and what changed. "
    "Look here when a number surprises you.",
}
# What differs for the public: a short form of a screen; nothing where it is shut and says so.
FOR_THE_PUBLIC = {
    "Call-ins": "How many of those invited were reached, came and were helped, of the newest year "
    "that is closed.",
    "Promises": "How many promises that came due were answered, and how soon, a closed year at a "
    "time.",
    "Weekly review": "",
    "Coming home": "",
}


def show(title: str, arrived: bool, public: bool) -> None:
    """The hint of this screen on its first visit. `arrived`: the first run since another screen."""
    read = st.session_state.setdefault(READ, set())
    if arrived:
        st.session_state[OPEN] = None if title in read else title
        read.add(title)
    hint = (FOR_THE_PUBLIC if public else {}).get(title, HINTS.get(title, ""))
    if st.session_state.get(OPEN) != title or not hint:
        return
    with st.container(key="hint", horizontal=True, vertical_alignment="center"):
        st.html(UNPRINTED)
        st.caption(f":material/lightbulb: {escape_markdown(hint)}", width="stretch")
        st.button("Got it", key="hint.close", type="tertiary", on_click=_close)


def _close() -> None:
    st.session_state[OPEN] = None
