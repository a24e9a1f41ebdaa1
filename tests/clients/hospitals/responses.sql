-- One hospital a row, from one row a hospital and measure. Dimensions are CMS's linear means
-- (0-100, adjusted for patient mix); mean_star averages the eleven star ratings.
-- Hospitals without a completed survey are left out: nobody answered there.
WITH stars AS (
    SELECT
        "Facility ID" AS account_id,
        avg(CAST("Patient Survey Star Rating" AS DOUBLE)) AS mean_star
    FROM read_csv('patient_survey.csv.gz', all_varchar = true)
    WHERE "Patient Survey Star Rating" NOT LIKE 'Not A%'
    GROUP BY ALL
),
linear AS (
    PIVOT (
        SELECT
            "Facility ID" AS account_id,
            "Number of Completed Surveys" AS completes,
            "Survey Response Rate Percent" AS response_rate,
            "HCAHPS Measure ID" AS measure,
            "HCAHPS Linear Mean Value" AS score
        FROM read_csv('patient_survey.csv.gz', all_varchar = true)
    )
    ON measure IN (
        'H_COMP_1_LINEAR_SCORE', 'H_COMP_2_LINEAR_SCORE', 'H_COMP_3_LINEAR_SCORE',
        'H_COMP_5_LINEAR_SCORE', 'H_COMP_6_LINEAR_SCORE', 'H_COMP_7_LINEAR_SCORE',
        'H_CLEAN_LINEAR_SCORE', 'H_QUIET_LINEAR_SCORE', 'H_HSP_RATING_LINEAR_SCORE',
        'H_RECMND_LINEAR_SCORE'
    )
    USING first(score)
    GROUP BY account_id, completes, response_rate
)
SELECT
    account_id AS response_id,
    '2024' AS wave,
    account_id,
    completes,
    response_rate,
    H_COMP_1_LINEAR_SCORE AS nurses,
    H_COMP_2_LINEAR_SCORE AS doctors,
    H_COMP_3_LINEAR_SCORE AS responsiveness,
    H_COMP_5_LINEAR_SCORE AS medicines,
    H_COMP_6_LINEAR_SCORE AS discharge_information,
    H_COMP_7_LINEAR_SCORE AS care_transition,
    H_CLEAN_LINEAR_SCORE AS cleanliness,
    H_QUIET_LINEAR_SCORE AS quietness,
    H_HSP_RATING_LINEAR_SCORE AS overall,
    H_RECMND_LINEAR_SCORE AS would_recommend,
    mean_star
FROM linear
LEFT JOIN stars USING (account_id)
WHERE completes <> 'Not Available'
ORDER BY account_id
