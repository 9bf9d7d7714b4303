"""Good copy is left alone: short messages that people would send, in many languages."""

# ruff: noqa: E501 - texts as they are sent
import pytest

from copylab.lint import check_text

EN_US = ("US", "en-US", "Example")
TEXTS: list[tuple[tuple[str, str, str], str, list[str]]] = [
    (EN_US, "marketing", [
        "Example: your cart is saved. Come back for it by Sunday: https://example.com/cart Reply STOP to opt out",
        "Example: 20% off all coats until Friday, in shops and at https://example.com/coats Reply STOP to opt out",
        "Example: the blue mug you asked for is back in stock. Reply STOP to opt out",
        "Hi Anna, it's Example. Your points expire on May 3, use them in the app. Reply STOP to opt out",
        "Example: new hours from Monday, 8 AM to 9 PM. See you soon! Reply STOP to opt out",
    ]),
    (EN_US, "transactional", [
        "Example: order #10482 has shipped and arrives on Tuesday. Track it: https://example.com/t/10482",
        "Example: your appointment is on June 4 at 10:30 AM with Dr. Lee. Call (555) 010-0199 to change it.",
        "Example: we received your payment of $42.10. Thank you.",
    ]),
    (EN_US, "otp", [
        "482913 is your Example code. It expires in 10 minutes. Don't share it with anyone.",
        "Example: use 731204 to sign in. We will never ask for this code by phone.",
    ]),
    (("GB", "en-GB", "Example"), "marketing", [
        "Example: the spring list is out, and you see it first: https://example.com/spring Text STOP to opt out",
        "Example: £5 off your next order over £30 this week. Text STOP to end",
    ]),
    (("GB", "en-GB", "Example"), "transactional", [
        "Example: your parcel is at the depot, 12 High Street. Bring some ID, please.",
        "Your Example booking is confirmed for 4 June, 19:00, table for 2.",
    ]),
    (("CN", "zh-CN", "示例"), "marketing", [
        "【示例】您收藏的商品已到货，欢迎回来看看。拒收请回复R",
        "【示例】会员日本周六开始，部分商品八折，详情见APP。拒收请回复R",
        "【示例】您有3张优惠券将于5月1日到期，可在APP内使用。拒收请回复R",
        "【示例】新店开业，地址：人民路12号，欢迎光临。拒收请回复R",
        "【示例】春季课程开始报名，名额有限，点击 https://example.com/c 查看。拒收请回复R",
    ]),
    (("CN", "zh-CN", "示例"), "transactional", [
        "【示例】您的订单已发货，预计周二送达，请保持手机畅通。",
        "【示例】您预约的体检时间为6月4日上午9点，请空腹前往。",
        "【示例】您尾号1234的账户于5月3日收到退款86元。",
    ]),
    (("CN", "zh-CN", "示例"), "otp", [
        "【示例】您的验证码是482913，10分钟内有效，请勿告诉他人。",
        "【示例】校验码731204，用于登录，5分钟内有效。",
    ]),
    (("TW", "zh-TW", "範例"), "transactional", [
        "【範例】您的訂單已出貨，預計週二送達。",
        "【範例】您預約的時間為6月4日上午9點，請準時前往。",
    ]),
    (("HK", "zh-HK", "範例"), "transactional", [
        "範例：閣下的包裹已到達自提點，請於三日內領取。",
    ]),
    (("JP", "ja-JP", "見本"), "marketing", [
        "【見本】春の新商品が入荷しました。店舗でお待ちしております。配信停止はマイページから",
        "【見本】会員様限定の先行セールは土曜日からです。配信停止 https://example.com/s",
    ]),
    (("JP", "ja-JP", "見本"), "transactional", [
        "【見本】ご注文の商品を発送しました。火曜日にお届け予定です。",
        "【見本】6月4日10時のご予約を承りました。変更はお電話でお願いいたします。",
    ]),
    (("JP", "ja-JP", "見本"), "otp", [
        "【見本】認証コードは482913です。10分以内に入力してください。",
    ]),
    (("KR", "ko-KR", "예시"), "marketing", [
        "(광고)[예시] 봄 신상품 입고. 매장에서 만나요. 무료수신거부 080-000-0000",
        "(광고)[예시] 주말 10% 할인, 앱에서 확인하세요. 무료수신거부 080-000-0000",
    ]),
    (("KR", "ko-KR", "예시"), "transactional", [
        "[예시] 주문하신 상품이 발송되었습니다. 화요일 도착 예정입니다.",
        "[예시] 6월 4일 10시 예약이 확정되었습니다.",
    ]),
    (("KR", "ko-KR", "예시"), "otp", [
        "[예시] 인증번호 482913을 입력해 주세요.",
    ]),
    (("IN", "en-IN", "Example"), "transactional", [
        "Dear customer, your order 10482 is out for delivery today. - Example",
        "Your appointment is booked for 4 June, 10:30 AM. Example Clinic",
    ]),
    (("IN", "hi-IN", "Example"), "transactional", [
        "Example: आपका ऑर्डर भेज दिया गया है और मंगलवार को पहुँचेगा।",
        "Example: आपकी अपॉइंटमेंट 4 जून को सुबह 10 बजे है।",
    ]),
    (("DE", "de-DE", "Muster"), "marketing", [
        "Muster: Ihr Warenkorb wartet noch bis Sonntag auf Sie. STOP antworten zum Abmelden",
        "Muster: 10 € Rabatt ab 50 € Einkauf, nur diese Woche. STOP antworten zum Abmelden",
    ]),
    (("DE", "de-DE", "Muster"), "transactional", [
        "Muster: Ihre Bestellung ist unterwegs und kommt am Dienstag an.",
        "Muster: Ihr Termin ist am 4. Juni um 10:30 Uhr. Bitte bringen Sie Ihre Karte mit.",
        "Grüße aus der Werkstatt: Ihr Fahrrad ist fertig und kann abgeholt werden. Muster",
    ]),
    (("FR", "fr-FR", "Exemple"), "marketing", [
        "Exemple : votre panier vous attend jusqu'à dimanche. STOP au 36111",
        "Exemple : -20 % sur les manteaux cette semaine en boutique. STOP au 36111",
    ]),
    (("FR", "fr-FR", "Exemple"), "transactional", [
        "Exemple : votre colis est arrivé au point relais, 12 rue des Lilas.",
        "Exemple : votre rendez-vous est fixé au 4 juin à 10h30.",
        "Exemple : votre commande est prête, vous pouvez venir la chercher. À bientôt !",
    ]),
    (("ES", "es-ES", "Ejemplo"), "marketing", [
        "Ejemplo: los abrigos que te gustan, con un 20 % menos hasta el viernes. Responde BAJA para no recibir más",
    ]),
    (("ES", "es-ES", "Ejemplo"), "transactional", [
        "Ejemplo: tu pedido ha salido y llega el martes.",
        "Ejemplo: tu cita es el 4 de junio a las 10:30. ¡Te esperamos mañana!",
    ]),
    (("MX", "es-MX", "Ejemplo"), "otp", [
        "Ejemplo: 482913 es tu código. Caduca en 10 minutos.",
    ]),
    (("BR", "pt-BR", "Exemplo"), "marketing", [
        "Exemplo: seu carrinho ficou salvo ate domingo. Responda SAIR para cancelar",
    ]),
    (("BR", "pt-BR", "Exemplo"), "transactional", [
        "Exemplo: seu pedido saiu para entrega e chega na terça.",
        "Exemplo: sua consulta é no dia 4 de junho, às 10h30.",
    ]),
    (("IT", "it-IT", "Esempio"), "transactional", [
        "Esempio: il tuo ordine è partito e arriva martedì.",
        "Esempio: la visita è fissata per il 4 giugno alle 10:30.",
    ]),
    (("PL", "pl-PL", "Przykład"), "transactional", [
        "Przykład: Twoja paczka czeka w punkcie odbioru do niedzieli.",
    ]),
    (("TR", "tr-TR", "Örnek"), "transactional", [
        "Örnek: siparişiniz yola çıktı, salı günü elinizde olacak.",
    ]),
    (("RU", "ru-RU", "Пример"), "transactional", [
        "Пример: ваш заказ отправлен и прибудет во вторник.",
        "Пример: запись подтверждена на 4 июня, 10:30. Ждём вас!",
    ]),
    (("TH", "th-TH", "ตัวอย่าง"), "transactional", [
        "ตัวอย่าง: จัดส่งสินค้าของคุณแล้ว จะถึงวันอังคารนี้",
    ]),
    (("AE", "ar-AE", "مثال"), "transactional", [
        "مثال: تم شحن طلبك وسيصل يوم الثلاثاء.",
    ]),
    (("VN", "vi-VN", "Ví dụ"), "transactional", [
        "Ví dụ: đơn hàng của bạn đã được gửi và sẽ đến vào thứ Ba.",
    ]),
]  # fmt: skip
CASES = [(*place, purpose, text) for place, purpose, texts in TEXTS for text in texts]


