"""What the section says in which a message is tried out."""

TEXTS = {
    "title": ("Try it", "试一试"),
    "intro": (
        "Choose values. Everything below is rendered as it would be sent.",
        "改变取值，下方即按实际发送的方式渲染。",
    ),
    "places": ("Where it is sent", "发送位置"),
    "channel": ("Channel", "渠道"),
    "locale": ("Language", "语言"),
    "personas": ("Personas", "虚拟用户"),
    "personas_help": (
        "Made-up users. A value changed by hand wins over the persona's.",
        "虚构的用户。手动修改的值优先于虚拟用户的值。",
    ),
    "declared": ("Personas of this workspace…", "工作区中的虚拟用户…"),
    "persona_typical": ("Usual values", "常见值"),
    "persona_longest": ("Longest", "最长"),
    "persona_nothing": ("Everything missing", "全部缺失"),
    "persona_hostile": ("Hostile values", "恶意取值"),
    "reset": ("Undo my changes", "撤销改动"),
    "values": ("Values", "取值"),
    "attributes": ("Who is in the experiment", "谁参加实验"),
    "attributes_help": (
        "The copy never prints these; the audience of the running experiment asks for them.",
        "文案不会显示这些属性；正在进行的实验用它们判断受众。",
    ),
    "unused": ("Not used in {place}", "{place} 未使用"),
    "missing": ("Missing", "缺失"),
    "missing_of": ("{name} is missing", "{name} 缺失"),
    "other_value": ("Any text", "任意文本"),
    "other_value_of": ("Any text for {name}", "{name}：任意文本"),
    "slider_of": ("{name}, slider", "{name}，滑块"),
    "turns_at": ("The copy changes at {value}", "文案在 {value} 处变化"),
    "asked_for": ("The copy asks for", "文案会判断"),
    "set_to": ("Set {name} to {value}", "将 {name} 设为 {value}"),
    "from_key": ("from {name}", "取自 {name}"),
    "shared": ("the same key as {names}", "与 {names} 共用同一字段"),
    "items": ("Items of {name}", "{name} 的各项"),
    "item": ("Item {n}", "第 {n} 项"),
    "add_item": ("Add an item", "添加一项"),
    "remove_item": ("Remove item {n}", "删除第 {n} 项"),
    "true": ("true", "是"),
    "false": ("false", "否"),
    # What may be given
    "bounds_between": ("{low} to {high}", "{low} 至 {high}"),
    "bounds_text": ("at most {n} characters", "最多 {n} 个字符"),
    "bounds_text_one": ("1 character", "最多 1 个字符"),
    "bounds_url": ("at most {n} more characters", "后面最多 {n} 个字符"),
    "bounds_list": ("at most {n} items", "最多 {n} 项"),
    "bounds_list_one": ("at most 1 item", "最多 1 项"),
    "bounds_enum": ("one of {n} words", "{n} 个选项之一"),
    "bounds_enum_one": ("one word", "只有 1 个选项"),
    "bounds_none": ("no bounds are declared", "没有声明取值范围"),
    "charset_digits": ("digits", "数字"),
    "charset_ascii": ("ASCII", "ASCII 字符"),
    "charset_gsm7": ("GSM-7", "GSM-7 字符"),
    "charset_latin": ("Latin letters", "拉丁字母"),
    "charset_zh": ("Chinese", "中文"),
    "charset_name": ("a name", "姓名"),
    "counter": ("{n} of {most}", "{n} / {most}"),
    # What follows where a value is missing
    "then_use": ("Missing: “{value}” stands in.", "缺失时以“{value}”代替。"),
    "then_nothing": ("Missing: nothing is printed.", "缺失时留空。"),
    "then_skip": ("Missing: the message is not sent.", "缺失时不发送。"),
    "then_error": (
        "Missing: the message is refused, with the reason.",
        "缺失时拒绝发送，并说明原因。",
    ),
    "told_use": ("Counts as missing: {why}.", "视为缺失：{why}。"),
    "why_blank": ("it is blank", "内容为空白"),
    "why_long": (
        "it has {n} characters, {most} at most",
        "共 {n} 个字符，最多 {most} 个",
    ),
    "why_url": (
        "it is no address of at most {most} characters",
        "不是 {most} 个字符以内的地址",
    ),
    "why_enum": ("it is not one of {words}", "不在选项之中：{words}"),
    "why_number": (
        "it is no whole number from {low} to {high}",
        "不是 {low} 至 {high} 的整数",
    ),
    "why_decimals": (
        "it is no number from {low} to {high} with at most {decimals} decimals",
        "不是 {low} 至 {high} 且最多 {decimals} 位小数的数字",
    ),
    "why_date": ("it is no date from {low} to {high}", "不是 {low} 至 {high} 的日期"),
    "why_datetime": (
        "it is no time from {low} to {high}",
        "不是 {low} 至 {high} 的时间",
    ),
    # What came of it
    "results": ("What is sent", "发送结果"),
    "status": (
        "{place}: {sent} of {n} variants sent, {findings} findings",
        "{place}：{n} 个版本中发送 {sent} 个，{findings} 项问题",
    ),
    "status_one": (
        "{place}: {sent} of 1 variant sent, {findings} findings",
        "{place}：{n} 个版本中发送 {sent} 个，{findings} 项问题",
    ),
    "lost": (
        "The preview does not answer. What stands below is the last answer.",
        "预览没有响应。下方是最后一次的结果。",
    ),
    "too_long": (
        "These values are too long for an address and cannot be tried here.",
        "这些取值太长，无法放入地址，不能在这里试。",
    ),
    "live": ("live", "当前版本"),
    "gets_this": ("this user gets it", "该用户收到此版本"),
    "state_sent": ("sent", "发送"),
    "state_skipped": ("not sent", "不发送"),
    "state_rejected": ("refused", "拒绝发送"),
    "state_broken": ("cannot be read", "无法读取"),
    "skipped": (
        "Not sent, as planned: a value is missing whose rule is to skip.",
        "按计划不发送：缺少的变量规定缺失时跳过。",
    ),
    "rejected_missing": (
        "Refused: a value is missing that the message cannot do without.",
        "拒绝发送：缺少消息必需的值。",
    ),
    "rejected_unsendable": (
        "Refused: no route takes this text.",
        "拒绝发送：没有通道能发送这段文字。",
    ),
    "broken": (
        "The words cannot be read, so there is nothing to try.",
        "无法读取文案，因此无法试用。",
    ),
    "assigned": ("Experiment {name}: {what}", "实验 {name}：{what}"),
    "assigned_arm": ("this user is in arm {arm}", "该用户在 {arm} 组"),
    "reason_not_in_audience": (
        "this user is outside of the audience and gets the live variant",
        "该用户不在受众中，收到当前版本",
    ),
    "reason_not_in_traffic": (
        "this user is outside of the coverage and gets the live variant",
        "该用户不在覆盖范围内，收到当前版本",
    ),
    "reason_excluded_by_layer": (
        "another experiment of the layer has this user, who gets the live variant",
        "该用户属于同一层的其他实验，收到当前版本",
    ),
    "reason_holdout": (
        "this user is held out and gets no marketing",
        "该用户属于全局保留组，不接收营销消息",
    ),
    "reason_unit": (
        "this user has no {unit} to be drawn by",
        "该用户没有用于分组的 {unit}",
    ),
    "reason_attribute": (
        "an attribute does not hold what it is declared to be",
        "有属性的值与声明的类型不符",
    ),
    "words": ("The words with these values", "代入取值后的文案"),
    "field_body": ("Body", "正文"),
    "field_title": ("Title", "标题"),
    "field_subject": ("Subject", "主题"),
    "field_preheader": ("Preheader", "预览文本"),
    "findings": ("{n} findings", "{n} 项问题"),
    "findings_one": ("1 finding", "1 项问题"),
    "no_findings": ("Nothing wrong was found", "没有发现问题"),
    "elsewhere": (
        "{n} more are about words that other values print.",
        "另有 {n} 项问题涉及其他取值才会出现的文字。",
    ),
    "elsewhere_one": (
        "1 more is about words that other values print.",
        "另有 1 项问题涉及其他取值才会出现的文字。",
    ),
    "holds": ("It is so for exactly these values.", "对当前取值同样成立。"),
    "holds_as": ("With these values:", "代入当前取值："),
    "whole": ("the whole of {name}", "整个{name}"),
    "in_file": ("In the file", "文件中"),
    "exact": ("Only with these values", "仅当前取值"),
    "cure": ("Cure", "解决办法"),
    "source": ("Source", "依据"),
    "rule": ("Rule", "规则"),
    "error": ("error", "错误"),
    "warning": ("warning", "警告"),
    "info": ("note", "提示"),
    "finding_mark": ("finding {n}", "问题 {n}"),
    "about_message": ("About the message as a whole", "关于整条消息"),
    "stale": (
        "The files cannot be read at present. These are the words they last had.",
        "目前无法读取文件。以下是最后一次可读取时的文案。",
    ),
    # In files
    "in_files": (
        (
            "This page is a file. It holds {n} results; controls that they do not cover "
            "are switched off."
        ),
        "本页是静态文件，包含 {n} 个结果；未涵盖的控件已停用。",
    ),
    "in_files_one": (
        (
            "This page is a file. It holds one result; controls that it does not cover "
            "are switched off."
        ),
        "本页是静态文件，包含 {n} 个结果；未涵盖的控件已停用。",
    ),
    "run": ("To try every value, run {command}", "要试所有取值，请运行 {command}"),
    "needs_script": (
        "Trying values needs JavaScript. What stands below is for the usual values.",
        "试用取值需要 JavaScript。下方为常见取值的结果。",
    ),
    "from_persona": (
        "This is a persona. Choose “{name}” to set values one by one.",
        "当前是虚拟用户。选择“{name}”后可逐项设置取值。",
    ),
}
