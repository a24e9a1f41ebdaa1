-- Nine yearly surveys of San Francisco International Airport, one respondent a row.
-- Question numbers change from year to year; answers keep the airport's own codes
-- (0 blank, 6 never used, 11 blank), which codebook.csv declares as missing.
-- The 2010 and 2011 files have letters for the facilities, in the order that 2012 spells out;
-- wireless internet was first rated in 2013, the recommendation first asked in 2017.
-- Airlines are named from 2016 on: the sampling cell is the airline group from then on, and the
-- boarding area before (E and F together: the population has no E in May 2013).
WITH waves AS (
    SELECT '2010' AS wave, RESPNUM AS respondent, NULL AS airline, GATENUM AS gate,
      NULL AS area, STRATA AS part_of_day, DESTGEO AS destination, Q2_1 AS purpose,
      Q5 AS flights, WEIGHT AS weight, Q6A AS art, Q6B AS food, Q6C AS shops, Q6D AS signs,
      Q6E AS walkways, Q6F AS screens, Q6G AS info_arrivals, Q6H AS info_departures,
      NULL AS wifi, Q6I AS roadways, Q6J AS parking, Q6K AS airtrain, Q6L AS long_term_parking,
      Q6M AS car_rental, Q6N AS overall, Q13A AS find_way, NULL AS recommend
    FROM read_csv('survey_2010.csv.gz', all_varchar = true)
    UNION ALL BY NAME
    SELECT '2011' AS wave, RESPNUM AS respondent, NULL AS airline, GATE AS gate, NULL AS area,
      STRATA AS part_of_day, DESTGEO AS destination, Q2_1 AS purpose, Q7 AS flights,
      NULL AS weight, Q8A AS art, Q8B AS food, Q8C AS shops, Q8D AS signs, Q8E AS walkways,
      Q8F AS screens, Q8G AS info_arrivals, Q8H AS info_departures, NULL AS wifi,
      Q8I AS roadways, Q8J AS parking, Q8K AS airtrain, Q8L AS long_term_parking,
      Q8M AS car_rental, Q8N AS overall, Q15A AS find_way, NULL AS recommend
    FROM read_csv('survey_2011.csv.gz', all_varchar = true)
    UNION ALL BY NAME
    SELECT '2012' AS wave, RESPNUM AS respondent, NULL AS airline, GATE AS gate, BAREA AS area,
      STRATA AS part_of_day, DESTGEO AS destination, Q2PURP1 AS purpose, Q7FLYPERYR AS flights,
      NULL AS weight, Q8A_ART AS art, Q8B_FOOD AS food, Q8C_SHOP AS shops, Q8D_SIGNS AS signs,
      Q8E_WALK AS walkways, Q8F_SCREENS AS screens, Q8G_INFOARR AS info_arrivals,
      Q8H_INFODEP AS info_departures, NULL AS wifi, Q8I_ROAD AS roadways, Q8J_PARK AS parking,
      Q8K_AIRTRAIN AS airtrain, Q8L_LTPARK AS long_term_parking, Q8M_RENTAL AS car_rental,
      Q8N_WHOLE AS overall, Q15A_FIND AS find_way, NULL AS recommend
    FROM read_csv('survey_2012.csv.gz', all_varchar = true)
    UNION ALL BY NAME
    SELECT '2013' AS wave, RESPNUM AS respondent, NULL AS airline, GATE AS gate, NULL AS area,
      STRATA AS part_of_day, DESTGEO AS destination, Q2PURP1 AS purpose, Q5FLYPERYR AS flights,
      WEIGHT AS weight, Q7A_ART AS art, Q7B_FOOD AS food, Q7C_SHOPS AS shops,
      Q7D_SIGNS AS signs, Q7E_WALK AS walkways, Q7F_SCREENS AS screens,
      Q7G_INFOARR AS info_arrivals, Q7H_INFODEP AS info_departures, Q7I_WIFI AS wifi,
      Q7J_ROAD AS roadways, Q7K_PARK AS parking, Q7L_AIRTRAIN AS airtrain,
      Q7M_LTPARK AS long_term_parking, Q7N_RENTAL AS car_rental, Q7O_WHOLE AS overall,
      Q14A_FIND AS find_way, NULL AS recommend
    FROM read_csv('survey_2013.csv.gz', all_varchar = true)
    UNION ALL BY NAME
    SELECT '2014' AS wave, RESPNUM AS respondent, NULL AS airline, GATE AS gate, AREA AS area,
      STRATA AS part_of_day, DESTGEO AS destination, Q2PURP1 AS purpose,
      Q5TIMESFLOWN AS flights, WEIGHT AS weight, Q7ART AS art, Q7FOOD AS food, Q7STORE AS shops,
      Q7SIGN AS signs, Q7WALKWAYS AS walkways, Q7SCREENS AS screens,
      Q7INFODOWN AS info_arrivals, Q7INFOUP AS info_departures, Q7WIFI AS wifi,
      Q7ROADS AS roadways, Q7PARK AS parking, Q7AIRTRAIN AS airtrain,
      Q7LTPARKING AS long_term_parking, Q7RENTAL AS car_rental, Q7ALL AS overall,
      Q14FIND AS find_way, NULL AS recommend
    FROM read_csv('survey_2014.csv.gz', all_varchar = true)
    UNION ALL BY NAME
    SELECT '2015' AS wave, RESPNUM AS respondent, NULL AS airline, GATE AS gate, BAREA AS area,
      STRATA AS part_of_day, DESTGEO AS destination, Q2PURP1 AS purpose,
      Q5TIMESFLOWN AS flights, WEIGHT AS weight, Q7ART AS art, Q7FOOD AS food, Q7STORE AS shops,
      Q7SIGN AS signs, Q7WALKWAYS AS walkways, Q7SCREENS AS screens,
      Q7INFODOWN AS info_arrivals, Q7INFOUP AS info_departures, Q7WIFI AS wifi,
      Q7ROADS AS roadways, Q7PARK AS parking, Q7AIRTRAIN AS airtrain,
      Q7LTPARKING AS long_term_parking, Q7RENTAL AS car_rental, Q7ALL AS overall,
      Q14FIND AS find_way, NULL AS recommend
    FROM read_csv('survey_2015.csv.gz', all_varchar = true)
    UNION ALL BY NAME
    SELECT '2016' AS wave, "*RESPNUM" AS respondent, AIRLINE AS airline, GATE AS gate,
      BAREA AS area, STRATA AS part_of_day, DESTGEO AS destination, Q2PURP1 AS purpose,
      Q5TIMESFLOWN AS flights, WEIGHT AS weight, Q7ART AS art, Q7FOOD AS food, Q7STORE AS shops,
      Q7SIGN AS signs, Q7WALKWAYS AS walkways, Q7SCREENS AS screens,
      Q7INFODOWN AS info_arrivals, Q7INFOUP AS info_departures, Q7WIFI AS wifi,
      Q7ROADS AS roadways, Q7PARK AS parking, Q7AIRTRAIN AS airtrain,
      Q7LTPARKING AS long_term_parking, Q7RENTAL AS car_rental, Q7ALL AS overall,
      Q14FIND AS find_way, NULL AS recommend
    FROM read_csv('survey_2016.csv.gz', all_varchar = true)
    UNION ALL BY NAME
    SELECT '2017' AS wave, RESPNUM AS respondent, AIRLINE AS airline, GATE AS gate,
      BAREA AS area, STRATA AS part_of_day, DESTGEO AS destination, Q2PURP1 AS purpose,
      Q5TIMESFLOWN AS flights, WEIGHT AS weight, Q7ART AS art, Q7FOOD AS food, Q7STORE AS shops,
      Q7SIGN AS signs, Q7WALKWAYS AS walkways, Q7SCREENS AS screens,
      Q7INFODOWN AS info_arrivals, Q7INFOUP AS info_departures, Q7WIFI AS wifi,
      Q7ROADS AS roadways, Q7PARK AS parking, Q7AIRTRAIN AS airtrain,
      Q7LTPARKING AS long_term_parking, Q7RENTAL AS car_rental, Q7ALL AS overall,
      Q14FIND AS find_way, NETPRO AS recommend
    FROM read_csv('survey_2017.csv.gz', all_varchar = true)
    UNION ALL BY NAME
    SELECT '2018' AS wave, RESPNUM AS respondent, AIRLINE AS airline, GATE AS gate,
      BAREA AS area, STRATA AS part_of_day, DESTGEO AS destination, Q2PURP1 AS purpose,
      Q5TIMESFLOWN AS flights, WEIGHT AS weight, Q7ART AS art, Q7FOOD AS food, Q7STORE AS shops,
      Q7SIGN AS signs, Q7WALKWAY AS walkways, Q7SCREENS AS screens, Q7INFODOWN AS info_arrivals,
      Q7INFOUP AS info_departures, Q7WIFI AS wifi, Q7ROADS AS roadways, Q7PARK AS parking,
      Q7AIRTRAIN AS airtrain, Q7LTPARKING AS long_term_parking, Q7RENTAL AS car_rental,
      Q7ALL AS overall, Q14FIND AS find_way, NETPRO AS recommend
    FROM read_csv('survey_2018.csv.gz', all_varchar = true)
),
placed AS (
    SELECT *,
        upper(trim(airline)) AS carrier,
        coalesce(area, CASE
            WHEN CAST(gate AS INTEGER) BETWEEN 1 AND 12 THEN 'A'
            WHEN CAST(gate AS INTEGER) BETWEEN 20 AND 39 THEN 'B'
            WHEN CAST(gate AS INTEGER) BETWEEN 40 AND 48 THEN 'C'
            WHEN CAST(gate AS INTEGER) BETWEEN 50 AND 59 THEN 'D'
            WHEN CAST(gate AS INTEGER) BETWEEN 60 AND 69 THEN 'E'
            WHEN CAST(gate AS INTEGER) BETWEEN 70 AND 90 THEN 'F'
            WHEN CAST(gate AS INTEGER) BETWEEN 91 AND 102 THEN 'G'
        END) AS boarding_area
    FROM waves
)
SELECT
    wave || '-' || respondent AS response_id,
    wave,
    CASE
        WHEN carrier IS NULL AND boarding_area IN ('E', 'F') THEN 'Boarding areas E and F'
        WHEN carrier IS NULL THEN 'Boarding area ' || boarding_area
        WHEN carrier = 'UNITED' THEN 'United domestic'
        WHEN carrier = 'UNITED INTL' THEN 'United international'
        WHEN carrier = 'ALASKA' THEN 'Alaska'
        WHEN carrier = 'AMERICAN' THEN 'American'
        WHEN carrier = 'AIR CANADA' THEN 'Air Canada'
        WHEN carrier = 'DELTA' THEN 'Delta'
        WHEN carrier = 'JETBLUE' THEN 'JetBlue'
        WHEN carrier = 'SOUTHWEST' THEN 'Southwest'
        WHEN carrier = 'VIRGIN AMERICA' THEN 'Virgin America'
        ELSE 'Other airlines'
    END AS airline_group,
    boarding_area,
    CASE WHEN CAST(destination AS INTEGER) <= 3 THEN 'Domestic' ELSE 'International' END
        AS flight_type,
    CASE part_of_day
        WHEN '1' THEN 'Before 11 am' WHEN '2' THEN '11 am to 5 pm' WHEN '3' THEN 'After 5 pm'
    END AS part_of_day,
    CASE
        WHEN purpose = '1' THEN 'Business'
        WHEN purpose = '2' THEN 'Pleasure'
        WHEN purpose = '3' THEN 'Friends or relatives'
        WHEN purpose <> '0' THEN 'Other'
    END AS purpose,
    CASE
        WHEN flights IN ('1', '2') THEN 'One or two'
        WHEN flights = '3' THEN 'Three to six'
        WHEN flights IN ('4', '5', '6') THEN 'Seven or more'
    END AS flights_a_year,
    CAST(weight AS DOUBLE) AS weight,
    art, food, shops, signs, walkways, screens, info_arrivals, info_departures, wifi,
    roadways, parking, airtrain, long_term_parking, car_rental, find_way, overall, recommend
FROM placed
ORDER BY wave, CAST(respondent AS INTEGER)
