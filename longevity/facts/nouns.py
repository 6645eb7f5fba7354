"""The measures that count shootings, homicides and the like, with what each is called."""

from __future__ import annotations

from collections.abc import Mapping

from longevity.words.declarations import load_measures
from longevity.words.language import ENGLISH, Spoken
from longevity.words.say import say

# {"victims": "people shot"}, in the language in use, in the order they are offered in.
MEASURES: Mapping[str, str] = Spoken(
    {
        name: f"{name}.noun"
        for name, measure in load_measures().items()
        if "noun" in measure.sentences.get(ENGLISH, {})
    },
    say,
)
