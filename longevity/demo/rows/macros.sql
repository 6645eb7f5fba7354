-- How a uniform number from 0 to 1 becomes what is drawn. Days are counted from 1970-01-01.

-- A whole number from the least to the most, both included.
CREATE OR REPLACE MACRO between_ends(u, least_of, most) AS
least_of + cast(floor(u * (most - least_of + 1)) AS integer);

-- Whole days of waiting from 0 on, falling off exponentially with this mean.
CREATE OR REPLACE MACRO wait(u, mean) AS cast(floor(-ln(1 - u) * mean) AS integer);

-- The place, from 1, among things of these weights.
CREATE OR REPLACE MACRO place(u, weights) AS least(len(weights), 1 + len(list_filter(
    list_transform(
        range(1, len(weights) + 1), LAMBDA n: list_sum(weights[1:n]) / list_sum(weights)
    ),
    LAMBDA edge: edge <= u
)));

-- Weights as they are in this city.
CREATE OR REPLACE MACRO tilt(weights) AS map(map_keys(weights), list_transform(
    list_zip(map_values(weights), city_tilt()), LAMBDA pair: pair[1] * pair[2]
));

-- One of the words, each with its weight.
CREATE OR REPLACE MACRO pick(u, weights) AS map_keys(weights)[place(u, map_values(weights))];

CREATE OR REPLACE MACRO date_of(day) AS date '1970-01-01' + cast(day AS integer);
CREATE OR REPLACE MACRO year_of(day) AS year(date_of(day));
CREATE OR REPLACE MACRO month_of(day) AS date_diff('month', date '1970-01-01', date_of(day));
CREATE OR REPLACE MACRO first_day(month) AS
date_diff('day', date '1970-01-01', make_date(1970 + month // 12, 1 + month % 12, 1));

-- How a thing is called in the extracts, by the letter of its kind.
CREATE OR REPLACE MACRO code_of(letter, number) AS
code_prefix() || letter || cast(number + 1 AS bigint);

-- A point so many kilometres away, in a direction of 0 to 1.
CREATE OR REPLACE MACRO move_north(latitude, km, turn) AS
latitude + km * sin(2 * pi() * turn) / 111.32;
CREATE OR REPLACE MACRO move_east(longitude, latitude, km, turn) AS
longitude + km * cos(2 * pi() * turn) / (111.32 * cos(radians(latitude)));
