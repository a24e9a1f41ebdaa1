"""The words by which questions and answers are recognised: tables, in four languages.

Each pattern is matched without regard to case. English comes first, then German, French
and Spanish for the commonest.
"""

from __future__ import annotations

import re

__all__ = [
    "COMPANY_WIDE",
    "COUNTED",
    "EMPTY",
    "EVALUATING",
    "LADDERS",
    "NAMES",
    "NEGATIVE",
    "NO_ANSWER",
    "PERSONAL",
    "POSITIVE",
    "PREFIXES",
    "RATING",
    "ROLES",
    "SEGMENT",
    "VERDICTS",
    "words",
]


def words(*patterns: str) -> re.Pattern[str]:
    """One pattern out of several, each beginning at the start of a word.

    Examples
    --------
    >>> bool(words("recommend", "empfehl").search("Would you RECOMMEND us?"))
    True
    >>> bool(words("mend").search("Would you recommend us?"))
    False
    """
    return re.compile(r"(?i)(?<![^\W\d_])(?:" + "|".join(patterns) + ")")


# Role, pattern in the question. The first that fits decides; roles.py says what else must hold.
ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "stated",
        words(
            r"how important (is|are|was|were)",
            r"rate the importance",
            r"importance of",
            r"stated[ _]",
            r"wie wichtig",
            r"quelle importance",
            r"(cuán|qué tan) importante",
        ),
    ),
    (
        "comment",
        words(
            r"why (did|do|would|is)",
            r"please (explain|tell us|describe)",
            r"what (is|was) the (main |most important )?reason",
            r"any(thing)? (other|else|further)",
            r"(other|further|additional) comments?",
            r"comments?\b",
            r"what (could|should|can) we (do|improve|change)",
            r"in your own words",
            r"suggestions?",
            r"warum",
            r"anmerkung",
            r"was (können|könnten|sollten|sollen) wir",
            r"kommentar",
            r"bemerkung",
            r"(verbatim|remarks?|feedback|free ?text|open (answer|end)|freitext|rückmeldung)\b",
            r"(begründung|verbesserungsvorschl)",
            r"remarques?",
            r"(observaciones|sugerencias?|suggestions?)",
            r"pourquoi",
            r"commentaires?",
            r"por qué",
            r"comentarios?",
        ),
    ),
    (
        "recommend",
        words(
            r"(would |likely .{0,40})?recommend",
            r"recommendation",
            r"net ?promoter",
            r"nps\b",
            r"netpro\b",
            r"weiter ?(zu)?empf[ei]",
            r"empfehlen",
            r"empfehlung",
            r"recommander",
            r"recommand(ation|eriez)",
            r"recom(end|iend)(ar|aría|aria|ación|e|es|en|a|as)",
        ),
    ),
    (
        "behaviour",
        words(
            r"(continue|go on|keep) (to )?(buy|us|work|do|order)\w*",
            r"(buy|purchase|order|choose|use|visit|come|fly)( from| with)?( \w+)? again",
            r"choose .{0,60} again",
            r"(still|also) (buy|be a customer)",
            r"renew (your|our|the|my)",
            r"(stay|remain) (with|a customer)|keep buying|be (here|with (you|us)) in",
            r"look(ing)? for (another|a new)|(plan|intend) to (stay|remain|leave)",
            r"switch (to|away|provider|supplier)",
            r"(buy|spend|order) more",
            r"first choice",
            r"(erneut|wieder|weiterhin|auch künftig) (.{0,30} )?(kauf|wähl|bestell|nutz|kunde)",
            r"kunde bleiben",
            r"rester client",
            r"(rachèterez|rachèteriez)",
            r"(volver(ía|á) a comprar|seguir(á|ía) siendo cliente)",
        ),
    ),
    (
        "effort",
        words(
            r"how (easy|difficult|hard) (is|was|did you find) it",
            r"how much effort",
            r"made it easy",
            r"effort\b",
            r"ease of (doing business|finding|getting|working)",
            r"(easy|difficult) (is|was) it to",
            r"wie (einfach|leicht|schwierig) (war|ist|fanden)",
            r"aufwand",
            r"facil(e|ité) (a|avez|est|de (travailler|traiter|faire affaire))",
            r"easy to (deal|work|do business) with",
            r"(einfach|leicht), mit .{0,30}(zusammenzuarbeiten|zu arbeiten)",
            r"(qué tan fácil|esfuerzo)",
        ),
    ),
    (
        "satisfaction",
        words(
            r"overall.{0,40}(satisf|rating|experience|rate|opinion|impression)",
            r"satisf(ied|action)\w*.{0,50}(overall|as a whole|in general|altogether)",
            r"(how )?satisfied are you with (us|our company|your experience)\b",
            r"(rate|rating of) .{0,60}(overall|as a whole)",
            r"(rate|rating of) the (health plan|company|hospital|airport|supplier|provider)\b",
            r"as a whole",
            r"insgesamt.{0,40}zufrieden",
            r"zufrieden.{0,60}(insgesamt|alles in allem)",
            r"(dans l.ensemble|globalement).{0,60}satisf",
            r"satisf.{0,60}(dans l.ensemble|globalement)",
            r"(en general|globalmente).{0,60}satisf",
            r"satisf.{0,60}(en general|globalmente)",
        ),
    ),
    (
        "attitude",
        words(
            r"(i|we) (can )?trust",
            r"(can|could) be trusted",
            r"(i am|i'm|we are|we're) proud",
            r"proud to",
            r"(cares? about|values? our|(keeps?|kept) (its|their|your) (promises|word))",
            r"(feel|am|are) (loyal|attached|valued)",
            r"(fair|honest|reliable) (partner|company)",
            r"vertrau(e|en|t)\b",
            r"stolz",
            r"confiance",
            r"(orgullo|confío|confianza)",
        ),
    ),
    ("asked", words(r"asks? (us|me|for) .{0,30}(think|views?|opinion|feedback)", r"asked\b")),
    ("acted", words(r"acts? on (our|my|what|the) ", r"acted\b")),
    ("told", words(r"tells? (us|me) what .{0,30}(did|done|changed)", r"told\b")),
    (
        "interest",
        words(
            r"interested in",
            r"interest[ _]in",
            r"interest_",
            r"would like to (hear|buy|learn) (more )?about",
            r"interessier(t|en) (sie|mich)",
            r"intéressé",
            r"interesad[oa]",
        ),
    ),
)

