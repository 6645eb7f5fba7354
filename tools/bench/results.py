"""All that was measured at one size, and its tables."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, field

from longevity.ui.navigation import SCREENS
from tools.bench.browser import WITH_MAPS, Seen, Waited
from tools.bench.clock import PARTS
from tools.bench.comparison import ScreenComparison
from tools.bench.documents import DocumentTimes
from tools.bench.homes import BenchHome
from tools.bench.screens import Change, ScreenTimes
from tools.bench.timing import milliseconds, percentile, seconds_of, size, times
from tools.bench.viewer_load import ViewerLoad

Table = tuple[str, list[str], list[list[str]]]
TITLES = {screen.file: screen.title for screen in SCREENS}
FUNCTIONS = 6  # of a profile that are told


@dataclass
class SizeResults:
    """Everything of one size; a part that was not measured is empty."""

    name: str
    made: BenchHome
    screens: list[ScreenTimes] = field(default_factory=list)
    waited: Waited = field(default_factory=Waited)
    documents: DocumentTimes = field(default_factory=DocumentTimes)
    compared: ScreenComparison = field(default_factory=ScreenComparison)
    loaded: ViewerLoad = field(default_factory=ViewerLoad)
    failed: list[str] = field(default_factory=list)

    def tables(self) -> list[Table]:
        """Every table of this size."""
        return [
            self._changes(),
            self._parts(),
            self._usual_ways(),
            self._browser(),
            self._documents(),
        ]

    def of_bare(self) -> dict[str, float]:
        """Each screen's first visit against the bare page of its kind."""
        bare = {kind: percentile(seen.first, 0.5) for kind, seen in self.waited.bare.items()}
        return {
            name: percentile(seen.first, 0.5) / bare["map" if name in WITH_MAPS else "chart"]
            for name, seen in self.waited.screens.items()
            if seen.first and bare
        }

    def _changes(self) -> Table:
        rows = []
        for one in self.screens:
            if one.failed and not one.first:
                rows.append([one.title, f"FAILED: {one.failed}", *[""] * 9])
                continue
            first, again = _seconds(one.first), _seconds(one.again)
            rows.append(
                [
                    one.title,
                    f"{len(first)}, {len(again)}",
                    milliseconds(one.arrived),
                    size(one.arrived_bytes),
                    *(milliseconds(percentile(first, share)) for share in (0.5, 0.95)),
                    *(milliseconds(percentile(again, share)) for share in (0.5, 0.95)),
                    milliseconds(percentile([c.processor for c in one.first], 0.5)),
                    size(percentile([c.sent for c in one.first], 0.5)),
                    size(one.held),
                ]
            )
        columns = [
            "screen",
            "changes",
            "first visit",
            "sent",
            "first p50",
            "p95",
            "again p50",
            "p95",
        ]
        columns += ["of processors", "sent", "memory"]
        return "A change of a filter, server side, over the websocket", columns, rows

    def _parts(self) -> Table:
        rows = []
        for one in self.screens:
            if one.first:
                rows.append([one.title, "asked first", *_spent(one.first)])
            if one.again:
                rows.append(["", "asked before", *_spent(one.again)])
        columns = ["screen", "", "whole", *PARTS, "the rest"]
        return "Where its time goes, on average", columns, rows

    def _usual_ways(self) -> Table:
        rows = []
        for name, one in self.compared.screens.items():
            left_out = f" ({one.not_scanned} not scanned)" if one.not_scanned else ""
            loaded = one.pandas + self.compared.loading
            rows.append(
                [
                    TITLES.get(name, name),
                    f"{one.questions}{left_out}",
                    *(milliseconds(took) if took else "–" for took in (one.ours, one.scan)),
                    times(one.scan / one.ours) if one.ours else "–",
                    f"{one.in_pandas}",
                    *(milliseconds(one.ours_of_those), milliseconds(one.pandas)),
                    times(one.pandas / one.ours_of_those) if one.in_pandas else "–",
                    times(loaded / one.ours_of_those) if one.in_pandas else "–",
                ]
            )
        columns = [
            "screen",
            "questions",
            "ours",
            "raw scan",
            "ratio",
            "in pandas",
        ]
        columns += ["ours", "pandas", "ratio", "and loading"]
        title = "The data work of a first visit, answers asserted equal, the usual ways"
        return f"{title} (pandas loads in {seconds_of(self.compared.loading)})", columns, rows

    def _browser(self) -> Table:
        ratios = self.of_bare()
        rows = []
        for kind, bare in self.waited.bare.items():
            first, changed = seconds_of(percentile(bare.first, 0.5)), _format_changes(bare)
            rows.append([f"a bare page, one {kind}", first, "1×", *changed])
        if self.waited.screens:
            ratio = times(self.waited.cold / self.waited.cold_bare)
            took = seconds_of(self.waited.cold)
            rows.append(["the server just started", took, f"{ratio} of a chart", "", ""])
        for name, seen in self.waited.screens.items():
            if seen.failed:
                rows.append([TITLES[name], f"FAILED: {seen.failed}", "", "", ""])
                continue
            kind = "map" if name in WITH_MAPS else "chart"
            rows.append(
                [
                    TITLES[name],
                    seconds_of(percentile(seen.first, 0.5)),
                    f"{times(ratios[name])} of a {kind}",
                    *_format_changes(seen),
                ]
            )
        columns = ["screen", "first visit", "of a bare page", "a change, p50", "slowest"]
        return "In the browser", columns, rows

    def _documents(self) -> Table:
        taken, rows = self.documents, []
        for step in self.made.steps:
            told = seconds_of(step.seconds)
            if not math.isnan(step.cpu_seconds):
                told += f" ({seconds_of(step.cpu_seconds)} of processors), {size(step.peak_bytes)}"
            rows.append([step.name, told])
        held = ", ".join(f"{count:,} {name}" for name, count in taken.rows.items())
        rows.append(["the release", f"{held}, {size(taken.release_bytes)}"])
        rows.append(["once a process: proving it", seconds_of(taken.proving)])
        rows.append(["… opening it, to the first answer", seconds_of(taken.opening)])
        wide, tall = taken.picture
        rows.append([f"a chart as PNG of {wide} × {tall}, the first", seconds_of(taken.chart_cold)])
        rows += [[f"… {name}, warm", seconds_of(took)] for name, took in taken.charts.items()]
        rows.append([f"the deck, {taken.slides} slides", seconds_of(taken.deck)])
        rows.append(["the weekly PDF", seconds_of(taken.weekly)])
        if taken.imported:
            told = taken.imported
            rate = told["rows"] / told["seconds"]
            beside = times(told["seconds"] / told["pandas"])
            words = f"{seconds_of(told['seconds'])}, {rate:,.0f} a second, {size(told['peak'])}"
            rows.append([f"import of {told['rows']:,} rows", f"{words}, {beside} of plain pandas"])
        return "Data in, and what is taken away", ["what", "took"], rows

    def profiles(self) -> list[list[str]]:
        """Where the time of the screens goes that were profiled: a row a screen."""
        rows = []
        for one in (one for one in self.screens if one.profile.get("packages")):
            rows.append([one.title, _listed(one.profile["packages"])])
            rows.append(["", _listed(one.profile["functions"])])
        return rows

    def failures(self) -> list[str]:
        """What could not be measured, and why."""
        seen = [(TITLES[name], one.failed) for name, one in self.waited.screens.items()]
        told = [(one.title, one.failed) for one in self.screens] + seen
        of_screens = [f"{title}: {failed}" for title, failed in told if failed]
        alone = [self.waited.failed] if self.waited.failed else []
        words = [*self.failed, *of_screens, *alone, *self.documents.failed]
        return [f"FAILED at {self.name}: {one}" for one in words]


def _listed(shares: list[tuple[str, float]]) -> str:
    return "; ".join(f"{name} {share:.0%}" for name, share in shares[:FUNCTIONS])


def _seconds(changes: list[Change]) -> list[float]:
    return [change.seconds for change in changes]


def _spent(changes: list[Change]) -> list[str]:
    whole = statistics.fmean(_seconds(changes))
    parts = [statistics.fmean(change.parts[part] for change in changes) for part in PARTS]
    return [milliseconds(one) for one in (whole, *parts, max(0.0, whole - sum(parts)))]


def _format_changes(seen: Seen) -> list[str]:
    return [milliseconds(percentile(seen.changes, share)) for share in (0.5, 1.0)]
