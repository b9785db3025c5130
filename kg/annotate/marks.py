"""Text in, the same text with Chinese marks for half-width ones beside Chinese out: as long, so offsets hold."""

from __future__ import annotations

import re

_HAN = "\u3400-\u9fff"
_MARK = re.compile(rf"(?<=[{_HAN}“”‘’《》（）()%％。])[,;:!?()]|[,;:!?()](?=[{_HAN}“‘《])")
_WIDE = str.maketrans(",;:!?()", "，；：！？（）")


def chinese_marks(text: str) -> str:
    """``text`` for the finders, whose patterns know one form of each mark; a clock's and a number's stay.

    >>> chinese_marks("12月3日,数字映像(中国)有限公司以1,200万元入股:9:30签约")
    '12月3日，数字映像（中国）有限公司以1,200万元入股：9:30签约'
    """
    return _MARK.sub(lambda m: m[0] if _in_a_number(text, m.start()) else m[0].translate(_WIDE), text)


def _in_a_number(text: str, index: int) -> bool:
    return text[index - 1 : index].isdigit() and text[index + 1 : index + 2].isdigit()
