"""The names of months, and the words of repetition, in the languages that Todoist writes dates in."""

import re
from functools import cache

SHORTEST = 3

# As they stand in a date (so the genitive where a language has one); another spelling stands behind a bar.
NAMES = {
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "de": "januar|jänner februar|feber märz|mrz|maerz april mai juni juli august september oktober november dezember",
    "en": "january february march april may june july august september october november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
    "marraskuuta joulukuuta",
    "fr": "janvier février|fevrier mars avril mai juin juillet août|aout septembre octobre novembre décembre|decembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "nl": "januari februari maart|mrt april mei juni juli augustus september oktober november december",
    "pl": "stycznia|styczeń lutego|luty marca|marzec kwietnia maja czerwca lipca sierpnia września października "
    "listopada grudnia|grudzień",
    "pt": "janeiro fevereiro março|marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "ru": "января февраля марта апреля мая|май июня|июнь июля|июль августа сентября октября ноября декабря",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
}

REPEATING = """every ev each daily weekly biweekly fortnightly monthly quarterly yearly annually
jeden jede jedes jeder täglich wöchentlich monatlich jährlich vierteljährlich quartalsweise
chaque toutes quotidien hebdomadaire mensuel annuel cada todos todas diario semanal mensual anual diariamente
ogni elke iedere dagelijks wekelijks maandelijks jaarlijks varje dagligen hver hvert dagligt każdy każdego każdą
codziennie каждый каждую каждое каждые ежедневно еженедельно ежемесячно ежегодно joka päivittäin her"""
# As the first word only: `alle 9` is a time in Italian, `alle 2 Tage` repeats in German.
REPEATING_FIRST = "all alle after co tous var vart todo toda tutti tutte"
REPEATING_SIGNS = ("毎", "每", "매")

_anywhere = frozenset(REPEATING.split())
_first = _anywhere | frozenset(REPEATING_FIRST.split())


def month(word: str, language: str) -> int | None:
    """1..12 for a name or for a beginning of at least three letters that only one month has; English always works."""
    word = word.casefold()
    return _in(NAMES.get(language[:2].lower(), ""), word) or _in(NAMES["en"], word)


def _in(names: str, word: str) -> int | None:
    found = [
        number
        for number, spellings in enumerate(names.split(), start=1)
        if len(word) >= SHORTEST and any(name.startswith(word) for name in spellings.split("|"))
    ]
    return found[0] if len(found) == 1 else None


def repeats(words: str) -> bool:
    """Whether the words of a due date name many days ("every monday")."""
    each = [word.strip("!,.:;") for word in words.casefold().split()]
    return each[0] in _first or not _anywhere.isdisjoint(each) or words.startswith(REPEATING_SIGNS)


# The words of repetition in the languages whose grammar puts them in the order of the English ones.
IN_ENGLISH = {
    "de": "jeden jede jedes jeder alle=every täglich=daily wöchentlich=weekly monatlich=monthly jährlich=yearly "
    "vierteljährlich=quarterly tag tage tagen=day woche wochen=week monat monate monaten=month jahr jahre jahren=year "
    "quartal=quarter werktag=workday montag mo=monday dienstag di=tuesday mittwoch mi=wednesday donnerstag do=thursday "
    "freitag fr=friday samstag sonnabend sa=saturday sonntag so=sunday und=and um=at ab=starting bis=until "
    "letzten letzte=last ersten erste=first zweiten zweite=second dritten dritte=third uhr= im=of den=",
    "es": "cada todos todas=every diario diariamente=daily semanal=weekly mensual=monthly anual=yearly día días=day "
    "semana semanas=week mes meses=month año años=year lunes=monday martes=tuesday miércoles=wednesday jueves=thursday "
    "viernes=friday sábado sábados=saturday domingo domingos=sunday y=and los las=",
    "fr": "chaque tous toutes=every quotidien=daily hebdomadaire=weekly mensuel=monthly annuel=yearly jour jours=day "
    "semaine semaines=week mois=month an ans année années=year lundi lundis=monday mardi mardis=tuesday "
    "mercredi mercredis=wednesday jeudi jeudis=thursday vendredi vendredis=friday samedi samedis=saturday "
    "dimanche dimanches=sunday et=and les le=",
}


def in_english(words: str, language: str) -> str:
    """Words of repetition in lower case, those of a known language as the English ones; others stay."""
    known = _translations(language[:2].lower())
    return " ".join(filter(None, (known.get(word, word) for word in words.split())))


@cache
def _translations(language: str) -> dict[str, str]:
    """Each word before an equals sign means the one behind it."""
    known: dict[str, str] = {}
    for group in re.findall(r"[^=]+=\S*", IN_ENGLISH.get(language, "")):
        others, _, english = group.partition("=")
        known |= dict.fromkeys(others.split(), english)
    return known
