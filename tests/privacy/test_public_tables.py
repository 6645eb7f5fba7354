"""The public tables by hand: what is frozen, withheld and missing, as the public sees it."""

import itertools
import re
from collections.abc import Callable
from contextlib import closing
from datetime import date

import pandas as pd
import pytest

from longevity.auth.viewers import PUBLIC
from longevity.privacy import public_tables, suppression
from longevity.privacy.draws import draw_numbers
from longevity.release import signing
from longevity.release.table_withdrawals import TableHistory
from longevity.warehouse.warehouse import Warehouse
from tests.factories import reach_release, tiny_release
from tests.factories.ascii_table import Shown, rows
from tests.factories.configs import KEY

Public = Callable[..., pd.DataFrame]
DUE = date(2024, 3, 30)  # 90 days after the end of 2023


@pytest.fixture
def public(tmp_path):
    """`public(query, through={extract: {city: day}}, **tables)`, of a release with its tables.

    `begins`: {extract: day} from which East's is complete.
    """
    numbers = itertools.count()
    settings = tiny_release.settings(tmp_path / "config")

    def answer(query, through, begins=None, derived=(), **tables):
        starts = {"east": date(2023, 1, 1), "west": date(2023, 6, 1)}
        days = {name: {"east": day} for name, day in (begins or {}).items()}
        given = reach_release.rows(**tables)
        release = reach_release.write(tmp_path / f"{next(numbers)}", given, through, starts, days, derived)
        public_tables.freeze(release, settings, TableHistory(), release.member("built/lattice.parquet"))
        with closing(Warehouse(release, settings)) as warehouse:
            return warehouse.run(query, {}, PUBLIC).frame

    return answer


def shot(**people):
    """Incidents and victims of East in 2023: `black_18_24=7` is seven men of that kind."""
    incidents = ["incident_id | city | occurred_at | gmi"]
    victims = ["victim_id | incident_id | city | weapon | age_band | sex | race_ethnicity"]
    for kind, count in people.items():
        race, first, last = kind.split("_")
        age = "unknown" if first == "not" else f"{first}-{last}"
        for _ in range(count):
            at = len(incidents)
            incidents.append(f"i{at} | east | 2023-05-01T20:00:00 | confirmed")
            victims.append(f"v{at} | i{at} | east | firearm | {age} | male | {race}")
    return {"incidents": "\n".join(incidents), "victims": "\n".join(victims)}


def select(frame, attribute):
    """The rows of East of an attribute."""
    return frame[(frame["attribute"] == attribute) & (frame["city"] == "east")]


BOTH = {name: {"east": DUE, "west": DUE} for name in ("incidents", "victims")}
SHOT = {"black_18_24": 14, "black_35_44": 9, "white_18_24": 7, "white_45_54": 20, "hispanic_45_54": 3, "black_not_x": 8}


def test_victims_by_attribute_show_withhold_and_miss(public):
    given = shot(**SHOT)
    given["victims"] += "\nv-stabbed | i1 | east | knife | 18-24 | female | black"  # is of no table
    for at in range(30):
        given["incidents"] += f"\nw{at} | west | 2023-07-01T20:00:00 | confirmed"
        given["victims"] += f"\nwv{at} | w{at} | west | firearm | 18-24 | male | {'black' if at % 2 else 'white'}"
    frame = public("public_victims", BOTH, **given)
    visible = frame[frame["attribute"].isin(["race_ethnicity", "sex"]) & (frame["city"] == "east")]
    # Three Hispanic: the 27 white are the fewest to hide them among. All are men: the whole
    # table says nothing, for one cell would be everybody. Of no year is anybody of the others: the
    # source may not ask.
    assert Shown(visible[["attribute", "value", "victims", "victims_state"]]) == rows("""
        attribute      | value           | victims | victims_state
        race_ethnicity | black           | 31      | shown
        race_ethnicity | hispanic        |         | withheld
        race_ethnicity | white           |         | withheld
        race_ethnicity | asian           |         | missing
        race_ethnicity | american_indian |         | missing
        race_ethnicity | other           |         | missing
        race_ethnicity | unknown         | 0       | zero
        sex            | female          |         | withheld
        sex            | male            |         | withheld
        sex            | other           |         | withheld
        sex            | unknown         |         | withheld
    """)
    # West is complete from June only: its year is not whole, so it was never frozen.
    west = frame[frame["city"] == "west"]
    assert set(west["victims_state"]) == {"missing"}
    assert west["victims"].isna().all()


