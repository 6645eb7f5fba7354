"""The form to check a claim, such as "people shot are down 20% from last year".

A claim has five parts (what, where, when, says, against). A sentence fills the boxes, or a viewer
chooses in them; the verdict is shown as a badge. `claims/form.toml` declares the boxes' choices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import streamlit as st

from longevity.claims import evidence, reader
from longevity.claims.form import (
    OFFERS,
    PARTS,
    PROGRAM,
    Names,
    complete_form,
    parse_part,
)
from longevity.claims.reader import Reading
from longevity.claims.verdict import ClaimAnswer, Verdict
from longevity.facts.counted import MEASURES
from longevity.screens import claim_check
from longevity.screens.choice import Values
from longevity.screens.report import Report
from longevity.screens.screen import Screen
from longevity.ui import url_state
from longevity.ui.markdown import escape_markdown
from longevity.ui.page_context import PageContext
from longevity.words.wording import start_sentence

CHOOSE = ""  # the code of a part that is still open
CLAIM = "claim"
CHOOSE_WORDS = "Choose …"
WRITTEN = (
    "For example, with the name of a city and a year of yours: people shot in … are down since "
    "last year; no one was shot in … last week; homicides in … are the lowest since …; at least 10 "
    "people were shot in … in …"
)
FILLED = "claim.filled"  # the key, in the session, of the sentence that last filled the boxes
# How wide each box is, and the words for it in "Choose … and …".
BOXES = {
    "what": (4, "what is counted"),
    "where": (4, "where"),
    "when": (4, "when"),
    "says": (3, "what it says"),
    "against": (5, "against what"),
}
# The sign and colour of each verdict, which also has a word: no colour says anything alone.
Colour = Literal["green", "red", "orange", "violet", "blue"]
BADGES: dict[Verdict, tuple[str, Colour]] = {
    Verdict.SUPPORTED: (":material/check_circle:", "green"),
    Verdict.BY_COUNT: (":material/contrast:", "orange"),
    Verdict.NOT_SUPPORTED: (":material/cancel:", "red"),
    Verdict.DEPENDS: (":material/balance:", "violet"),
    Verdict.CANNOT: (":material/help:", "blue"),
}


@dataclass(frozen=True)
class ClaimBoxes:
    """The boxes of the form. `names`: the places and their names; `first`, `through`: the data's
    first and last day.
    """

    names: Names
    first: date
    through: date

    def ask_claim(self, default: str | None) -> Reading:
        """Draw the sentence's box and those of the parts; return the claim, or what is missing.

        A new sentence sets the boxes. `default`: the place where a sentence names none.
        """
        text = _ask_text()
        reading = reader.read_text(text, self.names, default) if text else None
        if reading and text != st.session_state.get(FILLED):
            filled = reading.form.write_codes() if reading.form else reading.codes
            for part in PARTS:
                url_state.put_choice(part, filled.get(part, CHOOSE))
        st.session_state[FILLED] = text
        codes = self._choose_codes(is_read=reading is not None)
        usual = {"where": next(iter(self.names.places)), "when": "ytd", "against": "each"}
        parts = {p: (code, bool(text) or code in ("", usual.get(p))) for p, code in codes.items()}
        url_state.keep_choices({CLAIM: (text, not text), **parts})
        if reading is None:
            return self._build_form(codes)
        still = "" if reading.form else " Choose it above, and it is checked."
        return replace(reading, why=f"{reading.why}{still}")

    def _choose_codes(self, is_read: bool) -> dict[str, str]:
        """Draw the boxes, and return the code chosen in each: {"what": "victims", "when": "ytd"}.

        `is_read`: a sentence was read, which wins over what a link says.
        """
        with st.container(key="claim-boxes"):
            columns = st.columns([width for width, _ in BOXES.values()])
        codes: dict[str, str] = {}
        for column, part in zip(columns, BOXES, strict=True):
            names = self.list_choices(part, codes)
            value = st.session_state.get(part)
            if part in ("what", "says") or value == CHOOSE:
                names = {CHOOSE: CHOOSE_WORDS, **names}
            # A sentence and a link can say more than a box offers, such as a size.
            for code in (value, st.query_params.get(part)):
                if code and parse_part(part, code, self.names) is not None:
                    names.setdefault(code, start_sentence(code))
            if not is_read:
                first = next(iter(names))
                url_state.adopt_choice(
                    part.capitalize(), part, usual=first, is_offered=names.__contains__
                )
            with column:
                code = st.selectbox(
                    part.capitalize(),
                    list(names),
                    format_func=names.__getitem__,
                    key=part,
                    on_change=_drop_text,
                )
                codes[part] = code or CHOOSE
        return codes

    def list_choices(self, part: str, codes: Mapping[str, str]) -> dict[str, str]:
        """Return what a part of a claim can be, by its code. `codes`: the parts chosen so far."""
        years = range(self.through.year - 1, self.first.year - 1, -1)
        of_program = {what: share.label for what, share in PROGRAM.items()}
        choices: dict[str, dict[str, str]] = {
            "what": {what: start_sentence(MEASURES[what]) for what in MEASURES} | of_program,
            "where": self.names.places,
            "when": OFFERS.when | {str(year): str(year) for year in years},
            "says": OFFERS.says["program" if codes.get("what") in PROGRAM else "violence"],
            "against": {
                **OFFERS.against,
                **{f"year:{year}": f"Same time of {year}" for year in years},
                **{f"since:{year}": f"Every year since {year}" for year in years},
            },
        }
        return choices[part]

    def _build_form(self, codes: Mapping[str, str]) -> Reading:
        """Return the claim of the chosen codes, or a reading that says what is still to choose."""
        parts = {part: parse_part(part, code, self.names) for part, code in codes.items()}
        missing = [asked for part, (_, asked) in BOXES.items() if parts[part] is None]
        if missing:
            return Reading(why=f"Choose {' and '.join(missing)}, and it is checked.")
        return Reading(codes, form=complete_form(parts, ""))


def _ask_text() -> str:
    """Draw the box for a sentence, and return what is in it."""
    url_state.adopt_choice(
        "Claim", CLAIM, usual="", is_offered=lambda text: len(text) <= reader.LONGEST
    )
    with (
        st.form("claim.form", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(
            "What you want to say",
            key=CLAIM,
            max_chars=reader.LONGEST,
            placeholder="For example: people shot are down 20% from last year",
            help=WRITTEN,
        )
        st.form_submit_button("Check", icon=":material/rule:")
    return str(st.session_state[CLAIM]).strip()


def _drop_text() -> None:
    """Clear the sentence: once a box is changed by hand, it says something else."""
    st.session_state[CLAIM] = ""


def draw_verdict(answer: ClaimAnswer, text: str) -> None:
    """Draw the verdict as a badge, the claim as it was understood, and what is safe to say."""
    icon, colour = BADGES[answer.verdict]
    with st.container(border=True, key="claim-verdict"):
        st.badge(answer.verdict.value.capitalize(), icon=icon, color=colour)
        for said in filter(None, (f"“{text}”" if text else "", answer.reading)):
            st.markdown(escape_markdown(said))
        if answer.safe:
            st.markdown("**Safe to say**")
            st.code(answer.safe, language=None, wrap_lines=True)


def _build(visit: PageContext, _chosen: Values) -> Report:
    """Return the screen for the claim in the boxes, and draw its verdict under them."""
    names, city = evidence.Evidence(visit).names, st.query_params.get("city")
    boxes = ClaimBoxes(names, *visit.find_span())
    reading = boxes.ask_claim(city if city in names.cities else None)
    answer = visit.compute(claim_check.answer_reading, reading)
    if reading.form is not None or reading.text:
        draw_verdict(answer, reading.text)
    return claim_check.build(visit, reading.form, answer)


SCREEN = Screen(
    "claim_check",
    "Claim check",
    group="Publish",
    place=1,
    icon=":material/rule:",
    help="Whether something may be said. Choose it part by part, or write it as you would say "
    "it, and take the wording that is safe.",
    build=_build,
)
