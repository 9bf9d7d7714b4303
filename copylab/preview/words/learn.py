"""What was learned from past experiments."""

TEXTS = {
    "title": ("Learned", "经验"),
    "lead": (
        (
            "What wordings do, over {n} decided experiments together. Winners and "
            "experiments without one count alike."
        ),
        "汇总 {n} 个已决策的实验，看不同措辞的作用。有赢家和没有赢家的实验同样计入。",
    ),
    "lead_one": (
        (
            "What wordings do, over the one experiment that was decided. Winners "
            "and experiments without one count alike."
        ),
        "目前只有 1 个已决策的实验。有赢家和没有赢家的实验同样计入。",
    ),
    "none": (
        (
            "There is nothing to learn from yet: no experiment has been decided. "
            "Each copylab promote writes a record, and copylab promote --keep does "
            "so where nothing won."
        ),
        (
            "还没有可学习的内容：尚无实验作出决策。copylab promote 会写下记录；"
            "没有赢家时用 copylab promote --keep。"
        ),
    ),
    "nothing": (
        (
            "No two wordings with different tags were compared. Tag the variants "
            "in message.yaml, as in coupon: {{hook: discount}}, and the next decision "
            "teaches something."
        ),
        (
            "还没有比较过标签不同的两种措辞。请在 message.yaml 里给变体加标签，"
            "如 coupon: {{hook: discount}}，下一次决策就有经验可学。"
        ),
    ),
    "tag": ("{tag}, on {metric}", "{tag}（指标：{metric}）"),
    "length": ("Length, on {metric}", "长度（指标：{metric}）"),
    "up": (
        "{value} does better than {against}: {lift}.",
        "{value} 优于 {against}：{lift}。",
    ),
    "down": (
        "{value} does worse than {against}: {lift}.",
        "{value} 不如 {against}：{lift}。",
    ),
    "up_few": (
        "{value} seems to do better than {against}: {lift}.",
        "{value} 似乎优于 {against}：{lift}。",
    ),
    "down_few": (
        "{value} seems to do worse than {against}: {lift}.",
        "{value} 似乎不如 {against}：{lift}。",
    ),
    "open": (
        "Whether {value} does better than {against} cannot be said: {lift}.",
        "{value} 是否优于 {against} 尚无法判断：{lift}。",
    ),
    "longer": ("longer words", "更长的文案"),
    "shorter": ("shorter words", "更短的文案"),
    "control": ("the control’s", "对照组文案"),
    "tests": ("from {n} tests", "来自 {n} 个实验"),
    "tests_one": ("from one test", "来自 1 个实验"),
    "few": (
        "A hint, no knowledge: below {enough} tests the spread between them is hardly known.",
        "只是线索，还不是知识：少于 {enough} 个实验时，几乎无法知道它们之间的差异。",
    ),
    "next": ("A next test is to be expected at {lift}.", "下一次实验预计为 {lift}。"),
    "mixed": (
        (
            "In {n} of {all} comparisons the words differ in {tags} as well, so "
            "the effect is not this tag’s alone."
        ),
        "在 {all} 次比较中有 {n} 次，文案在 {tags} 上也不同，因此效果不只来自这个标签。",
    ),
    "spread": (
        "Spread between tests: Q {q} ({p}), I² {i2}, tau² {tau2}.",
        "实验之间的差异：Q {q}（{p}），I² {i2}，tau² {tau2}。",
    ),
    "figures": ("The figures", "数字"),
    "plot": (
        "Lift of {metric}, {value} against {against}",
        "{metric} 的提升：{value} 对比 {against}",
    ),
    "test": ("Test", "实验"),
    "compared": ("Arms", "分组"),
    "lift": ("Lift [95% interval]", "提升［95% 置信区间］"),
    "differs": ("Differs also in", "同时不同"),
    "pooled": ("Together", "合并"),
    "predicted": ("A next test", "下一次实验"),
    "legend": (
        (
            "A square is a test, larger where it knows more; the line is its 95% "
            "interval. The diamond is all of them together, the dashed line where "
            "a next test is to be expected. The upright line is no difference."
        ),
        (
            "方块为一个实验，信息越多越大；横线为 95% 置信区间。菱形为合并结果，"
            "虚线为下一次实验的预期范围。竖线表示没有差异。"
        ),
    ),
    "factorial": (
        "{one} and {two} crossed, in {experiment}",
        "{experiment}：{one} 与 {two} 交叉",
    ),
    "factorial_note": (
        "On {metric}; p is not corrected.",
        "指标 {metric}；p 值未校正。",
    ),
    "effect": ("Effect", "效应"),
    "kind_main": ("by itself", "主效应"),
    "kind_interaction": ("together", "交互"),
    "p": ("p", "p 值"),
    "skipped": ("{n} comparisons are left out", "{n} 项比较未计入"),
    "skipped_one": ("One comparison is left out", "1 项比较未计入"),
    "method": (
        "Pooled by a random-effects model: {method}.",
        "用随机效应模型合并：{method}。",
    ),
    "broken": ("Records that cannot be read", "无法读取的记录"),
}
