"""Longevity: violence trends and program reach, from extract to published page.

A folder is a stage of the data's way, each importing only those before it: settings, auth,
geography, ingest, checks, demo, release, promises, warehouse, privacy, stats, measures, findings,
claims, charts, screens, outputs, edition, app, ui, cli.
"""

import os

# Set before numpy is imported: its threads slow down the products of our small matrices. On a busy
# machine each product waits for a free processor and takes 10 ms rather than half a millisecond.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

NAME = "Longevity"  # how this software names itself in the files it writes
__version__ = "1.0.0"