def test_a_citys_own_bands_are_shown_once_more_than_a_few_ever_had_them(public):
    own = {"black_18_30": 20, "black_31_64": 12, "white_0_17": 9, "white_65_80": 3}
    own |= {"white_not_x": 10}
    frame = public("public_victims", BOTH, **shot(**own))
    # Three of 65-80 count with the ten unknown: a list with their band would tell of them.
    assert Shown(select(frame, "age_band")) == rows("""
        value   | victims | victims_state | whole
        0-17    | 9       | shown         | 54
        18-30   | 20      | shown         | 54
        31-64   | 12      | shown         | 54
        unknown | 13      | shown         | 54
    """)


# Of a year that is not closed, of one the counts do not cover, and not counted: none counts for the list.
NOT_OF_THE_YEAR = [("2024-02-01", "criminal"), ("2022-02-01", "criminal"), ("2023-02-01", "accident")]


@pytest.mark.parametrize(
    ("people", "more"),
    [
        ({"black_18_24": 30, "white_18_30": 5}, NOT_OF_THE_YEAR),  # five do not change the list
        ({"black_18_24": 4, "white_45_54": 4, "black_35_44": 4}, [("2023-02-01", "criminal")]),
    ],
)
def test_one_row_with_a_band_of_its_own_does_not_change_the_list(public, people, more):
    given = shot(**people)
    given["incidents"] = given["incidents"].replace(" | gmi", " | gmi | circumstance", 1)
    given["incidents"] = given["incidents"].replace(" | confirmed", " | confirmed | criminal")
    for at, (when, circumstance) in enumerate(more):
        given["incidents"] += f"\none{at} | east | {when}T20:00:00 | confirmed | {circumstance}"
        given["victims"] += f"\nv-one{at} | one{at} | east | firearm | 18-30 | male | white"
    frame = public("public_victims", BOTH, **given)
    assert select(frame, "age_band")["value"].tolist() == list(suppression.AGE_BANDS)


@pytest.mark.parametrize(("known", "unknown", "is_shown"), [(5, 40, False), (6, 40, True), (6, 4, False)])
def test_what_is_known_of_a_few_is_not_shown_as_an_attribute(public, known, unknown, is_shown):
    """Nor of ten in all: that it is known of six would say that it is not of four or fewer."""
    begun = shot(black_18_24=known, unknown_18_24=unknown)
    # Of those shot in a year that is not closed nothing counts.
    begun["incidents"] += "\n" + "\n".join(f"n{at} | east | 2024-02-01T20:00:00 | confirmed" for at in range(9))
    begun["victims"] += "\n" + "\n".join(f"nv{at} | n{at} | east | firearm | 18-24 | male | white" for at in range(9))
    frame = public("public_victims", BOTH, **begun)
    race = select(frame, "race_ethnicity")
    visible = {row.value: row.victims for row in race.itertuples() if pd.notna(row.victims)}
    if is_shown:
        assert visible == {"black": 6, "unknown": 40}
    else:
        assert set(race["value"]) == {"not_supplied"}


