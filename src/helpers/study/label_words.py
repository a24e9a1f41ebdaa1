"""What a label says, in the languages that clients ask in: no answer, yes or no, good or bad.

Only what is plain. What is not here is asked about, never guessed.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["is_no_answer", "is_utmost", "number_said", "plain", "praise", "yes_or_no"]

NO_ANSWER = (  # parts of a label, without accents and capitals
    r"do(?:es)?(?: not|n'?t) know|dk|dk ?/ ?(?:na|ref)|n ?/ ?a|n\.a\.?|not applicable|"
    r"not relevant|no (?:answer|response|opinion|experience|reply|basis)|"
    r"not (?:answered|asked|rated|stated|used)|refused?|refused to answer|refusal|"
    r"(?:prefer|rather) not(?: to)? (?:say|answer|disclose|state)|"
    r"declined? to (?:say|answer|state)|no comment|(?:does not|doesn'?t) apply|dnk|not observed|"
    r"too early to (?:say|judge|tell)|no basis for (?:a )?judge?ment|nc|nsp ?/ ?nr|"
    r"can(?:not|'?t| not) (?:say|judge|rate|tell|answer)|"
    r"(?:un|not )able to (?:say|judge|rate|answer)|not sure|unsure|never used|"
    r"(?:have|did)(?: not|n'?t) used?|unknown|missing|skipped|weiss (?:ich |es )?nicht|"
    r"keine? (?:angaben?|antwort|meinung|erfahrung|ahnung|auskunft)|k\. ?a\.?|"
    r"nicht (?:zutreffend|anwendbar|relevant|genutzt|beurteilbar|bekannt|befragt)|"
    r"(?:kann|konnen) .*nicht (?:beurteilen|sagen|bewerten|einschatzen)|verweigert|entfallt|"
    r"mochte .*nicht (?:sagen|beantworten|angeben)|ne sa[iv]\w* pas|ne se prononce pas|nsp|"
    r"sans (?:reponse|opinion|avis|objet)|pas de (?:reponse|avis)|pas d'(?:avis|opinion)|"
    r"non (?:concerne|applicable|reponse|renseigne)|pas concerne|"
    r"prefere ne pas (?:dire|repondre)|refus|no (?:lo )?se|no sabe|ns ?/ ?nc|"
    r"no (?:contesta|aplica|aplicable|responde|procede)|sin (?:respuesta|opinion)|"
    r"prefiero no (?:decir|contestar|responder)(?:lo)?|non (?:lo )?so|non sa|"
    r"non (?:applicabile|risponde|pertinente|rilevante)|(?:nessuna|senza) (?:risposta|opinione)|"
    r"preferisco non (?:rispondere|dire)(?:lo)?|nao (?:sei|sabe|se aplica|aplicavel|respondeu?)|"
    r"ns ?/ ?nr|sem (?:resposta|opiniao)|prefiro nao|weet (?:ik |het )?niet|"
    r"geen (?:antwoord|mening|opgave|ervaring)|niet van toepassing|n\.?v\.?t\.?|"
    r"(?:wil|zeg) .*niet(?: zeggen)?|vet (?:ej|inte|ikke)|ved ikke|"
    r"(?:ej|ikke|inte) relevant[et]?|(?:ej|inte|ikke) aktuellt?|"
    r"ingen (?:asikt|mening|uppfattning)|nie wiem|nie dotyczy|nie mam zdania|"
    r"neviem|ne znam|nem tudom|nu stiu|tidak tahu|khong biet|"
    r"trudno powiedziec|brak (?:odpowiedzi|zdania)|odmowa(?: odpowiedzi)?|nevim|en osaa sanoa|"
    r"bilmiyorum|fikrim yok|не знаю|затрудняюсь(?: ответить)?|нет ответа|не применимо|важко сказати"
)
NO_ANSWER_UNSPACED = (
    "わからない", "分からない", "該当なし", "無回答", "答えたくない", "不知道", "不适用", "不適用",
    "拒绝", "拒絕", "不清楚", "모름", "모르겠", "해당 없음", "해당없음", "무응답",
    "δεν ξέρω", "δεν γνωρίζω", "لا أعرف", "لا ينطبق", "לא יודע", "לא רלוונטי", "ไม่ทราบ", "पता नहीं",
)  # fmt: skip
YES = (
    "yes y ja j oui si sim tak ano igen evet kylla да はい 是 네 예 true wahr vrai verdadero vero "
    "selected checked ticked mentioned agree agreed accepted"
)
NO = (
    "no n nein non nao nee nej nei nie ne nem hayir ei нет いいえ 否 아니오 아니요 false falsch "
    "faux falso unselected unchecked unticked disagree declined"
)
NOT = r"not|nicht|ne|pas|non|nao|niet|inte|ikke"
QUALIFIED = (
    rf"{NOT}|but|only|unless|except|aber|nur|ausser|mais|seulement|sauf|pero|solo|salvo|ma|mas|maar|"
    r"alleen|anonym\w*|perhaps|maybe|vielleicht"
)
BAD = (
    r"dis-?satisf|un-?satisf|insatisf|insoddisf|unzufrieden|mecontent|ontevreden|missnojd|utilfreds|"
    r"niezadowol|unhappy|poor|difficult|\bhard\b|schwierig|\bschwer|difficile|dificil|moeilijk|trudn|"
    r"(?:below|fail\w*|miss\w*) .*expect|\bbad\b|terrible|awful|worst|"
    r"unacceptable|schlecht|mangelhaft|"
    r"ungenugend|mauvais|\bmalo\b|\bmal\b|pesim|scars[oa]|\bruim\b|slecht|fatal|"
    rf"\b(?:{NOT})\b.*(?:satisf|zufrieden|soddisf|tevreden|happy|good|gut\b|easy|einfach|leicht|facil)"
)
GOOD = (
    r"satisf|soddisf|zufrieden|\bcontente?\b|tevreden|nojd|tilfreds|zadowol|happy|excellent|"
    r"\bgood\b|great\b|\bbest\b|outstanding|perfect|\bgut\b|ausgezeichnet|hervorragend|\bbon\b|"
    r"excelente|\bbueno\b|\beasy\b|einfach|\bleicht\b|\bfacile?s?\b|makkelijk|latw|"
    r"exceed\w* .*expect|ottim[oa]|eccellente|\bbom\b|\bgoed\b|uitstekend"
)
AGAINST = (
    r"disagree|unlikely|unwahrscheinlich|improbable|improvav|desacuerdo|disaccordo|discordo|oneens|"
    r"onwaarschijnlijk|nie zgadzam|lehne|\bnever\b.*recommend|"
    rf"\b(?:{NOT})\b.*(?:agree|likely|probable|wahrscheinlich|d'accord|stimme|zu\b|eens\b)|"
    rf"stimme.*\b(?:{NOT})\b"
)
FOR = (
    r"agree|likely|wahrscheinlich|probable|provav|acuerdo|d'accord|concordo|\beens\b|"
    r"waarschijnlijk|zgadzam|stimme.*\bzu\b|trifft.*\bzu\b"
)
UTMOST = (
    r"very|extremely|completely|strongly|totally|fully|highly|absolutely|definitely|excellent|"
    r"outstanding|perfect|best|worst|terrible|sehr|ausserst|voll\w*|ausgezeichnet|hervorragend|"
    r"tres|extremement|tout a fait|pas du tout|not at all|gar nicht|totalement|muy|totalmente|"
    r"completamente|excelente|molto|estremamente|per niente|ottim[oa]|muito|zeer|heel|helemaal|"
    r"uitstekend|mycket|meget|bardzo|zdecydowanie"
)
NOTHING = re.compile(r"[-\u2013\u2014._?/\s]+")
UNIT = r"stars?|points?|sterne?n?|punkte?|etoiles?|estrellas?|stelle|sterren"
NUMBER = r"([+-]?\d+(?:[.,]\d+)?)"
NUMBER_SAID = (
    re.compile(rf"{NUMBER}(?: ?(?:{UNIT}))?"),
    re.compile(rf"{NUMBER}\s*[-\u2013\u2014=:.)]+\s*[^\d\s].*"),
    re.compile(rf"[^\d]*[^\d\s]\s*(?:[(\[]|[-\u2013\u2014=:]\s){NUMBER}[)\]]?"),
)
NUMBER_BEFORE_WORDS = re.compile(rf"{NUMBER} [^\W\d].*")


def plain(label: str) -> str:
    """A label without capitals, accents and doubled spaces.

    >>> plain("  Weiß  NICHT’s ")
    "weiss nicht's"
    """
    text = unicodedata.normalize("NFKD", label.casefold().replace("’", "'").replace("_", " "))
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).split())


def is_no_answer(label: str) -> bool:
    """Whether a label says that somebody gave no mark.

    >>> [is_no_answer(x) for x in ("Don’t know", "Keine Angabe (99)", "Neutral", "Never")]
    [True, True, False, False]
    """
    text = plain(label)
    if NOTHING.fullmatch(text):
        return True
    return bool(_NO_ANSWER.search(text)) or any(part in text for part in _UNSPACED)


def number_said(label: str, *, before_words: bool = False) -> float | None:
    """The mark that a label names; ``None`` where it names none, or a range.

    Parameters
    ----------
    before_words
        Whether a number is the mark where words follow it with a space alone, as in
        "0 Not at all": elsewhere "2 visits" is no mark.

    Examples
    --------
    >>> [number_said(x) for x in ("8", "10 - Very likely", "5 stars", "Best (10)", "3-5 times")]
    [8.0, 10.0, 5.0, 10.0, None]
    """
    text = plain(label)
    forms = (*NUMBER_SAID, NUMBER_BEFORE_WORDS) if before_words else NUMBER_SAID
    found = next((m for form in forms if (m := form.fullmatch(text))), None)
    return float(found[1].replace(",", ".")) if found else None


def yes_or_no(label: str) -> str | None:
    """``yes`` or ``no``, where a label plainly is one of them.

    >>> [yes_or_no(x) for x in ("Yes, may be named", "Nein", "Not selected", "Yes, but not so")]
    ['yes', 'no', 'no', None]
    """
    text = plain(label).replace("do not", "not").replace("don't", "not").removeprefix("i ")
    first, _, rest = re.sub(r"[^\w']+", " ", text).strip().partition(" ")
    if first == "not" and rest in _YES:
        return "no"
    if first not in _YES | _NO or (rest and re.search(rf"\b(?:{QUALIFIED})\b", rest)):
        return None if first not in _NO else "no"
    return "yes" if first in _YES else "no"


def praise(label: str) -> tuple[int, bool]:
    """1 for a good mark, -1 for a bad one, 0 where it is not plain; and whether it is of quality.

    Agreement and likelihood are not: to agree may be bad news.

    >>> praise("Very dissatisfied"), praise("Strongly agree"), praise("Often")
    ((-1, True), (1, False), (0, False))
    """
    text = plain(label)
    for pattern, sign, quality in (
        (BAD, -1, True),
        (AGAINST, -1, False),
        (GOOD, 1, True),
        (FOR, 1, False),
    ):
        if re.search(pattern, text):
            return sign, quality
    said = yes_or_no(label)
    return ({"yes": 1, "no": -1}[said] if said else 0), False


def is_utmost(label: str) -> bool:
    """Whether a label says that a mark is the best or the worst there is.

    >>> [is_utmost(x) for x in ("Very satisfied", "Sehr schlecht", "Satisfied", "Neutral")]
    [True, True, False, False]
    """
    return bool(re.search(rf"\b(?:{UTMOST})\b", plain(label)))


_NO_ANSWER = re.compile(rf"(?<![\w/])(?:{NO_ANSWER})(?![\w/])")
_UNSPACED = tuple(plain(part) for part in NO_ANSWER_UNSPACED)
_YES, _NO = frozenset(map(plain, YES.split())), frozenset(map(plain, NO.split()))
