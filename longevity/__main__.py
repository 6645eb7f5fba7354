"""`python -m longevity`: see `longevity.command_line`."""

from longevity.command_line import main

if __name__ == "__main__":
    raise SystemExit(main())