# Names of columns that are a role by themselves.
NAMES: dict[str, str] = {
    "nps": "recommend", "recommend": "recommend", "recommendation": "recommend",
    "would recommend": "recommend", "likelihood to recommend": "recommend", "ltr": "recommend",
    "likely to recommend": "recommend", "nps score": "recommend", "netpro": "recommend",
    "satisfaction": "satisfaction", "overall satisfaction": "satisfaction",
    "csat": "satisfaction", "osat": "satisfaction", "zufriedenheit": "satisfaction",
    "effort": "effort", "ces": "effort", "customer effort": "effort",
}  # fmt: skip

# What makes a question one about the whole, not about one aspect.
COMPANY_WIDE = words(
    "overall", "as a whole", "in general", "altogether", "whole", "insgesamt", "gesamt",
    "alles in allem", "ensemble", "global", "en general", "total",
)  # fmt: skip

# Rated: a question that has one of these words is answered on a scale.
RATING = words(
    "rate", "rating", "satisf", "agree", "likely", "easy", "difficult", "quality", "important",
    "how (good|well|would you|clean|easy|likely|satisfied)", "zufrieden", "bewert", "stimme",
    "wahrscheinlich", "satisfait", "d'accord", "noter", "satisfech", "acuerdo", "califi",
    "excellent", "poor", "good", "gut", "schlecht", "qualität", "qualité", "calidad",
)  # fmt: skip

# Names of columns that often hold the verdict on the whole.
VERDICTS = words("overall", "rating", "stars?\\b", "satisf", "gesamt", "zufrieden", "global")

# Satisfaction with one thing that is named behind: an aspect, not the whole.
ASPECT = words(
    r"zufriedenheit( mit)? ?: *\w", r"zufriedenheit mit", r"satisfaction( with)? ?: *\w",
    r"satisfaction (with|quant|concernant)", r"satisfacción( con)? ?: *\w", r"satisfacción con",
    r"satisfied with ?: *\w",
)  # fmt: skip

# A number of something, not a rating.
COUNTED = words(
    "percent", "pct", "share of", "counts?\\b", "number", "response rate", "anzahl", "nombre",
    "spend", "revenue", "sales", "price", "cost", "amount", "income", "age\\b", "year",
)  # fmt: skip

# Above a block: its questions rate one aspect each.
EVALUATING = words(
    "satisf", "rate", "rating", "how (good|well|poor)", "evaluate", "zufrieden", "bewert",
    "beurteil", "noter", "évalu", "califi", "valor(a|e)", "performance", "perform",
)  # fmt: skip

