-- Medicare spending per patient against the national median (1.00), calendar year 2023, and the
-- mean excess readmission ratio of a hospital's conditions, July 2020 to June 2023. Both end
-- before most of the survey was answered: they can show an association, never a consequence.
SELECT "Facility ID" AS account_id, '2024' AS wave, 'spending_index' AS outcome,
    CAST(Score AS DOUBLE) AS value
FROM read_csv('medicare_spending.csv.gz', all_varchar = true)
WHERE "Measure ID" = 'MSPB-1' AND Score <> 'Not Available'
UNION ALL
SELECT "Facility ID", '2024', 'readmission_ratio',
    round(avg(CAST("Excess Readmission Ratio" AS DOUBLE)), 6)
FROM read_csv('readmissions.csv.gz', all_varchar = true)
WHERE "Excess Readmission Ratio" <> 'N/A'
GROUP BY "Facility ID"
ORDER BY outcome, account_id
