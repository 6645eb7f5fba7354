"""Longevity: violence trends and program reach, from extract to published page.

A folder is a stage of the data's way, each importing only those before it: settings, auth,
geography, ingest, checks, demo, release, promises, warehouse, privacy, stats, measures, findings,
claims, charts, screens, outputs, edition, app, ui, cli.
"""

import os

# Before numpy is imported. Our matrices are small: shared between threads on a busy machine, each
# product waits for a processor, 10 ms in place of half a millisecond.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

NAME = "Longevity"  # of the program, in what it makes
__version__ = "1.0.0"