SEGMENT = words(
    "age", "gender", "sex", "region", "country", "industry", "segment", "tier", "department",
    "income", "education", "size", "sector", "branch", "language", "purpose", "how often",
    "what is your (role|position|job|age|gender)", "your role", "role", "job", "occupation",
    "state", "city", "county", "postcode", "zip", "customer type", "company size", "employees",
    "alter", "geschlecht", "branche", "bundesland", "abteilung", "sexe", "âge", "région",
    "edad", "sexo", "región", "país", "type", "category", "flights", "product", "channel",
    "plan", "location", "site", "store", "terminal", "strat",
)  # fmt: skip

PERSONAL = words(
    r"e-?mail", r"phone", r"mobile no", r"telephone", r"ip ?-?address", r"first ?name",
    r"last ?name", r"surname", r"full ?name", r"your name", r"recipient", r"latitude",
    r"longitude", r"street", r"address", r"telefon", r"vorname", r"nachname",
    r"adresse", r"nombre", r"apellido", r"correo",
)  # fmt: skip

# Answers that are none.
NO_ANSWER = words(
    r"don.?t know", r"do not know", r"not? applicable", r"n/?a\b", r"no answer", r"no opinion",
    r"never (used|visited|tried|had)", r"(not|haven.?t|have not|did not|didn.?t) use", r"refus",
    r"prefer not", r"not sure", r"unsure", r"can.?t (say|judge|rate)", r"cannot (say|judge|rate)",
    r"unable to", r"blank", r"missing", r"skipped", r"not (answered|asked|available|rated)",
    r"no experience", r"does(n.?t| not) apply", r"weiß (ich )?nicht", r"weiss (ich )?nicht",
    r"keine (angabe|antwort|meinung|erfahrung)", r"k\. ?a\.", r"(trifft|betrifft) (mich )?nicht",
    r"nicht (genutzt|beurteil\w*|bekannt|zutreffend)", r"kann ich nicht",
    r"(ne|je ne) sai[st] pas", r"sans (opinion|réponse|avis)", r"non concern", r"nsp\b",
    r"no (sabe|contesta|aplica|procede|sé)", r"ns/?nc",
)  # fmt: skip

# The same, among numbers.
EMPTY = re.compile(rf"{NO_ANSWER.pattern}|(?:[-–.*]|n\.?a\.?|null|none|nan)\s*$")

POSITIVE = words(
    r"excellent", r"outstanding", r"very (good|satisfied|easy|likely|clean|well|important|safe)",
    r"extremely (good|satisfied|easy|likely|important|well)", r"completely (agree|satisfied)",
    r"strongly agree", r"totally agree", r"agree", r"satisfied", r"likely", r"easy", r"good",
    r"always", r"best", r"definitely( yes)?\b", r"yes", r"sehr (gut|zufrieden|leicht|einfach)",
    r"stimme (voll|völlig|ganz)", r"zufrieden", r"äußerst wahrscheinlich", r"trifft (voll|völlig)",
    r"immer", r"très (bien|bon|satisf|facile|probable)", r"tout à fait d.accord", r"toujours",
    r"muy (bueno|bien|satisfech|fácil|probable)", r"totalmente de acuerdo", r"siempre",
)  # fmt: skip

NEGATIVE = words(
    r"poor", r"terrible", r"awful", r"unacceptable", r"bad\b", r"worst",
    r"very (poor|bad|dissatisfied|difficult|unlikely)", r"strongly disagree", r"totally disagree",
    r"extremely (bad|dissatisfied|difficult|unlikely)", r"not at all", r"disagree",
    r"dissatisfied", r"unlikely", r"difficult", r"never", r"definitely not", r"no\b",
    r"completely (disagree|dissatisfied)",
    r"sehr (schlecht|unzufrieden|schwer|schwierig)", r"überhaupt nicht", r"stimme (gar|überhaupt)",
    r"unzufrieden", r"unwahrscheinlich", r"mangelhaft", r"ungenügend", r"nie\b",
    r"trifft (gar|überhaupt)",
    r"très (mauvais|insatisf|difficile)", r"pas du tout", r"jamais", r"mauvais",
    r"muy (malo|mal|insatisfech|difícil)", r"totalmente en desacuerdo", r"nunca", r"nada ",
)  # fmt: skip

