"""The few sentences that stand on paper in six languages, whatever language the page speaks.

They are not in the catalogs: a sheet is read by people of all these languages at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language on paper."""

    code: str
    need_not_sign: str
    spoken_here: str
    ask_for_interpreter: str
    direction: str = "ltr"


TONGUES: Final = (
    Tongue("en", "You do not have to sign in.", "", ""),
    Tongue(
        "es",
        "No es obligatorio firmar.",
        "Se habla español. No hace falta dar su nombre.",
        "¿Necesita intérprete? Llámenos.",
    ),
    Tongue(
        "vi",
        "Quý vị không bắt buộc phải ký tên.",
        "Có nói tiếng Việt. Không cần cho biết tên.",
        "Cần thông dịch viên? Xin gọi cho chúng tôi.",
    ),
    Tongue("zh-Hans", "您可以不签到。", "现场讲中文。无需留下姓名。", "需要口译吗？请致电我们。"),
    Tongue(
        "ar",
        "التوقيع ليس إلزاميًا.",
        "نتحدث العربية. لا حاجة لذكر اسمك.",
        "هل تحتاج إلى مترجم؟ اتصل بنا.",
        "rtl",
    ),
    Tongue(
        "so",
        "Qasab ma aha inaad saxiixdo.",
        "Af Soomaali waa lagu hadlaa. Magacaaga looma baahna.",
        "Ma u baahan tahay turjumaan? Na soo wac.",
    ),
)


def spoken(tongue: Tongue, languages: list[str]) -> bool:
    """Whether an event with these languages speaks it; zh-Hant hears zh-Hans as well as zh does."""
    return any(code.split("-")[0] == tongue.code.split("-")[0] for code in languages)
