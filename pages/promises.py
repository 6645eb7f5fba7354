"""Promises: did groups stop, was each shooting answered, were those who stopped left alone?"""

import streamlit as st

from longevity.measures import bargain
from longevity.measures.wording import plain
from longevity.press import bargain as drawn
from longevity.screen import filters, guard, parts

visit = guard.enter("Promises")
guard.operational(visit)
city, _ = filters.own_city(visit)
drawing = visit.drawing()

promises = visit.ask("promises", city=city)
waiting = visit.ask("open_promises", city=city)
parts.answer_sentence(bargain.answer(promises.frame, waiting.frame))
parts.not_for_release(visit)
parts.absent(promises)

ledger = visit.ask("two_sided_ledger", city=city)
episodes = visit.ask("episodes", city=city)
through = promises.provenance.data_through or visit.today
restraint = visit.ask("restraint", city=city)
stopped = visit.ask("groups_that_stopped", city=city)
actions = visit.ask("restraint_actions", city=city)

st.markdown(plain(bargain.restraint(restraint.frame, stopped.frame)))
parts.chart(
    drawn.ledger(
        ledger.frame,
        episodes.frame.assign(state=episodes.frame["state_90"].map(bargain.stated)),
        actions.frame[actions.frame["broke_restraint"]],
        drawing,
        through,
        "The two-sided ledger",
    ),
    episodes,
    "promises.ledger",
)
parts.table(parts.named(ledger.frame, visit), ledger, "promises.groups", folded=True)

st.subheader("Open promises, the oldest first")
if waiting.frame.empty:
    st.success("No promise is waiting.", icon=":material/check:")
else:
    parts.table(parts.named(waiting.frame, visit), waiting, "promises.open")

st.subheader("Kept, late, open, broken")
parts.table(bargain.by_window(promises.frame, visit.cities), promises, "promises.windows")
st.markdown(plain(bargain.covered(promises.frame)))

st.subheader("Days to enforcement")
days = visit.ask("time_to_enforcement", city=city)
st.markdown(f"Median: {plain(bargain.medians(days.frame, visit.cities))}")
parts.chart(
    drawn.days_to_action(bargain.curves(days.frame), drawing, "How soon the promise is answered"),
    days,
    "promises.days",
)

st.subheader("Restraint")
st.markdown("Actions on groups with notice that had not shot in the 90 days before:")
broke = actions.frame[actions.frame["broke_restraint"]]
parts.table(parts.named(broke, visit), actions, "promises.restraint")
st.caption(
    "The rules, with a worked timeline: docs/promises.md. A shooting on the day of the notice is "
    "no violation; an action on the day of the shooting is day 0; day 90 belongs to the episode."
)
