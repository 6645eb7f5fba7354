"""`python -m longevity`: see `longevity.cli`."""

import os
import sys

from longevity.cli import main

GIVES_WAY = 10  # of 19: who looks at a screen meanwhile goes first

if __name__ == "__main__":
    if sys.argv[1:2] == ["publish"]:
        os.nice(GIVES_WAY)
    raise SystemExit(main())
