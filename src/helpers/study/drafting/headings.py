"""What files call the columns that are ids, dates and the like: tables, in four languages."""

from __future__ import annotations

import re

__all__ = ["KEYS"]


# Our column: the names that files give it. `sure` where a name can mean nothing else.
KEYS: tuple[tuple[str, re.Pattern[str], bool], ...] = tuple(
    (ours, re.compile(rf"(?i)\W*(?:\w+\. )?(?:{names})(?: \(utc\))?\W*"), sure)
    for ours, names, sure in (
        (
            "response_id",
            r"response[ _-]?id|respondent[ _-]?id|resp[ _-]?(id|num|no)|interview[ _-]?(id|no)|"
            r"case[ _-]?id|submission[ _-]?id|antwort[ _-]?(nr|nummer|id)|"
            r"lfdn|lfd\.?[ _-]?(nr|nummer)\.?|"
            r"fragebogen[ _-]?(nr|nummer|id)|survey[ _-]?id|"
            r"(respuesta|r[ée]ponse)[ _-]?(id|no|n[º°])|"
            r"(id|n[º°]|num[ée]ro|n[úu]mero)[ _-]?(de (la )?)?(r[ée]ponse|respuesta|encuesta)",
            True,
        ),
        (
            "response_id",
            r"id|record|key|token|uuid|guid|serial|#|respondent|befragte[rn]?|r[ée]pondant|encuestado",
            False,
        ),
        ("wave", r"waves?|survey[ _-]?wave|welle|vague|ola|round|erhebung", True),
        ("wave", r"year|survey[ _-]?year|star[ _-]?year|jahr|année|año|quarter|period", False),
        (
            "account_id",
            r"account[ _-]?(id|no|number|code)|customer[ _-]?(id|no|number|code)|"
            r"client[ _-]?(id|no|number|code)|company[ _-]?(id|no|code)|"
            r"kunden?[ _.-]*(nr|nummer|id|code|kennung)\.?|kd[ _.-]*(nr|nummer|id)\.?|"
            r"debitor(en)?[ _-]?(nr|nummer)\.?|"
            r"facility[ _-]?id|contract[ _-]?id|(code|n[º°o]|num[ée]ro|id)[ _-]?(du |de )?client|"
            r"(id|n[º°]|n[úu]mero|c[óo]digo)[ _-]?(de(l)? )?cliente|cust[ _-]?(id|no|num)",
            True,
        ),
        (
            "account_id",
            r"account|customer|client|company|kunde|firma|cliente|facility|debitor|soci[ée]t[ée]|"
            r"entreprise|empresa",
            False,
        ),
        (
            "contact_id",
            r"contact[ _-]?(id|no|number)|person[ _-]?(id|no)|panel[ _-]?id|member[ _-]?id|"
            r"externaldatareference|externalreference|kontakt[ _-]?(id|nr)",
            True,
        ),
        (
            "completed_at",
            r"completed[ _-]?at|end[ _-]?date|date[ _-]?(completed|submitted|modified|finished)|"
            r"completion[ _-]?(date|time)|submit(ted)?[ _-]?(date|at|time)?|enddate|timestamp|"
            r"zeitstempel|horodateur|marca temporal|interview[ _-]?date|ended[ _-]?at|endzeit|"
            r"interview[ _-]?end|response[ _-]?date|"
            r"(date|day) of (the )?(interview|response|survey)|"
            r"(completed|submitted|answered|received|finished) (on|at)|survey[ _-]?date|"
            r"(ausgefüllt|eingegangen|beantwortet|abgeschlossen|beendet|abgesendet|erhalten) am|"
            r"(eingangs|antwort|abschluss|befragungs|interview|rücklauf)[ _-]?datum|"
            r"datum der (antwort|befragung|rückmeldung)|"
            r"date (de |d.)(la )?(r[ée]ponse|fin|enqu[êe]te|saisie|soumission)|"
            r"(r[ée]pondu|rempli|termin[ée]|re[çc]u) le|"
            r"fecha (de |del )?(la )?(respuesta|fin|encuesta|env[íi]o|finalizaci[óo]n|t[ée]rmino)|"
            r"(respondido|completado|recibido|finalizado|contestado) el",
            True,
        ),
        ("completed_at", r"date|datum|fecha|recorded[ _-]?date|created[ _-]?at", False),
        (
            "started_at",
            r"started[ _-]?at|start[ _-]?date|start[ _-]?time|date[ _-]?(created|started)|"
            r"startzeit|time[ _-]?started|interview[ _-]?start|start(ed)? (on|at)|"
            r"(begonnen|gestartet) am|start[ _-]?datum|date de d[ée]but|commenc[ée] le|"
            r"fecha de inicio|iniciado el",
            True,
        ),
        (
            "duration_s",
            r"duration[ _-]?(s|sec|seconds|\(in seconds\))|dauer[ _-]?s",
            True,
        ),
        ("weight", r"weights?|wgt|wt|gewicht(ung)?|poids|ponderaci[óo]n|pond[ée]ration", True),
        ("language", r"lang|language|sprache|langue|idioma|user[ _-]?language", True),
        ("mode", r"mode|method|meth|survey[ _-]?mode|collection[ _-]?mode|befragungsart", True),
        ("completes", r"completes|completed[ _-]?surveys|number of completed surveys", True),
        ("stratum", r"stratum|sampling[ _-]?stratum", True),
    )
)
