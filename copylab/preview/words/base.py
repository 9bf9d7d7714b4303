"""What every page says: its header, its footer, and what went wrong."""

TEXTS = {
    "overview": ("Messages", "消息"),
    "experiments": ("Experiments", "实验"),
    "learn": ("Learned", "经验"),
    "proof": ("Proof", "证明"),
    "skip": ("Skip to the content", "跳到正文"),
    "pages": ("Pages", "页面"),
    "language": ("Language", "语言"),
    "theme": ("Appearance", "外观"),
    "theme_auto": ("Auto", "自动"),
    "theme_light": ("Light", "浅色"),
    "theme_dark": ("Dark", "深色"),
    "following": ("Follows the files", "跟随文件"),
    "lost": ("The preview has stopped", "预览已停止"),
    "updated": ("Updated", "已更新"),
    "written": ("Written {at} UTC", "生成于 {at} UTC"),
    "compared": ("Compared with {name}", "对比 {name}"),
    "not_found": ("There is no such page", "没有这个页面"),
    "not_found_help": (
        "It may have been renamed. All messages are on the first page.",
        "它可能已改名。所有消息都在首页。",
    ),
    "checking": (
        "Lint is still looking; more findings may come.",
        "正在检查，可能还会有新的问题。",
    ),
    "stale": (
        "The workspace cannot be read now; this is its last state.",
        "现在无法读取工作区；以下是最后一次的内容。",
    ),
    "fault": ("copylab could not make this page", "copylab 无法生成此页面"),
    "fault_help": (
        "Please report it, with what stands here.",
        "请连同以下内容反馈给我们。",
    ),
}
