-- Passengers who boarded in May, the month of each survey, by the same cells as responses.sql:
-- the airline a ticket names (partners fly under it) from 2016 on, the boarding area before.
WITH boarded AS (
    SELECT
        left("Activity Period", 4) AS wave,
        "Published Airline" AS airline,
        "GEO Summary" = 'Domestic' AS domestic,
        "Boarding Area" AS area,
        CAST("Passenger Count" AS BIGINT) AS passengers
    FROM read_csv('passengers_2005_2020.csv.gz', all_varchar = true)
    WHERE "Activity Type Code" = 'Enplaned'
        AND right("Activity Period", 2) = '05'
        AND left("Activity Period", 4) BETWEEN '2010' AND '2018'
)
SELECT
    wave,
    CASE
        WHEN wave < '2016' AND area IN ('E', 'F') THEN 'Boarding areas E and F'
        WHEN wave < '2016' THEN 'Boarding area ' || area
        WHEN airline LIKE 'United Airlines%' AND domestic THEN 'United domestic'
        WHEN airline LIKE 'United Airlines%' THEN 'United international'
        WHEN airline = 'Alaska Airlines' THEN 'Alaska'
        WHEN airline = 'American Airlines' THEN 'American'
        WHEN airline = 'Air Canada' THEN 'Air Canada'
        WHEN airline = 'Delta Air Lines' THEN 'Delta'
        WHEN airline = 'JetBlue Airways' THEN 'JetBlue'
        WHEN airline = 'Southwest Airlines' THEN 'Southwest'
        WHEN airline = 'Virgin America' THEN 'Virgin America'
        ELSE 'Other airlines'
    END AS airline_group,
    CAST(sum(passengers) AS BIGINT) AS size
FROM boarded
GROUP BY ALL
ORDER BY ALL
