"""The domain of an English commitment, by the words that each domain uses."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_WORDS: Final[dict[str, str]] = {
    "economy": r"GDP|CPI|fiscal|tax(?:es|ation)?|budget\w*|deficit|monetary|money supply|credit|loans?|investment|consum(?:er|ption)|"
    r"domestic demand|prices?|"
    r"bonds?|debt|revenues?|balance of payments|growth|macro\w*|treasury|expenditures?|spending|exchange rate|regional "
    r"development|western region|central and western",
    "industry": r"industr\w+|manufactur\w+|energy (?!conserv|sav|intensity|consumption|effic)\w*|electric\w*|power (?:grid|plant|"
    r"generation)\w*|coal|oil|gas|nuclear|steel|cement|"
    r"overcapacity|production capacity|outdated|equipment|Internet|broadband|digital|information (?:technology|industr)\w*|"
    r"logistics|e-commerce|services? (?:sector|industr)\w*|"
    r"enterprises?|small and (?:medium|micro)\S*|aerospace|materials|4G|big data",
    "science": r"scien\w+|technolog\w+|R&D|research|innovat\w+|patents?|intellectual property|laborator\w+|talent\w*|personnel|"
    r"high-caliber|entrepreneur\w*",
    "reform": r"reforms?|opening|open (?:up|wider)|foreign|overseas|exports?|imports?|trade|free trade|SOEs?|state-owned|non-public|"
    r"private|market (?:access|system|entities)|"
    r"financial (?:system|sector|market|institution)s?|capital market\w*|banks?|interest rates?|ownership|monopol\w+|approval|"
    r"Belt and Road|business environment|RMB|renminbi|price reform",
    "rural": r"rural|farm\w*|agricultur\w*|grain|villages?|countryside|irrigation|crops?|livestock|poverty|wheat|rice|land[- "
    r"]contract\w*|arable|cropland|methane|townships?|pastoral|water conservancy",
    "urban": r"urban(?:ization)?|cit(?:y|ies)|housing|real estate|property market|railways?|expressways?|roads?|highways?|airports?|"
    r"ports?|transport\w*|metro|subway|utility tunnels?|"
    r"run-?down|shantytowns?|land use|infrastructure|towns",
    "ecology": r"environment\w*|pollut\w+|emissions?|ecolog\w+|ecosystems?|energy (?:conserv\w+|sav\w+|intensity|consumption|effic\w+)|"
    r"carbon|climate|forests?|afforest\w*|"
    r"deserti\w+|sewage|garbage|waste|wetlands?|conserv\w+|clean energy|air quality|smog|PM2|rivers?|water (?:quality|resources|"
    r"sources)|recycl\w+|grasslands?|vehicles? .{0,20}roads",
    "education": r"education\w*|schools?|students?|teachers?|universit\w+|colleges?|kindergartens?|preschool|vocational|tuition|compulsory",
    "health": r"health\w*|medical|hospitals?|medicines?|pharmaceutical\w*|drugs?|diseases?|doctors?|patients?|clinics?|family planning|"
    r"births?|AIDS|immuniz\w+|pediatric\w*|life expectancy",
    "employment": r"employ\w*|jobs?|job-?seek\w*|workers?|labor|wages?|incomes?|pensions?|old-age|social (?:security|insurance|safety net|"
    r"assistance|welfare)|subsistence|elderly|"
    r"skills?|retire\w*|disabilit\w+|disabled|migrant|unemploy\w+|salar(?:y|ies)|women and children|orphans?|aging|charit\w+|beneficiar\w+",
    "culture": r"cultur\w+|touris\w+|sports?|arts?|literature|press|publish\w*|media|heritage|Olympic\w*|fitness|films?|broadcast\w*|"
    r"philosophy|ethical|values|Expo|reading",
    "safety": r"safety|security (?!fund|system|benef|card)|public order|crimes?|disasters?|emergenc\w+|risks?|defen[cs]e|military|army|"
    r"armed|accidents?|terror\w*|stability|food (?:safety|and drug)|disputes?|"
    r"earthquake\w*|flood\w*|police|petition\w*|complaints|cybersecurity|national security|mediation|social governance|legal "
    r"(?:aid|services)",
    "government": r"government (?:self|functions?|work|affairs|performance|bodies|office)|self-(?:reform|improvement)|administrative|"
    r"corruption|law-based|rule of law|civil servants?|public servants?|officials?|"
    r"oversight|clean government|integrity|transparen\w+|accountab\w+|decision[- ]making|audit\w*|frugal\w*|extravagan\w*|"
    r"supervision|legislat\w*|democra\w+|governments at all levels|state power",
}
_FOUND: Final = {domain: re.compile(rf"\b(?:{words})\b", re.I) for domain, words in _WORDS.items()}
# Where two domains have as many words, the narrower subject decides: a village clinic is about health.
_NARROW_FIRST: Final = (
    "education",
    "health",
    "employment",
    "culture",
    "ecology",
    "safety",
    "science",
    "rural",
    "urban",
    "government",
    "reform",
    "industry",
    "economy",
)
# The commitment's own words weigh more than those of the heading it stands under.
_OWN_WEIGHT: Final = 2


def get_domain_en(text: str, heading: str) -> str:
    """The domain whose words a commitment and its heading use most; `economy` where they use none."""
    of_heading = _count(heading)
    points = {domain: _OWN_WEIGHT * own + of_heading[domain] for domain, own in _count(text).items()}
    if not any(points.values()):
        return "economy"
    return max(_NARROW_FIRST, key=lambda domain: points[domain])


@lru_cache(maxsize=256)
def _count(text: str) -> dict[str, int]:
    """How many words of each domain a text uses; a heading is asked for once for all that stands under it."""
    return {domain: len(words.findall(text)) for domain, words in _FOUND.items()}
