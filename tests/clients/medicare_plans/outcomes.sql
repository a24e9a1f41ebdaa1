-- The share of members who chose to leave, as published with the ratings of the following year,
-- beside the rating it is linked with: a row of wave t holds what star year t + 1 says.
SELECT
    score.contract_id AS account_id,
    CAST(CAST(score.star_year AS INTEGER) - 1 AS VARCHAR) AS wave,
    'left_next_year' AS outcome,
    score.value
FROM 'measure_scores.parquet' AS score
JOIN 'measures.parquet' AS measure USING (star_year, measure_id)
WHERE measure.measure_standard_name = 'Members Choosing to Leave the Plan'
    AND measure.part = 'C'
    AND score.value IS NOT NULL
ORDER BY wave, account_id
