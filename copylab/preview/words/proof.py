"""What proof sheets say."""

TEXTS = {
    "title": ("Proof sheet", "文案审核单"),
    "title_of": ("Proof sheet: {message}", "文案审核单：{message}"),
    "wait": (
        "The rules are being applied. The sheet stands here as soon as they all were.",
        "正在应用规则。全部应用完毕后，审核单会自动显示在这里。",
    ),
    "list_wait": ("being checked", "检查中"),
    "foot": ("{message} · {print}", "{message} · {print}"),
    "print": ("Print or save as PDF", "打印或存为 PDF"),
    "to_message": ("To the message", "查看消息"),
    "to_sign": ("To the signature", "跳到签字栏"),
    "made": ("Made", "生成时间"),
    "workspace": ("Workspace", "工作区"),
    "purpose": ("Purpose", "用途"),
    "purpose_marketing": ("marketing", "营销"),
    "purpose_transactional": ("transactional", "通知"),
    "purpose_otp": ("one-time code", "验证码"),
    "markets": ("Markets", "市场"),
    "no_markets": ("none named", "未指定"),
    "live": ("Live variant", "线上版本"),
    "print_short": ("Fingerprint", "指纹"),
    "and": (", ", "，"),
    "summary": ("Summary", "摘要"),
    "state_texts": (
        "{texts} texts with {branches} branches were checked against {rules} rules.",
        "共 {texts} 条文案、{branches} 个分支，按 {rules} 条规则检查。",
    ),
    "state_unread": (
        "{n} texts could not be read. Nothing is proved of them.",
        "{n} 条文案无法读取，对它们没有作出任何证明。",
    ),
    "state_unread_one": (
        "1 text could not be read. Nothing is proved of it.",
        "1 条文案无法读取，对它没有作出任何证明。",
    ),
    "state_errors": (
        "{n} errors: what is wrong is certain. They are listed below.",
        "{n} 处错误：问题确定存在，详见下文。",
    ),
    "state_errors_one": (
        "1 error: what is wrong is certain. It is listed below.",
        "1 处错误：问题确定存在，详见下文。",
    ),
    "state_warnings": (
        "{n} warnings: a person has to judge them.",
        "{n} 处警告：需要人工判断。",
    ),
    "state_warnings_one": (
        "1 warning: a person has to judge it.",
        "1 处警告：需要人工判断。",
    ),
    "state_notes": ("{n} notes.", "{n} 处提示。"),
    "state_notes_one": ("1 note.", "1 处提示。"),
    "state_none": (
        "Nothing was found by any of the rules that were applied.",
        "已应用的规则均未发现问题。",
    ),
    "state_suppressed": (
        "{n} findings are suppressed by comments in the files; the reasons are below.",
        "{n} 处问题被文件中的注释抑制，理由见下文。",
    ),
    "state_suppressed_one": (
        "1 finding is suppressed by a comment in a file; the reason is below.",
        "1 处问题被文件中的注释抑制，理由见下文。",
    ),
    "state_known": (
        "{n} findings were accepted before, in the baseline; they are listed below.",
        "{n} 处问题此前已列入基线，详见下文。",
    ),
    "state_known_one": (
        "1 finding was accepted before, in the baseline; it is listed below.",
        "1 处问题此前已列入基线，详见下文。",
    ),
    "state_sampled": (
        "{n} texts have more branches than can be walked; samples of them are shown.",
        "{n} 条文案的分支过多，无法走遍，仅展示抽样。",
    ),
    "state_sampled_one": (
        "1 text has more branches than can be walked; samples of it are shown.",
        "1 条文案的分支过多，无法走遍，仅展示抽样。",
    ),
    "state_not_applied": (
        "{n} rules are about this message and were not applied; they are named below.",
        "{n} 条与本消息有关的规则未被应用，名称见下文。",
    ),
    "state_not_applied_one": (
        "1 rule is about this message and was not applied; it is named below.",
        "1 条与本消息有关的规则未被应用，名称见下文。",
    ),
    "advice": (
        "This sheet says what was checked. It is no legal advice.",
        "本单说明检查了什么，不构成法律意见。",
    ),
    "column_number": ("No.", "序号"),
    "column_text": ("Text", "文案"),
    "column_sent": ("Who gets it", "发送对象"),
    "column_branches": ("Branches", "分支"),
    "column_longest": ("Longest body", "最长正文"),
    "column_result": ("Result", "结果"),
    "not_sent": ("nobody at present", "目前无人"),
    "status_draft": ("draft", "草稿"),
    "status_running": ("running", "进行中"),
    "status_concluded": ("concluded", "已结束"),
    "walked": ("all {n}", "全部 {n} 个"),
    "walked_one": ("one", "1 个"),
    "sampled": ("samples: {n}", "抽样 {n} 个"),
    "units": ("{n} units {encoding}", "{n} 个单位 {encoding}"),
    "longest_proved": ("(proved)", "（已证明）"),
    "longest_found": ("(longest found)", "（已找到的最长）"),
    "errors": ("{n} errors", "{n} 处错误"),
    "errors_one": ("1 error", "1 处错误"),
    "warnings": ("{n} warnings", "{n} 处警告"),
    "warnings_one": ("1 warning", "1 处警告"),
    "notes": ("{n} notes", "{n} 处提示"),
    "notes_one": ("1 note", "1 处提示"),
    "result_none": ("nothing found", "未发现问题"),
    "result_unread": ("not read", "无法读取"),
    "findings": ("1. What was found", "一、发现的问题"),
    "findings_none": (
        "Nothing was found by any of the rules that were applied.",
        "已应用的规则均未发现问题。",
    ),
    "findings_shared": (
        "In what several texts use, or about the message as a whole",
        "多条文案共用的部分，或整条消息",
    ),
    "in_texts": ("texts {numbers}", "文案 {numbers}"),
    "in_texts_one": ("text {numbers}", "文案 {numbers}"),
    "shown_for": ("Shown for", "出现于"),
    "cure": ("What to do:", "处理办法："),
    "texts": ("2. Every text, every branch", "二、全部文案与分支"),
    "texts_about": (
        "Each text is shown as somebody would get it. Against branch 1 of the same field:",
        "每条文案均按收件人看到的样子展示。与同一字段的分支 1 相比：",
    ),
    "hash": ("Content hash:", "内容哈希："),
    "unread": (
        "This text could not be read. Nothing is proved of it.",
        "无法读取这条文案，对它没有作出任何证明。",
    ),
    "left_out": (
        "{n} more branches are known and not shown.",
        "还有 {n} 个已知分支未列出。",
    ),
    "left_out_one": (
        "1 more branch is known and not shown.",
        "还有 1 个已知分支未列出。",
    ),
    "values": ("3. The values that can stand in them", "三、可填入的取值"),
    "values_about": (
        (
            "What is proved holds for every value within these bounds. A value outside of "
            "them counts as missing."
        ),
        "以下证明对范围内的所有取值成立，超出范围的值按缺失处理。",
    ),
    "column_variable": ("Variable", "变量"),
    "column_type": ("Kind", "类型"),
    "column_bounds": ("Bounds", "范围"),
    "column_missing": ("When it is missing", "缺失时"),
    "type_text": ("text", "文本"),
    "type_person_name": ("name of a person", "人名"),
    "type_int": ("whole number", "整数"),
    "type_decimal": ("number", "小数"),
    "type_percent": ("percentage", "百分比"),
    "type_money": ("amount of money", "金额"),
    "type_date": ("date", "日期"),
    "type_datetime": ("date and time", "日期时间"),
    "type_url": ("link", "链接"),
    "type_enum": ("one of several words", "枚举"),
    "type_bool": ("yes or no", "是或否"),
    "type_list": ("list", "列表"),
    "bounds_none": ("no bounds are declared", "未声明范围"),
    "bounds_text": ("up to {n} characters", "最多 {n} 个字符"),
    "bounds_charset": (", charset {charset}", "，字符集 {charset}"),
    "bounds_url": (
        "starts with {base}, up to {n} characters in all",
        "以 {base} 开头，全长最多 {n} 个字符",
    ),
    "bounds_any_url": ("up to {n} characters in all", "全长最多 {n} 个字符"),
    "bounds_enum": ("{values}", "{values}"),
    "bounds_bool": ("yes · no", "是 · 否"),
    "bounds_list": ("up to {n} items", "最多 {n} 项"),
    "bounds_range": ("{low} to {high}", "{low} 至 {high}"),
    "missing_use": ("“{value}” is taken instead", "改用“{value}”"),
    "missing_nothing": ("nothing is printed", "不输出任何内容"),
    "missing_skip": ("the message is not sent", "不发送"),
    "missing_error": ("the message is refused, and reported", "拒绝发送并报告"),
    "rules": ("4. Rules that were applied", "四、已应用的规则"),
    "rules_about": (
        (
            "The rules of {day}. A rule that asks for words was proved over every branch and "
            "every allowed value; a rule that forbids words looked at every branch. "
            "{elsewhere} further rules are about other channels, purposes or markets; {files} "
            "are about the form of the files and always apply."
        ),
        (
            "按 {day} 有效的规则。要求出现某些措辞的规则，对每个分支和每个允许的取值作了证明；"
            "禁止某些措辞的规则，检查了每个分支。另有 {elsewhere} 条规则针对其他渠道、用途或市场；"
            "{files} 条针对文件格式，始终适用。"
        ),
    ),
    "rules_law": (
        "Laws, carriers and platforms ({n})",
        "法律、运营商与平台规则（{n}）",
    ),
    "rules_law_none": (
        (
            "No rule of a law, a carrier or a platform is about this message. Are its markets "
            "declared?"
        ),
        "没有法律、运营商或平台规则针对本消息。市场是否已声明？",
    ),
    "rules_own": ("Rules of copylab ({n})", "copylab 自有规则（{n}）"),
    "rules_own_about": (
        "What they rest on is said beside each; where a date matters, it stands there.",
        "依据列于各条之旁，与日期有关的已注明。",
    ),
    "column_rule": ("Rule", "规则"),
    "column_source": ("Rests on", "依据"),
    "column_checked": ("Read", "查阅"),
    "column_for": ("Applied to", "适用文案"),
    "column_outcome": ("Result", "结果"),
    "places_all": ("all texts", "全部文案"),
    "how_primary": ("at the source", "查阅原文"),
    "how_secondary": ("in a report on it", "查阅转述"),
    "how_unverified": ("not read at the source", "未查阅原文"),
    "means_evidence_required": (
        "a finding asks for evidence",
        "命中表示需要证据",
    ),
    "means_manual_review": (
        "a finding asks for a person's judgement",
        "命中表示需要人工判断",
    ),
    "means_advisory": ("a finding is advice", "命中仅为建议"),
    "found": ("{n} findings", "{n} 处命中"),
    "found_one": ("1 finding", "1 处命中"),
    "found_none": ("nothing found", "未发现问题"),
    "kept": ("{n} suppressed or accepted", "{n} 处被抑制或已接受"),
    "unchecked": ("5. What was not checked", "五、未检查的内容"),
    "unchecked_text": (
        "{number}. {name}: it could not be read.",
        "{number}. {name}：无法读取。",
    ),
    "unchecked_sampled": (
        (
            "{number}. {name}: words that are forbidden were looked for in samples only; "
            "lengths and required words are proved."
        ),
        "{number}. {name}：禁用措辞仅在抽样中查找；长度和必须出现的措辞已证明。",
    ),
    "why_undeclared": (
        "Not checked, since {what} is not declared.",
        "未检查：{what} 未声明。",
    ),
    "why_off": (
        "Not checked, since it is switched off in copylab.yaml.",
        "未检查：已在 copylab.yaml 中关闭。",
    ),
    "why_not_in_force": (
        "Not applied: it is not in force on this day ({what}).",
        "未应用：当日不在有效期内（{what}）。",
    ),
    "why_nobody": ("No rule of copylab checks this:", "copylab 没有检查此项的规则："),
    "never": (
        (
            "Never checked by any rule: whether a claim is true, whether consent was given, "
            "what pictures show, what a link leads to, and when the message is really sent."
        ),
        (
            "任何规则都不检查：所述是否属实、是否确已取得同意、图片内容、链接指向的页面，"
            "以及实际发送时间。"
        ),
    ),
    "excused": ("6. Suppressed and accepted", "六、被抑制与已接受的问题"),
    "excused_none": (
        "No comment suppresses anything in this message.",
        "本消息中没有抑制任何问题的注释。",
    ),
    "until": ("until {day}", "有效至 {day}"),
    "until_over": (
        "ended on {day}: it suppresses nothing now",
        "已于 {day} 到期，不再生效",
    ),
    "until_none": ("without an end", "无期限"),
    "reason": ("Reason:", "理由："),
    "hides": ("Suppressed:", "被抑制："),
    "known": ("Accepted in the baseline", "基线中已接受"),
    "known_about": (
        "These were there when copylab-baseline.json was written. No reason is kept.",
        "写入 copylab-baseline.json 时已存在，未保留理由。",
    ),
    "compared": ("7. Compared with an earlier state", "七、与先前版本对比"),
    "compared_none": (
        (
            "Nothing was compared. copylab preview --against REVISION compares with a "
            "revision of the repository."
        ),
        "未作对比。用 copylab preview --against REVISION 可与仓库的某个版本对比。",
    ),
    "compared_with": ("Compared with {name}.", "与 {name} 对比。"),
    "prints": ("8. Fingerprints", "八、指纹"),
    "prints_about": (
        (
            "Every exposure carries the content hash of its text as template_hash: so a "
            "message that was sent leads back to the text on this sheet."
        ),
        (
            "每条发送记录都以 template_hash 携带文案的内容哈希，"
            "由此可从已发送的消息追溯到本单上的文案。"
        ),
    ),
    "print_sheet": ("This sheet", "本单"),
    "print_rules": ("Rule set", "规则集"),
    "prints_texts": ("Texts", "文案"),
    "prints_files": ("Files", "文件"),
    "prints_packs": ("Rule packs", "规则包"),
    "column_file": ("File", "文件"),
    "column_pack": ("Pack (rules)", "规则包（条数）"),
    "column_as_of": ("Read", "查阅日期"),
    "column_review": ("Again by", "复查期限"),
    "overdue": ("{day}, overdue", "{day}，已逾期"),
    "sign": ("9. Decision", "九、审核决定"),
    "sign_about": (
        "On the texts of {message} with the fingerprint {print}, as printed here:",
        "针对本单所载 {message} 的文案（指纹 {print}）：",
    ),
    "approved": ("Approved", "通过"),
    "approved_if": ("Approved under the conditions below", "附条件通过（条件如下）"),
    "refused": ("Not approved", "不通过"),
    "remarks": ("Conditions and remarks", "条件与备注"),
    "name": ("Name", "姓名"),
    "role": ("Role", "职务"),
    "date": ("Date", "日期"),
    "signature": ("Signature", "签字"),
    "list_title": ("Proof sheets", "文案审核单"),
    "list_about": (
        (
            "One sheet a message: every branch, the rules that were applied with their "
            "sources, what was not checked, and a place for a signature. Each prints on A4."
        ),
        "每条消息一份：全部分支、已应用的规则及其依据、未检查的内容，以及签字栏。均可按 A4 打印。",
    ),
    "list_none": ("There are no messages yet.", "还没有消息。"),
    "list_unread": ("{n} texts not read", "{n} 条无法读取"),
    "list_unread_one": ("1 text not read", "1 条无法读取"),
    "list_sampled": ("{n} texts sampled", "{n} 条抽样"),
    "list_sampled_one": ("1 text sampled", "1 条抽样"),
    "column_message": ("Message", "消息"),
    "column_texts": ("Texts", "文案"),
}