def test_bands_across_thirty_may_be_young_in_the_public_table_too(public):
    own = {"black_18_29": 14, "black_25_34": 9, "white_0_17": 9, "white_31_64": 30}
    own |= {"black_31_64": 20}
    frame = public("public_young_black_men", BOTH, **shot(**own))
    assert Shown(frame[frame["city"] == "east"][["young_black_men", "may_be", "victims"]]) == rows("""
        young_black_men | may_be | victims
        14              |        | 82
    """)
    assert frame["may_be_state"].iloc[0] == "withheld"  # with the nine it would be all of 23


def test_what_was_never_supplied_has_no_table_and_is_no_withheld_one(public):
    bare = {
        k: t.replace("| male | black", "| unknown | unknown") for k, t in shot(black_18_24=30, black_35_44=9).items()
    }
    bare["incidents"] = bare["incidents"].replace("confirmed", "unknown")
    frame = public("public_victims", BOTH, **bare)
    east = frame[frame["city"] == "east"]
    assert set(east.loc[east["attribute"] != "age_band", "value"]) == {"not_supplied"}
    assert set(east.loc[east["attribute"] != "age_band", "victims_state"]) == {"missing"}
    known = east[(east["attribute"] == "age_band") & (east["victims"] > 0)]
    assert list(zip(known["value"], known["victims"], known["whole"], strict=True)) == [
        ("18-24", 30, 39),
        ("35-44", 9, 39),
    ]
    # West's year was not frozen, which is another thing.
    assert set(frame.loc[frame["city"] == "west", "value"]) == {"not_counted"}


def test_what_is_supplied_later_is_cut_then_and_nothing_else_again(tmp_path):
    settings = tiny_release.settings(tmp_path / "config")
    full = shot(black_18_24=30, white_35_44=20)
    bare = {k: t.replace("black", "unknown").replace("white", "unknown") for k, t in full.items()}
    late = shot(black_18_24=31, white_35_44=20)  # one entered late
    starts = {"east": date(2023, 1, 1)}
    frozen: dict[str, pd.DataFrame] = {}
    before = TableHistory()
    for name, tables in (("bare", bare), ("again", bare), ("late", late), ("after", late)):
        given = {n: reach_release.rows(**{n: t})[n] for n, t in tables.items()}
        through = {n: {"east": date(2024, 4 + len(frozen), 1)} for n in ("incidents", "victims")}
        release = reach_release.write(tmp_path / name, given, through, starts)
        out = release.member("built/lattice.parquet")
        public_tables.freeze(release, settings, before, out)
        before = TableHistory(out)
        frozen[name] = pd.read_parquet(out)
        with closing(Warehouse(release, settings)) as warehouse:
            young, who = (
                warehouse.run(query, {"city": "east"}, PUBLIC).frame
                for query in ("public_young_black_men", "public_victims")
            )
    assert set(frozen["bare"]["table_name"]) == {"age_band", "sex", "gmi", "people_shot"}
    assert frozen["again"].equals(frozen["bare"])
    carried = frozen["late"].merge(frozen["bare"], how="inner")
    assert len(carried) == len(frozen["bare"])
    fresh = set(frozen["late"]["table_name"]) - set(frozen["bare"]["table_name"])
    # Young Black men would be those of another day than age and sex, which bound them.
    assert fresh == {"race_ethnicity"}
    assert frozen["after"].equals(frozen["late"])
    assert list(young["victims"]) == [51]
    assert list(young["young_black_men_state"]) == ["missing"]
    # A share is of those who were there on the day it was frozen.
    assert dict(zip(who["attribute"], who["whole"], strict=True)) == {
        "age_band": 50,
        "gmi": 50,
        "race_ethnicity": 51,
        "sex": 50,
    }


def test_young_black_men_stay_where_another_attribute_is_supplied_later(tmp_path):
    settings, before = tiny_release.settings(tmp_path / "config"), TableHistory()
    later = shot(**SHOT)
    first = later | {"incidents": later["incidents"].replace("confirmed", "unknown")}
    for name, tables in (("first", first), ("later", later)):
        starts = {"east": date(2023, 1, 1)}
        release = reach_release.write(tmp_path / name, reach_release.rows(**tables), BOTH, starts)
        out = release.member("built/lattice.parquet")
        public_tables.freeze(release, settings, before, out)
        before = TableHistory(out)
    with closing(Warehouse(release, settings)) as warehouse:
        frame = warehouse.run("public_young_black_men", {"city": "east"}, PUBLIC).frame
    assert list(frame["young_black_men"]) == [14]


