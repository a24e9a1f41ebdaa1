-- Every contract that was ever rated or has members now: its latest name and kind, and its
-- members in May 2026. A contract that is neither rated in 2022 nor has members since has ended.
WITH latest AS (
    SELECT
        contract_id,
        max(star_year) AS last_year,
        arg_max(contract_name, star_year) AS contract_name,
        arg_max(org_type, star_year) AS org_type,
        arg_max(parent_name, star_year) AS parent_name
    FROM read_csv('contracts.csv.gz', all_varchar = true)
    GROUP BY contract_id
),
members AS (
    SELECT
        contract_id,
        CAST(max(enrollment) FILTER (month = '2026-05') AS BIGINT) AS members,
        arg_max(parent_org, month) AS parent_org,
        arg_max(plan_type, month) AS plan_type
    FROM read_csv('enrollment_2025_2026.csv', types = {'month': 'VARCHAR', 'contract_id': 'VARCHAR'})
    GROUP BY contract_id
)
SELECT
    contract_id AS account_id,
    coalesce(contract_name, parent_org, parent_name, contract_id) AS name,
    CASE
        WHEN coalesce(org_type, plan_type) IN ('Local CCP', 'HMO', 'PPO') THEN 'Local plan'
        WHEN org_type LIKE 'Regional%' THEN 'Regional plan'
        WHEN org_type LIKE '%PDP%' THEN 'Drug plan only'
        ELSE 'Other kind'
    END AS segment,
    coalesce(parent_org, parent_name) AS organisation,
    members,
    CASE WHEN last_year < '2022' AND members IS NULL THEN last_year || '-12-31' END AS end_date,
    CASE WHEN last_year < '2022' AND members IS NULL THEN 'no longer rated' END AS end_reason
FROM latest
FULL JOIN members USING (contract_id)
ORDER BY account_id
