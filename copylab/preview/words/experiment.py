"""Experiments: the list, one of them, decisions, and what the data say."""

TEXTS = {
    # the list
    "all": ("Experiments", "实验"),
    "count_running": ("{n} running", "{n} 个进行中"),
    "count_draft": ("{n} drafts", "{n} 个草稿"),
    "count_draft_one": ("{n} draft", "{n} 个草稿"),
    "count_concluded": ("{n} concluded", "{n} 个已结束"),
    "status_running": ("Running", "进行中"),
    "status_draft": ("Draft", "草稿"),
    "status_concluded": ("Concluded", "已结束"),
    "group_running": ("Running", "进行中"),
    "group_draft": ("Drafts", "草稿"),
    "group_concluded": ("Concluded", "已结束"),
    "none_at_all": (
        "No experiment yet. One is a file in experiments/; this writes the first:",
        "还没有实验。每个实验是 experiments/ 里的一个文件；这条命令可以写出第一个：",
    ),
    "decided_by": ("Decided by {metric}", "以 {metric} 判定"),
    "none_running": ("Nothing is running.", "目前没有进行中的实验。"),
    "broken": ("Cannot be read", "无法读取"),
    "problems": ("What is wrong", "存在的问题"),
    # one experiment
    "message": ("Message", "消息"),
    "no_message": ("there is no such message", "没有这条消息"),
    "channels": ("Channels", "渠道"),
    "audience": ("Audience", "人群"),
    "everybody": ("everybody", "所有人"),
    "unit": ("Randomised by", "分组单位"),
    "coverage": ("Takes part", "参与比例"),
    "of_audience": ("{share} of the audience", "人群的 {share}"),
    "salt": ("Salt", "盐值"),
    "layer": ("Layer", "互斥层"),
    "strata": ("Strata", "分层"),
    "since": ("Since", "开始于"),
    "not_started": ("not started", "尚未开始"),
    "file": ("File", "文件"),
    "contents": ("On this page", "本页内容"),
    "arms": ("Arms", "分组"),
    "arms_of": ("Arms of {name} and their shares", "{name} 的分组与比例"),
    "control": ("control", "对照组"),
    "live": ("live now", "当前线上"),
    "silent": ("sends nothing", "不发送"),
    "silent_words": (
        "Gets nothing. What the others do beyond it is what sending is worth.",
        "不发送。其他组超出它的部分，就是发送的价值。",
    ),
    "share": ("Share", "比例"),
    "arm": ("Arm", "组"),
    # its words
    "words": ("The words", "文案"),
    "words_note": (
        "Rendered as it would be sent, with values of the made-up users.",
        "按实际发送的方式渲染，取值来自虚构用户。",
    ),
    "words_persona": (
        "Rendered as it would be sent, for {persona}.",
        "按实际发送的方式渲染，收信人：{persona}。",
    ),
    "persona": ("For whom", "为谁渲染"),
    "samples": ("Usual values", "常见取值"),
    "no_words": ("No words in this channel and locale.", "此渠道与语言中没有文案。"),
    "not_sent": ("Not sent: {problem}", "不会发送：{problem}"),
    "open_message": ("See it on the phone", "在手机上看"),
    "field_body": ("Body", "正文"),
    "field_title": ("Title", "标题"),
    "field_subject": ("Subject", "主题"),
    "field_preheader": ("Preheader", "预览文字"),
    # who
    "who": ("Who takes part", "谁参与"),
    "who_all": (
        "Everybody the message is composed for.",
        "所有要为其生成这条消息的用户。",
    ),
    "who_those": ("Those for whom {what}:", "满足条件的用户，即{what}："),
    "who_one": ("Those for whom this holds:", "满足以下条件的用户："),
    "who_named": ("audience “{name}”", "人群“{name}”"),
    "who_sql": ("In SQL", "用 SQL 表示"),
    "who_sql_note": (
        "As DuckDB reads it, with {now} UTC for now. copylab binds the time of the send.",
        "DuckDB 语法；此处以 {now} UTC 作为“此刻”，实际以发送时间为准。",
    ),
    "who_text": ("As it is written", "文件中的写法"),
    # the plan
    "plan": ("Plan and looks", "计划与期中分析"),
    "alpha": ("Risk of a false winner (alpha)", "误判赢家的概率（alpha）"),
    "power": ("Chance to find the effect (power)", "发现效果的概率（power）"),
    "mde": ("Smallest effect worth finding", "值得发现的最小效果"),
    "mde_value": ("{value} of {metric}, relative", "{metric} 相对变化 {value}"),
    "unset": ("not set", "未设定"),
    "window": ("Time for outcomes", "结果统计窗口"),
    "looks": ("Looks", "分析次数"),
    "looks_any": ("at any time", "随时可看"),
    "futility": (
        "Stops early where success is unlikelier than",
        "成功概率低于此值时提前停止",
    ),
    "spending": ("Alpha is spent", "alpha 的分配"),
    "spending_obrien-fleming": (
        "late: O’Brien and Fleming, hardly any at first",
        "后重：O’Brien–Fleming，早期几乎不用",
    ),
    "spending_pocock": ("evenly: Pocock", "均匀：Pocock"),
    "metrics": ("Metrics", "指标"),
    "metric": ("Metric", "指标"),
    "role": ("Role", "作用"),
    "role_primary": ("decides", "决定胜负"),
    "role_secondary": ("is reported", "附带报告"),
    "role_guardrail": ("must not get worse", "不得变差"),
    "counts": ("Counts", "统计"),
    "kind_share": ("share of users with “{event}”", "有“{event}”的用户占比"),
    "kind_mean": ("mean of “{event}” a user", "每个用户的“{event}”均值"),
    "kind_ratio": ("ratio of “{event}”", "“{event}”的比值"),
    "within": ("Within", "窗口"),
    "better": ("Better", "方向"),
    "better_higher": ("higher", "越高越好"),
    "better_lower": ("lower", "越低越好"),
    "margin": ("tolerated: {margin}", "容许 {margin}"),
    "undefined": (
        "is not defined in experiments/metrics.yaml",
        "未在 experiments/metrics.yaml 中定义",
    ),
    # looks on a line
    "colon": (": ", "："),
    "sentences": ("{one} {two}", "{one}{two}"),
    "line_any": (
        "One may look at any time: intervals are wide enough for that.",
        "随时可看：区间已为此加宽。",
    ),
    "line_taken": (
        "{taken} of {planned} looks taken.",
        "已做 {planned} 次期中分析中的 {taken} 次。",
    ),
    "line_one": ("One look, at the end.", "只在结束时分析一次。"),
    "line_units": (
        "{units} of {planned} users are through their time for outcomes ({share}).",
        "已有 {units} 名用户过了结果窗口，计划 {planned} 名（{share}）。",
    ),
    "line_no_size": (
        (
            "The plan does not say for how many users it is, so nothing says when "
            "a look is due: add mde: or units:."
        ),
        "计划没有写明需要多少用户，因此无法判断何时该分析：请写上 mde: 或 units:。",
    ),
    "line_unknown": (
        "How many users that is, the data will say.",
        "对应多少用户，要等数据来说明。",
    ),
    "line_caption": ("Looks, planned and taken", "期中分析：计划与实际"),
    "line_start": ("start", "开始"),
    "line_end": ("planned end", "计划终点"),
    "line_here": ("users so far", "目前用户"),
    "look": ("Look", "次序"),
    "look_n": ("Look {n}", "第 {n} 次"),
    "at_part": ("At", "位置"),
    "users": ("Users", "用户"),
    "boundary": ("|z| that decides", "判定所需 |z|"),
    "boundary_far": ("beyond reach", "几乎不可能达到"),
    "spent": ("Alpha spent", "已用 alpha"),
    "state": ("State", "状态"),
    "kind_taken": ("taken {at}", "{at} 已做"),
    "kind_due": ("due now", "现在该做"),
    "kind_planned": ("to come", "未到"),
    "kind_passed": ("left out", "跳过"),
    # what is needed
    "needs": ("Users needed", "所需用户"),
    "needs_text": (
        "{units} users in all, to find {effect} of {metric} (now {value}).",
        "共需 {units} 名用户，才能发现 {metric}（现为 {value}）相对变化 {effect}。",
    ),
    "needs_effect": (
        "{units} users in all, to find {effect} of {metric}.",
        "共需 {units} 名用户，才能发现 {metric} 相对变化 {effect}。",
    ),
    "needs_units": (
        "{units} users in all, as the plan says.",
        "按计划共需 {units} 名用户。",
    ),
    "needs_source": (
        "By what {metric} was among {units} users of {experiment}.",
        "依据 {experiment} 中 {units} 名用户的 {metric}。",
    ),
    "needs_done": ("All of them have come in.", "已全部到齐。"),
    "needs_missing": ("{missing} are still to come.", "还差 {missing} 名。"),
    "needs_pace": (
        "At {per_day} a day so far, the last of them are through on {end}.",
        "按目前每天 {per_day} 名计算，最后一批将在 {end} 过完窗口。",
    ),
    "needs_no_pace": (
        "By when, these data cannot tell: all sends lie within a day.",
        "何时到齐，这些数据无法说明：发送都在一天之内。",
    ),
    "needs_column": ("Needed", "需要"),
    "found_column": ("Through", "已过窗口"),
    "needs_none": ("How many users it needs is not known yet", "还不知道需要多少用户"),
    "needs_ask": ("To ask with a rate of your own:", "用自己估计的比率来算："),
    # epochs
    "epochs": ("Epochs", "实验期"),
    "epochs_note": (
        (
            "An epoch freezes arms, shares, salt and words. Results of different "
            "epochs are read apart."
        ),
        "一个实验期冻结分组、比例、盐值和文案。不同实验期的结果分开解读。",
    ),
    "epochs_none": (
        "Nothing is frozen yet: a draft may change.",
        "尚未冻结：草稿可以随意修改。",
    ),
    "epoch_n": ("Epoch {n}", "第 {n} 期"),
    "epoch_since": ("from {at} UTC", "自 {at} UTC"),
    "moved": ("{share} of users got another arm than before", "{share} 的用户换了组"),
    "moved_none": ("nobody got another arm", "没有用户换组"),
    "frozen": ("frozen as", "冻结为"),
    "copy_hash": ("words {hash}", "文案 {hash}"),
    # starting
    "start_ready": (
        "Nothing hinders the start. It freezes the arms and their words:",
        "可以开始。开始会冻结分组和文案：",
    ),
    "start_not": ("Not ready to start:", "还不能开始："),
    "start_not_count": ("{n} things hinder the start", "{n} 处问题阻碍开始"),
    "start_not_count_one": ("One thing hinders the start", "1 处问题阻碍开始"),
    "checking": ("Being checked…", "正在检查……"),
    "start_ready_short": ("Ready to start", "可以开始"),
    "changed": ("It is not what was started:", "已不是开始时的样子："),
    "changed_short": ("{n} errors", "{n} 处错误"),
    "changed_short_one": ("One error", "1 处错误"),
    # report
    "report": ("Report", "报告"),
    "report_title": ("What the data say", "数据的结论"),
    "reading": ("Reading the data…", "正在读取数据……"),
    "read": ("Up to date.", "已是最新。"),
    "read_again": ("Read the data again", "重新读取数据"),
    "failed": (
        "The preview did not answer. Is it still running?",
        "预览没有响应。它还在运行吗？",
    ),
    "script": ("Open the report", "打开报告"),
    "report_draft": (
        "A draft has no results: nothing was frozen, so no send counts for it.",
        "草稿没有结果：尚未冻结，任何发送都不计入。",
    ),
    "report_none": ("There is nothing to read yet", "还没有可读的数据"),
    "report_get": (
        (
            "Exposures are what compose writes beside the messages; outcomes are "
            "a table of unit, event and at. Both are named under data: in copylab.yaml. "
            "To try it with made-up users:"
        ),
        (
            "曝光由 compose 与消息一同写出；结果是一张含 unit、event、at 的表。"
            "两者都写在 copylab.yaml 的 data: 下。可用虚构用户试一遍："
        ),
    ),
    "report_database": (
        "The data lie in a database, {where}. A page asks no other machine; the command does:",
        "数据在数据库 {where} 中。页面不访问其他机器；请用命令：",
    ),
    "report_held": (
        (
            "Look {n} is due, and this page does not take it: opening a look spends "
            "its part of alpha. Take it and write it down:"
        ),
        (
            "第 {n} 次期中分析已到期，但本页不会替你做：打开一次就会用掉相应的 "
            "alpha。请执行并记录："
        ),
    ),
    "report_held_after": (
        "Until then it shows health and guardrails alone.",
        "在此之前只显示数据健康与护栏指标。",
    ),
    "report_unrecorded": (
        "This is the last look, and it is not written down yet:",
        "这是最后一次分析，尚未记录：",
    ),
    "report_sections": ("Sections of the report", "报告的各节"),
    "verdict": ("Verdict", "结论"),
    # decisions
    "decision": ("Decision", "决策"),
    "history": ("Decisions", "决策历史"),
    "history_note": (
        "What went live or stayed, newest first. Every record is evidence and is not edited.",
        "上线或保留的记录，最新在前。每条记录都是证据，不作修改。",
    ),
    "history_none": (
        "Nothing has been decided yet. copylab promote writes the first record.",
        "还没有决策。copylab promote 会写下第一条记录。",
    ),
    "promoted": ("Promoted {arm}", "上线 {arm}"),
    "kept_keep": ("Kept {arm}: nothing beat it", "保留 {arm}：没有更好的组"),
    "kept_inconclusive": (
        "Kept {arm}: no decision possible",
        "保留 {arm}：无法得出结论",
    ),
    "kept_harm": ("Kept {arm}: another arm did harm", "保留 {arm}：另一组有损害"),
    "kept_invalid": (
        "Kept {arm}: the data could not be read",
        "保留 {arm}：数据无法解读",
    ),
    "decided_in": ("in", "消息"),
    "against": ("against {control}", "对比 {control}"),
    "lift_line": (
        "{metric}: {value} against {control_value} with {control}",
        "{metric}：{value}，{control} 为 {control_value}",
    ),
    "lift": ("lift", "提升"),
    "of_users": ("{n} users", "{n} 名用户"),
    "level": ("Brackets hold {level} intervals.", "方括号内为 {level} 置信区间。"),
    "expect": (
        "Expect {lift}, drawn towards past experiments.",
        "预期 {lift}（参照以往实验收缩后）。",
    ),
    "by_hand": ("chosen by hand", "人工选定"),
    "by_force": ("against the rules", "未按规则"),
    "why_forced": ("Why: {reason}", "理由：{reason}"),
    "at_look": (
        "at look {number} of {planned}",
        "第 {number} 次分析（共 {planned} 次）",
    ),
    "verdict_was": ("What the rules said", "当时的判断"),
    "record": ("Record", "记录"),
    "change": ("The change", "改动"),
    "change_of": ("Change of {file}", "{file} 的改动"),
    "change_none": ("No file of the message changed.", "消息文件没有改动。"),
    "superseded": ("Since then {live} has gone live.", "此后 {live} 已上线。"),
    "still_live": ("It is live.", "目前仍在线上。"),
    "not_there": ("The experiment’s file is gone.", "实验文件已不在。"),
    "axis": ("Lift of the primary metric", "主要指标的提升"),
    "action_promote": ("Promote", "建议上线"),
    "action_keep": ("Keep", "保持现状"),
    "action_continue": ("Keep going", "继续实验"),
    "action_inconclusive": ("No decision", "无法得出结论"),
    "action_harm": ("Stop: harm", "停止（有损害）"),
    "action_invalid": ("Do not read", "数据异常"),
    "seen_looks": ("{taken} of {planned} looks taken", "已做 {taken}/{planned} 次分析"),
    "seen_units": (
        "{units} of {planned} users at the last",
        "上次分析时 {units}/{planned} 名用户",
    ),
    "seen_any": ("looks at any time", "随时可看"),
    "decided_on": ("decided {date}", "{date} 决策"),
    "undecided": (
        "Concluded without a record. copylab promote {name} --keep writes one.",
        "已结束但没有记录。copylab promote {name} --keep 可以补上。",
    ),
}
