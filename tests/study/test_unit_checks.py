"""Money of one account, or of some of its months, in another unit than that of all others."""

from __future__ import annotations

import pytest

from helpers.study import check_client

IDS = [f"{n:03d}" for n in range(7, 19)]
LIST = "account_id,name,total_spend\n"
HEAD = "account_id,period,revenue\n"
MONTHS = [f"2025-{m:02d}" for m in range(7, 13)] + [f"2026-{m:02d}" for m in range(1, 7)]


def paid(n: int, m: int) -> int:
    return 40_000 + 7_000 * n + (37 * n + 61 * m) % 90 * 100


def months(times=lambda n, m: 1.0, ids=IDS, amount=paid) -> str:
    return HEAD + "".join(
        f"{own},{period},{amount(n, m) * times(n, m):.10g}\n"
        for n, own in enumerate(IDS) for m, period in enumerate(MONTHS) if own in ids
    )  # fmt: skip


def accounts(times=lambda n: 1.0) -> str:
    spend = (sum(paid(n, m) for m in range(12)) * (2 + n % 3) * times(n) for n in range(len(IDS)))
    return LIST + "".join(f"{o},N{o},{s:.10g}\n" for o, s in zip(IDS, spend, strict=True))


def contracts(times=lambda n, k: 1.0) -> str:
    rows = (
        f"K{n}{k},{own},{2021 + k}-01-01,{2021 + k}-12-31,{(90_000 + 9_000 * k) * times(n, k):g}\n"
        for n, own in enumerate(IDS) for k in range(4)
    )  # fmt: skip
    return "contract_id,account_id,start,end,value\n" + "".join(rows)


def told(client, **keys) -> list[str]:
    files = {"accounts.csv": accounts(), **keys.pop("files", {})}
    return [str(f) for f in check_client(client(files, **keys)) if "responses" not in f.file]


def test_accounts_in_one_unit_and_those_of_projects_have_no_fault(client):
    assert told(client, files={"financials.csv": months(), "contracts.csv": contracts()}) == []
    bursts = months(lambda n, m: (1, 3, 1, 110, 1, 25, 1, 9, 1, 1, 300, 1)[(m + n) % 12] / 50)
    files = {"financials.csv": bursts, "accounts.csv": LIST.replace(",total_spend", "") + "".join(
        f"{own},N{own}\n" for own in IDS)}  # fmt: skip
    assert told(client, files=files) == []


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (1e-3, "is about a 1,000th of what account 009 has in its other months"),
        (1e3, "is about 1,000 times what account 009 has in its other months"),
        (1e2, "is about 100 times what account 009 has in its other months"),
        (1e-6, "is about a 1,000,000th of what account 009 has in its other months"),
    ],
)
@pytest.mark.parametrize(
    ("these", "called"),
    [({4}, ": 2025-11."), ({0, 1, 2}, ": 3 months from 2025-07 to 2025-09."),
     ({8, 9, 10, 11}, ": 4 months from 2026-03 to 2026-06.")],
)  # fmt: skip
def test_months_of_one_account_are_told_with_both_readings(client, times, said, these, called):
    text = months(lambda n, m: times if n == 2 and m in these else 1.0)
    found = [one for one in told(client, files={"financials.csv": text}) if "other months" in one]
    assert len(found) == 1
    assert said in found[0] and called in found[0]
    assert f"If {paid(2, min(these))} is meant" in found[0].replace(",", "")


def test_several_accounts_are_one_warning_and_a_file_is_named(client):
    here = months(lambda n, m: 1e-3 if m > 8 else 1.0, ids=IDS[:3])
    files = {"financials.csv": None, "a.csv": months(ids=IDS[3:]), "b.csv": here}
    (found,) = told(client, files=files, tables="{financials: [a.csv, b.csv]}")
    assert "b.csv, row 10, column revenue" in found and "so it is for 008 (3 months" in found
    assert "all of them in b.csv" in found


@pytest.mark.parametrize(
    ("times", "said"), [(1e-3, "about a 1,000th of what the others have"),
                        (1e-6, "about a 1,000,000th of what the others have")]
)  # fmt: skip
def test_an_account_whose_every_month_is_in_another_unit_is_held_against_its_spending(
    client, times, said
):
    text = months(lambda n, m: times if n == 4 else 1.0)
    (found,) = told(client, files={"financials.csv": text})
    assert "column revenue: of account 011 is" in found and "of total_spend" in found
    assert said in found


def test_so_it_is_against_its_contracts_where_no_spending_is_known(client):
    text = months(lambda n, m: 1e-3 if n == 4 else 1.0, amount=lambda n, m: 9_000 + 100 * n + m)
    bare = LIST.replace(",total_spend", "") + "".join(f"{own},N{own}\n" for own in IDS)
    files = {"financials.csv": text, "contracts.csv": contracts(), "accounts.csv": bare}
    (found,) = told(client, files=files)
    assert "of account 011 is" in found and "of its contracts: about a 1,000th of what" in found


def test_spending_of_one_account_in_another_unit_is_told(client):
    files = {"financials.csv": months(), "accounts.csv": accounts(lambda n: 1e3 if n == 5 else 1)}
    (found,) = told(client, files=files)
    assert "of account 012" in found and "about a 1,000th of what the others have" in found


def test_a_contract_in_another_unit_than_the_accounts_others_is_told(client):
    files = {"contracts.csv": contracts(lambda n, k: 1e-3 if (n, k) == (1, 2) else 1.0)}
    (found,) = told(client, files=files)
    assert "contracts.csv, row 7, column value: '108' is about a 1,000th of the others of" in found


def test_a_renewal_in_another_unit_than_its_contract_is_told(client):
    rows = contracts().splitlines()
    lines = [f"{rows[0]},renewed,renewed_value"]
    lines += [f"{row},yes,{95_000 / (1000 if at == 3 else 1):g}" for at, row in enumerate(rows[1:])]
    (found,) = told(client, files={"contracts.csv": "\n".join(lines) + "\n"})
    assert "row 4, column renewed_value: '95' is about a 1,000th of its value" in found
