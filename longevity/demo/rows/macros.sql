-- How a uniform number from 0 to 1 becomes what is drawn. Days are counted from 1970-01-01.

-- A whole number from the least to the most, both included.
CREATE MACRO between_ends(u, least_of, most) AS
least_of + cast(floor(u * (most - least_of + 1)) AS integer);

-- Whole days of waiting from 0 on, falling off exponentially with this mean.
CREATE MACRO wait(u, mean) AS cast(floor(-ln(1 - u) * mean) AS integer);

-- The place, from 1, among things of these weights.
CREATE MACRO place(u, weights) AS least(len(weights), 1 + len(list_filter(
    list_transform(
        range(1, len(weights) + 1), LAMBDA n: list_sum(weights[1:n]) / list_sum(weights)
    ),
    LAMBDA edge: edge <= u
)));

-- One of the words, each with its weight.
CREATE MACRO pick(u, weights) AS map_keys(weights)[place(u, map_values(weights))];

CREATE MACRO first_day(month) AS
date_diff('day', date '1970-01-01', make_date(1970 + month // 12, 1 + month % 12, 1));

CREATE MACRO month_of(day) AS date_diff(
    'month', date '1970-01-01', date '1970-01-01' + cast(day AS integer)
);

CREATE MACRO year_of(day) AS year(date '1970-01-01' + cast(day AS integer));

-- A point so many kilometres away, in a direction of 0 to 1.
CREATE MACRO move_north(latitude, km, turn) AS latitude + km * sin(2 * pi() * turn) / 111.32;
CREATE MACRO move_east(longitude, latitude, km, turn) AS
longitude + km * cos(2 * pi() * turn) / (111.32 * cos(radians(latitude)));
