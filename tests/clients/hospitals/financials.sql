-- What Medicare and its patients paid a hospital for inpatients in 2023: the whole year in one
-- row, dated December, because the file gives no months. Amounts stay as written ("$1,234").
SELECT
    lpad(Rndrng_Prvdr_CCN, 6, '0') AS account_id,
    '2023-12-01' AS period,
    Tot_Pymt_Amt AS revenue,
    Tot_Dschrgs AS orders
FROM read_csv('inpatient_payments_2023.csv.gz', all_varchar = true)
ORDER BY account_id
