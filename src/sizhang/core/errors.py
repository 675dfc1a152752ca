"""Errors that say what is wrong, where, with the numbers, and then the remedy, in both languages of the users."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


class Words(NamedTuple):
    """The same said in Chinese and in English."""

    zh: str
    en: str

    @classmethod
    def alike(cls, text: str) -> Words:
        """What is the same in both languages: a name, a number, a text that is for one reader."""
        return cls(text, text)

    def said(self, language: Language) -> str:
        """What is said in that language."""
        return self.en if language == "en" else self.zh

    def lines(self) -> str:
        """The Chinese; on a line of its own the English, where it says something else."""
        return self.zh if self.zh == self.en else f"{self.zh}\n{self.en}"


# What a system refuses when it opens, reads or writes; Python says it in English only.
_REFUSALS: Final = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "系统不允许",
    errno.EEXIST: "已经有了",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘只能读，不能写",
    errno.EIO: "磁盘读写出错",
    errno.EINVAL: "系统不接受这个值",
    errno.ENAMETOOLONG: "名称太长",
    errno.EMFILE: "打开的文件太多",
    errno.ECONNREFUSED: "对方拒绝连接",
    errno.ETIMEDOUT: "连接超时",
}


def reason_of(fault: OSError) -> Words:
    """Why the system refused; a reason that is not known here in the system's own words."""
    english = fault.strerror or type(fault).__name__
    return Words(_REFUSALS.get(fault.errno or 0, english), english)


GIVE_OVER_ZERO: Final = Words("请填大于 0 的数。", "Give a number over 0.")
WRITE_DAY: Final = Words("日期请写成 2026-03-05。", "Write it as 2026-03-05.")


def listed(faults: Sequence[Words], shown: int) -> Words:
    """The first so many faults, one behind the other, and how many more there are."""
    zh, en = ("；".join(one.zh for one in faults[:shown]), "; ".join(one.en for one in faults[:shown]))
    more = len(faults) - shown
    return Words(f"{zh}；另有 {more} 处", f"{en} and {more} more") if more > 0 else Words(zh, en)


class SizhangError(Exception):
    """A fault of the input that its user can mend.

    Args:
        what: one sentence, with the numbers: what is wrong. A text alone is one that was translated for its reader already.
        remedy: one sentence in the imperative: what to do about it.
        where: the file, page, row or line, when it is known.
    """

    def __init__(self, what: Words | str, *, remedy: Words | str, where: str | None = None) -> None:
        super().__init__(what)
        self.what = Words.alike(what) if isinstance(what, str) else what
        self.remedy = Words.alike(remedy) if isinstance(remedy, str) else remedy
        self.where = where

    def said(self, language: Language) -> str:
        """What is wrong and the remedy, in that language, without the place."""
        what, remedy = self.what.said(language), self.remedy.said(language)
        # A Chinese full stop brings its own space, and a list its own line.
        between = "" if what.endswith(("。", "？", "\n")) or not remedy else " "
        return f"{what}{between}{remedy}"

    def placed(self) -> Words:
        """The place, what is wrong and the remedy, as one of several faults is told."""
        place = f"{self.where}: " if self.where else ""
        return Words(place + self.said("zh"), place + self.said("en"))

    def __str__(self) -> str:
        """The place and the Chinese; on a line of its own the English."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{Words(self.said('zh'), self.said('en')).lines()}"


class InputError(SizhangError):
    """A file that cannot be read as what it claims to be."""


class MissingExtraError(SizhangError):
    """A feature whose optional library or program is not installed."""


class LedgerError(SizhangError):
    """A booking or a question that a law of the ledger refuses."""
