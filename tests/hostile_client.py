"""A client whose every text, name and file name is hostile: what its pages must show as text."""

from __future__ import annotations

import json
from itertools import count, cycle
from pathlib import Path

import pandas as pd
from whole_runs import FEW

STRUCK = "window.struck=1"  # what any text of the client's would do, if anything of it ran
CALLED = 'hostile\' onload="window.struck=1" &amp; ${window.struck=1}`'.translate(
    {ord(sign): None for sign in "{}"}
)  # the folder
HOSTILE = {
    "script": f"<script>{STRUCK}</script>",
    "handler": f'<img src=x onerror="{STRUCK}">',
    "breaking out": f'"></span></td></figure><svg onload={STRUCK}>',
    "a link": f"[press me](javascript:{STRUCK})",
    "a role": "{math}`x` {ref}`nowhere` {raw-html}`<b>`",
    "a directive": f"```{{raw}} html <script>{STRUCK}</script>```",
    "formulas": r"$5 & $6 \href{javascript:window.struck=1}{x} $$y$$",
    "substitution": "{{ client }} %d {name} {0} {sampling:value}",
    "marks": "_under_ **bold** <b>tag</b> &amp; \\ `code` # no heading",
    "writing": "🚚 Ünïcode שלום 漢字 \u202eright to left",
    "formula": "=1+1|' /C calc'!A0",
    "a template literal": f"${{{STRUCK}}}",
    "the end of a literal": f"`);{STRUCK};(`",
    "a literal in a literal": f"`${{`${{{STRUCK}}}`}}`",
    "an escaped literal": f"\\`${{{STRUCK}}}\\",
    "the end of a script": f"</script><script>{STRUCK}</script>",
    "the end of a title": f"</title><script>{STRUCK}</script>",
    "the end of a style": f"</style><script>{STRUCK}</script>",
    "the end of a text area": f"</textarea></noscript><script>{STRUCK}</script>",
    "a comment": f"<!--><img src=x onerror={STRUCK}>-->",
    "an open comment": "<!-- no end",
    "a script in a comment": f"<!--<script>--><script>{STRUCK}</script>",
    "an instruction": f"<?php {STRUCK} ?><![CDATA[<script>{STRUCK}</script>]]>",
    "upper case": f"<ScRiPt>{STRUCK}</sCrIpT>",
    "a slash for a space": f"<img/src=x/onerror={STRUCK}>",
    "a tag that is not closed": f"<img src=x onerror={STRUCK}//",
    "a null": f"<scr\\0ipt>{STRUCK}</script>",
    "a double bracket": f"<<script>{STRUCK}//<</script>",
    "a handler in quotes": f"' onmouseover='{STRUCK}' autofocus onfocus='{STRUCK}",
    "a handler in double quotes": f'" onmouseover="{STRUCK}" autofocus onfocus="{STRUCK}',
    "a toggle": f"<details open ontoggle={STRUCK}>x</details>",
    "a film": f"<video><source onerror={STRUCK}></video><audio src=x onerror={STRUCK}>",
    "a field": f"<input autofocus onfocus={STRUCK}><select autofocus onfocus={STRUCK}>",
    "a frame": f"<iframe srcdoc='<script>parent.{STRUCK}</script>'></iframe>",
    "a frame that runs": f"<iframe src=javascript:parent.{STRUCK}></iframe>",
    "an object": f"<object data=javascript:{STRUCK}></object><embed src=javascript:{STRUCK}>",
    "a form": f"<form action=javascript:{STRUCK}><button>x</button></form>",
    "a base": "<base href=javascript:/a/-alert(1)///////><base href=//evil.example/>",
    "a refresh": f'<meta http-equiv="refresh" content="0;url=javascript:{STRUCK}">',
    "a moving text": f"<marquee onstart={STRUCK}>x</marquee>",
    "a body": f"<body onload={STRUCK} onpageshow={STRUCK}>",
    "SVG": f"<svg><script>{STRUCK}</script><animate onbegin={STRUCK} attributeName=x></svg>",
    "SVG and HTML": f"<svg><foreignObject><img src=x onerror={STRUCK}></foreignObject></svg>",
    "MathML": f'<math><maction actiontype="statusline" xlink:href="javascript:{STRUCK}">x</math>',
    "a mutation": f"<math><mtext><table><mglyph><style><img src=x onerror={STRUCK}>",
    "CSS": f"<style>@import 'javascript:{STRUCK}';*{{display:none!important}}</style>",
    "a style": f"<p style=\"background:url(javascript:{STRUCK});position:fixed;inset:0\">x",
    "an HTML link": f'<a href="javascript:{STRUCK}">x</a>',
    "a hidden link": f'<a href="&#106;ava\tscript&colon;{STRUCK}">x</a>',
    "data as a link": f"<a href='data:text/html,<script>{STRUCK}</script>'>x</a>",
    "an automatic link": f"<javascript:{STRUCK}> <http://evil.example/> https://evil.example/x",
    "a picture in Markdown": f'![x](x "onerror={STRUCK}") ![x](javascript:{STRUCK})',
    "a reference": f"[x][y] [y]: javascript:{STRUCK}",
    "an attribute in Markdown": f"[x](y){{onclick={STRUCK}}} {{#main-content .hidden}}",
    "a colon fence": f":::{{raw}} html <script>{STRUCK}</script> :::",
    "a directive of reST": f".. raw:: html <script>{STRUCK}</script>",
    "roles": "{download}`/etc/passwd` {doc}`/conf` {eval-rst}`x` {glue}`x` :raw:`x`",
    "an inclusion": "{include} /etc/passwd {literalinclude} ../../client.yml",
    "Jinja": "{{7*7}} {% raw %} {%import os%}{{os.system('x')}} {# x #}",
    "a template of another kind": "#{7*7} <%= 7*7 %> ${7*7} {{constructor.constructor('x')()}}",
    "YAML": "a: b # c - [x, {y: z}] !!python/object:os.system &a *a | >",
    "JSON": '"}],"x":[{"y":"\\u003cscript\\u003e',
    "an entity": f"&#60;script&#62;{STRUCK}&#60;/script&#62; &#x3C;img src=x&#x3E;",
    "wide signs": f"＜script＞{STRUCK}＜/script＞",
    "signs of direction": f"\u2067<script>\u2069{STRUCK}\u202d</script>\u202c",
    "signs that are not seen": f"<scr\u200bipt>{STRUCK}</scr\u2060ipt>\ufeff",
    "signs on signs": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "a format": "%s%s%n %(name)s {0.__class__} {!r} \\x41 \\N{BULLET} \\1",
    "a path": "../../../etc/passwd C:\\windows\\win.ini file:///etc/passwd",
    "a command": "'; DROP TABLE accounts; -- $(touch x) `touch x` | touch x",
    "TeX": r"\input{/etc/passwd} \write18{x} \unsafe{x} $\class{x}{y}$ \(z\)",
}  # fmt: skip
PICTURE = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="{STRUCK}">
<script>{STRUCK}</script><a href="javascript:{STRUCK}"><text y="9">Hostile</text></a>
<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="{STRUCK}"/></foreignObject></svg>
"""

TEXTS = list(HOSTILE.values())
SHEET = f"<svg onload={STRUCK}>"  # no longer than a sheet's name may be
KEPT = {
    "codebook",
    "products",
    "actions",
    "action_effects",
    "function_metrics",
    "employee_survey",
    "communications",
    "themes",
    "benchmarks",
    "ledger",
}  # of no account


def write(project: Path, folder: Path) -> None:
    """A third of the demo client, every text in it hostile, under hostile names of files."""
    folder.mkdir()
    tables = {path.stem: _demo(path) for path in (project / "data" / "northfield").glob("*.csv")}
    third = set(tables["accounts"]["account_id"][::3])
    for name in set(tables) - KEPT - {"comments"}:
        listed = tables[name]["account_id"]
        tables[name] = tables[name][listed.isin(third) | (listed == "")].copy()
    answered = tables["comments"]["response_id"].isin(tables["responses"]["response_id"])
    tables["comments"] = tables["comments"][answered].copy()
    _dress(tables)
    files = _file_names(sorted(set(tables) - {"codebook", "products"}))
    for name, table in tables.items():
        if name == "products":
            _write_sheet(table, folder / "products.xlsx")
        else:
            table.to_csv(folder / files.get(name, f"{name}.csv"), index=False)
    (folder / "client.yml").write_text(_config(files), encoding="utf-8")
    (folder / LOGO).write_text(PICTURE, encoding="utf-8")


def _write_sheet(table: pd.DataFrame, file: Path) -> None:
    as_text = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(file, engine="xlsxwriter", engine_kwargs=as_text) as workbook:
        table.to_excel(workbook, sheet_name=SHEET, index=False)


def _demo(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _file_names(tables: list[str]) -> dict[str, str]:
    """A hostile name for the file of each table; a name of a file holds no slash."""
    flat = [text.replace("/", "").replace("\\", "")[:60] for text in TEXTS]
    return {name: f"{text}.csv" for name, text in zip(tables, flat, strict=False)}


def spread(said: pd.Series) -> pd.Series:
    """All hostile texts over the values of a column: one each, or several where they are few."""
    values = sorted(set(said) - {""})
    if len(values) >= len(TEXTS):
        each = zip(values, cycle(TEXTS), count(), strict=False)
        new = {value: f"{text} {number}" for value, text, number in each}
    else:
        new = {value: " ".join(TEXTS[i :: len(values)]) for i, value in enumerate(values)}
    return said.map({**new, "": ""})


ALIKE = (  # columns that name the same things, in several tables
    ("codebook.function", "actions.function", "function_metrics.function",
     "employee_survey.function"),
    ("accounts.region", "ops_metrics.unit"),
    ("accounts.owner", "tickets.owner"),
    ("responses.mode", "invitations.mode", "benchmarks.mode"),
    ("ops_metrics.metric", "function_metrics.metric"),
    ("products.product_id", "holdings.product_id", "opportunities.product_id"),
    *((column,) for column in (
        "accounts.name", "accounts.segment", "accounts.tier", "accounts.industry",
        "accounts.sponsor", "accounts.end_reason", "contacts.function", "products.name",
        "codebook.label", "codebook.text", "codebook.decision", "codebook.follow_up_owner",
        "responses.language", "invitations.stratum",
        "invitations.exclusion_reason", "invitations.excluded_by", "opportunities.stage",
        "opportunities.source", "tickets.trigger", "tickets.severity", "tickets.root_cause",
        "tickets.ticket_id", "ops_metrics.unit_of_measure", "employee_survey.unit",
        "function_metrics.owner", "actions.name", "actions.source", "communications.what",
        "themes.label", "benchmarks.source", "benchmarks.region", "ledger.claim_id",
    )),
)  # fmt: skip


def _dress(tables: dict[str, pd.DataFrame]) -> None:
    """Put hostile text wherever a client writes text (the tables are ours to change)."""
    accounts, codebook = tables["accounts"], tables["codebook"]
    codebook["follow_up_owner"] = codebook["decision"] = codebook["variable"]
    order = _largest_first(accounts, tables["financials"])
    accounts["name"] = pd.Series(range(len(order)), order).map("{:04d}".format)
    for columns in ALIKE:
        places = [column.split(".") for column in columns]
        said = pd.concat([tables[table][column] for table, column in places])
        new = dict(zip(said, spread(said), strict=True))
        for table, column in places:
            tables[table][column] = tables[table][column].map(new)
    for table in tables.values():
        if "wave" in table:
            table["wave"] = table["wave"].map(WAVES)
    pairs = zip(tables["comments"]["text"], cycle(TEXTS), strict=False)
    tables["comments"]["text"] = [f"{said} {text}" for said, text in pairs]
    tables["actions"]["reach"] = "all"
    tables["accounts"] = accounts.assign(**dict.fromkeys(TEXTS, "x"))  # names of columns


def _largest_first(accounts: pd.DataFrame, financials: pd.DataFrame) -> pd.Index:
    """Rows of accounts as their pages are made, so that each text is the name of one."""
    recent = financials[financials["period"] > "2025-06-30"]
    revenue = recent["revenue"].astype(float).groupby(recent["account_id"]).sum()
    ranked = accounts.assign(
        ended=accounts["end_date"] != "", revenue=accounts["account_id"].map(revenue).fillna(0)
    )
    return ranked.sort_values(["ended", "revenue"], ascending=[True, False]).index


WAVES = {  # a key of YAML is no longer than 1,024 signs: a wave has one text
    "2024H2": HOSTILE["handler"],
    "2025H1": HOSTILE["a literal in a literal"],
    "2025H2": HOSTILE["the end of a script"],
    "2026H1": HOSTILE["a role"],
}
DAYS = ("2024-11-15", "2025-05-15", "2025-11-15", "2026-05-15")
LOGO = "<b>logo.svg"


def _config(files: dict[str, str]) -> str:
    """A ``client.yml``: JSON is YAML too, and quotes whatever stands in it."""
    waves = [*WAVES.values()]
    return json.dumps(
        {
            "name": " ".join(TEXTS),
            "description": " ".join(TEXTS),
            "sources": TEXTS,
            "tables": {**files, "products": "products.xlsx"},
            "formats": {"products": {"sheet": SHEET}},
            "brand": {"logo": LOGO, "colour": "#0b5fff"},
            "report": {
                "author": HOSTILE["script"],
                "contact": HOSTILE["a handler in quotes"],
                "confidentiality": HOSTILE["the end of a script"],
            },
            "currency": "USD",
            "as_of": "2026-06-30",
            "wave": waves[-1],
            "previous_wave": waves[-2],
            "waves": dict(zip(waves, DAYS, strict=True)),
            "segments": ["tier", "region"],
            "targets": {"first_contact_hours": 48, "plan_days": 5, "close_days": 20},
            "parameters": {
                "sampling": {"margins": ["tier", "region"]},
                "accounts": {"most_pages": len(TEXTS)},
                "actions": {"budget": 750000},
                **FEW,
            },
        },
        ensure_ascii=False,
    )