def found_in(
    market: str, locale: str, brand: str, purpose: str, text: str
) -> list[tuple[str, str]]:
    found = check_text(
        text, channel="sms", market=market, locale=locale, brand=brand, purpose=purpose
    )
    return [(item.severity, str(item)) for item in found]


@pytest.mark.parametrize(
    ("market", "locale", "brand", "purpose", "text"),
    CASES,
    ids=[f"{case[1]}-{number}" for number, case in enumerate(CASES)],
)
def test_a_good_text_has_no_errors(
    market: str, locale: str, brand: str, purpose: str, text: str
) -> None:
    found = found_in(market, locale, brand, purpose, text)
    assert [said for severity, said in found if severity == "error"] == []


def test_good_texts_have_hardly_any_warnings() -> None:
    assert len(CASES) >= 60
    assert len({case[1].partition("-")[0] for case in CASES}) >= 10
    found = [(severity, said) for case in CASES for severity, said in found_in(*case)]
    warnings = [said for severity, said in found if severity == "warning"]
    # An À, an ê and an á of French and Spanish cost a second part; no other is told.
    assert [w for w in warnings if "SMS010" not in w and "2 parts" not in w] == []
    assert len(warnings) <= 4
    # That a market has no rules here says nothing of the text.
    notes = [said for severity, said in found if severity == "info"]
    assert len([note for note in notes if "market-without-rules" not in note]) <= 5
