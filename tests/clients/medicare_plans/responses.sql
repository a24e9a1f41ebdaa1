-- One contract in one star year a row: the members' survey, as points of 100. A measure's id
-- changes meaning from year to year, so names are joined on year and id.
WITH survey AS (
    SELECT
        CAST(CAST(score.star_year AS INTEGER) AS VARCHAR) AS wave,
        score.contract_id,
        measure.part || ' ' || measure.measure_standard_name AS measure,
        round(100 * score.value, 4) AS points
    FROM 'measure_scores.parquet' AS score
    JOIN 'measures.parquet' AS measure USING (star_year, measure_id)
    WHERE measure.data_source = 'CAHPS' AND score.value IS NOT NULL
)
SELECT
    contract_id || '-' || wave AS response_id,
    wave,
    contract_id AS account_id,
    max(points) FILTER (measure = 'C Rating of Health Plan') AS plan_rating,
    max(points) FILTER (measure = 'C Getting Needed Care') AS needed_care,
    max(points) FILTER (measure = 'C Getting Appointments and Care Quickly') AS quick_care,
    max(points) FILTER (measure = 'C Customer Service') AS customer_service,
    max(points) FILTER (measure = 'C Doctors who Communicate Well') AS doctors,
    max(points) FILTER (measure = 'C Care Coordination') AS coordination,
    max(points) FILTER (measure = 'C Rating of Health Care Quality') AS care_quality,
    max(points) FILTER (measure = 'D Getting Needed Prescription Drugs') AS prescriptions,
    max(points) FILTER (measure = 'D Rating of Drug Plan') AS drug_plan
FROM survey
GROUP BY wave, contract_id
HAVING plan_rating IS NOT NULL
ORDER BY wave, account_id
