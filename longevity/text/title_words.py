"""The words by which a title tells of a direction, a rank, a denial, a cause, or how sure it is."""

from __future__ import annotations

UP, DOWN, MOST, LEAST, DENIAL, CAUSE = "rise", "fall", "most", "least", "denial", "cause"
SURE = "certainty"


def _split_words(words: str) -> frozenset[str]:
    return frozenset(words.split())


WordPlaces = dict[str, set[str]]  # each word with the places it is said of, "" for none
WORDS = {
    UP: "up more high higher over above rise rises rising rose risen grow grows grew grown growing "
    "growth worse exceed exceeds exceeded beyond record wave waves booms boom boomed "
    "mounting mounts mounted swell swells swelled swollen",
    DOWN: "down fewer less low lower below under fall falls falling fell fallen drop drops dropped "
    "dropping cut cuts halve halved half better safer safe shrink shrinks shrank shrunk shrinking "
    "sank sink sinks sinking sunk dip dips dipped dipping slid slide slides sliding lull lulls "
    "eased eases easing ebb ebbs ebbed",
    MOST: "most highest largest worst top peak peaks peaked greatest biggest deadliest first leads "
    "ahead beat beats tops topped trails behind",
    LEAST: "least lowest smallest fewest best last safest",
    DENIAL: "no not never none nobody nothing without neither nor hardly barely cannot",
    CAUSE: "because thanks due owing worked works success successful fails failed failure saved "
    "saves proves proven credit credits credited blame blames blamed led drove driven therefore",
    SURE: "clear clearly chance chances luck lucky fluke certain certainly surely undoubtedly "
    "doubt definite definitely real really significant significantly coincidence random",
}
# Whatever begins so.
STEMS = {
    UP: "increas surg soar jump climb doubl tripl quadrupl spik skyrocket balloon explod explos "
    "escalat multipl worsen rocket upward heighten",
    DOWN: "decreas declin plung plummet tumbl crash collaps slump improv reduc dwindl reced subsid "
    "downward nosediv diminish lessen",
    MOST: "outpac surpass overtak outstrip dwarf",
    CAUSE: "caus prevent attribut",
}
CLASSES = {word: kind for kind, text in WORDS.items() for word in text.split()}
_STEMS = [(stem, kind) for kind, text in STEMS.items() for stem in text.split()]
NUMBER_WORDS = _split_words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred hundreds thousand thousands million millions billion billions dozen dozens score "
    "scores couple pair half halves halved halving third thirds quarter quarters fifth fifths "
    "tenth tenths once twice thrice double doubled doubles doubling triple tripled triples "
    "tripling treble quadruple quadrupled single handful several many few"
)
MONTHS = _split_words(
    "january february march april may june july august september october november december jan feb "
    "mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday "
    "sunday"
)
# Words a year may follow, and those it may not stand before: then it is a count.
BEFORE_YEAR = (
    _split_words(
        "in of to from since and through than until till by for between during year the before "
        "after or early late mid"
    )
    | MONTHS
)
SMALL = BEFORE_YEAR | _split_words("a an at no more most fewer where by about with on")
NO_NAMES = MONTHS | SMALL
COUNT_WORDS = _split_words(
    "people persons person victims victim shootings shooting incidents homicides deaths were was "
    "shot killed wounded injured residents men women children more fewer less of"
)
UNITS = {
    **dict.fromkeys(["%", "percent", "percentage", "pct"], "%"),
    **dict.fromkeys(["×", "x", "times", "fold", "-fold"], "×"),
    **{word: word for word in _split_words("million billion thousand dollars points point")},
    **{"k": "thousand", "m": "million", "bn": "billion"},
    **{
        one + end: one
        for one in _split_words("hour day week month quarter year")
        for end in ("", "s")
    },
}


def find_kind(word: str) -> str:
    """Return what kind a word (in small letters) is of; "" for none."""
    if word in CLASSES:
        return CLASSES[word]
    return next((kind for stem, kind in _STEMS if word.startswith(stem)), "")
