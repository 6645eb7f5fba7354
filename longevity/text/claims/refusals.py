"""Why a text fills no form, in sentences; `phrases.txt` names them by the words that say so."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """A reason why a text is no claim that can be checked; the value is the sentence."""

    FUTURE = "It speaks of the future. The data say what was counted, not what will be."
    CAUSE = (
        "It says why, or who brought it about. Counts say how many and when, never why; what can "
        "be said about the program's effect is on the screen Evidence."
    )
    PROMISE = "It is a promise or a demand, which no count can bear out."
    BROAD = (
        "“Violence” and “crime” are no count. Say shooting incidents, people shot, people shot and "
        "killed, or homicides."
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
    WHICH_AREA = "More than one city has a neighbourhood of that name. Say which city."
    APART = "It knows the words, but not what they say together."
    RATE = (
        "A rate over time needs the residents of each year, and the data hold them for one. Say "
        "the count, or compare two places per resident."
    )
    TWO_WAYS = (
        "It can be read in two ways: against that one time, or all the time since. Say “lower than "
        "in 2019” or “the lowest since 2019”."
    )
    NO_RANGE = (
        "It says the fewest or the most, and not since when or of what. Say “since 2019”, “on "
        "record” or “of the cities”."
    )
    SHARE = "It says a share, and not of what: say “of the state's homicides”."
    TWO_COMPARISONS = (
        "It compares two places and two times, or says how many times as many. Say which place has "
        "fewer, for one time."
    )
    NO_MEASURE = (
        "It does not say what is counted: shooting incidents, people shot, people shot and killed, "
        "or homicides."
    )
    NO_STATEMENT = (
        "It says nothing that could be so or not: up, down, the fewest since, or how many."
    )
