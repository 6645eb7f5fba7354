"""The help behind the ⓘ of each screen's title: what the screen answers and what to do first."""

from __future__ import annotations

QUESTIONS = {
    "Briefing": "Whether more people are being shot than last year, and where. Read the "
    "sentence in bold first; the slides and the two pages say the same.",
    "This week": "One city’s last week, for Monday’s meeting. Choose the city and the week, "
    "then take the page as a PDF.",
    "Map": "Where people were shot. Click an area, or choose one from the list, to "
    "open its years and hours.",
    "Compare cities": "Whether a city differs from the others, or from itself before, by more "
    "than chance. Choose what is counted.",
    "Evidence": "Whether shootings changed when the program came. Choose a city, "
    "and read what the data cannot tell before quoting it.",
    "Call-ins": "Who was invited, who came, and who should be warned next. Begin with the groups "
    "to call in next.",
    "Follow-up": "Whether enforcement followed each shooting after notice, and whether groups that "
    "stopped were left alone. Begin with what is open.",
    "Support": "Who came home and was met, and who comes next. Each part below stands for "
    "itself: supervision, services, requests, money.",
    "Press desk": "One chart to take along. Pick it, check the picture and its title, then "
    "download it with its source.",
    "Claim check": "Whether something may be said. Choose it part by part, or write it as you "
    "would say it, and take the wording that is safe.",
    "Sources": "What the figures are made from, how far they go, what changed, and which "
    "listings are due for review. Look here when a number surprises you.",
}
# The help for the public, where it sees a short form of a screen; "" where the screen is shut.
FOR_THE_PUBLIC = {
    "Call-ins": "How many of those invited were reached, came and were helped, of the newest year "
    "that is closed.",
    "Follow-up": "How often enforcement followed a shooting after notice, and how soon, a "
    "closed year at a time.",
    "This week": "",
    "Support": "",
}


def describe_screen(title: str, public: bool) -> str:
    """Return the help of the screen with this title; "" where there is none."""
    return (FOR_THE_PUBLIC if public else {}).get(title, QUESTIONS.get(title, ""))
