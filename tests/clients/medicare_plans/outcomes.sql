-- The share of members who chose to leave, as published with the ratings of the following year,
-- beside the rating it is linked with: a row of wave t holds what star year t + 1 says; and what
-- the two years after that say.
SELECT
    score.contract_id AS account_id,
    CAST(CAST(score.star_year AS INTEGER) - later.years AS VARCHAR) AS wave,
    later.outcome,
    score.value
FROM 'measure_scores.parquet' AS score
JOIN 'measures.parquet' AS measure USING (star_year, measure_id)
CROSS JOIN (VALUES (1, 'left_next_year'), (2, 'left_second_year'), (3, 'left_third_year'))
    AS later(years, outcome)
WHERE measure.measure_standard_name = 'Members Choosing to Leave the Plan'
    AND measure.part = 'C'
    AND score.value IS NOT NULL
    AND CAST(score.star_year AS INTEGER) - later.years >= 2008
ORDER BY outcome, wave, account_id
