"""Draws: the same for the same table of a home, and for no other."""

from itertools import islice

from longevity.privacy.draws import derive_secret, draw_numbers

PERIOD = ("real", "sex", "hartford", 2024)


def drawn(key: bytes, *period: object) -> list[float]:
    return list(islice(draw_numbers(key, *period), 500))


def test_a_table_is_drawn_for_alike_again_and_no_other_is(tmp_path):
    key = derive_secret(tmp_path / "home")
    made = drawn(key, *PERIOD)
    assert drawn(derive_secret(tmp_path / "home"), *PERIOD) == made
    # Synthetic data are open: their draws must not be those of the real ones.
    for other in (("synthetic", *PERIOD[1:]), (*PERIOD, "again"), (*PERIOD[:3], 2023)):
        assert not set(drawn(key, *other)) & set(made)
    assert not set(drawn(derive_secret(tmp_path / "another"), *PERIOD)) & set(made)


def test_draws_lie_between_nought_and_one_evenly(tmp_path):
    made = drawn(derive_secret(tmp_path), *PERIOD)
    assert 0 <= min(made) <= max(made) < 1
    assert all(20 < sum(at <= 10 * one < at + 1 for one in made) < 80 for at in range(10))