@pytest.mark.parametrize(
    ("ever", "visible"),
    [
        ({"18-24": 1, "55+": 30}, suppression.AGE_BANDS),
        ({"18-30": 6, "31+": 5}, ("18-30", "unknown")),
        ({"18-24": 30, "18-30": 5}, suppression.AGE_BANDS),  # five do not change the list
        ({"18-24": 30, "18-30": 6}, ("18-24", "18-30", "unknown")),
        ({"18-30": 5}, ("unknown",)),
        ({"18-24": 3, "55+": 2}, ("unknown",)),  # of the contract's own too
        ({"18-24": 3, "55+": 3, "18-30": 1}, suppression.AGE_BANDS),
        ({"65+": 9, "0-17": 9, "18-64": 90}, ("0-17", "18-64", "65+", "unknown")),
    ],
)
def test_which_bands_are_shown(ever, visible):
    assert suppression.list_age_bands(ever, 5) == visible


@pytest.mark.parametrize(("people", "visible"), [(17, ["18-30", "31+", "unknown"]), (16, ["unknown"])])
def test_bands_of_a_citys_own_are_listed_where_each_could_have_had_enough_in_that_year_alone(people, visible):
    """Three counts of five or so are withheld whole; six in each of two bands and five more are 17."""
    bands = ("18-30", "31+", "unknown")
    counts = pd.DataFrame({"age_band": bands, "victims": [5, 5, people - 10]})
    cells = suppression.suppress_attribute(counts, "age_band", bands, 5, draw_numbers(KEY, 1))
    assert [value for value, _, _ in cells] == visible
    assert {state for _, _, state in cells} == {"withheld"}


def test_those_of_rare_bands_are_not_said_to_be_unknown_one_and_all():
    people = pd.DataFrame({"age_band": ["18-30", "unknown"], "victims": [5, 40]})
    assert suppression.suppress_attribute(people, "age_band", ("unknown",), 5, draw_numbers(KEY, 1)) == [
        ("unknown", None, "withheld")
    ]


def test_young_black_men_keep_who_may_be_one_apart(public):
    # Eight more may be; with them it would be 22, one more than are known to be under 30.
    assert Shown(public("public_young_black_men", BOTH, **shot(**SHOT))) == rows("""
        city | year | young_black_men | young_black_men_state | may_be | may_be_state | victims
        east | 2023 | 14              | shown                 |        | withheld     | 61
        west | 2023 |                 | missing               |        | missing      |
    """)


def test_group_involvement_is_withheld_as_the_sizes_of_incidents_allow(public):
    """Where everybody was shot with one other, no count is 1, 3 or 5."""
    parties = {"confirmed": 15, "none": 9, "suspected": 1}
    incidents = ["incident_id | city | occurred_at | gmi"]
    victims = ["victim_id | incident_id | city | weapon | age_band | sex | race_ethnicity"]
    for gmi, pairs in parties.items():
        for at in range(pairs):
            incidents.append(f"{gmi}{at} | east | 2023-05-01T20:00:00 | {gmi}")
            victims += [f"{gmi}{at}-{n} | {gmi}{at} | east | firearm | 18-24 | male | black" for n in (1, 2)]
    given = {"incidents": "\n".join(incidents), "victims": "\n".join(victims)}
    frame = public("public_victims", BOTH, **given)
    gmi = select(frame, "gmi")
    assert set(gmi["victims_state"]) == {"withheld"}
    assert len(gmi) == 4


