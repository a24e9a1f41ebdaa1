"""Numbers that may mean something else, or that nothing can be counted with."""

from __future__ import annotations

import pytest

from helpers.study import check_client, open_study

HEAD = "response_id,wave,account_id,nps,ease,trouble\n"


def accounts(*values, mark=","):
    lines = [mark.join(("account_id", "name", "revenue"))]
    lines += [mark.join((f"A{n}", "Firm", value)) for n, value in enumerate(values)]
    return {"accounts.csv": "\n".join(lines) + "\n"}


def told(folder, word):
    return [fault for fault in check_client(folder) if word in fault.problem]


@pytest.mark.parametrize("mark", [",", ";"])
@pytest.mark.parametrize(
    "values", [("1.234", "12.500", "950"), ("-1.234", "7.800"), ("1.000", "2.000")]
)
def test_three_digits_behind_every_point_are_told_of_with_both_readings(client, values, mark):
    form = f'delimiter: "{mark}"'
    files = accounts(*values, mark=mark)
    (found,) = told(client(files, formats=f"{{accounts: {{{form}}}}}"), "three digits")
    assert found.severity == "warning"
    for marks in ('decimal: ",", thousands: "."', 'decimal: "."'):
        assert f"{{accounts: {{{marks}}}}}" in found.advice
        keys = f"{{accounts: {{{form}, {marks}}}}}"
        assert not told(client(files, formats=keys), "three digits")
    keys = f'{{accounts: {{{form}, decimal: ",", thousands: "."}}}}'
    study = open_study(client(files, formats=keys))
    assert study.accounts["revenue"].to_list() == [float(v.replace(".", "")) for v in values]


@pytest.mark.parametrize(
    "values", [("0.234", "0.500"), ("1.25", "1.234"), ("1.234", "950"), ("1", "2")]
)
def test_other_numbers_are_not(client, values):
    assert not told(client(accounts(*values)), "three digits")


@pytest.mark.parametrize("answer", ["8.5", "0.5", "9.999"])
def test_an_answer_between_two_points_is_in_no_group(client, answer):
    rows = f"r1,2026H1,a,7.0,5,5\nr2,2026H1,a,{answer},5,5\n"
    (found,) = told(client({"responses.csv": HEAD + rows}), "whole number")
    assert (found.severity, found.row, found.column) == ("error", 2, "nps")


def test_a_mean_as_a_driver_or_on_another_scale_is_an_answer(client):
    rows = "r1,2026H1,a,7,5.5,4.2\nr2,2026H1,a,9,5,5\n"
    assert not check_client(client({"responses.csv": HEAD + rows}))
    book = "variable,role,scale_min,scale_max\nnps,recommend,0,100\n"
    rows = "r1,2026H1,a,77.5,5,5\n"
    assert not told(client({"responses.csv": HEAD + rows, "codebook.csv": book}), "whole number")


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        (("0", "0"), "is 0 in all rows"),
        (("", ""), "is empty in all rows"),
        (("-1", "1"), "is not at least 0"),
        (("1e999", "1"), "is not a number"),
    ],
)
def test_weights_that_weigh_nothing_are_an_error(client, weights, says):
    rows = "".join(f"r{n},2026H1,a,7,5,5,{weight}\n" for n, weight in enumerate(weights))
    head = HEAD.replace("trouble", "trouble,weight")
    faults = told(client({"responses.csv": head + rows}), says)
    assert [fault.severity for fault in faults] == ["error"]


def test_a_weight_of_nought_beside_others_is_none(client):
    rows = "r1,2026H1,a,7,5,5,0\nr2,2026H1,a,7,5,5,1\n"
    head = HEAD.replace("trouble", "trouble,weight")
    assert not check_client(client({"responses.csv": head + rows}))


def of_two_waves(client, before, now):
    rows = "".join(
        f"r{n},{wave},a,7,5,5,{weight}\n"
        for n, (wave, weight) in enumerate(
            [("2025H2", w) for w in before] + [("2026H1", w) for w in now]
        )
    )
    return check_client(client({"responses.csv": HEAD.replace("trouble", "trouble,weight") + rows}))


def test_a_wave_in_which_nobody_weighs_anything_is_an_error(client):
    (fault,) = of_two_waves(client, ("1", "1"), ("0", "0"))
    assert (fault.severity, fault.row, fault.column) == ("error", 3, "weight")
    assert "is 0 in all rows of 2026H1; row 4 alike" in fault.problem
    assert not of_two_waves(client, ("", ""), ("1", "2"))


