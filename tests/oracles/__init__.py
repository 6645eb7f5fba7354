"""The same thing counted, judged or attacked a second way, by code that shares nothing with ours.

Counting, row after row by plain loops: `demonstration_counts`.
Judging: `figure_checks` (a chart), `colour_vision` (contrast, colour blindness).
Attacking: `lattice_attack`, `funnel_attack` (what hangs together, and what leaves as files),
`rule_attack` (who knows the rule), `side_channels` (what a single row moves elsewhere).
"""
