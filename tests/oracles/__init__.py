"""The same thing counted, judged or attacked a second way, by code that shares nothing with ours.

Counting, row after row by plain loops: `demonstration_counts`, `promise_calendar`.
Judging: `figure_checks` (a chart), `colour_vision` (contrast, colour blindness), `access_matrix`
(who may be answered what).
Attacking: `lattice_attack`, `funnel_attack` (what hangs together), `rule_attack` (who knows the
rule), `csv_attack` (who has files only), `side_channels` (what a single row moves elsewhere).
"""
