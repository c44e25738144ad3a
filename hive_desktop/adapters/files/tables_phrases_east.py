"""What stands above the columns of Chinese exports, and the names of currencies in their cells."""

from __future__ import annotations

from typing import Final

from hive_desktop.adapters.files.tables_phrases import IGNORED
from hive_desktop.domain.csv_layouts import Role

HEADINGS_EAST: Final[tuple[tuple[Role | str, str], ...]] = (
    (Role.DATE, "交易成功时间, 银行记账日, 记账日, 入账日, 记账时间日期, 过账日期, 入账时间"),
    (Role.HAPPENED, "消费日期, 消费时间, 下单时间"),
    (Role.AMOUNT, "实付金额, 入账金额, 记账金额, 结算金额, 人民币金额, 入账币种 金额, 发生额"),
    (Role.IN, "收入金额, 存入金额, 贷方金额, 贷方发生额"),
    (Role.OUT, "支出金额, 支取金额, 借方金额, 借方发生额"),
    (Role.INDICATOR, "借贷标志, 收支类型, 借 贷标志, 收 支类型"),
    (Role.BALANCE, "联机余额, 本次余额, 当前余额, 可用余额, 交易后余额"),
    (Role.CURRENCY, "币别, 交易币种, 交易货币, 记账币种, 入账货币, 入账币种, 货币类型"),
    (Role.NAME, "商户名称, 商户, 对方户名, 对方账户名, 对方名称, 对手信息, 对方信息, 收款方"),
    (Role.TEXT, "交易摘要, 交易描述, 交易说明, 订单标题, 交易名称, 交易详情"),
    (Role.MEMO, "附言, 交易附言, 客户摘要, 交易地点, 交易场所, 对方账号, 对方卡号 账号, 商家备注"),
    (Role.KIND, "交易分类, 业务类型"),
    (Role.ID, "交易订单号, 流水号, 日志号, 日 志 号"),
    (Role.NUMBER, "借记卡号, 本方账号, 账号, 卡号"),
    (
        IGNORED,
        """订单金额, 交易币种 金额, 交易地金额, 记账时间, 交易时分, 序号, 商户单号, 商家订单号,
        商家单号, 对方开户行, 网点名称, 交易渠道, 渠道, 钞 汇, 交易国家或地区简称, 汇率,
        卡号后四位, 卡号末四位""",
    ),
)
SIDES_EAST: Final[tuple[tuple[Role | str, str], ...]] = (
    (Role.OUT, "支出, 支取, 借方"),
    (Role.IN, "收入, 存入, 贷方"),
)
"""Words that stand beside others in a heading: "交易金额(支出)"."""
CURRENCY_NAMES: Final = {
    "人民币": "CNY", "人民币元": "CNY", "港币": "HKD", "港元": "HKD", "美元": "USD",
    "欧元": "EUR", "日元": "JPY", "英镑": "GBP", "澳元": "AUD", "加元": "CAD", "新台币": "TWD",
}  # fmt: skip
