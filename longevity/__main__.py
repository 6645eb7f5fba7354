"""`python -m longevity`: see `longevity.cli`."""

from longevity.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