def asked_and_served():
    """East's call-ins of 2023, who was invited and who began a service."""
    call_ins = """
        call_in_id | city | held_on    | scheduled_for
        c1         | east | 2023-02-01 | 2023-02-01
        c2         | east | 2023-09-01 | 2023-09-01
        c3         | east | 2024-02-01 | 2024-02-01
    """
    asked = ["city | call_in_id | person_id | route | reachable | attended"]
    for at in range(40):
        came = "attended" if at < 22 else "absent" if at < 30 else "unknown"
        reached = "yes" if at < 36 else "no"
        call_in, route = ("c1", "c2")[at % 2], "in_custody" if at == 39 else "parole"
        asked.append(f"east | {call_in} | p{at} | {route} | {reached} | {came}")
    services = ["service_id | city | person_id | offered_on | intake_on | last_contact_on"]
    services += [
        f"s{at} | east | p{at} | 2023-02-01 | {'2023-02-10' if at % 2 == 0 else '2023-09-09'} | "
        f"{'2023-04-20' if at % 2 == 0 else '2023-11-20'}"
        for at in range(12)
    ]
    return {"call_ins": call_ins, "invitations": "\n".join(asked), "services": "\n".join(services)}


ASKED = {n: {"east": DUE} for n in ("call_ins", "invitations", "services")} | BOTH


@pytest.mark.parametrize(
    ("begins", "known"),
    [
        ({"invitations": date(2023, 1, 1), "services": date(2023, 1, 1)}, {"invited", "intake_30"}),
        ({"services": date(2023, 1, 2)}, {"invited"}),
        ({"invitations": date(2023, 1, 2)}, set()),
    ],
)
def test_a_year_in_which_a_source_begins_is_not_cut(public, begins, known):
    frame = public("public_funnel", ASKED, begins, **asked_and_served())
    of_east = frame[(frame["city"] == "east") & frame["step"].isin(["invited", "intake_30"])]
    assert set(of_east.loc[of_east["members_state"] != "missing", "step"]) == known


@pytest.mark.parametrize(
    ("derived", "ends", "known"),
    [
        ("call_ins", "2022-09-01", set()),
        ("invitations", "2022-09-01", set()),
        ("services", "2023-09-01", {"invited", "intake_30"}),
        ("services", "2023-08-31", {"invited"}),
    ],
)
def test_a_year_for_which_a_file_without_a_stated_day_has_nothing_is_missing(public, derived, ends, known):
    given = asked_and_served()
    if derived == "services":
        given["services"] = re.sub("2023-(09|11)-..", ends, given["services"])
    else:
        given["call_ins"] = given["call_ins"].replace("2023-09-01", ends).replace("2023-02-01", "2022-02-01")
    frame = public("public_funnel", ASKED, derived=(derived,), **given).query("city == 'east' and year == 2023")
    assert set(frame.loc[frame["members_state"] != "missing", "step"]) & {"invited", "intake_30"} == known


def test_the_funnel_of_a_closed_year_withholds_small_steps(public):
    frame = public("public_funnel", ASKED, **asked_and_served())
    # 39 asked, 36 reached and 3 not: a small rest, so both parts are withheld, and what
    # hangs on them: 22 who came and 14 who did not would add up to the 36.
    assert Shown(frame[frame["city"] == "east"][["year", "step", "members", "members_state"]]) == rows("""
        year | step         | members | members_state
        2023 | invited      | 39      | shown
        2023 | reachable    |         | withheld
        2023 | not_reached  |         | withheld
        2023 | attended     |         | withheld
        2023 | not_come     |         | withheld
        2023 | intake_30    |         | withheld
        2023 | no_intake_30 |         | withheld
    """)


def test_a_session_of_those_in_custody_alone_is_no_second_one(public):
    given = asked_and_served()
    given["invitations"] = given["invitations"].replace("| c2 |", "| c1 |").replace("| c1 | p39 |", "| c2 | p39 |")
    frame = public("public_funnel", ASKED, **given)
    invited = frame[(frame["city"] == "east") & (frame["step"] == "invited")]
    assert invited["members_state"].tolist() == ["withheld"]


