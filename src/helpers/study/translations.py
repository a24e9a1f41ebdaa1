"""Words that clients' files use for ours, in English, German, French, Spanish and Italian.

Only words that can mean one thing. What is not here is asked about, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pandas as pd

from helpers.study.columns import Column, Table
from helpers.study.nearest import nearest

__all__ = ["holder_by_name", "obvious_value"]

YES_NO = {
    "yes": "ja oui si sí sì sim wahr vrai verdadero vero",
    "no": "nein non não falsch faux falso",
}
VALUES = {  # what their words mean, by our column; several words to an entry are split by commas
    "disposition": {
        "complete": "complete, completed, finished, done, ausgefüllt, vollständig ausgefüllt, "
        "abgeschlossen, vollständig, complété, complet, terminé, completo, completado, completada, "
        "completato, completata",
        "partial": "partially completed, partially complete, partially, incomplete, "
        "teilweise ausgefüllt, teilweise, unvollständig, partiel, incomplet, parcial, incompleto, "
        "parziale",
        "breakoff": "broken off, break off, abandoned, abgebrochen, abbruch, abandonné, abandon, "
        "abandonado, abbandonato",
        "refusal": "refused, declined, abgelehnt, verweigert, refus, refusé, rechazado, rifiutato",
        "noncontact": "not reached, nicht erreicht, non joint",
        "bounce": "bounced, hard bounce, soft bounce, undeliverable, undelivered, unzustellbar, "
        "nicht zustellbar, non distribué, no entregado, non recapitato",
        "ineligible": "not eligible",
        "unknown": "unbekannt, inconnu, desconocido, sconosciuto",
    },
    "role": {
        "decision_maker": "decider, entscheider, entscheiderin, décideur, decisor, decisore",
        "influencer": "beeinflusser, beeinflusserin, prescripteur, prescriptor",
        "user": "end user, anwender, anwenderin, nutzer, nutzerin, benutzer, utilisateur, usuario, "
        "utente",
        "admin": "administrator, administratorin, administrateur, administrador, amministratore",
    },
}
ACCOUNT = (
    "customer no, customer number, customer id, customer, custno, cust id, client no, client id, "
    "client, account no, account number, account, kd nr, kdnr, kunde, kunde nr, kunden nr, "
    "kundennummer, kunden id, debitor, debitor nr, n client, numéro client, code client, "
    "nº cliente, número de cliente, cliente, codice cliente"
)
CONTACT = (
    "person, person id, contact, contact no, contact number, respondent, respondent id, "
    "kontakt, kontakt id, kontakt nr, ansprechpartner, ansprechpartner id, personen id, "
    "personennummer, id contact, contacto, contatto"
)
WAVE = "round, welle, erhebung, runde, vague, ola, oleada, ondata, rilevazione"
WEAK = {  # columns that are so called hold ids only where no other is called a number
    "account_id": "customer, client, account, kunde, debitor, cliente",
}
COLUMNS = {  # what their columns are called, by our column
    "account_id": ACCOUNT,
    "contact_id": CONTACT,
    "response_id": "response, response no, antwort id, fragebogen id, interview id, interview nr",
    "wave": WAVE,
    "ticket_id": "ticket, ticket no, ticket number, ticket nr, ticketnummer, ticket key, case, "
    "case id, case no, case number, vorgang, vorgang nr, vorgangsnummer, fall nr, fallnummer, "
    "n ticket, numéro de ticket, réclamation, nº de ticket, incidencia, issue key",
    "trigger": "reason, anlass, auslöser, grund, motif, motivo, subject, betreff, objet, asunto, "
    "ticket type, case type, complaint, beschwerdegrund",
    "severity": "priority, priorität, dringlichkeit, schweregrad, priorité, prioridad, gravité",
    "created_at": "opened, opened at, opened on, open date, date opened, created, created on, "
    "created date, date created, raised on, reported on, eröffnet, eröffnet am, erstellt, "
    "erstellt am, angelegt am, eingang, eingegangen am, gemeldet am, ouvert le, créé le, "
    "date d ouverture, date de création, abierto el, creado el, fecha de apertura, "
    "fecha de creación",
    "closed_at": "closed, closed on, close date, closed date, date closed, resolved, resolved at, "
    "resolved on, geschlossen, geschlossen am, erledigt am, abgeschlossen am, gelöst am, fermé le, "
    "clôturé le, résolu le, date de clôture, cerrado el, resuelto el, fecha de cierre",
    "first_contact_at": "first contact, first response, first response at, erster kontakt, "
    "erste antwort am, premier contact, primer contacto",
    "root_cause": "ursache, cause, causa, root cause",
    "name": "firma, firmenname, kundenname, company, company name, customer name, account name, "
    "client name, société, raison sociale, entreprise, nom, empresa, razón social, nombre, "
    "azienda, ragione sociale, kunde, customer, client, cliente, account, debitor",
    "segment": "klasse, kundenklasse, abc klasse, kundensegment, customer segment, segmento, "
    "class, customer class",
    "tier": "stufe, kategorie, category, level",
    "industry": "branche, sector, secteur, settore, industria",
    "region": "gebiet, area, territory, région, región, regione",
    "owner": "betreuer, kundenbetreuer, account manager, key account manager, kam, sales rep, "
    "vertreter, verantwortlich, responsable",
    "start_date": "kunde seit, kunde ab, customer since, client since, client depuis, "
    "cliente desde, cliente dal, since, seit, eintritt",
    "end_date": "kunde bis, customer until, client until, lost on, churn date, kündigung am, "
    "gekündigt am, kündigungsdatum, ende, austritt, client jusqu au, cliente hasta, "
    "cliente fino al",
    "end_reason": "kündigungsgrund, grund, churn reason, reason, motif, motivo",
    "total_spend": "gesamtbedarf, wallet, total wallet, budget gesamt",
    "revenue": "umsatz, umsatzerlöse, erlös, erlöse, betrag, montant, importe, "
    "jahresumsatz, nettoumsatz, umsatz netto, annual revenue, net revenue, "
    "net sales, sales, turnover, annual turnover, ca, ca annuel, ca ht, chiffre d affaires, "
    "chiffre affaires, facturación, ingresos, ventas, fatturato, ricavi",
    "role": "rolle, funktion im kauf, buying role, rôle, rol, ruolo",
    "function": "abteilung, funktion, department, position, job title, service, fonction, "
    "departamento, reparto, funzione",
    "active": "aktiv, still there, actif, activo, attivo",
    "opt_out": "keine umfragen, keine befragung, do not survey, do not contact, no surveys, "
    "unsubscribed, abgemeldet, widerspruch, pas d enquête, no encuestar",
    "last_invited": "letzte einladung, zuletzt eingeladen, last invitation, last surveyed, "
    "dernière invitation, última invitación, ultimo invito",
    "consent_named": "nennung erlaubt, namensnennung, namensnennung erlaubt, may be named, "
    "consent to be named, named ok, citation autorisée",
    "consent_followup": "rückruf ok, rückruf erlaubt, rückruf, callback ok, call back ok, "
    "may be called back, follow up ok, rappel autorisé",
    "consent_marketing": "werbung erlaubt, marketing ok, marketing consent, newsletter",
    "disposition": "status, ergebnis, outcome, result, statut, estado, stato",
    "invited_at": "versandt am, versendet am, eingeladen am, invited on, sent on, sent at, "
    "sent date, invitation date, date envoi, date d envoi, fecha de envío, inviato il",
    "inclusion_probability": "auswahlwahrscheinlichkeit, sampling probability, probability",
    "stratum": "schicht, strate, estrato, strato",
    "mode": "kanal, channel, method, methode, canal, canale",
    "language": "sprache, user language, langue, idioma, lingua",
    "weight": "gewicht, gewichtung, poids, peso, ponderación",
    "duration_s": "duration in seconds, dauer in sekunden",
    "completed_at": "end date, beendet am, abgeschlossen am, completed on, submitted at, "
    "submitted on, datum, date, fecha, data, ausgefüllt am, eingegangen am, beantwortet am, "
    "date de réponse, répondu le, fecha de respuesta, respondido el",
    "started_at": "begonnen am, gestartet am, started on",
    "period": "monat, month, mois, mes, mese, periode, période, periodo, buchungsmonat",
    "margin": "deckungsbeitrag, db, gross margin, marge, margen, margine",
    "contract_id": "vertrag, vertrag nr, vertragsnummer, contract no, contract number, contract",
    "start": "beginn, vertragsbeginn, contract start, begin, début, inicio, inizio",
    "end": "ende, vertragsende, contract end, fin, fine",
    "value": "wert, vertragswert, contract value, montant, valor, valore",
}
CURRENCIES = {"eur", "euro", "usd", "chf", "gbp", "teur", "keur", "tsd", "mio", "k", "€", "$", "£"}
TRIES = 20  # columns of a name like ours, before what they hold is looked at no more
WORD = re.compile(r"[^\W\d_]+|[€$£º]")
DIGITS = re.compile(r"\d")


def obvious_value(word: str, column: Column) -> str | None:
    """Which of our values a word of the client's plainly is; ``None`` where it is not plain.

    Examples
    --------
    >>> obvious_value(" Nein ", Column("opt_out", "yes_no"))
    'no'
    >>> obvious_value("keine Antwort", Column("disposition", "text", values=("noncontact",)))
    """
    if column.kind == "yes_no":
        listed = {ours: theirs.split() for ours, theirs in YES_NO.items()}
    else:
        words = VALUES.get(column.name, {})
        listed = {ours: _split(words[ours]) for ours in column.values if ours in words}
    plain = " ".join(word.casefold().replace("_", " ").replace("-", " ").split())
    return next((ours for ours, theirs in listed.items() if plain in theirs), None)


def holder_by_name(
    name: str,
    table: Table,
    frame: pd.DataFrame,
    among: Iterable[str],
    *,
    likeness: float = 0.85,
) -> str | None:
    """The column of a file that by its name, and by what it holds, is one of ours.

    Parameters
    ----------
    name
        A column of ours that the file does not have.
    table
        Whose column it is.
    frame
        The file as it was read.
    among
        Columns of it to look at: those that are nothing else.
    likeness
        From this share of letters in common on, a name is taken for ours misspelled.

    Examples
    --------
    >>> from helpers.study.tables import TABLES
    >>> file = pd.DataFrame({"Kunde bis": ["2025-03-31"], "Umsatz 2025": ["1.200,50"]})
    >>> holder_by_name("end_date", TABLES["accounts"], file, file)
    'Kunde bis'
    >>> holder_by_name("revenue", TABLES["accounts"], file, file)
    'Umsatz 2025'
    >>> holder_by_name("owner", TABLES["accounts"], file, file) is None
    True
    """
    words = {_squeezed(word) for word in _split(COLUMNS.get(name, ""))}
    if table.key[:1] == (name,):
        words |= {"id", "nr", "no", "number", "nummer", "numéro"}
    declared = table.column(name)
    kind = "text" if declared is None else declared.kind
    left = [str(other) for other in among]
    weak = {_squeezed(word) for word in _split(WEAK.get(name, ""))}
    called = [other for other in left if _squeezed(other) in words]
    called.sort(key=lambda other: _squeezed(other) in weak)
    found = next((other for other in called if _fits(frame[other], kind)), None)
    left = [other for other in left if _as_long(name, other, likeness)]
    for _ in range(TRIES):  # what a column holds is looked at last: there may be thousands
        close = None if found else nearest(name, left, likeness=likeness)
        if close is None:
            break
        found = close if _fits(frame[close], kind) else None
        left.remove(close)
    return found


def _as_long(name: str, other: str, likeness: float) -> bool:
    """Whether two names are of lengths between which so many letters can be in common."""
    one, two = len(name), len(other.strip())
    return 2 * min(one, two) >= likeness * (one + two)


def _split(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


@cache
def _squeezed(name: str) -> str:
    """The letters of a name, without years, currencies and the signs between words."""
    words = [word for word in WORD.findall(name.casefold()) if word not in CURRENCIES]
    return "".join(words)


def _fits(cells: pd.Series, kind: str) -> bool:
    """Whether most of what a column holds can be of a kind."""
    there = cells.dropna().head(1000)
    if there.empty:
        return kind != "number"
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return kind in ("date", "period")
    texts = there.astype(str).str.strip()
    numeric = texts.map(lambda text: len(DIGITS.findall(text)) >= max(1, len(text) / 2))
    if kind in ("number", "date", "period"):
        return bool(numeric.mean() > 0.5)
    if kind == "yes_no":
        return bool(texts.str.casefold().nunique() <= 4)
    return True