def test_a_wave_of_which_some_have_no_weight_is_told_that_it_is_not_used(client):
    (fault,) = of_two_waves(client, ("1", "1"), ("1", "", "2"))
    assert (fault.severity, fault.row, fault.column) == ("warning", 4, "weight")
    assert "is empty for some of 2026H1, so that nobody of it is weighted by it" in fault.problem


def test_a_chance_of_nought_names_its_rows(client):
    text = "wave,contact_id,inclusion_probability,disposition\n"
    text += "2026H1,c1,0.5,complete\n2026H1,c2,0,complete\n2026H1,c3,0,complete\n"
    (found,) = told(client({"invitations.csv": text}), "is 0")
    assert (found.severity, found.row) == ("error", 2)
    assert "row 3 alike" in found.problem


@pytest.mark.parametrize(
    ("written", "wrong"),
    [("USD", True), ("$", True), ("US$", True), ("€", False), ("£", True), ("?", False)],
)
def test_a_currency_that_contradicts_the_clients_is_an_error(client, written, wrong):
    text = "account_id,period,revenue,currency\n"
    text += f"007,2026-01,1,{written}\n007,2026-02,1,{written}\n"
    assert bool(told(client({"financials.csv": text}), "is not the currency")) == wrong


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("financials.csv", "account_id,period,revenue\n007,2026-06,1\n007,2026-07,1\n"),
        ("outcomes.csv", "account_id,period,outcome,value\n007,2026-06,x,1\n007,2027-01,x,1\n"),
        (
            "ops_metrics.csv",
            "account_id,period,metric,value,unit_of_measure\n"
            "007,2026-06,x,1,h\n007,2062-01,x,1,h\n",
        ),
    ],
)
def test_a_month_that_has_not_come_is_an_error(client, file, text):
    (found,) = told(client({file: text}), "lies after as_of")
    assert (found.severity, found.row) == ("error", 2)


@pytest.mark.parametrize(
    ("currency", "sign", "amounts"),
    [
        ("EUR", "$", ("$1,200.50", "$3.00", "$4.00")),
        ("EUR", "USD", ("12 USD", "3 USD", "4 USD")),
        ("USD", "€", ("12 €", "3", "4")),
        ("CHF", "£", ("1", "2", "£4")),
    ],
)
def test_a_sign_that_is_declared_and_contradicts_the_currency_is_warned_of(
    client, currency, sign, amounts
):
    text = "account_id;name;revenue\n" + "".join(f"A{a};F;{a}\n" for a in amounts)
    yml = f"name: Small\nas_of: 2026-06-30\nwave: 2026H1\ncurrency: {currency}\n"
    form = f'{{delimiter: ";", thousands: ",", currency: ["{sign}", "{currency}", "Mio"]}}'
    folder = client({"client.yml": yml, "accounts.csv": text}, formats=f"{{accounts: {form}}}")
    (found,) = told(folder, "has the sign")
    assert found.severity == "warning" and found.column == "revenue" and sign in found.found
    assert f"the sign {sign}" in found.problem and f"declares {currency}" in found.problem
    yml = yml.replace(currency, {"$": "CAD", "USD": "USD", "€": "EUR", "£": "GBP"}[sign])
    folder = client({"client.yml": yml, "accounts.csv": text}, formats=f"{{accounts: {form}}}")
    assert not told(folder, "has the sign")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (("0.05", "-0.12", "0.2"), "read as 0.05 per cent"),
        (("-0.5", "", "0.07"), "read as -0.5 per cent"),
        (("0", "0.25", "0.75"), "read as 0.25 per cent"),
        (("5", "-0.12", "0.2"), None),
        (("1", "-1", "0"), None),
        (("0.5", "", ""), None),
        (("2.5", "-3.1", "0.4"), None),
    ],
)
def test_growth_that_looks_like_a_share_is_told_of_with_both_readings(client, values, says):
    text = "account_id,name,growth_pct\n"
    text += "".join(f"00{n},Firm,{value}\n" for n, value in enumerate(values, start=7))
    found = told(client({"accounts.csv": text}), "between -1 and 1")
    assert [fault.severity for fault in found] == ["warning"] * bool(says)
    if says:
        first = float(found[0].found)
        assert says in found[0].problem and f"If {100 * first:g} per cent" in found[0].advice
