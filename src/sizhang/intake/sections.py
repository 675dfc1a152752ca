"""Tell what was done (`review`) from what is promised (`plan`) and from everything around it (`other`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from sizhang.intake.reflow import Paragraph

SectionName = Literal["review", "plan", "other"]

HEADING_LENGTH_MAX: Final = 60
TOP_LENGTH_MAX: Final = 80
ADDRESS_LENGTH_MAX: Final = 12
OPENING_LINES_MAX: Final = 60

_TOP = re.compile(r"^(?:#+\s*)?(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、)")
_SUB = re.compile(r"^(?:#+\s*)?[（(]?(?:[一二三四五六七八九十]+[）)]|\d{1,2}[.．、）)])")
_REVIEW_HEADING = re.compile(r"回顾|总结|发展成就|主要成就|主要成绩|工作情况|过去[一五]年|取得新(?:成效|进展)")
_PLAN_HEADING = re.compile(
    r"工作安排|重点工作|主要任务|目标任务|主要目标|重点任务|总体要求|自身建设|民生实事|今年工作|20\d\d年工作|工作任务|工作建议|预期目标"
)
_PLAN_CUE = re.compile(
    r"^(?:各位代表[！!，,：:])?(?:“十([四五六])五”(?:时期|期间)?[，,]?(?:是|要|我[们省市区]|经济社会发展的?(?:主要|总体))|(?:今后|未来)五年|根据[^。]{0,60}(?:五年规划|“十[五六]五”)|"
    r"(?:今年|(20\d\d)年)(?:是|，|,|全[省市区]|我[省市区]|经济社会|政府工作|发展|工作)|做好(?:今年|(20\d\d)年))"
)
_REVIEW_CUE = re.compile(r"^(?:各位代表[！!，,：:])?过去(?:的)?(?:一|五)年")
_ADDRESS = re.compile(r"^各位代表[！!：:，,]?")
_MANDATE = re.compile(r"代表[^。]{0,16}(?:人民政府|国务院|市政府|县政府|区政府)[^。]{0,12}(?:报告|作)")
_CLOSING = re.compile(r"(?:更加)?紧密(?:地)?团结在|(?:让我们|我们要)(?:更加)?紧密")
_BOX = re.compile(r"^(?:\*\*)?金句(?:\*\*)?$")
_NEWS = re.compile(r"^\*{0,2}本报讯")
_APPENDIX = re.compile(
    r"^(?:名词解释|相关报道|附[件注录]|注释|名词注释|关闭窗口|相关文档|《?政府工作报告》?(?:有关|中?部分)?(?:名词|用语))"
)
_APPENDED = re.compile(r"20\d\d年.{0,16}(?:民生实事|民生工程|实事项目)")
_FIVE_YEARS = re.compile(r"“十([四五六])五”|(?:今后|未来)五年|五年规划")
_ONE_YEAR = re.compile(r"今年|自身建设|开局")
_TITLE_YEAR = re.compile(r"(20\d\d)年")
_PLAN_END: Final = {"四": "2025", "五": "2030", "六": "2035"}


@dataclass(frozen=True, slots=True)
class Section:
    """The lines `first_line` to `last_line`, counted from 1, both included."""

    first_line: int
    last_line: int
    name: SectionName


@dataclass(frozen=True, slots=True)
class Placed:
    """A paragraph with its section, whether it is a heading, and the last year of the plan it belongs to (None: the report's own year)."""

    paragraph: Paragraph
    section: SectionName
    heading: bool
    horizon: str | None


@dataclass(slots=True)
class _State:
    """What the walk down the paragraphs knows."""

    year: int | None
    section: SectionName = "other"
    horizon: str | None = None
    in_box: bool = False


def place_paragraphs(paragraphs: list[Paragraph], year: int | None = None) -> list[Placed]:
    """Give every paragraph its section; `year` is the report's own, found in the text when not given.

    A report opens with its address to the deputies, looks back, and then promises. Headings decide; where a report has none, sentences that
    announce the year or the plan do. Boxes of slogans, and paragraphs that only repeat one, are `other`.
    """
    body = _find_body(paragraphs)
    closing = _find_closing(paragraphs, body)
    slogans = [_bare(p.text) for p in paragraphs if p.text.startswith("- ")] if any(_BOX.match(p.text) for p in paragraphs) else []
    state = _State(year or find_year(paragraphs))
    out: list[Placed] = []
    appended = False
    for index, paragraph in enumerate(paragraphs):
        heading = _is_heading(paragraph)
        if index >= closing and heading:
            appended = bool(_APPENDED.search(paragraph.text)) or (appended and not _APPENDIX.match(paragraph.text))
        if index < body or index >= closing:
            out.append(Placed(paragraph, "plan" if appended and not heading else "other", heading, None))
            continue
        name = _place(paragraph, heading, state, slogans)
        out.append(Placed(paragraph, name, heading, state.horizon))
    return out


def find_year(paragraphs: list[Paragraph]) -> int | None:
    """The report's own year: the first one named with the words for a work report, else the latest in its headings."""
    for paragraph in paragraphs[:OPENING_LINES_MAX]:
        found = re.search(r"(20\d\d)年[^。]{0,24}工作报告", paragraph.text)
        if found:
            return int(found.group(1))
    years = [int(y) for p in paragraphs if _is_heading(p) for y in _TITLE_YEAR.findall(p.text)]
    return max(years) if years else None


def _place(paragraph: Paragraph, heading: bool, state: _State, slogans: list[str]) -> SectionName:
    """The section of one paragraph of the body; moves `state` on."""
    text = paragraph.text
    if _BOX.match(text) or (text.startswith("#") and slogans):
        state.in_box = True
    elif _NEWS.match(text):
        state.in_box, state.section = False, "plan"
        return "other"
    if state.in_box or any(_repeats(text, slogan) for slogan in slogans):
        return "other"
    if heading or (_TOP.match(text) and len(text) <= TOP_LENGTH_MAX):
        _follow_heading(text, state)
    elif state.section != "other" or not slogans:
        _follow_cue(text, state)
    if state.section == "plan" and not heading and _REVIEW_CUE.match(text):
        return "review"
    return state.section


def _follow_heading(text: str, state: _State) -> None:
    if _SUB.match(text):
        return
    five = _FIVE_YEARS.search(text)
    current = bool(five and int(_horizon(five)) >= (state.year or 0))
    if _REVIEW_HEADING.search(text):
        state.section, state.horizon = "review", None
    elif _TOP.match(text):
        state.section = "plan"
        state.horizon = _horizon(five) if five and current and not _ONE_YEAR.search(text) else None
    elif current or _names_year(text, state.year) or (_PLAN_HEADING.search(text) and state.section != "review"):
        state.section = "plan"
        state.horizon = _horizon(five) if five and current else None


def _follow_cue(text: str, state: _State) -> None:
    cue = _PLAN_CUE.match(text)
    if cue is None:
        if state.section == "other":
            state.section = "review"
        return
    if cue.group(1):
        if int(_PLAN_END[cue.group(1)]) >= (state.year or 0):
            state.section, state.horizon = "plan", _PLAN_END[cue.group(1)]
    elif "五" in cue.group():
        state.section, state.horizon = "plan", state.horizon or (str(state.year + 4) if state.year else None)
    elif _names_year(cue.group(), state.year):
        state.section, state.horizon = "plan", None


def _names_year(text: str, year: int | None) -> bool:
    return "今年" in text or (year is not None and f"{year}年" in text)


def _bare(text: str) -> str:
    return text.lstrip("- ").strip()


def _repeats(text: str, slogan: str) -> bool:
    """Whether a paragraph says little more than the slogan does."""
    return text == slogan or (slogan in text and len(slogan) > 0.9 * len(text)) or (text in slogan and len(text) > 8)


def _horizon(five: re.Match[str]) -> str:
    return _PLAN_END.get(five.group(1) or "五", "2030")


def _is_heading(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return len(text) <= HEADING_LENGTH_MAX and text[-1] not in "。；！？，：!?;,:" and not _ADDRESS.match(text)


def _find_body(paragraphs: list[Paragraph]) -> int:
    """The first paragraph after the titles, the greeting and the mandate."""
    for index, paragraph in enumerate(paragraphs[:OPENING_LINES_MAX]):
        text = paragraph.text
        if _NEWS.match(text):
            return index
        if _MANDATE.search(text):
            return index + 1
    for index, paragraph in enumerate(paragraphs[:OPENING_LINES_MAX]):
        if _ADDRESS.match(paragraph.text) and len(paragraph.text) < ADDRESS_LENGTH_MAX:
            return index + 1
        if _TOP.match(paragraph.text):
            return index
    return 0


def _find_closing(paragraphs: list[Paragraph], body: int) -> int:
    """The paragraph with which the report takes leave; the number of paragraphs where there is none."""
    for index in range(len(paragraphs) - 1, body - 1, -1):
        text = paragraphs[index].text
        if _CLOSING.search(text) and not _TOP.match(text):
            for back in range(1, 4):
                if index - back >= body and re.match(r"^各位代表[！!：:]?$", paragraphs[index - back].text):
                    return index - back
            return index
    for index in range(len(paragraphs) - 1, body - 1, -1):
        if _APPENDIX.match(paragraphs[index].text):
            return index
    return len(paragraphs)


def sections_of(placed: list[Placed], lines: int) -> list[Section]:
    """Tile the lines 1 to `lines` with sections; blank lines belong to what stands before them."""
    names: list[SectionName] = ["other"] * (lines + 1)
    for entry in placed:
        for line in range(entry.paragraph.first_line, lines + 1):
            names[line] = entry.section
    out: list[Section] = []
    for line in range(1, lines + 1):
        if out and out[-1].name == names[line]:
            out[-1] = Section(out[-1].first_line, line, names[line])
        else:
            out.append(Section(line, line, names[line]))
    return out
