-- How many of each year's homicides were by firearm?
-- Parameters:
--   city: city = null — one city, or all of them
--   year_from: integer = year of start of data — the first year
--   through: date = data_through — the last day of the newest year that is counted
-- Grain: city, year
-- Class: public_record
-- Order: position, year
-- Reads: incidents, victims
-- Protects: firearm_homicides, homicides
-- Numerator: firearm_homicides, people killed by firearm
-- Denominator: homicides, people killed by any weapon

SELECT
    spine.city,
    spine.year,
    COALESCE(SUM(daily.fatal), MIN(zeros.fatal)) AS firearm_homicides,
    COALESCE(SUM(daily.homicides), MIN(zeros.homicides)) AS homicides,
    spine.complete
FROM COVERED_YEARS($year_from, $through, $city, FALSE) AS spine
INNER JOIN zeros USING (city)
LEFT JOIN daily
    ON spine.city = daily.city AND spine.year = YEAR(daily.day) AND daily.day <= $through
GROUP BY ALL
