"""`python -m longevity`: see `longevity.cli`."""

import gc
import os
import sys

# For `os.nice`, of at most 19: publishing leaves the processor to those who look at a screen.
NICENESS = 10

if __name__ == "__main__":
    if sys.argv[1:2] == ["publish"]:
        os.nice(NICENESS)
    if sys.argv[1:2] != ["serve"]:  # the server runs on, and needs its garbage collected
        # Looking for garbage among the imported modules took half a second of each command.
        gc.set_threshold(100_000, 50, 50)
    from longevity.cli import main

    code = main()
    gc.freeze()  # as the process ends, nothing has to be collected any more
    raise SystemExit(code)