# Answers in words, from the lowest to the highest; | divides spellings of one step.
LADDERS: tuple[tuple[str, ...], ...] = tuple(
    tuple(step.strip() for step in ladder.split(">"))
    for ladder in (
        "strongly disagree|completely disagree > disagree|somewhat disagree > neither agree nor "
        "disagree|neutral|undecided > agree|somewhat agree > strongly agree|completely agree",
        "strongly disagree > disagree|moderately disagree > somewhat disagree|slightly disagree > "
        "neither agree nor disagree|neutral > somewhat agree|slightly agree > agree|moderately "
        "agree > strongly agree",
        "strongly disagree > disagree|somewhat disagree > agree|somewhat agree > strongly agree",
        "very dissatisfied|extremely dissatisfied > dissatisfied|somewhat dissatisfied > neither "
        "satisfied nor dissatisfied|neutral > satisfied|somewhat satisfied > very satisfied|"
        "extremely satisfied",
        "extremely dissatisfied|very dissatisfied > moderately dissatisfied|dissatisfied > "
        "slightly dissatisfied|somewhat dissatisfied > neither satisfied nor dissatisfied|neutral "
        "> slightly satisfied|somewhat satisfied > moderately satisfied|satisfied > extremely "
        "satisfied|very satisfied",
        "very unlikely|extremely unlikely > unlikely|somewhat unlikely > neither likely nor "
        "unlikely|neutral > likely|somewhat likely > very likely|extremely likely",
        "not at all likely > not so likely|slightly likely > somewhat likely|moderately likely > "
        "very likely > extremely likely",
        "very difficult|extremely difficult > difficult|somewhat difficult > neither easy nor "
        "difficult|neutral > easy|somewhat easy > very easy|extremely easy",
        "very poor|terrible > poor > fair|average|acceptable > good > very good|excellent",
        "poor > fair > good > very good > excellent",
        "poor > fair > good > excellent",
        "never > rarely|seldom > sometimes > often|usually|most of the time > always",
        "not at all important > slightly important|not so important > moderately important|"
        "somewhat important > very important > extremely important",
        "not at all satisfied > not so satisfied|slightly satisfied > somewhat satisfied|"
        "moderately satisfied > very satisfied > extremely satisfied",
        "definitely not > probably not > might or might not|not sure > probably yes|probably > "
        "definitely yes|definitely",
        "stimme überhaupt nicht zu|stimme gar nicht zu|trifft überhaupt nicht zu > stimme eher "
        "nicht zu|stimme nicht zu|trifft eher nicht zu > teils/teils|teils teils|neutral|weder "
        "noch > stimme eher zu|stimme zu|trifft eher zu > stimme voll und ganz zu|stimme völlig "
        "zu|trifft voll und ganz zu",
        "sehr unzufrieden > unzufrieden|eher unzufrieden > teils/teils|teils teils|neutral|weder "
        "noch > zufrieden|eher zufrieden > sehr zufrieden",
        "sehr schlecht > schlecht > mittelmäßig|befriedigend > gut > sehr gut",
        "pas du tout d'accord > plutôt pas d'accord|pas d'accord > ni d'accord ni pas "
        "d'accord|neutre > plutôt d'accord|d'accord > tout à fait d'accord",
        "très insatisfait|très insatisfaite > insatisfait|insatisfaite|plutôt insatisfait > ni "
        "satisfait ni insatisfait|neutre > satisfait|satisfaite|plutôt satisfait > très "
        "satisfait|très satisfaite",
        "totalmente en desacuerdo|muy en desacuerdo > en desacuerdo > ni de acuerdo ni en "
        "desacuerdo|neutral > de acuerdo > totalmente de acuerdo|muy de acuerdo",
        "muy insatisfecho|muy insatisfecha > insatisfecho|insatisfecha > ni satisfecho ni "
        "insatisfecho|neutral > satisfecho|satisfecha > muy satisfecho|muy satisfecha",
    )
)

# Beginnings of names that questionnaires in print use (the customer-satisfaction indices).
PREFIXES: dict[str, tuple[str, str]] = {
    "CUEX": ("driver", "Expectations"),
    "PERQ": ("driver", "Perceived quality"),
    "PERV": ("driver", "Perceived value"),
    "CUSCO": ("driver", "Complaints"),
    "CUSA": ("satisfaction", "Satisfaction"),
    "IMAG": ("attitude", "Image"),
    "CUSL": ("behaviour", "Loyalty"),
    "ATT": ("attitude", "Attitude"),
    "BEH": ("behaviour", "Behaviour"),
    "SAT": ("satisfaction", "Satisfaction"),
}
