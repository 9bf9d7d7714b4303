"""What the section with every branch says."""

TEXTS = {
    "title": ("Every branch", "全部分支"),
    "walked": (
        (
            "{texts} texts, {branches} branches. Every way through their words was walked; "
            "branches that read the same are shown once."
        ),
        "共 {texts} 条文案、{branches} 个分支。措辞的每条路径都已走遍，读起来相同的分支只列一次。",
    ),
    "partly": (
        (
            "{texts} texts, {branches} branches known. Not every way could be walked: what "
            "was left out is said at each text."
        ),
        (
            "共 {texts} 条文案，已知 {branches} 个分支。"
            "并非每条路径都能走遍，遗漏之处在各条文案中注明。"
        ),
    ),
    "past": (
        "This message cannot be read at present. These are the branches it last had.",
        "目前无法读取这条消息。以下是最后一次可读取时的分支。",
    ),
    "legend": (
        "Marked against branch 1 of the same field:",
        "与同一字段的分支 1 相比：",
    ),
    "legend_added": ("only here", "此处独有"),
    "legend_removed": ("only in branch 1", "仅分支 1 有"),
    "jump": ("Texts", "文案"),
    "channel_sms": ("SMS", "短信"),
    "channel_push": ("Push", "推送"),
    "channel_email": ("E-mail", "邮件"),
    "live": ("live", "线上"),
    "count": ("{n} branches", "{n} 个分支"),
    "count_one": ("1 branch", "1 个分支"),
    "unread": (
        "This text could not be read, so none of its branches is known: {reason}.",
        "无法读取这条文案，其分支未知：{reason}。",
    ),
    "unread_reason": ("its words have an error", "措辞有错误"),
    "gap": ("Not all of it is known: {reason}.", "部分内容未知：{reason}。"),
    "field_subject": ("Subject", "主题"),
    "field_preheader": ("Preheader", "预览文字"),
    "field_title": ("Title", "标题"),
    "field_body": ("Body", "正文"),
    "branch": ("Branch {n}", "分支 {n}"),
    "when": ("when", "条件"),
    "always": ("in every case", "任何情况"),
    "or": ("or when", "或"),
    "more_ways": (
        "and {n} more ways that read the same",
        "另有 {n} 条读起来相同的路径",
    ),
    "more_ways_one": (
        "and 1 more way that reads the same",
        "另有 1 条读起来相同的路径",
    ),
    "no_values": (
        "No allowed values were found that lead here.",
        "没有找到能走到此处的允许取值。",
    ),
    "same_as": (
        "Word for word as in {variant}, shown above.",
        "与上文 {variant} 逐字相同。",
    ),
    "market": ("as sent to {market}", "发往 {market} 的样子"),
    "added": (
        "The gateway adds what is not in the file: {text}",
        "网关会加上文件中没有的内容：{text}",
    ),
    "lists": (
        (
            "A list is printed. It is shown with one example; its items were checked in all "
            "their forms."
        ),
        "其中会输出列表，这里只展示一个例子；列表项的所有写法都已检查。",
    ),
    "sampled": (
        (
            "Too many ways to walk. {samples} were sampled, and {n} different texts were seen; "
            "lengths and required words are proved over all ways."
        ),
        (
            "路径过多，无法走遍。抽样 {samples} 条，得到 {n} 种不同文本；"
            "长度和必须出现的措辞仍对所有路径作了证明。"
        ),
    ),
    "left_out": (
        "{n} more branches are not shown here; the proof sheet has all of them.",
        "还有 {n} 个分支未在此列出，审核单中列有全部分支。",
    ),
    "left_out_one": (
        "1 more branch is not shown here; the proof sheet has all of them.",
        "还有 1 个分支未在此列出，审核单中列有全部分支。",
    ),
    "folded": ("{n} lines as in branch 1", "{n} 行与分支 1 相同"),
    "folded_one": ("1 line as in branch 1", "1 行与分支 1 相同"),
    "unchanged": ("{n} unchanged lines", "{n} 行未变"),
    "unchanged_one": ("1 unchanged line", "1 行未变"),
    "sms": (
        "{parts} · {units} units, {encoding}",
        "{parts} · {units} 个单位，{encoding}",
    ),
    "parts": ("{n} parts", "{n} 条"),
    "parts_one": ("1 part", "1 条"),
    "most_parts": ("at most {n} parts", "最多 {n} 条"),
    "most_parts_one": ("never more than 1 part", "不会超过 1 条"),
    "columns": ("{n} columns", "{n} 列宽"),
    "columns_one": ("1 column", "1 列宽"),
    "most_columns": ("at most {n}", "最多 {n}"),
    "characters": ("{n} characters", "{n} 个字符"),
    "characters_one": ("1 character", "1 个字符"),
    "values": ("Shown with", "示例取值"),
    "worst": ("Worst case", "最坏情况"),
    "worst_proved": (
        "Proved: no allowed values make it longer.",
        "已证明：任何允许的取值都不会更长。",
    ),
    "worst_found": (
        (
            "The longest that was found. Not every value could be tried; lint proves the "
            "limit."
        ),
        "这是找到的最长结果。无法试遍所有取值，上限由 lint 证明。",
    ),
    "tag_proved": ("proved", "已证明"),
    "tag_found": ("longest found", "已找到的最长"),
    "worst_cost": ("{cost} a message", "每条消息 {cost}"),
    "findings": ("Findings", "发现的问题"),
    "error": ("error", "错误"),
    "warning": ("warning", "警告"),
    "info": ("note", "提示"),
    "compared": ("Against {name}", "与 {name} 对比"),
    "same": (
        "Nobody receives anything else than at {name}: every branch reads the same.",
        "与 {name} 相比，所有人收到的内容都没有变化。",
    ),
    "new": ("This message is new since {name}.", "这条消息是 {name} 之后新增的。"),
    "changed": ("{n} texts differ.", "{n} 条文案有变化。"),
    "changed_one": ("1 text differs.", "1 条文案有变化。"),
    "setting_live": ("Live variant", "线上版本"),
    "setting_purpose": ("Purpose", "用途"),
    "setting_markets": ("Markets", "市场"),
    "kind_added": ("new", "新增"),
    "kind_removed": ("removed", "已删除"),
    "kind_unread": ("not read", "无法读取"),
    "only_unread": (
        "It cannot be read on one of the two sides, so nothing was compared.",
        "其中一方无法读取，因此未作对比。",
    ),
    "kind_changed": ("changed", "有变化"),
    "parts_at_worst": (
        "Parts at worst: {before} → {after}",
        "最坏条数：{before} → {after}",
    ),
    "parts_same": ("Parts at worst: {n}, as before", "最坏条数：{n}，未变"),
    "none": ("none", "无"),
    "before": ("Before", "之前"),
    "after": ("After", "之后"),
    "for": ("for", "取值"),
    "only_settings": (
        "The words are the same; what is allowed or how it is sent changed.",
        "措辞相同；改变的是允许的取值或发送方式。",
    ),
    "more_pairs": ("{n} more branches differ.", "还有 {n} 个分支有变化。"),
    "more_pairs_one": ("1 more branch differs.", "还有 1 个分支有变化。"),
    "not_whole": (
        "There are more branches than are compared; those shown are the first.",
        "分支多于可比较的数量，这里只列出前面的部分。",
    ),
    "choice": ("{name}: {value}", "{name}：{value}"),
    "choice_not": ("not ({name})", "非（{name}）"),
    "value_true": ("yes", "是"),
    "value_false": ("no", "否"),
    "value_range": ("{low} to {high}", "{low} 至 {high}"),
    "value_or": (" or ", " 或 "),
    "value_items": ("{n} items", "{n} 项"),
    "value_items_one": ("1 item", "1 项"),
    "value_start": ("{text} ({n} characters)", "{text}（{n} 个字符）"),
    "value_same": ("{text} × {n}", "{text} × {n}"),
    "and": (", ", "，"),
}
