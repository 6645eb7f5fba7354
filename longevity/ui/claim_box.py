"""A claim's form: a sentence that fills it, a box for each part, and the verdict as a badge.

`claims/form.toml` declares what a box offers; the years and places are those of a release. A `#` in
a code is a number that is given next to the box; OTHER_DATES are two days given there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import streamlit as st

from longevity import windows
from longevity.claims import reader
from longevity.claims.form import (
    BASES,
    DECLARED,
    EACH,
    PARTS,
    PROGRAM,
    STATE,
    ClaimKind,
    Comparator,
    Names,
    complete_form,
    parse_part,
)
from longevity.claims.reader import Reading
from longevity.claims.verdict import ClaimAnswer, Verdict
from longevity.claims.when import ALL
from longevity.findings.finding import TOGETHER
from longevity.measures.nouns import MEASURES
from longevity.measures.wording import escape_markdown, start_sentence
from longevity.ui import url_state

NUMBER = "#"
OTHER_DATES = "#..#"
CHOOSE = ""  # a part that a text leaves open
CLAIM = "claim"
NOTHING_YET = "Nothing is checked yet. Write what you want to say, or choose it."
CHOOSE_WORDS = "Choose …"
FILLED = "claim.filled"  # the sentence that the boxes were filled by; gone when one is chosen anew
LABELS = {"what": "What", "where": "Where", "when": "When", "says": "Says", "against": "Against"}
ASKED = {
    "what": "what is counted",
    "where": "where",
    "when": "when",
    "says": "what it says",
    "against": "against what",
}
# Word, sign and colour: none of them alone.
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
    """The boxes of the form for these places and days."""

    names: Names
    first: date
    through: date

    def ask_claim(self, examples: Sequence[str], default: str | None) -> Reading:
        """Draw the sentence and the boxes, and return what they say: without a form and a reason
        nothing was written or chosen. `default`: the place where a sentence names none.
        """
        text = _ask_text()
        beginning = st.container()
        reading = reader.read_text(text, self.names, default) if text else None
        codes = self._choose_codes(reading, is_new=text != st.session_state.get(FILLED, ""))
        st.session_state[FILLED] = text
        is_usual = all(code == self._list_usual_codes()[part] for part, code in codes.items())
        if is_usual and not text:
            with beginning:
                offer_examples(examples)
        leaves_out = is_usual or reading is not None
        parts = {part: (code, leaves_out or code == CHOOSE) for part, code in codes.items()}
        url_state.keep_choices({CLAIM: (text, not text), **parts})
        if reading is None:
            return Reading() if is_usual else self._build_form(codes)
        is_open = reading.why and {*PARTS} - {*reading.codes}
        still = " Choose what is open above, and it is checked." if is_open else ""
        return replace(reading, why=f"{reading.why}{still}", marked=reading.marked or text)

    def _list_usual_codes(self) -> dict[str, str]:
        """Return what stands in the boxes before anybody chose: no claim, which nobody made."""
        codes = {"what": CHOOSE, "where": next(iter(self.names.places)), "when": "ytd"}
        return codes | {"says": CHOOSE, "against": "each"}

    def _choose_codes(self, reading: Reading | None, is_new: bool) -> dict[str, str]:
        """Draw each box, and return the code that was chosen in it."""
        filled = _write_codes(reading) if reading else {}
        with st.container(key="claim-boxes"):
            columns = dict(zip(LABELS, st.columns([4, 4, 4, 3, 5]), strict=True))
        codes: dict[str, str] = {}
        for part, label in LABELS.items():
            names = self.list_choices(part, codes)
            if self._list_usual_codes()[part] == CHOOSE:
                names = {CHOOSE: CHOOSE_WORDS, **names}
            if reading is not None and is_new:
                url_state.put_choice(part, filled.get(part, CHOOSE))
            value = st.session_state.get(part)
            for code in (value, st.query_params.get(part)):
                if code and code not in names and self._can_be_chosen(part, code, codes):
                    names[code] = start_sentence(code)
            if value == CHOOSE:
                names[CHOOSE] = CHOOSE_WORDS
            if reading is None:
                url_state.adopt_choice(label, part, list(names))
            with columns[part]:
                codes[part] = self._ask_part(part, names)
        return codes

    def _ask_part(self, part: str, names: Mapping[str, str]) -> str:
        code = st.selectbox(
            LABELS[part],
            list(names),
            format_func=lambda one: names.get(one, one),
            key=part,
            on_change=_drop_text,
        )
        if code == OTHER_DATES:
            return self._ask_dates(part)
        if NUMBER in code:
            is_year = part == "against"
            label, usual = ("Year", self.through.year - 1) if is_year else ("Number", 10)
            number = st.number_input(
                label, 0, 1_000_000, usual, key=f"claim.number.{part}", on_change=_drop_text
            )
            return code.replace(NUMBER, str(number))
        return str(code)

    def _ask_dates(self, part: str) -> str:
        days = st.date_input(
            "From and to",
            (date(self.through.year, 1, 1), self.through),
            self.first,
            self.through,
            key=f"claim.days.{part}",
            on_change=_drop_text,
        )
        return f"{days[0]}..{days[1]}" if len(days) == 2 else CHOOSE

    def list_choices(self, part: str, codes: Mapping[str, str]) -> dict[str, str]:
        """Return what a part of a claim can be, by its code. `codes`: the parts chosen so far."""
        if part == "what":
            of_program = {what: declared["label"] for what, declared in PROGRAM.items()}
            return {what: start_sentence(noun) for what, noun in MEASURES.items()} | of_program
        if part == "where":
            return self.names.places
        if part == "when":
            return self._list_times()
        if part == "says":
            return dict(DECLARED["says"]["program" if codes["what"] in PROGRAM else "violence"])
        return self._list_against(codes)

    def _list_times(self) -> dict[str, str]:
        """Return times, the newest first, that are over on the last day of the data."""
        times, newest = dict(DECLARED["when"]), self.through.year - 1
        of_program = {ALL: times.pop(ALL)}
        years = {str(year): str(year) for year in range(newest, self.first.year - 1, -1)}
        months = windows.list_months(max(self.first, date(newest, 1, 1)), self.through)
        whole = {f"{at:%Y-%m}": f"{at:%B %Y}" for at, until in reversed(months) if until.day == 1}
        return times | years | whole | of_program

    def _list_against(self, codes: Mapping[str, str]) -> dict[str, str]:
        where, kind, names = codes["where"], self._find_kind(codes), self.names
        gone = [] if "/" in where else ["all-areas"]
        gone += [] if names.has_program else ["pre-program"]
        result = {c: label for c, label in DECLARED["against"][kind].items() if c not in gone}
        if kind is ClaimKind.CHANGE and where not in (TOGETHER, STATE, EACH):
            city, _, area = where.partition("/")
            near = [p for p in names.areas if p.startswith(f"{city}/")] if area else names.cities
            others = {place: names.places[place] for place in near if place != where}
            result |= {f"than:{place}": name for place, name in others.items()}
            result |= {f"rate:{place}": f"{name}, per resident" for place, name in others.items()}
        return result

    def _find_kind(self, codes: Mapping[str, str]) -> ClaimKind:
        """Return which kind of claim these parts make; a change where they make none yet."""
        says = parse_part("says", codes["says"].replace(NUMBER, "1"), self.names)
        form = complete_form({"what": codes["what"], "says": says}, "") if says else None
        return form.kind if form else ClaimKind.CHANGE

    def _can_be_chosen(self, part: str, code: str, codes: Mapping[str, str]) -> bool:
        """Return whether a code from a link or a sentence can be one of this box."""
        said = parse_part(part, code, self.names)
        if isinstance(said, Comparator):
            return said.base in BASES[self._find_kind(codes)]
        return said is not None

    def _build_form(self, codes: Mapping[str, str]) -> Reading:
        parts = {part: parse_part(part, code, self.names) for part, code in codes.items()}
        missing = [ASKED[part] for part in PARTS if parts[part] is None]
        if missing:
            return Reading(why=f"Choose {' and '.join(missing)}, and it is checked.")
        return Reading(codes, form=complete_form(parts, ""))


def _write_codes(reading: Reading) -> Mapping[str, str]:
    return reading.form.write_codes() if reading.form else reading.codes


def _ask_text() -> str:
    """Draw the box for a sentence, and return it; empty without one."""
    url_state.adopt_text("Claim", CLAIM, reader.LONGEST)
    with (
        st.form("claim.form", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(
            "What you want to say",
            key=CLAIM,
            max_chars=reader.LONGEST,
            placeholder="How many, where, when, against what",
        )
        st.form_submit_button("Check", icon=":material/rule:")
    return str(st.session_state[CLAIM]).strip()


def _drop_text() -> None:
    """Drop the sentence: what is chosen by hand is no longer what it says."""
    st.session_state[CLAIM] = ""
    st.session_state[FILLED] = ""


def offer_examples(examples: Sequence[str]) -> None:
    """Draw a button for each example."""
    if not examples:
        return
    st.markdown("**Claims that these data support**")
    with st.container(horizontal=True):
        for at, example in enumerate(examples):
            st.button(
                escape_markdown(example),
                key=f"claim.example.{at}",
                on_click=_take_example,
                args=(example,),
            )


def _take_example(example: str) -> None:
    st.session_state[CLAIM] = example


def draw_verdict(answer: ClaimAnswer, text: str) -> None:
    """Draw the verdict, a word, a sign and a colour, and what it judges: the sentence written, or
    what was chosen. Below it a sentence that is so, which goes into the form by a press.
    """
    icon, colour = BADGES[answer.verdict]
    with st.container(border=True, key="claim-verdict"):
        st.badge(answer.verdict.value.capitalize(), icon=icon, color=colour)
        st.markdown(escape_markdown(f"“{text}”" if text else answer.reading))
        if answer.offered:
            st.markdown(f"**{escape_markdown(answer.introduction)}**")
            st.button(
                escape_markdown(answer.offered),
                key="claim.offer",
                on_click=_take_example,
                args=(answer.offered,),
            )
