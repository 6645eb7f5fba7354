"""What a screen is: its title, who it is for, its help, its filters, and the report it builds.

Each is declared once, as `SCREEN` in the module named like its file in `pages/`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from longevity.screens.choice import Choice, Values
from longevity.screens.report import Report

GROUPS = ("Overview", "Violence", "Program", "Publish", "Data")  # of the navigation, in order
# What is chosen comes in by name. A screen with controls of its own is given Streamlit's context.
Build = Callable[[Any, Values], Report]


@dataclass(frozen=True)
class PublicForm:
    """The short form of a screen that the public gets, made of public tables, with its help."""

    help: str
    build: Build


@dataclass(frozen=True)
class Screen:
    """One screen.

    `name`: of its file in `pages/` and in links; `group`, `place`: where it is in the navigation;
    `help`: what it answers and what to do first, behind the ⓘ of its title; `choices`: the filters
    over it, of which a later one may depend on those before. `inside`: it names groups or people by
    code, so that the public gets the `public` form, or is told that it is shut.
    """

    name: str
    title: str
    group: str
    place: int
    icon: str
    help: str
    build: Build
    choices: tuple[Choice, ...] = ()
    inside: bool = False
    public: PublicForm | None = None

    def find_help(self, is_public: bool) -> str:
        """Return the help for the public or another viewer; "" where the screen is shut to them."""
        if is_public and self.inside:
            return self.public.help if self.public else ""
        return self.help