def test_how_many_began_in_two_years_is_not_said_where_one_of_them_is_withheld(public):
    # Small steps in 2022, and a nought in 2023.
    given = {name: text.replace("2023-", "2022-") for name, text in asked_and_served().items()}
    (of_east,) = public("public_still_active", ASKED, **given).query("city == 'east'").itertuples()
    assert (of_east.year, of_east.active_90_state) == (2023, "withheld")
    assert pd.isna(of_east.began)


def test_a_single_session_says_nothing_of_who_was_in_the_room():
    counts = dict.fromkeys(suppression.FUNNEL, 20)
    cells = suppression.suppress_funnel(counts, served=False, limit=5, one_session=True)
    states = {name: state for name, _, state in cells}
    assert {states[name] for name in suppression.FUNNEL if name in suppression.SERVED} == {"missing"}
    assert states["invited"] == states["attended"] == "withheld"


@pytest.mark.parametrize(
    ("began", "now", "active", "visible"),
    [
        ([(12, "shown"), (10, "shown")], 22, 14, (14, "shown")),
        ([(12, "shown"), (10, "shown")], 22, 5, (None, "withheld")),
        ([(12, "shown"), (10, "shown")], 22, 17, (None, "withheld")),  # the rest is small
        ([(12, "shown"), (10, "shown")], 30, 17, (None, "withheld")),  # of those shown it is
        ([(12, "shown"), (10, "shown")], 19, 14, (None, "withheld")),  # of those of today it is
        ([(12, "shown"), (0, "zero")], 12, 6, (6, "shown")),
        ([(12, "shown"), (None, "withheld")], 16, 8, (None, "withheld")),
        ([(12, "shown"), (None, "missing")], 16, 8, (None, "missing")),
        ([(0, "zero"), (0, "zero")], 0, 0, (0, "zero")),
        ([(12, "shown"), (10, "shown")], 22, 0, (None, "withheld")),  # a nought tells of all
    ],
)
def test_who_stayed_is_shown_when_no_year_gives_the_rest_back(began, now, active, visible):
    assert suppression.suppress_still_active(began, now, active, 5) == visible


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([30, 20, 0], set()),
        ([30, 12, 3, 0], {1, 2}),  # 15 of two: each may be 1 to 5
        ([30, 12, 5, 0], {1, 2}),  # a count of the threshold itself is small
        ([30, 12, 3, 4], {1, 2, 3}),
        ([30, 40, 7, 2], {0, 2, 3}),  # 9 of two are too few, were one of them 5
        ([30, 3, 0], {0, 1, 2}),  # no one is left to show: the nought is not shown either
        ([30, 40, 8, 2], {0, 2, 3}),  # nor are 10
        ([7, 2, 0], {0, 1, 2}),
        ([30, 0, 0], {0, 1, 2}),  # equals its total
        ([2, 1, 0], {0, 1, 2}),
        ([0, 0, 0], set()),
    ],
)
def test_what_is_withheld_of_one_table(counts, hidden):
    middling = itertools.repeat(0.5)  # draws the smallest, where the others are larger by far
    assert suppression.choose_withheld(counts, 5, middling) == hidden


def tell_young(described, withheld, limit=5):
    """Whether young Black men are shown next to tables that withhold these values."""
    columns = ["age_band", "sex", "race_ethnicity", "victims"]
    people = pd.DataFrame(described, columns=columns)
    tables = {
        name: [(value, None, "withheld" if value in withheld else "shown") for value in people[name].unique()]
        for name in columns[:3]
    }
    visible = suppression.suppress_young_black_men(people, limit, tables)
    (state,) = [cell[2] for cell in visible if cell[0] == "young_black_men"]
    return state


