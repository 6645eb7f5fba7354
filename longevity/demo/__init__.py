"""The demonstration: made-up extracts that show what was put into them.

What they have to show, such as how much the program changed, is decided before any row: the
*planted truths*. Then rows are *drawn*: made by random numbers that a seed makes repeatable.
"""

from longevity.demo.write import write_demonstration

__all__ = ["write_demonstration"]
