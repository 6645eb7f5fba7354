"""What a claim may ask that these data do not answer, and the sentence for each."""

from __future__ import annotations

import re
from enum import StrEnum

from longevity.text.claims.normalise import normalise_text


class Refusal(StrEnum):
    """A reason why a claim cannot be answered; the value is the sentence."""

    FUTURE = "It speaks of the future. The data say what was counted, not what will be."
    CAUSE = (
        "It says why, or who brought it about. Counts say how many and when, never why; what can "
        "be said about the program's effect is on the screen Evaluation."
    )
    PROMISE = "It is a promise or a demand, which no count can bear out."
    MEASURE = (
        "The data hold shooting incidents, people shot (killed or wounded) and homicides by any "
        "weapon, and nothing of what this is about."
    )
    BROAD = (
        "“Violence” and “crime” are no count. Say shooting incidents, people shot, people shot and "
        "killed, or homicides."
    )
    WHO = (
        "It is about who was hurt or who did it. A claim is checked for everybody together; who "
        "is hurt is on the screen Compare cities."
    )
    PLACE = "It is about a place these data do not count, or not by itself."
    VAGUE = (
        "It gives no size that can be held against a count. Say “down”, “down 12%”, “halved” or "
        "“12 fewer”."
    )
    TIME = (
        "The time is not one this reads. Say “this year”, “in 2024”, “in October 2024”, “last "
        "week” or “in the last 28 days”."
    )
    QUESTION = "It is a question. Write what you would say, and it is checked."
    TOO_LONG = "It is too long for one claim. Write one sentence."
    EMPTY = "There is nothing to read."
    TWO_CLAIMS = "It makes more than one claim. Check them one at a time."
    TWO_PLACES = (
        "It names more than one place. Check one at a time, say “the cities together”, or “fewer "
        "… than” to compare two."
    )
    EACH = "It is about each city, which is a claim for each. Check them one at a time."
    NEGATED_SIZE = "It says how much it is not. Say what it is, and it is checked."
    RATE = (
        "A rate over time needs the residents of each year, and the data hold them for one. Say "
        "the count, or compare two cities per resident."
    )
    TWO_WAYS = (
        "It can be read in two ways: against that one year, or every year since. Say “lower than "
        "in 2019” or “the lowest since 2019”."
    )
    NO_RANGE = (
        "It says the fewest or the most, and not since when. Say “since 2019”, “in five years” or "
        "“on record”."
    )
    TWO_COMPARISONS = (
        "It compares two cities and two times, or says how many times as many. Say which city has "
        "fewer, for one time."
    )
    RANK_OF_PROGRAM = "A rank needs a year to begin with. Say “since 2019” or “in five years”."


def list_refusal_patterns(program: str) -> list[tuple[Refusal, str]]:
    """List the phrases that make each refusal, as patterns."""
    program_pattern = re.escape(normalise_text(program))
    months = "january|february|march|april|may|june|july|august|september|october|november|december"
    return [
        (
            Refusal.FUTURE,
            "will|shall|going to|gonna|next (?:year|month|week|summer|decade)|tomorrow|soon|"
            "expect(?:s|ed)?|forecasts?|predict(?:s|ed)?|projected|about to|(?:in )?the future|"
            "would|could|might|likely|by (?:the end of )?(?:19|20)[0-9]{2}",
        ),
        (
            Refusal.CAUSE,
            "because(?: of)?|due to|thanks to|caus(?:e|es|ed)(?: by)?|as a result(?: of)?|"
            "results? of|owing to|led to|work(?:s|ed|ing)?|effective|success(?:ful)?|"
            "succeed(?:s|ed)?|fail(?:s|ed|ing)?|credit|prevent(?:s|ed)?|sav(?:e|es|ed)|"
            "(?:the |our )?(?:program|programme|initiative|strategy|police|policing|mayor|"
            f"governor|call ins?|{program_pattern})|"
            "reason(?:s)?|impact|effect|thank(?:s)?|reduces|so that",
        ),
        (
            Refusal.PROMISE,
            "promis(?:e|es|ed)|pledge[ds]?|guarantee[ds]?|vow(?:s|ed)?|should|must|needs? to|"
            "ought|swear|let us",
        ),
        (
            Refusal.MEASURE,
            "robber(?:y|ies)|arrests?|arrested|overdos(?:e|es)|burglar(?:y|ies)|(?:car )?thefts?|"
            "assaults?|stabbings?|rapes?|carjackings?|shots fired|shots|gunshots?|guns seized|"
            "suicides?|police shootings?|officer involved shootings?|mass shootings?|"
            "school shootings?|accidental shootings?|drive by shootings?|domestic violence|"
            "hate crimes?|drug crimes?|drugs?|deaths?|clearances?|clearance rate|guns|convictions|"
            "recidivism|prison(?:ers)?|spending|budget|money|accidents?|crashes|calls",
        ),
        (Refusal.BROAD, "(?:violent |gun )?crimes?|(?:gun |street )?violence|violent|gunfire"),
        (
            Refusal.WHO,
            "(?:young |old )?(?:black |white )?(?:men|man|women|woman|males?|females?)|"
            "boys?|girls?|youths?|teens?|teenagers?|children|child|kids?|students?|black|white|"
            "hispanic|latinos?|african americans?|gangs?|groups?|group member involved|"
            "gang related|gmi|members?|suspects?|shooters?|killers?",
        ),
        (
            Refusal.PLACE,
            "nation ?wide|nationally|(?:in |across )?the (?:country|nation|region|united states|us|"
            "world)|america|country|nation|county|counties|suburbs?|downtown|neighbou?rhoods?|"
            "streets?|blocks?|schools?|districts?|wards?|towns?|elsewhere",
        ),
        (
            Refusal.VAGUE,
            "slightly|sharply|dramatically|substantially|a lot|much|far|a little|many|few|several|"
            "a few|better|worse|improved|improving|chang(?:e|es|ed|ing)|differ(?:s|ent)?|safe|good|"
            "bad|terrible|great|huge|massive|record|historic|trend(?:s|ing)?|problem",
        ),
        (
            Refusal.TIME,
            f"(?:in |since |during )?(?:{months})|(?:in )?(?:this|the|last|past) (?:month|quarter|"
            "summer|winter|spring|autumn|fall|weekend|decade)|this week|yesterday|today|recently|"
            "at night|months?|weeks?|weekends?|nights?|days?|lately|so far this (?:month|week)|"
            "(?:over |in )?(?:the )?(?:last|past) (?:few|several) (?:years|months|weeks|days)",
        ),
    ]
