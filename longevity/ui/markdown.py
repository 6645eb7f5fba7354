"""Text from outside, as Streamlit's Markdown shows it."""

from __future__ import annotations

import re

from longevity.base import labels


def escape_markdown(text: str) -> str:
    """Escape text from outside, so that Markdown shows it as it is, on one line.

    Invisible characters, such as those that turn the direction of text, are left out.
    """
    text = labels.UNSEEN.sub("", re.sub(r"[\r\n\t\v\f\u2028\u2029]+", " ", text))
    for sign in "\\`*_{}[]<>#$|~:&":
        text = text.replace(sign, "\\" + sign)
    return text
