-- Every hospital that CMS lists, whether or not its patients were surveyed.
SELECT
    "Facility ID" AS account_id,
    "Facility Name" AS name,
    "Hospital Type" AS segment,
    State AS region,
    CASE
        WHEN "Hospital Ownership" LIKE 'Voluntary non-profit%' THEN 'Non-profit'
        WHEN "Hospital Ownership" IN ('Proprietary', 'Physician') THEN 'For profit'
        ELSE 'Public'
    END AS ownership,
    "Emergency Services" AS emergency_services
FROM read_csv('general_information.csv.gz', all_varchar = true)
ORDER BY account_id
