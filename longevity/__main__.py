"""`python -m longevity`: see `longevity.cli`."""

import gc
import os
import sys

GIVES_WAY = 10  # of 19: who looks at a screen meanwhile goes first

if __name__ == "__main__":
    if sys.argv[1:2] == ["publish"]:
        os.nice(GIVES_WAY)
    if sys.argv[1:2] != ["serve"]:  # which goes on, and makes garbage
        # Half a second of each command went into looking for it among what is imported.
        gc.set_threshold(100_000, 50, 50)
    from longevity.cli import main

    code = main()
    gc.freeze()
    raise SystemExit(code)
