"""Column names in other languages, in the English words that fields go by. Not a translation: terms of lists only."""

from __future__ import annotations

import re
from functools import lru_cache

# English term -> what lists in other languages call it. Between bars; longer terms are looked for first.
_TERMS: dict[str, str] = {
    # who and what
    "vendor": "anbieter|anbietername|hersteller|lieferant|fournisseur|proveedor|fornitore|fornecedor"
    "|leverancier|dostawca"
    "|提供元|提供会社|プロバイダー|プロバイダ|ベンダー|事業者|供应商|提供商|厂商|服务商|供應商|공급업체|제공업체",
    "developer": "entwickler|développeur|desarrollador|sviluppatore|ontwikkelaar|開発元|開発者|開発会社|开发商|开发者",
    "company": "firma|unternehmen|entreprise|société|empresa|azienda|bedrijf|会社名|企業名|企業|公司|公司名称",
    "model name": "modellname|modellbezeichnung|nom du modèle|nombre del modelo|nome del modello|nome do modelo"
    "|モデル名|模型名称"
    "|模型名",
    "model": "modell|modèle|modelo|modello|モデル|模型|모델",
    "model id": "modell-id|modellkennung|id du modèle|identifiant du modèle|モデルid|模型id",
    "model family": "modellfamilie|famille de modèles|モデルファミリー|模型系列",
    "product name": "produktname|produktbezeichnung|nom du produit|製品名|产品名称",
    "name": "bezeichnung|nom|nome|naam|名称|名前",
    "item number": "artikelnummer|materialnummer|référence article",
    # prices
    "input price": "eingabepreis|inputpreis|preis für eingaben?|prix d[’']entrée|prix en entrée"
    "|precio de entrada|prezzo di"
    " ingresso|入力価格|入力料金|入力単価|输入价格|输入单价|입력 가격",
    "output price": "ausgabepreis|outputpreis|preis für ausgaben?|prix de sortie|prix en sortie"
    "|precio de salida|prezzo di"
    " uscita|出力価格|出力料金|出力単価|输出价格|输出单价|출력 가격",
    "cached input": "zwischengespeicherte eingabe|gecachte eingabe|entrée en cache|entrée mise en cache|キャッシュ入力"
    "|キャッシュ読み取り|缓存命中",
    "input": "eingabe|eingaben|entrée|entrada|ingresso|invoer|wejście|入力|输入|輸入|입력",
    "output": "ausgabe|ausgaben|sortie|salida|saída|uscita|uitvoer|wyjście|出力|输出|輸出|출력",
    "price": "preis|preise|prix|tarif|coût|precio|prezzo|preço|prijs|cena|価格|料金|単価|价格|单价|價格|가격",
    "cost": "kosten|costo|coste|custo",
    "currency": "währung|devise|moneda|divisa|valuta|moeda|waluta|通貨|币种|货币|통화",
    "unit": "einheit|abrechnungseinheit|unité|unidad|unità|unidade|eenheid|jednostka|単位|单位",
    "effective date": "gültig ab|gültig seit|valable à partir du|válido desde|適用日|生效日期",
    "1M tokens": "100万トークン|百万トークン|百万 ?tokens?|1百万 ?tokens?",
    "1K tokens": "1000トークン|1,000トークン|千トークン|千 ?tokens?",
    "tokens": "トークン|토큰|jetons|tokeny|tokenów|fichas",
    "token": "jeton",
    "million": "millionen|mio\\.|millones|millón|milioni|milione|milhões|milhão|mln",
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
    "|コンテキスト長|コンテキストウィンドウ|コンテキスト|上下文长度|上下文窗口|上下文|컨텍스트",
    "max output": "maximale ausgabe|ausgabelimit|sortie maximale|salida máxima|最大出力|最大输出",
    "knowledge cutoff": "wissensstand|wissensstichtag|date limite des connaissances|fecha de corte"
    "|知識カットオフ|知识截止",
    "release date": "veröffentlicht am|veröffentlicht|veröffentlichung|veröffentlichungsdatum|erscheinungsdatum"
    "|freigabedatum|date de sortie|date de publication|date de lancement|fecha de lanzamiento|data di rilascio|data de"
    " lançamento|リリース日|公開日|提供開始日|发布日期|发布时间",
    "deprecation date": "abkündigung|abkündigungsdatum|abgekündigt am|date de dépréciation"
    "|date d[’']obsolescence|非推奨日"
    "|弃用日期",
    "retirement date": "abschaltung|abschaltdatum|abschalttermin|einstellungsdatum|auslaufdatum|supportende"
    "|support-ende"
    "|date de retrait|date d[’']arrêt|date de fin de vie|fin de vie|fin de support|fecha de retirada"
    "|fecha de retiro|data"
    " di ritiro|data di dismissione|廃止日|提供終了日|終了日|下线日期|退役日期|停用日期",
    "replacement model": "nachfolger|nachfolgemodell|ersatz|ersatzmodell|remplaçant|modèle de remplacement|remplacé par"
    "|successeur|reemplazo|sustituto|sostituto|後継モデル|後継|代替モデル|推奨代替|替代模型|替代",
    "as of": "stand|datenstand",
    "date": "datum|fecha|日付|日期",
    # the rest of a list
    "status": "statut|état|estado|stato|提供状況|ステータス|状態|状态|狀態|상태",
    "availability": "verfügbarkeit|disponibilité|disponibilidad|disponibilità|提供可否",
    "regions": "regionen|régions|regiones|regioni|リージョン|地域|区域|地區",
    "region": "région|región|regione",
    "deployment type": "bereitstellungstyp|bereitstellungsart|type de déploiement|tipo de despliegue|デプロイの種類",
    "licence": "lizenz|licencia|licenza|licença|licentie|licencja|ライセンス|许可证",
    "source": "quelle|fuente|fonte|bron|出典|来源",
    "notes": "bemerkung|bemerkungen|anmerkung|anmerkungen|hinweis|hinweise|kommentar|kommentare|remarque|remarques"
    "|commentaire|commentaires|observaciones|notas|opmerking|opmerkingen|uwagi|備考|注記|备注",
    "description": "beschreibung|descripción|descrizione|opis|説明|描述",
    "category": "kategorie|catégorie|categoría|categoria|カテゴリ|类别",
    "country": "land|pays|país|paese|kraj|国|国名|国家",
    "city": "stadt|ort|ville|ciudad|città|miasto|都市|城市",
    "headquarters": "hauptsitz|firmensitz|siège social|siège|sede|本社",
    "parent company": "muttergesellschaft|konzernmutter|société mère|maison mère|empresa matriz|親会社|母公司",
    "website": "webseite|internetseite|site web|sitio web|sito web|ウェブサイト|网站",
    "question": "frage|pregunta|domanda|pergunta|vraag|pytanie|質問|问题|問題",
    "answer": "antwort|réponse|respuesta|risposta|resposta|antwoord|odpowiedź|回答|答案",
    "explanation": "begründung|erläuterung|explication|explicación|説明内容",
    "evidence": "nachweis|nachweise|preuve|preuves|evidencia|根拠|証跡|证据",
    "yen": "円",
}  # fmt: skip
_UNPARTED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # scripts that part no words
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
    found = (f"({term})" if _UNPARTED.search(term) else rf"(?<!\w)({term})(?!\w)" for term, _ in terms)
    return re.compile("|".join(found)), [said for _, said in terms]


@lru_cache(maxsize=4_000)
def in_english(heading: str) -> str:
    """The heading with the terms of other languages in English; as it is where it holds none.

    `Eingabepreis (€/1 Mio. Token)` is `input price (€/1 million tokens)`, `入力価格` is `input price`.
    """
    pattern, in_words = _foreign()
    low = heading.casefold()
    said = pattern.sub(lambda found: f" {in_words[(found.lastindex or 1) - 1]} ", low)
    return heading if said == low else " ".join(_FILLER.sub("", _PER.sub("per ", said)).split())
