import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.masking import mask_name, mask_phone, mask_phones_in


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800138000", "138****8000"),
        ("138 0013 8000", "138****8000"),
        ("+86 138-0013-8000", "138****8000"),
        ("１３８００１３８０００", "138****8000"),
        ("0769-22835266", "0769-****5266"),
        ("0769-22222222转801", "0769-****2222"),
        ("020-88888888", "020-****8888"),
        ("22835266", "****5266"),
        ("110", "****"),
    ],
)
def test_mask_phone(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("负责人李敏13800138000，备用139-1234-5678", "负责人李敏138****8000，备用139****5678"),
        ("2020-0001、2020-0002 2020-0004", "2020-0001、2020-0002 2020-0004"),  # numbers of filings
        ("电话：０７６９－１２３４５６７８", "电话：０７６９－１２３４５６７８"),  # no landline begins with 1
        ("电话：０７６９－２２３４５６７８。", "电话：0769-****5678。"),
        ("座机 0769 2283 5266 转 801", "座机 0769-****5266"),
        ("2020-10-24 9:00，120人", "2020-10-24 9:00，120人"),
        ("138\u200b0013\u200b8000", "138****8000"),
    ],
)
def test_mask_phones_in(text: str, masked: str) -> None:
    assert mask_phones_in(text) == masked


@given(
    st.text(alphabet="李敏电话：， a/(+-\u200b", max_size=12),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.text(alphabet="，。 人、", max_size=5),
)
def test_no_whole_mobile_is_left(before: str, phone: str, after: str) -> None:
    assert phone not in mask_phones_in(before + phone + after)


@pytest.mark.parametrize(
    ("name", "masked"), [("李敏", "李*"), ("张志强", "张**"), ("欧阳明月", "欧阳**"), ("李", "李"), ("", "")]
)
def test_mask_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked
