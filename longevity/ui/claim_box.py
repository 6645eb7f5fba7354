"""The text box a claim is written into, and the verdict as a badge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from longevity.text.claims import parse
from longevity.text.claims.verdict import ClaimAnswer, Verdict
from longevity.text.wording import escape_markdown
from longevity.ui import url_state

CLAIM = "claim"
# Word, sign and colour: none of them alone.
Colour = Literal["green", "red", "orange", "blue"]
BADGES: dict[Verdict, tuple[str, Colour]] = {
    Verdict.SUPPORTED: (":material/check_circle:", "green"),
    Verdict.NOT_SUPPORTED: (":material/cancel:", "red"),
    Verdict.DEPENDS: (":material/balance:", "orange"),
    Verdict.CANNOT: (":material/help:", "blue"),
}


def asked(examples: Sequence[str]) -> str:
    """The claim to check, kept in the link; empty without one."""
    url_state.adopt_text("Claim", CLAIM, parse.LONGEST)
    with st.form("claim.form", border=False):
        st.text_input(
            "What you want to say",
            key=CLAIM,
            max_chars=parse.LONGEST,
            placeholder=examples[0],
        )
        st.form_submit_button("Check", icon=":material/rule:")
    text = str(st.session_state[CLAIM]).strip()
    url_state.keep(CLAIM, text, not text)
    return text


def offered(examples: Sequence[str]) -> None:
    """A button an example."""
    st.markdown("**Claims it can read**")
    with st.container(horizontal=True):
        for at, example in enumerate(examples):
            st.button(
                escape_markdown(example), key=f"claim.example.{at}", on_click=_take, args=(example,)
            )


def _take(example: str) -> None:
    st.session_state[CLAIM] = example


def badge(judged: ClaimAnswer) -> None:
    """The verdict: a word, a sign and a colour."""
    icon, colour = BADGES[judged.verdict]
    st.badge(judged.verdict.value.capitalize(), icon=icon, color=colour)
