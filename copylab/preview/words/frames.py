"""What is said around a message in its phone or inbox."""

TEXTS = {
    # Short messages
    "parts": ("{n} parts", "{n} 条"),
    "parts_one": ("1 part", "1 条"),
    "part_starts": ("Part {n} starts here", "第 {n} 条从此处开始"),
    "part": ("Part {n}", "第 {n} 条"),
    "of_septets": ("{units} of {room} septets", "{units} / {room} 个 7 位字符"),
    "of_units": ("{units} of {room} units", "{units} / {room} 个单位"),
    "of_octets": ("{units} of {room} bytes", "{units} / {room} 字节"),
    "spare": (
        "{n} to spare before it is {parts}",
        "还可再写 {n}，之后变为 {parts}",
    ),
    "spare_product": (
        "{n} to spare before it is sold as {product}",
        "还可再写 {n}，之后按 {product} 计费",
    ),
    "spare_refused": (
        "{n} to spare before it is refused",
        "还可再写 {n}，之后会被拒收",
    ),
    "each": ("{price} a part", "每条 {price}"),
    "each_whole": ("{price} each", "每条 {price}"),
    "no_price": (
        "No price: write one in copylab.yaml, sms.price",
        "没有单价：请在 copylab.yaml 的 sms.price 中填写",
    ),
    "gateway": ("Gateway {name}", "通道 {name}"),
    "adds_before": ("The gateway puts {text} in front.", "通道会在前面加上 {text}。"),
    "adds_after": ("The gateway puts {text} behind.", "通道会在末尾加上 {text}。"),
    "adds_link": (
        "The gateway replaces each link with one of {text} characters.",
        "通道会把每个链接换成 {text} 个字符的短链接。",
    ),
    "added": ("Added by the gateway", "由通道添加"),
    "fewer": (
        "{parts} where a gateway may cut inside what readers see as one character",
        "如果通道可以从一个可见字符中间切开，则为 {parts}",
    ),
    "billed": (
        "Billed as up to {parts}: this gateway may cut earlier.",
        "最多按 {parts} 计费：该通道可能提前分条。",
    ),
    "foreign": (
        "{n} characters force the whole text out of GSM-7 into UCS-2:",
        "{n} 个字符使整条短信从 GSM-7 变为 UCS-2：",
    ),
    "foreign_one": (
        "One character forces the whole text out of GSM-7 into UCS-2:",
        "1 个字符使整条短信从 GSM-7 变为 UCS-2：",
    ),
    "foreign_script": (
        "Written in a script that GSM-7 does not have: UCS-2 throughout.",
        "GSM-7 不含这种文字，整条使用 UCS-2。",
    ),
    "write": ("write {text} instead", "改写为 {text}"),
    "take_out": ("take it out", "可以删去"),
    "no_substitute": ("nothing in GSM-7 reads the same", "GSM-7 中没有可替代的字符"),
    "plain": ("Written so, it is {parts}.", "改写后为 {parts}。"),
    "refused": ("This gateway refuses it: {text}.", "该通道会拒收：{text}。"),
    "today": ("Today {clock}", "今天 {clock}"),
    "sms_from": ("Text message from {name}", "来自 {name} 的短信"),
    "sms_unnamed": ("Text message", "短信"),
    # Pushes
    "ios": ("iOS", "iOS"),
    "android": ("Android", "Android"),
    "lock_screen": ("Lock screen", "锁屏"),
    "open": ("Opened", "展开"),
    "banner": ("Banner", "横幅"),
    "notification_centre": ("Notification centre", "通知中心"),
    "push_on": ("Push on {platform}, {place}", "{platform} 推送，{place}"),
    "now": ("now", "现在"),
    "hidden": ("Not seen:", "看不到："),
    "title_hidden": ("Not seen of the title:", "标题看不到："),
    "whole": ("All of it is seen", "全部可见"),
    "elsewhere": ("Elsewhere", "其他位置"),
    "bytes": ("{n} bytes", "{n} 字节"),
    "bytes_of": ("{n} of {most} bytes", "{n} / {most} 字节"),
    "approximate": (
        "Where screens cut is approximate: fonts and phones differ.",
        "截断位置为近似值：字体与机型各有不同。",
    ),
    # E-mails
    "inbox": ("In the inbox", "收件箱"),
    "narrow_phone": ("Narrow phone", "窄屏手机"),
    "phone": ("Phone", "手机"),
    "desktop": ("Desktop", "桌面"),
    "columns": ("{n} columns", "{n} 列"),
    "behind_body": (
        "No preheader: inboxes show the first words of the body.",
        "没有预览文字：收件箱会显示正文开头。",
    ),
    "behind_nothing": (
        "No preheader, and no words in the body to show instead.",
        "没有预览文字，正文中也没有可显示的内容。",
    ),
    "page": ("The e-mail opened: {subject}", "打开后的邮件：{subject}"),
    "opened": ("Opened", "打开后"),
    "pictures": (
        "{n} pictures are not loaded: the preview asks nothing of other machines.",
        "{n} 张图片未加载：预览不向其他机器请求任何内容。",
    ),
    "pictures_one": (
        "1 picture is not loaded: the preview asks nothing of other machines.",
        "1 张图片未加载：预览不向其他机器请求任何内容。",
    ),
    "dark_own": (
        "It has styles of its own for dark mode.",
        "邮件带有自己的深色样式。",
    ),
    "dark_inverted": (
        "No styles for dark mode: some apps leave it light, others invert it much like "
        "this.",
        "没有深色样式：有些应用保持浅色，有些会像这样反转颜色。",
    ),
    "text_part": ("Text part", "纯文本部分"),
    "headers": ("Headers", "邮件头"),
    "from": ("From", "发件人"),
    "subject": ("Subject", "主题"),
    "preheader": ("Preheader", "预览文字"),
    "html_size": (
        "HTML: {n} bytes, {share} % of what Gmail shows at once",
        "HTML：{n} 字节，占 Gmail 直接显示上限的 {share} %",
    ),
    "clipped": (
        "Gmail clips it after {n} bytes: the end is shown on demand only.",
        "Gmail 会在 {n} 字节处截断：其余内容要点开才显示。",
    ),
    # What cannot be shown
    "skip": ("Not sent, as planned", "按设定不发送"),
    "skip_help": (
        "A value is missing, and its variable says: skip.",
        "缺少取值，变量设定为 skip（跳过）。",
    ),
    "error": ("Cannot be sent", "无法发送"),
    "error_help": (
        "A value is missing, and its variable says: error. Somebody has to hear of it.",
        "缺少取值，变量设定为 error（报错），需要有人处理。",
    ),
    "unsendable": ("Would be refused", "会被拒收"),
    "unsendable_help": (
        "With these values there is nothing that can be sent.",
        "用这些取值得不到可以发送的内容。",
    ),
    "broken": ("Cannot be read", "无法读取"),
    "broken_help": (
        "The words have an error. It is told below.",
        "文案有错误，详见下方。",
    ),
    "no_copy": ("No words yet", "尚无文案"),
    "no_copy_help": (
        "This variant is not written for this channel and language.",
        "该版本没有这个渠道和语言的文案。",
    ),
    "lack_absent": ("has no value", "没有取值"),
    "lack_blank": ("is blank", "为空白"),
    "lack_bounds": (
        "is {given}, outside of {low} to {high}",
        "为 {given}，不在 {low} 至 {high} 之内",
    ),
    "lack_outside": ("is {given}: {why}", "为 {given}：{why}"),
    "from_key": ("from {name}", "取自 {name}"),
}