@pytest.mark.parametrize(("young_black_men", "state"), [(34, "withheld"), (29, "shown")])
def test_young_black_men_do_not_say_how_few_women_there_are(young_black_men, state):
    # 40 men and 1 woman are withheld. Next to 34 it would be known that the men are 40 or more.
    described = [
        ("18-24", "male", "black", young_black_men),
        ("18-24", "other", "black", 11),
        ("18-24", "other", "white", 1),
        ("18-24", "male", "white", 34 - young_black_men),
        ("35-44", "male", "white", 6),
        ("35-44", "female", "white", 1),
    ]
    assert tell_young(described, ("female", "male")) == state


@pytest.mark.parametrize(("young_black_men", "state"), [(13, "shown"), (14, "withheld")])
def test_young_black_men_do_not_say_how_few_men_there_are_beside_a_larger_count_withheld(young_black_men, state):
    # Men, women and others are 31 together, and all that is known is that those withheld are some,
    # and that women, whose count is larger than the limit, are six or more.
    limit, men, women, others = 5, 22, 6, 3
    together = men + women + others
    ways = [
        together - of_women - of_others for of_women in range(limit + 1, together) for of_others in range(1, together)
    ]
    # As few as `limit` below the most there can be; and young Black men further below that.
    least = max(ways) - limit
    assert (least - young_black_men > limit) is (state == "shown")
    described = [
        ("18-24", "male", "black", young_black_men),
        ("18-24", "female", "black", women),
        ("35-44", "male", "black", 6),
        ("18-24", "male", "white", men - 6 - young_black_men),
        ("18-24", "other", "white", others),
        ("35-44", "unknown", "white", 9),
    ]
    assert tell_young(described, ("female", "male", "other"), limit) == state


def test_where_nothing_is_known_of_anybody_that_is_said():
    people = pd.DataFrame({"sex": ["unknown"], "age_band": ["unknown"], "victims": [9]})
    nobody = [("male", 0, "zero"), ("unknown", 9, "shown")]
    assert suppression.suppress_attribute(people, "sex", ["male", "unknown"], 5, draw_numbers(KEY, 1)) == nobody
    own = suppression.suppress_attribute(people, "age_band", ["18-30", "unknown"], 5, draw_numbers(KEY, 1))
    assert own == [("18-30", 0, "zero"), ("unknown", 9, "shown")]
    # Of five or fewer it is not: a table that is withheld whole would say that some are known.
    few = suppression.suppress_attribute(people.assign(victims=5), "sex", ["male", "unknown"], 5, draw_numbers(KEY, 1))
    assert {state for _, _, state in few} == {"withheld"}


@pytest.mark.parametrize(("unknown", "state"), [(13, "missing"), (12, "zero")])
def test_in_a_year_known_of_fewer_than_not_no_other_value_is_zero(unknown, state):
    """White and Black people were counted the year before; then most words of the file changed."""
    years = {
        2022: [("black", 20, "shown"), ("white", 10, "shown"), ("unknown", 0, "zero")],
        2023: [("black", 12, "shown"), ("white", 0, "zero"), ("unknown", unknown, "shown")],
    }
    cells = [
        {"table_name": "race_ethnicity", "city": "east", "year": year, "value": value, "counted": count, "state": said}
        for year, rows in years.items()
        for value, count, said in rows
    ]
    marked = public_tables._mark_never_given(cells, {("race_ethnicity", "east", year) for year in years})
    states = {(row["year"], row["value"]): row["state"] for row in marked}
    assert states[2023, "white"] == state
    assert [states[2023, "black"], states[2023, "unknown"], states[2022, "unknown"]] == ["shown", "shown", "zero"]


# Draws: the same for the same table of a home, and for no other
PERIOD = ("real", "sex", "hartford", 2024)


def drawn(key, *period):
    return list(itertools.islice(draw_numbers(key, *period), 500))


def derive_secret(home):
    return signing.derive_secret(home, "which cells are withheld")


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
