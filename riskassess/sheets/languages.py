"""Column names in other languages, in the English words that fields go by. Not a translation: terms of lists only."""

from __future__ import annotations

import re
from functools import lru_cache

from riskassess.sheets.east_asian import UNPARTED, in_figures

# English term -> what lists in other languages call it. Between bars; longer terms are looked for first.
_TERMS: dict[str, str] = {
    # who and what
    "vendor": "anbieter|anbietername|hersteller|lieferant|fournisseur|proveedor|fornitore|fornecedor"
    "|leverancier|dostawca"
    "|提供元|提供会社|プロバイダー|プロバイダ|ベンダー|事業者|供应商|提供商|厂商|服务商|供應商|廠商|廠牌"
    "|服務商|販売元|供給元|メーカー|공급업체|제공업체",
    "developer": "entwickler|développeur|desarrollador|sviluppatore|ontwikkelaar|開発元|開発者|開発会社"
    "|开发商|开发者|開發商|開發者|開發公司|개발사",
    "company": "firma|unternehmen|entreprise|société|empresa|azienda|bedrijf|会社名|企業名|企業|公司"
    "|公司名称|公司名稱|회사명|机构|機構",
    "model name": "modellname|modellbezeichnung|nom du modèle|nombre del modelo|nome del modello|nome do modelo"
    "|モデル名|模型名称|模型名稱"
    "|模型名|모델명",
    "version": "バージョン|版本|モデルバージョン|模型版本|버전|versión|versione|wersja|versie",
    "model": "modell|modèle|modelo|modello|モデル|模型|모델",
    "model id": "modell-id|modellkennung|id du modèle|identifiant du modèle|モデルid|模型id|模型代號"
    "|模型编号|模型編號|모델id",
    "model family": "modellfamilie|famille de modèles|モデルファミリー|モデルシリーズ|模型系列|模型家族",
    "product name": "produktname|produktbezeichnung|nom du produit|製品名|商品名|产品名称|產品名稱|제품명",
    "name": "bezeichnung|nom|nome|naam|名称|名稱|名前|이름",
    "item number": "artikelnummer|materialnummer|référence article",
    # prices
    "input price": "eingabepreis|inputpreis|preis für eingaben?|prix d[’']entrée|prix en entrée"
    "|precio de entrada|prezzo di"
    " ingresso|入力価格|入力料金|入力単価|输入价格|输入单价|輸入價格|輸入單價|輸入費用|입력 가격|입력 단가",
    "output price": "ausgabepreis|outputpreis|preis für ausgaben?|prix de sortie|prix en sortie"
    "|precio de salida|prezzo di"
    " uscita|出力価格|出力料金|出力単価|输出价格|输出单价|輸出價格|輸出單價|輸出費用|출력 가격|출력 단가",
    "cached input": "zwischengespeicherte eingabe|gecachte eingabe|entrée en cache|entrée mise en cache"
    "|キャッシュ入力|キャッシュ済み入力|キャッシュされた入力"
    "|キャッシュ読み取り|キャッシュヒット|缓存命中输入|缓存命中|缓存输入|缓存读取|快取輸入|快取讀取"
    "|快取命中|캐시 입력",
    "cache write": "キャッシュ書き込み|キャッシュ作成|缓存写入|缓存创建|快取寫入|快取建立|캐시 쓰기",
    "cached": "缓存|快取|캐시",
    "legacy": "레거시|旧版|舊版",
    "uncached": "缓存未命中|快取未命中|キャッシュミス|キャッシュなし",
    "reasoning": "推論|推理|思考|추론",
    "input": "eingabe|eingaben|entrée|entrada|ingresso|invoer|wejście|入力|输入|輸入|입력",
    "output": "ausgabe|ausgaben|sortie|salida|saída|uscita|uitvoer|wyjście|出力|输出|輸出|출력",
    "price": "preis|preise|prix|tarif|coût|precio|prezzo|preço|prijs|cena|価格|料金|単価|价格|单价|價格"
    "|單價|費用|收费|收費|가격|단가",
    "cost": "kosten|costo|coste|custo",
    "currency": "währung|devise|moneda|divisa|valuta|moeda|waluta|通貨|币种|货币|幣別|貨幣|幣種|통화",
    "unit": "einheit|abrechnungseinheit|unité|unidad|unità|unidade|eenheid|jednostka|課金単位|単位|计费单位"
    "|计价单位|单位|計費單位|計價單位|單位|단위",
    "effective date": "gültig ab|gültig seit|valable à partir du|válido desde|適用日|適用開始日|生效日期|生效日",
    "1M tokens": "100万トークン|百万トークン|百万 ?tokens?|1百万 ?tokens?|百萬 ?tokens?|백만 ?토큰"
    "|1,?000,?000 ?トークン|1,?000,?000 ?tokens?|1,?000,?000 ?토큰|1m ?トークン|1m ?토큰",
    "1K tokens": "1000トークン|1,000トークン|千トークン|千 ?tokens?|1,?000 ?토큰|1k ?トークン|1k ?토큰",
    "tokens": "トークン数|トークン|权杖|權杖|词元|詞元|토큰|jetons|tokeny|tokenów|fichas",
    "token": "jeton",
    "million": "millionen|mio\\.|millones|millón|milioni|milione|milhões|milhão|mln",
    "per": "每",
    "thousand": "tausend|tsd\\.|mille|mil",
    "characters": "zeichen|caractères|caracteres|caratteri|文字",
    "image": "bild|bilder|imagen|immagine|画像|图片",
    "page": "seite|seiten|página|pagina",
    "minute": "minuto|minuut",
    "month": "monat|mois|mes|mese|maand|miesiąc",
    "user": "nutzer|benutzer|anwender|utilisateur|usuario|utente|gebruiker|użytkownik",
    # limits and dates
    "context window": "kontextfenster|kontextlänge|kontextgröße|kontext|fenêtre de contexte"
    "|longueur de contexte|contexte"
    "|ventana de contexto|contexto|janela de contexto|finestra di contesto|contesto|contextvenster|kontekst"
    "|okno kontekstu"
    "|コンテキスト長|コンテキストウィンドウ|コンテキストサイズ|コンテキスト|上下文长度|上下文窗口"
    "|上下文長度|上下文視窗|上下文 ?tokens? ?长度|上下文 ?tokens? ?長度|上下文大小|上下文|컨텍스트 길이|컨텍스트",
    "max output": "maximale ausgabe|ausgabelimit|sortie maximale|salida máxima|最大出力|最大输出长度"
    "|最大输出|最大輸出長度|最大輸出|최대 출력",
    "max input": "最大入力|最大输入长度|最大输入|最大輸入長度|最大輸入|최대 입력",
    "knowledge cutoff": "wissensstand|wissensstichtag|date limite des connaissances|fecha de corte"
    "|知識カットオフ日?|カットオフ日?|学習データの期限|知识截止日期|知识截止|訓練截止日期|知識截止日期"
    "|知識截止|训练截止日期|지식 컷오프",
    "release date": "veröffentlicht am|veröffentlicht|veröffentlichung|veröffentlichungsdatum|erscheinungsdatum"
    "|freigabedatum|date de sortie|date de publication|date de lancement|fecha de lanzamiento"
    "|data di rilascio|data de"
    " lançamento|リリース日|公開日|提供開始日|发布日期|发布时间|發布日期|發佈日期|發布時間|發佈時間"
    "|推出日期|上线日期|上線日期|출시일",
    "deprecation date": "abkündigung|abkündigungsdatum|abgekündigt am|date de dépréciation"
    "|date d[’']obsolescence|非推奨日|非推奨予定日"
    "|弃用日期|棄用日期|淘汰公告日",
    "retirement date": "abschaltung|abschaltdatum|abschalttermin|einstellungsdatum|auslaufdatum|supportende"
    "|support-ende"
    "|date de retrait|date d[’']arrêt|date de fin de vie|fin de vie|fin de support|fecha de retirada"
    "|fecha de retiro|data"
    " di ritiro|data di dismissione|廃止日|廃止予定日|サービス終了日|提供終了予定日|提供終了日|終了日"
    "|下线日期|退役日期|停用日期|下線日期|終止日期|終止服務日期|淘汰日期|停用时间|下线时间|关停日期"
    "|지원 종료일|종료일|종료 날짜|종료 일자",
    "replacement model": "nachfolger|nachfolgemodell|ersatz|ersatzmodell|remplaçant|modèle de remplacement"
    "|remplacé par"
    "|successeur|reemplazo|sustituto|sostituto|後継モデル|後継|代替モデル|推奨代替|推奨移行先|移行先モデル"
    "|移行先|建議替代模型|建议替代模型|建議替代|建议替代|替代模型|替代|대체 모델|권장 교체|권장 대체|권장 모델|대체"
    "|推荐替代模型|推荐替代|推薦替代",
    "as of": "stand|datenstand",
    "date": "datum|fecha|日付|日期",
    # the rest of a list
    "status": "statut|état|estado|stato|提供状況|ステータス|状態|发布状态|發布狀態|状态|狀態|상태",
    "lifecycle": "ライフサイクル|ライフサイクルステージ|生命周期|生命週期|수명 주기",
    "availability": "verfügbarkeit|disponibilité|disponibilidad|disponibilità|提供可否",
    "regions": "regionen|régions|regiones|regioni|提供リージョン|対応リージョン|利用可能リージョン"
    "|リージョン|地域|区域|區域|可用区域|可用區域|地區|地区|리전",
    "region": "région|región|regione",
    "deployment type": "bereitstellungstyp|bereitstellungsart|type de déploiement|tipo de despliegue"
    "|デプロイの種類|デプロイ種別|デプロイタイプ|提供形態|部署类型|部署類型|部署方式|배포 유형",
    "licence": "lizenz|licencia|licenza|licença|licentie|licencja|ライセンス|许可证|许可协议|授權條款|授權"
    "|許可證|라이선스",
    "source": "quelle|fuente|fonte|bron|出典|来源|來源|출처",
    "notes": "bemerkung|bemerkungen|anmerkung|anmerkungen|hinweis|hinweise|kommentar|kommentare|remarque|remarques"
    "|commentaire|commentaires|observaciones|notas|opmerking|opmerkingen|uwagi|備考|注記|备注|備註|附註|비고",
    "description": "beschreibung|descripción|descrizione|opis|説明|描述|說明|설명",
    "category": "kategorie|catégorie|categoría|categoria|カテゴリー|カテゴリ|类别|類別|분류",
    "country": "land|pays|país|paese|kraj|国名|国家|國家|국가|国",
    "city": "stadt|ort|ville|ciudad|città|miasto|都市|城市",
    "headquarters": "hauptsitz|firmensitz|siège social|siège|sede|本社所在地|本社|总部|總部|본사",
    "parent company": "muttergesellschaft|konzernmutter|société mère|maison mère|empresa matriz|親会社|母公司|모회사",
    "website": "webseite|internetseite|site web|sitio web|sito web|ウェブサイト|网站|網站|官网|官網|웹사이트",
    # who processes data for whom
    "sub processor": "unterauftragsverarbeiter|unterauftragnehmer|auftragsverarbeiter|sous-traitants? ultérieurs?"
    "|sous-traitants?|subencargados?|subresponsabili?|subverwerkers?|subcontratantes?",
    "service provider": "dienstleister|prestataires?|proveedor de servicios|fornitore di servizi|dienstverlener",
    "service": "leistung|leistungen|dienstleistung|prestation|servicio|servizio",
    "recipient": "empfänger|destinataires?|destinatarios?|destinatari|ontvangers?",
    "purpose of processing": "zwecke? der verarbeitung|verarbeitungszwecke?|finalités? du traitement"
    "|finalidad del tratamiento|finalità del trattamento|doel van de verwerking",
    "purpose": "zweck|verwendungszweck|finalité|finalidad|finalità|doel|利用目的",
    "location of processing": "ort der verarbeitung|verarbeitungsort|lieu du traitement|lugar del tratamiento"
    "|luogo del trattamento|plaats van verwerking",
    "data categories": "datenkategorien|kategorien von daten|kategorien der daten"
    "|kategorien personenbezogener daten|catégories de données"
    "|categorías de datos|categorie di dati|categorieën gegevens",
    "question": "frage|pregunta|domanda|pergunta|vraag|pytanie|質問|質問項目|问题|問題|질문",
    "answer": "antwort|réponse|respuesta|risposta|resposta|antwoord|odpowiedź|回答|答案|답변",
    "explanation": "begründung|erläuterung|explication|explicación|説明内容",
    "evidence": "nachweis|nachweise|preuve|preuves|evidencia|根拠|証跡|证据|證據|佐證|증빙",
    "batch": "バッチ処理|バッチ|批量处理|批处理|批量|批次處理|批次|배치",
    "flex": "フレックス|弹性|彈性",
    "priority": "優先処理|优先处理|優先處理|優先|优先",
    "standard": "標準|标准|표준",
    "long context": "長いコンテキスト|長コンテキスト|ロングコンテキスト|长上下文|長上下文|긴 컨텍스트",
    "price condition": "価格帯|料金区分|条件|適用条件|價格區間|价格区间|計價級距|阶梯|級距|ティア|구간",
    "modality": "モダリティ|模态|模態|모달리티",
    "open weights": "オープンウェイト|オープンソース|开源权重|开源|開源權重|開源|是否开源|是否開源",
    "image input": "画像入力|图像输入|圖像輸入|影像輸入",
    "audio input": "音声入力|音频输入|音訊輸入|語音輸入",
    "audio output": "音声出力|音频输出|音訊輸出|語音輸出",
    "yen": "円",
}  # fmt: skip
_SAID_BEHIND = re.compile(
    r"(?:あたり|当たり|につき|ごと|毎|당)(?=\W|$)|の(?=\s)"
)  # `per` and `of`, which stand behind
# `pro 1 Mio. Token`, `par million`: such a word says per only in front of an amount or a thing.
_FILLER = re.compile(r"(?<!\w)(?:de|des|du|der|del|di|da|für|von|van|voor|pour|d[’']|l[’'])\s+")
_PER = re.compile(
    r"(?<!\w)(?:pro|je|par|por|per|za|pour)\s+(?=\d|million|thousand|tokens?\b|image|page|minute|month|user)"
)


@lru_cache(maxsize=1)
def _foreign() -> tuple[re.Pattern[str], list[str]]:
    """What finds every term, and what each of its groups says in English; made when the first heading is read."""
    terms = sorted(
        ((term, said) for said, terms in _TERMS.items() for term in terms.split("|")),
        key=lambda found: -len(found[0]),
    )
    found = (f"({term})" if UNPARTED.search(term) else rf"(?<!\w)({term})(?!\w)" for term, _ in terms)
    return re.compile("|".join(found)), [said for _, said in terms]


@lru_cache(maxsize=4_000)
def in_english(heading: str) -> str:
    """The heading with the terms of other languages in English; as it is where it holds none.

    `Eingabepreis (€/1 Mio. Token)` is `input price (€/1 million tokens)`, `入力価格` is `input price`.
    """
    pattern, in_words = _foreign()
    written = heading if heading.isascii() else in_figures(heading)
    low = written.casefold()
    said = pattern.sub(lambda found: f" {in_words[(found.lastindex or 1) - 1]} ", low)
    if said == low:
        return heading if written == heading else written
    said = _SAID_BEHIND.sub(" ", said) if UNPARTED.search(said) else said
    return " ".join(_FILLER.sub("", _PER.sub("per ", said)).split())
