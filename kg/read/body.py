"""Which ranges of a page's text are the article: no navigation, repeated titles, teasers or legal lines."""

from __future__ import annotations

import re

from kg.model import TextSpan
from kg.read.lines import Line, lines_of
from kg.read.metadata import Metadata, is_navigation
from kg.read.trace import merged

MAX_MARKER_CHARACTERS = 24  # a heading such as 相关新闻 更多 is short

_ENDS = re.compile(  # what stands behind these is no longer the article
    r"^[【\[(（<>·\s]*(相关(新闻|阅读|链接|报道|文章|推荐|稿件|专题)|延伸阅读|推荐(阅读|新闻)|更多(新闻|精彩|资讯)"
    r"|热门(新闻|文章|推荐|点击|图片)|热点(新闻|图片|推荐)|精彩推荐|图片新闻|新闻排行|点击排行|最新(新闻|文章)|猜你喜欢"
    r"|为您推荐|网友评论|我要评论|上一篇|下一篇|分享到|分享至|友情链接|关于我们|版权(声明|所有)|免责声明|Copyright|©)"
)
_DROPPED = re.compile(
    r"^[【\[(（]?(责任?编辑?|责编|编辑|审核|校对|监制|初审|复审|终审|值班编辑|一审|二审|三审|编审|图片来源|扫一扫|扫码|打印|关闭|收藏"
    r"|字号|点击(数|次数)|浏览(量|次数)|阅读(量|次数)|分享|纠错|微信|微博|[Ss]hare|AD\b|广告)([:：/\s】\])）]|$)"
)
_LEGAL = re.compile(r"版权所有|未经授权|All Rights Reserved|ICP[备证]|公网安备|举报电话|网上有害信息")


def body_of(text: str, metadata: Metadata) -> tuple[TextSpan, ...]:
    """The ranges of ``text`` that are the article itself, in order; the title is not among them."""
    lines = [line for line in lines_of(text) if line.text]
    titles = _title_lines(text, metadata)
    kept: list[Line] = []
    for line in lines:
        if _is_title(line.text, titles) or line.number in metadata.lines or is_navigation(line.text):
            continue
        if kept and _is_end(line.text) and any("。" in k.text for k in kept):
            break
        if not (_DROPPED.match(line.text) and len(line.text) < 60) and not _is_legal(line.text):
            kept.append(line)
    first = _first(kept, metadata)
    return tuple(merged(_joined(text, [line.span for line in kept[first:]])))


def _first(kept: list[Line], metadata: Metadata) -> int:
    """Where a title is known, what stands above it is not the article."""
    if metadata.title_span is None:
        return 0
    return next((i for i, line in enumerate(kept) if line.span.start >= metadata.title_span.end), len(kept))


def _joined(text: str, spans: list[TextSpan]) -> list[TextSpan]:
    """Neighbouring lines as one range, so that a paragraph's context stays with it."""
    result: list[TextSpan] = []
    for span in spans:
        if result and not text[result[-1].end : span.start].strip():
            result[-1] = result[-1].cover(span)
        else:
            result.append(span)
    return result


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _title_lines(text: str, metadata: Metadata) -> frozenset[str]:
    if metadata.title_span is None:
        return frozenset()
    title = metadata.title_span.of(text)
    return frozenset(letters for part in (title, *title.split("\n")) if (letters := _letters(part)))


def _is_title(text: str, titles: frozenset[str]) -> bool:
    return _letters(text) in titles


def _is_end(text: str) -> bool:
    return bool(_ENDS.match(text)) and (len(text) <= MAX_MARKER_CHARACTERS or bool(_LEGAL.search(text)))


def _is_legal(text: str) -> bool:
    return len(text) < 200 and bool(_LEGAL.search(text)) and "。" not in text.rstrip("。")
